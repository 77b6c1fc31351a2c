"""Writing to the ledger: one event, and later a seal over what was written."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Literal

from django.db import connection, transaction
from django.db.models import Max

from openum.core.actor import Actor
from openum.records.ledger import inline
from openum.records.ledger.locking import LOCK, hold_tenant, lock_keys, require_transaction
from openum.records.ledger.models import Errand, Event, Seal
from openum.records.ledger.queries import heads_between, seal_digest
from openum.records.ledger.values import Happened, digest_of, plain

_HEAD = (
    "SELECT number, digest FROM records_ledger_event WHERE tenant_id = %s AND subject = %s "
    "ORDER BY number DESC LIMIT 1"
)  # fmt: skip


def record(
    *,
    tenant_id: int,
    kind: str,
    subject: str,
    by: Actor,
    at: datetime,
    wing: Literal["payer", "provider"] = "payer",
    **facts: Any,
) -> Happened:
    """Append one event in the caller's transaction and queue one unrouted errand for the wing: three statements.

    ``facts`` are JSON values; days and moments become ISO text. Events of one subject are chained, so a second writer
    of the same subject waits until the first one's transaction ends.

    Raises:
        RuntimeError: outside a transaction. ValueError, TypeError: a fact that cannot be kept, a moment without zone.
    """
    require_transaction()
    body = plain(facts)
    run = inline.current()
    if run is not None and run.wing == wing:
        return run.append(
            tenant_id=tenant_id, kind=kind, subject=subject, by=str(by), at=at, body=body,
            head=lambda: _next(tenant_id, subject),
        )  # fmt: skip
    number, previous = _next(tenant_id, subject)
    digest = digest_of(
        tenant_id=tenant_id, subject=subject, number=number, kind=kind, at=at, by=str(by), body=body, previous=previous
    )
    event = Event.objects.create(
        tenant_id=tenant_id, subject=subject, number=number, kind=kind, at=at, by=str(by), body=body,
        previous=previous, digest=digest,
    )  # fmt: skip
    Errand.objects.create(
        tenant_id=tenant_id, event=event, subject=subject, wing=wing, key=f"event:{event.pk}", due_at=at, created_at=at
    )
    return Happened(
        id=event.pk, tenant_id=tenant_id, subject=subject, number=number, kind=kind, at=at, by=str(by), body=body,
        previous=previous, digest=digest,
    )  # fmt: skip


def seal(tenant_id: int, *, at: datetime) -> int | None:
    """Seal what the tenant's ledger holds beyond the last seal; the seal's number, or ``None`` when there is nothing.

    Waits for the transactions that are writing events of this tenant, so that no event can appear behind the seal.
    """
    with transaction.atomic():
        hold_tenant(tenant_id)
        last = Seal.unscoped.filter(tenant_id=tenant_id).order_by("-number").first()
        after, number, previous = (last.up_to_event_id, last.number + 1, last.digest) if last else (0, 1, "")
        newest = Event.unscoped.filter(tenant_id=tenant_id, id__gt=after).aggregate(newest=Max("id"))["newest"]
        if newest is None:
            return None
        running = hashlib.sha256()
        subjects = 0
        for line in heads_between(tenant_id, after, newest):
            running.update(line)
            subjects += 1
        Seal.objects.create(
            tenant_id=tenant_id, number=number, at=at, after_event_id=after, up_to_event_id=newest, subjects=subjects,
            previous=previous, digest=seal_digest(previous, number, at, newest, running.hexdigest()),
        )  # fmt: skip
    return number


def _next(tenant_id: int, subject: str) -> tuple[int, str]:
    # The lock and the look at the head are one round trip on PostgreSQL.
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(LOCK + _HEAD, [*lock_keys(tenant_id, subject), tenant_id, subject])
            cursor.nextset()
        else:
            cursor.execute(_HEAD, [tenant_id, subject])
        head = cursor.fetchone()
    return (head[0] + 1, head[1]) if head else (1, "")
