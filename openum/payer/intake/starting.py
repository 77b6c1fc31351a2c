"""The clocks a request starts: every rule that may apply to it, each kept, from its very receipt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path
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


def clock_events(rating_period_start: date | None, *, at: datetime) -> ClockEvents:
    """What is known of a request received ``at``: an electronic request reaches the department responsible at once."""
    return ClockEvents(
        received_at=at,
        responsible_department_at=at,
        circumstances=Circumstances(rating_period_start=rating_period_start),
    )


def start_clocks(scope: Scope, number: str, request: Request, plan: PlanCard, *, at: datetime) -> tuple[Proof, ...]:
    """Start every clock that may apply, in the transaction that takes the request in."""
    proofs = proofs_for(request, plan, at=at)
    start(software_scope(scope.tenant_id, "clocks"), subject=number, proofs=proofs, first=True)
    return proofs


def proofs_for(request: Request, plan: PlanCard, *, at: datetime) -> tuple[Proof, ...]:
    """The proofs of every clock that may apply to a request received at that moment."""
    events, received = clock_events(plan.rating_period_start, at=at), at.astimezone(ZoneInfo(plan.time_zone)).date()
    found: dict[tuple[str, str], ClockRule] = {}
    for kind in request_types(request, plan, in_force(), received):
        for rule in applicable(
            rules(*settings.OPENUM_LIBRARY),
            line_of_business=plan.line_of_business,
            request_type=kind,
            priority=priority_of(request),
            received=received,
            events=events,
        ):
            found[(rule.id, rule.version)] = rule
    days = calendars()
    return tuple(compute(rule, events, days, plan.time_zone, at=at) for rule in found.values())


def again(case: CaseCard, proofs: Iterable[Proof], *, at: datetime) -> tuple[Proof, ...]:
    """The proofs of a case's clocks as they stand at a later moment, by the same rule versions."""
    known = {(rule.id, rule.version): rule for rule in rules(*settings.OPENUM_LIBRARY)}
    events = clock_events(case.rating_period_start, at=case.received_at)
    days = calendars()
    return tuple(
        compute(known[(proof.rule_id, proof.rule_version)], events, days, proof.zone, at=at)
        for proof in proofs
        if (proof.rule_id, proof.rule_version) in known
    )


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
