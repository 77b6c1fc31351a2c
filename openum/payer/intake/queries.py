"""Reading cases: for the steps that work on them, for doors that answer, and for worklists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef

from openum.core.codes import Code
from openum.core.request import Identifier, LineOfBusiness, PartyRef, Priority, ReviewType
from openum.core.request import Line as Asked
from openum.core.routing import Pending
from openum.payer.intake import kept
from openum.payer.intake.models import Case, Line, Received, case_key, case_number
from openum.records.parties.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCard:
    """One line as it stands. ``asked`` is what the door read."""

    id: int
    asked: Asked
    state: str
    lane: str
    ball: str
    policy: str
    reason: str
    cite: str
    refers_to: str
    mental_health: bool
    classification: str
    nqtl: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCard:
    """One case as it stands, lines in order."""

    id: int
    tenant_id: int
    number: str
    organization_id: int
    member_id: int
    plan_id: int
    line_of_business: LineOfBusiness
    plan_code: str
    state: str
    time_zone: str
    rating_period_start: date | None
    plan_settings: Mapping[str, Any]
    authorized_through: datetime | None
    door: str
    sender: str
    submission: Identifier
    identifiers: tuple[Identifier, ...]
    review_type: ReviewType
    priority: Priority
    emergency: bool
    received_at: datetime
    on: date
    on_is_assumed: bool
    requester: PartyRef
    ordering: PartyRef | None
    diagnoses: tuple[Code, ...]
    warnings: tuple[str, ...]
    lines: tuple[LineCard, ...]

    def line(self, sequence: int) -> LineCard:
        """The line of that sequence. Raises ``LookupError`` when the case has none."""
        for line in self.lines:
            if line.asked.sequence == sequence:
                return line
        raise LookupError(f"{self.number} has no line {sequence}.")


def case_of(tenant_id: int, number: str) -> CaseCard:
    """A case for the step that works on it; the worker has the tenant in hand. Raises ``LookupError``."""
    return _card(Case.unscoped.select_related("plan").get(tenant_id=tenant_id, pk=case_key(number)))


def find_case(scope: Scope, number: str) -> CaseCard | None:
    """The case with this administration reference number, if this scope may see it."""
    row = Case.objects.of(scope).select_related("plan").filter(pk=case_key(number)).first()
    return None if row is None else _card(row)


def recent_cases(scope: Scope, *, limit: int, before: str = "", ball: str = "") -> tuple[CaseCard, ...]:
    """The newest cases first; ``before`` continues after the case of that number (keyset, never an offset).

    ``ball`` leaves only cases with a line that waits for the ``payer``, the ``provider`` or ``nobody``.
    """
    rows = Case.objects.of(scope).select_related("plan").prefetch_related("lines").order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=case_key(before) or 0)
    if ball:
        rows = rows.filter(Exists(Line.unscoped.filter(case_id=OuterRef("pk"), ball=ball)))
    return tuple(_card(row) for row in rows[:limit])


def balls_counted(scope: Scope) -> dict[str, int]:
    """How many lines wait for the ``payer``, the ``provider`` and ``nobody``."""
    rows = Line.objects.of(scope).values("ball").annotate(lines=Count("pk")).order_by()
    return {row["ball"]: row["lines"] for row in rows}


def cases_of_member(scope: Scope, member_id: int) -> tuple[CaseCard, ...]:
    """Every case of a member this scope may see, newest first."""
    rows = Case.objects.of(scope).select_related("plan").prefetch_related("lines").filter(member_id=member_id)
    return tuple(_card(row) for row in rows.order_by("-pk"))


def received_body(scope: Scope, number: str) -> tuple[str, bytes] | None:
    """The content type and bytes a case came in as."""
    row = Received.objects.of(scope).filter(case_id=case_key(number)).first()
    return None if row is None else (row.content_type, kept.unpacked(row.body))


def pending_elsewhere(tenant_id: int, member_id: int, number: str) -> tuple[Pending, ...]:
    """Lines of the member's earlier cases that are still under review."""
    rows = Line.unscoped.filter(tenant_id=tenant_id, case__member_id=member_id, case_id__lt=case_key(number))
    rows = rows.exclude(state="decided").select_related("case").order_by("case_id", "sequence")
    return tuple(
        Pending(
            request_number=case_number(row.case_id), code=row.code, service_from=row.service_from or row.case.on,
            requester_npi=str(_mapping(row.case.requester).get("npi", "")),
        )
        for row in rows
    )  # fmt: skip


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value or {})


def _card(row: Case) -> CaseCard:
    return CaseCard(
        id=row.pk, tenant_id=row.tenant_id, number=row.number, organization_id=row.organization_id,
        member_id=row.member_id, plan_id=row.plan_id,
        line_of_business=cast("LineOfBusiness", row.plan.line_of_business), plan_code=row.plan.code,
        state=row.plan.state, time_zone=row.plan.time_zone,
        rating_period_start=row.plan.rating_period_start, plan_settings=row.plan.settings,
        authorized_through=row.authorized_through, door=row.door, sender=row.sender,
        submission=Identifier(row.submission_system, row.submission_value),
        identifiers=kept.identifiers_of(row.identifiers), review_type=cast("ReviewType", row.review_type),
        priority=cast("Priority", row.priority), emergency=row.emergency, received_at=row.received_at, on=row.on,
        on_is_assumed=row.on_is_assumed, requester=kept.party_of(row.requester) or PartyRef(),
        ordering=kept.party_of(row.ordering), diagnoses=kept.codes_of(row.diagnoses), warnings=tuple(row.warnings),
        lines=tuple(_line(line) for line in sorted(row.lines.all(), key=lambda line: line.sequence)),
    )  # fmt: skip


def _line(row: Line) -> LineCard:
    return LineCard(
        id=row.pk, asked=kept.line_of(row.asked), state=row.state, lane=row.lane, ball=row.ball, policy=row.policy,
        reason=row.reason, cite=row.cite, refers_to=row.refers_to, mental_health=row.mental_health,
        classification=row.classification, nqtl=tuple(row.nqtl),
    )  # fmt: skip
