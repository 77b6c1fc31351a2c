"""What a fact would have to be is said once, and only as tightly as it is meant."""

from __future__ import annotations

from datetime import date

import pytest

from openum.core.criteria import Asked, Leaf
from openum.core.span import Span
from openum.core.wanted import leaf_words, unit_words, wanted_words, worded


def leaf(op: str, value: object) -> Leaf:
    """A comparison of one fact."""
    return Leaf("x", op, value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("must", "unit", "words"),
    [
        ([], "", ""),
        ([(leaf("at_most", 88), True)], "%", "at most 88 %"),
        ([(leaf("at_most", 55), True), (leaf("at_least", 56), False), (leaf("at_most", 59), True)], "mm[Hg]",
         "at most 55 mm Hg"),
        ([(leaf("at_most", 88), True), (leaf("is", 89), False)], "%", "at most 88 %"),
        ([(leaf("at_most", 90), True), (leaf("is", 89), False)], "%", "at most 90 % and not is 89 %"),
        ([(leaf("below", 5), True), (leaf("above", 1), True)], "", "above 1 and below 5"),
        ([(leaf("at_least", 5), False), (leaf("at_most", 5), True)], "", "below 5"),
        ([(leaf("at_most", 5), False), (leaf("at_least", 5), True)], "", "above 5"),
        ([(leaf("above", 5), False), (leaf("below", 3), False)], "a", "at least 3 years and at most 5 years"),
        ([(leaf("is", 7), True), (leaf("at_least", 5), True)], "d", "is 7 days"),
        ([(leaf("is", True), True), (leaf("is", True), True)], "", "yes"),
        ([(leaf("is", True), False), (leaf("is", False), True)], "", "no"),
        ([(leaf("at_least", date(2026, 1, 2)), True)], "", "at least 2026-01-02"),
        ([(leaf("is", "a"), False), (leaf("one_of", ("b", "c")), True)], "", "not is a and one of b, c"),
        ([(leaf("at_least", Asked("quantity")), True), (leaf("at_least", 2), True)], "{visit}",
         "at least 2 visit and at least the quantity asked for"),
        ([(leaf("is", 5), False), (leaf("above", 5), True)], "", "above 5"),
    ],
)  # fmt: skip
def test_bounds_are_drawn_together(must: list[tuple[Leaf, bool]], unit: str, words: str) -> None:
    assert wanted_words(must, unit) == words


def test_one_comparison_is_said_as_it_is_and_denied_with_not() -> None:
    assert leaf_words(leaf("within", Span(days=7)), True, "") == "within 7 days before the service date"
    assert leaf_words(leaf("within", Span(days=7)), False, "") == "not within 7 days before the service date"
    assert leaf_words(leaf("at_most", 2.5), True, "kg/m2") == "at most 2.5 kg/m²"


def test_units_and_values_are_written_as_people_write_them() -> None:
    assert [unit_words(unit) for unit in ("mm[Hg]", "%", "{score}", "1", "mo")] == ["mm Hg", "%", "score", "", "months"]
    assert [worded(value) for value in (True, False, 2.0, 3, "low", date(2026, 1, 2))] == [
        "yes", "no", "2", "3", "low", "2026-01-02",
    ]  # fmt: skip
