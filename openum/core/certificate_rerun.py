"""Run a decision again from what its certificate holds: the criteria, the distance, and the act of deciding itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openum.core import determination as decide
from openum.core.actor import Actor, License
from openum.core.answers import YES
from openum.core.certificate import Check, canonical
from openum.core.chart import Chart, Fact
from openum.core.codes import Code
from openum.core.criteria import Finding, evaluate
from openum.core.determination import Determination
from openum.core.distance import Distance, distance
from openum.core.explain import as_data, distance_data
from openum.core.facts import FactDefinition
from openum.core.kept import kept_fact
from openum.core.lapse import Lapse
from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.core.request import Line, asked_facts

COMPARED = (
    "outcome", "policy", "administrative_reason", "criterion_not_met", "rationale", "reasons", "code", "quantity",
    "unit",
)  # fmt: skip
"""What deciding again must give as it was decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a decision was made on: the policy, its finding, the line, and the law that spoke where nobody did."""

    line: Line
    policy: Policy | None
    finding: Finding | None
    lapses: tuple[Lapse, ...] = ()


def chart_of(on: date, facts: Iterable[Mapping[str, Any]], definitions: Mapping[str, FactDefinition]) -> Chart:
    """The chart of kept facts. JSON keeps days as text; a fact's definition says which texts are days."""
    found = [_typed(kept_fact(one), definitions) for one in facts]
    return Chart(on, {fact.name: fact for fact in found})


def line_of(data: Mapping[str, Any]) -> Line:
    """The line asked for, as far as criteria and decisions look at it."""
    return Line(
        sequence=data["sequence"],
        code=code_of(data["code"]),
        quantity=data["quantity"],
        unit=data["unit"],
        service_from=_day(data["service_from"]),
        service_to=_day(data["service_to"]),
        place=data["place"],
        category=data["category"],
        certification=data["certification"],
    )


def line_data(line: Line) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "sequence": line.sequence,
        "code": code_data(line.code),
        "quantity": line.quantity,
        "unit": line.unit,
        "service_from": line.service_from.isoformat() if line.service_from else None,
        "service_to": line.service_to.isoformat() if line.service_to else None,
        "place": line.place,
        "category": line.category,
        "certification": line.certification,
    }


def code_of(data: Mapping[str, str]) -> Code:
    """A code from JSON."""
    return Code(data["system"], data["value"], data["display"])


def code_data(code: Code) -> dict[str, str]:
    """A code as JSON."""
    return {"system": code.system, "value": code.value, "display": code.display}


def reviewer_of(data: Mapping[str, Any]) -> Actor:
    """The person who decided, with the license as the plan had verified it."""
    held = data["license"]
    license_ = None
    if held is not None:
        days = {name: _day(held[name]) for name in ("active_from", "active_to")}
        license_ = License(**{**held, **days})
    return Actor(kind="person", id=data["id"], name=data["name"], role=data["role"], license=license_)


def asked_checks(line: Line, chart: Chart) -> tuple[Check, ...]:
    """Whether the facts about the request are those of the line asked for."""
    wrong = [one.name for one in asked_facts(line) if _fact(chart, one.name).value != one.value]
    if wrong:
        return (Check("line", "differs", f"The line asked for says otherwise: {', '.join(wrong)}."),)
    return (Check("line", "agrees", "What the criteria were told of the request is what was asked."),)


def criteria_checks(
    policy: Policy, chart: Chart, definitions: Mapping[str, FactDefinition], *, finding: Any, away: Any
) -> tuple[Finding, tuple[Check, ...]]:
    """The finding as it comes out again, and whether it and the distance from yes are as kept, to the byte."""
    found = evaluate(policy.criteria, chart)
    nothing = Distance(0, 0, ())
    far = nothing if found.answer is YES else distance(policy.criteria, chart, definitions)
    said = f"The criteria of {policy.key} answer {found.answer.value}"
    return found, (
        _same("finding", as_data(found), finding, f"{said}, branch for branch as kept."),
        _same("distance", distance_data(far, definitions), away, "The distance from yes is as kept."),
    )


def decision_checks(ground: Ground, kept: Mapping[str, Any], by: Actor | None, *, at: datetime) -> tuple[Check, ...]:
    """Decide again with the same people, facts and law, and compare with what was decided.

    ``kept`` holds what is ``COMPARED``. What OpenUM would refuse to do today it says it would refuse.
    """
    name = "decision"
    if ground.finding is None and by is not None and kept["outcome"] in ("adverse", "modified"):
        return (Check(name, "not_rerun", "No finding is kept that this decision could be run on again."),)
    try:
        again = _again(ground, kept, by, at)
    except (Refusal, ValueError) as refused:
        words = refused.message if isinstance(refused, Refusal) else str(refused)
        return (Check(name, "differs", f"It could not be decided so again: {words}"),)
    told = decision_data(again)
    wrong = [one for one in COMPARED if canonical(told[one]) != canonical(kept[one])]
    if wrong:
        return (Check(name, "differs", f"Decided again, it comes out otherwise: {', '.join(wrong)}."),)
    who = "by a person" if again.human else "by software, which can only say yes"
    return (Check(name, "agrees", f"Decided again {who}, it comes out the same: {again.outcome}."),)


def decision_data(decided: Determination) -> dict[str, Any]:
    """What is ``COMPARED`` of a decision, as JSON."""
    return {
        "outcome": decided.outcome,
        "policy": decided.policy,
        "administrative_reason": decided.administrative_reason,
        "criterion_not_met": decided.criterion_not_met,
        "rationale": decided.rationale,
        "reasons": list(decided.reasons),
        "code": {"system": decided.code.system, "value": decided.code.value},
        "quantity": None if decided.quantity is None else float(decided.quantity),
        "unit": decided.unit,
    }


def _again(ground: Ground, kept: Mapping[str, Any], by: Actor | None, at: datetime) -> Determination:
    line, policy, outcome = ground.line, ground.policy, kept["outcome"]
    reason, rationale = kept["administrative_reason"], kept["rationale"]
    if by is None:
        return _by_software(ground, kept, at)
    if outcome == "approved":
        return decide.approve_by_person(line, policy, by=by, rationale=rationale, at=at)
    if outcome == "excluded":
        return decide.decide_excluded(line, by=by, clause=reason, rationale=rationale, at=at)
    if outcome in ("adverse", "modified") and policy is not None and ground.finding is not None:
        part = kept["quantity"] if outcome == "modified" else None
        return decide.decide_adverse(
            line, policy, ground.finding, by=by, criterion_not_met=kept["criterion_not_met"], rationale=rationale,
            at=at, quantity=part,
        )  # fmt: skip
    raise ValueError("Nobody decides so.")


def _by_software(ground: Ground, kept: Mapping[str, Any], at: datetime) -> Determination:
    """Software can say yes on its criteria, say that nothing is needed, or say what a law made of a silence."""
    if kept["outcome"] == "not_required":
        return decide.not_required(ground.line, kept["administrative_reason"], at=at)
    if kept["outcome"] == "approved" and ground.policy is not None and ground.finding is not None:
        return decide.approve_on_criteria(ground.line, ground.policy, ground.finding, at=at)
    law = next((one for one in ground.lapses if one.effect == "approve"), None)
    if kept["outcome"] == "approved" and law is not None:
        return decide.deem_approved(ground.line, law, at=at)
    raise ValueError("Software does not decide so.")


def _same(name: str, again: Any, kept: Any, words: str) -> Check:
    if canonical(again) == canonical(kept):
        return Check(name, "agrees", words)
    return Check(name, "differs", f"Run again, the {name} comes out otherwise than it was kept.")


def _typed(fact: Fact, definitions: Mapping[str, FactDefinition]) -> Fact:
    definition = definitions.get(fact.name)
    days = fact.name == "asked.date" or (definition is not None and definition.type == "date")
    if not days or not isinstance(fact.value, str):
        return fact
    return Fact(
        fact.name, date.fromisoformat(fact.value), fact.source, fact.date, fact.quote, fact.floor, fact.note,
        fact.segment,
    )  # fmt: skip


def _fact(chart: Chart, name: str) -> Fact:
    return chart.facts.get(name, Fact(name, None))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
