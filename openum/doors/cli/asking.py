"""What needs asking: the list, the rule and the policy for one service, looked up without a case."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError
from rich.text import Text

from openum.core.codes import Code
from openum.core.facts import FactDefinition
from openum.core.policy import Authority, Policy, Question
from openum.core.refusal import Refusal
from openum.core.request import Line
from openum.core.requirement import Requirements, Rule, requirement_for
from openum.doors.cli import speech
from openum.doors.cli.plans import plan_named
from openum.librarian.library import Library
from openum.librarian.page import Item
from openum.librarian.print import criterion_item
from openum.payer.intake.shelf import in_force
from openum.records.parties.cards import PlanCard
from openum.records.parties.queries import all_plans
from openum.records.parties.scope import software_scope
from openum.records.tenants.queries import all_tenants
from openum.world.values import Plan

NEEDS = {
    "never": ("NO AUTHORIZATION NEEDED", "bold green"),
    "notification": ("NOTICE ONLY: tell the plan, nothing is approved or refused", "bold green"),
    "referral": ("A REFERRAL by the primary-care clinician is needed", "bold yellow"),
    "authorization": ("AUTHORIZATION NEEDED", "bold yellow"),
    "post_stabilization": (
        "POST-STABILIZATION: ask from the emergency department, on its own short clock",
        "bold yellow",
    ),
}
UNJUDGED = ("never", "notification")
"""Needs that no policy decides: what the shelf says of the service is shown all the same."""
ADMISSION = "AR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The answer: ``rule`` is ``None`` where the plan's line of business has no list in force on the day."""

    plan: Plan
    code: Code
    on: date
    requirements: Requirements | None
    rule: Rule | None
    policy: Policy | None
    facts: tuple[FactDefinition, ...]


def run(asked: argparse.Namespace) -> int:
    """Look it up and print it; always 0 when the question could be answered."""
    on = asked.on or datetime.now().astimezone().date()
    plan = plan_named(asked.plan, in_force(), on=on, installed=installed_plans())
    print_answer(answer_of(plan, in_force(), asked, on=on), as_json=asked.json)
    return 0


def installed_plans() -> tuple[PlanCard, ...]:
    """The plans of this installation; none where it has no database yet."""
    try:
        return tuple(
            plan for tenant in all_tenants() for plan in all_plans(software_scope(tenant.id, "command-line"))
        )  # fmt: skip
    except DatabaseError:
        return ()


def answer_of(plan: Plan, library: Library, asked: argparse.Namespace, *, on: date) -> Answered:
    """Look the service up in the list of the plan's line of business and among its policies."""
    code = code_of(asked.code)
    diagnoses = tuple(Code("icd10cm", value.strip().upper()) for value in asked.dx)
    line = Line(
        sequence=1, code=code, service_from=on, place=asked.place, diagnoses=diagnoses,
        request_type=ADMISSION if asked.inpatient else "HS",
    )  # fmt: skip
    requirements = library.requirements_on(plan.line_of_business, on)
    rule = None if requirements is None else requirement_for(requirements, line, emergency=asked.emergency)
    policy = library.select(
        Question(
            line_of_business=plan.line_of_business, code=code, on=on, place=asked.place, state=plan.state,
            diagnoses=diagnoses,
        )
    )  # fmt: skip
    asks = library.questionnaire_facts(policy) if policy is not None else ()
    return Answered(plan=plan, code=code, on=on, requirements=requirements, rule=rule, policy=policy, facts=asks)


def code_of(text: str) -> Code:
    """A service code as typed; without a system five digits are CPT, a letter and four digits HCPCS, four revenue.

    Raises:
        Refusal: ``unreadable-code``.
    """
    system, colon, value = text.strip().rpartition(":")
    value = value.strip().upper()
    if colon and system and value:
        return Code(system.lower(), value)
    if len(value) == 5 and value[:4].isdigit():
        return Code("cpt", value)
    if len(value) == 5 and value[0].isalpha() and value[1:].isdigit():
        return Code("hcpcs", value)
    if len(value) == 4 and value.isdigit():
        return Code("revenue", value)
    raise Refusal(
        "unreadable-code",
        "The code is neither CPT, HCPCS nor a revenue code.",
        "Write its system before it, for example rxnorm:1011 or ndc:00093-1024-01.",
    )


def print_answer(found: Answered, *, as_json: bool) -> None:
    """The answer on standard output."""
    out = speech.output()
    if as_json:
        speech.machine(as_data(found))
        return
    for row in as_text(found):
        out.print(row)


def as_text(found: Answered) -> Iterator[Text]:
    """The answer for a person."""
    plan = found.plan
    yield Text(f"{found.code.system.upper()} {found.code.value} in {plan.name} ({plan.code}) on {found.on}", "bold")
    if found.requirements is None or found.rule is None:
        yield Text(f"  No list of {plan.line_of_business} is in force on {found.on}: a person decides.", "bold yellow")
    else:
        word, style = NEEDS[found.rule.needs]
        yield Text(f"  {word}", style)
        yield Text(f"  {found.rule.what}{f' [{found.rule.cite}]' if found.rule.cite else ''}")
        if found.rule.note:
            yield Text(f"  {found.rule.note}")
        yield Text(
            f"  List: {found.requirements.title} ({found.requirements.key}, from {found.requirements.in_force.start})"
        )
    if found.policy is not None:
        if found.rule is not None and found.rule.needs in UNJUDGED:
            yield Text("  Nothing is judged beforehand. The policy below is for claims, reviews and alternatives.")
        yield from policy_text(found.policy, found.facts)
    elif found.rule is not None and found.rule.needs == "authorization":
        yield Text("  No policy in force speaks about this service, or two do: a person decides.")


def policy_text(policy: Policy, facts: tuple[FactDefinition, ...]) -> Iterator[Text]:
    """The policy, its authority, its criteria and the questions they rest on."""
    yield Text(f"  Policy: {policy.title} ({policy.key})")
    yield from (Text(f"    {one.cite}, checked on {one.checked_on} ({one.grade})") for one in policy.authority)
    if policy.to_person:
        yield Text(f"    A person decides every case: {policy.to_person}", "yellow")
    yield Text("  Criteria:")
    yield from (Text(row) for row in item_rows(criterion_item(policy.criteria), 2))
    yield Text("  What is asked:")
    for fact in facts:
        shown_by = f" (shown by: {fact.document})" if fact.document else ""
        yield Text(f"    - {fact.question}{shown_by}")


def item_rows(item: Item, depth: int) -> Iterator[str]:
    """A printed criterion and those below it."""
    cite = f"  [{item.cite}]" if item.cite else ""
    yield f"{'  ' * depth}- {item.text} {item.rule}".rstrip() + cite
    for below in item.items:
        yield from item_rows(below, depth + 1)


def as_data(found: Answered) -> dict[str, Any]:
    """The answer for a machine."""
    requirements, rule, policy = found.requirements, found.rule, found.policy
    return {
        "plan": found.plan.code, "line_of_business": found.plan.line_of_business, "on": found.on.isoformat(),
        "code": {"system": found.code.system, "value": found.code.value},
        "needs": rule.needs if rule else "unknown", "what": rule.what if rule else "",
        "cite": rule.cite if rule else "", "note": rule.note if rule else "",
        "judged": rule is not None and rule.needs not in UNJUDGED and policy is not None,
        "list": requirements and {
            "key": requirements.key, "title": requirements.title,
            "in_force_from": requirements.in_force.start.isoformat(),
            "authority": authority_data(requirements.authority),
        },
        "policy": policy and {
            "key": policy.key, "title": policy.title, "to_person": policy.to_person,
            "authority": authority_data(policy.authority),
            "asks": [{"fact": fact.id, "question": fact.question, "document": fact.document} for fact in found.facts],
        },
    }  # fmt: skip


def authority_data(found: Iterable[Authority]) -> list[dict[str, str]]:
    """By whose word, compared with the source on which day and how well."""
    return [{"cite": one.cite, "checked_on": one.checked_on.isoformat(), "grade": one.grade} for one in found]
