"""A number beside a word, read as a candidate for a fact's value. Candidates are shown and never used by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openum.core.facts import FactDefinition, typed
from openum.evidence.lexicon import Lexicon

AFTER, BEFORE = 40, 24
"""Characters after and before the word in which its number is looked for."""
_NUMBER = re.compile(r"(?<![\w.,/])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d/])|(?<![\w.,/])\d+(?:\.\d+)?(?![\d/]|\.\d)")
_STOPS = re.compile(r"[;\n]|[.!?](?:\s|$)|\b(?:from|minus|plus|than|ago|on|versus|vs|down|up)\b", re.I)
_RANGE = re.compile(r"\s*%?\s*(?:to|-|–)\s*(\d+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a note may give, in the fact's unit: its characters on the page, whether the unit is written, and
    the upper end where a range is given (``20% to 25%``)."""

    value: float
    start: int
    end: int
    unit_written: bool
    up_to: float | None = None


def candidate(
    definition: FactDefinition, page: str, word: tuple[int, int], around: tuple[int, int], lexicon: Lexicon
) -> Candidate | None:
    """The number that goes with the word at ``word`` (characters of the page), within the passage at ``around``.

    ``None`` when there is none, when its unit is not the fact's, or when it is no value of the fact.
    """
    start, end = word
    after = page[end : min(around[1], end + AFTER)]
    stop = _STOPS.search(after)
    found = _first(definition, page, end, after[: stop.start()] if stop else after, lexicon)
    if found:
        return found
    begin = max(around[0], start - BEFORE)
    numbers = list(_NUMBER.finditer(page[begin:start]))
    return _value(definition, page, begin, numbers[-1], lexicon, whole=True) if numbers else None


def _first(definition: FactDefinition, page: str, at: int, text: str, lexicon: Lexicon) -> Candidate | None:
    number = _NUMBER.search(text)
    return _value(definition, page, at, number, lexicon, whole=False) if number else None


def _value(
    definition: FactDefinition, page: str, at: int, number: re.Match[str], lexicon: Lexicon, *, whole: bool
) -> Candidate | None:
    start, end = at + number.start(), at + number.end()
    range_ = _RANGE.match(page, end)
    if range_:
        end = range_.end()
    unit = _unit(page, end, lexicon)
    if not unit and (whole or definition.unit not in lexicon.unit_left_out):
        return None
    value = _typed(definition, number[0], unit)
    up_to = _typed(definition, range_[1], unit) if range_ else None
    if value is None or (range_ and up_to is None):
        return None
    return Candidate(value, start, end, bool(unit), up_to)


def _typed(definition: FactDefinition, written: str, unit: str) -> float | None:
    value = typed(definition, float(written.replace(",", "")), unit or definition.unit)
    return float(value) if isinstance(value, int | float) else None


def _unit(page: str, at: int, lexicon: Lexicon) -> str:
    """The UCUM name of the unit that stands right after a number; empty when none does."""
    rest = re.sub(r"^[\s-]+", "", page[at : at + 20]).lower()
    named = [(len(written), ucum) for ucum, all_ in lexicon.units.items() for written in all_ if _begins(rest, written)]
    return max(named)[1] if named else ""


def _begins(rest: str, written: str) -> bool:
    after = rest[len(written) : len(written) + 1]
    return rest.startswith(written) and not (written[-1].isalpha() and after.isalnum())
