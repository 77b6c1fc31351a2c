"""Ladders of levels of care: which level lies below which, in what unit it is counted, how often a stay is reviewed.

A ladder is content (``library/levels-of-care``). Levels stand from the least to the most intensive, and each says to
which levels a member may step down from it. So the order is partial: where no way down leads from one level to the
other, neither is lower, and the answer is *unknown* rather than a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.codes import NO_CODES, Code, CodeSet
from openum.core.span import Span

MONTH = 30
"""Days of a calendar month, only to tell which of two cadences is the shorter one."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """The level of another ladder that parity compares a level with."""

    ladder: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of care.

    ``unit`` is what is counted there (day, visit, session, hour). ``first`` is the most of them a first approval
    holds, ``review_every`` how often a stay or course is looked at again; both are ``None`` where nothing is set.
    ``policies`` judge the start and ``continued`` the days after it (policy ids). ``reason`` says why reviews come more
    often than at the comparable level.
    """

    id: str
    what: str
    unit: str
    step_down: tuple[str, ...] = ()
    codes: CodeSet = NO_CODES
    cite: str = ""
    policies: tuple[str, ...] = ()
    continued: tuple[str, ...] = ()
    first: int | None = None
    review_every: Span | None = None
    comparable: Comparable | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Levels from the least to the most intensive. ``conversions``: how many units of the second one unit of the
    first is, only where a source says so.

    Raises:
        ValueError: when two levels have one id, or a level steps down to one that does not stand before it.
    """

    id: str
    levels: tuple[Level, ...]
    conversions: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for level in self.levels:
            if level.id in seen:
                raise ValueError(f"{level.id} stands on the ladder twice.")
            for lower in level.step_down:
                if lower not in seen:
                    raise ValueError(f"{level.id} steps down to {lower}, which does not stand before it.")
            seen.add(level.id)

    def level(self, id: str) -> Level:
        """The level of that name; ``ValueError`` naming all of them when there is none."""
        for level in self.levels:
            if level.id == id:
                return level
        names = ", ".join(level.id for level in self.levels)
        raise ValueError(f"{self.id} has no level {id}; its levels are {names}.")

    def rank(self, id: str) -> int:
        """The place of a level, from 1 for the least intensive."""
        return self.levels.index(self.level(id)) + 1


def next_lower(ladder: Ladder, id: str) -> tuple[Level, ...]:
    """The levels a member may step down to from this one; none from the lowest."""
    return tuple(ladder.level(lower) for lower in ladder.level(id).step_down)


def next_higher(ladder: Ladder, id: str) -> tuple[Level, ...]:
    """The levels from which this one is the next step down; none from the highest."""
    ladder.level(id)
    return tuple(level for level in ladder.levels if id in level.step_down)


def is_lower(ladder: Ladder, id: str, than: str) -> Answer:
    """Whether one level lies below another: yes or no along the steps, unknown where no step joins the two."""
    if ladder.level(id) == ladder.level(than):
        return NO
    if id in _below(ladder, than):
        return YES
    return NO if than in _below(ladder, id) else UNKNOWN


def levels_of(ladder: Ladder, code: Code) -> tuple[Level, ...]:
    """The levels a code is billed for; more than one, or none, means that the code does not tell the level."""
    return tuple(level for level in ladder.levels if code in level.codes)


def converted(ladder: Ladder, amount: float, start: str, to: str) -> float | None:
    """An amount counted at one level in the unit of another, or ``None`` where nobody has said how many that are.

    A day stays a day. A session is not a fraction of a day unless the ladder's source says which.
    """
    have, want = ladder.level(start).unit, ladder.level(to).unit
    if have == want:
        return amount
    factor = ladder.conversions.get((have, want))
    return None if factor is None else amount * factor


@dataclass(frozen=True, slots=True)
class Disparity:
    """A level that is reviewed more often than the one parity compares it with, and the reason given, if any."""

    level: Level
    beside: Level
    reason: str


def disparity_of(level: Level, ladders: Iterable[Ladder]) -> Disparity | None:
    """What parity sees when a level is reviewed more often than its comparable one, or where that one is not at all.

    Raises ``ValueError`` when the comparable ladder or level is not among ``ladders``.
    """
    if level.comparable is None:
        return None
    beside = next((one for one in ladders if one.id == level.comparable.ladder), None)
    if beside is None:
        raise ValueError(f"{level.id} is compared with the ladder {level.comparable.ladder}, which is not known.")
    other = beside.level(level.comparable.level)
    if level.review_every is None:
        return None
    often = other.review_every is None or _days(level.review_every) < _days(other.review_every)
    return Disparity(level, other, level.reason) if often else None


def _below(ladder: Ladder, id: str) -> frozenset[str]:
    """Every level that steps lead down to."""
    found: set[str] = set()
    waiting = list(ladder.level(id).step_down)
    while waiting:
        lower = waiting.pop()
        found.add(lower)
        waiting += [one for one in ladder.level(lower).step_down if one not in found]
    return frozenset(found)


def _days(span: Span) -> int:
    return span.days + span.months * MONTH
