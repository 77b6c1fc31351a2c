"""Criteria as the library writes them, and as values of the core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Leaf, Not, Op, Operand
from openum.core.facts import FactDefinition
from openum.core.span import parse_span
from openum.librarian.marked import Path_

OPS: tuple[Op, ...] = ("is", "at_least", "at_most", "above", "below", "one_of", "within")
GROUPS = ("all", "any", "of")


def read_tree(written: Mapping[str, Any], facts: Mapping[str, FactDefinition]) -> Criterion:
    """The value of a criterion whose shape is right. ``facts`` say which texts are days."""
    label, cite = written["label"], written.get("cite", "")
    if "fact" in written:
        return _leaf(written, facts)
    if "not" in written:
        return Not(read_tree(written["not"], facts), label, cite)
    key = next(key for key in GROUPS if key in written)
    of = tuple(read_tree(branch, facts) for branch in written[key])
    if key == "of":
        return AtLeast(written["at_least"], of, label, cite)
    return All(of, label, cite) if key == "all" else AnyOf(of, label, cite)


def walk(written: Mapping[str, Any], where: Path_) -> Iterator[tuple[Mapping[str, Any], Path_]]:
    """Every leaf and group with its place in the document, top down and left to right: the order of ``leaves``."""
    yield written, where
    if "not" in written:
        yield from walk(written["not"], (*where, "not"))
    for key in GROUPS:
        for index, branch in enumerate(written.get(key, ())):
            yield from walk(branch, (*where, key, index))


def op_of(written: Mapping[str, Any]) -> Op:
    """The comparison a written leaf makes."""
    return next(op for op in OPS if op in written)


def is_day(text: object) -> bool:
    """Whether a written value is a calendar day (``2026-03-02``)."""
    if not isinstance(text, str) or len(text) != 10:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def fact_type(name: str, facts: Mapping[str, FactDefinition]) -> str | None:
    """The type of a named or request fact; ``None`` when there is no such fact."""
    if name in ASKED:
        return ASKED[name]
    definition = facts.get(name)
    return definition.type if definition else None


ASKED: Mapping[str, str] = {
    "asked.code": "text",
    "asked.quantity": "number",
    "asked.unit": "text",
    "asked.place": "text",
    "asked.days": "number",
    "asked.date": "date",
    "asked.certification": "text",
    "asked.category": "text",
}
"""Request facts and their types (``openum.core.request.asked_facts``)."""


def _leaf(written: Mapping[str, Any], facts: Mapping[str, FactDefinition]) -> Leaf:
    name, op = written["fact"], op_of(written)
    days = fact_type(name, facts) == "date"
    return Leaf(name, op, _operand(op, written[op], days), written["label"], written.get("cite", ""))


def _operand(op: Op, raw: Any, days: bool) -> Operand:
    if op == "within":
        return parse_span(raw)
    if op == "one_of":
        return tuple(_plain(one, days) for one in raw)
    if isinstance(raw, dict):
        return Asked(raw["asked"])
    return _plain(raw, days)


def _plain(raw: Any, days: bool) -> bool | int | float | str | date:
    if days and is_day(raw):
        return date.fromisoformat(raw)
    plain: bool | int | float | str = raw
    return plain
