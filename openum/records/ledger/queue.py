"""The errands: claimed by one worker at a time, each done in one transaction together with its completion.

An errand is one row beside the event that caused it, written in the same transaction, so none is lost. A claim is a
lease; completing is a compare-and-set on that lease in the transaction of the step itself, so a crash at any point
leaves either everything of a step or nothing, and a second worker finds the errand done or does it whole. What a step
does outside the database (send a letter) may happen twice after a crash: give it the event's id as its key.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Literal, Protocol

from django.db import connection, transaction

from openum.core.actor import Actor
from openum.core.refusal import Refusal
from openum.records.ledger.actions import record
from openum.records.ledger.locking import LOCK, lock_keys, refuse_transaction, require_transaction
from openum.records.ledger.models import Errand
from openum.records.ledger.queries import event_by_id
from openum.records.ledger.values import Happened, Subject
from openum.records.tenants.models import InTenant

LEASE = timedelta(minutes=5)
"""How long a worker that vanished keeps others from its errand. A living one holds the row's lock while it works."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)

Wing = Literal["payer", "provider"]
Outcome = Literal["done", "failed", "lost"]
log = logging.getLogger(__name__)


class Step(Protocol):
    """One thing the wing's flow does because of an event. It runs inside a transaction that is not its own."""

    @property
    def __name__(self) -> str:
        """What the errand row calls it."""

    def __call__(self, event: Happened, *, at: datetime) -> Any:
        """Do it."""


Route = Mapping[str, tuple[Step, ...]]
"""Kind of event to the steps that follow it. Steps that only reminders name stand under any key, e.g. ``Reminder``."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An errand in one worker's hands. ``tries`` is the token: it grows with every claim, so an old claim is void."""

    id: int
    tenant_id: int
    subject: str
    event_id: int
    step: str
    tries: int


@dataclass(frozen=True, slots=True)
class Drained:
    """What one ``drain`` did: errands done, and errands that failed and wait for another try."""

    done: int
    failed: int


class LeaseLost(Exception):
    """Another worker took this errand over; what was done under the lost lease is rolled back."""


_CLAIM = """
UPDATE records_ledger_errand SET leased_until = %s, tries = tries + 1 WHERE id = (
    SELECT id FROM records_ledger_errand
    WHERE done_at IS NULL AND wing = %s AND due_at <= %s AND (leased_until IS NULL OR leased_until <= %s) {subject}
    ORDER BY due_at, id LIMIT 1 {skip}
) RETURNING id, tenant_id, subject, event_id, step, tries
"""
_FINISH = """
UPDATE records_ledger_errand SET done_at = %s, step = %s, leased_until = NULL, trouble = ''
WHERE id = %s AND tries = %s AND done_at IS NULL
"""


def drain(
    route: Route, *, wing: Wing, clock: Callable[[], datetime], subject: Subject | None = None, limit: int = 1000
) -> Drained:
    """Run due errands, oldest first, until none is due or ``limit`` were taken.

    Safe from many workers at once, and inline from a door for one ``subject``. Errands of one subject never run at the
    same time. Must not be called inside a transaction. A failed step is rolled back whole, its trouble is written, and
    the others go on.
    """
    refuse_transaction()
    done = failed = 0
    for _ in range(limit):
        errand = claim(clock(), wing=wing, subject=subject)
        if errand is None:
            break
        outcome = run(errand, route, wing=wing, clock=clock)
        done += outcome == "done"
        failed += outcome == "failed"
    return Drained(done, failed)


def run(errand: Claimed, route: Route, *, wing: Wing, clock: Callable[[], datetime]) -> Outcome:
    """Do one claimed errand and complete it in one transaction; when it fails, its row says why."""
    step = errand.step
    try:
        with transaction.atomic():
            event = event_by_id(errand.event_id)
            steps = _steps(errand, event, route)
            if len(steps) == 1:
                step = steps[0].__name__
            complete(errand, clock(), step=step)
            if len(steps) == 1:
                steps[0](event, at=clock())
            else:
                expand(errand, steps, wing=wing, at=clock())
    except LeaseLost:
        return "lost"
    except Exception as problem:  # the one place: the worker goes on, the errand stays, its row says why
        fail(errand, clock(), trouble=words(problem), step=step)
        return "failed"
    return "done"


def claim(now: datetime, *, wing: Wing, subject: Subject | None = None) -> Claimed | None:
    """Lease the oldest due errand that nobody holds, or ``None``. One statement, atomic on both databases."""
    moment = connection.ops.adapt_datetimefield_value
    of_subject = "AND tenant_id = %s AND subject = %s" if subject else ""
    skip = "FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    sql = _CLAIM.format(subject=of_subject, skip=skip)
    parameters = [moment(now + LEASE), wing, moment(now), moment(now), *(subject or ())]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            # A lease lost in a power cut harms nobody, so its commit need not wait for the disk.
            cursor.execute("SET LOCAL synchronous_commit TO off; " + sql, parameters)
            cursor.nextset()
        else:
            cursor.execute(sql, parameters)
        rows = cursor.fetchall()  # to the end: SQLite commits a statement when its last row is read
    return Claimed(*rows[0]) if rows else None


def complete(errand: Claimed, at: datetime, *, step: str | None = None) -> None:
    """Mark the errand done, in the transaction of its step, and keep other work on its subject waiting until then.

    Raises ``LeaseLost`` when it is no longer ours to complete.
    """
    require_transaction()
    name = errand.step if step is None else step
    parameters = [connection.ops.adapt_datetimefield_value(at), name, errand.id, errand.tries]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(LOCK + _FINISH, [*lock_keys(errand.tenant_id, errand.subject), *parameters])
            cursor.nextset()
        else:
            cursor.execute(_FINISH, parameters)
        if cursor.rowcount != 1:
            raise LeaseLost


def expand(errand: Claimed, steps: Iterable[Step], *, wing: Wing, at: datetime) -> None:
    """Queue one errand per step. Twice the same step of the same event is once."""
    require_transaction()
    rows = [
        Errand(
            tenant_id=errand.tenant_id, event_id=errand.event_id, subject=errand.subject, wing=wing,
            step=step.__name__, key=f"event:{errand.event_id}:{step.__name__}", due_at=at, created_at=at,
        )
        for step in steps
    ]  # fmt: skip
    if rows:
        Errand.objects.bulk_create(rows, ignore_conflicts=True)


def remind(*, event: Happened, step: str, key: str, due_at: datetime, at: datetime, wing: Wing = "payer") -> None:
    """Queue a step for later (a clock's alarm), in the caller's transaction. The same ``key`` twice is once."""
    require_transaction()
    row = Errand(
        tenant_id=event.tenant_id, event_id=event.id, subject=event.subject, wing=wing, step=step, key=key,
        due_at=due_at, created_at=at,
    )  # fmt: skip
    Errand.objects.bulk_create([row], ignore_conflicts=True)


def fail(errand: Claimed, at: datetime, *, trouble: str, step: str | None = None) -> None:
    """Write the trouble on the errand and let it wait: 1 minute, doubled with every try, 6 hours at most."""
    wait = min(FIRST_WAIT * 2 ** min(errand.tries - 1, 16), LONGEST_WAIT)
    mine = Errand.unscoped.filter(pk=errand.id, tries=errand.tries, done_at=None)
    name = errand.step if step is None else step
    mine.update(trouble=trouble[:500], due_at=at + wait, leased_until=None, step=name)
    log.error("errand %s, step %s, try %s: %s", errand.id, name or "route", errand.tries, trouble)


def retry_now(scope: InTenant, *, errand_id: int, by: Actor, at: datetime) -> None:
    """Let a failed errand run at the next pass, and record who asked for it. Raises ``Refusal`` ``no-such-trouble``."""
    with transaction.atomic():
        errand = Errand.objects.of(scope).filter(pk=errand_id, done_at=None).exclude(trouble="").first()
        if errand is None:
            raise Refusal(
                "no-such-trouble",
                "No errand of this number is in trouble.",
                "Load the page again: it may have been done in the meantime.",
            )
        Errand.unscoped.filter(pk=errand.pk, done_at=None).update(due_at=at, leased_until=None)
        record(
            tenant_id=scope.tenant_id, kind="ErrandRetried", subject=errand.subject, by=by, at=at,
            wing=errand.wing, errand=errand.pk, step=errand.step, tries=errand.tries,
        )  # fmt: skip


def words(problem: Exception) -> str:
    """What to write about a fault: a refusal's own words, else its type and place; never its text (patient data)."""
    if isinstance(problem, Refusal):
        return str(problem)
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if "openum" in PurePath(frame.filename).parts] or list(frames)
    last = ours[-1]
    path = PurePath(last.filename).parts
    place = "/".join(path[path.index("openum") :]) if "openum" in path else path[-1]
    return f"{type(problem).__name__} in {last.name}, {place}:{last.lineno}"


def _steps(errand: Claimed, event: Happened, route: Route) -> tuple[Step, ...]:
    if not errand.step:
        steps = route.get(event.kind, ())
        if len({step.__name__ for step in steps}) != len(steps):
            raise ValueError(f"Two steps after {event.kind} share a name.")
        return steps
    for step in (*route.get(event.kind, ()), *(step for steps in route.values() for step in steps)):
        if step.__name__ == errand.step:
            return (step,)
    raise LookupError(f"The route knows no step {errand.step}.")
