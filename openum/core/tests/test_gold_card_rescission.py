"""A gold card is taken away by a person, in its window, on a sample that fails, after notice; otherwise it holds."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from openum.core.actor import Actor, software
from openum.core.gold_card import Exemption, Unit
from openum.core.gold_card_rescission import RescissionRule, rescind
from openum.core.refusal import Refusal

RULE = RescissionRule(
    id="XX-RESCIND",
    months=frozenset({1}),
    sample_least=5,
    sample_most=20,
    rate=Fraction(90, 100),
    advance_days=25,
    after_notice_days=30,
    after_affirmed_days=5,
)
CARD = Exemption(program="XX-GOLD", unit=Unit("1", "2", "3"), starts_on=date(2026, 1, 5))
OSEI = Actor(kind="person", id="7", name="Dr. Osei", role="medical_director")
DONE = {"by": OSEI, "decided_on": date(2027, 1, 4), "notice_on": date(2027, 1, 4), "size": 10, "met": 8}


def test_a_failed_sample_told_in_january_ends_it_on_the_thirtieth_day() -> None:
    ended = rescind(CARD, RULE, **DONE)
    assert ended == replace(CARD, ends_on=date(2027, 2, 3))
    assert ended.in_force(date(2027, 2, 2))
    assert not ended.in_force(date(2027, 2, 3))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"by": software("sampling")}, "person-must-decide"),
        ({"decided_on": date(2027, 2, 1), "notice_on": date(2027, 2, 1)}, "rescission-window-closed"),
        ({"size": 4, "met": 0}, "sample-does-not-allow"),
        ({"size": 21, "met": 0}, "sample-does-not-allow"),
        ({"size": 10, "met": 9}, "sample-does-not-allow"),
        ({"asked_iro": True}, "rescission-not-effective"),
        ({"affirmed_on": date(2027, 1, 10)}, "notice-too-late"),
        ({"notice_on": date(2027, 1, 3)}, "notice-too-late"),
        ({"protected_until": date(2027, 2, 3)}, "exemption-protected"),
    ],
)
def test_without_any_one_of_its_conditions_the_exemption_holds(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        rescind(CARD, RULE, **{**DONE, **change})
    assert refused.value.code == code


def test_after_the_independent_reviewer_it_ends_on_the_fifth_day() -> None:
    assert rescind(CARD, RULE, **DONE, affirmed_on=date(2027, 2, 24)).ends_on == date(2027, 3, 1)


def test_the_next_window_is_this_month_or_the_next_one_that_is_open() -> None:
    assert RULE.next_window(date(2026, 6, 1)) == date(2027, 1, 1)
    assert RULE.next_window(date(2027, 1, 31)) == date(2027, 1, 1)
    assert replace(RULE, months=frozenset()).next_window(date(2026, 12, 31)) == date(2026, 12, 1)


def test_an_unknown_number_is_not_computed_with() -> None:
    rule = replace(RULE, advance_days=None, after_notice_days=None)
    assert rule.effective_on(notice_on=date(2027, 1, 4)) is None
    assert rule.told_in_time(notice_on=date(2027, 1, 4), proposed_on=date(2027, 1, 4))


@pytest.mark.parametrize(("size", "met"), [(5, 6), (5, -1)])
def test_a_sample_that_cannot_be_is_a_fault(size: int, met: int) -> None:
    with pytest.raises(ValueError, match="cannot have met"):
        RULE.sample_allows(size, met)
