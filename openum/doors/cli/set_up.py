"""Putting a plan, its clauses and its staff into a tenant, through the parties room's actions."""

from __future__ import annotations

from datetime import date

from openum.records.parties import actions
from openum.records.parties.scope import Scope
from openum.world.values import Plan


def set_up_plan(scope: Scope, plan: Plan) -> dict[str, int]:
    """Set the plan up with its exclusions and limits; the ids of its limits by title."""
    actions.set_up_plan(
        scope, code=plan.code, name=plan.name, line_of_business=plan.line_of_business, time_zone=plan.time_zone,
        state=plan.state, rating_period_start=plan.rating_period_start, plan_year_start=plan.plan_year_start,
        network_required=plan.network_required, phone=plan.phone, address=plan.address, settings=plan.settings,
        notice_texts=plan.notice_texts,
    )  # fmt: skip
    for one in plan.exclusions:
        actions.exclude(
            scope, plan=plan.code, title=one.title, codes={name: list(codes) for name, codes in one.codes.items()},
            clause=one.clause, in_force_from=one.in_force_from,
        )  # fmt: skip
    return {
        one.title: actions.limit(
            scope, plan=plan.code, title=one.title, codes={name: list(codes) for name, codes in one.codes.items()},
            clause=one.clause, amount=one.amount, unit=one.unit, period=one.period, in_force_from=one.in_force_from,
        )
        for one in plan.limits
    }  # fmt: skip


def set_up_practice(
    scope: Scope, *, name: str, npi: str, tax_id: str, plans: tuple[str, ...], since: date
) -> int:  # fmt: skip
    """Set a provider organization up and put it into the network of these plans; its id."""
    organization = actions.set_up_organization(scope, name=name, npi=npi, tax_id=tax_id)
    for plan in plans:
        actions.join_network(scope, plan=plan, organization_id=organization, start=since)
    return organization
