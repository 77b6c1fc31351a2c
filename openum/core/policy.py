"""Policies: what must be true for a service to be approved, since when, by whose authority; and which one governs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from openum.core.codes import NO_CODES, Code, CodeSet
from openum.core.criteria import Criterion
from openum.core.request import LineOfBusiness
from openum.core.span import Span

Grade = Literal["text", "summary", "knowledge", "own"]
"""How sure we are of a citation: text read, summary read, from knowledge, or our own wording."""
AlternativeKind = Literal["quantity", "place", "level", "item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """By whose word a thing holds. ``checked_on`` is the day a person last compared it with the source."""

    cite: str
    url: str = ""
    grade: Grade = "text"
    checked_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class InForce:
    """The days a version governs, by date of service; ``until`` is the last one, ``None`` while open."""

    start: date
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: InForce) -> bool:
        """Whether some day belongs to both."""
        return (self.until is None or other.start <= self.until) and (other.until is None or self.start <= other.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another way to meet the need: run by its own criteria on the same facts, then proposed, never imposed.

    ``change`` replaces what is asked (``{"place": "22"}``, ``{"code": "H0035"}``); ``quantity`` alternatives without a
    value look for the largest amount that is approvable.
    """

    kind: AlternativeKind
    why: str
    change: Mapping[str, str | float] = field(default_factory=dict)
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """Part of the cited text that is not encoded, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an approval leaves behind: how long it holds and in which unit; the amount is what was asked for."""

    lasts: Span
    unit: str = ""
    review_every: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """Who is fit to decide against: role and, where one is needed, specialties (NUCC taxonomy names)."""

    role: Literal["physician", "pharmacist", "behavioral", "dentist"] = "physician"
    specialties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of one policy.

    ``id`` is its folder (``dme/home-oxygen``), ``version`` the file's date. ``to_person`` is set where the criteria may
    inform but must not decide (a law names another criteria set): the case goes to a person with this reason.
    ``states`` and ``lines_of_business`` empty mean every one.
    """

    id: str
    version: str
    title: str
    family: str
    in_force: InForce
    authority: tuple[Authority, ...]
    covers: CodeSet
    criteria: Criterion
    lines_of_business: tuple[LineOfBusiness, ...] = ()
    states: tuple[str, ...] = ()
    except_states: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    diagnoses: CodeSet = NO_CODES
    certifications: tuple[str, ...] = ()
    grant: Grant
    alternatives: tuple[Alternative, ...] = ()
    omitted: tuple[Omission, ...] = ()
    reviewer: Reviewer = Reviewer()
    to_person: str = ""
    mental_health: bool = False
    classification: str = "outpatient_in"
    nqtl: tuple[str, ...] = ("prior_authorization", "medical_necessity_criteria")
    summary: str = ""
    digest: str = ""

    @property
    def key(self) -> str:
        """``id@version``: what a determination cites."""
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a policy is chosen by; ``also`` are the line's further codes (a revenue code beside a procedure)."""

    line_of_business: LineOfBusiness
    code: Code
    on: date
    place: str = ""
    state: str = ""
    diagnoses: tuple[Code, ...] = ()
    certification: str = "I"
    also: tuple[Code, ...] = ()


def governs(policy: Policy, question: Question) -> bool:
    """Whether the policy version speaks about this service for this line of business on this day and place."""
    return (
        any(code in policy.covers for code in (question.code, *question.also))
        and question.on in policy.in_force
        and (not policy.lines_of_business or question.line_of_business in policy.lines_of_business)
        and (not policy.states or question.state in policy.states)
        and question.state not in policy.except_states
        and (not policy.places or question.place in policy.places)
        and (not policy.certifications or question.certification in policy.certifications)
        and (not policy.diagnoses or any(code in policy.diagnoses for code in question.diagnoses))
    )


def select(policies: Iterable[Policy], question: Question) -> Policy | None:
    """The policy that governs, the most specific first; ``None`` when none does or two tie (a person then chooses)."""
    found = sorted((p for p in policies if governs(p, question)), key=specificity, reverse=True)
    if len(found) > 1 and specificity(found[0]) == specificity(found[1]):
        return None
    return found[0] if found else None


def specificity(policy: Policy) -> tuple[bool, bool, bool, bool, bool]:
    """State before diagnosis, place, certification and line of business: the narrower rule is the stricter promise."""
    return (
        bool(policy.states),
        bool(policy.diagnoses),
        bool(policy.places),
        bool(policy.certifications),
        bool(policy.lines_of_business),
    )
