"""The rules of the PAS text, and the Bundle-wide faults, on changed official examples."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from openum.wire.fhir.checker import check
from openum.wire.fhir.checker_guide import echo
from openum.wire.fhir.checker_run import Issue
from openum.wire.fhir.tests.mutants import examples

Json = dict[str, Any]
EXAMPLES = examples()
REFERRAL = "Bundle-ReferralAuthorizationBundleExample.json"
ANSWER = "Bundle-ReferralAuthorizationResponseBundleExample.json"
UPDATE = "Bundle-HomecareAuthorizationUpdateBundleExample.json"
INQUIRY = "Bundle-PASClaimInquiryBundleExample.json"
PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"


def errors(resource: Json) -> list[Issue]:
    return [issue for issue in check(resource) if issue.severity == "error"]


def codes(resource: Json) -> set[str]:
    return {issue.code for issue in errors(resource)}


def altered(name: str, change: Callable[[Json], object]) -> Json:
    held = copy.deepcopy(EXAMPLES[name])
    change(held)
    return held


def first(bundle: Json) -> Json:
    return bundle["entry"][0]["resource"]


def entry_twice(bundle: Json, index: int, **members: Any) -> None:
    again = copy.deepcopy(bundle["entry"][index])
    bundle["entry"].append(again | members)


BUNDLE_FAULTS: list[tuple[str, str, Callable[[Json], object], str]] = [
    ("a second ClaimResponse", ANSWER, lambda b: entry_twice(b, 0, fullUrl="http://x.org/ClaimResponse/2"), "too-many"),
    ("no ClaimResponse", ANSWER, lambda b: b["entry"].pop(0), "missing"),
    ("a ClaimResponse that is not first", ANSWER, lambda b: b["entry"].reverse(), "invariant"),
    ("a Claim that is not first", REFERRAL, lambda b: b["entry"].reverse(), "invariant"),
    ("no Claim", REFERRAL, lambda b: b["entry"].pop(0), "missing"),
    (
        "three Claims",
        REFERRAL,
        lambda b: [entry_twice(b, 0, fullUrl=f"http://x.org/Claim/{n}") for n in "23"],
        "too-many",
    ),
    ("two Claims in an inquiry", INQUIRY, lambda b: entry_twice(b, 0, fullUrl="http://x.org/Claim/2"), "too-many"),
    ("no entries", REFERRAL, lambda b: b.update(entry=[]), "wrong-json"),
    ("no identifier", REFERRAL, lambda b: b.pop("identifier"), "missing"),
    ("no timestamp", ANSWER, lambda b: b.pop("timestamp"), "missing"),
    ("another Bundle type", REFERRAL, lambda b: b.update(type="searchset"), "wrong-pattern"),
    ("an entry without fullUrl", REFERRAL, lambda b: b["entry"][2].pop("fullUrl"), "missing"),
    ("an entry without resource", REFERRAL, lambda b: b["entry"][0].pop("resource"), "missing"),
    (
        "an entry with a request",
        REFERRAL,
        lambda b: b["entry"][0].update(request={"method": "GET", "url": "x"}),
        "forbidden",
    ),
    ("a resource twice", REFERRAL, lambda b: entry_twice(b, 3), "duplicate-entry"),
    (
        "a resource that is none",
        REFERRAL,
        lambda b: b["entry"][3]["resource"].update(resourceType="Foo"),
        "unknown-resource",
    ),
    ("a fullUrl that is no address", REFERRAL, lambda b: b["entry"][3].update(fullUrl="Patient/1"), "full-url"),
    (
        "a fullUrl of another id",
        REFERRAL,
        lambda b: b["entry"][3].update(fullUrl="http://x.org/Patient/other"),
        "full-url",
    ),
    ("a urn that is no GUID", REFERRAL, lambda b: b["entry"][3].update(fullUrl="urn:uuid:17"), "full-url"),
    (
        "two items under one number",
        REFERRAL,
        lambda b: first(b)["item"].append(first(b)["item"][0]),
        "duplicate-sequence",
    ),
    (
        "supporting information with one number",
        REFERRAL,
        lambda b: first(b)["supportingInfo"].append(first(b)["supportingInfo"][0]),
        "duplicate-sequence",
    ),
    (
        "a diagnosis nobody gave",
        REFERRAL,
        lambda b: first(b)["item"][0].update(diagnosisSequence=[9]),
        "unknown-sequence",
    ),
    ("an item answered twice", ANSWER, lambda b: first(b)["item"].append(first(b)["item"][0]), "duplicate-sequence"),
    ("a note nobody wrote", ANSWER, lambda b: first(b)["item"][0].update(noteNumber=[9]), "unknown-sequence"),
    ("a patient of another profile", REFERRAL, lambda b: unprofiled(b, "Patient").pop("name"), "wrong-target"),
]


def unprofiled(bundle: Json, type_name: str) -> Json:
    """The Patient as a bare resource: what it must meet is then only said by the reference to it."""
    held = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == type_name)
    held.pop("meta")
    return held


@pytest.mark.parametrize(("fault", "name", "change", "code"), BUNDLE_FAULTS, ids=[row[0] for row in BUNDLE_FAULTS])
def test_a_bundle_is_refused_for(fault: str, name: str, change: Callable[[Json], object], code: str) -> None:
    assert errors(EXAMPLES[name]) == []
    assert code in codes(altered(name, change)), fault


def test_a_target_without_a_claimed_profile_is_good_when_it_meets_the_one_the_reference_asks_for() -> None:
    assert errors(altered(REFERRAL, lambda b: unprofiled(b, "Patient"))) == []


def test_a_cancelled_item_says_so_in_its_certification_type() -> None:
    flag = {"url": f"{PAS}modifierextension-infoCancelled", "valueBoolean": True}

    def cancel(bundle: Json, code: str) -> None:
        item = first(bundle)["item"][0]
        item["modifierExtension"] = [flag]
        kinds = next(e for e in item["extension"] if e["url"].endswith("extension-certificationType"))
        kinds["valueCodeableConcept"]["coding"][0]["code"] = code

    assert "cancelled-item" in codes(altered(UPDATE, lambda b: cancel(b, "I")))
    assert "cancelled-item" not in codes(altered(UPDATE, lambda b: cancel(b, "3")))


def test_an_update_carries_the_claim_before_it_and_not_the_one_before_that() -> None:
    def nest(bundle: Json) -> None:
        entry_twice(bundle, 0, fullUrl="http://x.org/Claim/HomecareAuthorizationUpdateExample")
        prior = bundle["entry"][-1]["resource"]
        prior["related"][0]["claim"]["reference"] = bundle["entry"][1]["fullUrl"]

    assert codes(EXAMPLES[UPDATE]) == set()
    assert "grandparent-claim" in codes(altered(UPDATE, nest))


def test_a_modified_item_needs_an_added_item_with_its_number() -> None:
    def modify(bundle: Json) -> None:
        for adjudication in first(bundle)["item"][0]["adjudication"]:
            for extension in adjudication["extension"]:
                for part in extension.get("extension", ()):
                    if part["url"].endswith("reviewActionCode"):
                        part["valueCodeableConcept"]["coding"][0]["code"] = "A6"

    held = altered(ANSWER, modify)
    assert codes(held) == {"modified-without-add-item"}
    example = EXAMPLES["ClaimResponse-PractitionerRequestorAdditionalContentResponseExample.json"]
    assert errors(example) == []
    assert example["addItem"] != []


def test_the_guides_own_examples_break_its_quantity_rules_so_those_are_warnings() -> None:
    found = {
        name: sorted({i.code for i in check(resource) if i.severity == "warning"})
        for name, resource in EXAMPLES.items()
    }
    assert {name: codes for name, codes in found.items() if codes} == {
        "Bundle-PASSubscriptionNotification.json": ["quantity-without-unit"],
        "Bundle-ReferralAuthorizationBundleExample.json": ["wrong-code"],
        "Bundle-ReferralAuthorizationResponseBundleExample.json": ["quantity-without-unit"],
        "ClaimResponse-PractitionerRequestorAdditionalContentResponseExample.json": ["quantity-without-unit"],
        "ClaimResponse-PractitionerRequestorResponseExample.json": ["quantity-without-unit"],
        "ServiceRequest-ReferralRequestExample.json": ["wrong-code"],
    }


TIMINGS = [
    ({"repeat": {"count": 3}}, True),
    ({"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}, True),
    ({"repeat": {"frequency": 1}}, False),
    ({"code": {"text": "daily"}}, False),
    ({"extension": [{"url": f"{PAS}extension-timingcalendarpattern", "valueCodeableConcept": {"text": "x"}}]}, True),
]


@pytest.mark.parametrize(("timing", "good"), TIMINGS)
def test_a_timing_says_how_often(timing: Json, good: bool) -> None:
    request = EXAMPLES["ServiceRequest-ReferralRequestExample.json"] | {"occurrenceTiming": timing}
    assert ("timing-without-frequency" in codes(request)) is not good


REQUEST = EXAMPLES[REFERRAL]


def answered(**changes: Any) -> Json:
    items = [{"itemSequence": item["sequence"]} for item in first(REQUEST)["item"]]
    answer = {"resourceType": "ClaimResponse", "outcome": "complete", "item": items} | changes
    patient = next(e for e in REQUEST["entry"] if e["resource"]["resourceType"] == "Patient")
    rows = [{"fullUrl": "http://x.org/ClaimResponse/1", "resource": answer}, patient]
    return {"resourceType": "Bundle", "identifier": REQUEST["identifier"], "entry": rows}


def test_a_response_echoes_its_request() -> None:
    assert echo(REQUEST, answered()) == ()


def test_a_response_that_answers_another_set_of_items_is_no_echo_unless_it_is_an_error() -> None:
    assert [i.code for i in echo(REQUEST, answered(item=[]))] == ["wrong-echo"]
    assert [i.path for i in echo(REQUEST, answered(item=[{"itemSequence": 99}]))] == ["Bundle.entry[0].resource.item"]
    assert echo(REQUEST, answered(item=[], outcome="error")) == ()


def test_a_response_keeps_the_identifier_and_the_full_urls_of_its_request() -> None:
    other = answered() | {"identifier": {"value": "another"}}
    assert [i.path for i in echo(REQUEST, other)] == ["Bundle.identifier"]
    moved = copy.deepcopy(answered())
    moved["entry"][1]["fullUrl"] = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    assert [i.path for i in echo(REQUEST, moved)] == ["Bundle.entry[1].fullUrl"]
