"""Distance-to-Yes: the smallest set of facts that would make a criterion answer yes.

Minimized in this order: how many *known* facts would have to be different, then how many *unknown* facts would
have to be supplied. Every tie is returned. Leaves that share a fact are answered by one value of it, so a way never
asks a saturation to be at most 88 and above 92. The search is exact: each fact's values are split into the cells
between which no leaf changes its answer, and the tree is solved bottom-up over sets of cells (bit masks), dropping
what cannot be smallest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal

from openum.core.answers import UNKNOWN, YES, Answer
from openum.core.chart import Chart, Fact, Value
from openum.core.criteria import All, AnyOf, Asked, Criterion, Leaf, Not, answer_of, leaves
from openum.core.derived import DERIVATIONS
from openum.core.facts import FactDefinition
from openum.core.values import Cell, cells_of

Cost = tuple[int, int]
Mask = int
Assignment = tuple[tuple[str, Mask], ...]
"""Fact name to the options that serve, sorted by name. Bit 0: leave the fact as it is. Bit i: a value in cell i."""

UNCHANGED: Mask = 1
ASKED = "asked."
"""What is asked for is no fact about the member: asking for something else is an alternative, not a way to yes."""
ENOUGH = 20_000
"""More partial ways than this at one branch are cut to the cheapest, and the result says it may not be exact."""


@dataclass(frozen=True, slots=True)
class Need:
    """One fact to be supplied, or to be other than it is; ``must`` says which leaves it has to answer how.

    Any of ``accepts`` serves: one value of every cell, thresholds first, then values between and beyond them.
    """

    fact: str
    kind: Literal["supply", "differ"]
    now: Fact | None
    accepts: tuple[Value, ...]
    must: tuple[tuple[Leaf, bool], ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One smallest set of needs; meeting all of them makes the criterion answer yes."""

    needs: tuple[Need, ...]

    @property
    def facts(self) -> frozenset[str]:
        """The names of the facts this way is about."""
        return frozenset(need.fact for need in self.needs)


@dataclass(frozen=True, slots=True)
class Distance:
    """How far a criterion is from yes.

    ``ways`` is empty when it is already yes (0, 0) or can never be (``reachable`` false).
    """

    differ: int
    supply: int
    ways: tuple[Way, ...]
    reachable: bool = True
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of one fact: the unchanged one first, then one per cell that is not where the fact already is."""

    name: str
    now: Fact | None
    cells: tuple[Cell, ...]
    full: Mask
    cost: Cost

    def spend(self, mask: Mask) -> Cost:
        return (0, 0) if mask & UNCHANGED else self.cost


class _Search:
    def __init__(self, criterion: Criterion, chart: Chart, domains: Mapping[str, FactDefinition]) -> None:
        self.on = chart.on
        self.chart = chart
        self.exact = True
        self.options = {
            name: _options(name, group, chart, domains.get(name)) for name, group in _by_fact(criterion, chart).items()
        }
        self.uses = Counter(leaf.fact for leaf in leaves(criterion))

    def solve(self, criterion: Criterion, wanted: bool) -> list[Assignment]:
        """Every undominated assignment under which ``criterion`` answers yes (``wanted``) or no."""
        match criterion:
            case Leaf():
                return self._leaf(criterion, wanted)
            case Not(of):
                return self.solve(of, not wanted)
            case All(of):
                found = self._count(of, len(of) if wanted else 1, wanted)
            case AnyOf(of):
                found = self._count(of, 1 if wanted else len(of), wanted)
            case _:
                needed = criterion.n if wanted else len(criterion.of) - criterion.n + 1
                found = self._count(criterion.of, needed, wanted)
        return self._closed(criterion, found)

    def _leaf(self, leaf: Leaf, wanted: bool) -> list[Assignment]:
        options = self.options[leaf.fact]
        operand = _operand(leaf, self.chart)
        if operand is None:
            return self._without_operand(leaf, wanted)
        mask = UNCHANGED if _says(leaf, options.now, self.on, operand, wanted) else 0
        for bit, cell in enumerate(options.cells, start=1):
            if _says(leaf, Fact(leaf.fact, cell.value), self.on, operand, wanted):
                mask |= 1 << bit
        if not mask:
            return []
        return [()] if mask == options.full else [((leaf.fact, mask),)]

    def _without_operand(self, leaf: Leaf, wanted: bool) -> list[Assignment]:
        """Nothing asked for to compare with: the amount must be stated first, and the fact be known."""
        assert isinstance(leaf.value, Asked)  # noqa: S101 - only an asked-for operand can be missing
        asked, options = leaf.value.fact, self.options[leaf.fact]
        known = options.full if options.now is not None and options.now.value is not None else options.full & ~UNCHANGED
        stated: Assignment = ((asked, 2 if wanted else 4),)
        if known == options.full:
            return [stated]
        return [tuple(sorted((*stated, (leaf.fact, known))))]

    def _count(self, branches: tuple[Criterion, ...], needed: int, wanted: bool) -> list[Assignment]:
        """At least ``needed`` of the branches answer as wanted: a table over (branches seen, branches served)."""
        if needed <= 0:
            return [()]
        table: list[list[Assignment]] = [[()], *([] for _ in range(needed))]
        for seen, branch in enumerate(branches):
            ways = self.solve(branch, wanted)
            for served in range(min(seen, needed - 1), -1, -1):
                merged = _merged(table[served], ways)
                table[served + 1] = self._pruned(table[served + 1] + merged)
            for served in range(needed):
                if served + len(branches) - seen - 1 < needed:
                    table[served] = []
        return table[needed]

    def _pruned(self, found: list[Assignment]) -> list[Assignment]:
        distinct = list(dict.fromkeys(found))
        distinct.sort(key=self._cost)
        if len(distinct) > ENOUGH:
            self.exact = False
            distinct = distinct[:ENOUGH]
        return _undominated(distinct) if len(distinct) <= 400 else distinct

    def _closed(self, criterion: Criterion, found: list[Assignment]) -> list[Assignment]:
        """Where no other branch shares the facts, only the cheapest ways can be part of a smallest one."""
        inside = Counter(leaf.fact for leaf in leaves(criterion))
        asked = any(isinstance(leaf.value, Asked) for leaf in leaves(criterion))
        if asked or any(self.uses[name] != count for name, count in inside.items()):
            return found
        return self.cheapest(found)

    def cheapest(self, found: list[Assignment]) -> list[Assignment]:
        """Those of least cost."""
        least = min(map(self._cost, found), default=None)
        return [one for one in found if self._cost(one) == least]

    def _cost(self, assignment: Assignment) -> Cost:
        differ = supply = 0
        for name, mask in assignment:
            d, s = self.options[name].spend(mask)
            differ, supply = differ + d, supply + s
        return differ, supply

    def way(self, criterion: Criterion, assignment: Assignment) -> Way:
        """An assignment in words."""
        needs = [self._need(criterion, self.options[name], mask) for name, mask in assignment if not mask & UNCHANGED]
        return Way(tuple(needs))

    def _need(self, criterion: Criterion, options: _Options, mask: Mask) -> Need:
        values = tuple(cell.value for bit, cell in enumerate(options.cells, start=1) if mask >> bit & 1)
        must = []
        for leaf in dict.fromkeys(leaf for leaf in leaves(criterion) if leaf.fact == options.name):
            operand = _operand(leaf, self.chart)
            if operand is None:
                continue
            says = {_says(leaf, Fact(leaf.fact, v), self.on, operand, True) for v in values}
            if len(says) == 1:
                must.append((leaf, says.pop()))
        kind: Literal["supply", "differ"] = "differ" if options.cost == (1, 0) else "supply"
        return Need(options.name, kind, options.now, values, tuple(must))


def distance(criterion: Criterion, chart: Chart, definitions: Mapping[str, FactDefinition] | None = None) -> Distance:
    """The smallest distance from yes, with every way that has it.

    ``definitions`` narrow the values a fact can take (range, choices), so that no way asks for an impossible one. Ways
    come in the order in which the author of the criteria asks.
    """
    search = _Search(criterion, chart, definitions or {})
    found = search.cheapest(search.solve(criterion, True))
    if not found:
        return Distance(0, 0, (), reachable=False, exact=search.exact)
    differ, supply = search._cost(found[0])
    if (differ, supply) == (0, 0):
        return Distance(0, 0, ())
    ways = [search.way(criterion, one) for one in _undominated(_only_changes(found))]
    order = {name: place for place, name in enumerate(search.options)}
    ways.sort(key=lambda way: sorted(order[name] for name in way.facts))
    return Distance(differ, supply, tuple(ways), exact=search.exact)


def _only_changes(found: Iterable[Assignment]) -> list[Assignment]:
    return list(dict.fromkeys(tuple((n, m) for n, m in one if not m & UNCHANGED) for one in found))


def _by_fact(criterion: Criterion, chart: Chart) -> dict[str, list[Leaf]]:
    groups: dict[str, list[Leaf]] = {}
    for leaf in leaves(criterion):
        groups.setdefault(leaf.fact, []).append(leaf)
        if isinstance(leaf.value, Asked) and _operand(leaf, chart) is None:
            groups.setdefault(leaf.value.fact, [])
    return groups


def _options(name: str, group: list[Leaf], chart: Chart, domain: FactDefinition | None) -> _Options:
    now = chart.facts.get(name)
    known = now is not None and now.value is not None and not now.floor
    if not group:
        return _Options(name, now, (Cell(True, ()), Cell(False, ())), 0b111, (0, 1))
    pairs = [(leaf, _operand(leaf, chart)) for leaf in group]
    tests = [(leaf.op, operand) for leaf, operand in pairs if operand is not None]
    cells: tuple[Cell, ...] = cells_of(tests, chart.on, domain)
    if known and (name.startswith(ASKED) or _on_record(domain)):
        return _Options(name, now, (), UNCHANGED, (0, 0))
    if now is not None and now.value is not None:
        here = cells_of(tests, chart.on, domain, also=(now.value,), only=(now.value,))
        if now.floor:
            cells = cells_of(tests, chart.on, domain, also=(now.value,), least=now.value)
        else:
            cells = tuple(cell for cell in cells if cell.answers != here[0].answers)
    return _Options(name, now, cells, (1 << (len(cells) + 1)) - 1, (1, 0) if known else (0, 1))


def _on_record(domain: FactDefinition | None) -> bool:
    """Whether the fact tells what is known: nobody is advised to know less."""
    return domain is not None and domain.derived in DERIVATIONS and DERIVATIONS[domain.derived].record


def _operand(leaf: Leaf, chart: Chart) -> object:
    """What the leaf compares with: its constant, or the value asked for (``None`` when the request does not say)."""
    if not isinstance(leaf.value, Asked):
        return leaf.value
    asked = chart.facts.get(leaf.value.fact)
    return None if asked is None else asked.value


def _says(leaf: Leaf, fact: Fact | None, on: date, operand: object, wanted: bool) -> bool:
    answer: Answer = UNKNOWN if fact is None else answer_of(leaf, fact, on, operand)  # type: ignore[arg-type]
    return answer is not UNKNOWN and (answer is YES) is wanted


def _merged(left: list[Assignment], right: list[Assignment]) -> list[Assignment]:
    found = []
    for one, other in product(left, right):
        both = dict(one)
        for name, mask in other:
            both[name] = both.get(name, -1) & mask
            if not both[name]:
                break
        else:
            found.append(tuple(sorted(both.items())))
    return found


def _undominated(found: list[Assignment]) -> list[Assignment]:
    """Drop what another assignment allows and more: whatever completes the narrower one completes the wider."""
    kept: list[Assignment] = []
    for one in found:
        narrow = dict(one)
        if not any(_allows(wide, narrow) for wide in kept):
            kept = [other for other in kept if not _allows(one, dict(other))]
            kept.append(one)
    return kept


def _allows(wide: Assignment, narrow: Mapping[str, Mask]) -> bool:
    return all(name in narrow and narrow[name] & ~mask == 0 for name, mask in wide)
