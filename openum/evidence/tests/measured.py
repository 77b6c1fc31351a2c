"""Suggestions beside the key: how much that speaks against is found, and how much of what is shown is right."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from openum.core.facts import FactDefinition
from openum.evidence.document import Document, read_document, resolve
from openum.evidence.find import Suggestion, suggest
from openum.librarian.read import library

PROJECT = Path(__file__).resolve().parents[3]
DATA = PROJECT.parent / "shared" / "data"
KEY = Path(__file__).parent / "key"
PLAIN = "text/plain"
UNOPENED = "last"
"""Keyed after the rules and not read since: the only part whose figures say how good the rules are."""
KNOWN = ("development", "held_out", "fresh")
"""Notes the rules were fitted to, knowingly or not (key/README.md)."""
NEAR = 0.06
"""How far a value read may be from the key's, which is rounded to one decimal place."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class KeyedFact:
    """The spans of a note that speak of a fact, by kind; and values by span."""

    fact: FactDefinition
    spans: Mapping[str, tuple[Span, ...]]
    values: Mapping[Span, float]


@dataclass(frozen=True, slots=True)
class KeyedNote:
    """A note as it was keyed."""

    name: str
    text: str
    facts: tuple[KeyedFact, ...]


@dataclass(slots=True)
class Tally:
    """Counts over a part of the key."""

    notes: int = 0
    quotes: int = 0
    exact: int = 0
    spans: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)
    shown: dict[str, int] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    values: int = 0
    values_found: int = 0
    misses: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, kind: str) -> float:
        """Share of the key's passages of a kind that were suggested as that kind, for that fact, at that place."""
        return self.found.get(kind, 0) / self.spans[kind]

    def precision(self, kind: str) -> float:
        """Share of the suggestions of a kind, of keyed facts, that the key has as that kind at that place."""
        return self.right.get(kind, 0) / self.given[kind]


def present() -> bool:
    """Whether the notes are there; they are not ours to ship."""
    return (DATA / "notes_mtsamples").is_dir() and (DATA / "notes_aci_bench").is_dir()


def keyed(part: str) -> tuple[KeyedNote, ...]:
    """A part of the key (``KNOWN`` or ``UNOPENED``) with its notes; refuses a note that is not the one keyed."""
    data = yaml.load((KEY / f"{part}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple(_note(one) for one in data["notes"])


def _note(written: Mapping[str, Any]) -> KeyedNote:
    text = notes(written["set"])[written["note"]]
    assert sha256(text.encode()).hexdigest() == written["sha256"], f"{written['note']} is not the text that was keyed"
    facts = library().facts
    return KeyedNote(
        written["note"], text, tuple(_fact(facts[id], spans or {}) for id, spans in written["facts"].items())
    )


def _fact(fact: FactDefinition, written: Mapping[str, list[list[float]]]) -> KeyedFact:
    spans = {kind: tuple((int(one[0]), int(one[1])) for one in all_) for kind, all_ in written.items()}
    values = {(int(one[0]), int(one[1])): one[2] for all_ in written.values() for one in all_ if len(one) > 2}
    return KeyedFact(fact, spans, values)


@cache
def notes(name: str) -> Mapping[str, str]:
    """The notes of a set by name, as the key's README says."""
    read = _mtsamples() if name == "mtsamples" else _aci_bench()
    return {note: text.split("\nKeywords:")[0] for note, text in read}


def _mtsamples() -> Iterator[tuple[str, str]]:
    with gzip.open(DATA / "notes_mtsamples" / "mtsamples.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            note = json.loads(line)
            yield note["id"], note["text"]


def _aci_bench() -> Iterator[tuple[str, str]]:
    for part in ("train", "valid"):
        with gzip.open(DATA / "notes_aci_bench" / f"{part}.csv.gz") as raw:
            for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline="")):
                yield row["encounter_id"], row["note"]


def measure(*parts: str) -> Tally:
    """Every note of these parts of the key with its keyed facts asked."""
    tally = Tally()
    for note in (note for part in parts for note in keyed(part)):
        tally.notes += 1
        content = note.text.encode()
        document = read_document(content, PLAIN, name=note.name)
        made = suggest([one.fact for one in note.facts], [document])
        for one in note.facts:
            _count(tally, note, one, made[one.fact.id])
        _exact(tally, content, document, [one for all_ in made.values() for one in all_])
    return tally


def _exact(tally: Tally, content: bytes, document: Document, made: list[Suggestion]) -> None:
    for one in made:
        for quote in (one.quote, one.words, *((one.cue,) if one.cue else ())):
            tally.quotes += 1
            there = content[quote.source_start : quote.source_end].decode()
            tally.exact += there == quote.text == resolve(quote, content, PLAIN) and quote.document == document.digest


def _count(tally: Tally, note: KeyedNote, keyed_fact: KeyedFact, made: tuple[Suggestion, ...]) -> None:
    where = f"{note.name} {keyed_fact.fact.id}"
    for kind, spans in keyed_fact.spans.items():
        for span in spans:
            tally.spans[kind] = tally.spans.get(kind, 0) + 1
            same = [one for one in made if one.kind == kind and meets(one, span)]
            tally.found[kind] = tally.found.get(kind, 0) + bool(same)
            tally.shown[kind] = tally.shown.get(kind, 0) + any(
                one.quote.start < span[1] and span[0] < one.quote.end for one in made
            )
            if not same:
                tally.misses.append(f"{where} {kind}: {note.text[span[0] : span[1]]!r}")
            if span in keyed_fact.values:
                tally.values += 1
                wanted = keyed_fact.values[span]
                tally.values_found += any(one.value and abs(one.value.value - wanted) < NEAR for one in same)
    for one in made:
        if one.said == "related":
            continue
        tally.given[one.kind] = tally.given.get(one.kind, 0) + 1
        if any(meets(one, span) for span in keyed_fact.spans.get(one.kind, ())):
            tally.right[one.kind] = tally.right.get(one.kind, 0) + 1
        else:
            tally.wrong.append(f"{where} {one.kind} [{one.said}]: {one.words.text!r} in {one.quote.text[:110]!r}")


def meets(one: Suggestion, span: Span) -> bool:
    """Whether the words that a suggestion rests on share a character with the span."""
    return one.words.start < span[1] and span[0] < one.words.end
