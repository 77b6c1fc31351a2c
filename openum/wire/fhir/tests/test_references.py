"""Closure of Bundles under their references."""

import copy
import json
from typing import Any

from openum.wire.fhir.checker import closure_issues
from openum.wire.fhir.references import Closure, Dangling, closure
from openum.wire.fhir.tests.mutants import examples

EXAMPLES = examples()
BUNDLES = {name: bundle for name, bundle in EXAMPLES.items() if name.startswith("Bundle-")}

# Seven of the twelve official example Bundles are not closed. From the first entry itself: three references.
DANGLING = {
    "Bundle-ErrorResponseBundleExample.json": [
        "entry[4].resource.careTeam[0].provider",
        "entry[4].resource.supportingInfo[0].valueReference",
        "entry[4].resource.insurance[0].coverage",
        "entry[4].resource.item[0].extension[5].valueReference",
    ],
    "Bundle-PASClaimInquiryResponseBundleExample.json": [
        "entry[5].resource.careTeam[0].provider",
        "entry[5].resource.supportingInfo[0].valueReference",
        "entry[5].resource.item[0].extension[5].valueReference",
    ],
    "Bundle-PASSubscriptionNotification.json": [
        "entry[0].resource.parameter[0].valueReference",
        "entry[1].resource.entry[0].resource.requestor",
    ],
    "Bundle-ReferralAuthorizationResponseBundleExample.json": ["entry[0].resource.requestor"],
    "Bundle-ReferralPendingAuthorizationResponseBundleExample.json": ["entry[0].resource.requestor"],
    "Bundle-RejectionResponseBundleExample.json": [
        "entry[4].resource.careTeam[0].provider",
        "entry[4].resource.supportingInfo[0].valueReference",
        "entry[4].resource.insurance[0].coverage",
        "entry[4].resource.item[0].extension[5].valueReference",
    ],
    "Bundle-SurgicalRequestBundleExample.json": [
        "entry[6].resource.practitioner",
        "entry[6].resource.location[0]",
    ],
}


def test_seven_of_the_twelve_official_example_bundles_dangle_at_these_places() -> None:
    found = {name: [d.from_path.removeprefix("Bundle.") for d in closure(b).dangling] for name, b in BUNDLES.items()}
    assert len(BUNDLES) == 12
    assert {name: paths for name, paths in found.items() if paths} == DANGLING


def test_no_official_bundle_holds_a_resource_twice_and_three_hold_one_nothing_refers_to() -> None:
    assert [name for name, bundle in BUNDLES.items() if closure(bundle).duplicates] == []
    unreachable = {name: closure(b).unreachable for name, b in BUNDLES.items() if closure(b).unreachable}
    assert unreachable == {
        "Bundle-ReferralAuthorizationResponseBundleExample.json": ("Bundle.entry[1]",),
        "Bundle-ReferralPendingAuthorizationResponseBundleExample.json": ("Bundle.entry[1]", "Bundle.entry[4]"),
        "Bundle-SurgicalRequestBundleExample.json": ("Bundle.entry[7]", "Bundle.entry[8]"),
    }


def test_a_closed_bundle_has_nothing_to_report() -> None:
    assert closure(BUNDLES["Bundle-ReferralAuthorizationBundleExample.json"]) == Closure((), (), ())
    assert closure_issues(Closure((), (), ())) == ()


def bundle(*entries: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"fullUrl": url, "resource": r} for url, r in entries]}


def claim(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Claim", "id": "c", **members}


BASE = "http://ehr.example.org/fhir"
PATIENT = {"resourceType": "Patient", "id": "p"}


def test_a_relative_reference_is_read_against_the_base_of_its_own_entry() -> None:
    near = (f"{BASE}/Claim/c", claim(patient={"reference": "Patient/p"}))
    assert closure(bundle(near, (f"{BASE}/Patient/p", PATIENT))).dangling == ()
    elsewhere = closure(bundle(near, ("http://other.example.org/Patient/p", PATIENT)))
    assert elsewhere.dangling == (Dangling("Bundle.entry[0].resource.patient", "Patient/p", True),)
    assert elsewhere.unreachable == ("Bundle.entry[1]",)


def test_a_urn_resolves_exactly_and_a_relative_reference_under_a_urn_does_not() -> None:
    urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    by_urn = bundle(
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", claim(patient={"reference": urn})), (urn, PATIENT)
    )
    assert closure(by_urn).dangling == ()
    by_urn["entry"][0]["resource"]["patient"]["reference"] = "Patient/p"
    assert [d.from_path for d in closure(by_urn).dangling] == ["Bundle.entry[0].resource.patient"]


def test_a_versioned_reference_resolves_and_a_contained_one_stays_inside() -> None:
    held = claim(
        patient={"reference": f"{BASE}/Patient/p/_history/2"},
        provider={"reference": "#org"},
        insurer={"reference": "#none"},
        contained=[{"resourceType": "Organization", "id": "org"}],
    )
    found = closure(bundle((f"{BASE}/Claim/c", held), (f"{BASE}/Patient/p", PATIENT)))
    assert [d.from_path for d in found.dangling] == ["Bundle.entry[0].resource.insurer"]


def test_a_target_that_stands_twice_is_a_duplicate_and_does_not_resolve() -> None:
    twice = bundle(
        (f"{BASE}/Claim/c", claim(patient={"reference": "Patient/p"})),
        (f"{BASE}/Patient/p", PATIENT),
        (f"{BASE}/Patient/p", PATIENT | {"gender": "male"}),
        ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", PATIENT),
    )
    found = closure(twice)
    assert found.duplicates == ("Bundle.entry[2]", "Bundle.entry[3]")
    assert [d.from_path for d in found.dangling] == ["Bundle.entry[0].resource.patient"]


def test_a_response_may_leave_out_the_claim_it_answers_and_nothing_else() -> None:
    answer = {
        "resourceType": "ClaimResponse",
        "request": {"reference": "Claim/c"},
        "insurer": {"reference": "Organization/o"},
    }
    found = closure(bundle((f"{BASE}/ClaimResponse/r", answer)))
    assert found.dangling == (Dangling("Bundle.entry[0].resource.insurer", "Organization/o", True),)


def test_the_claims_own_dangling_reference_is_an_error_and_a_deeper_one_a_warning() -> None:
    coverage = {"resourceType": "Coverage", "id": "v", "payor": [{"reference": "Organization/none"}]}
    held = claim(insurance=[{"coverage": {"reference": "Coverage/v"}}], insurer={"reference": "Organization/none"})
    issues = closure_issues(closure(bundle((f"{BASE}/Claim/c", held), (f"{BASE}/Coverage/v", coverage))))
    assert [(i.severity, i.code, i.path) for i in issues] == [
        ("error", "dangling", "Bundle.entry[0].resource.insurer"),
        ("warning", "dangling", "Bundle.entry[1].resource.payor[0]"),
    ]
    assert "Organization/none" not in str(issues)


def test_a_removed_entry_of_a_closed_example_is_missed_exactly_where_it_was_referred_to() -> None:
    whole = BUNDLES["Bundle-ReferralAuthorizationBundleExample.json"]
    for index in range(1, len(whole["entry"])):
        cut = copy.deepcopy(whole)
        gone = cut["entry"].pop(index)["fullUrl"]
        dangling = closure(cut).dangling
        name = "/".join(gone.split("/")[-2:])
        assert dangling != ()
        assert {d.reference for d in dangling} == {name}
        assert json.dumps(cut).count(f'"reference": "{name}"') == len(dangling)


def test_anything_that_claims_to_be_a_bundle_is_answered() -> None:
    for entry in (None, 7, [], [None], [{"fullUrl": 7, "resource": []}], [{"resource": {"contained": 3}}]):
        assert closure({"resourceType": "Bundle", "entry": entry}).dangling == ()
