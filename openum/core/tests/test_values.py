"""Cells: one value for each stretch between which no question changes its answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.core.values import OTHER, Cell, cells_of

ON = date(2026, 6, 1)


def domain(type: Any, **more: Any) -> FactDefinition:
    return FactDefinition(id="x", type=type, question="?", **more)


def test_a_threshold_has_itself_and_both_sides() -> None:
    assert cells_of([("at_most", 88), ("above", 92)], ON, None) == (
        Cell(88, (True, False)),
        Cell(92, (False, False)),
        Cell(93, (False, True)),
    )


def test_values_outside_the_range_are_left_out_and_its_ends_are_kept() -> None:
    tests: list[Any] = [("is", 1), ("above", 4), ("below", 0)]
    assert {one.value for one in cells_of(tests, ON, domain("number", least=0, most=4))} == {0, 1}
    assert {one.value for one in cells_of(tests, ON, domain("number", least=0))} == {0, 1, 5}
    assert {one.value for one in cells_of(tests, ON, domain("number", most=5))} == {0, 1, -1, 5}


def test_a_value_between_two_thresholds_stands_for_the_stretch_between() -> None:
    assert Cell(2.5, (True, True)) in cells_of([("above", 2), ("below", 3)], ON, None)


def test_yes_and_no_are_the_cells_of_a_boolean_even_where_one_is_tested() -> None:
    assert cells_of([("is", True)], ON, None) == (Cell(True, (True,)), Cell(False, (False,)))
    assert cells_of([], ON, domain("boolean"), also=()) == (Cell(True, ()),)
    assert cells_of([("is", "odd")], ON, domain("boolean")) == (Cell(True, (False,)),)


def test_a_choice_has_what_is_named_the_rest_of_its_list_or_another_value() -> None:
    tests: list[Any] = [("one_of", ("a", "b")), ("is", "a")]
    assert cells_of(tests, ON, None) == (
        Cell("a", (True, True)), Cell("b", (True, False)), Cell(OTHER, (False, False)),
    )  # fmt: skip
    assert cells_of(tests, ON, domain("choice", choices=("a", "b"))) == (
        Cell("a", (True, True)), Cell("b", (True, False)),
    )  # fmt: skip
    assert Cell(OTHER, (False, False)) in cells_of(tests, ON, domain("text"))


def test_a_span_has_its_edges_and_the_days_beyond() -> None:
    assert cells_of([("within", Span(days=30))], ON, None) == (
        Cell(ON + timedelta(days=1), (False,)), Cell(ON, (True,)),
    )  # fmt: skip


def test_only_given_values_or_none_below_the_least() -> None:
    assert cells_of([("at_least", 6)], ON, None, only=(7,)) == (Cell(7, (True,)),)
    assert cells_of([("at_least", 6)], ON, None, also=(7,), least=6) == (Cell(6, (True,)),)


@given(
    st.lists(
        st.tuples(st.sampled_from(["at_least", "at_most", "above", "below", "is"]), st.integers(0, 6)), min_size=1
    ),
    st.integers(-14, 26).map(lambda n: n / 2),
)
def test_every_number_lies_in_one_cell(tests: list[Any], value: float) -> None:
    (here,) = cells_of(tests, ON, None, only=(value,))
    assert [one.answers for one in cells_of(tests, ON, None)].count(here.answers) == 1


@pytest.mark.parametrize("days", range(-10, 3))
def test_every_day_lies_in_one_cell(days: int) -> None:
    tests: list[Any] = [("within", Span(days=7)), ("is", ON), ("at_least", ON - timedelta(days=3))]
    (here,) = cells_of(tests, ON, None, only=(ON + timedelta(days=days),))
    assert [one.answers for one in cells_of(tests, ON, None)].count(here.answers) == 1
