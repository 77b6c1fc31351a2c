"""One case run to its end inside one transaction: the door's fast way over the same route and the same steps.

The worker pays for every hop with a claim, a transaction and a completion. A door that has just taken a case in holds
it alone: nobody else can see it before the transaction ends. So the steps run one after the other, and their events
and done errands are written together at the end: two statements instead of six a hop. When a step fails the whole is
rolled back and ``StepFailed`` is raised; the caller then takes the case in again and lets the queue run it, which
keeps what succeeded and writes the trouble down.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from openum.records.ledger.models import Errand, Event
from openum.records.ledger.values import Happened, digest_of


class StepFailed(Exception):
    """A step of the route failed; its cause is the chained exception. Nothing of the run is kept."""


@dataclass(slots=True)
class Run:
    """The events of one run, in memory until the end. ``heads`` are the last number and digest of each subject."""

    wing: str
    events: list[Happened] = field(default_factory=list)
    waiting: deque[int] = field(default_factory=deque)
    heads: dict[tuple[int, str], tuple[int, str]] = field(default_factory=dict)
    done: list[tuple[int, str, datetime]] = field(default_factory=list)

    def append(
        self, *, tenant_id: int, kind: str, subject: str, by: str, at: datetime, body: Mapping[str, Any],
        head: Callable[[], tuple[int, str]],
    ) -> Happened:  # fmt: skip
        """Add one event to its subject's chain. ``head`` reads the chain's next number and last digest, once."""
        key = (tenant_id, subject)
        number, previous = self.heads[key] if key in self.heads else head()
        digest = digest_of(
            tenant_id=tenant_id, subject=subject, number=number, kind=kind, at=at, by=by, body=body, previous=previous
        )
        self.heads[key] = (number + 1, digest)
        event = Happened(
            id=0, tenant_id=tenant_id, subject=subject, number=number, kind=kind, at=at, by=by, body=body,
            previous=previous, digest=digest,
        )  # fmt: skip
        self.waiting.append(len(self.events))
        self.events.append(event)
        return event

    def write(self) -> None:
        """Write every event and its done errands: two statements."""
        rows = Event.objects.bulk_create(
            Event(
                tenant_id=one.tenant_id, subject=one.subject, number=one.number, kind=one.kind, at=one.at, by=one.by,
                body=one.body, previous=one.previous, digest=one.digest,
            )
            for one in self.events
        )  # fmt: skip
        for index, row in enumerate(rows):
            self.events[index] = replace(self.events[index], id=row.pk)
        Errand.objects.bulk_create(self._errand(rows[index], step, at) for index, step, at in self.done)

    def _errand(self, event: Event, step: str, at: datetime) -> Errand:
        key = f"event:{event.pk}:{step}" if step else f"event:{event.pk}"
        return Errand(
            tenant_id=event.tenant_id, event_id=event.pk, subject=event.subject, wing=self.wing, step=step, key=key,
            due_at=event.at, tries=1, done_at=at, created_at=event.at,
        )  # fmt: skip


_current: ContextVar[Run | None] = ContextVar("run", default=None)


def current() -> Run | None:
    """The run this thread is in, if any."""
    return _current.get()


@contextmanager
def running(
    route: Mapping[str, tuple[Any, ...]], *, wing: str, clock: Callable[[], datetime]
) -> Iterator[Callable[[], None]]:
    """Collect events instead of queueing them; the function given runs their steps to the end and writes all down.

    Must stand inside the transaction that takes the case in. Raises ``StepFailed`` when a step fails.
    """
    run = Run(wing)
    token = _current.set(run)

    def finish() -> None:
        while run.waiting:
            index = run.waiting.popleft()
            _steps(run, index, route, clock)
        run.write()

    try:
        yield finish
    finally:
        _current.reset(token)


def _steps(run: Run, index: int, route: Mapping[str, tuple[Any, ...]], clock: Callable[[], datetime]) -> None:
    event = run.events[index]
    steps = route.get(event.kind, ())
    for step in steps:
        try:
            step(event, at=clock())
        except Exception as problem:
            raise StepFailed(step.__name__) from problem
        run.done.append((index, step.__name__, clock()))
    if not steps:
        run.done.append((index, "", clock()))
