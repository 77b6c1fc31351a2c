"""What is true of a member: a situation that meets a policy, misses it by one step, or lacks one datum. With proof.

*Yes*: a way that makes the tree true. *No*: the same facts with one moved a single step over one threshold, and the
rest completed so that the tree is surely false. *Unknown*: the facts of a yes without one of them, where a value of
that one exists that makes the tree false: with it yes, without it neither yes nor no.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from openum.core.chart import Value
from openum.core.span import Span
from openum.world.cells import Puzzle, cells, step, thresholds
from openum.world.dice import Dice
from openum.world.solving import Search, State

TruthAnswer = Literal["yes", "no", "unknown"]
ASKED = "asked."
EXTRA = 0.35
"""Share of the facts that the answer does not need but a practice states all the same."""


@dataclass(frozen=True, slots=True)
class Hinge:
    """The one fact between this situation and a yes: what it is (``None``: not stated), and what it needs to be."""

    fact: str
    given: Value | None
    needed: Value


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true: the answer that follows, every fact that is stated, and the hinge of a no or an unknown."""

    answer: TruthAnswer
    facts: Mapping[str, Value]
    hinge: Hinge | None = None


class Situations:
    """Makes situations for one puzzle."""

    def __init__(self, puzzle: Puzzle, dice: Dice) -> None:
        self._puzzle, self._dice = puzzle, dice
        self._cells = cells(puzzle, dice.named("cells"))
        self._search = Search(puzzle, self._cells, dice.named("search"))

    def yes(self) -> Situation | None:
        """A situation that meets the criteria, with a few facts more than needed."""
        state = self._search.first(True)
        if state is None:
            return None
        settled = self._met(state)
        more = {
            name: self._dice.pick(values)
            for name, values in self._cells.items()
            if name not in settled and values and self._may_be_added(name) and self._dice.chance(EXTRA)
        }
        return Situation("yes", {**settled, **more})

    def no(self) -> Situation | None:
        """A situation that one step over one threshold keeps from meeting the criteria."""
        state = self._search.first(True)
        if state is None:
            return None
        settled = self._met(state)
        for name, near, beyond in self._dice.shuffled(self._steps(state)):
            held = {**_single(settled), name: (beyond,)}
            broken = self._search.first(False, held)
            if broken is not None:
                return Situation("no", {**self._settled(broken), name: beyond}, Hinge(name, beyond, near))
        return None

    def unknown(self, prefer: Iterable[str] = ()) -> Situation | None:
        """A situation that meets the criteria but for one fact nobody stated; ``prefer`` facts go missing first."""
        state = self._search.first(True)
        if state is None:
            return None
        settled = self._met(state)
        wanted = set(prefer)
        droppable = [name for name in settled if name not in self._puzzle.fixed and not name.startswith(ASKED)]
        for name in sorted(self._dice.shuffled(droppable), key=lambda name: name not in wanted):
            rest = {other: value for other, value in settled.items() if other != name}
            broken = self._search.first(False, _single(rest))
            if broken is not None:
                also = {fact: value for fact, value in self._settled(broken).items() if fact not in settled}
                stated = {fact: value for fact, value in also.items() if self._dice.chance(EXTRA)}
                return Situation("unknown", {**rest, **stated}, Hinge(name, None, settled[name]))
        return None

    def _met(self, state: State) -> dict[str, Value]:
        """One value for each fact of a way that meets the criteria, and for whatever a request always says."""
        asked = {name: values for name, values in self._cells.items() if name.startswith(ASKED) and values}
        return self._settled({**asked, **state})

    def _may_be_added(self, name: str) -> bool:
        """Whether a fact can be stated beside: no diagnosis, for nobody has all of them, and nothing that is fixed."""
        if name in self._puzzle.fixed:
            return False
        return all(reader.kind != "condition" for reader in self._puzzle.definitions[name].readers)

    def _settled(self, state: State) -> dict[str, Value]:
        return {name: self._dice.pick(values) for name, values in state.items()}

    def _steps(self, state: State) -> list[tuple[str, Value, Value]]:
        """Every fact of the way with a value that fits and one, a single step away, that does not."""
        return [
            (name, near, beyond)
            for name, fit in state.items()
            if name not in self._puzzle.fixed
            for near, beyond in self._pairs(name)
            if near in fit and beyond not in fit
        ]

    def _pairs(self, name: str) -> Iterator[tuple[Value, Value]]:
        """Two values of a fact that lie on the two sides of one threshold, next to each other."""
        values = self._cells.get(name, ())
        definition = self._puzzle.definitions[name]
        if definition.type == "number":
            small = step(definition)
            for cut in thresholds(self._puzzle, self._puzzle.by_fact[name]):
                beside = [v for v in values if isinstance(v, int | float) and 0 < abs(v - cut) < 1.5 * small]
                yield from ((one, two) for other in beside if cut in values for one, two in _both(cut, other))
        elif definition.type == "date":
            yield from self._edges(name)
        else:
            yield from ((one, two) for one in values for two in values if one != two)

    def _edges(self, name: str) -> Iterator[tuple[Value, Value]]:
        values = self._cells[name]
        for leaf in self._puzzle.by_fact[name]:
            operand = self._puzzle.operand(leaf)
            if isinstance(operand, Span):
                first = operand.before(self._puzzle.on)
                before = first - timedelta(days=1)
                if first in values and before in values:
                    yield from _both(first, before)


def _both(one: Value, two: Value) -> tuple[tuple[Value, Value], tuple[Value, Value]]:
    return (one, two), (two, one)


def _single(settled: Mapping[str, Value]) -> dict[str, tuple[Value, ...]]:
    return {name: (value,) for name, value in settled.items()}
