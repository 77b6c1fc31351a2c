"""The clocks a request starts: every rule that may apply to it, each kept, from its very receipt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from openum.core.clock_events import Circumstances, ClockEvents
from openum.core.clock_proof import Proof
from openum.core.clock_rule import ClockRule, applicable
from openum.core.clocks import compute
from openum.core.request import Line, LineOfBusiness, Request
from openum.core.requirement import requirement_for
from openum.core.routing import priority_of
from openum.librarian.clocks import calendars, read_clocks
from openum.librarian.law_answers import jurisdictions
from openum.librarian.library import Library
from openum.payer.intake.queries import CaseCard
from openum.payer.intake.shelf import in_force
from openum.records.clocks.actions import start
from openum.records.parties.cards import PlanCard
from openum.records.parties.scope import Scope, software_scope

_DRUG: dict[LineOfBusiness, str] = {
    "medicare-advantage": "part_b_drug",
    "part-d": "coverage_determination",
    "medicaid-managed-care": "outpatient_drug",
    "medicaid-ffs": "outpatient_drug",
}
"""What the clock rules call a drug request of each program."""

_CLOCKS_WITHOUT_NEED: frozenset[LineOfBusiness] = frozenset({"medicare-advantage"})
"""Programs whose law sets a clock of its own for services that need no authorization (42 CFR 422.568(b)(1)(i))."""


@cache
def rules(*roots: Path) -> tuple[ClockRule, ...]:
    """The clock rules of these shelves, read once per process."""
    return tuple(rule for root in roots for rule in read_clocks(root))


_PRODUCT: dict[LineOfBusiness, str] = {
    "medicare-advantage": "medicare",
    "part-d": "medicare",
    "medicaid-managed-care": "medicaid",
    "medicaid-ffs": "medicaid",
    "chip": "medicaid",
    "erisa": "commercial",
    "aca-individual": "exchange",
}
"""What accreditation standards call each line of business."""
_ELECTRONIC = ("fhir", "x12", "portal", "cli")
"""How the names of electronic doors begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What clock rules ask about a case beside its moments: the plan it falls under and how it came in.

    ``plan_settings`` may say ``self_funded`` (true or false), ``accreditation`` (a list, e.g. ``[ncqa]``) and
    ``applicable_integrated_plan``; what it does not say is not known, and clocks that ask for it are kept.
    """

    line_of_business: LineOfBusiness
    state: str
    rating_period_start: date | None
    plan_settings: Mapping[str, Any]
    door: str
    authorized_through: datetime | None = None

    @property
    def jurisdictions(self) -> frozenset[str]:
        """The folders of the clock library that bind the plan: federal law, its state, its accreditation."""
        return jurisdictions([self.state] if self.state else [], self.plan_settings.get("accreditation", ()))

    @property
    def circumstances(self) -> Circumstances:
        """The same as clock rules read it."""
        said = self.plan_settings
        others = {"state": self.state or None, "product": _PRODUCT[self.line_of_business]}
        others |= {"self_funded": said.get("self_funded"), "channel": "electronic" if self.electronic else None}
        return Circumstances(
            rating_period_start=self.rating_period_start,
            authorized_through=self.authorized_through,
            applicable_integrated_plan=bool(said.get("applicable_integrated_plan", False)),
            others={name: value for name, value in others.items() if value is not None},
        )

    @property
    def electronic(self) -> bool:
        """Whether the request came in by an electronic door."""
        return self.door.startswith(_ELECTRONIC)


def surroundings(case: CaseCard) -> Surroundings:
    """The surroundings of a case as it was taken in."""
    return Surroundings(
        line_of_business=case.line_of_business, state=case.state, rating_period_start=case.rating_period_start,
        plan_settings=case.plan_settings, door=case.door, authorized_through=case.authorized_through,
    )  # fmt: skip


def clock_events(around: Surroundings, *, at: datetime) -> ClockEvents:
    """What is known of a request received ``at``: an electronic request reaches the department responsible at once."""
    return ClockEvents(received_at=at, responsible_department_at=at, circumstances=around.circumstances)


def start_clocks(
    scope: Scope, number: str, request: Request, plan: PlanCard, around: Surroundings, *, at: datetime
) -> tuple[Proof, ...]:
    """Start every clock that may apply, in the transaction that takes the request in."""
    proofs = proofs_for(request, plan, around, at=at)
    start(software_scope(scope.tenant_id, "clocks"), subject=number, proofs=proofs, first=True)
    return proofs


def proofs_for(request: Request, plan: PlanCard, around: Surroundings, *, at: datetime) -> tuple[Proof, ...]:
    """The proofs of every clock that may apply to a request received at that moment."""
    events, received = clock_events(around, at=at), at.astimezone(ZoneInfo(plan.time_zone)).date()
    found: dict[tuple[str, str], ClockRule] = {}
    for kind in request_types(request, plan, in_force(), received):
        for rule in applicable(
            rules(*settings.OPENUM_LIBRARY),
            line_of_business=plan.line_of_business,
            request_type=kind,
            priority=priority_of(request),
            received=received,
            events=events,
            jurisdictions=around.jurisdictions,
        ):
            found[(rule.id, rule.version)] = rule
    days = calendars()
    return tuple(compute(rule, events, days, plan.time_zone, at=at) for rule in found.values())


def again(
    case: CaseCard, proofs: Iterable[Proof], *, at: datetime, decided_at: datetime | None = None
) -> tuple[Proof, ...]:
    """The proofs of a case's clocks as they stand at a later moment, by the same rule versions.

    Extensions each clock has already had go on counting. ``decided_at`` is when all of the case was decided: some laws
    measure the decision, and not the notice of it.
    """
    known = _known()
    events = replace(clock_events(surroundings(case), at=case.received_at), decided_at=decided_at)
    days = calendars()
    return tuple(
        compute(
            known[(proof.rule_id, proof.rule_version)],
            replace(events, extensions=proof.extensions),
            days,
            proof.zone,
            at=at,
        )
        for proof in proofs
        if (proof.rule_id, proof.rule_version) in known
    )


def uncertain(case: CaseCard, proofs: Iterable[Proof]) -> frozenset[str]:
    """The rules among these of which some condition is not known: whether they apply at all is open."""
    known, events = _known(), clock_events(surroundings(case), at=case.received_at)
    wanted = [known.get((proof.rule_id, proof.rule_version)) for proof in proofs]
    return frozenset(rule.id for rule in wanted if rule is not None and rule.unknown_conditions(events))


def rule_in_force(name: str, on: date) -> ClockRule | None:
    """The version of a clock rule that holds on a day, by its id or another name of it; the newest of several."""
    named = [rule for rule in rules(*settings.OPENUM_LIBRARY) if name in (rule.id, *rule.also) and rule.in_force(on)]
    return max(named, key=lambda rule: (rule.id == name, int(rule.version)), default=None)


def _known() -> dict[tuple[str, str], ClockRule]:
    return {(rule.id, rule.version): rule for rule in rules(*settings.OPENUM_LIBRARY)}


def request_types(request: Request, plan: PlanCard, library: Library, received: date) -> tuple[str, ...]:
    """What the clock rules call this request, over all its lines: content decides, not the code's first letter."""
    if request.review_type == "retrospective":
        return ("drug_reimbursement",) if plan.line_of_business == "part-d" else ("post_service",)
    if request.review_type == "concurrent":
        return ("extend_ongoing_course",)
    return tuple(dict.fromkeys(_kinds(request, plan, library, received)))


def _kinds(request: Request, plan: PlanCard, library: Library, received: date) -> Iterable[str]:
    for line in request.lines:
        needs = _needs(line, request, plan, library, received)
        if needs == "post_stabilization":
            yield "post_stabilization"
        elif _is_drug(line, library) and plan.line_of_business in _DRUG:
            yield _DRUG[plan.line_of_business]
        else:
            yield "service_no_pa" if needs == "never" and plan.line_of_business in _CLOCKS_WITHOUT_NEED else "service"


def _needs(line: Line, request: Request, plan: PlanCard, library: Library, received: date) -> str:
    stated = [one.service_from for one in request.lines if one.service_from is not None]
    assumed = min(stated, default=request.created_date or received)  # as triage judges an undated line
    found = library.requirements_on(plan.line_of_business, line.service_from or assumed)
    if found is None:
        return "authorization"
    return requirement_for(found, line, emergency=request.emergency, diagnoses=request.diagnoses).needs


def _is_drug(line: Line, library: Library) -> bool:
    return any(policy.classification == "prescription_drug" for policy in library.covering(line.code))
