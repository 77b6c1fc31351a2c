"""Worked examples of a policy version: what is given, on which day, and the answer they promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Chart, Fact, Value
from openum.core.criteria import fact_names
from openum.core.facts import FactDefinition, gather
from openum.core.policy import Policy
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, read_document
from openum.librarian.policies import WrittenPolicy
from openum.librarian.shape import shape_faults
from openum.librarian.tree import fact_type, is_day

DEFAULT_DAY = date(2026, 6, 1)
"""The service date of an example that names none."""
EXPECTED: Mapping[str, Answer] = {"met": YES, "not_met": NO, "unknown": UNKNOWN}
WORDS = {answer: word for word, answer in EXPECTED.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example; ``chart`` holds what is given, what is asked, and what is derived from them."""

    name: str
    index: int
    raw: Mapping[str, Any]
    chart: Chart
    expect: Answer


def example_document(written: WrittenPolicy) -> tuple[Document | None, tuple[Fault, ...]]:
    """The examples file of a version, when it is there and has the right shape."""
    if not written.examples.exists():
        fault = f"{written.examples.name} is missing."
        return None, (written.version.fault((), fault, "Write at least eight worked examples beside the version."),)
    document, faults = read_document(written.examples)
    wrong = faults or (shape_faults(document, "examples") if document else ())
    return (None, wrong) if wrong else (document, ())


def examples_of(document: Document, policy: Policy, facts: Mapping[str, FactDefinition]) -> tuple[Example, ...]:
    """The examples of a file whose shape is right."""
    return tuple(_example(index, raw, policy, facts) for index, raw in enumerate(document.data))


def _example(index: int, raw: Mapping[str, Any], policy: Policy, facts: Mapping[str, FactDefinition]) -> Example:
    on = date.fromisoformat(raw["on"]) if "on" in raw else DEFAULT_DAY
    certification = policy.certifications[0] if policy.certifications else "I"
    asked = {"certification": certification, "date": on.isoformat(), **raw.get("asked", {})}
    given = {**{f"asked.{name}": value for name, value in asked.items()}, **raw["given"]}
    known = [Fact(name, _typed(value, name, facts), "the example") for name, value in given.items()]
    names = fact_names(policy.criteria)
    return Example(
        name=raw["name"],
        index=index,
        raw=raw,
        chart=gather(facts, names, (), on=on, asked=known),
        expect=EXPECTED[raw["expect"]],
    )


def _typed(value: Any, name: str, facts: Mapping[str, FactDefinition]) -> Value:
    if fact_type(name, facts) == "date" and is_day(value):
        return date.fromisoformat(value)
    typed: Value = value
    return typed
