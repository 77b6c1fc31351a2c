"""What the queue's tests share: a route of three steps that note what they did."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openum.core.actor import software
from openum.records.ledger import queue
from openum.records.ledger.actions import record
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queue import Drained, drain
from openum.records.ledger.values import Happened, Subject

T0 = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)


def asked(tenant: int, *subjects: str, kind: str = "Asked") -> None:
    for subject in subjects:
        with transaction.atomic():
            record(tenant_id=tenant, kind=kind, subject=subject, by=software("test"), at=T0)


def kinds(subject: str) -> list[str]:
    return list(Event.unscoped.filter(subject=subject).order_by("number").values_list("kind", flat=True))


def waiting() -> list[tuple[str, str]]:
    return list(Errand.unscoped.filter(done_at=None).order_by("id").values_list("subject", "step"))


class Steps:
    """A route of three steps that note what they did; ``broken`` names those that fail."""

    def __init__(self) -> None:
        self.did: list[tuple[str, str]] = []
        self.broken: set[str] = set()
        self.route: queue.Route = {"Asked": (self.triage,), "Triaged": (self.screen, self.tell), "Screened": ()}

    def triage(self, event: Happened, *, at: dt.datetime) -> None:
        self._do("triage", "Triaged", event, at)

    def screen(self, event: Happened, *, at: dt.datetime) -> None:
        self._do("screen", "Screened", event, at)

    def tell(self, event: Happened, *, at: dt.datetime) -> None:
        self._do("tell", "Told", event, at)

    def _do(self, step: str, kind: str, event: Happened, at: dt.datetime) -> None:
        record(tenant_id=event.tenant_id, kind=kind, subject=event.subject, by=software(step), at=at)
        if step in self.broken:
            raise OSError("the printer of Jane Doe is on fire")
        self.did.append((step, event.subject))

    def drain(self, at: dt.datetime = T0, subject: Subject | None = None, limit: int = 100) -> Drained:
        return drain(self.route, wing="payer", clock=lambda: at, subject=subject, limit=limit)
