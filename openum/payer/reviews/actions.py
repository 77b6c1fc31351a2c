"""Writing reviews and questions down; what follows from them is flow's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from openum.core.actor import Actor
from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.explain import as_data, distance_data, fact_data, way_sentence
from openum.core.facts import FactDefinition
from openum.core.review import Judgment, Proposal
from openum.payer.reviews.models import Question, Review
from openum.records.ledger.actions import record

ANNOUNCED: Mapping[Answer, str] = {YES: "LinesMet", UNKNOWN: "LinesUnknown", NO: "LinesNotMet"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One line with what the criteria say of it."""

    line_id: int
    sequence: int
    judgment: Judgment
    proposals: tuple[Proposal, ...]


def record_reviews(
    *,
    tenant_id: int,
    number: str,
    judged: Sequence[Judged],
    definitions: Mapping[str, FactDefinition],
    library_digest: str,
    by: Actor,
    at: datetime,
    first: bool = False,
) -> None:
    """Keep every finding whole with its policy's version and digest, and announce met, unknown and not met apart.

    ``first`` says that the case is new: its lines cannot have been reviewed before.
    """
    with transaction.atomic(savepoint=False):
        numbers = _next_numbers(tenant_id, [one.line_id for one in judged], first=first)
        Review.objects.bulk_create(
            _row(tenant_id, one, numbers[one.line_id], definitions, library_digest, by=by, at=at) for one in judged
        )
        for answer, kind in ANNOUNCED.items():
            lines = [one.sequence for one in judged if one.judgment.finding.answer is answer]
            if lines:
                record(tenant_id=tenant_id, kind=kind, subject=number, by=by, at=at, lines=lines)


def ask(
    *,
    tenant_id: int,
    number: str,
    items: Mapping[tuple[int, int], Sequence[Mapping[str, Any]]],
    due_date: date,
    by: Actor,
    at: datetime,
    first: bool = False,
) -> None:
    """Ask the provider for named items; ``items`` maps (line id, sequence) to what is missing, why, what would do."""
    with transaction.atomic(savepoint=False):
        numbers = _next_numbers(tenant_id, [line_id for line_id, _ in items], Question, first=first)
        Question.objects.bulk_create(
            Question(
                tenant_id=tenant_id, line_id=line_id, number=numbers[line_id], items=list(missing), asked_at=at,
                asked_by=str(by), due_date=due_date,
            )
            for (line_id, _), missing in items.items()
        )  # fmt: skip
        record(
            tenant_id=tenant_id, kind="InformationRequested", subject=number, by=by, at=at,
            lines=[sequence for _, sequence in items], due_date=due_date,
        )  # fmt: skip


def _next_numbers(
    tenant_id: int, line_ids: Sequence[int], model: type[Review | Question] = Review, *, first: bool
) -> dict[int, int]:
    if first:
        return dict.fromkeys(line_ids, 1)
    rows = (
        model.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids).values("line_id").annotate(last=Max("number"))
    )
    last = {row["line_id"]: row["last"] for row in rows}
    return {line_id: last.get(line_id, 0) + 1 for line_id in line_ids}


def _row(
    tenant_id: int, one: Judged, number: int, definitions: Mapping[str, FactDefinition], library_digest: str,
    *, by: Actor, at: datetime,
) -> Review:  # fmt: skip
    judgment = one.judgment
    return Review(
        tenant_id=tenant_id, line_id=one.line_id, number=number, at=at, by=str(by), policy=judgment.policy.key,
        policy_digest=judgment.policy.digest, library_digest=library_digest, on=judgment.chart.on,
        answer=judgment.finding.answer.value, finding=as_data(judgment.finding),
        chart={name: fact_data(fact) for name, fact in judgment.chart.facts.items()},
        distance=distance_data(judgment.distance, definitions),
        proposals=[_proposal(proposal, definitions) for proposal in one.proposals],
    )  # fmt: skip


def _proposal(proposal: Proposal, definitions: Mapping[str, FactDefinition]) -> dict[str, Any]:
    far = proposal.judgment.distance
    return {
        "kind": proposal.alternative.kind,
        "why": proposal.alternative.why,
        "policy": proposal.judgment.policy.key,
        "code": proposal.line.code.value,
        "place": proposal.line.place,
        "quantity": proposal.line.quantity,
        "answer": proposal.judgment.finding.answer.value,
        "missing": way_sentence(far.ways[0], definitions) if far.ways else "",
    }
