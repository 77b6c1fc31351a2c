"""Text as words that can be compared: case, plural, ligatures, soft hyphens and accents do not matter, places do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?")
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\x02")
"""Soft hyphens and invisible characters. PDFium writes U+0002 or U+FFFE for a hyphen at the end of a line."""
_AS = {"’": "'", "‘": "'", "ʼ": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "ß": "ss", "µ": "u", "μ": "u"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared (``stem``) and its characters in the text. ``capitals``: written in capitals only."""

    stem: str
    start: int
    end: int
    capitals: bool = False


def words_of(text: str, start: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """The words of a stretch of text in order, with their places in the whole text."""
    end = len(text) if end is None else end
    folded, places = _folded(text, start, end)
    return tuple(
        Word(
            stem_of(found[0]),
            places(found.start()),
            places(found.end() - 1) + 1,
            text[places(found.start()) : places(found.end() - 1) + 1].isupper(),
        )
        for found in _WORD.finditer(folded)
    )


def stems_of(text: str) -> tuple[str, ...]:
    """The words of a short text as they are compared."""
    return tuple(word.stem for word in words_of(text))


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """A word without the ending of the plural or the possessive: ``fevers`` → ``fever``, ``Crohn's`` → ``crohn``."""
    word = word.removesuffix("'s")
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]


class _At:
    """From a place in the folded text to the place in the text."""

    __slots__ = ("_places", "_start")

    def __init__(self, start: int, places: list[int] | None = None) -> None:
        self._start = start
        self._places = places

    def __call__(self, place: int) -> int:
        return self._start + place if self._places is None else self._places[place]


def _folded(text: str, start: int, end: int) -> tuple[str, _At]:
    part = text[start:end]
    if part.isascii() and "\x02" not in part:
        return part.lower(), _At(start)
    kept: list[str] = []
    places: list[int] = []
    skipping = False
    for place, character in enumerate(part, start):
        if character in _DROPPED:
            skipping = True
        elif not (skipping and character.isspace()):
            skipping = False
            for one in _plain(character):
                kept.append(one)
                places.append(place)
    return "".join(kept), _At(start, places)


@lru_cache(maxsize=5_000)
def _plain(character: str) -> str:
    said = _AS.get(character, character)
    parts = unicodedata.normalize("NFKD", said)
    return "".join(one for one in parts if not unicodedata.combining(one)).lower()
