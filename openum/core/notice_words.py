"""How a language writes what letters are given: days, numbers, and the words of closed choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openum.core.plain_words import Jargon
from openum.core.refusal import Refusal

Element = str | int | float | bool | date | None | Sequence[Mapping[str, "Element"]] | Mapping[str, "Element"]
"""What a letter can be given: text, numbers, days, flags, and lists of named elements."""
Elements = Mapping[str, Element]


@dataclass(frozen=True, slots=True)
class Wording:
    """A language as ``library/notices/languages/<language>/words.yaml`` tells it.

    ``day`` holds ``{day}``, ``{month}`` and ``{year}``; ``words`` are the choice words by element (``lines.outcome``),
    each with its translation; a word that is not there is written as it is. ``reading_limit`` is the least reading
    ease of a letter that sets none of its own (languages measured by ease, 0 to 100). ``phrases`` say what was found;
    ``sources`` name kinds of records; ``jargon`` are the words its readers do not know.
    """

    language: str
    day: str
    months: tuple[str, ...]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reading_limit: float = 0
    phrases: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    jargon: Jargon = field(default_factory=Jargon)

    def word(self, path: str, word: str) -> str:
        """One choice word of an element in this language."""
        return self.words.get(path, {}).get(word, word)


def written(value: Element, wording: Wording) -> str:
    """One value as a letter prints it: a day as ``March 9, 2026``, a number without needless zeros."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise Refusal(
            "letter-not-text",
            "A flag or a list stands where the letter wants text.",
            "Use it in an if or an each, or place one of its elements.",
        )
    if isinstance(value, date):
        return wording.day.format(day=value.day, month=wording.months[value.month - 1], year=value.year)
    return f"{value:g}" if isinstance(value, float) else str(value)


def spoken(elements: Elements, choices: Sequence[tuple[str, Sequence[str]]], wording: Wording) -> Elements:
    """The elements with every choice word in the letter's language."""
    told = dict(elements)
    for path, _ in choices:
        name, *below = path.split(".")
        if name in told:
            told[name] = _spoken(told[name], below, path, wording)
    return told


def _spoken(value: Element, below: Sequence[str], path: str, wording: Wording) -> Element:
    if not below:
        return wording.word(path, value) if isinstance(value, str) else value
    if not isinstance(value, Sequence) or isinstance(value, str):
        return value
    part, *rest = below
    return tuple({**one, part: _spoken(one[part], rest, path, wording)} if part in one else one for one in value)
