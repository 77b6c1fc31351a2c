"""Ways to make a tree true, or surely false: which values each fact must then have. The core is not asked.

A way names only the facts it needs. Whatever the others are, the tree's answer stands: with every needed branch of an
``all`` true and one branch of an ``any`` true the tree is true, known or not the rest (and the other way round).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from openum.core.chart import Value
from openum.core.criteria import All, AnyOf, AtLeast, Criterion, Leaf, Not
from openum.world.cells import Puzzle
from openum.world.dice import Dice

State = Mapping[str, tuple[Value, ...]]
"""The values that are still open for each fact a way has met."""
EFFORT, TRIES = 3000, 6
MAIN_WAY = 0.5
"""How often the first of several ways is taken: authors write the usual one first."""


class OutOfEffort(Exception):
    """A search went astray; another order of branches may be quicker."""


class Search:
    """Looks for ways through one puzzle; ``cells`` are the values each fact may take."""

    def __init__(self, puzzle: Puzzle, cells: Mapping[str, tuple[Value, ...]], dice: Dice) -> None:
        self._puzzle, self._cells, self._dice, self._left = puzzle, cells, dice, 0

    def first(self, want: bool, state: State | None = None) -> State | None:
        """A way that makes the tree ``want``, from what ``state`` already settles; ``None`` when none was found."""
        for _ in range(TRIES):
            self._left = EFFORT
            try:
                return next(self._ways(self._puzzle.tree, want, state or {}), None)
            except OutOfEffort:
                continue
        return None

    def _ways(self, node: Criterion, want: bool, state: State) -> Iterator[State]:
        match node:
            case Leaf():
                yield from self._leaf(node, want, state)
            case Not(of):
                yield from self._ways(of, not want, state)
            case All(of):
                yield from self._enough(of, len(of), want, state)
            case AnyOf(of):
                yield from self._enough(of, 1, want, state)
            case AtLeast(n, of):
                yield from self._enough(of, n, want, state)

    def _leaf(self, leaf: Leaf, want: bool, state: State) -> Iterator[State]:
        self._left -= 1
        if self._left < 0:
            raise OutOfEffort
        open_values = state.get(leaf.fact, self._cells.get(leaf.fact, ()))
        fit = tuple(value for value in open_values if self._puzzle.holds(leaf, value) is want)
        if fit:
            yield {**state, leaf.fact: fit}

    def _enough(self, of: Sequence[Criterion], needed: int, want: bool, state: State) -> Iterator[State]:
        """``needed`` branches true, or so many false that no more than ``needed`` - 1 can be true."""
        count = needed if want else len(of) - needed + 1
        order = self._dice.shuffled(of)
        if want and needed == 1 and self._dice.chance(MAIN_WAY):
            order.sort(key=lambda branch: branch is not of[0])
        for chosen in combinations(order, count):
            yield from self._chain(chosen, want, state)

    def _chain(self, nodes: Sequence[Criterion], want: bool, state: State) -> Iterator[State]:
        if not nodes:
            yield state
            return
        for found in self._ways(nodes[0], want, state):
            yield from self._chain(nodes[1:], want, found)
