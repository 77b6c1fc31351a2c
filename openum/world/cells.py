"""The values worth trying for each fact of a tree: on every threshold, one step to either side, and in between.

Written apart from the core's evaluation on purpose: the world's truth must not come from the engine it will measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from openum.core.chart import Value
from openum.core.criteria import Asked, Criterion, Leaf, Operand, leaves
from openum.core.derived import DERIVATIONS
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.world.dice import Dice

DECIMALS: Mapping[str, int] = {"kg/m2": 1, "g/dL": 1, "mg/dL": 1, "mm": 1, "T": 1, "mg/kg": 1, "ug/kg": 2}
"""Digits after the point that a reading in this unit has; the others are whole numbers."""
REACH = 0.15
"""How far beyond the outermost threshold values go, as a share of it: charts are rarely extreme."""


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A tree to be answered for one request: the service day, the day the chart was sent, and what is fixed.

    ``fixed`` are facts that the request or the member already settles (``asked.quantity``, ``age``).
    """

    tree: Criterion
    definitions: Mapping[str, FactDefinition]
    on: date
    sent: date
    fixed: Mapping[str, Value]
    by_fact: Mapping[str, tuple[Leaf, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Leaf]] = {}
        for leaf in leaves(self.tree):
            found.setdefault(leaf.fact, []).append(leaf)
        object.__setattr__(self, "by_fact", {name: tuple(held) for name, held in found.items()})

    @property
    def latest(self) -> date:
        """The last day a chart can speak of: nothing is recorded before it happens."""
        return min(self.on, self.sent)

    def operand(self, leaf: Leaf) -> Operand | None:
        """What the leaf compares with; ``None`` when it is what is asked for and that is not stated."""
        return self.fixed.get(leaf.value.fact) if isinstance(leaf.value, Asked) else leaf.value

    def holds(self, leaf: Leaf, value: Value) -> bool | None:
        """Whether the value does what the leaf says; ``None`` when nobody can know."""
        operand = self.operand(leaf)
        return None if operand is None else _holds(leaf.op, value, operand, self.on)


def _holds(op: str, value: Value, operand: Operand, on: date) -> bool:
    if isinstance(operand, Span):
        return isinstance(value, date) and operand.before(on) <= value <= on
    if isinstance(operand, tuple):
        return value in operand
    if op == "is":
        return value == operand
    return _compares(op, value, operand)


def _compares(op: str, value: Value, operand: Operand) -> bool:
    if isinstance(value, date) and isinstance(operand, date):
        difference = (value - operand).days
    elif isinstance(value, int | float) and isinstance(operand, int | float):
        difference = (value > operand) - (value < operand)
    else:
        return False
    return {
        "at_least": difference >= 0, "at_most": difference <= 0, "above": difference > 0, "below": difference < 0
    }[op]  # fmt: skip


def step(definition: FactDefinition) -> float | int:
    """The smallest difference two readings of a number can show."""
    digits = DECIMALS.get(definition.unit, 0)
    return 10**-digits if digits else 1


def cells(puzzle: Puzzle, dice: Dice) -> dict[str, tuple[Value, ...]]:
    """The values each fact of the tree may take, those on and next to a threshold first. Fixed facts have one."""
    found: dict[str, tuple[Value, ...]] = {}
    for name, held in puzzle.by_fact.items():
        if name in puzzle.fixed:
            found[name] = (puzzle.fixed[name],)
        elif name in off_record(puzzle):
            found[name] = ()
        elif name in puzzle.definitions:
            definition = puzzle.definitions[name]
            found[name] = tuple(dict.fromkeys(_values(puzzle, definition, held, dice.named(name))))
    return found


def records(definitions: Iterable[FactDefinition]) -> tuple[FactDefinition, ...]:
    """The facts that tell whether another is on record at all."""
    return tuple(one for one in definitions if one.derived in DERIVATIONS and DERIVATIONS[one.derived].record)


def off_record(puzzle: Puzzle) -> frozenset[str]:
    """The facts of which it is settled that nothing is on record: nobody may state them."""
    none = (one.derived for one in records(puzzle.definitions.values()) if puzzle.fixed.get(one.id) is False)
    return frozenset(part for derived in none for part in DERIVATIONS[derived].inputs)


def too_old(puzzle: Puzzle, known: Mapping[str, Value]) -> frozenset[str]:
    """The days that some leaf wants to be newer."""
    days = {name: value for name, value in known.items() if isinstance(value, date)}
    return frozenset(
        name
        for name, value in days.items()
        if not all(puzzle.holds(leaf, value) for leaf in puzzle.by_fact.get(name, ()))
    )


def _values(puzzle: Puzzle, definition: FactDefinition, held: Iterable[Leaf], dice: Dice) -> Iterable[Value]:
    match definition.type:
        case "boolean":
            return (True, False)
        case "choice":
            return definition.choices
        case "number":
            return numbers(definition, thresholds(puzzle, held), dice)
        case "date":
            return _days(puzzle, held, dice)
    operands = [one for leaf in held for one in _flat(puzzle.operand(leaf))]
    return [one for one in operands if isinstance(one, str)]


def thresholds(puzzle: Puzzle, held: Iterable[Leaf]) -> tuple[float | int, ...]:
    """The numbers the leaves compare with, smallest first."""
    operands = {one for leaf in held for one in _flat(puzzle.operand(leaf))}
    return tuple(sorted(one for one in operands if isinstance(one, int | float) and not isinstance(one, bool)))


def _flat(operand: Operand | None) -> tuple[object, ...]:
    return operand if isinstance(operand, tuple) else (operand,)


def numbers(definition: FactDefinition, cuts: tuple[float | int, ...], dice: Dice) -> list[Value]:
    """Numbers on, beside and between the cuts, within the fact's range and with the digits its unit has."""
    digits, small = DECIMALS.get(definition.unit, 0), step(definition)
    edges = [_rounded(cut + move * small, digits) for cut in cuts for move in (0, -1, 1)]
    inner = [_rounded(value, digits) for value in _between(cuts, small, dice)]
    low = -float("inf") if definition.least is None else definition.least
    high = float("inf") if definition.most is None else definition.most
    return [value for value in (*edges, *inner) if low <= value <= high]


def _between(cuts: tuple[float | int, ...], small: float | int, dice: Dice) -> Iterator[float]:
    """Two chance values in every stretch between cuts, and beyond the first and the last."""
    if not cuts:
        yield from (dice.between(1, 20), dice.between(1, 20))
        return
    reach = max(4 * small, REACH * max(abs(cut) for cut in cuts))
    bounds = [cuts[0] - reach, *cuts, cuts[-1] + reach]
    for low, high in pairwise(bounds):
        steps = max(1, round((high - low) / small))
        yield from (low + small * dice.below(steps) for _ in range(2))


def _rounded(value: float, digits: int) -> float | int:
    return round(value, digits) if digits else round(value)


def _days(puzzle: Puzzle, held: Iterable[Leaf], dice: Dice) -> Iterator[Value]:
    """Days on both edges of every window, one day before it, inside it and long before."""
    for leaf in held:
        operand = puzzle.operand(leaf)
        if isinstance(operand, Span):
            first = operand.before(puzzle.on)
            if first <= puzzle.latest:
                yield from (puzzle.latest, first, dice.day(first, puzzle.latest))
            outside = min(first - timedelta(days=1), puzzle.latest)
            yield from (outside, outside - timedelta(days=dice.between(2, 150)))
        elif isinstance(operand, date):
            around = (operand + timedelta(days=move) for move in (0, -1, 1))
            yield from (day for day in around if day <= puzzle.latest)
