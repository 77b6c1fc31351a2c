"""Rules of law about drugs: the supply at a change of plan, step therapy, limits of a first supply.

The rules are content (``library/formulary``); these are their frozen values and what they answer. No answer here is a
decision on a request: *no* says that a rule gives no right or no permission, *unknown* names what would settle it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from openum.core.answers import NO, UNKNOWN, YES, Answer


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule answers, why, and the names of the facts that are not known and would settle it."""

    answer: Answer
    reason: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionRule:
    """A member who comes to a plan on a drug that it restricts gets a supply while it is sorted out.

    ``window_days`` counts from the first day of coverage (or of the change), that day included. ``supply_days`` by
    setting; the smallest is promised where the setting is not known. ``many_fills`` are the settings in which further
    fills follow the first within the window. ``edits_kept`` are the checks at the pharmacy that still hold.
    """

    window_days: int
    supply_days: Mapping[str, int]
    many_fills: frozenset[str]
    groups: frozenset[str]
    restrictions: frozenset[str]
    edits_kept: frozenset[str]
    notice_clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """One fill at a pharmacy. ``starts`` is the first day of coverage or of the change; ``ongoing`` whether the member
    took the drug before; ``edit`` the check that stopped the fill; ``supplied`` days given in this window already.
    """

    on: date
    group: str | None = None
    starts: date | None = None
    restriction: str | None = None
    ongoing: bool | None = None
    setting: str | None = None
    edit: str | None = None
    supplied: int = 0


@dataclass(frozen=True, slots=True)
class Transition:
    """Whether a fill is a transition fill, for how many days at least, and the last day of the window."""

    verdict: Verdict
    supply_days: int | None = None
    last_day: date | None = None


def transition(rule: TransitionRule, fill: Fill) -> Transition:
    """Whether a transition supply is owed for a fill.

    Where nobody knows whether the drug is new, it counts as ongoing.
    """
    last = None if fill.starts is None else fill.starts + timedelta(days=rule.window_days - 1)
    refused = _no_transition(rule, fill, last)
    if refused:
        return Transition(Verdict(NO, refused), last_day=last)
    lacking = {"group": fill.group, "starts": fill.starts, "restriction": fill.restriction}
    missing = tuple(name for name, value in lacking.items() if value is None)
    if missing:
        return Transition(Verdict(UNKNOWN, f"Not known: {', '.join(missing)}.", missing), last_day=last)
    assumed = " Nobody knows whether the drug is new, so it counts as ongoing." if fill.ongoing is None else ""
    reason = f"The fill falls in the first {rule.window_days} days.{assumed}"
    return Transition(Verdict(YES, reason), _supply(rule, fill), last)


def _no_transition(rule: TransitionRule, fill: Fill, last: date | None) -> str:
    """Why no transition supply is owed; empty while nothing known speaks against it."""
    if fill.group is not None and fill.group not in rule.groups:
        return f"The rule does not speak of {fill.group}."
    if fill.starts is not None and fill.on < fill.starts:
        return "The fill is before the first day."
    if last is not None and fill.on > last:
        return f"The first {rule.window_days} days ended on {last}."
    if fill.restriction is not None and fill.restriction not in rule.restrictions:
        return f"A drug under {fill.restriction} needs no transition supply."
    if fill.edit is not None and fill.edit in rule.edits_kept:
        return f"The check {fill.edit} holds in a transition, too."
    if fill.ongoing is False:
        return "The prescription is new."
    if _supply(rule, fill) <= 0:
        return "The transition supply was given already."
    return ""


def _supply(rule: TransitionRule, fill: Fill) -> int:
    days = rule.supply_days.get(fill.setting or "", min(rule.supply_days.values()))
    return days if fill.setting in rule.many_fills else days - fill.supplied


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """When a plan may ask for another drug first: only of members new to the drug, never within ``lookback_days``.

    ``cross_benefit_plans`` are the kinds of plan that may ask for a drug of the other benefit first (Part B and D).
    """

    lookback_days: int
    committee_needed: bool
    cross_benefit_plans: frozenset[str]
    exception_clocks: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAsked:
    """A step a plan would ask for. ``last_taken`` is the newest day the member had the drug that is asked for;
    ``history_known`` says whether somebody looked: only then does no day mean that there is none.
    """

    on: date
    last_taken: date | None = None
    history_known: bool | None = None
    committee_approved: bool | None = None
    crosses_benefits: bool = False
    plan: str | None = None


def new_start(rule: StepRule, step: StepAsked) -> Answer:
    """Whether the member is new to the drug: no day of it within the look-back, its first day included.

    Raises ``ValueError`` when the drug was last taken after the day that is asked about.
    """
    if step.last_taken is None:
        return YES if step.history_known else UNKNOWN
    if step.last_taken > step.on:
        raise ValueError(f"The drug was last taken on {step.last_taken}, after {step.on}.")
    return NO if step.on - step.last_taken <= timedelta(days=rule.lookback_days) else YES


def step_allowed(rule: StepRule, step: StepAsked) -> Verdict:
    """Whether the plan may ask for the step; unknown wherever the history, the committee or the plan is not known."""
    start = new_start(rule, step)
    if start is NO:
        return Verdict(NO, f"The member had the drug within the last {rule.lookback_days} days: no new start.")
    if rule.committee_needed and step.committee_approved is False:
        return Verdict(NO, "The pharmacy and therapeutics committee did not approve the step.")
    if step.crosses_benefits and step.plan is not None and step.plan not in rule.cross_benefit_plans:
        return Verdict(NO, f"A plan of the kind {step.plan} may not step between Part B and Part D.")
    missing = ["history"] if start is UNKNOWN else []
    missing += ["committee_approved"] if rule.committee_needed and step.committee_approved is None else []
    missing += ["plan"] if step.crosses_benefits and step.plan is None else []
    if missing:
        return Verdict(UNKNOWN, f"Not known: {', '.join(missing)}.", tuple(missing))
    return Verdict(YES, f"A new start: the member did not have the drug within {rule.lookback_days} days.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSupplyRule:
    """The most days of a controlled drug a member new to it gets at once, and who is exempt."""

    most_days: int
    exempt: frozenset[str]


@dataclass(frozen=True, slots=True)
class FirstSupply:
    """Whether the limit stops a fill, and how many days may be filled without asking (``None``: all of them)."""

    verdict: Verdict
    days: int | None = None


def first_supply(
    rule: FirstSupplyRule, days: int, new_to_it: bool | None, exemptions: Mapping[str, bool | None]
) -> FirstSupply:
    """Whether a fill of so many days is over the limit. An exemption that nobody looked at leaves it open.

    Raises ``ValueError`` for an exemption that the rule does not name.
    """
    strange = sorted(set(exemptions) - rule.exempt)
    if strange:
        raise ValueError(f"{', '.join(strange)} is no exemption; known are {', '.join(sorted(rule.exempt))}.")
    if days <= rule.most_days:
        return FirstSupply(Verdict(NO, f"The fill is within {rule.most_days} days."))
    for name in sorted(rule.exempt):
        if exemptions.get(name) is True:
            return FirstSupply(Verdict(NO, f"Exempt: {name}."))
    if new_to_it is False:
        return FirstSupply(Verdict(NO, "The member is not new to the drug."))
    missing = _not_known({"new_to_it": new_to_it, **{name: exemptions.get(name) for name in sorted(rule.exempt)}})
    if missing:
        return FirstSupply(Verdict(UNKNOWN, f"Not known: {', '.join(missing)}.", missing), rule.most_days)
    return FirstSupply(Verdict(YES, f"More than {rule.most_days} days for a member new to it."), rule.most_days)


def _not_known(facts: Mapping[str, bool | None]) -> tuple[str, ...]:
    return tuple(name for name, value in facts.items() if value is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeBeforeEnd:
    """Notice that a drug under way ends: at least ``days`` before the last of it."""

    days: int
    applies_to: frozenset[str]

    def first_end(self, noticed: date) -> date:
        """The first day on which the drug may end after a notice."""
        return noticed + timedelta(days=self.days)

    def notice_by(self, ends: date) -> date:
        """The last day on which notice can be given for an end."""
        return ends - timedelta(days=self.days)


def may_end(rule: NoticeBeforeEnd, noticed: date | None, ends: date, service: str | None) -> Verdict:
    """Whether the drug may end on a day; without notice it may not."""
    if service is not None and service not in rule.applies_to:
        return Verdict(UNKNOWN, f"The rule does not speak of {service}.")
    if noticed is None:
        return Verdict(NO, f"No notice was given; it is due by {rule.notice_by(ends)}.")
    if ends < rule.first_end(noticed):
        return Verdict(NO, f"After a notice on {noticed} it may end on {rule.first_end(noticed)} at the earliest.")
    return Verdict(YES, f"Notice was given at least {rule.days} days before.")


def all_known(names: Iterable[str], facts: Mapping[str, bool | None]) -> Verdict:
    """Yes when every named fact is true, no when one is false, unknown otherwise; unnamed facts do not matter."""
    wanted = {name: facts.get(name) for name in names}
    false = [name for name, value in wanted.items() if value is False]
    if false:
        return Verdict(NO, f"Not so: {', '.join(false)}.")
    missing = _not_known(wanted)
    if missing:
        return Verdict(UNKNOWN, f"Not known: {', '.join(missing)}.", missing)
    return Verdict(YES, "All that the rule asks for is known to be so.")
