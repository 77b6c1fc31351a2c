"""The plainest evaluation of a tree, written a second time to check the first.

Worked examples run on this and on ``openum.core.criteria``; where the two differ, one of them is wrong. It follows the
words of the format and Kleene's tables, shares no code with the compiled evaluator, and is not meant to be fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Fact
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Leaf, Not
from openum.core.span import Span

_RANK = {NO: 0, UNKNOWN: 1, YES: 2}


def plain_answer(criterion: Criterion, facts: Mapping[str, Fact], on: date) -> Answer:
    """The answer of a tree: *all* is the least of its branches, *any* the greatest, *n of* the n-th greatest."""
    match criterion:
        case Leaf():
            return _leaf(criterion, facts, on)
        case Not(of):
            inner = plain_answer(of, facts, on)
            return {YES: NO, NO: YES, UNKNOWN: UNKNOWN}[inner]
        case All(of):
            place = len(of)
        case AnyOf(of):
            place = 1
        case AtLeast(n, of):
            place = n
    answers = sorted((plain_answer(branch, facts, on) for branch in of), key=_RANK.__getitem__, reverse=True)
    return answers[place - 1] if place <= len(answers) else NO


def _leaf(leaf: Leaf, facts: Mapping[str, Fact], on: date) -> Answer:
    fact = facts.get(leaf.fact)
    wanted = leaf.value
    if isinstance(wanted, Asked):
        asked = facts.get(f"asked.{wanted.name}")
        wanted = asked.value if asked is not None and asked.value is not None else ()
        if wanted == ():
            return UNKNOWN
    if fact is None or fact.value is None:
        return UNKNOWN
    answer = YES if _holds(leaf.op, fact.value, wanted, on) else NO
    if not fact.floor:
        return answer
    # A floor says "at least so many were found", or "nothing newer was found": more may exist, so only what more cannot
    # undo is settled. No newer day makes a day after the service one before it.
    if leaf.op == "within" and isinstance(fact.value, date) and fact.value > on:
        return NO
    settled = {("at_least", YES), ("above", YES), ("at_most", NO), ("below", NO), ("within", YES)}
    return answer if (leaf.op, answer) in settled else UNKNOWN


def _holds(op: str, value: object, wanted: object, on: date) -> bool:
    if op == "within":
        return isinstance(value, date) and isinstance(wanted, Span) and _first_day(wanted, on) <= value <= on
    if op == "one_of":
        return isinstance(wanted, tuple) and any(value == one for one in wanted)
    if op == "is":
        return value == wanted
    return _ordered(op, value, wanted)


def _ordered(op: str, value: object, wanted: object) -> bool:
    equal, lower = bool(value == wanted), bool(value < wanted)  # type: ignore[operator]
    if op == "at_least":
        return equal or not lower
    if op == "at_most":
        return equal or lower
    return lower if op == "below" else not equal and not lower


def _first_day(span: Span, on: date) -> date:
    """Walk back month by month, then day by day; a day the month lacks becomes its last."""
    year, month = on.year, on.month
    for _ in range(span.months):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    day = on.day
    while span.months:
        try:
            return date(year, month, day) - timedelta(days=span.days)
        except ValueError:
            day -= 1
    return on - timedelta(days=span.days)
