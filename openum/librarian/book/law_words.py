"""What every item of law says alike on its page: how sure it is, since when, and its examples as they came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openum.core.clock_rule import ClockAuthority
from openum.librarian.answers_agree import differences
from openum.librarian.marked import read_document
from openum.librarian.page import Block, Heading, Item, Items, Paragraph, Rows, Table
from openum.librarian.print import day_in_words

TAGS: Mapping[str, str] = {
    "verified": "verified",
    "from_knowledge": "from knowledge",
    "policy_choice": "our choice",
}
"""The grade of an authority, in the words of the book's lists."""
SURE: Mapping[str, str] = {
    "verified": "Verified: text that supports it was read.",
    "from_knowledge": "From knowledge: nobody has read the text yet.",
    "policy_choice": "A policy choice of ours: no law says it in these words.",
}
STRENGTH: Mapping[str, str] = {"A": "primary text", "B": "official summary or dated text", "C": "secondary source"}


@dataclass(frozen=True, slots=True)
class Source:
    """What stands behind a key of the list of sources."""

    what: str
    strength: str


@dataclass(frozen=True, slots=True)
class Case:
    """One worked example with what was computed for the words it expects."""

    id: str
    why: str
    given: Mapping[str, Any]
    expected: Mapping[str, Any]
    computed: Mapping[str, Any]


def read_sources(*roots: Path) -> dict[str, Source]:
    """The lists of sources of these shelves (``clocks/sources.yaml``) as one."""
    found: dict[str, Source] = {}
    for path in (root / "clocks" / "sources.yaml" for root in roots):
        document = read_document(path)[0] if path.is_file() else None
        for key, said in (document.data["sources"] if document else {}).items():
            found[key] = Source(str(said["what"]), str(said.get("strength", "")))
    return found


def authority_blocks(authorities: Sequence[ClockAuthority], sources: Mapping[str, Source]) -> Iterator[Block]:
    """By whose authority: citation, grade, strength, the day it was checked, its sources spelled out."""
    yield Heading("By whose authority")
    for one in authorities:
        rows = [("Text", one.cite), ("How sure", SURE[one.tag])]
        rows += [("Strength", f"{one.strength}: {STRENGTH[one.strength]}")] if one.strength else []
        rows += [("As graded", one.grading), ("Checked on", day_in_words(one.checked_on))]
        rows += [("Would confirm it", one.confirm)] if one.confirm else []
        yield Rows(tuple(rows))
        if one.sources:
            yield Items(tuple(Item(_source(key, sources.get(key))) for key in one.sources))


def _source(key: str, source: Source | None) -> str:
    if source is None:
        return key
    strength = f" ({STRENGTH[source.strength]})" if source.strength in STRENGTH else ""
    return f"{key}: {source.what}{strength}"


def since_blocks(first: date | None, last: date | None, note: str) -> Iterator[Block]:
    """Since when, and until when."""
    yield Heading("Since when")
    yield Paragraph(f"{since_words(first, last)}.")
    if note:
        yield Paragraph(note)


def since_words(first: date | None, last: date | None) -> str:
    """The days a version holds, as a phrase without a full stop."""
    begins = f"From {day_in_words(first)}" if first and first != date.min else ""
    ends = f"until {day_in_words(last)}" if last else ""
    told = " ".join(part for part in (begins, ends) if part)
    return f"{told[:1].upper()}{told[1:]}" if told else "In force; the first day is not recorded"


def case_blocks(cases: Iterable[Case]) -> Iterator[Block]:
    """The worked examples as a table: what was given, what was expected, what came out."""
    rows = tuple((f"{case.id}: {case.why}", said(case.given), said(case.expected), _came_out(case)) for case in cases)
    if rows:
        yield Heading("Worked examples")
        yield Table("Each was computed for this book", ("Case", "Given", "Expected", "Computed"), rows)


def _came_out(case: Case) -> str:
    return f"{said(case.computed)} {'(differs)' if differences(case.computed, case.expected) else '✓'}"


def said(value: Any) -> str:
    """A value of a library file in one line: words as they are written, lists with commas, maps with colons."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        parts = (f"{key}: {_inner(one)}" for key, one in value.items())
        return "; ".join(parts) or "nothing"
    if isinstance(value, list | tuple):
        return ", ".join(map(_inner, value)) or "none"
    return str(value)


def _inner(value: Any) -> str:
    nested = isinstance(value, Mapping) or (isinstance(value, list | tuple) and len(value) > 1)
    return f"({said(value)})" if nested else said(value)
