"""Versions and names of law: no two hold on the same day, and no name stands for two things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from openum.core.clock_rule import (
    ClockRule,
    Condition,
    DateCondition,
    FlagCondition,
    LeadCondition,
    NumberCondition,
    WordCondition,
)
from openum.librarian.faults import Fault
from openum.librarian.marked import Document

FAMILIES = "measures"
"""The shelf whose items may share another name (``K7``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of one item: its names, its days (both included, ``None`` open) and its file."""

    shelf: str
    id: str
    version: str
    also: tuple[str, ...]
    first: date | None
    last: date | None
    document: Document
    clock: ClockRule | None = None

    def overlaps(self, other: Version) -> bool:
        """Whether some day belongs to both."""
        return _begins(self.first, other.last) and _begins(other.first, self.last)


def _begins(first: date | None, last: date | None) -> bool:
    return first is None or last is None or first <= last


def overlap_faults(versions: Iterable[Version]) -> Iterator[Fault]:
    """Two versions of one item that hold on the same day for the same case."""
    groups: dict[tuple[str, str], list[Version]] = defaultdict(list)
    for one in versions:
        groups[one.shelf, one.id].append(one)
    for group in groups.values():
        for one, other in combinations(sorted(group, key=lambda each: int(each.version)), 2):
            if one.version != other.version and one.overlaps(other) and not _apart(one, other):
                fault = f"{other.id} versions {one.version} and {other.version} hold on the same day."
                mend = "Give the earlier version a last day (since.to) on the eve of the next."
                yield other.document.fault(("since",), fault, mend)


def _apart(one: Version, other: Version) -> bool:
    """Whether conditions keep two versions of a clock from holding for the same case."""
    if one.clock is None or other.clock is None:
        return False
    return any(excludes(mine, theirs) for mine in one.clock.conditions for theirs in other.clock.conditions)


def excludes(one: Condition, other: Condition) -> bool:
    """Whether two conditions never hold at once."""
    if isinstance(one, LeadCondition) or isinstance(other, LeadCondition):
        both = isinstance(one, LeadCondition) and isinstance(other, LeadCondition)
        return both and _leads_apart(one, other)  # type: ignore[arg-type]
    if one.datum != other.datum:
        return False
    match one, other:
        case DateCondition(), DateCondition():
            return _ends_before(one.before, other.starts) or _ends_before(other.before, one.starts)
        case NumberCondition(), NumberCondition():
            return _ends_before(one.less_than, other.at_least) or _ends_before(other.less_than, one.at_least)
        case FlagCondition(), FlagCondition():
            return one.value is not other.value
        case WordCondition(), WordCondition():
            return not set(one.one_of) & set(other.one_of)
    return False


def _leads_apart(one: LeadCondition, other: LeadCondition) -> bool:
    return one.at_least is not other.at_least and (
        one.hours >= other.hours if one.at_least else other.hours >= one.hours
    )


def _ends_before(end: date | int | None, start: date | int | None) -> bool:
    return end is not None and start is not None and end <= start  # type: ignore[operator]


def name_faults(versions: Sequence[Version]) -> Iterator[Fault]:
    """A name that two items go by.

    Clocks may share one: the case says which of them holds. A clock may bear the name of the item whose clock it is.
    A name that two measures list is that of their family.
    """
    first: dict[str, Version] = {}
    for one in sorted((each for each in versions if each.clock is None), key=lambda each: str(each.document.path)):
        for name in (one.id, *one.also):
            other = first.setdefault(name, one)
            if (other.shelf, other.id) != (one.shelf, one.id) and not (one.shelf == other.shelf == FAMILIES):
                where = ("id",) if name == one.id else ("also",)
                fault = f"{name} is a name of {other.id} ({other.shelf}) too."
                yield one.document.fault(where, fault, "Give each item names of its own.")


def own_name_faults(version: Version) -> Iterator[Fault]:
    """An item's own id among its other names."""
    if version.id in version.also:
        fault = f"{version.id} is the id already."
        yield version.document.fault(("also",), fault, "Take it out: `also` lists other names.")
