"""A PAS request Bundle reads to one Request; what cannot be read is refused by its fault, with its place."""

import copy
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Identifier, MemberRef, PartyRef, Request
from openum.wire.fhir.checker import check, conforms
from openum.wire.fhir.pas_request import BUSINESS, read_request
from openum.wire.fhir.reading import digest_of
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.bundles import bundle, claim, concept, extension, item, resource_of

EXAMPLES = Path(__file__).with_name("examples")


def refused(made: Any, **options: int) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read_request(made, **options)
    return caught.value


def read(*items: Any, **more: Any) -> Request:
    return read_request(bundle(about=claim(*items, **more)))


def test_the_bundle_of_these_tests_conforms_and_is_closed() -> None:
    made = bundle(b.observation())
    assert conforms(check(made))
    assert closure(made).dangling == ()
    assert closure(made).unreachable == ()


def test_a_whole_request_reads_to_one_value() -> None:
    made = bundle(b.observation())
    physician = PartyRef(name="Ngozi Okafor", npi=b.PHYSICIAN_NPI, identifiers=(Identifier(b.NPI, b.PHYSICIAN_NPI),))
    found = read_request(made)
    assert replace(found, entries=(), lines=()) == Request(
        submission=Identifier("http://ehr.example.org/fhir/submissions", "SUBMISSION-1"),
        identifiers=(
            Identifier("urn:trnorg:9012345678", "EVENT-1"),
            Identifier("http://ehr.example.org/fhir/trace", "TRACE-1"),
        ),
        digest=digest_of(made),
        member=MemberRef(
            member_id="MBR-1001", family="Rivera", given="Ana Maria", birth_date=date(1951, 3, 11), gender="female"
        ),
        insurer=PartyRef(name="HARBOR HEALTH PLAN", npi=b.INSURER_NPI, identifiers=(Identifier(b.NPI, b.INSURER_NPI),)),
        requester=PartyRef(
            name="RIVERSIDE PULMONARY", npi=b.PRACTICE_NPI, identifiers=(Identifier(b.NPI, b.PRACTICE_NPI),)
        ),
        ordering=physician,
        created=datetime(2026, 3, 2, 15, tzinfo=UTC),
        created_date=date(2026, 3, 2),
        diagnoses=(Code("icd10cm", "J44.9"),),
    )
    (line,) = found.lines
    assert (line.sequence, line.code, line.quantity, line.unit) == (1, Code("hcpcs", "E1390"), 1.0, "month")
    assert (line.service_from, line.service_to, line.place) == (date(2026, 3, 10), None, "12")
    assert (line.category, line.request_type, line.certification) == ("18", "HS", "I")
    assert line.diagnoses == (Code("icd10cm", "J44.9"),)
    assert line.trace_numbers == (Identifier("http://ehr.example.org/fhir/trace", "TRACE-1"),)
    assert [(entry.kind, entry.source, entry.quote) for entry in found.entries] == [
        ("demographic", "Patient/pat-1", "age 74 on 2026-03-10"),
        ("demographic", "Patient/pat-1", "gender female"),
        ("condition", "Claim#diagnosis.1", "diagnosis J44.9"),
        ("observation", "Observation/o1", "SpO2 86 % on 2026-03-01"),
    ]


# ---- what is refused, and how --------------------------------------------------------------------------------------


def changed(path: str, value: Any) -> dict[str, Any]:
    """The good Bundle with one member set, or removed where the value is ``...``."""
    made = bundle()
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = made
    for step in steps:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return made


CLAIM = "entry.0.resource"
TURNED = {"url": "http://x.example.org/turns-it-around", "valueBoolean": True}
CANCELLED = extension("certificationType", valueCodeableConcept=concept(f"{b.X12}1322", "3"))
AFTER_ANOTHER = {
    "claim": {"reference": "Claim/claim-1"},
    "relationship": concept("http://terminology.hl7.org/CodeSystem/ex-relatedclaimrelationship", "prior"),
}
REFUSED = [
    ("resourceType", "Patient", "wrong-resource"),
    ("resourceType", ..., "wrong-resource"),
    ("type", "transaction", "wrong-bundle-type"),
    ("type", ..., "wrong-bundle-type"),
    ("entry", [], "empty-bundle"),
    ("entry", ..., "empty-bundle"),
    ("entry", "Claim", "empty-bundle"),
    ("entry.2", "Organization", "broken-entry"),
    ("entry.2.resource", ..., "broken-entry"),
    ("entry.2.resource.resourceType", ..., "broken-entry"),
    (CLAIM, {"resourceType": "Patient", "id": "x"}, "first-entry-not-claim"),
    (f"{CLAIM}.use", "claim", "not-a-preauthorization"),
    (f"{CLAIM}.use", ..., "not-a-preauthorization"),
    (f"{CLAIM}.item", [], "no-lines"),
    (f"{CLAIM}.item", ..., "no-lines"),
    (f"{CLAIM}.item", "E1390", "malformed-claim"),
    (f"{CLAIM}.item.0", 1, "malformed-claim"),
    (f"{CLAIM}.item.0.sequence", "one", "malformed-claim"),
    (f"{CLAIM}.item.0.sequence", ..., "malformed-claim"),
    (f"{CLAIM}.item.0.sequence", 0, "malformed-claim"),
    (f"{CLAIM}.item.0.quantity", {"value": "five"}, "malformed-claim"),
    (f"{CLAIM}.item.0.quantity", {"value": 0}, "quantity-not-positive"),
    (f"{CLAIM}.item.0.quantity", {"value": -2}, "quantity-not-positive"),
    (f"{CLAIM}.item.0.productOrService", {"text": "an oxygen concentrator"}, "no-code"),
    (f"{CLAIM}.item.0.productOrService", ..., "malformed-claim"),
    (f"{CLAIM}.item.0.productOrService.coding.0.code", "E" * 41, "code-too-long"),
    (f"{CLAIM}.item.0.servicedDate", "2026-03", "partial-service-date"),
    (f"{CLAIM}.item.0.servicedDate", "2026-02-30", "malformed-claim"),
    (f"{CLAIM}.item.0.servicedDate", "soon", "malformed-claim"),
    (f"{CLAIM}.patient", ..., "malformed-claim"),
    (f"{CLAIM}.patient", {"reference": "Patient/nobody"}, "dangling-reference"),
    (f"{CLAIM}.patient", {"reference": "Organization/practice"}, "patient-not-a-patient"),
    (f"{CLAIM}.insurer", {"reference": "Organization/nobody"}, "dangling-reference"),
    (f"{CLAIM}.insurance.0.coverage", {"reference": "urn:uuid:none"}, "dangling-reference"),
    (f"{CLAIM}.modifierExtension", [TURNED], "malformed-claim"),
    (f"{CLAIM}.related", [AFTER_ANOTHER], "update-not-taken"),
    (f"{CLAIM}.extension", [CANCELLED], "cancel-not-taken"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "code"), REFUSED, ids=[f"{code}:{path}" for path, _, code in REFUSED])
def test_a_faulty_bundle_is_refused_by_its_fault(path: str, value: Any, code: str) -> None:
    found = refused(changed(path, value))
    assert found.code == code
    assert found.where == "resourceType" or found.where.startswith("Bundle")
    assert found.next


def test_two_resources_under_one_full_url_are_refused_when_nothing_points_to_them() -> None:
    made = bundle(b.observation())
    extra = b.entry({"resourceType": "Observation", "id": "x", "status": "final", "code": {"text": "x"}})
    made["entry"] += [extra, copy.deepcopy(extra)]
    assert refused(made).code == "duplicate-entry"


def test_a_reference_that_two_entries_answer_is_refused_as_one_that_none_answers() -> None:
    made = bundle()
    made["entry"].append(copy.deepcopy(made["entry"][3]))
    assert refused(made).code == "dangling-reference"


def test_two_items_of_one_number_are_refused() -> None:
    found = refused(bundle(about=claim(item(1), item(1, "E0431"))))
    assert (found.code, found.where) == ("duplicate-sequence", "Bundle.entry[0].resource.item[1].sequence")


def test_a_flood_of_entries_or_rows_is_refused_and_costs_no_time() -> None:
    flood = [b.entry({"resourceType": "Basic", "id": "x", "n": n}) for n in range(5000)]
    for number, row in enumerate(flood):
        row["fullUrl"] = f"http://ehr.example.org/fhir/{number}/Basic/x"
    made = bundle()
    made["entry"] += flood
    assert refused(made).code == "too-many-entries"
    made["entry"] = made["entry"][:5000]
    assert len(read_request(made).lines) == 1
    team = [{"sequence": n, "provider": {"reference": "#x"}} for n in range(2001)]
    assert refused(bundle(about=claim(careTeam=team))).code == "too-many-rows"


def test_three_thousand_lines_are_refused_and_a_thousand_are_read() -> None:
    assert refused(bundle(about=claim(*(item(n) for n in range(1, 3001))))).code == "too-many-lines"
    assert refused(bundle(about=claim(item(1), item(2))), most_lines=1).code == "too-many-lines"
    assert len(read(*(item(n) for n in range(1, 1001))).lines) == 1000


def test_a_service_that_ends_before_it_begins_is_refused() -> None:
    backwards = item(servicedPeriod={"start": "2026-03-10", "end": "2026-03-09"})
    del backwards["servicedDate"]
    assert refused(bundle(about=claim(backwards))).code == "ends-before-it-begins"


def test_a_range_of_codes_is_not_judged_as_its_first_code() -> None:
    ranged = item(extensions=[extension("productOrServiceCodeEnd", valueCodeableConcept=concept(b.HCPCS, "E1392"))])
    assert refused(bundle(about=claim(ranged))).code == "code-range"


@pytest.mark.parametrize(
    ("certification", "code"),
    [("1", "appeal-not-taken"), ("2", "appeal-not-taken"), ("N", "appeal-not-taken"), ("3", "cancel-not-taken"),
     ("S", "update-not-taken")],
)  # fmt: skip
def test_what_is_no_new_request_is_not_read_as_one(certification: str, code: str) -> None:
    found = refused(bundle(about=claim(item(certification=certification))))
    assert found.code == code
    assert found.code in BUSINESS


def test_a_broken_document_is_refused_with_its_place() -> None:
    document = {
        "resourceType": "DocumentReference", "id": "d1", "status": "current", "type": {"text": "report"},
        "subject": {"reference": "Patient/pat-1"},
        "content": [{"attachment": {"contentType": "text/plain", "data": "no base64!"}}],
    }  # fmt: skip
    found = refused(bundle(document))
    assert found.code == "attachment-not-base64"
    assert found.where == "Bundle.entry[7].resource.content[0].attachment.data"


# ---- an element that may be left out is never a reason to refuse (conf-14) -------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "id", "meta", "identifier", "timestamp", "entry.0.resource.id", "entry.0.resource.meta",
        "entry.0.resource.identifier", "entry.0.resource.insurer", "entry.0.resource.careTeam",
        "entry.0.resource.diagnosis", "entry.0.resource.item.0.extension", "entry.0.resource.item.0.category",
        "entry.0.resource.item.0.servicedDate", "entry.0.resource.item.0.locationCodeableConcept",
        "entry.0.resource.item.0.quantity", "entry.0.resource.item.0.diagnosisSequence", "entry.1.resource.identifier",
        "entry.3.resource.identifier", "entry.3.resource.name", "entry.3.resource.birthDate", "entry.3.resource.gender",
        "entry.4.resource.identifier", "entry.4.resource.subscriberId",
    ],
)  # fmt: skip
def test_an_element_left_out_is_read_as_not_said(path: str) -> None:
    assert len(read_request(changed(path, ...)).lines) == 1


def test_what_is_not_said_is_not_made_up() -> None:
    bare = item()
    for name in ("extension", "category", "servicedDate", "locationCodeableConcept", "quantity", "diagnosisSequence"):
        del bare[name]
    (line,) = read(bare, careTeam=[]).lines
    assert (line.quantity, line.unit, line.service_from, line.service_to) == (None, "", None, None)
    assert (line.place, line.category, line.request_type, line.performer) == ("", "", "", None)
    assert line.diagnoses == ()


# ---- who -------------------------------------------------------------------------------------------------------


def test_the_member_number_is_looked_for_where_senders_put_it() -> None:
    typed = bundle()
    assert read_request(typed).member.member_id == "MBR-1001"
    by_coverage = bundle()
    patient = resource_of(by_coverage, "Patient")
    patient["identifier"][0]["type"] = concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR")
    assert read_request(by_coverage).member.member_id == "MBR-1001"
    resource_of(by_coverage, "Coverage")["identifier"][0].pop("value")
    resource_of(by_coverage, "Coverage")["subscriberId"] = "SUB-9"
    assert read_request(by_coverage).member.member_id == "SUB-9"
    patient["identifier"].append({"system": "http://harbor.example.org/members", "value": "UNTYPED-1"})
    assert read_request(by_coverage).member.member_id == "UNTYPED-1"
    nobody = bundle()
    del resource_of(nobody, "Patient")["identifier"]
    del resource_of(nobody, "Coverage")["identifier"]
    del resource_of(nobody, "Coverage")["subscriberId"]
    assert read_request(nobody).member.member_id == ""


def test_a_requester_is_the_organization_of_a_role_and_the_role_names_who_orders() -> None:
    found = read(provider={"reference": "PractitionerRole/role-1"}, careTeam=[])
    assert found.requester.npi == b.PRACTICE_NPI
    assert found.ordering is not None
    assert found.ordering.npi == b.PHYSICIAN_NPI


def test_a_reference_by_identifier_alone_is_read_for_what_it_says() -> None:
    found = read(insurer={"identifier": {"system": b.NPI, "value": b.INSURER_NPI}, "display": "Harbor"})
    assert found.insurer == PartyRef(name="Harbor", npi=b.INSURER_NPI, identifiers=(Identifier(b.NPI, b.INSURER_NPI),))


def test_a_partial_birth_date_is_not_rounded() -> None:
    found = read_request(changed("entry.3.resource.birthDate", "1951-03"))
    assert found.member.birth_date is None
    assert [entry.link for entry in found.entries if entry.kind == "demographic"] == ["sex"]


# ---- what does not stop a request ------------------------------------------------------------------------------


def test_a_deeper_dangling_reference_and_an_unused_entry_are_warnings() -> None:
    made = bundle()
    resource_of(made, "PractitionerRole")["location"] = [{"reference": "Location/nowhere"}]
    made["entry"].append(b.entry(b.observation("unused")))
    assert read_request(made).warnings == (
        "Bundle.entry[5].resource.location[0] refers to something the Bundle does not hold.",
        "Nothing leads from the Claim to Bundle.entry[7].",
    )


def test_an_unknown_element_and_an_unknown_extension_are_ignored() -> None:
    found = read(item(colour="blue"), extension=[{"url": "http://x.example.org/more", "valueString": "x"}])
    assert len(found.lines) == 1
    assert found.warnings == ()


def test_another_code_on_the_order_than_on_the_item_is_warned_of_and_not_taken() -> None:
    order = {
        "resourceType": "DeviceRequest", "id": "order-1", "status": "active", "intent": "order",
        "codeCodeableConcept": concept(b.HCPCS, "E0431"), "subject": {"reference": "Patient/pat-1"},
    }  # fmt: skip
    asked = item(extensions=[extension("requestedService", valueReference={"reference": "DeviceRequest/order-1"})])
    made = bundle(about=claim(asked))
    made["entry"].append(b.entry(order))
    found = read_request(made)
    assert found.lines[0].code == Code("hcpcs", "E1390")
    assert found.lines[0].also == ()
    assert found.warnings == (
        "Bundle.entry[0].resource.item[0] asks for another code than the order it names; the item's code was taken.",
    )


def test_a_message_of_the_sender_is_kept_as_a_document() -> None:
    message = {
        "sequence": 7, "valueString": "Please call before deciding.",
        "category": concept("http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", "freeFormMessage"),
    }  # fmt: skip
    (found,) = read(supportingInfo=[message]).attachments
    assert (found.title, found.content_type, found.data) == (
        "Message from the requester", "text/plain", b"Please call before deciding.",
    )  # fmt: skip
    assert found.source == "Claim#supportingInfo.7"


# ---- the published examples --------------------------------------------------------------------------------------

PUBLISHED = {
    "Bundle-HomecareAuthorizationBundleExample.json": ["G0154", "B4184"],
    "Bundle-HomecareAuthorizationUpdateBundleExample.json": "cancel-not-taken",
    "Bundle-MedicalServicesAuthorizationBundleExample.json": ["99212"],
    "Bundle-PASClaimInquiryBundleExample.json": "code-range",
    "Bundle-PASSubscriptionNotification.json": "wrong-bundle-type",
    "Bundle-ReferralAuthorizationBundleExample.json": ["3"],
    "Bundle-SurgicalRequestBundleExample.json": ["33510"],
    "Bundle-ReferralAuthorizationResponseBundleExample.json": "first-entry-not-claim",
    "Claim-HomecareAuthorizationExample.json": "wrong-resource",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_example_is_read_or_refused_clearly(name: str) -> None:
    made, expected = json.loads((EXAMPLES / name).read_text()), PUBLISHED[name]
    if isinstance(expected, str):
        assert refused(made).code == expected
    else:
        found = read_request(made)
        assert [line.code.value for line in found.lines] == expected
        assert found.member == MemberRef(member_id="12345678901", family="SMITH", given="JOE", gender="male")


def test_the_document_of_the_referral_example_is_decoded() -> None:
    found = read_request(json.loads((EXAMPLES / "Bundle-ReferralAuthorizationBundleExample.json").read_text()))
    (document,) = found.attachments
    assert (document.content_type, document.data) == ("text/plain", b"This is sample base64 encoding.")
    assert document.codes == (Code("loinc", "11505-5"),)
    assert (found.priority, found.lines[0].quantity, found.lines[0].unit) == ("expedited", 1.0, "visit")
