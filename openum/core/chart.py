"""What is known about a member: chart entries as they were found, and the facts drawn from them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from openum.core.codes import Code

Value = bool | int | float | str | date
"""What a fact can be: yes/no, a number in the fact's unit, a choice or code, or a day."""

EntryKind = Literal[
    "observation", "condition", "procedure", "medication", "answer", "claim", "demographic", "encounter"
]
Segment = Literal[
    "general",
    "mental_health",
    "sud_part2",
    "sud_counseling_notes",
    "psychotherapy_notes",
    "hiv",
    "reproductive",
]
"""Sensitivity of a piece of information (42 CFR Part 2; facts/regulation.md §8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing a chart, form or claim says, neutral of the tongue it came in.

    ``date`` is the day it speaks of, ``at`` the moment where one is given. ``denied`` marks an explicit negative (a
    refuted condition, a procedure not done). ``link`` is the question's id for an ``answer``, or the name for a
    ``demographic``. ``source`` resolves in the record it came from (``Observation/o1``).
    """

    kind: EntryKind
    codes: tuple[Code, ...] = ()
    link: str = ""
    value: Value | Code | None = None
    unit: str = ""
    date: dt.date | None = None
    at: datetime | None = None
    ended: dt.date | None = None
    denied: bool = False
    source: str = ""
    quote: str = ""
    segment: Segment = "general"


@dataclass(frozen=True, slots=True)
class Fact:
    """One named fact about a member or a request.

    ``value`` ``None`` means *not known*, and ``note`` may say why. ``floor`` marks what was found of something of which
    there may be more, a count or the newest day in a chart: the truth is at least this much. ``source``, ``date`` and
    ``quote`` say where it was read.
    """

    name: str
    value: Value | None
    source: str = ""
    date: dt.date | None = None
    quote: str = ""
    floor: bool = False
    note: str = ""
    segment: Segment = "general"


@dataclass(frozen=True, slots=True)
class Chart:
    """The facts on which one request line is judged, and the day they are judged for."""

    on: date
    facts: dict[str, Fact] = field(default_factory=dict)

    def known(self, name: str) -> bool:
        """Whether the fact has a value."""
        fact = self.facts.get(name)
        return fact is not None and fact.value is not None

    def with_facts(self, *facts: Fact) -> Chart:
        """The same chart with some facts replaced or added."""
        return Chart(self.on, {**self.facts, **{fact.name: fact for fact in facts}})


def fact(name: str, value: Value | None, *, source: str = "given", date: date | None = None) -> Fact:
    """A fact stated outright, as worked examples and people do."""
    return Fact(name, value, source, date)
