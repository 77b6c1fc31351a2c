"""Whether worked examples say what can be, whether the criteria answer as they promise, and whether they are enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from openum.core.answers import Answer
from openum.core.codes import Code
from openum.core.criteria import Finding, Leaf, Not, evaluate, fact_names
from openum.core.facts import FactDefinition
from openum.core.policy import Policy
from openum.librarian.criteria_checks import value_fault
from openum.librarian.definitions import with_inputs
from openum.librarian.examples import WORDS, Example, example_document, examples_of
from openum.librarian.fact_checks import did_you_mean
from openum.librarian.faults import Fault
from openum.librarian.marked import Document
from openum.librarian.policies import WrittenPolicy
from openum.librarian.reference import plain_answer
from openum.librarian.threshold_checks import threshold_faults
from openum.librarian.tree import ASKED, fact_type

FEWEST = 8


def example_faults(written: WrittenPolicy, policy: Policy, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    """The faults of a version's examples. ``policy`` is the version as it holds (closed by the next one)."""
    document, faults = example_document(written)
    yield from faults
    if document is None:
        return
    wrong = [fault for index in range(len(document.data)) for fault in _given(document, index, policy, facts)]
    yield from wrong
    yield from _number_and_names(document)
    if wrong:
        return
    examples = examples_of(document, policy, facts)
    for example in examples:
        yield from _request(document, example, policy)
        yield from _answer(document, example, policy)
    yield from threshold_faults(written, examples, facts)


def _number_and_names(document: Document) -> Iterator[Fault]:
    there = len(document.data)
    if there < FEWEST:
        mend = "For every threshold: a case on it, one step beyond it, one with the datum absent."
        yield document.fault((), f"There are {there} examples; at least {FEWEST} are needed.", mend)
    first: dict[str, int] = {}
    for index, raw in enumerate(document.data):
        if raw["name"] in first:
            fault = f"Example {first[raw['name']] + 1} has the same name."
            yield document.fault((index, "name"), fault, "Say what this one shows.")
        first.setdefault(raw["name"], index)


def _given(document: Document, index: int, policy: Policy, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    used = _used(policy, facts)
    for name, value in document.data[index]["given"].items():
        where = (index, "given", name)
        kind = fact_type(name, facts)
        if name in ASKED:
            mend = f"Write asked: {{{name.removeprefix('asked.')}: …}}."
            yield document.fault(where, f"`{name}` is what is asked for, not what is given.", mend)
        elif kind is None:
            yield document.fault(where, f"There is no fact `{name}`.", did_you_mean(name, used))
        elif name not in used:
            fault = f"This policy does not ask for `{name}`."
            mend = did_you_mean(name, used, "Leave it out.")
            yield document.fault(where, fault, mend)
        else:
            wrong = value_fault(value, name, kind, facts.get(name))
            if wrong:
                yield document.fault(where, *wrong)


def _used(policy: Policy, facts: Mapping[str, FactDefinition]) -> list[str]:
    return list(with_inputs(fact_names(policy.criteria), {name: fact.derived for name, fact in facts.items()}))


def _request(document: Document, example: Example, policy: Policy) -> Iterator[Fault]:
    """What the example asks for is something the policy speaks about."""
    asked = example.raw.get("asked", {})
    if example.chart.on not in policy.in_force:
        fault = f"On {example.chart.on} the version is not in force."
        mend = f"Write `on:` a service date from {policy.in_force.start} on."
        yield document.fault((example.index, "on"), fault, mend)
    code = asked.get("code")
    if code and not any(Code(system, code) in policy.covers for system in policy.covers.by_system):
        where = (example.index, "asked", "code")
        yield document.fault(where, f"The policy does not cover {code}.", "Ask for a code under `covers`.")
    for name, allowed in (("place", policy.places), ("certification", policy.certifications)):
        value = asked.get(name)
        if value and allowed and value not in allowed:
            fault = f"The policy does not speak about {name} {value}."
            yield document.fault((example.index, "asked", name), fault, f"Ask for one of {', '.join(allowed)}.")


def _answer(document: Document, example: Example, policy: Policy) -> Iterator[Fault]:
    finding = evaluate(policy.criteria, example.chart)
    plain = plain_answer(policy.criteria, example.chart.facts, example.chart.on)
    if finding.answer is not plain:
        fault = f"The two evaluators differ: {WORDS[finding.answer]} and {WORDS[plain]}."
        yield document.fault((example.index,), fault, "This is a fault of OpenUM: report it with the example.")
    if finding.answer is not example.expect:
        fault = f"Expected {WORDS[example.expect]}, but the criteria answer {WORDS[finding.answer]}."
        mend = f"Look at: {'; '.join(_because(finding))}. Mend the example or the criteria."
        yield document.fault((example.index, "expect"), fault, mend)


def _because(finding: Finding, most: int = 3) -> Sequence[str]:
    """The labels of the leaves that make the answer, at most ``most``."""
    return list(dict.fromkeys(_deciding(finding, finding.answer)))[:most]


def _deciding(finding: Finding, answer: Answer) -> Iterator[str]:
    if isinstance(finding.criterion, Leaf):
        yield f"“{finding.criterion.label}” is {finding.answer.value} ({finding.criterion.fact})"
    for part in finding.because:
        if isinstance(finding.criterion, Not) or part.answer is answer:
            yield from _deciding(part, part.answer)
