"""Sets of values of one fact, as a criterion draws them: of numbers and days by cuts, of words by listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

Cut = tuple[float, int]
"""A place between values: ``(5, 0)`` just below 5, ``(5, 1)`` just above it."""
LOWEST: Cut = (float("-inf"), 0)
HIGHEST: Cut = (float("inf"), 1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers between cuts: ascending, apart from one another."""

    parts: tuple[tuple[Cut, Cut], ...]

    @property
    def empty(self) -> bool:
        """Whether no number is in it."""
        return not self.parts

    def meet(self, other: Numbers) -> Numbers:
        """What is in both."""
        both = (
            (max(low, their_low), min(high, their_high))
            for low, high in self.parts
            for their_low, their_high in other.parts
        )
        return Numbers(tuple(sorted((low, high) for low, high in both if low < high)))

    def flip(self) -> Numbers:
        """What is not in it."""
        cuts = [LOWEST, *(cut for part in self.parts for cut in part), HIGHEST]
        return Numbers(tuple((low, high) for low, high in list(pairwise(cuts))[::2] if low < high))

    def join(self, other: Numbers) -> Numbers:
        """What is in one or the other."""
        return self.flip().meet(other.flip()).flip()


@dataclass(frozen=True, slots=True)
class Words:
    """Words (or true and false): those listed, or with ``others`` all but those listed."""

    listed: frozenset[object]
    others: bool = False

    @property
    def empty(self) -> bool:
        """Whether no word is in it."""
        return not self.listed and not self.others

    def meet(self, other: Words) -> Words:
        """What is in both."""
        if self.others and other.others:
            return Words(self.listed | other.listed, True)
        if self.others:
            return Words(other.listed - self.listed)
        return Words(self.listed - other.listed if other.others else self.listed & other.listed)

    def flip(self) -> Words:
        """What is not in it."""
        return Words(self.listed, not self.others)

    def join(self, other: Words) -> Words:
        """What is in one or the other."""
        return self.flip().meet(other.flip()).flip()


Region = Numbers | Words


def from_to(low: Cut, high: Cut) -> Numbers:
    """The numbers between two cuts."""
    return Numbers(((low, high),))


def compared(op: str, value: float) -> Numbers:
    """The numbers that compare so with a value: ``at_least``, ``at_most``, ``above``, ``below`` or ``is`` it."""
    match op:
        case "at_least":
            return from_to((value, 0), HIGHEST)
        case "above":
            return from_to((value, 1), HIGHEST)
        case "at_most":
            return from_to(LOWEST, (value, 1))
        case "below":
            return from_to(LOWEST, (value, 0))
    return from_to((value, 0), (value, 1))


def one_of(values: Iterable[object]) -> Words:
    """These words."""
    return Words(frozenset(values))


def meet(one: Region, other: Region) -> Region:
    """What is in both; sets of different sorts say nothing about each other."""
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.meet(other)
    return one.meet(other) if isinstance(one, Words) and isinstance(other, Words) else one


def join(one: Region, other: Region) -> Region:
    """What is in one or the other; ``one`` must be of the other's sort."""
    if isinstance(one, Numbers) and isinstance(other, Numbers):
        return one.join(other)
    assert isinstance(one, Words) and isinstance(other, Words)  # noqa: S101, PT018
    return one.join(other)
