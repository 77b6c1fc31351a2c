"""Invariants written in Python say what their FHIRPath expressions say; the rest runs in fhirpathpy."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from openum.wire.fhir import profiles
from openum.wire.fhir.checker import check
from openum.wire.fhir.checker_elements import profile_check
from openum.wire.fhir.checker_run import Run, first_scope
from openum.wire.fhir.checker_slices import CannotTellApart, sorter
from openum.wire.fhir.invariants import CODED, rule_check
from openum.wire.fhir.invariants_fhirpath import SLICE, evaluate
from openum.wire.fhir.invariants_guides import luhn
from openum.wire.fhir.profiles import Constraint, Element, Slicing
from openum.wire.fhir.tests.mutants import Json, separate_resources, spots, without_optional

PAIRS = [(key, text) for key, text, _ in profiles.compiled()["constraints"]]
STATED = {text for _, text in PAIRS}

# Where Python deliberately differs from evaluating the text, and why.
DIFFERENT = {
    "dom-3": "the text asks descendants() of every contained resource: minutes; the same is told from the strings used",
    "ref-1": "fhirpathpy has no %rootResource for a Reference that was cut out of its resource",
    "txt-1": "htmlChecks() is not FHIRPath; fhirpathpy is given a function that always agrees",
    "txt-2": "as txt-1",
    "ImmediateLevelOfCare": "published with value.code, which a CodeableConcept does not have; kept as published",
    "us-core-17": "substring(n,1) of a number that is not ten digits long raises; us-core-16 reports that number",
    "crd-ci-q7": "memberOf() on a set the packages do not enumerate is unknown, which is no fault",
    "ext-1": "the same on 400 extensions of an example; compared in CASES",
}


def test_every_hand_written_invariant_is_one_that_the_compiled_profiles_state() -> None:
    assert set(CODED) - STATED == set()
    assert (len(CODED), len(STATED - set(CODED))) == (106, 88)


def at_types(resource: Json) -> Iterator[tuple[Element, Any]]:
    """Every (element, value) of a resource whose element or datatype states an invariant."""
    claimed = [p for p in resource.get("meta", {}).get("profile", ()) if profiles.stored(p)]
    root = profiles.profile(claimed[0]) if claimed else profiles.core(resource["resourceType"])
    assert root is not None
    yield root.root, resource
    for spot in spots(resource):
        owner: Any = resource
        for step in spot.owner:
            owner = owner[step]
        held = owner[spot.key]
        core = profiles.core(spot.kind.code) if spot.kind and spot.kind.code[:1].isupper() else None
        for value in held if isinstance(held, list) else [held]:
            yield spot.element, value
            if core is not None:
                yield core.root, value


def compared(resource: Json) -> Iterator[tuple[str, bool, bool]]:
    """(key, what Python says, what fhirpathpy says) for each hand-written invariant at each of its places."""
    run = Run(True, first_scope(resource), profile_check)
    for element, value in at_types(resource):
        for constraint in element.constraints:
            if constraint.expression in CODED and constraint.key not in DIFFERENT and isinstance(value, dict):
                told = evaluate(constraint.expression, value, run, SLICE.sub("", element.path))
                if told is not None:
                    yield constraint.key, CODED[constraint.expression](value, run), told


def test_python_and_fhirpath_agree_on_every_example_and_on_copies_with_an_element_dropped() -> None:
    held: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for resource in separate_resources().values():
        if resource["resourceType"] == "Bundle":
            continue
        dropped = [mutant.resource for mutant in without_optional(resource)]
        for held_one in (resource, *dropped[::3]):
            for key, ours, theirs in compared(held_one):
                assert ours is theirs, key
                held[key] += 1
                broken[key] += not ours
    assert len(held) == 20
    assert sum(held.values()) == 2537
    assert sum(broken.values()) == 10


# What fhirpathpy cannot evaluate: Quantities by <=, and ``or`` of values that are not booleans (US Core 3.1.1).
CANNOT = {"rng-2", "pd-1", "us-core-13"}

# Each hand-written invariant broken once, and the nearest value that keeps it.
CASES: list[tuple[str, str, Json, Json]] = [
    ("ext-1", "Extension", {"url": "http://x.org"}, {"url": "http://x.org", "valueString": "x"}),
    ("qty-3", "Quantity", {"code": "d", "value": 1}, {"code": "d", "system": "http://unitsofmeasure.org"}),
    ("att-1", "Attachment", {"data": "QUJD"}, {"data": "QUJD", "contentType": "text/plain"}),
    ("cpt-2", "ContactPoint", {"value": "1"}, {"value": "1", "system": "phone"}),
    ("per-1", "Period", {"start": "2026-03-02", "end": "2026-03-01"}, {"start": "2026-03-01", "end": "2026-03-01"}),
    ("rng-2", "Range", {"low": {"value": 2}, "high": {"value": 1}}, {"low": {"value": 1}, "high": {"value": 1}}),
    ("rat-1", "Ratio", {"numerator": {"value": 1}}, {"numerator": {"value": 1}, "denominator": {"value": 2}}),
    ("tim-1", "Timing.repeat", {"duration": 1}, {"duration": 1, "durationUnit": "h"}),
    ("tim-2", "Timing.repeat", {"period": 1}, {"period": 1, "periodUnit": "d"}),
    ("tim-4", "Timing.repeat", {"duration": -1, "durationUnit": "h"}, {"duration": 0, "durationUnit": "h"}),
    ("tim-5", "Timing.repeat", {"period": -1, "periodUnit": "d"}, {"period": 0, "periodUnit": "d"}),
    ("tim-6", "Timing.repeat", {"periodMax": 2}, {"period": 1, "periodMax": 2}),
    ("tim-7", "Timing.repeat", {"durationMax": 2}, {"duration": 1, "durationMax": 2}),
    ("tim-8", "Timing.repeat", {"countMax": 2}, {"count": 1, "countMax": 2}),
    ("tim-9", "Timing.repeat", {"offset": 1, "when": ["C"]}, {"offset": 1, "when": ["HS"]}),
    ("tim-10", "Timing.repeat", {"timeOfDay": ["10:00:00"], "when": ["HS"]}, {"when": ["HS"]}),
    ("inv-1", "Task", {"authoredOn": "2026-03-02", "lastModified": "2026-03-01"}, {"authoredOn": "2026-03-01"}),
    ("bdl-5", "Bundle.entry", {"fullUrl": "http://x.org/Patient/1"}, {"resource": {"resourceType": "Patient"}}),
    ("obs-6", "Observation", {"dataAbsentReason": {"text": "x"}, "valueString": "y"}, {"valueString": "y"}),
    ("obs-3", "Observation.referenceRange", {"type": {"text": "x"}}, {"text": "x"}),
    ("org-1", "Organization", {"active": True}, {"name": "x"}),
    ("org-2", "Organization.address", {"use": "home"}, {"use": "work"}),
    ("pat-1", "Patient.contact", {"gender": "male"}, {"name": {"text": "x"}}),
    (
        "prr-1",
        "ServiceRequest",
        {"orderDetail": [{"text": "x"}]},
        {"orderDetail": [{"text": "x"}], "code": {"text": "y"}},
    ),
    ("pd-1", "PractitionerRole", {"active": True}, {"telecom": [{"value": "1"}]}),
    ("us-core-13", "PractitionerRole", {"active": True}, {"location": [{"display": "x"}]}),
    ("us-core-15", "Coverage", {"status": "active"}, {"subscriberId": "1"}),
    ("us-core-16", "Organization.identifier", {"value": "123"}, {"value": "1234567893"}),
    ("us-core-18", "Organization.identifier", {"value": "1"}, {"value": "11D1111111"}),
    ("us-core-19", "Organization.identifier", {"value": "1"}, {"value": "12345"}),
    ("us-core-21", "MedicationRequest", {"intent": "order"}, {"intent": "order", "requester": {"display": "x"}}),
    ("us-core-6", "Patient.name", {"text": "x"}, {"family": "x"}),
    ("IdentifierUnlessVO", "CommunicationRequest", {"status": "active"}, {"identifier": [{"value": "1"}]}),
    ("self-beneficiary", "Coverage", {"status": "active"}, {"relationship": {"coding": [{"code": "18"}]}}),
    ("AttachmentNeeded", "Task", {"code": {"coding": [{"code": "attachment-request-code"}]}}, {"code": {"text": "x"}}),
    (
        "QuestionnaireContext",
        "Task",
        {"code": {"coding": [{"code": "attachment-request-questionnaire"}]}},
        {"input": []},
    ),
    ("con-1", "Condition.stage", {"type": {"text": "x"}}, {"summary": {"text": "x"}}),
    ("con-2", "Condition.evidence", {"id": "x"}, {"code": [{"text": "x"}]}),
    (
        "qrs-1",
        "QuestionnaireResponse.item",
        {"answer": [{"valueString": "x"}], "item": [{"linkId": "1"}]},
        {"answer": [{"valueString": "x"}]},
    ),
    ("imm-1", "Immunization.education", {"publicationDate": "2026-01-01"}, {"reference": "http://x.org"}),
    (
        "cpl-3",
        "CarePlan.activity",
        {"detail": {"status": "active"}, "reference": {"display": "x"}},
        {"reference": {"display": "x"}},
    ),
    ("exp-1", "Expression", {"language": "text/cql"}, {"expression": "x", "language": "text/cql"}),
    (
        "us-core-20",
        "MedicationDispense",
        {"status": "completed"},
        {"status": "completed", "whenHandedOver": "2026-01-01"},
    ),
    ("us-core-7", "Procedure", {"status": "completed"}, {"status": "completed", "performedDateTime": "2026-01-01"}),
    ("us-core-14", "RelatedPerson", {"active": True}, {"name": [{"text": "x"}]}),
    (
        "us-core-22",
        "Observation.referenceRange",
        {"low": {"value": 1, "system": "http://x.org"}},
        {"low": {"value": 1}},
    ),
]


@pytest.mark.parametrize(("key", "base", "bad", "good"), CASES, ids=[row[0] for row in CASES])
def test_an_invariant_is_broken_by_the_bad_value_and_kept_by_the_good_one_in_both_languages(
    key: str, base: str, bad: Json, good: Json
) -> None:
    expressions = [text for name, text in PAIRS if name == key and text in CODED]
    told = {
        text: tuple(
            (CODED[text](value, run), evaluate(text, value, run, base))
            for value, run in ((v, Run(True, first_scope(v), profile_check)) for v in (bad, good))
        )
        for text in expressions
    }
    assert (False, True) in [tuple(python for python, _ in pairs) for pairs in told.values()]
    if key not in CANNOT:
        assert [pair for pairs in told.values() for pair in pairs if pair[0] is not pair[1]] == []


def test_an_npi_is_checked_by_its_luhn_digit() -> None:
    assert luhn("1234567893")
    assert [n for n in range(10) if luhn(f"123456789{n}")] == [3]


def test_a_narrative_is_one_xhtml_div_with_text_and_without_script() -> None:
    def narrated(div: str) -> list[str]:
        patient = {"resourceType": "Patient", "text": {"status": "generated", "div": div}}
        return [issue.path for issue in check(patient)]

    xmlns = 'xmlns="http://www.w3.org/1999/xhtml"'
    assert narrated(f"<div {xmlns}><p>text</p></div>") == []
    for bad in ("<div>text</div>", f"<div {xmlns}> </div>", f"<div {xmlns}><script>x</script></div>"):
        assert set(narrated(bad)) == {"Patient.text.div"}
    assert set(narrated(f'<div {xmlns}><p onclick="x">x</p></div>')) == {"Patient.text.div"}


def test_a_contained_resource_is_used_and_a_local_reference_finds_it() -> None:
    def patient(reference: str, **held: Any) -> list[str]:
        contained = {"resourceType": "Organization", "id": "org", "name": "x"} | held
        resource = {
            "resourceType": "Patient",
            "contained": [contained],
            "managingOrganization": {"reference": reference},
        }
        return [issue.message.rpartition("(")[2][:-1] for issue in check(resource)]

    assert patient("#org") == []
    assert patient("#other") == ["ref-1", "dom-3"]
    assert patient("Organization/1") == ["dom-3"]
    assert patient("#org", meta={"versionId": "1"}) == ["dom-4"]
    assert patient("#org", meta={"security": [{"code": "R"}]}) == ["dom-5"]


def test_an_invariant_without_python_is_evaluated_by_fhirpathpy_and_its_trace_is_silent(
    capsys: pytest.CaptureFixture[str],
) -> None:
    item = {"linkId": "1", "type": "group"}
    asked = {"resourceType": "Questionnaire", "status": "active", "item": [item]}
    assert [i.message.rpartition("(")[2] for i in check(asked)] == ["que-1)"]
    filled = asked | {"item": [item | {"item": [{"linkId": "2", "type": "string"}]}]}
    assert check(filled) == ()
    assert [i.message.rpartition("(")[2] for i in check(filled | {"item": [item | {"item": [item]}]})] != []
    assert capsys.readouterr().out == ""


def test_without_invariants_only_the_snapshot_is_checked() -> None:
    patient = {"resourceType": "Patient", "contact": [{"gender": "male"}]}
    assert [i.code for i in check(patient)] == ["invariant"]
    assert check(patient, invariants=False) == ()


def test_an_invariant_that_resolves_a_reference_looks_into_the_bundle() -> None:
    def careteam(member: str) -> list[str]:
        participant = {"member": {"reference": member}, "onBehalfOf": {"reference": "Organization/o"}}
        resources = [
            {"resourceType": "CareTeam", "id": "t", "participant": [participant]},
            {"resourceType": "Organization", "id": "o", "name": "x"},
            {"resourceType": "Practitioner", "id": "p"},
        ]
        entries = [{"fullUrl": f"http://x.org/{r['resourceType']}/{r['id']}", "resource": r} for r in resources]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        return [i.message.rpartition("(")[2][:-1] for i in check(bundle)]

    assert careteam("Practitioner/p") == []
    assert careteam("Organization/o") == ["ctm-1"]
    assert careteam("Practitioner/absent") == []


def test_an_expression_that_fhirpathpy_cannot_evaluate_is_unknown_and_said_so() -> None:
    run = Run(True, first_scope({}), profile_check)
    assert evaluate("low <= high", {"low": {"a": 1}, "high": {"a": 2}}, run, "Range") is None
    assert evaluate("code.memberOf('http://example.org/none')", {"code": "x"}, run, "Coding") is True
    gender = "gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1')"
    assert evaluate(gender, {"gender": "f"}, run, "Patient") is False
    report = rule_check((Constraint("x-1", "low <= high", "Never."),), "Range")
    assert report is not None
    report({"low": {"a": 1}, "high": {"a": 2}}, (None, "Range", -1), run)
    assert [(i.severity, i.code) for i in run.issues] == [("information", "not-evaluated")]


def test_a_slicing_by_an_unknown_discriminator_is_not_silently_left_out() -> None:
    piece = Element("Claim.item:a", "item")
    for kind, path in (("exists", "category"), ("value", "category"), ("type", "category")):
        sliced = Element("Claim.item", "item", slicing=Slicing(False, ((kind, path),)), slices={"a": piece})
        with pytest.raises(CannotTellApart):
            sorter(sliced)
    with pytest.raises(CannotTellApart):
        sorter(Element("Claim.item", "item", slices={"a": piece}))
