"""Exceptions, missed answers, emergency supplies and safety programs: nothing in here can refuse."""

from __future__ import annotations

from datetime import date

import pytest

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.pharmacy_exceptions import (
    EmergencySupply,
    ExceptionRule,
    SafetyProgram,
    clock_of,
    deemed_approved,
    exception_for,
    ground_stated,
    holds_until,
)

RULE = ExceptionRule(
    lifts={"step": "waiver"},
    grounds=frozenset({"failed", "harm"}),
    clocks={"AZ": {"standard": "AZ-1"}, "*": {"standard": "US-1", "urgent": "US-2"}},
    deemed={"AZ": (), "OK": ("by_system",)},
    lasts="plan_year",
    while_so=("prescribed", "safe"),
)
PROGRAM = SafetyProgram(records=("prescriber", "patient"))


def test_a_restriction_is_lifted_by_its_exception() -> None:
    assert exception_for(RULE, "step") == "waiver"
    with pytest.raises(ValueError, match="tier is no restriction of this rule; known are step"):
        exception_for(RULE, "tier")


def test_one_ground_is_enough_and_none_is_asked_for_rather_than_refused() -> None:
    assert ground_stated(RULE, ["harm"]).answer is YES
    none = ground_stated(RULE, [])
    assert (none.answer, none.missing) == (UNKNOWN, ("failed", "harm"))
    with pytest.raises(ValueError, match="taste is no ground here; known are failed, harm"):
        ground_stated(RULE, ["taste"])


def test_a_state_s_own_clock_goes_before_the_general_one() -> None:
    assert clock_of(RULE, "AZ", "urgent") == "AZ-1"
    assert clock_of(RULE, "OH", "urgent") == "US-2"
    assert clock_of(RULE, None, "standard") == "US-1"
    bare = ExceptionRule(lifts={}, grounds=frozenset(), clocks={}, deemed={})
    assert clock_of(bare, "AZ", "urgent") == ""


def test_a_late_answer_is_approval_only_where_the_law_says_so() -> None:
    assert deemed_approved(RULE, "AZ", missed=True, facts={}).answer is YES
    assert deemed_approved(RULE, "AZ", missed=False, facts={}).answer is NO
    assert deemed_approved(RULE, "AZ", missed=None, facts={}).missing == ("missed",)
    assert deemed_approved(RULE, "TX", missed=True, facts={}).answer is NO
    assert deemed_approved(RULE, "OK", missed=True, facts={"by_system": False}).answer is NO
    assert deemed_approved(RULE, "OK", missed=True, facts={}).missing == ("by_system",)


def test_an_approval_holds_for_the_plan_year_only_while_that_is_known_to_be_right() -> None:
    end = date(2026, 12, 31)
    assert holds_until(RULE, end, {"prescribed": True, "safe": True}) == end
    assert holds_until(RULE, end, {"prescribed": True}) is None
    assert holds_until(RULE, None, {"prescribed": True, "safe": True}) is None
    plain = ExceptionRule(lifts={}, grounds=frozenset(), clocks={}, deemed={})
    assert holds_until(plain, end, {}) is None


def test_an_emergency_supply_needs_all_its_conditions() -> None:
    supply = EmergencySupply(hours=72, needs=("emergency",), clocks={})
    assert supply.applies({"emergency": True}).answer is YES
    assert supply.applies({"emergency": False}).answer is NO
    assert supply.applies({}).answer is UNKNOWN


def test_a_record_of_a_safety_program_that_is_missing_is_asked_for_and_never_denies() -> None:
    assert PROGRAM.ready(["patient", "prescriber"]).answer is YES
    short = PROGRAM.ready(["patient"])
    assert (short.answer, short.missing) == (UNKNOWN, ("prescriber",))
    assert PROGRAM.is_ground_to_deny() is NO
    with pytest.raises(ValueError, match="passport is no record here; known are prescriber, patient"):
        PROGRAM.lacking(["passport"])


def test_only_the_fda_s_restriction_lets_a_plan_leave_retail_pharmacies_out() -> None:
    assert PROGRAM.may_limit_pharmacies(True) is YES
    assert PROGRAM.may_limit_pharmacies(False) is NO
    assert PROGRAM.may_limit_pharmacies(None) is UNKNOWN
