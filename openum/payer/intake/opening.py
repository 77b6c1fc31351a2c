"""Looking is an event too: who opened a case, when and why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from openum.core.actor import Actor
from openum.records.ledger.actions import record
from openum.records.parties.scope import Scope


def opened(scope: Scope, number: str, *, why: str, by: Actor, at: datetime) -> None:
    """Record that somebody looked at the case. The caller has found it within the same scope."""
    with transaction.atomic():
        record(tenant_id=scope.tenant_id, kind="CaseOpened", subject=number, by=by, at=at, why=why)
