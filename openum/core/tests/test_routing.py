"""Where a line goes: each way, and which goes before which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from openum.core.authorization import Authorization
from openum.core.benefits import BenefitFinding
from openum.core.chart import Value
from openum.core.codes import Code
from openum.core.criteria import evaluate
from openum.core.policy import Reviewer
from openum.core.request import Identifier, MemberRef, PartyRef, Request
from openum.core.requirement import Rule
from openum.core.routing import Pending, Triage, lane_of, priority_of, triage
from openum.core.tests.invented_policies import LOW, ON, OXYGEN, a_line, a_policy, chart

COVERED = BenefitFinding(status="covered", reason="Covered.", clause="")
UNSETTLED = BenefitFinding(status="excluded", reason="The plan leaves this out.", clause="Section 4.2")
HELD = Authorization(number="A1", code=OXYGEN, quantity=3, unit="", valid_from=ON, valid_until=date(2026, 8, 31))
TWIN = Pending(request_number="R7", code="E1390", service_from=ON, requester_npi="1234567893")
TO_PERSON = "Texas names other criteria for this service."


def rule(needs: Any = "authorization") -> Rule:
    return Rule(needs=needs, what="Oxygen devices", cite="List 1")


def way(**changes: Any) -> Triage:
    given: dict[str, Any] = {
        "line": a_line(), "rule": rule(), "policy": a_policy(), "benefit": COVERED, "requester_npi": "1234567893",
        "on": ON,
    }  # fmt: skip
    given |= changes
    return triage(given.pop("line"), **given)


def test_what_never_needs_asking_is_closed_with_the_rule_it_rests_on() -> None:
    assert way(rule=rule("never")) == Triage(
        step="not_required", reason="Oxygen devices need no authorization.", cite="List 1"
    )


def test_where_notice_is_enough_the_request_is_the_notice() -> None:
    assert way(rule=rule("notification")) == Triage(
        step="notified", reason="Oxygen devices: notice is enough, and this is it.", cite="List 1"
    )


def test_what_is_already_granted_is_not_decided_again_and_the_number_is_named() -> None:
    assert way(active=[HELD]) == Triage(
        step="already_authorized", reason="Already authorized under A1 until 2026-08-31.", refers_to="A1"
    )


def test_the_first_authorization_that_covers_the_whole_line_is_named_and_no_other_holds_it_up() -> None:
    short = Authorization(number="A0", code=OXYGEN, quantity=0.5, unit="", valid_from=ON, valid_until=ON)
    assert way(active=iter([short, HELD])).refers_to == "A1"
    assert way(active=[short]).step == "criteria"


def test_the_same_service_asked_for_twice_goes_to_intake_and_is_not_closed() -> None:
    assert way(pending=[TWIN]) == Triage(
        step="duplicate", reason="The same service for the same member is already under review as R7.",
        lane="intake_coordinator", refers_to="R7",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pending", "step"),
    [
        ({"code": "E1391"}, "criteria"),
        ({"service_from": date(2026, 6, 2)}, "criteria"),
        ({"service_from": None}, "duplicate"),
        ({"requester_npi": "1999999992"}, "criteria"),
        ({"request_number": "R8"}, "duplicate"),
    ],
)
def test_another_service_day_or_requester_is_no_duplicate(pending: dict[str, Any], step: str) -> None:
    given = {"request_number": "R7", "code": "E1390", "service_from": ON, "requester_npi": "1234567893"}
    other = Pending(request_number="R1", code="E9999", service_from=ON, requester_npi="1234567893")
    assert way(pending=iter([other, Pending(**(given | pending))])).step == step


@pytest.mark.parametrize("status", ["excluded", "limit_exceeded", "out_of_network", "ineligible", "unknown"])
def test_what_the_plan_may_not_cover_goes_to_a_benefits_reviewer_with_the_clause(status: Any) -> None:
    finding = BenefitFinding(status=status, reason="Section 4.2 may apply.", clause="Section 4.2")
    assert way(benefit=finding) == Triage(
        step="person", reason="Section 4.2 may apply.", cite="Section 4.2", lane="benefits_reviewer"
    )


def test_a_missing_referral_goes_to_intake() -> None:
    assert way(rule=rule("referral")) == Triage(
        step="person", reason="Oxygen devices need a referral from the member's primary-care clinician.",
        cite="List 1", lane="intake_coordinator",
    )  # fmt: skip


def test_care_after_stabilization_goes_to_a_nurse_on_its_own_clock() -> None:
    assert way(rule=rule("post_stabilization")) == Triage(
        step="person", reason="Oxygen devices: a person answers within the post-stabilization clock.", cite="List 1",
        lane="um_nurse",
    )  # fmt: skip


def test_a_service_no_policy_speaks_of_goes_to_a_nurse() -> None:
    assert way(policy=None) == Triage(
        step="person", cite="List 1", lane="um_nurse",
        reason="Authorization is needed and no policy in force speaks about this service: a person decides.",
    )  # fmt: skip


def test_a_policy_that_must_not_decide_goes_to_a_nurse_with_its_reason() -> None:
    assert way(policy=a_policy(to_person=TO_PERSON)) == Triage(
        step="person", reason=TO_PERSON, cite="Invented 1", lane="um_nurse"
    )


def test_all_else_is_judged_by_the_criteria() -> None:
    assert way() == Triage(step="criteria", reason="Oxygen devices need authorization.", cite="List 1")


IN_ORDER: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"active": [HELD]}, ("already_authorized", "")),
    ({"pending": [TWIN]}, ("duplicate", "intake_coordinator")),
    ({"benefit": UNSETTLED}, ("person", "benefits_reviewer")),
    ({"policy": None}, ("person", "um_nurse")),
    ({}, ("criteria", "")),
]


@pytest.mark.parametrize("first", range(len(IN_ORDER)))
def test_held_goes_before_duplicate_before_benefits_before_a_missing_policy(first: int) -> None:
    both: dict[str, Any] = {}
    for changes, _ in IN_ORDER[first:]:
        both |= changes
    found = way(**both)
    assert (found.step, found.lane) == IN_ORDER[first][1]


@pytest.mark.parametrize(("needs", "step"), [("never", "not_required"), ("notification", "notified")])
def test_what_needs_no_asking_goes_before_everything(needs: str, step: str) -> None:
    found = way(rule=rule(needs), active=[HELD], pending=[TWIN], benefit=UNSETTLED, policy=None)
    assert (found.step, found.lane, found.refers_to) == (step, "", "")


@pytest.mark.parametrize("needs", ["referral", "post_stabilization"])
def test_benefits_go_before_a_referral_and_these_before_the_policy(needs: str) -> None:
    assert way(rule=rule(needs), benefit=UNSETTLED).lane == "benefits_reviewer"
    assert way(rule=rule(needs), active=[HELD]).step == "already_authorized"
    for policy in (None, a_policy(to_person=TO_PERSON)):
        assert way(rule=rule(needs), policy=policy).reason.startswith("Oxygen devices")


@pytest.mark.parametrize(
    ("answer", "role", "lane"),
    [
        (86, "physician", ""),
        (86, "pharmacist", ""),
        (86, "dentist", ""),
        (93, "physician", "um_nurse"),
        (93, "behavioral", "um_nurse"),
        (93, "pharmacist", "pharmacist"),
        (93, "dentist", "medical_director"),
        (None, "physician", "um_nurse"),
        (None, "behavioral", "um_nurse"),
        (None, "pharmacist", "pharmacist"),
        (None, "dentist", "um_nurse"),
    ],
)
def test_who_takes_what_the_criteria_did_not_approve(answer: Value | None, role: Any, lane: str) -> None:
    assert lane_of(evaluate(LOW, chart(saturation=answer)), a_policy(reviewer=Reviewer(role=role))) == lane


def a_request(**changes: Any) -> Request:
    return Request(
        submission=Identifier("s", "1"), member=MemberRef(member_id="M1"), insurer=PartyRef(), requester=PartyRef(),
        **changes,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("review_type", "priority", "expected"),
    [
        ("prospective", "expedited", "expedited"),
        ("prospective", "standard", "standard"),
        ("concurrent", "expedited", "expedited"),
        ("retrospective", "expedited", "standard"),
        ("retrospective", "standard", "standard"),
    ],
)
def test_the_senders_word_makes_it_fast_except_for_care_already_given(
    review_type: Any, priority: Any, expected: str
) -> None:
    assert priority_of(a_request(review_type=review_type, priority=priority)) == expected


def test_a_code_of_another_kind_is_not_granted() -> None:
    assert way(line=a_line(code=Code("icd10pcs", "E1390")), active=[HELD]).step == "criteria"


def test_two_requesters_without_an_npi_are_taken_for_one_and_a_person_looks() -> None:
    unnamed = Pending(request_number="R7", code="E1390", service_from=ON, requester_npi="")
    found = triage(a_line(), rule=rule(), policy=a_policy(), benefit=COVERED, pending=[unnamed], on=ON)
    assert (found.step, found.lane) == ("duplicate", "intake_coordinator")
