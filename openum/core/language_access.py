"""Which help with language and form a letter owes its reader, by the rules of ``library/language-access``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openum.core.answers import NO, UNKNOWN, YES, Answer

Who = Literal["share", "state_top", "prevalent", "named"]
"""Which languages count: those a share of the county reads, the state's first, those the state names, named ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRule:
    """One rule. ``kinds`` and ``lines_of_business`` empty: all. ``duties`` are owed for each language that counts;
    ``always`` whatever the language. ``share_percent`` (of a county's people) and ``top`` (of a state's languages) go
    with ``who``; ``font_points`` is the smallest type, ``reading_grade`` the highest school grade (0: none)."""

    id: str
    who: Who
    lines_of_business: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    share_percent: float = 0
    top: int = 0
    duties: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    font_points: float = 0
    reading_grade: float = 0
    effective_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """What is known of a letter and where its reader lives; empty or ``None`` where it is not known.

    ``county_shares`` are percent of the county's people who read only that language; ``state_languages`` the state's
    languages by number of speakers with limited English, ``prevalent`` those the state names.
    """

    line_of_business: str
    kind: str
    on: date
    county_shares: Mapping[str, float] | None = None
    state_languages: tuple[str, ...] = ()
    prevalent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What one rule asks: whether it is for this letter, for which languages, what, and what would have to be known."""

    applies: Answer
    languages: tuple[str, ...] = ()
    duties: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def owed(rule: LanguageRule, facts: LetterFacts) -> Owed:
    """What the rule asks of one letter. Languages that cannot be told are missing, and then the answer is unknown."""
    concerned = (
        (not rule.lines_of_business or facts.line_of_business in rule.lines_of_business)
        and (not rule.kinds or facts.kind in rule.kinds)
        and (rule.effective_from is None or rule.effective_from <= facts.on)
    )
    if not concerned:
        return Owed(applies=NO)
    languages, missing = _languages(rule, facts)
    if missing and rule.duties:
        return Owed(applies=UNKNOWN, duties=rule.always, missing=missing)
    if not languages and not rule.always:
        return Owed(applies=NO)
    return Owed(applies=YES, languages=languages, duties=(*(rule.duties if languages else ()), *rule.always))


def _languages(rule: LanguageRule, facts: LetterFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if rule.who == "named":
        return rule.languages, ()
    if rule.who == "prevalent":
        return facts.prevalent, () if facts.prevalent else ("the languages the state names as prevalent",)
    if rule.who == "state_top":
        top = facts.state_languages[: rule.top]
        return top, () if top else ("the languages of the state by number of speakers",)
    if facts.county_shares is None:
        return (), ("the share of the county's people who read only one other language",)
    return tuple(name for name, share in facts.county_shares.items() if share >= rule.share_percent), ()
