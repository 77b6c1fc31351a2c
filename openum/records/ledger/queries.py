"""Reading the ledger: a subject's events, whether chains and seals hold, and which errands are in trouble."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from openum.records.ledger.models import Errand, Event, Seal
from openum.records.ledger.values import Happened, Subject, canonical, digest_of, moment
from openum.records.tenants.models import InTenant


@dataclass(frozen=True, slots=True)
class Chain:
    """Whether a subject's events hang together: ``broken_at`` is the first number that does not, or ``None``."""

    events: int
    broken_at: int | None

    @property
    def sound(self) -> bool:
        """Whether every event carries the digest of the one before it and its own."""
        return self.broken_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One errand that failed and waits for its next try; ``trouble`` names the fault without patient data."""

    errand_id: int
    wing: str
    subject: str
    event_number: int
    kind: str
    step: str
    tries: int
    trouble: str
    next_try_at: datetime
    created_at: datetime


def happened(event: Event) -> Happened:
    """The event's row as a value."""
    return Happened(
        id=event.pk, tenant_id=event.tenant_id, subject=event.subject, number=event.number, kind=event.kind,
        at=event.at, by=event.by, body=event.body, previous=event.previous, digest=event.digest,
    )  # fmt: skip


def event_by_id(event_id: int) -> Happened:
    """One event, for the worker, which has its errand in hand."""
    return happened(Event.unscoped.get(pk=event_id))


def events_of(scope: InTenant, subject: str) -> tuple[Happened, ...]:
    """Everything that happened to the subject, first to last."""
    return tuple(happened(event) for event in Event.objects.of(scope).filter(subject=subject).order_by("number"))


def is_waiting(subject: Subject, *, now: datetime) -> bool:
    """Whether an errand of the subject is due and not done."""
    waiting = Errand.unscoped.filter(tenant_id=subject.tenant_id, subject=subject.number, done_at=None)
    return waiting.filter(due_at__lte=now).exists()


def in_trouble(scope: InTenant) -> tuple[Trouble, ...]:
    """The tenant's failed errands, the next to be tried first."""
    rows = Errand.objects.of(scope).filter(done_at=None).exclude(trouble="").select_related("event")
    return tuple(
        Trouble(
            errand_id=row.pk, wing=row.wing, subject=row.subject, event_number=row.event.number, kind=row.event.kind,
            step=row.step, tries=row.tries, trouble=row.trouble, next_try_at=row.due_at, created_at=row.created_at,
        )
        for row in rows.order_by("due_at", "id")
    )  # fmt: skip


def verify_chain(tenant_id: int, subject: str) -> Chain:
    """Recompute the subject's chain. What was cut off at the end shows in ``verify_seals``, not here."""
    number, previous = 0, ""
    for event in Event.unscoped.filter(tenant_id=tenant_id, subject=subject).order_by("number").iterator():
        digest = digest_of(
            tenant_id=event.tenant_id, subject=event.subject, number=event.number, kind=event.kind, at=event.at,
            by=event.by, body=event.body, previous=event.previous,
        )  # fmt: skip
        if event.number != number + 1 or event.previous != previous or event.digest != digest:
            return Chain(number, number + 1)
        number, previous = event.number, event.digest
    return Chain(number, None)


def verify_seals(tenant_id: int) -> int | None:
    """The number of the tenant's first seal that no longer fits the ledger, or ``None`` when all do."""
    after, previous = 0, ""
    for number, seal in enumerate(Seal.unscoped.filter(tenant_id=tenant_id).order_by("number"), 1):
        running = hashlib.sha256()
        for line in heads_between(tenant_id, after, seal.up_to_event_id):
            running.update(line)
        digest = seal_digest(previous, number, seal.at, seal.up_to_event_id, running.hexdigest())
        if (seal.number, seal.after_event_id, seal.previous, seal.digest) != (number, after, previous, digest):
            return number
        after, previous = seal.up_to_event_id, seal.digest
    return None


def heads_between(tenant_id: int, after: int, up_to: int) -> Iterator[bytes]:
    """For every subject with events in the span of ids (``after`` excluded): its last one there, as hashed lines."""
    span = Event.unscoped.filter(tenant_id=tenant_id, id__gt=after, id__lte=up_to)
    last = span.values("subject").annotate(last=Max("id")).values("last")
    heads = Event.unscoped.filter(id__in=last).order_by("id").values_list("subject", "number", "digest")
    for head in heads.iterator():
        yield canonical(list(head)) + b"\n"


def seal_digest(previous: str, number: int, at: datetime, up_to: int, heads: str) -> str:
    """SHA-256 (hex) over a seal, the seal before it and the heads it covers."""
    return hashlib.sha256(canonical([previous, number, moment(at), up_to, heads])).hexdigest()
