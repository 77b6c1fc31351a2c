"""What one run has in hand: a case, its member and its evidence are fetched once and passed from step to step.

Only inside ``holding()``, where the case belongs to this transaction alone; everywhere else each step reads afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, TypeVar, cast

from openum.core.chart import Entry
from openum.payer.intake.queries import CaseCard, case_of
from openum.records.documents.queries import evidence_of
from openum.records.ledger.values import Happened
from openum.records.parties.cards import MemberCard
from openum.records.parties.queries import member_card
from openum.records.parties.scope import software_scope

Thing = TypeVar("Thing")
_held: ContextVar[dict[tuple[str, int, str], Any] | None] = ContextVar("held", default=None)


@contextmanager
def holding() -> Iterator[None]:
    """Keep what is fetched until the end of the block."""
    token = _held.set({})
    try:
        yield
    finally:
        _held.reset(token)


def case(event: Happened) -> CaseCard:
    """The case an event is about."""
    return _once("case", event.tenant_id, event.subject, lambda: case_of(event.tenant_id, event.subject))


def member(case: CaseCard) -> MemberCard:
    """The case's member with the plan that covers them on the day of service."""
    scope = software_scope(case.tenant_id, "flow")
    return _once(
        "member", case.tenant_id, case.number,
        lambda: member_card(scope, case.member_id, on=case.on, plan=case.plan_code),
    )  # fmt: skip


def evidence(case: CaseCard) -> tuple[Entry, ...]:
    """Every chart entry that came for the case."""
    scope = software_scope(case.tenant_id, "criteria")
    return _once("evidence", case.tenant_id, case.number, lambda: evidence_of(scope, case.number))


def fresh() -> bool:
    """Whether the case was taken in by this very transaction: then nothing about it can have been written before."""
    return _held.get() is not None


def keep_member(tenant_id: int, number: str, found: MemberCard) -> None:
    """The member that intake found, so that no step looks again."""
    held = _held.get()
    if held is not None:
        held[("member", tenant_id, number)] = found


def sent_on(event: Happened, values: Mapping[int, Mapping[str, Any]]) -> None:
    """Triage wrote these values on the lines: the case in hand says so too."""
    held, key = _held.get(), ("case", event.tenant_id, event.subject)
    if held is None or key not in held:
        return
    known: CaseCard = held[key]
    lines = tuple(replace(line, **values.get(line.asked.sequence, {})) for line in known.lines)
    held[key] = replace(known, lines=lines)


def _once(kind: str, tenant_id: int, number: str, fetch: Callable[[], Thing]) -> Thing:
    held = _held.get()
    if held is None:
        return fetch()
    key = (kind, tenant_id, number)
    if key not in held:
        held[key] = fetch()
    return cast("Thing", held[key])
