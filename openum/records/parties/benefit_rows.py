"""Is the line covered? The plan's rows are gathered here; ``core.benefits`` decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import cast

from django.db.models import Q

from openum.core import benefits
from openum.core.benefits import BenefitFinding, BenefitQuestion, ExclusionClause, LimitClause, Period, Span
from openum.core.codes import CodeSet
from openum.core.request import Line
from openum.records.parties.cards import MemberCard
from openum.records.parties.models import Accumulator, BenefitLimit, Exclusion, NetworkMembership, Organization
from openum.records.parties.scope import Scope


def benefits_for(
    scope: Scope,
    member: MemberCard,
    line: Line,
    *,
    on: date,
    requester_id: int,
    emergency: bool = False,
) -> BenefitFinding:
    """What the member's plan document says about the line on that day of service.

    The performer is the one the line names, else the organization that asks (``requester_id``). Five statements at
    most. The finding never denies; whatever is not ``covered`` goes to a person.
    """
    plan = member.plan
    exclusions = tuple(
        ExclusionClause(
            title=row.title, codes=CodeSet(row.codes), clause=row.clause,
            in_force=Span(start=row.in_force_from, end=row.in_force_to),
        )
        for row in Exclusion.objects.of(scope).filter(plan_id=plan.id).order_by("id")
    )  # fmt: skip
    question = BenefitQuestion(
        code=line.code, on=on, quantity=None if line.quantity is None else Decimal(str(line.quantity)),
        unit=line.unit, coverage=Span(start=member.coverage_start, end=member.coverage_end),
        network_required=plan.network_required, in_network=_in_network(scope, member, line, requester_id, on),
        emergency=emergency,
    )  # fmt: skip
    return benefits.benefit(question, exclusions=exclusions, limits=_limits(scope, member, on))


def _in_network(scope: Scope, member: MemberCard, line: Line, requester_id: int, on: date) -> bool | None:
    if not member.plan.network_required:
        return None
    performer: int | None = requester_id
    if line.performer is not None and line.performer.npi:
        known = Organization.objects.of(scope).filter(npi=line.performer.npi)
        performer = known.values_list("pk", flat=True).first()
    if performer is None:
        return None  # a clinician or an organization we do not know may well belong to the network
    rows = NetworkMembership.objects.of(scope).filter(
        plan_id=member.plan.id, organization_id=performer, network=member.network, start__lte=on
    )
    return bool(rows.filter(Q(end=None) | Q(end__gte=on)).exists())


def _limits(scope: Scope, member: MemberCard, on: date) -> tuple[LimitClause, ...]:
    rows = list(BenefitLimit.objects.of(scope).filter(plan_id=member.plan.id).order_by("id"))
    if not rows:
        return ()
    told = {
        (row.limit_id, row.period_start): row.used
        for row in Accumulator.objects.of(scope).filter(member_id=member.id, limit__in=rows)
    }
    year = member.plan.plan_year_start
    return tuple(
        LimitClause(
            title=row.title, codes=CodeSet(row.codes), clause=row.clause, amount=row.amount, unit=row.unit,
            period=cast(Period, row.period), in_force=Span(start=row.in_force_from, end=row.in_force_to),
            used=told.get((row.pk, benefits.period_start(row.period, on, plan_year_start=year))),
        )
        for row in rows
    )  # fmt: skip
