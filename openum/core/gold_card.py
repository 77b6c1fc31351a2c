"""Gold cards: exemptions from prior authorization that a provider earns by past approvals.

A program is content (``library/gold-card``). :func:`evaluate` counts the decided requests of one provider for one
service and one issuer, exactly: the rate is a fraction and never rounded. An exemption only ever takes away a need to
ask; it is lost only by a person's rescission, told in time (``openum.core.gold_card_rescission``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from openum.core.span import Span

Needed = Literal["exact", "down"]
"""How the number of approvals needed is read from the rate: as it is, or rounded down to a whole one."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a program looks at together: a provider's national number, a service, and an issuer with its affiliates."""

    npi: str
    service: str
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRequest:
    """One request of the past. ``outcome`` is empty while it is not known; ``eligible`` ``None`` while that is not."""

    unit: Unit
    decided_on: date | None
    outcome: str
    eligible: bool | None = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One state's program in one version.

    ``rate`` of the requests decided in the last ``period`` must have been approved; at least ``fewest`` must have
    been decided in the last ``fewest_within``. Where the law's numbers are not known, ``rate`` is ``None`` and nobody
    is found exempt by computation. ``mandated`` is false where nobody must offer a program.
    """

    id: str
    rate: Fraction | None
    period: Span | None
    fewest: int = 0
    fewest_within: Span | None = None
    needed: Needed = "exact"
    approved: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()
    lasts: Span | None = None
    protected_after_evaluation: Span | None = None
    evaluated_every: Span | None = None
    last_day_gap: Span | None = None
    notice_days: int | None = None
    excluded: frozenset[str] = frozenset()
    mandated: bool = True

    def period_ending(self, last_day: date) -> tuple[date, date] | None:
        """First and last day of the evaluation period that ends on ``last_day``."""
        return None if self.period is None else (_first_day(self.period, last_day), last_day)

    def within_gap(self, last_day: date, evaluated_on: date) -> bool:
        """Whether the period's last day is no further from the evaluation than the program allows."""
        return last_day <= evaluated_on and (
            self.last_day_gap is None or evaluated_on <= self.last_day_gap.after(last_day)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a provider stands for one service: exact counts and rate, the verdict, and why.

    ``missing`` says what is not known; none of it counts against the provider.
    """

    program: str
    eligible: int
    approved: int
    rate: Fraction | None
    exempt: bool
    reason: str
    period: tuple[date, date] | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A granted exemption. ``ends_on`` is the first day it no longer holds; ``None`` while nobody rescinded it."""

    program: str
    unit: Unit
    starts_on: date
    ends_on: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


def evaluate(program: Program, requests: Iterable[PastRequest], *, on: date) -> Standing:
    """Where the provider stands when the period ends on the day ``on``.

    Raises:
        ValueError: the requests are not all of one provider, service and issuer.
    """
    given = tuple(requests)
    if len({one.unit for one in given}) > 1:
        raise ValueError("An evaluation looks at one provider, one service and one issuer.")
    period = program.period_ending(on)
    counted = [one for one in given if _counts(program, one, program.period, on)]
    volume = [one for one in given if _counts(program, one, program.fewest_within or program.period, on)]
    approved = sum(one.outcome in program.approved for one in counted)
    standing = standing_of(program, len(counted), approved, decided=len(volume))
    return Standing(
        program=program.id, eligible=standing.eligible, approved=approved, rate=standing.rate,
        exempt=standing.exempt, reason=standing.reason, period=period,
        missing=(*standing.missing, *_missing(program, given)),
    )  # fmt: skip


def standing_of(program: Program, eligible: int, approved: int, *, decided: int | None = None) -> Standing:
    """Where a provider stands by counts alone; ``decided`` is the volume where another span is counted for it.

    Raises:
        ValueError: more were approved than were eligible, or a count is negative.
    """
    if not 0 <= approved <= eligible:
        raise ValueError(f"{approved} of {eligible} eligible requests cannot have been approved.")
    rate = Fraction(approved, eligible) if eligible else None
    exempt, reason, missing = _verdict(program, eligible, approved, eligible if decided is None else decided)
    return Standing(
        program=program.id, eligible=eligible, approved=approved, rate=rate, exempt=exempt, reason=reason,
        missing=missing,
    )  # fmt: skip


def _verdict(program: Program, eligible: int, approved: int, decided: int) -> tuple[bool, str, tuple[str, ...]]:
    if program.rate is None:
        if not program.mandated:
            return False, "no law asks for a program here; a plan may grant an exemption of its own", ()
        return False, "the program's test is not known here: a person decides", ("the program's test",)
    if decided < program.fewest:
        return False, f"{decided} requests are fewer than the {program.fewest} needed", ()
    if not eligible:
        return False, "no request was decided in the evaluation period", ()
    enough = approved >= needed_approvals(program.rate, eligible, program.needed)
    share = f"{approved} of {eligible} approved"
    least = f"{program.rate.numerator} of {program.rate.denominator}"
    return enough, f"{share}: {'at least' if enough else 'fewer than'} {least}", ()


def needed_approvals(rate: Fraction, eligible: int, needed: Needed) -> Fraction:
    """How many approvals the rate asks for; ``down`` drops the fraction of a request, to the provider's good."""
    exact = rate * eligible
    return Fraction(exact.__floor__()) if needed == "down" else exact


def granted(standing: Standing, unit: Unit, *, notice_on: date) -> Exemption | None:
    """The exemption a standing earns; it begins on the day of its notice. ``None`` when it earns none."""
    if not standing.exempt:
        return None
    return Exemption(program=standing.program, unit=unit, starts_on=notice_on)


def must_ask(needs: bool, exemption: Exemption | None, *, on: date) -> bool:
    """Whether authorization must be asked for. An exemption takes the need away and never makes one."""
    return needs and not (exemption is not None and exemption.in_force(on))


def protected_until(program: Program, *, last_evaluation_on: date | None, starts_on: date | None) -> date | None:
    """The last day on which the exemption cannot yet end; ``None`` where the program sets no least time."""
    ends = [
        span.after(day) - timedelta(days=1)
        for span, day in ((program.protected_after_evaluation, last_evaluation_on), (program.lasts, starts_on))
        if span is not None and day is not None
    ]
    return max(ends) if ends else None


def _first_day(span: Span, last_day: date) -> date:
    return span.before(last_day + timedelta(days=1))


def _counts(program: Program, one: PastRequest, span: Span | None, on: date) -> bool:
    if one.eligible is not True or one.decided_on is None or one.outcome not in program.approved | program.against:
        return False
    return one.decided_on <= on and (span is None or _first_day(span, on) <= one.decided_on)


def _missing(program: Program, given: tuple[PastRequest, ...]) -> tuple[str, ...]:
    unknown = {
        "outcome": sum(one.outcome not in program.approved | program.against for one in given),
        "day of decision": sum(one.decided_on is None for one in given),
        "eligibility": sum(one.eligible is None for one in given),
    }
    return tuple(f"{what} of {count} request(s)" for what, count in unknown.items() if count)
