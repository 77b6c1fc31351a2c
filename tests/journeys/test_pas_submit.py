"""A practice's system submits over HTTP and gets its answer in the same call."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openum.payer.flow.queries import case_view
from openum.payer.intake.queries import received_body, recent_cases
from openum.wire.fhir.checker import check
from openum.wire.fhir.checker_guide import echo
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests import bundles as b
from tests.journeys import bundles
from tests.journeys.pas_parties import Town, build, row_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return build()


def answered(town: Town, request: Any) -> Any:
    """The ClaimResponse of a submission, its Bundle without a fault."""
    response = town.priya.submit(request)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/fhir+json; charset=utf-8"
    written = json.loads(response.content)
    assert [issue for issue in check(written) if issue.severity == "error"] == []
    found = closure(written)
    assert (found.dangling, found.duplicates, found.unreachable) == ((), (), ())
    assert echo(request, written) == ()
    return written["entry"][0]["resource"]


def actions(response: Any) -> list[str]:
    """The X12 306 code of each item."""
    return [
        part["valueCodeableConcept"]["coding"][0]["code"]
        for item in response["item"]
        for part in item["adjudication"][0]["extension"][0]["extension"]
        if part["url"].endswith("reviewActionCode")
    ]


def test_a_request_that_meets_the_criteria_is_approved_in_the_same_call(town: Town) -> None:
    found = answered(town, bundles.met())
    assert actions(found) == ["A1"]
    (case,) = recent_cases(town.harbor.whole, limit=5)
    view = case_view(town.harbor.whole, case.number, history=True)
    assert view is not None
    (line,) = view.lines
    assert line.authorization is not None
    assert found["preAuthRef"] == line.authorization.held.number
    assert found["outcome"] == "complete"
    assert found["identifier"][-1]["value"] == case.number
    reviewer = next(one for one in found["extension"] if one["url"].endswith("claimResponseReviewer"))
    assert reviewer["extension"] == [{"url": "wasHumanReviewedFlag", "valueBoolean": False}]
    assert view.events[0].kind == "RequestSubmitted"
    assert view.events[0].by == "client:ehr-priya"
    assert "DeterminationMade" in [event.kind for event in view.events]
    assert "NoticeSent" in [event.kind for event in view.events]
    assert case.door == "fhir-pas-2.2.1"


def test_the_body_is_kept_as_it_came(town: Town) -> None:
    request = bundles.met()
    answered(town, request)
    (case,) = recent_cases(town.harbor.whole, limit=5)
    kept = received_body(town.harbor.whole, case.number)
    assert kept == ("application/fhir+json", json.dumps(request).encode())


def test_a_request_that_lacks_a_fact_is_pended_and_told_what_is_missing(town: Town) -> None:
    found = answered(town, bundles.missing())
    assert actions(found) == ["A4"]
    assert "preAuthRef" not in found
    (case,) = recent_cases(town.harbor.whole, limit=5)
    numbers = [one["valueString"] for one in found["item"][0]["extension"] if "valueString" in one]
    assert numbers == [case.number]
    notes = [note["text"] for note in found["processNote"]]
    assert notes[0] == "Something the criteria ask for is not known."
    assert notes[1].startswith("Still needed: ")
    assert "not known" in notes[1]
    assert len(notes) == 2


def test_a_request_that_misses_the_criteria_is_pended_for_a_person_and_never_denied(town: Town) -> None:
    found = answered(town, bundles.near())
    assert actions(found) == ["A4"]
    assert found["item"][0]["noteNumber"] == [1]
    (case,) = recent_cases(town.harbor.whole, limit=5)
    assert [line.lane for line in case.lines] == ["um_nurse"]


def test_the_same_request_again_gets_the_same_bytes_and_writes_nothing(town: Town) -> None:
    first = town.priya.submit(bundles.met())
    before = row_counts()
    again = town.priya.submit(json.dumps(bundles.met(), indent=4).encode())
    assert (again.status_code, again.content) == (200, first.content)
    assert row_counts() == before


def test_a_used_identifier_with_another_body_is_another_request(town: Town) -> None:
    answered(town, bundles.met())
    changed = bundles.met()
    changed["entry"][0]["resource"]["identifier"][0]["value"] = "EVENT-2"
    town.priya.submit(changed)
    assert len(recent_cases(town.harbor.whole, limit=5)) == 2


def test_every_line_is_answered_under_its_own_number(town: Town) -> None:
    lines = [b.item(7), b.item(3, "E0431"), b.item(12, "99213")]
    request = b.bundle(bundles.form(bundles.OXYGEN), about=b.claim(*lines), number="three")
    found = answered(town, request)
    assert sorted(item["itemSequence"] for item in found["item"]) == [3, 7, 12]


def test_a_code_of_an_unknown_system_is_taken_and_answered(town: Town) -> None:
    lines = [b.item(1, productOrService=b.concept("http://codes.example.org/ours", "oxy-1"))]
    found = answered(town, b.bundle(about=b.claim(*lines), number="unknown-system"))
    assert actions(found)[0] in ("A4", "NA")


def test_a_request_without_a_service_date_uses_the_day_it_was_made_and_says_so(town: Town) -> None:
    answered(town, bundles.undated())
    (case,) = recent_cases(town.harbor.whole, limit=5)
    assert (case.on.isoformat(), case.on_is_assumed) == ("2026-03-02", True)


# ---- refusals of the business: 200, outcome error, nothing written -------------------------------------------------


def with_member(number: str) -> Any:
    return bundles.met(member=number)


def with_birth_date(day: str) -> Any:
    made = bundles.met()
    b.resource_of(made, "Patient")["birthDate"] = day
    return made


def with_service_date(day: str) -> Any:
    made = bundles.met()
    made["entry"][0]["resource"]["item"][0]["servicedDate"] = day
    return made


def with_npi(place: int, npi: str) -> Any:
    made = bundles.met()
    made["entry"][place]["resource"]["identifier"][0]["value"] = npi
    return made


def with_certification(code: str) -> Any:
    return b.bundle(about=b.claim(b.item(certification=code)))


BUSINESS = {
    "unknown-member": (with_member("MBR-4711"), "67", "patient"),
    "member-mismatch": (with_birth_date("1960-01-01"), "67", "patient"),
    "not-covered-on-date": (with_service_date("2028-03-10"), "95", "patient"),
    "unknown-organization": (with_npi(1, "1992739460"), "51", "provider"),
    "not-your-organization": (with_npi(1, "1245319599"), "41", "provider"),
    "unknown-insurer": (with_npi(2, "1992739460"), "79", "insurer"),
    "cancel-not-taken": (with_certification("3"), "33", ""),
    "appeal-not-taken": (with_certification("1"), "33", ""),
}


@pytest.mark.parametrize("code", BUSINESS)
def test_a_request_that_is_read_and_not_taken_is_an_error_in_the_answer(town: Town, code: str) -> None:
    request, x12, place = BUSINESS[code]
    before = row_counts()
    found = answered(town, request)
    assert found["outcome"] == "error"
    (error,) = found["error"]
    assert error["code"] == {"coding": [{"system": f"{b.X12}901", "code": x12}], "text": code}
    path = next(one["valueString"] for one in error["extension"] if one["url"].endswith("errorPath"))
    assert path == (f"Bundle.entry[0].resource.{place}" if place else "Bundle.entry[0].resource")
    assert len(found["processNote"]) == 1
    assert "item" not in found
    assert row_counts() == before


def test_another_payers_member_is_unknown_here(town: Town) -> None:
    before = row_counts()
    response = town.mallory.submit(bundles.met())
    assert response.status_code == 200
    assert json.loads(response.content)["entry"][0]["resource"]["error"][0]["code"]["text"] == "unknown-member"
    assert row_counts() == before


def test_no_answer_names_more_of_the_member_than_the_request_did(town: Town) -> None:
    for request in (bundles.met(), bundles.missing(), with_member("MBR-4711")):
        written = json.loads(town.priya.submit(request).content)
        (patient,) = [row["resource"] for row in written["entry"] if row["resource"]["resourceType"] == "Patient"]
        assert set(patient) <= {"resourceType", "id", "meta", "identifier", "name", "gender", "birthDate"}
