"""What the law promises next to the reader of a letter: the windows and spans it names, as elements.

This is the one place where letters learn them; whoever changes where they come from changes :func:`promises` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openum.core.notice import Language
from openum.core.notice_words import Element
from openum.core.policy import InForce


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One promise: words by language, or ``days`` (calendar days from the notice's date). ``kinds``: empty for all."""

    name: str
    text: Mapping[Language, str]
    days: int | None
    cite: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a shelf in one version, by jurisdiction (``us/erisa``)."""

    id: str
    version: str
    in_force: InForce
    by_jurisdiction: Mapping[str, tuple[Term, ...]]


def promises(
    known: Sequence[Terms], jurisdiction: str, kind: str, *, on: date, language: Language = "en"
) -> Mapping[str, Element]:
    """The term elements of a letter of this kind dated ``on``: text in its language (English where it is the same in
    both), days as days. A later shelf, and in one shelf the higher version in force, holds."""
    found: dict[str, Element] = {}
    for terms in sorted((one for one in known if on in one.in_force), key=lambda one: int(one.version)):
        for term in terms.by_jurisdiction.get(jurisdiction, ()):
            if not term.kinds or kind in term.kinds:
                day = None if term.days is None else on + timedelta(days=term.days)
                found[term.name] = day or term.text.get(language) or term.text["en"]
    return found
