"""The steps for clocks that ran out: what the law makes of the silence, written down and set going.

An approval by law issues itself. A denial by law is a record of its own with the appeal window open from that day. A
case that must go to the independent review entity is a work item with a clock of its own. Nothing here decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from openum.core.actor import Actor, software
from openum.core.appeal import Level
from openum.core.clock_events import ClockEvents
from openum.core.clocks import Proof, compute
from openum.core.lapse import Lapse, lapses
from openum.librarian.clocks import calendars
from openum.librarian.lawbook import shelf
from openum.payer.determinations.actions import Undecided, deem_approved, record_lapse, settle_lapse
from openum.payer.determinations.queries import open_lapses
from openum.payer.flow import desk
from openum.payer.intake.queries import CaseCard
from openum.payer.intake.starting import rule_in_force, uncertain
from openum.records.clocks import actions as clocks
from openum.records.clocks.queries import clocks_of
from openum.records.ledger.values import Happened
from openum.records.parties.scope import Scope, software_scope

CLOCKS = software("clocks")


def settle_missed(event: Happened, *, at: datetime) -> None:
    """Write down what the law makes of each clock the case has missed; an approval by law approves what is open."""
    case = desk.case(event)
    missed = [card.proof for card in clocks_of(software_scope(case.tenant_id, "clocks"), case.number)]
    undecided = [Undecided(line.id, line.asked) for line in case.lines if line.state != "decided"]
    for lapse in lapses((proof for proof in missed if proof.verdict == "missed"), uncertain(case, missed)):
        new = record_lapse(
            tenant_id=case.tenant_id, number=case.number, lines=undecided, lapse=lapse,
            file_by=appeal_by(case, lapse), by=CLOCKS, at=at,
        )  # fmt: skip
        if new and lapse.starts:
            _start(case, lapse, at=at)
        if new and undecided and lapse.effect == "approve":
            deem_approved(tenant_id=case.tenant_id, number=case.number, lines=undecided, lapse=lapse, at=at)
            undecided = []


def settled(scope: Scope, *, lapse_id: int, how: str, by: Actor, at: datetime) -> None:
    """A person did what a lapse asks for: it is written down, and the clock it started stops.

    Raises:
        Refusal: ``person-must-decide``, ``nothing-said``, ``lapse-unknown``, ``lapse-settled``.
    """
    started = {card.id: card.starts for card in open_lapses(scope, effect="forward", limit=1000)}
    number = settle_lapse(tenant_id=scope.tenant_id, lapse_id=lapse_id, how=how, by=by, at=at)
    rule = rule_in_force(started[lapse_id], at.date()) if started.get(lapse_id) else None
    if rule is not None:
        clocks.stop(scope, subject=number, at=at, rules=[rule.id])


def appeal_by(case: CaseCard, lapse: Lapse) -> date | None:
    """The last day to file the first appeal where the law treats the silence as a denial; ``None`` where it is unsaid.

    Notice is due the day the time ends; the window is counted from that day by the first level of the program's ladder.
    """
    if lapse.effect != "adverse_by_law":
        return None
    name = filing_clocks(*settings.OPENUM_LIBRARY).get(case.line_of_business, "")
    rule = rule_in_force(name, lapse.on) if name else None
    if rule is None:
        return None
    told = ClockEvents(others={rule.start: lapse.due_at})
    due = compute(rule, told, calendars(), case.time_zone, at=lapse.due_at).due_at
    return None if due is None else due.date()


@cache
def filing_clocks(*roots: Path) -> dict[str, str]:
    """The clock by which the first appeal is filed, for each line of business whose ladder names one."""
    found: dict[str, str] = {}
    for item in shelf("appeals", *roots):
        level = item.value
        if isinstance(level, Level) and level.order == 1 and level.decided_by == "plan" and level.filing_clock:
            found |= dict.fromkeys(level.lines, level.filing_clock)
    return found


def _start(case: CaseCard, lapse: Lapse, *, at: datetime) -> None:
    """Start the clock that begins when the first one ends, e.g. to forward the case."""
    rule = rule_in_force(lapse.starts, lapse.on)
    if rule is None:
        return
    events = ClockEvents(received_at=case.received_at, others={rule.start: lapse.due_at})
    proofs: Iterable[Proof] = (compute(rule, events, calendars(), case.time_zone, at=at),)
    clocks.start(software_scope(case.tenant_id, "clocks"), subject=case.number, proofs=proofs)
