"""The shelf of measures: what is counted of whom, for which reader, by whose definition; each proven on small tables.

``in:`` of an example: ``rows`` (each a mapping of columns, or ``copies`` of one), ``every`` (what all of them say),
``zone`` (default UTC),
``period`` (``2026``, ``2026-Q1``, ``2026-03`` or ``{from, to}``), ``at`` (known when), ``by`` (grouped how),
``convention``, ``shown`` (ids shown beside).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openum.core.measure import Measure
from openum.core.measure_compute import Period, Question, Tally, compute
from openum.core.measure_numbers import exact_word, printed
from openum.core.measure_reading import read_measure, value_names
from openum.core.measure_rows import Records, Value, read_records, read_row
from openum.librarian.faults import Fault
from openum.librarian.law import Answers, Given, Kind, Provision
from openum.librarian.marked import Document, read_document
from openum.librarian.measure_words import condition_words, form_words
from openum.librarian.shape import SHIPPED, shape_faults

RECORDS = SHIPPED / "measures" / "records.yaml"
_WORDS = frozenset({"rows", "every", "zone", "period", "at", "by", "convention", "shown"})
_QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


@cache
def record_types(path: Path = RECORDS) -> Mapping[str, Records]:
    """The record types measures may read, from ``records.yaml``; ``ValueError`` says what is wrong with it."""
    document, faults = read_document(path)
    faults = faults or (shape_faults(document, "measure-records") if document else ())
    if document is None or faults:
        raise ValueError(f"The list of records cannot be read: {faults[0]}")
    return read_records(document.data["records"])


def _build(provision: Provision) -> Measure:
    return read_measure(provision.id, provision.version, provision.what, record_types())


def period_of(said: Any) -> Period:
    """The days a period's words name: a year, a quarter, a month, or from and to."""
    if isinstance(said, Mapping):
        return Period(date.fromisoformat(said["from"]), date.fromisoformat(said["to"]))
    text = str(said)
    if quarter := _QUARTER.fullmatch(text):
        return _months(int(quarter[1]), 3 * int(quarter[2]) - 2, 3)
    if month := _MONTH.fullmatch(text):
        return _months(int(month[1]), int(month[2]), 1)
    if text.isdigit():
        return _months(int(text), 1, 12)
    raise ValueError(f"period: {text} is none of 2026, 2026-Q1, 2026-03, {{from: …, to: …}}.")


def _months(year: int, first: int, many: int) -> Period:
    last = first + many - 1
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def answers(measure: Measure, given: Given) -> Answers:
    """What a measure makes of a small table of rows; ``ValueError`` for a word, column or value it does not know."""
    if stray := sorted(set(given) - _WORDS):
        raise ValueError(f"{', '.join(stray)} is not a word of a measure's example; write {', '.join(sorted(_WORDS))}.")
    question = Question(
        zone=_zone(given.get("zone", "UTC")),
        period=period_of(given["period"]) if "period" in given else None,
        at=_instant(given["at"]) if "at" in given else None,
        by=tuple(given["by"]) if "by" in given else None,
        convention=given.get("convention", ""),
    )
    rows = [read_row(measure.records, {**given.get("every", {}), **row}) for row in _written_rows(given["rows"])]
    result = compute(measure, rows, question)
    groups = {" / ".join(word or "unknown" for word in key): _said(measure, tally) for key, tally in result.groups}
    return {**_said(measure, result.total), "groups": groups, **_company(measure, given)}


def _written_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The rows as written; one with ``copies: 3`` stands for three that differ in their ids only (A.1, A.2, A.3)."""
    for row in rows:
        plain = {name: value for name, value in row.items() if name != "copies"}
        if "copies" not in row:
            yield plain
        else:
            yield from ({**plain, "id": f"{row['id']}.{number}"} for number in range(1, row["copies"] + 1))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as missing:
        raise ValueError(f"There is no time zone {name}.") from missing


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"at: {text} names no zone.")
    return moment


def _company(measure: Measure, given: Given) -> dict[str, Any]:
    lacking = [name for name in measure.shown_with if name not in given.get("shown", ())]
    return {"may_be_shown": not lacking, "needs_beside": lacking}


def _said(measure: Measure, tally: Tally) -> dict[str, Any]:
    names = tuple(tally.values)
    first = names[0] if names else ""
    said: dict[str, Any] = {
        "denominator": len(tally.denominator),
        "numerator": len(tally.numerator),
        "excluded": len(tally.excluded),
        "unknown": len(tally.unknown),
        "value": exact_word(tally.values.get(first)),
        "values": {name: exact_word(value) for name, value in tally.values.items()},
        "printed": {name: printed(value, measure.unit, measure.decimals) for name, value in tally.values.items()},
        "raw": tally.raw,
        "rows": {
            "denominator": tally.denominator,
            "numerator": tally.numerator,
            "excluded": tally.excluded,
            "unknown": tally.unknown,
        },
        "listed": [[_plain(value) for value in line] for line in tally.listed],
        "meets": _meets(measure, tally),
    }
    return {**said, "interval": [str(end) for end in tally.interval]} if tally.interval else said


def _meets(measure: Measure, tally: Tally) -> dict[str, str]:
    names = value_names(measure.form)
    return {
        target.reader: target.met(tally.values.get(target.statistic or names[0])).value for target in measure.targets
    }


def _plain(value: Value | Fraction | None) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return exact_word(Fraction(value))


def rows_of(measure: Measure) -> Iterator[tuple[str, str]]:
    """A measure as (label, words), for the law book and the reference page."""
    yield "counts", measure.records.one_row_is
    for name, condition in measure.conditions.items():
        words = condition_words(condition)
        if words not in ("always", "never"):
            yield name, words
    yield "gives", form_words(measure.form)
    if measure.timing:
        span = measure.timing.by or f"{measure.timing.first} to {measure.timing.last}"
        yield "period", f"{measure.timing.of.replace('_', ' ')}, by {span}"
    yield "unit", measure.unit
    yield "kind", measure.kind
    yield "level", "; ".join(_level_words(measure))
    if measure.by:
        yield "by", ", ".join(measure.by)
    for direction in measure.directions:
        yield f"read by {direction.reader}", f"{direction.better} is better: {direction.reads}"
    yield "target", "; ".join(_target_words(measure)) or measure.no_target
    for convention in measure.conventions:
        yield f"counted as {convention.name}", convention.words
    if measure.shown_with:
        yield "never without", ", ".join(measure.shown_with)


def _level_words(measure: Measure) -> Iterator[str]:
    for level in measure.levels:
        lines = f" ({', '.join(level.lines_of_business)})" if level.lines_of_business else ""
        yield f"{level.column}{lines}"


def _target_words(measure: Measure) -> Iterator[str]:
    for target in measure.targets:
        what = f"{target.statistic} " if target.statistic else ""
        whole = (target.value * (100 if measure.unit == "percent" else 1)).denominator == 1
        value = printed(target.value, measure.unit, 0 if whole else measure.decimals)
        yield f"{target.reader}: {what}{target.op.replace('_', ' ')} {value}"


def _faults(document: Document, provision: Provision, value: Measure) -> Iterator[Fault]:
    shelf = provision.path.parents[len(Path(provision.jurisdiction).parts)]
    for name in value.shown_with:
        if not any(shelf.rglob(f"{name.lower()}.yaml")):
            yield document.fault(("what", "shown_with"), f"There is no measure {name}.", "Mend the name, or write it.")
    yield from _overlaps(document, provision, shelf)


def _overlaps(document: Document, provision: Provision, shelf: Path) -> Iterator[Fault]:
    """Other versions of the same measure that hold on one of its days."""
    stem = provision.id.lower()
    for path in sorted({*shelf.rglob(f"{stem}.yaml"), *shelf.rglob(f"{stem}.v[0-9]*.yaml")} - {provision.path}):
        other = read_document(path)[0]
        if path.name.endswith(".examples.yaml") or other is None or other.data.get("id") != provision.id:
            continue
        since = other.data["since"]
        if _touch((provision.effective_from, provision.effective_to), (_day(since["from"]), _day(since["to"]))):
            words = f"{provision.id} holds on days on which version {other.data['version']} ({path.name}) holds too."
            yield document.fault(("since",), words, "Close the older version the day before the newer begins.")


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _touch(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    return (one[0] or date.min) <= (other[1] or date.max) and (other[0] or date.min) <= (one[1] or date.max)


def _answer(value: Measure, given: Given) -> Answers:
    return answers(value, given)


def _rows(value: Measure) -> Iterable[tuple[str, str]]:
    return rows_of(value)


KIND = Kind(
    shelf="measures",
    title="Measures",
    summary="What is counted, of whom, over which rows, for which reader, and by whose definition.",
    build=_build,
    answer=_answer,
    rows=_rows,
    faults=_faults,
)
