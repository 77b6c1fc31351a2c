"""Compute a measure over rows, plainly and exactly, with the rows behind every number.

This is the definition of what a measure means, in the order a translator needs (``docs/explanation/measures.md``):

1. the version of each row known at the asked instant;
2. *scope* = in the period AND ``where`` AND ``denominator``; a row with scope yes and exclusion yes is **excluded**;
3. a row with (scope AND NOT exclusion) unknown, or yes while the value it would give is unknown, is **unknown**: it is
   in no number and counted apart;
4. all others with (scope AND NOT exclusion) yes **count** (the denominator); of them the numerator.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from openum.core.answers import NO, UNKNOWN, YES, Answer, all_of, negate, of_bool
from openum.core.measure import (
    Agreed,
    Form,
    Listing,
    Measure,
    Quotient,
    Ratio,
    Shares,
    Statistics,
    Timing,
    Top,
)
from openum.core.measure_conditions import Vantage, answer, local_day, number_of
from openum.core.measure_numbers import Agreement, Interval, shares, statistic, wilson
from openum.core.measure_rows import Row, Value, known_at

LEVEL = "level"
"""Among the columns to group by: the reporting unit, whichever column names it for the row's line of business."""
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """From the first through the last day, on the wall clock of the question's zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a measure: which days, on whose wall clock, known when, grouped how, counted how.

    ``period`` ``None`` means all time, ``at`` ``None`` the newest versions, asked after everything (a live number must
    name its instant, or what is not due yet looks late), ``by`` ``None`` the measure's own groups
    (its reporting unit first), ``convention`` empty the measure as it is.
    """

    zone: ZoneInfo
    period: Period | None = None
    at: datetime | None = None
    by: tuple[str, ...] | None = None
    convention: str = ""

    @property
    def seen(self) -> Vantage:
        """From where its rows are looked at."""
        return Vantage(self.zone, self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came out for one group. Rows are named by id, so that every number opens to its cases.

    ``values`` are exact, by name: ``share`` of a ratio, the names of statistics, ``quotient``, the choices of shares,
    ``kappa`` with ``observed`` and ``chance``. ``listed`` are the lines of a listing or of a ranking.
    """

    denominator: tuple[str, ...]
    numerator: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    values: Mapping[str, Fraction | None] = field(default_factory=dict)
    interval: Interval | None = None
    listed: tuple[tuple[Value | Fraction | None, ...], ...] = ()
    raw: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A measure computed: over all rows asked for, and for each group (by key, sorted; not known last)."""

    measure: str
    version: str
    total: Tally
    by: tuple[str, ...]
    groups: tuple[tuple[Key, Tally], ...]


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Rows by what becomes of them."""

    counted: list[Row] = field(default_factory=list)
    excluded: list[Row] = field(default_factory=list)
    unknown: list[Row] = field(default_factory=list)


def compute(measure: Measure, rows: Iterable[Row], question: Question) -> Result:
    """Compute the measure over typed rows (``measure_rows.read_row``).

    Raises:
        ValueError: two versions of a row are known at the asked instant, the convention or a column to group by is
            not known.
    """
    asked = measure.under(question.convention) if question.convention else measure
    by = (LEVEL, *measure.by) if question.by is None else question.by
    for name in by:
        if name != LEVEL:
            measure.records.column(name)
    known = known_at(rows, question.at)
    grouped: dict[Key, list[Row]] = {}
    for row in known:
        grouped.setdefault(_key(measure, row, by), []).append(row)
    tallies = ((key, _tally(asked, grouped[key], question)) for key in sorted(grouped, key=_order))
    return Result(
        measure=measure.id,
        version=measure.version,
        total=_tally(asked, known, question),
        by=by,
        groups=tuple((key, tally) for key, tally in tallies if tally.denominator or tally.excluded or tally.unknown),
    )


def unit_of(measure: Measure, row: Row) -> str | None:
    """The reporting unit a row belongs to; ``None`` where it is not known."""
    for level in measure.levels:
        if not level.lines_of_business or row.get("line_of_business") in level.lines_of_business:
            return _word(row.get(level.column))
    return None


def in_period(timing: Timing | None, row: Row, period: Period | None, zone: ZoneInfo) -> Answer:
    """Whether the row belongs to the period; unknown where the day that says so is not known."""
    if timing is None or period is None:
        return YES
    if timing.by:
        day = _day(row, timing.by, zone)
        return of_bool(None if day is None else period.first <= day <= period.last)
    first, last = _day(row, timing.first, zone), _day(row, timing.last, zone)
    if last is not None and last < period.first:
        return NO
    return of_bool(None if first is None else first <= period.last)


def _day(row: Row, column: str, zone: ZoneInfo) -> date | None:
    value = row.get(column)
    return None if value is None else local_day(value, zone)


def _key(measure: Measure, row: Row, by: Sequence[str]) -> Key:
    return tuple(unit_of(measure, row) if name == LEVEL else _word(row.get(name)) for name in by)


def _word(value: Value | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _order(key: Key) -> tuple[tuple[bool, str], ...]:
    return tuple((word is None, word or "") for word in key)


def _tally(measure: Measure, rows: Sequence[Row], question: Question) -> Tally:
    kept = _sorted(measure, rows, question)
    counted = kept.counted
    interval: Interval | None = None
    listed: tuple[tuple[Value | Fraction | None, ...], ...] = ()
    numerator = _numerator(measure.form, counted, question.seen)
    match measure.form:
        case Ratio(interval=method, confidence=level):
            interval = wilson(len(numerator), len(counted), level) if method else None
        case Agreed(confidence=level) if counted:
            interval = _agreement(measure.form, counted).interval(level)
        case Top():
            listed = _ranking(measure.form, counted, question.seen)
        case Listing():
            listed = _lines(measure.form, counted)
    return Tally(
        denominator=_ids(counted),
        numerator=_ids(numerator),
        excluded=_ids(kept.excluded),
        unknown=_ids(kept.unknown),
        values=_values(measure.form, counted, numerator, question.zone),
        interval=interval,
        listed=listed,
        raw={column: _counts(counted, column) for column in measure.raw},
    )


def _sorted(measure: Measure, rows: Sequence[Row], question: Question) -> _Sorted:
    kept = _Sorted()
    for row in rows:
        scope = all_of(
            (
                in_period(measure.timing, row, question.period, question.zone),
                answer(measure.where, row, question.seen),
                answer(measure.denominator, row, question.seen),
            )
        )
        outside = answer(measure.exclusions, row, question.seen)
        belongs = all_of((scope, negate(outside)))
        if scope is YES and outside is YES:
            kept.excluded.append(row)
        elif belongs is UNKNOWN or (belongs is YES and not _gives(measure.form, row, question.seen)):
            kept.unknown.append(row)
        elif belongs is YES:
            kept.counted.append(row)
    return kept


def _gives(form: Form, row: Row, seen: Vantage) -> bool:
    """Whether the row has what the form needs of it."""
    match form:
        case Ratio(numerator=numerator):
            return answer(numerator, row, seen) is not UNKNOWN
        case Top(numerator=numerator, of=column):
            return answer(numerator, row, seen) is not UNKNOWN and row.get(column) is not None
        case Statistics(subject=subject):
            return subject is None or number_of(subject, row, seen.zone) is not None
        case Quotient(sum=top, per=bottom):
            return number_of(top, row, seen.zone) is not None and number_of(bottom, row, seen.zone) is not None
        case Shares(column=column):
            return row.get(column) is not None
        case Agreed(first=first, second=second):
            return row.get(first) is not None and row.get(second) is not None
        case Listing():
            return True


def _numerator(form: Form, counted: Sequence[Row], seen: Vantage) -> list[Row]:
    if not isinstance(form, Ratio | Top):
        return []
    return [row for row in counted if answer(form.numerator, row, seen) is YES]


def _values(
    form: Form, counted: Sequence[Row], numerator: Sequence[Row], zone: ZoneInfo
) -> Mapping[str, Fraction | None]:
    match form:
        case Ratio() | Top():
            return {"share": Fraction(len(numerator), len(counted)) if counted else None}
        case Statistics():
            return _statistics(form, counted, zone)
        case Quotient(sum=top, per=bottom):
            above, below = (
                sum((number_of(one, row, zone) or Fraction(0) for row in counted), Fraction(0)) for one in (top, bottom)
            )
            return {"quotient": above / below if below else None}
        case Shares(column=column):
            return dict(shares(_counts(counted, column)))
        case Agreed():
            found = _agreement(form, counted) if counted else None
            if found is None:
                return {"kappa": None, "observed": None, "chance": None}
            return {"kappa": found.kappa, "observed": found.observed, "chance": found.chance}
        case Listing():
            return {"count": Fraction(len(counted))}


def _statistics(form: Statistics, counted: Sequence[Row], zone: ZoneInfo) -> dict[str, Fraction | None]:
    if form.subject is None:
        return {name: Fraction(len(counted)) for name in form.give}
    numbers = [number for row in counted if (number := number_of(form.subject, row, zone)) is not None]
    return {name: statistic(name, numbers) for name in form.give}


def _agreement(form: Agreed, counted: Sequence[Row]) -> Agreement:
    return Agreement([(str(row[form.first]), str(row[form.second])) for row in counted])


def _ranking(form: Top, counted: Sequence[Row], seen: Vantage) -> tuple[tuple[Value | Fraction | None, ...], ...]:
    """Lines of (value, rows, of them in the numerator, share), the highest first."""
    rows: Counter[str] = Counter(str(row[form.of]) for row in counted)
    hits: Counter[str] = Counter(str(row[form.of]) for row in _numerator(form, counted, seen))
    lines = [(name, Fraction(count), Fraction(hits[name]), Fraction(hits[name], count)) for name, count in rows.items()]
    rank = 1 if form.rank == "denominator" else 3
    lines.sort(key=lambda line: line[0])
    lines.sort(key=lambda line: Fraction(line[rank]), reverse=True)
    return tuple(lines[: form.most])


def _lines(form: Listing, counted: Sequence[Row]) -> tuple[tuple[Value | None, ...], ...]:
    rows = list(counted)
    for column in reversed(form.order):
        rows.sort(key=lambda row: (row.get(column) is None, _comparable(row.get(column))))
    return tuple(tuple(row.get(column) for column in form.columns) for row in rows)


def _comparable(value: Value | None) -> tuple[Value, ...]:
    return () if value is None else (value,)


def _counts(rows: Sequence[Row], column: str) -> dict[str, int]:
    counts = Counter(_word(row.get(column)) or "unknown" for row in rows)
    return {name: counts[name] for name in sorted(counts)}


def _ids(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(str(row["id"]) for row in rows)
