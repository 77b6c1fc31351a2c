"""A review: the criteria of one policy run over what is known, and who may do what about the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from openum.core.answers import YES
from openum.core.chart import Chart, Entry
from openum.core.codes import Code
from openum.core.criteria import Asked, Finding, Leaf, evaluate, fact_names, leaves
from openum.core.distance import Distance, distance
from openum.core.facts import FactDefinition, gather
from openum.core.policy import Alternative, Policy
from openum.core.refusal import Refusal
from openum.core.request import Line, asked_facts

Act = Literal["approve", "refer", "ask", "extend", "deny", "deny_benefit", "claim"]

MAY: Mapping[Act, frozenset[str]] = {
    "claim": frozenset(
        {"intake_coordinator", "um_nurse", "pharmacist", "medical_director", "benefits_reviewer", "delegate"}
    ),
    "ask": frozenset({"intake_coordinator", "um_nurse", "pharmacist", "medical_director", "benefits_reviewer"}),
    "extend": frozenset({"intake_coordinator", "um_nurse", "pharmacist", "medical_director"}),
    "refer": frozenset({"um_nurse", "pharmacist", "intake_coordinator"}),
    "approve": frozenset({"um_nurse", "pharmacist", "medical_director"}),
    "deny": frozenset({"medical_director", "pharmacist"}),
    "deny_benefit": frozenset({"benefits_reviewer", "medical_director"}),
}
"""Which roles may do what at all; whether a person fits a given case is decided in ``openum.core.determination``."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What the criteria say of one line: the whole finding, the chart it was found on, and the distance from yes."""

    policy: Policy
    chart: Chart
    finding: Finding
    distance: Distance


@dataclass(frozen=True, slots=True)
class Proposal:
    """A nearest alternative that the same facts already satisfy, or how far it is."""

    alternative: Alternative
    line: Line
    judgment: Judgment


def require(role: str, act: Act) -> None:
    """Refuse what a role may not do: a nurse approves or refers, never denies."""
    if role not in MAY[act]:
        allowed = ", ".join(sorted(MAY[act])).replace("_", " ")
        raise Refusal(
            "role-may-not",
            f"A {role.replace('_', ' ')} may not {act.replace('_', ' ')}.",
            f"Refer the case to one of: {allowed}.",
        )


def judge(
    policy: Policy, line: Line, entries: Iterable[Entry], definitions: Mapping[str, FactDefinition], *, on: date
) -> Judgment:
    """Run one policy over one line and the chart entries that came with it, for a service on the day ``on``."""
    names = fact_names(policy.criteria)
    chart = gather(definitions, names, entries, on=on, asked=asked_facts(line))
    finding = evaluate(policy.criteria, chart)
    nothing = Distance(0, 0, ())
    far = nothing if finding.answer is YES else distance(policy.criteria, chart, definitions)
    return Judgment(policy, chart, finding, far)


def proposals(
    judgment: Judgment,
    line: Line,
    entries: Iterable[Entry],
    definitions: Mapping[str, FactDefinition],
    policies: Mapping[str, Policy],
) -> tuple[Proposal, ...]:
    """The policy's alternatives, each run through its own criteria on the same facts; approvable ones first.

    A policy whose criteria must not decide (``to_person``) proposes nothing.

    ``policies`` maps a policy's id to the version in force on the service date.
    """
    pool = tuple(entries)
    found = []
    for alternative in judgment.policy.alternatives:
        policy = policies.get(alternative.policy or judgment.policy.id)
        if policy is None or policy.to_person:
            continue
        for changed in _changed(alternative, line, judgment):
            if policy.id == judgment.policy.id and _asks_the_same(changed, line):
                continue
            result = judge(policy, changed, pool, definitions, on=judgment.chart.on)
            found.append(Proposal(alternative, changed, result))
            if result.finding.answer is YES:
                break
    return tuple(sorted(found, key=_nearest))


def _asks_the_same(changed: Line, line: Line) -> bool:
    """Whether an alternative is what was asked for already; how a code is displayed does not matter."""
    return changed.code.value == line.code.value and replace(changed, code=line.code) == line


def _nearest(proposal: Proposal) -> tuple[bool, int, int]:
    far = proposal.judgment.distance
    return proposal.judgment.finding.answer is not YES, far.differ, far.supply


def _changed(alternative: Alternative, line: Line, judgment: Judgment) -> Iterable[Line]:
    """The line as it would be asked instead: a fixed change, or smaller quantities with the largest first."""
    if alternative.kind == "quantity" and "quantity" not in alternative.change:
        return [replace(line, quantity=amount) for amount in _smaller(line, judgment)]
    values: dict[str, Any] = {name: str(value) for name, value in alternative.change.items()}
    if "quantity" in values:
        values["quantity"] = float(values["quantity"])
    if "code" in values:
        system = "hcpcs" if values["code"][:1].isalpha() else "cpt"
        values["code"] = Code(system, values["code"])
    return [replace(line, **values)]


def _smaller(line: Line, judgment: Judgment) -> list[float]:
    """Amounts below the one asked for at which the criteria may turn."""
    if line.quantity is None:
        return []
    amounts: set[float] = set()
    for leaf in leaves(judgment.policy.criteria):
        amounts.update(_limits(leaf, judgment.chart))
    return sorted((amount for amount in amounts if 0 < amount < line.quantity), reverse=True)


def _limits(leaf: Leaf, chart: Chart) -> tuple[float, ...]:
    points: tuple[object, ...] = ()
    if leaf.fact == "asked.quantity":
        points = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    elif isinstance(leaf.value, Asked) and leaf.value.name == "quantity" and chart.known(leaf.fact):
        points = (chart.facts[leaf.fact].value,)
    numbers = [one for one in points if isinstance(one, int | float) and not isinstance(one, bool)]
    return (*numbers, *(number - 1 for number in numbers))
