"""Exceptions to a drug plan's restrictions, what a missed answer means, emergency supplies and safety programs.

An exception is asked for on grounds; a person weighs them. Software may see that a ground is stated, say which clock
runs and what the law makes of a missed one. Nothing here can refuse an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openum.core.answers import NO, UNKNOWN, YES, Answer, of_bool
from openum.core.pharmacy_rules import Verdict, all_known

EVERYWHERE = "*"
STANDARD, URGENT = "standard", "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRule:
    """Which exceptions there are and how they run.

    ``lifts``: the restriction each exception lifts (``step_therapy`` → ``um_waiver``). ``grounds``: any one is enough.
    ``clocks``: clock ids by jurisdiction (``*`` elsewhere) and lane. ``deemed``: where a miss counts as approval, with
    the facts that must be so. ``lasts``: until when an approval holds; ``while_so`` the facts on which that rests.
    """

    lifts: Mapping[str, str]
    grounds: frozenset[str]
    clocks: Mapping[str, Mapping[str, str]]
    deemed: Mapping[str, tuple[str, ...]]
    lasts: str = ""
    while_so: tuple[str, ...] = ()
    external_review: bool = False


def exception_for(rule: ExceptionRule, restriction: str) -> str:
    """The exception that lifts a restriction; ``ValueError`` naming the restrictions there are."""
    if restriction not in rule.lifts:
        raise ValueError(f"{restriction} is no restriction of this rule; known are {', '.join(sorted(rule.lifts))}.")
    return rule.lifts[restriction]


def ground_stated(rule: ExceptionRule, stated: Iterable[str]) -> Verdict:
    """Yes when one of the law's grounds is stated; otherwise unknown, and the grounds are named to the prescriber.

    Raises ``ValueError`` for a ground the rule does not name.
    """
    given = sorted(set(stated))
    strange = [one for one in given if one not in rule.grounds]
    if strange:
        raise ValueError(f"{', '.join(strange)} is no ground here; known are {', '.join(sorted(rule.grounds))}.")
    if given:
        return Verdict(YES, f"Stated: {', '.join(given)}.")
    return Verdict(UNKNOWN, "No ground is stated yet.", tuple(sorted(rule.grounds)))


def clock_of(rule: ExceptionRule, place: str | None, lane: str) -> str:
    """The id of the clock for a jurisdiction and lane; empty where the rule names none.

    A jurisdiction with one clock for both lanes writes it as ``standard`` alone.
    """
    lanes = rule.clocks.get(place or EVERYWHERE, rule.clocks.get(EVERYWHERE, {}))
    return lanes.get(lane, lanes.get(STANDARD, ""))


def deemed_approved(
    rule: ExceptionRule, place: str | None, *, missed: bool | None, facts: Mapping[str, bool | None]
) -> Verdict:
    """Whether the law counts the request as approved because the answer came too late."""
    if missed is False:
        return Verdict(NO, "The answer came in time.")
    needed = rule.deemed.get(place or EVERYWHERE, rule.deemed.get(EVERYWHERE))
    if needed is None:
        return Verdict(NO, "A miss does not count as approval here.")
    return all_known(("missed", *needed), {**facts, "missed": missed})


def holds_until(rule: ExceptionRule, plan_year_ends: date | None, facts: Mapping[str, bool | None]) -> date | None:
    """The last day of an approval that holds for the plan year; ``None`` while that is not known to be so."""
    if rule.lasts != "plan_year" or all_known(rule.while_so, facts).answer is not YES:
        return None
    return plan_year_ends


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencySupply:
    """A supply that is dispensed while an answer is out: ``hours`` long, when all of ``needs`` is so."""

    hours: int
    needs: tuple[str, ...]
    clocks: Mapping[str, str]

    def applies(self, facts: Mapping[str, bool | None]) -> Verdict:
        """Whether it is owed."""
        return all_known(self.needs, facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyProgram:
    """A drug's safety program (REMS): records that the pharmacy needs before it dispenses.

    They are conditions of dispensing. They can be evidence for a criterion; they are no outcome of a review.
    """

    records: tuple[str, ...]

    def lacking(self, have: Iterable[str]) -> tuple[str, ...]:
        """The records that are not there; ``ValueError`` for one the program does not keep."""
        given = set(have)
        strange = sorted(given - set(self.records))
        if strange:
            raise ValueError(f"{', '.join(strange)} is no record here; known are {', '.join(self.records)}.")
        return tuple(one for one in self.records if one not in given)

    def ready(self, have: Iterable[str]) -> Verdict:
        """Whether the drug can be dispensed; a record that is not there may still come, so it is never *no*."""
        lacking = self.lacking(have)
        if lacking:
            return Verdict(UNKNOWN, f"Not on file: {', '.join(lacking)}.", lacking)
        return Verdict(YES, "Every record of the program is on file.")

    def is_ground_to_deny(self) -> Answer:
        """Never: a missing record is asked for."""
        return NO

    def may_limit_pharmacies(self, fda_restricts: bool | None) -> Answer:
        """Whether the plan may send the fill to other than retail pharmacies: only where the FDA restricts it."""
        return of_bool(fda_restricts)
