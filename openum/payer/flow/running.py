"""Running the flow: inline for one case, or as the worker for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openum.core.actor import Actor
from openum.core.request import Request
from openum.payer.authorizations.queries import last_day_of
from openum.payer.determinations.queries import all_decided_at
from openum.payer.flow import desk
from openum.payer.flow.letters import letters, terms
from openum.payer.flow.route import ROUTE
from openum.payer.intake.actions import Taken, miss_clocks, submit
from openum.payer.intake.shelf import in_force
from openum.payer.intake.starting import rules
from openum.records.clocks.queries import due_before
from openum.records.ledger.inline import StepFailed, running
from openum.records.ledger.queue import Drained, drain
from openum.records.ledger.values import Subject
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.queries import all_tenants


def take_in(
    *,
    scope: Scope,
    request: Request,
    body: bytes,
    content_type: str,
    door: str,
    by: Actor,
    clock: Callable[[], datetime],
) -> Taken:
    """Take a request in and run it as far as it goes without a person, in one transaction where nothing fails.

    The steps are those of the worker. Where one fails, the case is taken in by itself and the queue runs it: what
    succeeds is kept, and the trouble of what does not is written down. Raises ``Refusal`` as ``submit`` does.
    """

    def take() -> Taken:
        return submit(
            scope=scope, request=request, body=body, content_type=content_type, door=door, by=by, at=clock(),
            covered_until=last_day_of(scope, request.extends) if request.extends else None,
        )  # fmt: skip

    try:
        with transaction.atomic(), running(ROUTE, wing="payer", clock=clock) as finish, desk.holding():
            taken = take()
            if taken.member is not None:
                desk.keep_member(scope.tenant_id, taken.number, taken.member)
                finish()
        return taken
    except StepFailed:
        taken = take()
        advance(scope.tenant_id, taken.number, clock=clock)
        return taken


def advance(tenant_id: int, number: str, *, clock: Callable[[], datetime]) -> Drained:
    """Run every due step of one case now, on the same code path as the worker: a door gets its answer in one call."""
    return drain(ROUTE, wing="payer", clock=clock, subject=Subject(tenant_id, number), limit=100)


def work(*, clock: Callable[[], datetime], limit: int = 1000) -> Drained:
    """Run due steps of all cases, oldest first, until none is due or ``limit`` were taken."""
    return drain(ROUTE, wing="payer", clock=clock, limit=limit)


def watch(*, clock: Callable[[], datetime], limit: int = 1000) -> int:
    """Look for clocks that ran out and mark them; how many cases were found. The worker calls it between its steps."""
    found = 0
    for tenant in all_tenants():
        scope = software_scope(tenant.id, "clocks")
        for deadline in due_before(scope, clock(), limit=limit):
            if deadline.state == "running":
                decided = all_decided_at(tenant.id, deadline.subject)
                miss_clocks(
                    tenant_id=tenant.id, number=deadline.subject, by=scope.actor, at=clock(), decided_at=decided
                )
                found += 1
    return found


def make_ready() -> None:
    """Read what every request needs (library, clocks, letters) before the first one comes."""
    roots = tuple(settings.OPENUM_LIBRARY)
    in_force()
    rules(*roots)
    letters(*roots)
    terms(*roots)
