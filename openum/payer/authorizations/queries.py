"""Reading authorizations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openum.core.authorization import Authorization as Held
from openum.core.codes import Code
from openum.payer.authorizations.models import Authorization, authorization_key
from openum.records.parties.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationCard:
    """One authorization, with what is left of it."""

    held: Held
    determination_id: int
    issued_at: datetime
    used: float
    left: float | None


def active_for_member(tenant_id: int, member_id: int, on: date) -> tuple[Held, ...]:
    """The member's authorizations in force on a day, reduced to what is left of each."""
    rows = Authorization.unscoped.filter(
        tenant_id=tenant_id, member_id=member_id, valid_from__lte=on, valid_until__gte=on, ended_date=None
    )
    return tuple(_held(row, left=True) for row in rows.order_by("pk"))


def last_day_of(scope: Scope, number: str) -> date | None:
    """The last day an authorization covers, if this scope may see it."""
    row = Authorization.objects.of(scope).filter(pk=authorization_key(number)).first()
    return None if row is None else row.ended_date or row.valid_until


def of_determinations(tenant_id: int, ids: tuple[int, ...]) -> dict[int, AuthorizationCard]:
    """The authorization each determination left, by determination id."""
    rows = Authorization.unscoped.filter(tenant_id=tenant_id, determination_id__in=ids)
    return {row.determination_id: _card(row) for row in rows}


def _card(row: Authorization) -> AuthorizationCard:
    left = None if row.quantity is None else row.quantity - row.used
    return AuthorizationCard(
        held=_held(row, left=False), determination_id=row.determination_id, issued_at=row.issued_at, used=row.used,
        left=left,
    )  # fmt: skip


def _held(row: Authorization, *, left: bool) -> Held:
    quantity = row.quantity if row.quantity is None or not left else row.quantity - row.used
    return Held(
        number=row.number, code=Code(row.code_system, row.code), quantity=quantity, unit=row.unit,
        valid_from=row.valid_from, valid_until=row.valid_until, next_review=row.next_review, place=row.place,
    )  # fmt: skip
