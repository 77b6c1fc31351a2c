"""Starting, moving and stopping clocks, always inside the transaction of the fact that does it.

The arithmetic is ``core.clocks``: a caller computes the proofs from the case's events and hands them over. Nothing
here records an event; the caller's own event says what moved the clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from django.db.models import QuerySet

from openum.core.clocks import Proof
from openum.records.clocks.models import EARLIEST_FIRST, OPEN, RunningClock
from openum.records.clocks.proofs import proof_data, proof_of, utc
from openum.records.ledger.locking import require_transaction
from openum.records.tenants.models import InTenant

_MOVED = (
    "rule_version", "citation", "start_event", "started_at", "due_at", "alarm_at", "zone", "calendar", "proof", "state",
    "stopped_at", "earliest",
)  # fmt: skip


def start(
    scope: InTenant, *, subject: str, proofs: Iterable[Proof], line: int | None = None, first: bool = False
) -> None:
    """Start every clock that applies to a case (or to one line of it); ``first``: none of its clocks can run yet.

    Raises:
        django.db.IntegrityError: a clock of this rule runs already.
    """
    require_transaction()
    rows = [_row(scope, subject, line, proof) for proof in proofs]
    if not first and _open(scope, subject).exclude(due_at=None).exists():
        RunningClock.objects.bulk_create(rows)
        _mark_earliest(scope, subject)
        return
    due = [row for row in rows if row.stopped_at is None and row.due_at is not None]
    if due:
        min(due, key=lambda row: (row.due_at, row.rule_id)).earliest = True
    RunningClock.objects.bulk_create(rows)


def move(scope: InTenant, *, subject: str, proofs: Iterable[Proof], line: int | None = None) -> None:
    """Put newly computed proofs in place of the old: tolled, extended, answered, stopped, or just started.

    A rule that did not run yet starts; a clock whose rule is not among the proofs is left alone.
    """
    require_transaction()
    known = {row.rule_id: row for row in _open_or_stopped(scope, subject, line)}
    fresh: list[RunningClock] = []
    changed: list[RunningClock] = []
    for proof in proofs:
        row = _row(scope, subject, line, proof)
        old = known.get(proof.rule_id)
        if old is None:
            fresh.append(row)
        else:
            row.pk = old.pk
            changed.append(row)
    if changed:
        RunningClock.unscoped.bulk_update(changed, _MOVED)
    if fresh:
        RunningClock.objects.bulk_create(fresh)
    _mark_earliest(scope, subject)


def stop(
    scope: InTenant, *, subject: str, at: datetime, line: int | None = None, rules: Collection[str] | None = None
) -> None:
    """Stop the case's open clocks (or one line's, or those of some rules): ``met`` in time, ``missed`` late.

    For a fact that satisfies every clock it names, such as the notice of a decision. Where a rule measures something
    else, compute its proof again and ``move`` it.
    """
    require_transaction()
    rows = _open(scope, subject)
    if line is not None:
        rows = rows.filter(line=line)
    if rules is not None:
        rows = rows.filter(rule_id__in=rules)
    for row in rows:
        late = row.due_at is not None and at > row.due_at
        state: Literal["met", "missed"] = "missed" if late else "met"
        proof = replace(proof_of(row.proof), at=utc(at) or at, stopped_at=at, verdict=state)
        RunningClock.unscoped.filter(pk=row.pk).update(
            state=state, stopped_at=at, earliest=False, proof=proof_data(proof)
        )
    if line is not None or rules is not None:  # else none is left open that could be the earliest
        _mark_earliest(scope, subject)


def supersede(scope: InTenant, *, subject: str, rules: Collection[str], at: datetime, line: int | None = None) -> None:
    """Take open clocks out of force because other rules now apply (an expedited request was moved to standard)."""
    require_transaction()
    rows = _open(scope, subject).filter(rule_id__in=rules, line=line)
    rows.update(state="superseded", superseded_at=at, earliest=False)
    _mark_earliest(scope, subject)


def _row(scope: InTenant, subject: str, line: int | None, proof: Proof) -> RunningClock:
    return RunningClock(
        tenant_id=scope.tenant_id, subject=subject, line=line, rule_id=proof.rule_id, rule_version=proof.rule_version,
        citation=proof.citation[:600], start_event=proof.start_event, started_at=utc(proof.start),
        due_at=utc(proof.due_at), alarm_at=utc(proof.alarm_at), zone=proof.zone, calendar=proof.calendar,
        proof=proof_data(proof), state=_state(proof), stopped_at=utc(proof.stopped_at),
    )  # fmt: skip


def _state(proof: Proof) -> str:
    if proof.verdict in ("not_started", "no_number"):
        return "waiting" if proof.stopped_at is None else "met"
    if proof.verdict == "running" and any(span.open for span in proof.tolled):
        return "tolled"
    return proof.verdict


def _open(scope: InTenant, subject: str) -> QuerySet[RunningClock]:
    rows: QuerySet[RunningClock] = RunningClock.objects.of(scope)
    return rows.filter(OPEN, subject=subject)


def _open_or_stopped(scope: InTenant, subject: str, line: int | None) -> QuerySet[RunningClock]:
    rows: QuerySet[RunningClock] = RunningClock.objects.of(scope)
    return rows.filter(subject=subject, line=line).exclude(state="superseded")


def _mark_earliest(scope: InTenant, subject: str) -> None:
    open_clocks = _open(scope, subject)
    open_clocks.filter(earliest=True).update(earliest=False)
    first = open_clocks.exclude(due_at=None).order_by(*EARLIEST_FIRST).values_list("pk", flat=True).first()
    if first is not None:
        RunningClock.unscoped.filter(pk=first).update(earliest=True)
