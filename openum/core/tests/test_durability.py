"""How firm an approval is: every rule must leave a reopening, and what is not known never makes one easier."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.calendar import Calendar
from openum.core.clock_rule import Length
from openum.core.durability import GROUNDS, Approval, DurabilityRule, locked_until, may_reopen, still_valid

ON = date(2026, 11, 2)
APPROVAL = Approval(line_of_business="medicare-advantage", state="TX", kind="inpatient_admission", approved_on=ON)
ERROR_ONLY = DurabilityRule(
    id="A",
    words="…",
    grounds=frozenset({"obvious_error", "fraud"}),
    later_information_for=frozenset({"fraud"}),
    record=("the evidence",),
)
LOCK = DurabilityRule(id="L", words="…", started_within=Length(45, "cd"))
PLAIN = Calendar("plain", frozenset())


def reopen(*rules, ground="obvious_error", found=False, approval=APPROVAL, on=ON, calendar=None):
    return may_reopen(approval, ground, found, on=on, rules=rules, calendar=calendar)


def test_a_ground_every_rule_leaves_may_be_used_by_a_person_with_a_record() -> None:
    found = reopen(ERROR_ONLY, replace(ERROR_ONLY, id="B", record=("the person", "the evidence")))
    assert found.allowed
    assert found.by == ("A", "B")
    assert found.record == ("the evidence", "the person")
    assert found.why == "every rule that applies leaves this ground; a person decides"


def test_a_ground_one_rule_does_not_leave_may_not() -> None:
    found = reopen(ERROR_ONLY, ground="reassessed_necessity")
    assert (found.allowed, found.by, found.record) == (False, ("A",), ())
    assert found.why == "A: reassessed necessity is no ground"


def test_what_was_learned_after_the_approval_counts_only_where_the_rule_says_so() -> None:
    assert reopen(ERROR_ONLY, found=True).why == "A: what was learned after the approval cannot be used"
    assert reopen(ERROR_ONLY, found=None).why.endswith("; not known when it was learned")
    assert reopen(ERROR_ONLY, ground="fraud", found=True).allowed
    assert reopen(replace(ERROR_ONLY, later_information_for=None), found=True).allowed


def test_without_a_rule_that_applies_nothing_speaks_against_it_and_still_a_person_decides() -> None:
    found = reopen(replace(ERROR_ONLY, states=frozenset({"WA"})), ground="change_of_mind")
    assert (found.allowed, found.why) == (True, "no rule that applies speaks against it; a person decides")


def test_a_rule_binds_line_state_kind_and_the_days_it_was_in_force() -> None:
    rule = replace(ERROR_ONLY, lines_of_business=frozenset({"medicare-advantage"}), kinds=frozenset({"service"}))
    assert not rule.applies(APPROVAL)
    assert rule.applies(replace(APPROVAL, kind="service"))
    assert rule.applies(replace(APPROVAL, kind="", line_of_business=""))
    assert not rule.applies(replace(APPROVAL, kind="service", line_of_business="erisa"))
    dated = replace(ERROR_ONLY, effective_from=ON, effective_to=ON + timedelta(days=1))
    assert not dated.applies(replace(APPROVAL, approved_on=ON - timedelta(days=1)))
    assert dated.applies(replace(APPROVAL, approved_on=ON + timedelta(days=1)))
    assert not dated.applies(replace(APPROVAL, approved_on=ON + timedelta(days=2)))
    assert dated.applies(replace(APPROVAL, approved_on=None))


def test_care_begun_in_time_locks_an_approval_for_good() -> None:
    begun = replace(APPROVAL, started_on=ON + timedelta(days=45))
    assert locked_until(begun, (LOCK,)) == date.max
    found = reopen(LOCK, ground="fraud", approval=begun, on=ON + timedelta(days=400))
    assert (found.allowed, found.why) == (False, "L: locked")
    late = replace(APPROVAL, started_on=ON + timedelta(days=46))
    assert locked_until(late, (LOCK,)) is None
    assert reopen(LOCK, approval=late).allowed


def test_care_not_begun_locks_it_while_it_may_still_begin() -> None:
    assert locked_until(APPROVAL, (LOCK,)) == date(2026, 12, 17)
    assert reopen(LOCK, on=date(2026, 12, 17)).why == "L: locked until 2026-12-17"
    assert reopen(LOCK, on=date(2026, 12, 18)).allowed
    assert locked_until(replace(APPROVAL, approved_on=None), (LOCK,)) == date.max


def test_business_days_need_a_calendar() -> None:
    business = replace(LOCK, started_within=Length(5, "bd"))
    assert locked_until(APPROVAL, (business,), calendar=PLAIN) == date(2026, 11, 9)
    with pytest.raises(ValueError, match="5 business days need a calendar"):
        locked_until(APPROVAL, (business,))


def test_ninety_days_from_enrollment_count_the_first_one() -> None:
    rule = DurabilityRule(id="N", words="…", holds_for=Length(90, "cd"))
    new = replace(APPROVAL, enrolled_on=date(2027, 1, 1))
    assert locked_until(new, (rule,)) == date(2027, 3, 31)
    assert not reopen(rule, approval=new, on=date(2027, 3, 31)).allowed
    assert reopen(rule, approval=new, on=date(2027, 4, 1)).allowed
    assert locked_until(APPROVAL, (rule,)) is None
    assert locked_until(new, (rule, LOCK)) == date(2027, 3, 31)


def test_an_unknown_ground_is_a_fault() -> None:
    with pytest.raises(ValueError, match="'boredom' is no ground"):
        reopen(ground="boredom")


def test_an_approval_holds_until_a_condition_is_known_not_to() -> None:
    rule = replace(ERROR_ONLY, valid_while=("necessary", "avoids_disruption"))
    assert still_valid(rule, {"necessary": True, "avoids_disruption": True}) is YES
    assert still_valid(rule, {"necessary": True}) is UNKNOWN
    assert still_valid(rule, {"necessary": False}) is NO
    assert still_valid(ERROR_ONLY, {}) is YES


rules = st.builds(
    DurabilityRule,
    id=st.sampled_from("ABC"),
    words=st.just("…"),
    states=st.frozensets(st.sampled_from(("TX", "WA"))),
    kinds=st.frozensets(st.sampled_from(("inpatient_admission", "service"))),
    effective_from=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    grounds=st.none() | st.frozensets(st.sampled_from(sorted(GROUNDS))),
    later_information_for=st.none() | st.frozensets(st.sampled_from(sorted(GROUNDS))),
    started_within=st.none() | st.just(Length(45, "cd")),
    holds_for=st.none() | st.just(Length(90, "cd")),
)
approvals = st.builds(
    Approval,
    state=st.sampled_from(("", "TX", "WA")),
    kind=st.sampled_from(("", "service", "inpatient_admission")),
    approved_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    started_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    enrolled_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
known = st.sampled_from((True, False, None))


@settings(max_examples=200)
@given(approvals, st.sampled_from(sorted(GROUNDS)), known, st.lists(rules, max_size=3), rules)
def test_one_more_rule_never_makes_a_reopening_easier(approval, ground, found, some, further):
    before = reopen(*some, ground=ground, found=found, approval=approval)
    after = reopen(*some, further, ground=ground, found=found, approval=approval)
    assert after.allowed <= before.allowed


@settings(max_examples=100)
@given(approvals, st.lists(rules, max_size=3), rules)
def test_one_more_rule_never_shortens_a_lock(approval, some, further):
    before, after = locked_until(approval, some), locked_until(approval, [*some, further])
    assert before is None or (after is not None and after >= before)


@settings(max_examples=100)
@given(approvals, st.sampled_from(sorted(GROUNDS)), st.lists(rules, max_size=3))
def test_not_known_when_it_was_found_is_never_easier_than_found_later(approval, ground, some):
    later = reopen(*some, ground=ground, found=True, approval=approval)
    assert reopen(*some, ground=ground, found=None, approval=approval).allowed is later.allowed
