"""Conditions on a row: every comparison on its edge, nothing known, differences over leap days and clock changes."""

from __future__ import annotations

from datetime import UTC as WORLD
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.measure_conditions import (
    ALWAYS,
    NEVER,
    All,
    AnyOf,
    ColumnOf,
    Difference,
    Not,
    Vantage,
    answer,
    condition_columns,
    number_of,
)
from openum.core.measure_reading import read_condition
from openum.core.tests.invented_measures import NEW_YORK, REQUESTS, UTC, rows


def told(said: dict[str, Any], **row: Any) -> Answer:
    return answer(read_condition(said, REQUESTS), rows(row)[0], Vantage(UTC))


@pytest.mark.parametrize(
    ("word", "below", "on", "beyond"),
    [
        ("is", NO, YES, NO),
        ("at_least", NO, YES, YES),
        ("at_most", YES, YES, NO),
        ("above", NO, NO, YES),
        ("below", YES, NO, NO),
    ],
)
def test_every_comparison_of_numbers_on_its_edge(word: str, below: Answer, on: Answer, beyond: Answer) -> None:
    said = {"column": "units", word: 3}
    assert [told(said, units=value) for value in (2, 3, 4)] == [below, on, beyond]
    assert told(said) is UNKNOWN


@pytest.mark.parametrize(
    ("word", "before", "on", "after"),
    [("before", YES, NO, NO), ("by", YES, YES, NO), ("after", NO, NO, YES), ("from", NO, YES, YES)],
)
def test_the_words_for_days_and_moments(word: str, before: Answer, on: Answer, after: Answer) -> None:
    said = {"column": "asked_on", word: "2028-02-29"}
    assert [told(said, asked_on=day) for day in ("2028-02-28", "2028-02-29", "2028-03-01")] == [before, on, after]
    moment = {"column": "decided_at", word: {"column": "received_at"}}
    edge = [f"2026-03-02T09:00:0{second}Z" for second in (0, 1, 2)]
    assert [told(moment, decided_at=one, received_at=edge[1]) for one in edge] == [before, on, after]


def test_moments_are_compared_as_instants_whatever_their_zones() -> None:
    said = {"column": "decided_at", "by": {"column": "received_at"}}
    assert told(said, decided_at="2026-03-02T09:00:00-05:00", received_at="2026-03-02T14:00:00Z") is YES
    assert told(said, decided_at="2026-03-02T09:00:00-05:00", received_at="2026-03-02T13:59:59Z") is NO


def test_a_comparison_with_another_column_needs_both() -> None:
    said = {"column": "decided_at", "by": {"column": "received_at"}}
    assert told(said, decided_at="2026-03-02T09:00:00Z") is UNKNOWN
    assert told(said, received_at="2026-03-02T09:00:00Z") is UNKNOWN


def test_one_of_and_is_of_words_and_flags() -> None:
    assert told({"column": "outcome", "one_of": ["approved", "voided"]}, outcome="voided") is YES
    assert told({"column": "outcome", "one_of": ["approved", "voided"]}, outcome="denied") is NO
    assert told({"column": "outcome", "one_of": ["approved"]}) is UNKNOWN
    assert told({"column": "extended", "is": False}, extended=False) is YES
    assert told({"column": "extended", "is": False}, extended=True) is NO
    assert told({"column": "outcome", "is": {"column": "second"}}, outcome="denied", second="denied") is YES


def test_is_set_is_never_unknown() -> None:
    assert told({"column": "extended", "is_set": True}, extended=False) is YES
    assert told({"column": "extended", "is_set": True}) is NO
    assert told({"column": "extended", "is_set": False}) is YES
    assert told({"column": "extended", "is_set": False}, extended=False) is NO


def test_all_any_and_not_keep_what_is_unknown() -> None:
    yes, no = {"column": "units", "is": 1}, {"column": "units", "is": 2}
    unknown = {"column": "hours", "is": 1}
    assert told({"all": [yes, unknown]}, units=1) is UNKNOWN
    assert told({"all": [no, unknown]}, units=1) is NO
    assert told({"any": [yes, unknown]}, units=1) is YES
    assert told({"any": [no, unknown]}, units=1) is UNKNOWN
    assert told({"not": unknown}, units=1) is UNKNOWN
    assert told({"not": no}, units=1) is YES
    assert answer(ALWAYS, {}, Vantage(UTC)) is YES
    assert answer(NEVER, {}, Vantage(UTC)) is NO


def test_now_is_the_instant_of_the_question_and_without_one_everything_is_past() -> None:
    row = rows({"decided_at": "2026-03-02T09:00:00Z"})[0]
    on = datetime(2026, 3, 2, 9, tzinfo=WORLD)

    def told_at(word: str, at: datetime | None) -> Answer:
        return answer(read_condition({"column": "decided_at", word: "now"}, REQUESTS), row, Vantage(UTC, at))

    second = timedelta(seconds=1)
    assert [told_at("before", at) for at in (on, on + second, None)] == [NO, YES, YES]
    assert [told_at("from", at) for at in (on, on + second, None)] == [YES, NO, NO]
    assert answer(read_condition({"column": "received_at", "before": "now"}, REQUESTS), row, Vantage(UTC)) is UNKNOWN


def length(unit: Any, earlier: str, later: str, **more: Any) -> Fraction | None:
    row = rows({"received_at": earlier, "decided_at": later})[0]
    return number_of(Difference(earlier="received_at", later="decided_at", unit=unit, **more), row, NEW_YORK)


def test_hours_and_days_are_elapsed_and_exact() -> None:
    assert length("hours", "2026-03-02T09:00:00Z", "2026-03-02T09:00:01Z") == Fraction(1, 3600)
    assert length("hours", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00.5Z") == Fraction(1, 7200)
    assert length("days", "2028-02-28T12:00:00Z", "2028-03-01T12:00:00Z") == 2
    assert length("days", "2026-03-02T12:00:00Z", "2026-03-01T00:00:00Z") == Fraction(-3, 2)


def test_a_night_of_daylight_saving_time_has_an_hour_less_or_more() -> None:
    assert length("hours", "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00") == 23
    assert length("hours", "2026-10-31T12:00:00-04:00", "2026-11-01T12:00:00-05:00") == 25
    assert length("calendar_days", "2026-03-07T12:00:00-05:00", "2026-03-08T12:00:00-04:00") == 1


def test_calendar_days_count_midnights_on_the_wall_clock_of_the_question() -> None:
    assert length("calendar_days", "2026-03-02T23:59:00-05:00", "2026-03-03T00:01:00-05:00") == 1
    assert length("calendar_days", "2026-03-03T00:01:00Z", "2026-03-03T04:59:00Z") == 0


def test_a_floor_lifts_what_is_below_it_and_nothing_else() -> None:
    assert length("hours", "2026-03-02T09:00:00Z", "2026-03-02T08:00:00Z", floor=0) == 0
    assert length("hours", "2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z", floor=0) == 1


def test_the_difference_of_two_days_is_in_days() -> None:
    row = rows({"asked_on": "2028-02-28", "ended_on": "2028-03-01"})[0]
    difference = Difference(earlier="asked_on", later="ended_on", unit="days")
    assert number_of(difference, row, UTC) == 2
    assert number_of(difference, rows({"asked_on": "2028-02-28"})[0], UTC) is None


def test_a_difference_can_be_compared() -> None:
    said = {"difference": {"from": "received_at", "to": "decided_at", "in": "hours"}, "at_most": 72}
    edge = {"received_at": "2026-03-02T09:00:00Z"}
    assert told(said, **edge, decided_at="2026-03-05T09:00:00Z") is YES
    assert told(said, **edge, decided_at="2026-03-05T09:00:01Z") is NO
    assert told(said, **edge) is UNKNOWN


def test_a_column_that_is_no_number_has_none() -> None:
    assert number_of(ColumnOf("outcome"), rows({"outcome": "denied"})[0], UTC) is None


def test_a_condition_names_every_column_it_reads() -> None:
    said = {
        "all": [
            {"any": [{"column": "units", "is": 1}, {"not": {"column": "decided_at", "by": {"column": "received_at"}}}]},
            {"difference": {"from": "asked_on", "to": "ended_on", "in": "days"}, "above": 1},
        ]
    }
    condition = read_condition(said, REQUESTS)
    assert list(condition_columns(condition)) == ["units", "decided_at", "received_at", "asked_on", "ended_on"]
    assert isinstance(condition, All)
    assert isinstance(condition.of[0], AnyOf)
    assert isinstance(condition.of[0].of[1], Not)
