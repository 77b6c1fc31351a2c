"""How firm an approval is: whether it may be reopened, on which grounds, and until when it cannot be touched at all.

A rule is content (``library/durability``). All rules that apply must allow a reopening, so a further rule never makes
one easier. A reopening is always a person's act, with a record; what it changes is a determination of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from openum.core.answers import Answer, of_bool
from openum.core.calendar import Calendar, business_days
from openum.core.clock_rule import Length

GROUNDS = frozenset(
    {
        "new_and_material_evidence", "obvious_error", "clerical_error", "fraud", "similar_fault",
        "materially_incomplete_or_inaccurate_information", "change_of_mind", "not_eligible", "reassessed_necessity",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval as far as these rules ask; ``None`` is not known.

    ``kind`` is ``inpatient_admission``, ``course_of_treatment`` or ``service``; ``state`` two letters.
    """

    line_of_business: str = ""
    state: str = ""
    kind: str = ""
    approved_on: date | None = None
    started_on: date | None = None
    enrolled_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DurabilityRule:
    """One rule about approvals made on the days it is in force.

    ``grounds`` are the only grounds it leaves; ``None`` when it does not speak of grounds. ``later_information_for``
    are the grounds for which information found after the approval may be used; ``None`` when the rule does not speak
    of it. ``started_within`` of the approval, or ``holds_for`` from enrollment (that day counts), it locks the
    approval: no ground counts then. ``binding`` is false for promises that no law enforces.
    """

    id: str
    words: str
    lines_of_business: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    effective_from: date | None = None
    effective_to: date | None = None
    grounds: frozenset[str] | None = None
    later_information_for: frozenset[str] | None = None
    started_within: Length | None = None
    calendar: str = ""
    holds_for: Length | None = None
    clock: str = ""
    valid_while: tuple[str, ...] = ()
    record: tuple[str, ...] = ()
    interest_percent_a_month: int | None = None

    def applies(self, approval: Approval) -> bool:
        """Whether it may bind this approval; what is not known keeps the rule in."""
        day = approval.approved_on
        return (
            _may_be(self.lines_of_business, approval.line_of_business)
            and _may_be(self.states, approval.state)
            and _may_be(self.kinds, approval.kind)
            and (day is None or self.effective_from is None or self.effective_from <= day)
            and (day is None or self.effective_to is None or day <= self.effective_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """Whether an approval may be reopened. ``by`` are the rules that decide it; ``record`` is what must be kept."""

    allowed: bool
    why: str
    by: tuple[str, ...] = ()
    record: tuple[str, ...] = ()


def may_reopen(
    approval: Approval,
    ground: str,
    found_after_approval: bool | None,
    *,
    on: date,
    rules: Iterable[DurabilityRule],
    calendar: Calendar | None = None,
) -> Reopening:
    """Whether a person may reopen an approval on the day ``on`` for this ground.

    ``found_after_approval``: the information was gathered after the approval; not known counts as if it was.

    Raises:
        ValueError: the ground is not one of ``GROUNDS``.
    """
    if ground not in GROUNDS:
        raise ValueError(f"{ground!r} is no ground. Known are: {', '.join(sorted(GROUNDS))}.")
    bound = [rule for rule in rules if rule.applies(approval)]
    against = [(rule, why) for rule in bound if (why := _against(rule, approval, ground, found_after_approval, on=on,
               calendar=calendar))]  # fmt: skip
    if against:
        return Reopening(allowed=False, why="; ".join(why for _, why in against), by=tuple(r.id for r, _ in against))
    record = tuple(dict.fromkeys(one for rule in bound for one in rule.record))
    why = "every rule that applies leaves this ground" if bound else "no rule that applies speaks against it"
    return Reopening(allowed=True, why=f"{why}; a person decides", by=tuple(r.id for r in bound), record=record)


def locked_until(
    approval: Approval, rules: Iterable[DurabilityRule], *, calendar: Calendar | None = None
) -> date | None:
    """The last day on which some rule locks the approval against every ground; ``None`` when none does, and
    ``date.max`` when one locks it for good because care began in time."""
    ends = [end for rule in rules if rule.applies(approval) if (end := _locked(rule, approval, calendar)) is not None]
    return max(ends) if ends else None


def still_valid(rule: DurabilityRule, known: dict[str, bool | None]) -> Answer:
    """Whether an approval still holds by its conditions (``valid_while``): yes, no, or not known.

    A rule without conditions does not end an approval.
    """
    answers = [of_bool(known.get(name)) for name in rule.valid_while]
    if any(answer is Answer.NO for answer in answers):
        return Answer.NO
    return Answer.UNKNOWN if any(answer is Answer.UNKNOWN for answer in answers) else Answer.YES


def _against(
    rule: DurabilityRule,
    approval: Approval,
    ground: str,
    found_after: bool | None,
    *,
    on: date,
    calendar: Calendar | None,
) -> str:
    end = _locked(rule, approval, calendar)
    if end is not None and on <= end:
        return f"{rule.id}: locked" + ("" if end == date.max else f" until {end}")
    if rule.grounds is not None and ground not in rule.grounds:
        return f"{rule.id}: {ground.replace('_', ' ')} is no ground"
    later = rule.later_information_for
    if later is not None and ground not in later and found_after is not False:
        return f"{rule.id}: what was learned after the approval cannot be used" + (
            "" if found_after else "; not known when it was learned"
        )
    return ""


def _locked(rule: DurabilityRule, approval: Approval, calendar: Calendar | None) -> date | None:
    if rule.holds_for is not None and approval.enrolled_on is not None:
        return approval.enrolled_on + timedelta(days=rule.holds_for.amount - 1)
    if rule.started_within is None:
        return None
    if approval.approved_on is None:
        return date.max
    end = _end(approval.approved_on, rule.started_within, calendar)
    if approval.started_on is None:
        return end
    return date.max if approval.started_on <= end else None


def _end(day: date, length: Length, calendar: Calendar | None) -> date:
    if length.unit == "cd":
        return day + timedelta(days=length.amount)
    if calendar is None:
        raise ValueError(f"{length.words} need a calendar.")
    return business_days(day, length.amount, calendar)


def _may_be(names: frozenset[str], known: str) -> bool:
    return not names or not known or known in names
