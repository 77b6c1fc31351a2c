"""Issuing authorizations for what was approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from openum.core.actor import Actor
from openum.core.authorization import authorize
from openum.core.determination import Determination as Decided
from openum.core.policy import Grant
from openum.core.request import Line
from openum.payer.authorizations.models import Authorization
from openum.records.ledger.actions import record


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """One approved line: its determination's id and value, what was asked, and what the policy grants."""

    determination_id: int
    decided: Decided
    line: Line
    grant: Grant
    on: date


def issue(
    *,
    tenant_id: int,
    number: str,
    member_id: int,
    organization_id: int,
    approved: Sequence[Approved],
    by: Actor,
    at: datetime,
) -> None:
    """Issue one authorization per approved line, and announce their numbers."""
    with transaction.atomic(savepoint=False):
        rows = Authorization.objects.bulk_create(
            _row(tenant_id, member_id, organization_id, one, at=at) for one in approved
        )
        numbers = {str(one.line.sequence): row.number for one, row in zip(approved, rows, strict=True)}
        record(
            tenant_id=tenant_id, kind="AuthorizationIssued", subject=number, by=by, at=at, numbers=numbers,
            lines=[one.line.sequence for one in approved],
        )  # fmt: skip


def _row(tenant_id: int, member_id: int, organization_id: int, one: Approved, *, at: datetime) -> Authorization:
    granted = authorize(one.decided, one.line, one.grant, number="", on=one.on)
    return Authorization(
        tenant_id=tenant_id, determination_id=one.determination_id, member_id=member_id,
        organization_id=organization_id, code_system=granted.code.system, code=granted.code.value,
        quantity=granted.quantity, unit=granted.unit, place=granted.place, issued_at=at,
        valid_from=granted.valid_from, valid_until=granted.valid_until, next_review=granted.next_review,
    )  # fmt: skip
