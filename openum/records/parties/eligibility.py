"""An eligibility file: thousands of members at once, in a handful of statements for any number of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from openum.core.actor import Actor
from openum.core.benefits import period_start
from openum.records.parties.models import Accumulator, BenefitLimit, Coverage, Member
from openum.records.parties.queries import plan_card
from openum.records.parties.scope import Scope

SAID = ("family", "given", "birth_date", "sex", "language", "address")
COVERED = ("end", "rank", "network")
AT_ONCE = 200
"""Rows in one statement: SQLite takes at most 32,766 values in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrollment:
    """One line of the file: a member, one coverage, and how much of each limit (by its id) they have used."""

    plan: str
    number: str
    family: str
    given: str = ""
    birth_date: date
    sex: str = "unknown"
    language: str = "en"
    address: Mapping[str, Any] = field(default_factory=dict)
    start: date
    end: date | None = None
    rank: int = 1
    network: str = ""
    used: Mapping[int, Decimal] = field(default_factory=dict)


def load(scope: Scope, rows: Sequence[Enrollment], *, on: date, by: Actor, at: datetime) -> None:
    """Enroll everybody, or bring them up to date, as ``enroll`` does one by one; use is told for the period of ``on``.

    All of it or nothing. Raises ``Refusal`` ``unknown-plan``.
    """
    plans = {code: plan_card(scope, code) for code in {row.plan for row in rows}}
    with transaction.atomic():
        ids: dict[str, int] = {}
        for begin in range(0, len(rows), AT_ONCE):
            some = rows[begin : begin + AT_ONCE]
            ids |= _members(scope, some)
            _coverages(scope, some, ids, {code: plan.id for code, plan in plans.items()})
        _uses(scope, rows, ids, on=on, by=by, at=at)


def _members(scope: Scope, rows: Sequence[Enrollment]) -> dict[str, int]:
    Member.objects.bulk_create(
        [
            Member(
                tenant_id=scope.tenant_id, number=row.number, family=row.family, given=row.given,
                birth_date=row.birth_date, sex=row.sex, language=row.language, address=dict(row.address),
            )
            for row in rows
        ],
        update_conflicts=True, unique_fields=["tenant", "number"], update_fields=SAID,
    )  # fmt: skip
    known = Member.unscoped.filter(tenant_id=scope.tenant_id, number__in=[row.number for row in rows])
    return dict(known.values_list("number", "pk"))


def _coverages(scope: Scope, rows: Sequence[Enrollment], ids: Mapping[str, int], plans: Mapping[str, int]) -> None:
    Coverage.objects.bulk_create(
        [
            Coverage(
                tenant_id=scope.tenant_id, member_id=ids[row.number], plan_id=plans[row.plan], start=row.start,
                end=row.end, rank=row.rank, network=row.network,
            )
            for row in rows
        ],
        update_conflicts=True, unique_fields=["tenant", "member", "plan", "start"], update_fields=COVERED,
    )  # fmt: skip


def _uses(
    scope: Scope, rows: Sequence[Enrollment], ids: Mapping[str, int], *, on: date, by: Actor, at: datetime
) -> None:
    told = [(row.number, limit_id, used) for row in rows for limit_id, used in row.used.items()]
    known = BenefitLimit.objects.of(scope).select_related("plan").filter(pk__in={limit_id for _, limit_id, _ in told})
    first = {row.pk: period_start(row.period, on, plan_year_start=row.plan.plan_year_start) for row in known}
    made = [
        Accumulator(
            tenant_id=scope.tenant_id, member_id=ids[number], limit_id=limit_id, period_start=first[limit_id],
            used=used, as_of=at, told_by=str(by),
        )
        for number, limit_id, used in told
    ]  # fmt: skip
    Accumulator.objects.bulk_create(
        made, batch_size=AT_ONCE, update_conflicts=True,
        unique_fields=["tenant", "member", "limit", "period_start"], update_fields=["used", "as_of", "told_by"],
    )  # fmt: skip
