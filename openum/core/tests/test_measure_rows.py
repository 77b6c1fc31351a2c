"""Typed rows, and which version of a row was known when."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from openum.core.measure_rows import Column, known_at, read_records, read_row, read_value
from openum.core.tests.invented_measures import REQUESTS, rows


def column(kind: Any, *choices: str) -> Column:
    return Column(name="c", type=kind, means="A column.", choices=choices)


def test_values_are_read_by_the_type_of_their_column() -> None:
    assert read_value(column("text"), "x") == "x"
    assert read_value(column("choice", "a", "b"), "a") == "a"
    assert read_value(column("boolean"), False) is False
    assert read_value(column("number"), 1.5) == Decimal("1.5")
    assert read_value(column("number"), "0.10") == Decimal("0.10")
    assert read_value(column("date"), "2028-02-29") == date(2028, 2, 29)
    assert read_value(column("date"), date(2028, 2, 29)) == date(2028, 2, 29)
    assert read_value(column("moment"), "2026-03-08T02:30:00-05:00") == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert read_value(column("moment"), datetime(2026, 3, 8, tzinfo=UTC)) == datetime(2026, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["text", "choice", "boolean", "number", "date", "moment"])
def test_nothing_stays_nothing_in_every_type(kind: str) -> None:
    assert read_value(column(kind), None) is None


@pytest.mark.parametrize(
    ("kind", "said", "wanted"),
    [
        ("text", 3, "text"),
        ("boolean", "true", "true or false"),
        ("number", True, "a number"),
        ("number", "many", "a number"),
        ("number", "NaN", "a number"),
        ("date", "2026-02-29", "a day"),
        ("date", "20260228", "a day"),
        ("date", datetime(2026, 1, 1, tzinfo=UTC), "a day"),
        ("date", 20260101, "a day"),
        ("moment", "2026-03-08T02:30:00", "a moment with its zone"),
        ("moment", "soon", "a moment with its zone"),
        ("moment", 12, "a moment with its zone"),
    ],
)
def test_what_does_not_fit_a_type_is_refused_with_the_form_expected(kind: str, said: Any, wanted: str) -> None:
    with pytest.raises(ValueError, match=wanted):
        read_value(column(kind), said)


def test_a_word_that_is_no_choice_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="one of a, b"):
        read_value(column("choice", "a", "b"), "c")


def test_a_row_has_an_id_and_only_known_columns() -> None:
    with pytest.raises(ValueError, match="A row of requests has no id"):
        read_row(REQUESTS, {"plan": "P1"})
    with pytest.raises(ValueError, match="requests has no column outcom; it has outcome"):
        read_row(REQUESTS, {"id": "A", "outcom": "approved"})
    with pytest.raises(ValueError, match="it has asked_on, decided_at"):
        read_row(REQUESTS, {"id": "A", "zzz": 1})


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"id": {"type": "text", "means": "Twice."}}, "every record type has id"),
        ({"x": {"type": "list", "means": "A list."}}, "r.x is of type list"),
        ({"x": {"type": "choice", "means": "No choices."}}, "a choice, and nothing else"),
        ({"x": {"type": "text", "choices": ["a"], "means": "Choices."}}, "a choice, and nothing else"),
        ({"x": {"type": "text", "means": ""}}, "says not what it means"),
    ],
)
def test_a_record_type_that_cannot_be_is_refused(said: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_records({"r": {"one_row_is": "A row", "columns": said}})


FIRST = {"id": "A", "outcome": "denied", "known_from": "2026-02-01T00:00:00Z", "known_to": "2026-03-01T00:00:00Z"}
SECOND = {"id": "A", "outcome": "approved", "known_from": "2026-03-01T00:00:00Z"}
ALWAYS = {"id": "B", "outcome": "denied"}


def seen(at: datetime | None) -> dict[Any, Any]:
    return {row["id"]: row["outcome"] for row in known_at(rows(FIRST, SECOND, ALWAYS), at)}


def test_each_instant_sees_the_version_known_then() -> None:
    assert seen(datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)) == {"B": "denied"}
    assert seen(datetime(2026, 2, 1, tzinfo=UTC)) == {"A": "denied", "B": "denied"}
    assert seen(datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)) == {"A": "denied", "B": "denied"}
    assert seen(datetime(2026, 3, 1, tzinfo=UTC)) == {"A": "approved", "B": "denied"}
    assert seen(None) == {"A": "approved", "B": "denied"}


def test_two_versions_at_one_moment_are_refused_because_one_case_would_count_twice() -> None:
    open_twice = rows(ALWAYS, ALWAYS)
    with pytest.raises(ValueError, match="Two versions of row B are known at the same moment"):
        known_at(open_twice, None)
