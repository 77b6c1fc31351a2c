"""Which clock ends next, and everything about the clocks of a case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from openum.core.clocks import Proof
from openum.records.clocks.models import EARLIEST_FIRST, OPEN, RunningClock
from openum.records.clocks.proofs import proof_of
from openum.records.tenants.models import InTenant

State = Literal["waiting", "running", "tolled", "met", "missed", "superseded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The clock that rules a case: when it ends and by which rule. ``alarm_at`` is the date to work to, if earlier."""

    subject: str
    line: int | None
    rule_id: str
    rule_version: str
    citation: str
    due_at: datetime
    alarm_at: datetime | None
    zone: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockCard:
    """One clock of a case with its whole proof."""

    id: int
    subject: str
    line: int | None
    state: State
    due_at: datetime | None
    alarm_at: datetime | None
    stopped_at: datetime | None
    superseded_at: datetime | None
    earliest: bool
    proof: Proof


_DEADLINE = (
    "subject", "line", "rule_id", "rule_version", "citation", "due_at", "alarm_at", "zone", "state",
)  # fmt: skip


def next_clock(scope: InTenant, subject: str, *, line: int | None = None) -> Deadline | None:
    """The open clock of the case (or of one line) that ends first; ``None`` when none with a due date is open."""
    rows = RunningClock.objects.of(scope).filter(OPEN, subject=subject).exclude(due_at=None)
    if line is not None:
        rows = rows.filter(line=line)
    row = rows.order_by(*EARLIEST_FIRST).values(*_DEADLINE).first()
    return None if row is None else Deadline(**row)


def ruling_clocks(scope: InTenant, subjects: Iterable[str]) -> dict[str, Deadline]:
    """The open clock that rules each of these cases, in one query; a case without one is not in the answer."""
    rows = RunningClock.objects.of(scope).filter(earliest=True, subject__in=tuple(subjects)).exclude(due_at=None)
    return {row["subject"]: Deadline(**row) for row in rows.values(*_DEADLINE)}


def due_before(scope: InTenant, moment: datetime, *, limit: int = 100) -> tuple[Deadline, ...]:
    """The ruling clock of every open case that ends before the moment, the next to end first; missed ones included."""
    rows = RunningClock.objects.of(scope).filter(earliest=True, due_at__lt=moment)
    return tuple(Deadline(**row) for row in rows.order_by(*EARLIEST_FIRST).values(*_DEADLINE)[:limit])


def clocks_of(scope: InTenant, subject: str) -> tuple[ClockCard, ...]:
    """Every clock of the case, those that end first on top; superseded ones last."""
    rows = list(RunningClock.objects.of(scope).filter(subject=subject))
    rows.sort(key=lambda row: (row.state == "superseded", row.due_at is None, row.due_at, row.rule_id, row.pk))
    return tuple(
        ClockCard(
            id=row.pk, subject=row.subject, line=row.line, state=cast(State, row.state), due_at=row.due_at,
            alarm_at=row.alarm_at, stopped_at=row.stopped_at, superseded_at=row.superseded_at, earliest=row.earliest,
            proof=proof_of(row.proof),
        )
        for row in rows
    )  # fmt: skip
