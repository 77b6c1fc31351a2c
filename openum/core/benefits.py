"""Is it covered? Answered apart from "is it necessary?": eligibility, exclusions, networks, limits.

A finding states what the plan's document says. It never denies: a benefit denial needs a named person, who cites the
clause the finding names. Unknown is not no: a limit whose use nobody told is an unknown, not a refusal and not a yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from openum.core.codes import Code, CodeSet

Period = Literal["calendar_year", "plan_year", "lifetime"]
PERIODS: tuple[Period, ...] = ("calendar_year", "plan_year", "lifetime")
Covered = Literal["covered", "excluded", "limit_exceeded", "out_of_network", "ineligible", "unknown"]

_WORST_FIRST: tuple[Covered, ...] = ("out_of_network", "limit_exceeded", "unknown", "covered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from ``start`` to ``end``, both included; ``end`` ``None`` is open."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionClause:
    """Services the plan never covers, and the clause of its document that says so."""

    title: str
    codes: CodeSet
    clause: str
    in_force: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitClause:
    """So much per period. ``used`` is what the plan's records say was used in it; ``None`` when they say nothing."""

    title: str
    codes: CodeSet
    clause: str
    amount: Decimal
    unit: str
    period: Period
    in_force: Span
    used: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitQuestion:
    """One line put to the plan's document.

    ``in_network`` is ``None`` when nobody said who will perform the service. ``emergency`` care needs no network
    (42 CFR 422.113(b); 45 CFR 149.110).
    """

    code: Code
    on: date
    quantity: Decimal | None
    unit: str
    coverage: Span | None
    network_required: bool
    in_network: bool | None
    emergency: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitFinding:
    """What the plan's document says about one line.

    ``clause`` is what a person would cite. ``allowed``, ``used`` and ``left`` are in ``unit`` and set for limits.
    ``reason`` is a sentence without patient data.
    """

    status: Covered
    reason: str
    clause: str = ""
    title: str = ""
    allowed: Decimal | None = None
    used: Decimal | None = None
    left: Decimal | None = None
    unit: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing about benefits stands in the way: only then may the line move without a person."""
        return self.status == "covered"


def period_start(period: Period, on: date, *, plan_year_start: str) -> date:
    """The first day of the period that ``on`` lies in. ``plan_year_start`` is ``MM-DD``; 02-29 counts as 03-01."""
    if period == "lifetime":
        return date.min
    month, day = (1, 1) if period == "calendar_year" else _month_day(plan_year_start)
    start = date(on.year, month, day)
    return start if start <= on else date(on.year - 1, month, day)


def benefit(
    question: BenefitQuestion, *, exclusions: tuple[ExclusionClause, ...], limits: tuple[LimitClause, ...]
) -> BenefitFinding:
    """What the plan's document says: eligibility first, then exclusions, the network, the limits.

    What is surely in the way is reported before what is not known; ``covered`` means nothing is in the way and
    nothing is unknown.
    """
    if question.coverage is None or question.on not in question.coverage:
        return BenefitFinding(status="ineligible", reason=f"No coverage is in force on {question.on.isoformat()}.")
    for clause in exclusions:
        if question.code in clause.codes and question.on in clause.in_force:
            reason = f"The plan does not cover this service: {clause.title}."
            return BenefitFinding(status="excluded", reason=reason, clause=clause.clause, title=clause.title)
    found = [_limit(question, c) for c in limits if question.code in c.codes and question.on in c.in_force]
    return min((*found, _network(question)), key=lambda finding: _WORST_FIRST.index(finding.status))


def _network(question: BenefitQuestion) -> BenefitFinding:
    if question.in_network is True or question.emergency or not question.network_required:
        return BenefitFinding(status="covered", reason="The plan covers this service.")
    if question.in_network is None:
        reason = "The plan covers its network only, and it is not known whether the performer belongs to it."
        return BenefitFinding(status="unknown", reason=reason)
    reason = f"The performer is not in the plan's network on {question.on.isoformat()}."
    return BenefitFinding(status="out_of_network", reason=reason)


def _limit(question: BenefitQuestion, clause: LimitClause) -> BenefitFinding:
    words = f"{clause.title}: {_plain(clause.amount)} {clause.unit} per {clause.period.replace('_', ' ')}"
    left = None if clause.used is None else max(clause.amount - clause.used, Decimal(0))
    comparable = question.quantity is not None and question.unit == clause.unit
    asked = question.quantity if comparable else None
    status: Covered
    if left is not None and (left == 0 or (asked is not None and asked > left)):
        status, reason = "limit_exceeded", f"{words}; {_plain(left)} left."
    elif left is None and asked is not None and asked > clause.amount:
        status, reason = "limit_exceeded", f"{words}; more is asked for than the whole limit."
    elif left is None:
        status, reason = "unknown", f"{words}; how much was used is not known."
    elif asked is None:
        status, reason = "unknown", f"{words}; {_plain(left)} left, but the line does not ask in {clause.unit}."
    else:
        status, reason = "covered", f"{words}; {_plain(left)} left."
    return BenefitFinding(
        status=status, reason=reason, clause=clause.clause, title=clause.title,
        allowed=clause.amount, used=clause.used, left=left, unit=clause.unit,
    )  # fmt: skip


def _month_day(text: str) -> tuple[int, int]:
    month, day = int(text[:2]), int(text[3:])
    return (3, 1) if (month, day) == (2, 29) else (month, day)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
