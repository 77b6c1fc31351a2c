"""Named facts: what can be known about a member, how it is asked, and how it is read from a chart.

A definition is library content (``library/facts``). The readers are small and typed, so that the same definition can be
translated to FHIRPath or CQL for a form and to a column for batch work.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Literal, assert_never

from openum.core.chart import Chart, Entry, EntryKind, Fact, Value
from openum.core.codes import NO_CODES, Code, CodeSet
from openum.core.derived import DERIVATIONS
from openum.core.segments import strictest
from openum.core.span import Span
from openum.core.units import converted

FactType = Literal["boolean", "number", "date", "choice", "text"]
Pick = Literal["latest", "earliest", "any", "count", "min", "max"]
Take = Literal["presence", "value", "date"]
PASSING = frozenset({"condition", "medication", "encounter"})
"""Kinds of entry that are the case for a time; the others happen once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Where a fact is found: entries of one kind whose codes (or question ids) match.

    ``take`` says what is read: that the entry is there, its value, or its day. ``values`` translates a coded value of
    the entry to the fact's value.
    """

    kind: EntryKind
    codes: CodeSet = NO_CODES
    links: frozenset[str] = frozenset()
    take: Take = "value"
    values: tuple[tuple[CodeSet, Value], ...] = ()

    def matches(self, entry: Entry) -> bool:
        """Whether the entry is one this reader reads."""
        if entry.kind != self.kind:
            return False
        if self.links and entry.link in self.links:
            return True
        return bool(self.codes) and any(code in self.codes for code in entry.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactDefinition:
    """One named fact as the library defines it.

    ``unit`` is UCUM; ``window`` looks back from the service date; ``pick`` chooses among several readings; ``worse`` is
    the direction in which a sicker member's value moves; ``words`` are what notes call it; ``derived`` names a function
    of ``openum.core.derived``. A form's question with the fact's id is always read. ``ever``: the fact is about history
    and what is over counts, too.
    """

    id: str
    type: FactType
    question: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    window: Span | None = None
    ever: bool = False
    pick: Pick = "latest"
    worse: Literal["higher", "lower", ""] = ""
    readers: tuple[Reader, ...] = ()
    words: tuple[str, ...] = ()
    derived: str = ""
    document: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class _Reading:
    value: Value
    at: datetime
    entry: Entry
    passes: bool = False
    """Whether it is no longer so once it has ended."""


def gather(
    definitions: Mapping[str, FactDefinition],
    names: Iterable[str],
    entries: Iterable[Entry],
    *,
    on: date,
    asked: Iterable[Fact] = (),
) -> Chart:
    """Read the named facts from chart entries for a service on the day ``on``; what is not found stays unknown.

    Inputs of derived facts are read as well. ``asked`` are the request's own facts (``asked.quantity``).
    """
    chart = Chart(on, {fact.name: fact for fact in asked})
    pool = tuple(entries)
    for name in names:
        _gather_one(name, definitions, pool, chart)
    return chart


def _gather_one(name: str, definitions: Mapping[str, FactDefinition], pool: tuple[Entry, ...], chart: Chart) -> None:
    definition = definitions.get(name)
    if name in chart.facts or definition is None:
        return
    found = read_fact(definition, pool, on=chart.on)
    if definition.derived and (found.value is None or (definition.pick == "any" and found.value is False)):
        derivation = DERIVATIONS[definition.derived]
        for part in derivation.inputs:
            _gather_one(part, definitions, pool, chart)
        worked_out = replace(derivation.derive(chart), name=name)
        found = worked_out if found.value is None or worked_out.value is True else found
    chart.facts[name] = found


def read_fact(definition: FactDefinition, entries: Iterable[Entry], *, on: date) -> Fact:
    """One fact from chart entries, by the definition's window, readers and pick.

    What the chart says of a day after the service does not count, nor does what was over before it, unless the fact
    asks about history (``ever``).
    """
    readings, notes = [], set()
    for reading in _readings(definition, entries, on):
        note = _idle(definition, reading, on)
        if note:
            notes.add(note)
        else:
            readings.append(reading)
    if definition.pick == "count":
        return _counted(definition, readings)
    if not readings:
        return Fact(definition.id, None, note="; ".join(sorted(notes)))
    return _picked(definition, readings)


def _readings(definition: FactDefinition, entries: Iterable[Entry], on: date) -> Iterator[_Reading]:
    form = Reader(kind="answer", links=frozenset({definition.id}))
    for entry in entries:
        for reader in (form, *definition.readers):
            if reader.matches(entry):
                value = _value(definition, reader, entry)
                if value is not None:
                    yield _Reading(value, _moment(entry, on), entry, _passes(definition, reader))
                break


def _moment(entry: Entry, on: date) -> datetime:
    if entry.at is not None:
        return entry.at.astimezone(UTC)
    return datetime.combine(entry.date or on, time.min, UTC)


def _passes(definition: FactDefinition, reader: Reader) -> bool:
    """Whether the reader reads a state that may end, for a fact about now; a day or a count is of the past anyway."""
    return reader.kind in PASSING and reader.take == "presence" and not definition.ever and definition.pick != "count"


def _idle(definition: FactDefinition, reading: _Reading, on: date) -> str:
    """Why a reading says nothing about the day of service; empty when it does. Forms and demographics always do."""
    entry, window = reading.entry, definition.window
    if entry.kind in ("answer", "demographic"):
        return ""
    if reading.passes and entry.ended is not None and entry.ended < on:
        return "ended before the service date"
    if window is None:
        return "after the service date" if _placed(reading) and _day(reading) > on else ""
    inside = entry.date is not None and window.before(on) <= entry.date <= on
    return "" if inside else f"undated, older than {window} or after the service date"


def _value(definition: FactDefinition, reader: Reader, entry: Entry) -> Value | None:
    if definition.pick == "count" and reader.kind != "answer":
        return None if entry.denied else True
    if reader.take == "date":
        return None if entry.denied else entry.date
    if reader.values:
        return None if entry.denied else _translated(reader, entry)
    if reader.take == "presence":
        return not entry.denied
    # A form states the unit in its question; a chart must state it with the number.
    assumed = definition.unit if entry.kind in ("answer", "demographic") else ""
    return typed(definition, entry.value, entry.unit or assumed)


def _translated(reader: Reader, entry: Entry) -> Value | None:
    """By the entry's coded value; a condition or procedure has none and is translated by its own code."""
    said = (entry.value,) if isinstance(entry.value, Code) else entry.codes if entry.value is None else ()
    return next((value for codes, value in reader.values if any(code in codes for code in said)), None)


def typed(definition: FactDefinition, raw: Value | Code | None, unit: str = "") -> Value | None:
    """``raw`` as the fact's type, in its unit and range; ``None`` when it is not a value of that fact."""
    if isinstance(raw, Code):
        raw = raw.value
    match definition.type:
        case "boolean":
            return raw if isinstance(raw, bool) else None
        case "number":
            return _number(definition, raw, unit)
        case "date":
            return raw if isinstance(raw, date) and not isinstance(raw, datetime) else None
        case "choice":
            return raw if raw in definition.choices else None
        case "text":
            return raw if isinstance(raw, str) and raw.strip() else None
        case _:
            assert_never(definition.type)


def _number(definition: FactDefinition, raw: Value | None, unit: str) -> float | int | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        return None
    value = converted(raw, unit, definition.unit)
    if value is None:
        return None
    too_low = definition.least is not None and value < definition.least
    too_high = definition.most is not None and value > definition.most
    return None if too_low or too_high else value


def _counted(definition: FactDefinition, readings: list[_Reading]) -> Fact:
    stated = [r for r in readings if r.entry.kind == "answer"]
    if stated:
        return _picked(replace(definition, pick="latest"), stated)
    if not readings:
        return Fact(definition.id, None)
    days = {_day(r) for r in readings}
    newest = max(readings, key=lambda r: r.at)
    segment = strictest(r.entry.segment for r in readings)
    return Fact(definition.id, len(days), newest.entry.source, _day(newest), floor=True, segment=segment)


def _picked(definition: FactDefinition, readings: list[_Reading]) -> Fact:
    if definition.pick == "any" and definition.type == "boolean":
        chosen = next((r for r in readings if r.value is True), readings[0])
        return _as_fact(definition, chosen)
    if definition.pick in ("min", "max"):
        choose = min if definition.pick == "min" else max
        return _as_fact(definition, choose(readings, key=lambda r: r.value))
    placed = [r for r in readings if _placed(r)]
    pick = min if definition.pick == "earliest" else max
    chosen = pick(placed or readings, key=lambda r: r.at)
    rivals = [r for r in readings if not _placed(r) or _simultaneous(r, chosen)]
    if all(r.value == chosen.value for r in rivals):
        return _as_fact(definition, chosen)
    undated = any(not _placed(r) for r in rivals if r.value != chosen.value)
    return Fact(
        definition.id, None, ", ".join(sorted({r.entry.source for r in (chosen, *rivals)})), _day(chosen),
        note="sources disagree, and one has no date" if undated else "sources disagree on the same day",
        segment=strictest(r.entry.segment for r in (chosen, *rivals)),
    )  # fmt: skip


def _day(reading: _Reading) -> date:
    """The day where it happened; the moment in UTC may already be the next."""
    return reading.entry.date or reading.at.date()


def _placed(reading: _Reading) -> bool:
    """Whether it has a place in time: a form speaks of now, a chart entry without a day of nobody knows when."""
    entry = reading.entry
    return entry.kind in ("answer", "demographic") or entry.date is not None or entry.at is not None


def _simultaneous(one: _Reading, other: _Reading) -> bool:
    """Whether nobody can say which came first: the same moment, or the same day and one without a time."""
    timed = one.entry.at is not None and other.entry.at is not None
    return one.at == other.at if timed else _day(one) == _day(other)


def _as_fact(definition: FactDefinition, reading: _Reading) -> Fact:
    entry = reading.entry
    return Fact(
        definition.id, reading.value, entry.source, entry.date, entry.quote, floor=_newest(definition, entry),
        segment=entry.segment,
    )  # fmt: skip


def _newest(definition: FactDefinition, entry: Entry) -> bool:
    """Whether the value is the newest day that a chart happens to hold: there may be newer ones elsewhere."""
    charted = entry.kind not in ("answer", "demographic")
    return charted and definition.type == "date" and definition.pick in ("latest", "max")
