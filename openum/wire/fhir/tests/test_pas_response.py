"""Everything written conforms, is closed, answers every item under its own number, and says why in plain words."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Identifier
from openum.wire.fhir.checker import check
from openum.wire.fhir.checker_guide import echo
from openum.wire.fhir.pas_answer import STANDINGS, Answer, AnsweredLine, Problem, Standing
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.pas_response import REJECTIONS, write_error, write_response
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.bundles import bundle, claim, item, resource_of
from openum.wire.fhir.tests.mangled import mangled

HERE = Path(__file__).parent
ISSUER = "https://um.example.org/fhir/pas/2.2.1"
AT = datetime(2026, 3, 2, 15, 4, 5, 678000, tzinfo=UTC)
PAS = b.PAS


def line(standing: Standing, sequence: int = 1, **more: Any) -> AnsweredLine:
    granted = {
        "authorization": "A000000018", "decided_date": date(2026, 3, 2), "valid_from": date(2026, 3, 10),
        "valid_until": date(2027, 3, 10),
    }  # fmt: skip
    return AnsweredLine(
        sequence=sequence, standing=standing, code=Code("hcpcs", "E1390"), service_from=date(2026, 3, 10),
        trace_numbers=(Identifier("http://ehr.example.org/fhir/trace", f"TRACE-{sequence}"),),
        **{**(granted if standing in ("approved", "modified") else {}), **more},
    )  # fmt: skip


def answer(*lines: AnsweredLine, **more: Any) -> Answer:
    return Answer(issuer=ISSUER, number="R000000017", at=AT, lines=lines, **more)


def faults(written: Any, request: Any) -> list[Any]:
    """Everything a receiver could hold against a response."""
    found = closure(written)
    wrong: list[Any] = [issue for issue in check(written) if issue.severity == "error"]
    return [*wrong, *found.dangling, *found.duplicates, *found.unreachable, *echo(request, written)]


def response_of(written: Any) -> Any:
    assert written["entry"][0]["resource"]["resourceType"] == "ClaimResponse"
    return written["entry"][0]["resource"]


def action(element: Any) -> dict[str, Any]:
    """The review action of an item: code, number, reason."""
    found: dict[str, Any] = {}
    for part in element["adjudication"][0]["extension"][0]["extension"]:
        held = part.get("valueCodeableConcept", {}).get("coding", [{}])[0].get("code")
        found[part["url"].rpartition("-")[2]] = part.get("valueString", held)
    return found


def named(element: Any, name: str) -> Iterator[Any]:
    for one in element.get("extension", []):
        if one["url"].endswith(f"extension-{name}"):
            yield next((value for key, value in one.items() if key.startswith("value")), one.get("extension"))


# ---- one line of each standing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        ("approved", {"reviewActionCode": "A1", "number": "A000000018"}),
        ("modified", {"reviewActionCode": "A6", "number": "A000000018"}),
        ("adverse", {"reviewActionCode": "A3", "reasonCode": "0F"}),
        ("excluded", {"reviewActionCode": "A3", "reasonCode": "0M"}),
        ("not_required", {"reviewActionCode": "NA", "reasonCode": "0H"}),
        ("pended", {"reviewActionCode": "A4", "reasonCode": "0V"}),
    ],
)
def test_each_standing_has_its_review_action(standing: Standing, expected: dict[str, str]) -> None:
    request = bundle()
    written = write_response(answer(line(standing)), request)
    assert faults(written, request) == []
    assert action(response_of(written)["item"][0]) == expected
    assert response_of(written)["outcome"] == "complete"


def test_an_approved_line_carries_number_days_provider_and_traces() -> None:
    request = bundle()
    written = response_of(write_response(answer(line("approved", reasons=("All criteria are met.",))), request))
    (one,) = written["item"]
    assert list(named(one, "itemTraceNumber")) == [{"system": "http://ehr.example.org/fhir/trace", "value": "TRACE-1"}]
    assert list(named(one, "itemPreAuthIssueDate")) == ["2026-03-02"]
    assert list(named(one, "itemPreAuthPeriod")) == [{"start": "2026-03-10", "end": "2027-03-10"}]
    assert list(named(one, "itemRequestedServiceDate")) == ["2026-03-10"]
    assert list(named(one, "administrationReferenceNumber")) == ["R000000017"]
    assert next(named(one, "itemAuthorizedProvider"))[0]["valueReference"] == written["requestor"]
    assert (written["preAuthRef"], written["preAuthPeriod"]) == (
        "A000000018", {"start": "2026-03-10", "end": "2027-03-10"},
    )  # fmt: skip
    assert written["processNote"] == [{"number": 1, "type": "display", "text": "All criteria are met."}]
    assert one["noteNumber"] == [1]
    assert written["disposition"] == "1 approved"


def test_a_pended_line_says_what_is_missing_and_has_no_authorization() -> None:
    pended = line("pended", missing="send the oximetry report", reasons=("A criterion is not known.",))
    written = response_of(write_response(answer(pended), bundle()))
    assert action(written["item"][0]) == {"reviewActionCode": "A4", "reasonCode": "0U"}
    assert [note["text"] for note in written["processNote"]] == [
        "A criterion is not known.", "Still needed: send the oximetry report",
    ]  # fmt: skip
    assert "preAuthRef" not in written
    assert list(named(written["item"][0], "itemPreAuthPeriod")) == []
    assert list(named(written["item"][0], "administrationReferenceNumber")) == ["R000000017"]


def test_a_modified_line_keeps_the_item_and_adds_what_was_authorized() -> None:
    request = bundle(about=claim(item(1), item(2)))
    modified = line("modified", 2, quantity=2.0, unit="visit", reasons=("Two visits are necessary.",))
    written = write_response(answer(line("approved", 1), modified, human=True), request)
    assert faults(written, request) == []
    (added,) = response_of(written)["addItem"]
    assert added["itemSequence"] == [2]
    assert added["quantity"] == {"value": 2.0, "unit": "visit"}
    assert added["productOrService"]["coding"][0]["code"] == "E1390"
    assert action(added) == {"reviewActionCode": "A1", "number": "A000000018"}


def test_nothing_that_needs_no_authorization_gets_a_number() -> None:
    written = response_of(write_response(answer(line("not_required", reasons=("Emergency care.",))), bundle()))
    assert [note["text"] for note in written["processNote"]] == [
        "No authorization is needed for this line, or one is already held; no new number is issued.", "Emergency care.",
    ]  # fmt: skip
    assert "preAuthRef" not in written


def test_several_authorizations_are_found_under_the_cases_number() -> None:
    other = line("approved", 2, authorization="A000000026", valid_until=date(2026, 9, 10))
    written = response_of(write_response(answer(line("approved"), other), bundle(about=claim(item(1), item(2)))))
    assert written["preAuthRef"] == "R000000017"
    assert written["preAuthPeriod"] == {"start": "2026-03-10", "end": "2027-03-10"}
    assert [action(one)["number"] for one in written["item"]] == ["A000000018", "A000000026"]


def test_whether_a_person_looked_is_always_said() -> None:
    for human, specialty, expected in (
        (False, "", [{"url": "wasHumanReviewedFlag", "valueBoolean": False}]),
        (False, "Cardiology", [{"url": "wasHumanReviewedFlag", "valueBoolean": False}]),
        (True, "Pulmonary Disease", [
            {"url": "wasHumanReviewedFlag", "valueBoolean": True},
            {"url": "reviewerSpecialty", "valueCodeableConcept": {"text": "Pulmonary Disease"}},
        ]),
    ):  # fmt: skip
        written = write_response(answer(line("approved"), human=human, reviewer_specialty=specialty), bundle())
        assert next(named(response_of(written), "claimResponseReviewer")) == expected


def test_one_sentence_about_two_lines_is_written_once() -> None:
    lines = (line("pended", 1, reasons=("Same.",)), line("pended", 2, reasons=("Same.", "Other.")))
    written = response_of(write_response(answer(*lines), bundle(about=claim(item(1), item(2)))))
    assert [(note["number"], note["text"]) for note in written["processNote"]] == [(1, "Same."), (2, "Other.")]
    assert [one["noteNumber"] for one in written["item"]] == [[1], [1, 2]]


# ---- who and what it answers ---------------------------------------------------------------------------------------


def test_the_request_is_echoed_under_its_own_numbers_and_addresses() -> None:
    request = bundle()
    written = write_response(answer(line("approved")), request)
    assert written["identifier"] == request["identifier"]
    assert written["timestamp"] == "2026-03-02T15:04:05+00:00"
    response = response_of(written)
    assert response["identifier"] == [
        {"system": "urn:trnorg:9012345678", "value": "EVENT-1"}, {"system": f"{ISSUER}/case", "value": "R000000017"},
    ]  # fmt: skip
    assert response["request"] == {"reference": "http://ehr.example.org/fhir/Claim/claim-1"}
    assert [row["fullUrl"] for row in written["entry"][1:]] == [
        "http://ehr.example.org/fhir/Patient/pat-1",
        "http://ehr.example.org/fhir/Organization/insurer",
        "http://ehr.example.org/fhir/Organization/practice",
    ]
    assert resource_of(written, "Patient")["identifier"][0]["value"] == "MBR-1001"


def test_the_same_answer_is_the_same_bytes_and_another_case_another_id() -> None:
    request = bundle()
    one, two = (write_response(answer(line("approved")), request) for _ in range(2))
    assert json.dumps(one) == json.dumps(two)
    other = write_response(replace(answer(line("approved")), number="R000000025"), request)
    assert other["entry"][0]["fullUrl"] != one["entry"][0]["fullUrl"]


def test_a_role_that_asks_is_answered_as_its_organization() -> None:
    request = bundle(about=claim(provider={"reference": "PractitionerRole/role-1"}))
    written = write_response(answer(line("approved")), request)
    assert faults(written, request) == []
    assert response_of(written)["requestor"] == {"reference": "http://ehr.example.org/fhir/Organization/practice"}


def test_the_senders_transmission_identifiers_come_back_the_other_way_round() -> None:
    names = ("applicationSenderCode", "applicationReceiverCode", "interchangeSenderID", "interchangeReceiverID")
    sent = {"url": f"{PAS}extension-TransmissionIdentifiers",
            "extension": [{"url": name, "valueString": name[:3]} for name in names]}  # fmt: skip
    sent["extension"][0]["valueString"], sent["extension"][1]["valueString"] = "EHR", "PAYER"
    written = write_response(answer(line("approved")), bundle(about=claim(extension=[sent])))
    (parts,) = named(response_of(written), "TransmissionIdentifiers")
    assert {part["url"]: part["valueString"] for part in parts}["applicationSenderCode"] == "PAYER"
    assert faults(written, bundle()) == []


@pytest.mark.parametrize("name", ["Patient", "Organization"])
def test_what_cannot_be_echoed_validly_is_named_by_what_is_known(name: str) -> None:
    request = bundle()
    resource_of(request, name).pop("name")
    written = write_response(answer(line("approved")), request)
    assert faults(written, request) == []
    member = {"type": "Patient", "identifier": {"system": "http://harbor.example.org/members", "value": "MBR-1001"}}
    practice = {"type": "Organization", "identifier": {"system": b.NPI, "value": b.PRACTICE_NPI}}
    assert response_of(written)["patient" if name == "Patient" else "requestor"] == (
        member if name == "Patient" else practice
    )


# ---- refusals of the business --------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*REJECTIONS, "something-new"])
def test_a_request_that_is_not_taken_is_answered_with_the_error_its_place_and_what_to_do(code: str) -> None:
    problem = Problem(code=code, message="It is wrong.", next="Mend it.", where="Bundle.entry[3].resource")
    request = bundle()
    written = write_error([problem], request, issuer=ISSUER, at=AT)
    assert faults(written, request) == []
    response = response_of(written)
    assert response["outcome"] == "error"
    assert "item" not in response
    assert "preAuthRef" not in response
    (error,) = response["error"]
    assert error["code"] == {
        "coding": [{"system": f"{b.X12}901", "code": REJECTIONS.get(code, "33")}], "text": code,
    }  # fmt: skip
    assert list(named(error, "errorPath")) == ["Bundle.entry[3].resource"]
    assert next(named(error, "errorFollowupAction"))["coding"][0]["code"] == "C"
    assert response["processNote"] == [{"number": 1, "type": "display", "text": "It is wrong. Mend it."}]


# ---- whatever is asked and answered --------------------------------------------------------------------------------

SENTENCES = st.text(max_size=60)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def answered_lines(draw: st.DrawFn, asked: Any) -> AnsweredLine:
    standing = draw(st.sampled_from(STANDINGS))
    granted = standing in ("approved", "modified")
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return AnsweredLine(
        sequence=asked.sequence, standing=standing, reasons=tuple(draw(st.lists(SENTENCES, max_size=3))),
        missing=draw(SENTENCES) if standing == "pended" else "", code=asked.code,
        quantity=draw(st.none() | st.floats(0.5, 1000)), unit=draw(st.sampled_from(("", "visit", "d"))),
        decided_date=draw(st.none() | DAYS), authorization="A000000018" if granted else "",
        valid_from=first if granted else None, valid_until=last if granted else None,
        service_from=asked.service_from, service_to=asked.service_to, trace_numbers=asked.trace_numbers,
    )  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.integers(1, 8))
def test_every_answer_conforms_and_is_closed(data: st.DataObject, count: int) -> None:
    request = bundle(about=claim(*(item(n, f"E139{n}") for n in range(1, count + 1))))
    lines = tuple(data.draw(answered_lines(one)) for one in read_request(request).lines)
    made = answer(*lines, human=data.draw(st.booleans()), reviewer_specialty=data.draw(SENTENCES))
    assert faults(write_response(made, request), request) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_the_answer_to_a_mangled_request_conforms_too(data: st.DataObject) -> None:
    request = data.draw(mangled(bundle(), most=3))
    try:
        asked = read_request(request)
    except Refusal as refusal:
        assert refusal.next  # noqa: PT017 - most mangled Bundles are refused; what is read is what matters here
        return
    lines = tuple(data.draw(answered_lines(one)) for one in asked.lines)
    lines = tuple(one for one in lines if one.standing != "modified")
    written = write_response(answer(*lines), request) if lines else None
    failed = write_error([Problem(code="unknown-member", message="m", next="n")], request, issuer=ISSUER, at=AT)
    for made in (written, failed):
        if made is not None:
            assert [one for one in check(made) if one.severity == "error"] == []
            found = closure(made)
            assert (found.dangling, found.duplicates, found.unreachable) == ((), (), ())


# ---- golden files ----------------------------------------------------------------------------------------------

GOLDEN = {
    "approved": answer(line("approved", reasons=("Oxygen saturation at or below 88 % at rest: met (86).",))),
    "pended": answer(line("pended", missing="What was the oxygen saturation: not known", reasons=("Not known.",))),
    "mixed": answer(
        line("approved", 1), line("modified", 2, quantity=1.0, unit="month", reasons=("One month is necessary.",)),
        line("adverse", 3, reasons=("Not shown to be necessary.",)), line("not_required", 4, reasons=("On no list.",)),
        human=True, reviewer_specialty="Pulmonary Disease",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_a_whole_response_is_as_kept(name: str) -> None:
    count = len(GOLDEN[name].lines)
    written = write_response(GOLDEN[name], bundle(about=claim(*(item(n) for n in range(1, count + 1)))))
    assert written == json.loads((HERE / "golden" / f"response-{name}.json").read_text())
