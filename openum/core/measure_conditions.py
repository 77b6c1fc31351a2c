"""Conditions on the columns of a row, answered yes, no or unknown.

The logic is Kleene's, which is SQL's own: a comparison with a missing value is unknown (NULL), ``all`` is AND, ``any``
is OR, ``not`` is NOT. So a translator maps each node to one expression and counts rows where it is TRUE, and those
where it is NULL apart. ``is_set`` (IS NOT NULL) is never unknown: with it an author says that absence means *not done*.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, assert_never
from zoneinfo import ZoneInfo

from openum.core.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, negate
from openum.core.measure_rows import Row, Value

Op = Literal["is", "one_of", "at_least", "at_most", "above", "below", "is_set"]
Unit = Literal["hours", "days", "calendar_days"]
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
    "is": operator.eq,
}
_HOUR, _DAY = 3600, 86400
_AFTER_EVERYTHING = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """The value of another column of the same row."""

    column: str


@dataclass(frozen=True, slots=True)
class Now:
    """The instant the question is asked for; a question without one is asked after everything."""


@dataclass(frozen=True, slots=True)
class Vantage:
    """From where rows are looked at: on whose wall clock, and at which instant (``None``: after everything)."""

    zone: ZoneInfo
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``later`` minus ``earlier``. Of two moments: elapsed hours, or days of 24 hours, both exact and independent of
    daylight-saving time; ``calendar_days`` counts midnights on the wall clock of the question's zone. Of two days:
    days. ``floor`` replaces what is below it (a lag of a submission before the end is no lag).
    """

    earlier: str
    later: str
    unit: Unit
    floor: int | None = None


Subject = ColumnOf | Difference


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison. ``value`` is a value of the subject's type (or the asked instant), several for ``one_of``, a
    yes/no for ``is_set``."""

    subject: Subject
    op: Op
    value: Value | ColumnOf | Now | tuple[Value, ...] | Fraction


@dataclass(frozen=True, slots=True)
class All:
    """Every branch must hold; none at all holds always."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One branch is enough."""

    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The branch must not hold; unknown stays unknown."""

    of: Condition


Condition = Compare | All | AnyOf | Not
ALWAYS = All(())
NEVER = AnyOf(())


def answer(condition: Condition, row: Row, seen: Vantage) -> Answer:
    """Whether the condition holds for a row, as ``seen`` from one wall clock at one instant."""
    match condition:
        case All(of):
            return all_of(answer(branch, row, seen) for branch in of)
        case AnyOf(of):
            return any_of(answer(branch, row, seen) for branch in of)
        case Not(of):
            return negate(answer(of, row, seen))
        case Compare():
            return _tested(condition, row, seen)
        case _:
            assert_never(condition)


def _tested(test: Compare, row: Row, seen: Vantage) -> Answer:
    left = value_of(test.subject, row, seen.zone)
    if test.op == "is_set":
        return YES if (left is not None) is test.value else NO
    if isinstance(test.value, Now):
        right: Value | Fraction | tuple[Value, ...] | None = seen.at or _AFTER_EVERYTHING
    else:
        right = row.get(test.value.column) if isinstance(test.value, ColumnOf) else test.value
    if left is None or right is None:
        return UNKNOWN
    if isinstance(right, tuple):
        return YES if left in right else NO
    return YES if _ORDER[test.op](left, right) else NO


def value_of(subject: Subject, row: Row, zone: ZoneInfo) -> Value | Fraction | None:
    """The value of a column or difference in a row; ``None`` where it is not known."""
    if isinstance(subject, ColumnOf):
        return row.get(subject.column)
    earlier, later = row.get(subject.earlier), row.get(subject.later)
    if earlier is None or later is None:
        return None
    length = _length(earlier, later, subject.unit, zone)
    return length if subject.floor is None else max(length, Fraction(subject.floor))


def number_of(subject: Subject, row: Row, zone: ZoneInfo) -> Fraction | None:
    """The same as an exact number; the reader admits no subject that is none."""
    value = value_of(subject, row, zone)
    return Fraction(value) if isinstance(value, Decimal | Fraction) else None


def local_day(value: Value, zone: ZoneInfo) -> date | None:
    """The day a moment falls on in ``zone``; a day is itself."""
    if isinstance(value, datetime):
        return value.astimezone(zone).date()
    return value if isinstance(value, date) else None


def _length(earlier: Value, later: Value, unit: Unit, zone: ZoneInfo) -> Fraction:
    if isinstance(earlier, datetime) and isinstance(later, datetime) and unit != "calendar_days":
        elapsed = later - earlier
        seconds = Fraction(elapsed.days * _DAY + elapsed.seconds) + Fraction(elapsed.microseconds, 1_000_000)
        return seconds / (_HOUR if unit == "hours" else _DAY)
    first, last = local_day(earlier, zone), local_day(later, zone)
    assert first is not None  # noqa: S101 - the reader admits days and moments only
    assert last is not None  # noqa: S101
    return Fraction((last - first).days)


def subject_columns(subject: Subject) -> tuple[str, ...]:
    """The columns a subject reads."""
    return (subject.column,) if isinstance(subject, ColumnOf) else (subject.earlier, subject.later)


def condition_columns(condition: Condition) -> Iterator[str]:
    """Every column a condition reads, left to right."""
    match condition:
        case All(of) | AnyOf(of):
            for branch in of:
                yield from condition_columns(branch)
        case Not(of):
            yield from condition_columns(of)
        case Compare(subject, _, value):
            yield from subject_columns(subject)
            if isinstance(value, ColumnOf):
                yield value.column
        case _:
            assert_never(condition)
