"""Words that readers of letters do not know, and short forms that nobody explained to them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

_SHORT = re.compile(r"(?<![\w/.-])[A-Z][A-Z&]{1,7}s?(?![\w/-]|\.\w)")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Jargon:
    """``words``: a word or phrase and what to write instead; ``known``: short forms that need no explanation."""

    words: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def hard_words(text: str, jargon: Jargon) -> tuple[tuple[str, str], ...]:
    """Each word of the list that the text uses, with what to write instead, in the order of the list.

    Of two that overlap (``utilization management``, ``utilization``) the longer counts.
    """
    if not jargon.words:
        return ()
    used = {found[0].lower() for found in _pattern(tuple(jargon.words)).finditer(text)}
    return tuple((word, plain) for word, plain in jargon.words.items() if word.lower() in used)


def unexplained(text: str, jargon: Jargon) -> tuple[str, ...]:
    """Each short form in capitals whose first use does not come with its words, in order of first use.

    Explained is ``magnetic resonance imaging (MRI)`` and ``MRI (magnetic resonance imaging)``: at least as many words
    as the short form has letters, one less to spare for small words.
    """
    return tuple(dict.fromkeys(_unexplained(text, jargon)))


def _unexplained(text: str, jargon: Jargon) -> Iterator[str]:
    seen: set[str] = set()
    for found in _SHORT.finditer(text):
        short = found[0].removesuffix("s")
        if short in seen or short in jargon.known:
            continue
        seen.add(short)
        if not _explained(text, found, short):
            yield short


def _explained(text: str, found: re.Match[str], short: str) -> bool:
    wanted = max(len(short) - 1, 2)
    before, after = text[: found.start()], text[found.end() :]
    if before.rstrip().endswith("("):
        return len(_LETTERS.findall(before[-120:])) >= wanted
    inside = re.match(r"\s*\(([^)]*)\)", after)
    return inside is not None and len(_LETTERS.findall(inside[1])) >= wanted


@lru_cache(maxsize=16)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE)
