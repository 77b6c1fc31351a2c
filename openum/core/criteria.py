"""A criterion is a small tree of questions about named facts; its answer is yes, no or unknown.

Written once in the library and used seven times (ARCHITECTURE.md §3). A tree is compiled once to closures; every
evaluation returns a finding for every branch, so that each answer can show its reason and its source.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, NamedTuple, assert_never

from openum.core.answers import NO, UNKNOWN, YES, Answer, negate
from openum.core.chart import Chart, Fact, Value
from openum.core.span import Span

Op = Literal["is", "at_least", "at_most", "above", "below", "one_of", "within"]
ORDER_OPS: Mapping[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The value compared with is what the request asks for (``{asked: quantity}`` in the library)."""

    name: str

    @property
    def fact(self) -> str:
        """The request fact that holds it."""
        return f"asked.{self.name}"


Operand = Value | Span | Asked | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison of one fact. ``within`` asks whether a day lies in the span that ends on the service date."""

    fact: str
    op: Op
    value: Operand
    label: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class All:
    """Every branch is needed."""

    of: tuple[Criterion, ...]
    label: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One branch is enough."""

    of: tuple[Criterion, ...]
    label: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """The branch must be answered no; unknown stays unknown."""

    of: Criterion
    label: str = ""
    cite: str = ""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``n`` of the branches are needed."""

    n: int
    of: tuple[Criterion, ...]
    label: str = ""
    cite: str = ""


Criterion = Leaf | All | AnyOf | Not | AtLeast


class Finding(NamedTuple):
    """The answer of one branch, with the fact it rests on (leaves) or the branches below it.

    A tuple and not a dataclass because fifty thousand trees a second are made of them (``bench/criteria.py``).
    """

    answer: Answer
    criterion: Criterion
    fact: Fact | None = None
    because: tuple[Finding, ...] = ()


Evaluator = Callable[[Mapping[str, Fact], date], Finding]


def evaluate(criterion: Criterion, chart: Chart) -> Finding:
    """Answer every branch of ``criterion`` for ``chart``."""
    return compiled(criterion)(chart.facts, chart.on)


@lru_cache(maxsize=4096)
def compiled(criterion: Criterion) -> Evaluator:
    """The tree as one function of (facts by name, service date); no branch is skipped, so that all are explained."""
    match criterion:
        case Leaf():
            return _leaf(criterion)
        case Not(of):
            return _not(criterion, compiled(of))
        case All(of):
            return _count(criterion, len(of), tuple(map(compiled, of)))
        case AnyOf(of):
            return _count(criterion, 1, tuple(map(compiled, of)))
        case AtLeast(n, of):
            return _count(criterion, n, tuple(map(compiled, of)))
        case _:
            assert_never(criterion)


def answer_of(leaf: Leaf, fact: Fact, on: date, operand: Operand | None = None) -> Answer:
    """The answer one known or unknown fact gives to a leaf; ``operand`` replaces an asked-for value."""
    if fact.value is None:
        return UNKNOWN
    test = comparison(leaf.op, leaf.value if operand is None else operand, on)
    answer = YES if test(fact.value) else NO
    if fact.floor:
        return _of_floor(leaf.op, answer, ahead=isinstance(fact.value, date) and fact.value > on)
    return answer


def comparison(op: Op, operand: Operand, on: date) -> Callable[[Value], bool]:
    """The test a leaf makes of a value, as a function."""
    if op == "within":
        assert isinstance(operand, Span)  # noqa: S101 - the librarian admits nothing else
        first = operand.before(on)
        return lambda value: isinstance(value, date) and first <= value <= on
    if op == "one_of":
        assert isinstance(operand, tuple)  # noqa: S101
        return lambda value: value in operand
    if op == "is":
        return lambda value: value == operand
    compare = ORDER_OPS[op]
    return lambda value: compare(value, operand)


def leaves(criterion: Criterion) -> Iterator[Leaf]:
    """Every leaf, left to right."""
    match criterion:
        case Leaf():
            yield criterion
        case Not(of):
            yield from leaves(of)
        case All(of) | AnyOf(of) | AtLeast(_, of):
            for branch in of:
                yield from leaves(branch)
        case _:
            assert_never(criterion)


def fact_names(criterion: Criterion) -> tuple[str, ...]:
    """The names of the facts a tree asks for, in order of first mention, asked-for values included."""
    names: dict[str, None] = {}
    for leaf in leaves(criterion):
        names.setdefault(leaf.fact)
        if isinstance(leaf.value, Asked):
            names.setdefault(leaf.value.fact)
    return tuple(names)


def _of_floor(op: Op, answer: Answer, *, ahead: bool) -> Answer:
    """A floor can only prove what more of the same cannot undo: a reached minimum, a broken maximum, a day in time.

    A day too old may have been followed by a newer one; a day after the service (``ahead``) can only be followed by
    others after it.
    """
    if op == "within":
        return answer if answer is YES or ahead else UNKNOWN
    if op in ("at_least", "above"):
        return answer if answer is YES else UNKNOWN
    if op in ("at_most", "below"):
        return answer if answer is NO else UNKNOWN
    return UNKNOWN


def _leaf(leaf: Leaf) -> Evaluator:
    name, op, value = leaf.fact, leaf.op, leaf.value
    missing = Finding(UNKNOWN, leaf, Fact(name, None))
    if isinstance(value, Asked):
        return _asked_leaf(leaf, value.fact, missing)
    if op == "within":
        return lambda facts, on: (
            missing if (fact := facts.get(name)) is None else Finding(answer_of(leaf, fact, on), leaf, fact)
        )
    test = comparison(op, value, date.min)

    def run(facts: Mapping[str, Fact], on: date) -> Finding:
        fact = facts.get(name)
        if fact is None:
            return missing
        known = fact.value
        if known is None:
            return Finding(UNKNOWN, leaf, fact)
        if fact.floor:
            return Finding(answer_of(leaf, fact, on), leaf, fact)
        return Finding(YES if test(known) else NO, leaf, fact)

    return run


def _asked_leaf(leaf: Leaf, asked: str, missing: Finding) -> Evaluator:
    def run(facts: Mapping[str, Fact], on: date) -> Finding:
        fact, wanted = facts.get(leaf.fact), facts.get(asked)
        if fact is None:
            return missing
        if wanted is None or wanted.value is None:
            return Finding(UNKNOWN, leaf, fact)
        return Finding(answer_of(leaf, fact, on, wanted.value), leaf, fact)

    return run


def _not(criterion: Not, inner: Evaluator) -> Evaluator:
    def run(facts: Mapping[str, Fact], on: date) -> Finding:
        found = inner(facts, on)
        return Finding(negate(found.answer), criterion, None, (found,))

    return run


def _count(criterion: Criterion, needed: int, branches: tuple[Evaluator, ...]) -> Evaluator:
    def run(facts: Mapping[str, Fact], on: date) -> Finding:
        found = tuple([branch(facts, on) for branch in branches])
        yes = unknown = 0
        for one in found:
            answer = one[0]
            if answer is YES:
                yes += 1
            elif answer is UNKNOWN:
                unknown += 1
        answer = YES if yes >= needed else UNKNOWN if yes + unknown >= needed else NO
        return Finding(answer, criterion, None, found)

    return run
