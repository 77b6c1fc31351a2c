"""An inquiry reads to a query by example; its answer is Parameters of conforming Bundles."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Identifier, PartyRef
from openum.wire.fhir.checker import check
from openum.wire.fhir.pas_answer import Answer, AnsweredLine
from openum.wire.fhir.pas_inquiry import AskedAbout, Days, read_inquiry, write_inquiry_response
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.bundles import bundle, claim, concept, extension

EXAMPLES = Path(__file__).with_name("examples")
ISSUER = "https://um.example.org/fhir/pas/2.2.1"
AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
PRACTICE = PartyRef(name="RIVERSIDE PULMONARY", npi=b.PRACTICE_NPI, identifiers=(Identifier(b.NPI, b.PRACTICE_NPI),))


def inquiry(*items: Any, **more: Any) -> Any:
    """An inquiry Bundle: no item unless one is given."""
    about = claim(**more)
    about["item"] = list(items)
    about["meta"] = {"profile": [f"{b.PAS}profile-claim-inquiry"]}
    if not items:
        del about["item"]
    made = bundle(about=about)
    made["meta"] = {"profile": [f"{b.PAS}profile-pas-inquiry-request-bundle"]}
    return made


def test_an_inquiry_without_items_asks_about_a_members_requests() -> None:
    found = read_inquiry(inquiry())
    assert found.member.member_id == "MBR-1001"
    assert found.requester == PRACTICE
    assert found.providers == {b.PRACTICE_NPI, b.PHYSICIAN_NPI}
    assert found.diagnoses == (Code("icd10cm", "J44.9"),)
    assert (found.items, found.references, found.authorizations) == ((), (), ())
    assert found.period == Days()


def test_numbers_days_and_codes_narrow() -> None:
    about = {
        "extension": [
            extension("administrationReferenceNumber", valueString="R000000017"),
            extension("authorizationNumber", valueString="A000000018"),
            extension("itemTraceNumber", valueIdentifier={"system": "http://t.example.org", "value": "T1"}),
            extension("itemCertificationIssueDate", valueDate="2026-03-01"),
            extension("itemCertificationEffectiveDate", valuePeriod={"start": "2026-03-01"}),
            extension("itemCertificationExpirationDate", valuePeriod={"start": "2026-04-01", "end": "2026-05-01"}),
            extension("reviewActionCode", valueCodeableConcept=concept(f"{b.X12}306", "A4")),
        ],
        "sequence": 1,
        "productOrService": concept(b.HCPCS, "E1390"),
        "servicedDate": "2026-03-10",
    }
    found = read_inquiry(inquiry(about, billablePeriod={"start": "2026-01-01", "end": "2026-12-31"}))
    assert found.period == Days(date(2026, 1, 1), date(2026, 12, 31))
    assert found.items == (
        AskedAbout(
            codes=(Code("hcpcs", "E1390"),), references=("R000000017",), authorizations=("A000000018",),
            traces=(Identifier("http://t.example.org", "T1"),), action="A4",
            issued=Days(date(2026, 3, 1), date(2026, 3, 1)), effective=Days(date(2026, 3, 1), None),
            expires=Days(date(2026, 4, 1), date(2026, 5, 1)), service=Days(date(2026, 3, 10), date(2026, 3, 10)),
        ),
    )  # fmt: skip


def test_an_item_may_ask_about_any_service() -> None:
    absent = concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable")
    (one,) = read_inquiry(inquiry({"sequence": 1, "productOrService": absent})).items
    assert one == AskedAbout()


def test_the_published_inquiry_asks_about_a_range_and_is_refused_for_it() -> None:
    with pytest.raises(Refusal) as caught:
        read_inquiry(json.loads((EXAMPLES / "Bundle-PASClaimInquiryBundleExample.json").read_text()))
    assert caught.value.code == "code-range"


@pytest.mark.parametrize(
    ("wanted", "first", "last", "meets"),
    [
        (Days(), None, None, True),
        (Days(date(2026, 3, 1), date(2026, 3, 31)), None, None, False),
        (Days(date(2026, 3, 1), date(2026, 3, 31)), date(2026, 3, 31), None, True),
        (Days(date(2026, 3, 1), date(2026, 3, 31)), date(2026, 4, 1), None, False),
        (Days(date(2026, 3, 1), date(2026, 3, 31)), date(2026, 2, 1), date(2026, 3, 1), True),
        (Days(date(2026, 3, 1), date(2026, 3, 31)), date(2026, 2, 1), date(2026, 2, 28), False),
        (Days(date(2026, 3, 1), None), date(2030, 1, 1), None, True),
        (Days(None, date(2026, 3, 1)), date(2026, 3, 2), None, False),
    ],
)
def test_days_meet_where_they_have_one_in_common(wanted: Days, first: Any, last: Any, meets: bool) -> None:
    assert wanted.meets(first, last) is meets


def answer(number: str = "R000000017", **more: Any) -> Answer:
    line = AnsweredLine(sequence=1, standing="pended", reasons=("Under review.",), code=Code("hcpcs", "E1390"))
    own = (Identifier("urn:trnorg:9012345678", "EVENT-1"),)
    return Answer(issuer=ISSUER, number=number, at=AT, lines=(line,), identifiers=own, **more)


def checked(written: Any) -> list[Any]:
    """The Bundles of an answer, each without a fault."""
    assert [issue for issue in check(written) if issue.severity == "error"] == []
    found = [row["resource"] for row in written.get("parameter", [])]
    assert {row["name"] for row in written.get("parameter", [])} <= {"return"}
    for one in found:
        closed = closure(one)
        assert (closed.dangling, closed.duplicates, closed.unreachable) == ((), (), ())
    return found


def test_every_case_found_is_one_bundle_under_return() -> None:
    request = inquiry()
    answers = [answer(requester=PRACTICE), answer("R000000025", requester=PRACTICE)]
    one, two = checked(write_inquiry_response(answers, request, issuer=ISSUER, at=AT))
    assert one["identifier"] == request["identifier"]
    response = one["entry"][0]["resource"]
    assert response["meta"]["profile"] == [f"{b.PAS}profile-claiminquiryresponse"]
    assert response["request"] == {"identifier": {"system": "urn:trnorg:9012345678", "value": "EVENT-1"}}
    assert response["requestor"] == {"reference": "http://ehr.example.org/fhir/Organization/practice"}
    assert two["entry"][0]["resource"]["identifier"][-1]["value"] == "R000000025"


def test_a_request_of_another_practice_names_that_practice() -> None:
    other = PartyRef(name="LAKESIDE CLINIC", npi=b.PHYSICIAN_NPI, identifiers=(Identifier(b.NPI, b.PHYSICIAN_NPI),))
    (one,) = checked(write_inquiry_response([answer(requester=other)], inquiry(), issuer=ISSUER, at=AT))
    url = one["entry"][0]["resource"]["requestor"]["reference"]
    (practice,) = [row["resource"] for row in one["entry"] if row["fullUrl"] == url]
    assert (practice["name"], practice["identifier"][0]["value"]) == ("LAKESIDE CLINIC", b.PHYSICIAN_NPI)


def test_nothing_found_is_an_empty_answer() -> None:
    assert write_inquiry_response([], inquiry(), issuer=ISSUER, at=AT) == {"resourceType": "Parameters"}


def test_what_is_withheld_is_said_with_a_way_to_ask() -> None:
    sentence = "Some requests are not shown here. Call the plan."
    (alone,) = checked(write_inquiry_response([], inquiry(), issuer=ISSUER, at=AT, withheld=sentence))
    written = write_inquiry_response([answer()], inquiry(), issuer=ISSUER, at=AT, withheld=sentence)
    assert [issue for issue in check(written) if issue.severity == "error"] == []
    (beside,) = [row["resource"] for row in written["parameter"]]
    for outcome in (alone["entry"][0]["resource"], beside["entry"][-1]["resource"]):
        assert outcome["resourceType"] == "OperationOutcome"
        assert outcome["issue"] == [{"severity": "warning", "code": "suppressed", "diagnostics": sentence}]
    assert "meta" not in alone
    assert beside["entry"][0]["resource"]["resourceType"] == "ClaimResponse"
