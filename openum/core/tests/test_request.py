"""What a request line says of itself, as facts that criteria may compare with."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from openum.core.chart import Fact
from openum.core.request import LINES_OF_BUSINESS, LineOfBusiness, asked_facts
from openum.core.tests.invented_policies import ON, a_line


def test_a_full_line_states_eight_facts_and_names_itself_as_the_source() -> None:
    line = a_line(sequence=2, quantity=3, unit="month", service_to=date(2026, 6, 30), category="12", certification="R")
    expected = {
        "asked.code": "E1390", "asked.quantity": 3, "asked.unit": "month", "asked.place": "12", "asked.days": 30,
        "asked.date": ON, "asked.certification": "R", "asked.category": "12",
    }  # fmt: skip
    assert asked_facts(line) == tuple(Fact(name, value, "request line 2") for name, value in expected.items())


def test_what_the_line_does_not_say_is_unknown_and_not_empty() -> None:
    line = a_line(quantity=None, unit="", service_from=None, place="", certification="")
    assert {one.name: one.value for one in asked_facts(line) if one.value is not None} == {"asked.code": "E1390"}


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (ON, None, 1),
        (ON, ON, 1),
        (ON, date(2026, 6, 2), 2),
        (ON, date(2026, 5, 31), None),
        (None, ON, None),
        (None, None, None),
    ],
)
def test_days_asked_for_count_both_ends_and_a_service_that_ends_before_it_begins_has_none(
    first: date | None, last: date | None, days: int | None
) -> None:
    facts = {one.name: one.value for one in asked_facts(a_line(service_from=first, service_to=last))}
    assert facts["asked.days"] == days


def test_every_line_of_business_is_listed_once() -> None:
    assert get_args(LineOfBusiness) == LINES_OF_BUSINESS
