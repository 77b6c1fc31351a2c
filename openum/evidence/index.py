"""Full-text search over passages in memory: BM25 (Robertson and Zaragoza 2009, doi:10.1561/1500000019)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openum.evidence.passages import Passage

K1, B = 1.2, 0.75
"""The usual values: how soon a word that is repeated stops to count, and how much long passages are held back."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage, how well it fits (higher is better), and how many different words of the query it holds."""

    passage: Passage
    score: float
    words: int


class Index:
    """Passages by their words."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = tuple(passages)
        self._lengths = [len(passage.words) for passage in self._passages]
        self._mean = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0
        self._holding: dict[str, list[tuple[int, int]]] = {}
        for place, passage in enumerate(self._passages):
            for stem, times in Counter(word.stem for word in passage.words).items():
                self._holding.setdefault(stem, []).append((place, times))

    def weight(self, stem: str) -> float:
        """How telling a word is: rare ones more."""
        holding = len(self._holding.get(stem, ()))
        return math.log(1 + (len(self._passages) - holding + 0.5) / (holding + 0.5))

    def search(self, stems: Iterable[str], limit: int) -> tuple[Found, ...]:
        """The best passages for these words, best first; of equal ones the earlier."""
        scores: dict[int, float] = {}
        counts: Counter[int] = Counter()
        for stem in dict.fromkeys(stems):
            weight = self.weight(stem)
            for place, times in self._holding.get(stem, ()):
                length = 1 - B + B * self._lengths[place] / self._mean
                scores[place] = scores.get(place, 0.0) + weight * times * (K1 + 1) / (times + K1 * length)
                counts[place] += 1
        best = sorted(scores, key=lambda place: (-scores[place], place))[:limit]
        return tuple(Found(self._passages[place], scores[place], counts[place]) for place in best)
