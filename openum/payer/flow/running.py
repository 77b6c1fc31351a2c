"""Running the flow: inline for one case, or as the worker for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from openum.payer.flow.route import ROUTE
from openum.records.ledger.queue import Drained, drain
from openum.records.ledger.values import Subject


def advance(tenant_id: int, number: str, *, clock: Callable[[], datetime]) -> Drained:
    """Run every due step of one case now, on the same code path as the worker: a door gets its answer in one call."""
    return drain(ROUTE, wing="payer", clock=clock, subject=Subject(tenant_id, number), limit=100)


def work(*, clock: Callable[[], datetime], limit: int = 1000) -> Drained:
    """Run due steps of all cases, oldest first, until none is due or ``limit`` were taken."""
    return drain(ROUTE, wing="payer", clock=clock, limit=limit)
