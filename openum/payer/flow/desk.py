"""What one run has in hand: a case, its member and its evidence are fetched once and passed from step to step.

Only inside ``holding()``, where the case belongs to this transaction alone; everywhere else each step reads afresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


def changed(event: Happened) -> None:
    """The lines of the case were rewritten: fetch it again next time."""
    held = _held.get()
    if held is not None:
        held.pop(("case", event.tenant_id, event.subject), None)


def _once(kind: str, tenant_id: int, number: str, fetch: Callable[[], Thing]) -> Thing:
    held = _held.get()
    if held is None:
        return fetch()
    key = (kind, tenant_id, number)
    if key not in held:
        held[key] = fetch()
    return cast("Thing", held[key])
