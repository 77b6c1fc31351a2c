"""References between shelves: a ladder names its clocks, a level its policies; what is named must have been written.

Where a reference stands is said once, here, shelf by shelf; ``*`` is any item of a list or any key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from openum.librarian.fact_checks import did_you_mean
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_

Sort = Literal["clock", "item", "policy"]
"""What is named: a clock; any clock or item of law; a policy."""
Pattern = tuple[str, ...]
_ID = re.compile(r"[A-Z][A-Z0-9]*-")
"""What is a name and not a word (``levels: [appeal]``)."""


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that may be named: clocks and items by id and by every other name, policies by id."""

    clocks: frozenset[str]
    items: frozenset[str]
    policies: frozenset[str]

    def of(self, sort: Sort) -> frozenset[str]:
        """What a reference of this sort may name."""
        return {"clock": self.clocks, "item": self.clocks | self.items, "policy": self.policies}[sort]


def _each(sort: Sort, *paths: str) -> tuple[tuple[Sort, Pattern], ...]:
    return tuple((sort, tuple(path.split("."))) for path in paths)


REFERENCES: Mapping[str, tuple[tuple[Sort, Pattern], ...]] = {
    "clocks": _each("clock", "if_missed.starts"),
    "appeals": (
        *_each(
            "clock", "clocks.*", "decide", "decide.*", "effectuate.*", "filing.clock", "if_missed.clock",
            "if_dismissed", "if_upheld.clock", "expedite.refused", "exhaustion.explain_by", "request", "request_by",
            "continue_by", "records", "liability.until", "notices.*.clock",
        ),
        *_each("item", "then", "then.*.level", "independence.*", "continuation.*", "levels.*"),
    ),
    "deciders": _each("policy", "criteria_policies.*"),
    "durability": _each("clock", "clock"),
    "formulary": _each("clock", "clocks.*", "clocks.*.*", "exception_clocks.*", "notice_clock"),
    "levels-of-care": (
        *_each("policy", "levels.*.policies.*", "levels.*.continued.*"),
        *_each("item", "levels.*.comparable.ladder"),
    ),
    "measures": _each("item", "shown_with.*"),
    "obligations": (*_each("clock", "clock_rules.*"), *_each("item", "of.*")),
    "peer-to-peer": _each("clock", "answer_clock"),
    "privacy": _each("item", "of.*"),
    "receipt": _each("clock", "shown_on.*"),
    "retention": _each("item", "of.*"),
}  # fmt: skip
"""For each shelf: what its files name, and where below ``what:``."""


def reference_faults(shelf: str, document: Document, known: Known) -> Iterator[Fault]:
    """What a file of a shelf names that nobody wrote, at its line."""
    for sort, pattern in REFERENCES.get(shelf, ()):
        names = known.of(sort)
        for where, name in _found(document.data.get("what", {}), pattern, ("what",)):
            if name not in names and (sort != "item" or _ID.match(name)):
                mend = did_you_mean(name, sorted(names), "Write it, or leave the reference out.")
                yield document.fault(where, f"There is no {_WORDS[sort]} {name}.", mend)


_WORDS: Mapping[Sort, str] = {"clock": "clock", "item": "item of law", "policy": "policy"}


def _found(data: Any, pattern: Pattern, where: Path_) -> Iterator[tuple[Path_, str]]:
    """The texts at a pattern, with their places; what has another form there is no reference."""
    if not pattern:
        if isinstance(data, str) and data:
            yield where, data
        return
    first, *rest = pattern
    for key, value in _below(data, first):
        yield from _found(value, tuple(rest), (*where, key))


def _below(data: Any, key: str) -> Iterable[tuple[str | int, Any]]:
    if key == "*":
        return data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return ((key, data[key]),) if isinstance(data, dict) and key in data else ()
