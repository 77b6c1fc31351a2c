"""The payers and their plans. Where the library has a policy that no plan could meet, a plan is added that can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from openum.core.actor import License
from openum.core.policy import Policy
from openum.librarian.library import Library
from openum.world.content import content
from openum.world.identifiers import npi
from openum.world.values import Exclusion, Limit, Payer, Plan, Staff

LONG_BEFORE = 4
"""Years before the as-of day: when the plans' clauses and the staff's roles began."""
EXTRA_SHARE = 0.05
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"


def payers(library: Library, as_of: date) -> tuple[Payer, ...]:
    """The payers, the one of the cast first, with every plan that the library's policies need."""
    since = date(as_of.year - LONG_BEFORE, 1, 1)
    found = [_payer(row, as_of, since) for row in content("payers")["payers"]]
    first = found[0]
    extra = tuple(_extra_plans(library, first.plans, as_of))
    return (replace(first, plans=(*first.plans, *extra)), *found[1:])


def _payer(row: Mapping[str, Any], as_of: date, since: date) -> Payer:
    held = {plan["code"]: plan for plan in content("payers")["plans"]}
    return Payer(
        slug=row["slug"], name=row["name"], npi=npi(row["serial"]), tax_id=row["tax_id"], time_zone=row["time_zone"],
        plans=tuple(_plan(row, held[code], as_of, since) for code in row["plans"]),
        staff=tuple(_staff(one, since) for one in content("people")["staff"] if one["payer"] == row["slug"]),
    )  # fmt: skip


def _plan(payer: Mapping[str, Any], row: Mapping[str, Any], as_of: date, since: date) -> Plan:
    return Plan(
        payer=payer["slug"], settings={"insurer_identifiers": [f"{NPI_SYSTEM}|{npi(payer['serial'])}"]},
        code=row["code"], name=row["name"], line_of_business=row["line_of_business"], state=row["state"],
        time_zone=row["time_zone"], network_required=row["network_required"],
        rating_period_start=date(as_of.year, 1, 1), phone=row["phone"], address=row["address"],
        notice_texts={**content("payers")["shared_texts"], **row["notice_texts"]},
        exclusions=tuple(
            Exclusion(title=one["title"], codes=_codes(one), clause=one["clause"], in_force_from=since)
            for one in row["exclusions"]
        ),
        limits=tuple(_limit(one, since) for one in row["limits"]),
        share=row["members"], ages=(row["ages"][0], row["ages"][1]),
    )  # fmt: skip


def _limit(row: Mapping[str, Any], since: date) -> Limit:
    return Limit(
        title=row["title"], codes=_codes(row), clause=row["clause"], amount=Decimal(row["amount"]), unit=row["unit"],
        period=row["period"], in_force_from=since,
    )  # fmt: skip


def _codes(row: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {system: tuple(values) for system, values in row["codes"].items()}


def _staff(row: Mapping[str, Any], since: date) -> Staff:
    license = None
    if "license" in row:
        license = License(
            profession=row["profession"], number=row["license"], state=row["license_state"],
            specialty=row.get("specialty", ""), active_from=since,
        )  # fmt: skip
    return Staff(
        payer=row["payer"], username=row["username"], name=row["name"], role=row["role"], license=license,
        active_from=since,
    )  # fmt: skip


def reaches(plan: Plan, policy: Policy) -> bool:
    """Whether the policy may speak of the plan's members at all: line of business and state."""
    return (
        (not policy.lines_of_business or plan.line_of_business in policy.lines_of_business)
        and (not policy.states or plan.state in policy.states)
        and plan.state not in policy.except_states
    )


def _extra_plans(library: Library, plans: tuple[Plan, ...], as_of: date) -> Iterable[Plan]:
    made: dict[str, Plan] = {}
    for policy in library.policies:
        if as_of in policy.in_force and not any(reaches(plan, policy) for plan in (*plans, *made.values())):
            extra = _extra(policy, plans)
            made[extra.code] = extra
    return made.values()


def _extra(policy: Policy, plans: tuple[Plan, ...]) -> Plan:
    line = policy.lines_of_business[0] if policy.lines_of_business else plans[0].line_of_business
    like = next((plan for plan in plans if plan.line_of_business == line), plans[0])
    free = next(plan.state for plan in (like, *plans) if plan.state not in policy.except_states)
    state = policy.states[0] if policy.states else free
    return replace(
        like, code=f"FH-{line}-{state}".upper(), name=f"Fernhollow plan for {state}", line_of_business=line,
        state=state, exclusions=(), limits=(), share=EXTRA_SHARE,
    )  # fmt: skip
