"""Branches of a policy that decide nothing: that can never be met, or never fail, given what stands around them.

``all(x at_least 5, x below 5)`` is never met; in ``any(x at_least 5, x at_least 3)`` the first is dead, because whoever
meets it meets the second. The check looks at each fact by itself and says nothing it cannot prove. A word that is ruled
out twice is no fault: a text that lists what is covered may also name what is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Leaf, Not
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_
from openum.librarian.regions import Numbers, Region, compared, from_to, join, meet, one_of
from openum.librarian.tree import GROUPS

Limits = Mapping[str, Region]
"""What must hold of each fact. A comparison with what is asked, or with a span, is a dimension of its own."""
MEND = "Mend one of the two values, or take the branch out."


def branch_faults(document: Document, criteria: Criterion, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    """Every branch of a version's criteria that decides nothing, at its line."""
    yield from _node(document, criteria, document.data["criteria"], ("criteria",), _ranges(facts), False)


def _node(
    document: Document, one: Criterion, written: Mapping[str, Any], where: Path_, around: Limits, denied: bool
) -> Iterator[Fault]:
    """``denied`` stands under a ``not``, where being met and failing change places."""
    never_met = _conflict(around, necessary(one), *((Numbers,) if denied else ()))
    never_fails = _conflict(around, refuting(one), *(() if denied else (Numbers,)))
    if never_met:
        label, place = _culprit(one, written, where, around)
        yield document.fault(place, f"“{label}” can never be met: {_told(never_met)} rules it out.", MEND)
    elif never_fails:
        yield document.fault(where, f"“{one.label}” can never fail: {_told(never_fails)} is settled already.", MEND)
    else:
        for index, (branch, raw, place) in enumerate(_branches(one, written, where)):
            turned = denied is not isinstance(one, Not)
            yield from _node(document, branch, raw, place, _beside(one, index, around), turned)


def _culprit(one: Criterion, written: Mapping[str, Any], where: Path_, around: Limits) -> tuple[str, Path_]:
    """Of branches that must all be met, the first that those before it rule out; its label and place."""
    if not isinstance(one, Leaf | Not) and _needed(one) == len(one.of):
        before = around
        for branch, raw, place in _branches(one, written, where):
            if _conflict(before, necessary(branch)):
                return _culprit(branch, raw, place, before)
            before = _every((before, necessary(branch)))
    return one.label, where


def _beside(one: Criterion, index: int, around: Limits) -> Limits:
    """What holds where a branch matters: in ``all`` its siblings are met, in ``any`` none of them is."""
    if isinstance(one, Leaf | Not):
        return around
    siblings = [branch for place, branch in enumerate(one.of) if place != index]
    needed = _needed(one)
    if needed == len(one.of):
        return _every((around, *map(necessary, siblings)))
    return _every((around, *map(refuting, siblings))) if needed == 1 else around


def _branches(
    one: Criterion, written: Mapping[str, Any], where: Path_
) -> Iterator[tuple[Criterion, Mapping[str, Any], Path_]]:
    if isinstance(one, Not):
        yield one.of, written["not"], (*where, "not")
    elif not isinstance(one, Leaf):
        key = next(key for key in GROUPS if key in written)
        for index, (branch, raw) in enumerate(zip(one.of, written[key], strict=True)):
            yield branch, raw, (*where, key, index)


def necessary(one: Criterion) -> Limits:
    """What must hold of each fact for a criterion to be met."""
    match one:
        case Leaf():
            return _region(one)
        case Not(of):
            return refuting(of)
    parts = [necessary(branch) for branch in one.of]
    return _every(parts) if _needed(one) == len(parts) else _some(parts)


def refuting(one: Criterion) -> Limits:
    """What must hold of each fact for a criterion to fail."""
    match one:
        case Leaf():
            return {name: region.flip() for name, region in _region(one).items()}
        case Not(of):
            return necessary(of)
    parts = [refuting(branch) for branch in one.of]
    return _every(parts) if _needed(one) == 1 else _some(parts)


def _needed(one: All | AnyOf | AtLeast) -> int:
    if isinstance(one, AtLeast):
        return one.n
    return len(one.of) if isinstance(one, All) else 1


def _every(parts: Sequence[Limits]) -> Limits:
    found: dict[str, Region] = {}
    for part in parts:
        for name, region in part.items():
            found[name] = meet(found[name], region) if name in found else region
    return found


def _some(parts: Sequence[Limits]) -> Limits:
    shared = set.intersection(*(set(part) for part in parts)) if parts else set()
    return {name: reduce(join, [part[name] for part in parts]) for name in sorted(shared)}


def _conflict(around: Limits, wanted: Limits, *sorts: type[Region]) -> str:
    """The fact of which nothing is left (with a set of one of the sorts, if any); empty when there is none."""
    both = {name: meet(region, around[name]) if name in around else region for name, region in wanted.items()}
    return next((name for name, region in both.items() if region.empty and isinstance(region, sorts or object)), "")


def _told(dimension: str) -> str:
    return f"`{dimension.partition(' ')[0]}`"


def _region(leaf: Leaf) -> Limits:
    value = leaf.value
    if isinstance(value, Asked):
        return {f"{leaf.fact} against the asked {value.name}": compared(leaf.op, 0)}
    if isinstance(value, Span):
        unit, length = ("months", value.months) if value.months else ("days", value.days)
        return {f"{leaf.fact} in {unit}": compared("at_most", length)}
    if isinstance(value, tuple):
        return {leaf.fact: one_of(value)} if all(isinstance(each, str) for each in value) else {}
    if isinstance(value, date):
        return {f"{leaf.fact} as a day": compared(leaf.op, value.toordinal())}
    if isinstance(value, bool | str):
        return {leaf.fact: one_of([value])}
    return {leaf.fact: compared(leaf.op, value)}


def _ranges(facts: Mapping[str, FactDefinition]) -> dict[str, Region]:
    """What a fact can be at all: its range, its choices, true or false."""
    found: dict[str, Region] = {}
    for name, fact in facts.items():
        if fact.type == "boolean":
            found[name] = one_of([True, False])
        elif fact.type == "choice":
            found[name] = one_of(fact.choices)
        elif fact.type == "number" and fact.least is not None and fact.most is not None:
            found[name] = from_to((fact.least, 0), (fact.most, 1))
    return found
