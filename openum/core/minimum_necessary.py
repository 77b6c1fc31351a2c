"""What a payer may ask for by routine, and which role may see what (45 CFR 164.502(b), 164.514(d)).

A template says what a payer asks for in one family of services. What no template lists is not forbidden: it needs a
person's individual review. Psychotherapy notes and counseling notes are never asked for by routine, whatever a template
says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Segment
from openum.core.span import Span

NEVER_ROUTINE: frozenset[Segment] = frozenset({"psychotherapy_notes", "sud_counseling_notes"})
"""Segments that no template can make routine: each needs a consent of its own, which is no condition of cover."""


@dataclass(frozen=True, slots=True)
class Routine:
    """One item of a template: how far back it may reach (``None``: as far as the item goes), and what it is for."""

    id: str
    words: str
    back: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What may be asked for one family by ``routine``, what ``never``, and the segments that need a consent first."""

    id: str
    family: str
    routine: tuple[Routine, ...]
    never: Mapping[str, str]
    under_consent: frozenset[Segment] = frozenset()

    def __post_init__(self) -> None:
        both = sorted({one.id for one in self.routine} & set(self.never))
        if both:
            raise ValueError(f"{', '.join(both)} stands under routine and under never.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing a payer would ask for: the item, its segment (``None``: not known), and how far back it reaches."""

    item: str
    segment: Segment | None = "general"
    since: date | None = None
    service_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """The answer: yes by routine, no never, unknown needs a person's individual review; ``needs`` names what first."""

    answer: Answer
    why: str
    needs: tuple[str, ...] = ()


def may_ask(template: Template, asked: Asked) -> Ask:
    """Whether the payer may ask for this by routine."""
    if asked.segment in NEVER_ROUTINE:
        return Ask(answer=NO, why="Such notes are never asked for by routine.")
    if asked.item in template.never:
        return Ask(answer=NO, why=template.never[asked.item])
    routine = next((one for one in template.routine if one.id == asked.item), None)
    if routine is None:
        return Ask(answer=UNKNOWN, why="It is not on the template.", needs=("individual_review",))
    if asked.segment is None:
        return Ask(answer=UNKNOWN, why="How sensitive it is is not known.", needs=("segment",))
    reach = _reach(routine, asked)
    if reach is not None:
        return reach
    consent = ("consent",) if asked.segment in template.under_consent else ()
    return Ask(answer=YES, why=routine.words, needs=consent)


def _reach(routine: Routine, asked: Asked) -> Ask | None:
    """Why it reaches too far back to be routine; ``None`` when it does not."""
    if routine.back is None or asked.since is None:
        return None
    if asked.service_date is None:
        why = f"Routine reaches back {routine.back}, from a day of service that is not known."
        return Ask(answer=UNKNOWN, why=why, needs=("service_date",))
    if asked.since < routine.back.before(asked.service_date):
        return Ask(answer=UNKNOWN, why=f"Routine reaches back {routine.back} only.", needs=("individual_review",))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A release or request that need not be limited; empty sets mean any."""

    id: str
    words: str
    purposes: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    requesters: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """Where only the minimum necessary may be used, released or asked for: everywhere but for the exemptions."""

    id: str
    exemptions: tuple[Exemption, ...]


def exempt(standard: Standard, **given: str | None) -> Exemption | None:
    """The exemption that such a use falls under; ``None``: it is limited. What is not known exempts nothing.

    ``given`` names ``act`` (use, disclose, request), ``purpose``, ``recipient`` and ``requester``.
    """
    for one in standard.exemptions:
        wanted = (
            ("act", one.acts), ("purpose", one.purposes), ("recipient", one.recipients), ("requester", one.requesters),
        )  # fmt: skip
        if all(not words or given.get(name) in words for name, words in wanted):
            return one
    return None


@dataclass(frozen=True, slots=True)
class Roles:
    """Which categories of a member's information each role may see to do its work."""

    id: str
    categories: frozenset[str]
    roles: Mapping[str, frozenset[str]]

    def __post_init__(self) -> None:
        stray = sorted({one for seen in self.roles.values() for one in seen} - self.categories)
        if stray:
            raise ValueError(f"{', '.join(stray)} is not among the categories.")


def may_see(roles: Roles, role: str, category: str) -> Answer:
    """Whether the role may see the category by routine; unknown where the rule does not know role or category."""
    if role not in roles.roles or category not in roles.categories:
        return UNKNOWN
    return YES if category in roles.roles[role] else NO
