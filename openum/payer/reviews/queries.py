"""Reading reviews and questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openum.payer.reviews.models import Question, Review


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """What the criteria said of a line, as kept."""

    number: int
    at: datetime
    by: str
    policy: str
    policy_digest: str
    library_digest: str
    on: date
    answer: str
    finding: Mapping[str, Any]
    chart: Mapping[str, Any]
    distance: Mapping[str, Any]
    proposals: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCard:
    """One request for named items, open until answered."""

    number: int
    items: tuple[Mapping[str, Any], ...]
    asked_at: datetime
    due_date: date
    answered_at: datetime | None


def current_reviews(tenant_id: int, line_ids: tuple[int, ...]) -> dict[int, ReviewCard]:
    """The newest review of each line, by line id; for callers that hold the lines already."""
    rows = Review.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids).order_by("number")
    return {row.line_id: _card(row) for row in rows}


def reviews_of(tenant_id: int, line_id: int) -> tuple[ReviewCard, ...]:
    """Every review of a line, first to last; for callers that hold the line already."""
    rows = Review.unscoped.filter(tenant_id=tenant_id, line_id=line_id).order_by("number")
    return tuple(_card(row) for row in rows)


def current_answers(tenant_id: int, line_ids: tuple[int, ...]) -> dict[int, str]:
    """What the newest review of each line answered (``yes``, ``no``, ``unknown``), without the findings; for lists."""
    rows = Review.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids).order_by("number")
    return dict(rows.values_list("line_id", "answer"))


def questions_of(tenant_id: int, line_ids: tuple[int, ...]) -> dict[int, tuple[QuestionCard, ...]]:
    """Every question asked about each line, first to last."""
    found: dict[int, tuple[QuestionCard, ...]] = {}
    for row in Question.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids).order_by("number"):
        card = QuestionCard(
            number=row.number, items=tuple(row.items), asked_at=row.asked_at, due_date=row.due_date,
            answered_at=row.answered_at,
        )  # fmt: skip
        found[row.line_id] = (*found.get(row.line_id, ()), card)
    return found


def _card(row: Review) -> ReviewCard:
    return ReviewCard(
        number=row.number, at=row.at, by=row.by, policy=row.policy, policy_digest=row.policy_digest,
        library_digest=row.library_digest, on=row.on, answer=row.answer, finding=row.finding, chart=row.chart,
        distance=row.distance, proposals=tuple(row.proposals),
    )  # fmt: skip
