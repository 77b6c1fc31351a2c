"""How stands a request? Asked by who sent it, by another practice, and by somebody with no part in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from openum.core.determination import decide_adverse
from openum.core.review import judge
from openum.payer.conftest import NPI, OTHER_NPI
from openum.payer.determinations.actions import decide_line
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import advance
from openum.payer.intake.queries import recent_cases
from openum.payer.intake.shelf import in_force
from openum.records.documents.queries import evidence_of
from openum.wire.fhir.checker import check
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests import bundles as b
from tests.journeys import bundles
from tests.journeys.pas_parties import AT, Speaker, Town, build, row_counts

pytestmark = pytest.mark.django_db
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"

TRACE = {"system": f"{b.BASE}/trace", "value": "TRACE-1"}
LAST = b.concept(b.HCPCS, "E1399")


@pytest.fixture
def town(db: None) -> Town:
    return build()


def inquiry(*items: Any, npi: str = NPI, member: str = "MBR-1001", clinician: str = "", **more: Any) -> Any:
    """An inquiry of the practice with this NPI; without a care team unless a clinician is named."""
    about = b.claim(**{"careTeam": [], "diagnosis": [], **more})
    about["item"] = list(items)
    about["meta"] = {"profile": [f"{b.PAS}profile-claim-inquiry"]}
    kept = {name: value for name, value in about.items() if value != []}
    if clinician:
        kept["careTeam"] = b.claim()["careTeam"]
    made = b.bundle(about=kept, member=member, number="INQUIRY-1")
    made["meta"] = {"profile": [f"{b.PAS}profile-pas-inquiry-request-bundle"]}
    b.resource_of(made, "Organization")["identifier"][0]["value"] = npi
    if clinician:
        b.resource_of(made, "Practitioner")["identifier"][0]["value"] = clinician
    return made


def ask(who: Speaker, made: Any) -> list[Any]:
    """The first resource of every Bundle of the answer, each Bundle without a fault."""
    response = who.inquire(made)
    assert response.status_code == 200, response.content
    found = json.loads(response.content)
    assert found["resourceType"] == "Parameters"
    assert [issue for issue in check(found) if issue.severity == "error"] == []
    held = [row["resource"] for row in found.get("parameter", [])]
    for one in held:
        assert closure(one).dangling == ()
    return [one["entry"][0]["resource"] for one in held]


def numbers(found: list[Any]) -> list[str]:
    """The administration reference numbers of the cases found."""
    return [one["identifier"][-1]["value"] for one in found]


def any_item(**more: Any) -> Any:
    """An item about any service."""
    return {"sequence": 1, "productOrService": b.concept(ABSENT, "not-applicable"), **more}


def sent(town: Town, made: Any, *, by: Callable[[Town], Speaker] = lambda town: town.priya) -> str:
    """Submit; the number of the case."""
    assert by(town).submit(made).status_code == 200
    return recent_cases(town.harbor.whole, limit=1)[0].number


# ---- the sender ----------------------------------------------------------------------------------------------------


def test_the_sender_sees_its_members_requests_newest_first_as_they_stand(town: Town) -> None:
    approved, covered = sent(town, bundles.met()), sent(town, bundles.missing())
    found = ask(town.priya, inquiry())
    assert numbers(found) == [covered, approved]
    # the second asks for what the first already granted
    assert [one["disposition"] for one in found] == ["1 not required", "1 approved"]
    assert found[1]["identifier"][0] == {"system": "urn:trnorg:9012345678", "value": "EVENT-1"}
    assert found[1]["requestor"] == {"reference": "http://ehr.example.org/fhir/Organization/practice"}


def test_looking_is_written_in_the_ledger_and_nothing_else_is(town: Town) -> None:
    number = sent(town, bundles.met())
    before = row_counts()
    ask(town.priya, inquiry())
    view = case_view(town.harbor.whole, number, history=True)
    assert view is not None
    opened = [event for event in view.events if event.kind == "CaseOpened"]
    assert [(event.by, event.at, event.body["why"]) for event in opened] == [("client:ehr-priya", AT, "inquiry")]
    changed = {name for name, count in row_counts().items() if count != before[name]}
    assert changed == {"records_ledger_event", "records_ledger_errand"}


def test_nothing_found_is_an_empty_answer_and_leaves_no_trace(town: Town) -> None:
    before = row_counts()
    assert ask(town.priya, inquiry()) == []
    assert row_counts() == before


def test_a_number_narrows(town: Town) -> None:
    approved, pended = sent(town, bundles.met()), sent(town, bundles.missing())
    by_reference = b.extension("administrationReferenceNumber", valueString=pended)
    assert numbers(ask(town.priya, inquiry(extension=[by_reference]))) == [pended]
    assert numbers(ask(town.priya, inquiry(any_item(extension=[by_reference])))) == [pended]
    view = case_view(town.harbor.whole, approved)
    assert view is not None
    assert view.lines[0].authorization is not None
    held = b.extension("authorizationNumber", valueString=view.lines[0].authorization.held.number)
    assert numbers(ask(town.priya, inquiry(extension=[held]))) == [approved]
    assert numbers(ask(town.priya, inquiry(any_item(extension=[held])))) == [approved]
    wrong = b.extension("administrationReferenceNumber", valueString="R999999999")
    assert ask(town.priya, inquiry(extension=[wrong])) == []


@pytest.mark.parametrize(
    ("made", "fits"),
    [
        ({"productOrService": b.concept(b.HCPCS, "E1390")}, True),
        ({"productOrService": b.concept("http://www.ama-assn.org/go/cpt", "99213")}, False),
        ({"servicedDate": "2026-03-10"}, True),
        ({"servicedDate": "2026-03-11"}, False),
        ({"extension": [b.extension("reviewActionCode", valueCodeableConcept=b.concept(f"{b.X12}306", "A1"))]}, True),
        ({"extension": [b.extension("reviewActionCode", valueCodeableConcept=b.concept(f"{b.X12}306", "A4"))]}, False),
        ({"extension": [b.extension("itemCertificationIssueDate", valueDate="2026-03-02")]}, True),
        ({"extension": [b.extension("itemCertificationIssueDate", valueDate="2026-03-03")]}, False),
        ({"extension": [b.extension("itemCertificationEffectiveDate", valuePeriod={"start": "2026-03-01"})]}, True),
        ({"extension": [b.extension("itemCertificationExpirationDate", valuePeriod={"end": "2026-03-31"})]}, False),
        (
            {"extension": [b.extension("itemTraceNumber", valueIdentifier=TRACE)]},
            True,
        ),
        ({"extension": [b.extension("itemTraceNumber", valueIdentifier={"system": "x", "value": "TRACE-1"})]}, False),
    ],
)  # fmt: skip
def test_an_item_narrows(town: Town, made: Any, fits: bool) -> None:
    number = sent(town, bundles.met())
    assert numbers(ask(town.priya, inquiry(any_item(**made)))) == ([number] if fits else [])


def test_period_and_diagnoses_narrow_and_several_diagnoses_are_a_union(town: Town) -> None:
    number = sent(town, bundles.met())
    inside, outside = {"start": "2026-03-01", "end": "2026-03-31"}, {"start": "2027-01-01", "end": "2027-12-31"}
    assert numbers(ask(town.priya, inquiry(billablePeriod=inside))) == [number]
    assert ask(town.priya, inquiry(billablePeriod=outside)) == []
    asked = [
        {"sequence": n, "diagnosisCodeableConcept": b.concept(b.ICD10, c)} for n, c in enumerate(("G47.33", "J449"), 1)
    ]
    assert numbers(ask(town.priya, inquiry(diagnosis=asked))) == [number]
    assert ask(town.priya, inquiry(diagnosis=asked[:1])) == []


def test_a_member_no_longer_covered_can_still_be_asked_about(town: Town) -> None:
    number = sent(town, bundles.met())
    town.priya.at = AT + timedelta(days=500)
    town.priya.signed_in()
    assert numbers(ask(town.priya, inquiry())) == [number]


def test_what_a_physician_decided_against_is_told_to_who_asks_and_to_who_sends_it_again(town: Town) -> None:
    number = sent(town, bundles.near())
    view = case_view(town.harbor.whole, number)
    assert view is not None
    (line,) = view.lines
    policy = in_force().policy(line.line.policy)
    assert policy is not None
    entries = evidence_of(town.harbor.whole, number)
    finding = judge(policy, line.line.asked, entries, in_force().facts, on=date(2026, 3, 10)).finding
    words = "The saturation stays above 92 % awake, asleep and walking, so oxygen would not help her now."
    decided = decide_adverse(
        line.line.asked, policy, finding, by=town.harbor.osei, rationale=words, at=AT,
        criterion_not_met="Oxygen saturation at or below 88 % at rest",
    )  # fmt: skip
    decide_line(
        tenant_id=town.harbor.tenant_id, number=number, line_id=line.line.id, decided=decided,
        policy_digest=policy.digest, by=town.harbor.osei, at=AT,
    )  # fmt: skip
    advance(town.harbor.tenant_id, number, clock=lambda: AT)
    (asked,) = ask(town.priya, inquiry())
    again = json.loads(town.priya.submit(bundles.near()).content)["entry"][0]["resource"]
    for found in (asked, again):
        assert found["disposition"] == "1 adverse"
        assert [note["text"] for note in found["processNote"]] == [words]
        assert "preAuthRef" not in found
        reviewer = next(one for one in found["extension"] if one["url"].endswith("claimResponseReviewer"))
        assert reviewer["extension"] == [
            {"url": "wasHumanReviewedFlag", "valueBoolean": True},
            {"url": "reviewerSpecialty", "valueCodeableConcept": {"text": "Pulmonary Disease"}},
        ]


# ---- others --------------------------------------------------------------------------------------------------------


def performed_by_sam() -> Any:
    """A request of Priya's practice that Sam's practice is to perform."""
    made = bundles.met()
    claim = made["entry"][0]["resource"]
    south = b.organization("south", "SOUTH CLINIC", OTHER_NPI, "profile-organization", "1P")
    scope = [b.extension("careTeamClaimScope", valueBoolean=False)]
    claim["careTeam"].append({"extension": scope, "sequence": 2, "provider": {"reference": "Organization/south"}})
    claim["item"][0]["careTeamSequence"] = [2]
    made["entry"].append(b.entry(south))
    return made


def test_a_practice_with_no_part_in_it_sees_nothing(town: Town) -> None:
    sent(town, bundles.met())
    before = row_counts()
    assert ask(town.sam, inquiry(npi=OTHER_NPI)) == []
    assert row_counts() == before


def test_the_practice_that_will_perform_it_sees_it_and_who_asked(town: Town) -> None:
    number = sent(town, performed_by_sam())
    (found,) = ask(town.sam, inquiry(npi=OTHER_NPI))
    assert numbers([found]) == [number]
    assert found["requestor"]["reference"].startswith("urn:uuid:")


def test_the_clinician_who_ordered_it_sees_it_from_another_practice(town: Town) -> None:
    number = sent(town, bundles.met())
    assert numbers(ask(town.sam, inquiry(npi=OTHER_NPI, clinician=b.PHYSICIAN_NPI))) == [number]
    assert ask(town.sam, inquiry(npi=OTHER_NPI, clinician="1093817462")) == []


def test_what_is_sensitive_is_withheld_from_others_with_a_word_and_a_phone_number(town: Town) -> None:
    made = performed_by_sam()
    form = b.resource_of(made, "QuestionnaireResponse")
    form["meta"] = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY"}]}
    number = sent(town, made)
    before = row_counts()
    (outcome,) = ask(town.sam, inquiry(npi=OTHER_NPI))
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"] == [
        {
            "severity": "warning",
            "code": "suppressed",
            "diagnostics": "Requests of other organizations fit this inquiry and are not shown here. "
            "Call the payer at 1-555-0100.",
        }
    ]
    assert row_counts() == before
    assert numbers(ask(town.priya, inquiry())) == [number]


def test_another_payers_system_learns_nothing(town: Town) -> None:
    sent(town, bundles.met())
    (found,) = ask(town.mallory, inquiry())
    assert found["outcome"] == "error"
    assert found["error"][0]["code"]["text"] == "unknown-member"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (inquiry(member="MBR-4711"), "unknown-member"),
        (inquiry(npi=OTHER_NPI), "not-your-organization"),
        (inquiry(npi="1992739460"), "unknown-organization"),
        (
            inquiry(any_item(extension=[b.extension("productOrServiceCodeEnd", valueCodeableConcept=LAST)])),
            "code-range",
        ),
    ],
)  # fmt: skip
def test_an_inquiry_that_cannot_be_answered_says_why(town: Town, made: Any, code: str) -> None:
    sent(town, bundles.met())
    before = row_counts()
    (found,) = ask(town.priya, made)
    assert found["outcome"] == "error"
    assert found["error"][0]["code"]["text"] == code
    assert row_counts() == before


def test_a_token_for_submitting_does_not_look(town: Town) -> None:
    only = Speaker("ehr-priya").signed_in("system/Claim.$submit")
    assert only.inquire(inquiry()).status_code == 403
    assert only.submit(bundles.met()).status_code == 200
