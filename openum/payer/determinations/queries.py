"""Reading determinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from openum.payer.determinations.models import Determination


@dataclass(frozen=True, slots=True, kw_only=True)
class DeterminationCard:
    """The current outcome of one line. ``human`` is whether a person decided."""

    id: int
    line_id: int
    outcome: str
    at: datetime
    by: str
    human: bool
    person_name: str
    person_role: str
    license: Mapping[str, Any] | None
    policy: str
    policy_digest: str
    administrative_reason: str
    criterion_not_met: str
    rationale: str
    reasons: tuple[str, ...]
    code_system: str
    code: str
    quantity: float | None
    unit: str


def current_determinations(tenant_id: int, line_ids: tuple[int, ...]) -> dict[int, DeterminationCard]:
    """The current determination of each decided line, by line id."""
    rows = Determination.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids, replaced_by=None)
    return {row.line_id: _card(row) for row in rows}


def outcomes_counted(tenant_id: int) -> dict[tuple[str, bool], int]:
    """How many lines stand decided, by outcome and by whether a person decided."""
    rows = Determination.unscoped.filter(tenant_id=tenant_id, replaced_by=None)
    counted = rows.values("outcome", human=Q(person__isnull=False)).annotate(lines=Count("pk")).order_by()
    return {(row["outcome"], bool(row["human"])): row["lines"] for row in counted}


def _card(row: Determination) -> DeterminationCard:
    return DeterminationCard(
        id=row.pk, line_id=row.line_id, outcome=row.outcome, at=row.at, by=row.by, human=row.person_id is not None,
        person_name=row.person_name, person_role=row.person_role, license=row.license, policy=row.policy,
        policy_digest=row.policy_digest, administrative_reason=row.administrative_reason,
        criterion_not_met=row.criterion_not_met, rationale=row.rationale, reasons=tuple(row.reasons),
        code_system=row.code_system, code=row.code, quantity=row.quantity, unit=row.unit,
    )  # fmt: skip
