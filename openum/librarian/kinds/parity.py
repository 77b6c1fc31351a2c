"""The shelf of parity: what is kept of every nonquantitative treatment limitation, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import Answer
from openum.core.parity import (
    CLASSIFICATIONS,
    Datum,
    Field,
    Flag,
    OnRequest,
    Part,
    RecordSchema,
    Section,
    missing_data,
    missing_fields,
    missing_flags,
    must_give,
    status_of,
)
from openum.librarian.faults import Fault
from openum.librarian.kinds.beside import beside
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision
from openum.librarian.marked import Document

TRUTH: Mapping[Answer, bool | str] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class Filled:
    """A worked record and the schema it follows."""

    record: Mapping[str, Any]
    schema: RecordSchema


@dataclass(frozen=True, slots=True)
class Data:
    """The figures to be computed."""

    data: tuple[Datum, ...]


@dataclass(frozen=True, slots=True)
class Flags:
    """What every authorization line carries."""

    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class Disclosures:
    """What is handed over on request."""

    several: tuple[OnRequest, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of the parity law."""

    parts: tuple[Part, ...]


Value = RecordSchema | Filled | Data | Flags | Disclosures | Layers


def build(provision: Provision) -> Value:
    """The value a file says; ``ValueError`` when the schema it names is not there."""
    what = provision.what
    match what["form"]:
        case "schema":
            return _schema(provision.id, what)
        case "record":
            named = next(iter(beside(provision, [what["follows"]])))
            return Filled(what["record"], _schema(named["id"], named["what"]))
        case "data":
            return Data(tuple(Datum(name, *_datum(said)) for name, said in what["data"].items()))
        case "flags":
            return Flags(tuple(Flag(name, said["words"], tuple(said.get("one_of", ()))) for name, said in _each(what)))
        case "disclosures":
            return Disclosures(
                tuple(OnRequest(name, said["words"], frozenset(said["to"])) for name, said in _each(what))
            )
    return Layers(tuple(_part(name, said) for name, said in what["parts"].items()))


def _each(what: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    named: Mapping[str, Mapping[str, Any]] = what[what["form"]]
    return named.items()


def _schema(name: str, what: Mapping[str, Any]) -> RecordSchema:
    if what["form"] != "schema":
        raise ValueError(f"{name} is no schema.")
    sections = what["sections"].items()
    return RecordSchema(name, tuple(Section(one, _fields(said), said.get("each", False)) for one, said in sections))


def _fields(said: Mapping[str, Any]) -> tuple[Field, ...]:
    return tuple(
        Field(name, one)
        if isinstance(one, str)
        else Field(name, one["words"], tuple(one.get("one_of", ())), one.get("optional", False))
        for name, one in said["fields"].items()
    )


def _datum(said: str | Mapping[str, Any]) -> tuple[str, frozenset[str]]:
    return (said, frozenset()) if isinstance(said, str) else (said["words"], frozenset(said["classifications"]))


def _part(name: str, said: Mapping[str, Any]) -> Part:
    days = {key: date.fromisoformat(said[key]) for key in ("not_enforced_since", "enforced_again") if said.get(key)}
    return Part(id=name, words=said["words"], since=date.fromisoformat(said["since"]), **days)


def faults(document: Document, _provision: Provision, value: Value) -> Iterable[Fault]:
    """A worked record must be whole: it is what authors copy."""
    if isinstance(value, Filled) and (gaps := missing_fields(value.record, value.schema)):
        yield document.fault(("what", "record"), f"The record lacks {', '.join(gaps)}.", "Fill it in, or write none.")


def answer(value: Value, given: Given) -> Answers:
    """What a record, a line or a set of figures lacks; what must be handed over; what binds on a day."""
    if isinstance(value, Filled):
        words = CaseWords(given, {"without": ("lacking",)})
        left = {name: part for name, part in value.record.items() if name not in words.texts("without")}
        return _lacking(missing_fields(left, value.schema))
    if isinstance(value, RecordSchema):
        return _lacking(missing_fields(CaseWords(given, {"record": ()}).get("record") or {}, value))
    if isinstance(value, Data):
        words = CaseWords(given, {"figures": (), "classifications": ("classification",)})
        classes = words.texts("classifications") or CLASSIFICATIONS
        return _lacking(missing_data(words.get("figures") or {}, value.data, classes))
    if isinstance(value, Flags):
        return _lacking(missing_flags(CaseWords(given, {"line": ()}).get("line") or {}, value.flags))
    if isinstance(value, Disclosures):
        words = CaseWords(given, {"document": ("asked", "asked_for"), "by": ("asker", "asked_by")})
        return {"must_give": TRUTH[must_give(value.several, words.text("document"), words.text("by") or None)]}
    on = CaseWords(given, {"on": ("date", "day")}).day("on")
    if on is None:
        raise ValueError("Say on which day: `on: 2026-11-22`.")
    return {part.id: status_of(part, on) for part in value.parts}


def _lacking(gaps: tuple[str, ...]) -> Answers:
    return {"complete": not gaps, "missing": list(gaps), "missing_count": len(gaps)}


def rows(value: Value) -> Iterable[tuple[str, str]]:
    """The item as label and words."""
    match value:
        case RecordSchema():
            yield from ((one.id, "; ".join(each.words for each in one.fields)) for one in value.sections)
        case Filled():
            yield from ((name.replace("_", " "), _plain(said)) for name, said in value.record.items())
        case Data():
            yield from ((one.id.replace("_", " "), one.words) for one in value.data)
        case Flags():
            yield from ((one.id, one.words) for one in value.flags)
        case Disclosures():
            yield from (
                (one.id.replace("_", " "), f"{one.words}: {', '.join(sorted(one.to))}") for one in value.several
            )
        case Layers():
            yield from ((one.id.replace("_", " "), one.words) for one in value.parts)


def _plain(said: Any) -> str:
    if isinstance(said, Mapping):
        return "; ".join(f"{name.replace('_', ' ')}: {_plain(one)}" for name, one in said.items())
    return ", ".join(_plain(one) for one in said) if isinstance(said, list) else str(said)


KIND = Kind(
    shelf="parity",
    title="Parity of mental health and substance use benefits",
    summary="What is kept of every nonquantitative treatment limitation, on every line, and computed for both sides.",
    build=build,
    answer=answer,
    rows=rows,
    faults=faults,
)
