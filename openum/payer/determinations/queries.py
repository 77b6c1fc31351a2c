"""Reading determinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from openum.payer.determinations.models import Determination, Lapse
from openum.payer.intake.models import Line, case_key, case_number
from openum.records.parties.scope import Scope


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseCard:
    """What the law made of a missed clock, and what a person did about it, if anybody did yet."""

    id: int
    number: str
    rule: str
    version: str
    citation: str
    verdict: str
    effect: str
    words: str
    due_at: datetime
    on: date
    starts: str
    lines: tuple[int, ...]
    file_by: date | None
    settled_at: datetime | None
    settled_by: str
    how: str


def lapses_of(scope: Scope, number: str) -> tuple[LapseCard, ...]:
    """What the law made of the case's missed clocks, the first first."""
    return _lapse_cards(Lapse.objects.of(scope).filter(case_id=case_key(number)))


def open_lapses(scope: Scope, *, effect: str, limit: int = 100) -> tuple[LapseCard, ...]:
    """Work items of one kind that nobody has settled, the oldest first."""
    return _lapse_cards(Lapse.objects.of(scope).filter(effect=effect, settled=None))[:limit]


def lapses_counted(scope: Scope, *, since: date, before: date) -> dict[str, int]:
    """How many lapses there were in a span of days (``before`` not included), by verdict."""
    rows = Lapse.objects.of(scope).filter(on__gte=since, on__lt=before).values("verdict")
    return {row["verdict"]: row["lapses"] for row in rows.annotate(lapses=Count("pk")).order_by()}


def _lapse_cards(rows: Any) -> tuple[LapseCard, ...]:
    return tuple(_lapse_card(row) for row in rows.select_related("settled").order_by("due_at", "pk"))


def _lapse_card(row: Lapse) -> LapseCard:
    done = getattr(row, "settled", None)
    return LapseCard(
        id=row.pk, number=case_number(row.case_id), rule=row.rule_id, version=row.rule_version, citation=row.citation,
        verdict=row.verdict, effect=row.effect, words=row.words, due_at=row.due_at, on=row.on, starts=row.starts,
        lines=tuple(row.lines), file_by=row.file_by, settled_at=done.at if done else None,
        settled_by=done.person_name if done else "", how=done.how if done else "",
    )  # fmt: skip


def current_determinations(tenant_id: int, line_ids: tuple[int, ...]) -> dict[int, DeterminationCard]:
    """The current determination of each decided line, by line id."""
    rows = Determination.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids, replaced_by=None)
    return {row.line_id: _card(row) for row in rows}


def all_decided_at(tenant_id: int, number: str) -> datetime | None:
    """When the last line of a case was first decided; ``None`` while any line is not."""
    lines = Line.unscoped.filter(tenant_id=tenant_id, case_id=case_key(number))
    firsts = dict(
        Determination.unscoped.filter(tenant_id=tenant_id, line__in=lines, replaces=None).values_list("line_id", "at")
    )
    return max(firsts.values()) if firsts and len(firsts) == lines.count() else None


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
