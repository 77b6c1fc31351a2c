"""Chance that can be repeated: every part of the world throws dice of its own, named by what they are for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A stream of chance that depends on its name alone, not on what else was thrown.

    Built on ``Random.random`` only, which Python promises to keep for a seed; its other methods have changed before.
    """

    __slots__ = ("_name", "_random")

    def __init__(self, *name: str | int) -> None:
        self._name = name
        digest = sha256("\x1f".join(map(str, name)).encode()).digest()
        self._random = random.Random(int.from_bytes(digest))

    def named(self, *name: str | int) -> Dice:
        """Dice of their own for a part of what these are for."""
        return Dice(*self._name, *name)

    def below(self, end: int) -> int:
        """A whole number from 0 to ``end`` - 1."""
        return int(self._random.random() * end)

    def between(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        """True in ``share`` of all throws."""
        return self._random.random() < share

    def pick(self, of: Sequence[T]) -> T:
        """One of them, each as likely as the next."""
        return of[self.below(len(of))]

    def weighted(self, of: Sequence[tuple[T, float]]) -> T:
        """One of them, as likely as its weight says."""
        left = self._random.random() * sum(weight for _, weight in of)
        for one, weight in of:
            left -= weight
            if left < 0:
                return one
        return of[-1][0]

    def shuffled(self, of: Iterable[T]) -> list[T]:
        """All of them, in any order."""
        row = list(of)
        for last in range(len(row) - 1, 0, -1):
            other = self.below(last + 1)
            row[last], row[other] = row[other], row[last]
        return row

    def some(self, of: Sequence[T], least: int, most: int) -> list[T]:
        """From ``least`` to ``most`` of them (all, if there are fewer), in any order."""
        return self.shuffled(of)[: self.between(min(least, len(of)), min(most, len(of)))]

    def day(self, first: date, last: date) -> date:
        """A day from ``first`` to ``last``, both included."""
        return first + timedelta(days=self.below((last - first).days + 1))
