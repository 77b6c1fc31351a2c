"""A finding as it was kept (``explain.as_data``), read back into the tree a screen or a terminal shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openum.core.answers import YES, Answer
from openum.core.chart import Fact
from openum.core.explain import shown

_LONG_ID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One branch of a shown tree, with those below it.

    ``group`` says how the branches below count; ``found`` is what a comparison found, in words, and ``source``, ``day``
    and ``quote`` where. ``needed`` is false for a way not taken: the group above is met without it.
    """

    answer: Answer
    text: str
    cite: str = ""
    group: str = ""
    found: str = ""
    source: str = ""
    day: str = ""
    quote: str = ""
    needed: bool = True
    below: tuple[Branch, ...] = ()

    @property
    def place(self) -> str:
        """Where it was found and of which day, for reading: long ids are cut, as nobody reads them to the end."""
        source = _LONG_ID.sub(r"\1…", self.source)
        return ", ".join(part for part in (source, self.day) if part)

    @property
    def size(self) -> int:
        """How many branches there are below this one, at any depth."""
        return sum(1 + branch.size for branch in self.below)


def kept_tree(data: Mapping[str, Any]) -> Branch:
    """The kept tree as it is to be read.

    ``not`` over one comparison becomes one branch: that branch below it answers the other way round, which nobody needs
    to see. What has no label is called by how it counts, or by its fact's name.
    """
    below = tuple(kept_tree(one) for one in data.get("of", ()))
    answer, group = Answer(data["answer"]), str(data.get("group", ""))
    text, cite = str(data.get("label") or group), str(data.get("cite", ""))
    if group == "not" and not below[0].below:
        only = below[0]
        return replace(only, answer=answer, text=str(data.get("label") or f"not: {only.text}"), cite=cite or only.cite)
    if "test" not in data:
        return Branch(answer=answer, text=text, cite=cite, group=group, below=_marked(answer, group, below))
    fact = kept_fact(data["fact"]) if data.get("fact") else None
    return Branch(
        answer=answer, text=text or str(data["test"]["fact"]).replace("_", " "), cite=cite, found=shown(fact),
        source=fact.source if fact else "", day=fact.date.isoformat() if fact and fact.date else "",
        quote=_quote(fact),
    )  # fmt: skip


def flat(branch: Branch, depth: int = 0) -> Iterator[tuple[int, Branch]]:
    """The tree top to bottom with depths from 0; what lies below a way not taken is left out."""
    yield depth, branch
    if branch.needed:
        for below in branch.below:
            yield from flat(below, depth + 1)


def kept_fact(data: Mapping[str, Any]) -> Fact:
    """A fact from ``explain.fact_data``. A day that is the value itself stays the text it was kept as."""
    day = data.get("date")
    return Fact(
        name=str(data["name"]),
        value=data.get("value"),
        source=str(data.get("source", "")),
        date=date.fromisoformat(day) if day else None,
        quote=str(data.get("quote", "")),
        floor=bool(data.get("floor", False)),
        note=str(data.get("note", "")),
        segment=data.get("segment", "general"),
    )


def _marked(answer: Answer, group: str, below: tuple[Branch, ...]) -> tuple[Branch, ...]:
    """Where some of the branches are enough and were found, the others are ways not taken."""
    if answer is not YES or group in ("all of these", "not"):
        return below
    return tuple(replace(branch, needed=branch.answer is YES) for branch in below)


def _quote(fact: Fact | None) -> str:
    """The words that say it; an answer on a form that only repeats question and value says nothing more."""
    if fact is None:
        return ""
    repeated = "#" in fact.source and fact.quote.rpartition(": ")[2].startswith(shown(fact))
    return "" if repeated else fact.quote
