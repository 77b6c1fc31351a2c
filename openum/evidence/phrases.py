"""Many phrases looked for at once in the words of a passage."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from openum.evidence.words import Word, words_of

GAP = "…"
GAP_WORDS = 5
"""``…`` in a phrase stands for at most so many words."""
SHORT = 5
"""A word of at most so many letters that is written in capitals only (``MI``) counts in capitals only."""

Meaning = TypeVar("Meaning", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it is compared. ``capitals`` are the positions of words that count in capitals only; ``comma``: a
    comma stands before it."""

    stems: tuple[str, ...]
    capitals: frozenset[int] = frozenset()
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Hit(Generic[Meaning]):
    """A phrase that was found: its words from ``first`` to before ``last``, and what it means."""

    first: int
    last: int
    meaning: Meaning


@lru_cache(maxsize=20_000)
def phrase_of(written: str) -> Phrase:
    """A phrase as an author writes it: ``risks … discussed``, ``MI``, ``, he``."""
    stems: list[str] = []
    capitals: set[int] = set()
    for part in written.replace(GAP, f" {GAP} ").split():
        if part == GAP:
            stems.append(GAP)
        for word in words_of(part):
            if word.capitals and word.end - word.start <= SHORT and len(written) <= SHORT and not word.stem.isdigit():
                capitals.add(len(stems))
            stems.append(word.stem)
    return Phrase(tuple(stems), frozenset(capitals), written.lstrip().startswith(","))


class PhraseBook(Generic[Meaning]):
    """Phrases with their meanings; a phrase may have several."""

    def __init__(self, phrases: Iterable[tuple[str, Meaning]]) -> None:
        self._by_first: dict[str, list[tuple[Phrase, Meaning]]] = {}
        for written, meaning in phrases:
            phrase = phrase_of(written)
            if phrase.stems:
                self._by_first.setdefault(phrase.stems[0], []).append((phrase, meaning))

    def find(self, words: Sequence[Word], text: str) -> list[Hit[Meaning]]:
        """Every occurrence, in order of place; ``text`` is the text that the words' places refer to."""
        found = []
        shouted = _shouted(words)
        for first, word in enumerate(words):
            for phrase, meaning in self._by_first.get(word.stem, ()):
                if phrase.comma and not _after_comma(words, first, text):
                    continue
                last = _match(phrase, words, first, shouted=shouted)
                if last:
                    found.append(Hit(first, last, meaning))
        return found


def longest(hits: Iterable[Hit[Meaning]]) -> list[Hit[Meaning]]:
    """Of hits that overlap, only the longest; of two of one length, the earlier. What is equal stays together."""
    kept: list[Hit[Meaning]] = []
    for hit in sorted(hits, key=lambda one: (one.first - one.last, one.first)):
        if all((hit.first, hit.last) == (two.first, two.last) or not overlap(hit, two) for two in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: one.first)


def overlap(one: Hit[Meaning], other: Hit[Meaning]) -> bool:
    """Whether two hits share a word."""
    return one.first < other.last and other.first < one.last


def _match(phrase: Phrase, words: Sequence[Word], first: int, *, shouted: bool) -> int:
    """Past the last word of the phrase when it begins at ``first``, else 0."""
    at = first
    gap = 0
    for place, stem in enumerate(phrase.stems):
        if stem == GAP:
            gap = GAP_WORDS
            continue
        until = min(len(words), at + gap + 1)
        at = next((one for one in range(at, until) if words[one].stem == stem), -1) + 1
        if at == 0 or (place in phrase.capitals and (shouted or not words[at - 1].capitals)):
            return 0
        gap = 0
    return at


def _after_comma(words: Sequence[Word], first: int, text: str) -> bool:
    return first > 0 and "," in text[words[first - 1].end : words[first].start]


def _shouted(words: Sequence[Word]) -> bool:
    """Whether nearly everything is in capitals, so that capitals say nothing."""
    return len(words) > 3 and sum(word.capitals for word in words) > 0.7 * len(words)
