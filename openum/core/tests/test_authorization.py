"""What an approval leaves behind, and what it already covers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.authorization import Authorization, authorize, check_digit
from openum.core.codes import Code
from openum.core.criteria import evaluate
from openum.core.determination import Determination, approve_by_person, decide_adverse, decide_excluded, not_required
from openum.core.policy import Grant
from openum.core.refusal import Refusal
from openum.core.span import Span
from openum.core.tests.invented_policies import AT, LOW, ON, OWN_WORDS, OXYGEN, a_line, a_person, a_policy, chart

NURSE, PHYSICIAN = a_person("um_nurse", "nurse"), a_person("medical_director", "physician")
HELD = Authorization(
    number="A1", code=OXYGEN, quantity=3, unit="month", valid_from=ON, valid_until=date(2026, 8, 31), place="12"
)
YEAR = Grant(lasts=Span(months=12), unit="month")


def approved(**changes: Any) -> tuple[Determination, Any]:
    line = a_line(**changes)
    return approve_by_person(line, a_policy(), by=NURSE, rationale="Seen.", at=AT), line


def test_an_approval_leaves_the_amount_asked_from_the_service_date_as_long_as_the_grant_lasts() -> None:
    determination, line = approved(quantity=12)
    assert authorize(determination, line, YEAR, number="A9", on=ON) == Authorization(
        number="A9", code=OXYGEN, quantity=12, unit="month", valid_from=ON, valid_until=date(2027, 6, 1),
        next_review=None, place="12",
    )  # fmt: skip


def test_the_unit_asked_for_goes_before_the_grants_and_a_stay_is_reviewed_again() -> None:
    determination, line = approved(unit="day")
    made = authorize(determination, line, replace(YEAR, review_every=Span(days=7)), number="A9", on=ON)
    assert (made.unit, made.next_review) == ("day", date(2026, 6, 8))


@pytest.mark.parametrize(
    ("ends", "until"),
    [(date(2026, 6, 30), date(2027, 6, 1)), (date(2027, 6, 1), date(2027, 6, 1)), (date(2027, 9, 1), date(2027, 9, 1))],
)
def test_a_stated_end_never_shortens_an_approval_and_may_lengthen_it(ends: date, until: date) -> None:
    determination, line = approved(service_to=ends)
    assert authorize(determination, line, YEAR, number="A9", on=ON).valid_until == until


def against(quantity: float | None) -> Determination:
    return decide_adverse(
        a_line(quantity=10), a_policy(), evaluate(LOW, chart(saturation=93)), by=PHYSICIAN, at=AT, quantity=quantity,
        criterion_not_met=LOW.label, rationale=OWN_WORDS,
    )  # fmt: skip


def test_a_part_leaves_an_authorization_for_that_part() -> None:
    assert authorize(against(4), a_line(quantity=10), YEAR, number="A9", on=ON).quantity == 4


def test_what_was_not_approved_leaves_none() -> None:
    line = a_line()
    excluded = decide_excluded(line, by=PHYSICIAN, clause="4.2", rationale=OWN_WORDS, at=AT)
    for determination in (against(None), excluded, not_required(line, "On no list.", at=AT)):
        with pytest.raises(Refusal) as caught:
            authorize(determination, line, YEAR, number="A9", on=ON)
        assert caught.value.code == "nothing-approved"


@pytest.mark.parametrize(
    ("line", "on", "covered"),
    [
        ({}, ON, True),
        ({}, date(2026, 5, 31), False),
        ({}, date(2026, 8, 31), True),
        ({}, date(2026, 9, 1), False),
        ({"code": Code("hcpcs", "E1391")}, ON, False),
        ({"code": Code("cpt", "E1390")}, ON, True),
        ({"code": Code("revenue", "E1390")}, ON, False),
        ({"service_to": date(2026, 8, 31)}, ON, True),
        ({"service_to": date(2026, 9, 1)}, ON, False),
        ({"quantity": 3}, ON, True),
        ({"quantity": 3.5}, ON, False),
        ({"quantity": None}, ON, False),
        ({"unit": "month"}, ON, True),
        ({"unit": "day"}, ON, False),
        ({"place": ""}, ON, True),
        ({"place": "22"}, ON, False),
    ],
)
def test_an_authorization_covers_a_whole_line_or_it_does_not(line: dict[str, Any], on: date, covered: bool) -> None:
    assert HELD.grants(a_line(**line), on) is covered


def test_an_authorization_without_a_limit_a_unit_or_a_place_covers_any() -> None:
    free = replace(HELD, quantity=None, unit="", place="")
    assert free.grants(a_line(quantity=99, unit="day", place="22"), ON)
    assert free.grants(a_line(quantity=None), ON)


@pytest.mark.parametrize(
    ("digits", "digit"),
    [
        ("7992739871", "3"),
        ("411111111111111", "1"),
        ("37828224631000", "5"),
        ("0", "0"),
        ("", "0"),
        ("9", "1"),
        ("5", "9"),
    ],
)
def test_the_check_digit_is_luhns(digits: str, digit: str) -> None:
    assert check_digit(digits) == digit


def _luhn_total(number: str) -> int:
    table = {"0": 0, "1": 2, "2": 4, "3": 6, "4": 8, "5": 1, "6": 3, "7": 5, "8": 7, "9": 9}
    return sum(table[one] if place % 2 else int(one) for place, one in enumerate(reversed(number)))


@given(st.text("0123456789", min_size=1, max_size=12), st.data())
def test_every_single_misread_digit_is_caught(digits: str, data: st.DataObject) -> None:
    number = digits + check_digit(digits)
    assert _luhn_total(number) % 10 == 0
    place = data.draw(st.integers(0, len(digits) - 1))
    other = data.draw(st.sampled_from([one for one in "0123456789" if one != digits[place]]))
    assert check_digit(digits[:place] + other + digits[place + 1 :]) != number[-1]
