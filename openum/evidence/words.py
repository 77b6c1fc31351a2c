"""Text as words that can be compared: case, plural, ligatures, soft hyphens and accents do not matter, places do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?")
_DROPPED = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\ufffe\x02")
"""Soft hyphens and invisible characters. PDFium writes U+0002 or U+FFFE for a hyphen at the end of a line."""
HYPHEN = "\u2010"
"""At the end of a line it was put there by a typesetter and is no part of the word; a plain ``-`` may be one."""
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
    part = text[start:end]
    if part.isascii() and "\x02" not in part:
        return tuple(
            _word(text, found[0], start + found.start(), start + found.end()) for found in _WORD.finditer(part.lower())
        )
    folded, places = _folded(text, start, end)
    return tuple(
        _word(text, found[0], places[found.start()], places[found.end() - 1] + 1) for found in _WORD.finditer(folded)
    )


def _word(text: str, folded: str, start: int, end: int) -> Word:
    return Word(stem_of(folded), start, end, text[start:end].isupper())


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


def _folded(text: str, start: int, end: int) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters the place in the text that it stands for."""
    kept: list[str] = []
    places: list[int] = []
    skipping = False
    for place, character in enumerate(text[start:end], start):
        if character in _DROPPED or (character == HYPHEN and text[place + 1 : place + 2] in ("\r", "\n")):
            skipping = True
        elif not (skipping and character.isspace()):
            skipping = False
            for one in _plain(character):
                kept.append(one)
                places.append(place)
    return "".join(kept), places


@lru_cache(maxsize=5_000)
def _plain(character: str) -> str:
    said = _AS.get(character, character)
    parts = unicodedata.normalize("NFKD", said)
    return "".join(one for one in parts if not unicodedata.combining(one)).lower()
