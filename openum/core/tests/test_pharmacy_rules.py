"""Rules about drugs: transition supplies, steps, first supplies, notice before the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.pharmacy_rules import (
    Fill,
    FirstSupplyRule,
    NoticeBeforeEnd,
    StepAsked,
    StepRule,
    TransitionRule,
    all_known,
    first_supply,
    may_end,
    new_start,
    step_allowed,
    transition,
)

TRANSITION = TransitionRule(
    window_days=90,
    supply_days={"retail": 30, "long_term_care": 31},
    many_fills=frozenset({"long_term_care"}),
    groups=frozenset({"new"}),
    restrictions=frozenset({"step"}),
    edits_kept=frozenset({"safety"}),
    notice_clock="N",
)
FIRST = date(2026, 1, 1)
FILL = Fill(on=FIRST, group="new", starts=FIRST, restriction="step", ongoing=True, setting="retail")
STEP = StepRule(
    lookback_days=365,
    committee_needed=True,
    cross_benefit_plans=frozenset({"ma_pd"}),
    exception_clocks={"standard": "S"},
)
ASKED = StepAsked(on=date(2026, 11, 22), history_known=True, committee_approved=True)
OPIOIDS = FirstSupplyRule(most_days=7, exempt=frozenset({"cancer", "hospice"}))
NO_EXEMPTION = {"cancer": False, "hospice": False}
THIRTY = NoticeBeforeEnd(days=30, applies_to=frozenset({"infusion"}))


def test_the_ninetieth_day_is_the_last_of_the_window() -> None:
    last = transition(TRANSITION, replace(FILL, on=date(2026, 3, 31)))
    assert (last.verdict.answer, last.supply_days, last.last_day) == (YES, 30, date(2026, 3, 31))
    after = transition(TRANSITION, replace(FILL, on=date(2026, 4, 1)))
    assert (after.verdict.answer, after.supply_days) == (NO, None)
    assert after.verdict.reason == "The first 90 days ended on 2026-03-31."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"group": "old"}, "The rule does not speak of old."),
        ({"on": date(2025, 12, 31)}, "The fill is before the first day."),
        ({"restriction": "none"}, "A drug under none needs no transition supply."),
        ({"edit": "safety"}, "The check safety holds in a transition, too."),
        ({"ongoing": False}, "The prescription is new."),
        ({"supplied": 30}, "The transition supply was given already."),
    ],
)
def test_no_transition_supply_is_owed_and_the_reason_is_told(change: dict[str, object], reason: str) -> None:
    found = transition(TRANSITION, replace(FILL, **change))  # type: ignore[arg-type]
    assert (found.verdict.answer, found.verdict.reason) == (NO, reason)


@pytest.mark.parametrize("name", ["group", "starts", "restriction"])
def test_a_fill_of_which_something_needed_is_not_known_stays_open(name: str) -> None:
    found = transition(TRANSITION, replace(FILL, **{name: None}))  # type: ignore[arg-type]
    assert (found.verdict.answer, found.verdict.missing, found.supply_days) == (UNKNOWN, (name,), None)


def test_a_drug_of_which_nobody_knows_whether_it_is_new_counts_as_ongoing() -> None:
    found = transition(TRANSITION, replace(FILL, ongoing=None))
    assert found.verdict.answer is YES
    assert "counts as ongoing" in found.verdict.reason


def test_days_given_already_are_taken_off_except_where_fills_repeat() -> None:
    assert transition(TRANSITION, replace(FILL, supplied=10)).supply_days == 20
    assert transition(TRANSITION, replace(FILL, supplied=31, setting="long_term_care")).supply_days == 31
    assert transition(TRANSITION, replace(FILL, setting=None)).supply_days == 30
    assert transition(TRANSITION, replace(FILL, edit="quantity")).verdict.answer is YES


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_later_fill_is_never_owed_what_an_earlier_one_was_not(early: int, more: int) -> None:
    one = transition(TRANSITION, replace(FILL, on=FIRST + timedelta(days=early)))
    later = transition(TRANSITION, replace(FILL, on=FIRST + timedelta(days=early + more)))
    assert not (one.verdict.answer is NO and later.verdict.answer is YES)


def test_a_drug_taken_within_the_look_back_is_no_new_start() -> None:
    edge = ASKED.on - timedelta(days=365)
    assert new_start(STEP, replace(ASKED, last_taken=edge)) is NO
    assert new_start(STEP, replace(ASKED, last_taken=edge - timedelta(days=1))) is YES
    assert new_start(STEP, replace(ASKED, last_taken=ASKED.on)) is NO
    assert new_start(STEP, replace(ASKED, history_known=None)) is UNKNOWN
    assert new_start(STEP, replace(ASKED, history_known=False)) is UNKNOWN
    with pytest.raises(ValueError, match="last taken on 2026-11-23, after 2026-11-22"):
        new_start(STEP, replace(ASKED, last_taken=date(2026, 11, 23)))


def test_a_step_needs_a_new_start_the_committee_and_a_plan_that_may() -> None:
    assert step_allowed(STEP, ASKED).answer is YES
    assert step_allowed(STEP, replace(ASKED, last_taken=ASKED.on)).answer is NO
    assert step_allowed(STEP, replace(ASKED, committee_approved=False)).answer is NO
    crossing = replace(ASKED, crosses_benefits=True)
    assert step_allowed(STEP, replace(crossing, plan="ma_only")).answer is NO
    assert step_allowed(STEP, replace(crossing, plan="ma_pd")).answer is YES
    assert step_allowed(STEP, crossing).missing == ("plan",)


def test_what_nobody_looked_at_leaves_the_step_open() -> None:
    found = step_allowed(STEP, replace(ASKED, history_known=None, committee_approved=None))
    assert (found.answer, found.missing) == (UNKNOWN, ("history", "committee_approved"))
    free = replace(STEP, committee_needed=False)
    assert step_allowed(free, replace(ASKED, committee_approved=None)).answer is YES


@given(st.integers(0, 800), st.integers(0, 400))
def test_a_longer_look_back_never_allows_a_step_that_a_shorter_one_forbade(ago: int, more: int) -> None:
    asked = replace(ASKED, last_taken=ASKED.on - timedelta(days=ago))
    if step_allowed(STEP, asked).answer is NO:
        assert step_allowed(replace(STEP, lookback_days=STEP.lookback_days + more), asked).answer is NO


def test_a_first_supply_over_the_limit_asks_unless_somebody_is_exempt() -> None:
    assert first_supply(OPIOIDS, 7, True, {}).verdict.answer is NO
    over = first_supply(OPIOIDS, 8, True, NO_EXEMPTION)
    assert (over.verdict.answer, over.days) == (YES, 7)
    assert first_supply(OPIOIDS, 8, True, {"cancer": True}).verdict.reason == "Exempt: cancer."
    assert first_supply(OPIOIDS, 8, False, {}).verdict.answer is NO
    open_ = first_supply(OPIOIDS, 8, None, {"cancer": False})
    assert (open_.verdict.answer, open_.verdict.missing, open_.days) == (UNKNOWN, ("new_to_it", "hospice"), 7)
    with pytest.raises(ValueError, match="gout is no exemption; known are cancer, hospice"):
        first_supply(OPIOIDS, 8, True, {"gout": True})


@given(st.integers(1, 90), st.sampled_from([True, False, None]), st.sampled_from(["cancer", "hospice"]))
def test_an_exemption_never_puts_a_fill_over_the_limit(days: int, new: bool | None, name: str) -> None:
    assert first_supply(OPIOIDS, days, new, {**NO_EXEMPTION, name: True}).verdict.answer is NO


def test_a_drug_ends_thirty_days_after_notice_at_the_earliest() -> None:
    ends = date(2026, 12, 1)
    assert may_end(THIRTY, date(2026, 11, 1), ends, "infusion").answer is YES
    early = may_end(THIRTY, date(2026, 11, 2), ends, None)
    assert (early.answer, early.reason) == (
        NO,
        "After a notice on 2026-11-02 it may end on 2026-12-02 at the earliest.",
    )
    assert may_end(THIRTY, None, ends, None).reason == "No notice was given; it is due by 2026-11-01."
    assert may_end(THIRTY, date(2026, 1, 1), ends, "wheelchair").answer is UNKNOWN


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_last_day_for_notice_and_the_first_day_of_the_end_are_each_others_inverse(day: date) -> None:
    assert THIRTY.notice_by(THIRTY.first_end(day)) == day


def test_all_that_is_asked_for_must_be_known_and_so() -> None:
    assert all_known(("a", "b"), {"a": True, "b": True, "c": False}).answer is YES
    assert all_known(("a", "b"), {"a": False}).reason == "Not so: a."
    assert all_known(("a", "b"), {"a": True}).missing == ("b",)
    assert all_known((), {}).answer is YES
