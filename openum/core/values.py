"""Cells: the stretches of a fact's values between which no question about it changes its answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import cast

from openum.core.chart import Value
from openum.core.criteria import Op, comparison
from openum.core.facts import FactDefinition
from openum.core.span import Span

OTHER = "another value"
"""Stands for every choice or code that no question names."""

Test = tuple[Op, object]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that stands for its stretch, and the answers it gives to every test of the fact, in order."""

    value: Value
    answers: tuple[bool, ...]


def cells_of(
    tests: Sequence[Test],
    on: date,
    domain: FactDefinition | None,
    *,
    also: Iterable[Value] = (),
    only: Iterable[Value] = (),
    least: Value | None = None,
) -> tuple[Cell, ...]:
    """The cells of a fact under ``tests``, each by its first value; values outside the domain are left out.

    ``also`` adds values to the thresholds, ``only`` replaces them all, ``least`` leaves out what is below it.
    """
    comparisons = [comparison(op, operand, on) for op, operand in tests]  # type: ignore[arg-type]
    found: dict[tuple[bool, ...], Value] = {}
    candidates = tuple(only) or tuple(_candidates(tests, on, domain, tuple(also)))
    for value in candidates:
        if least is not None and value < least:  # type: ignore[operator]
            continue
        found.setdefault(tuple(test(value) for test in comparisons), value)
    return tuple(Cell(value, answers) for answers, value in found.items())


def _candidates(
    tests: Sequence[Test], on: date, domain: FactDefinition | None, also: tuple[Value, ...]
) -> Iterator[Value]:
    points = [*also, *_points(tests, on)]
    if any(isinstance(point, bool) for point in points) or (domain is not None and domain.type == "boolean"):
        yield from (True, False)
    elif any(isinstance(point, date) for point in points):
        yield from _around_days({point for point in points if isinstance(point, date)})
    elif any(isinstance(point, int | float) for point in points):
        numbers = sorted({point for point in points if isinstance(point, int | float)})
        yield from (number for number in _around_numbers(numbers) if _possible(number, domain))
    else:
        yield from dict.fromkeys([*points, *(domain.choices if domain is not None else ())])
        if domain is None or not domain.choices:
            yield OTHER


def _points(tests: Sequence[Test], on: date) -> Iterator[Value]:
    for _, operand in tests:
        if isinstance(operand, Span):
            yield from (on, operand.before(on))
        elif isinstance(operand, tuple):
            yield from operand
        else:
            yield cast(Value, operand)


def _around_days(days: set[date]) -> Iterator[date]:
    one = timedelta(days=1)
    yield from sorted({day + step for day in days for step in (-one, timedelta(0), one)}, reverse=True)


def _around_numbers(numbers: list[int | float]) -> Iterator[int | float]:
    """The thresholds themselves first (the values people recognize), then values between and beyond them."""
    yield from numbers
    yield numbers[0] - 1
    yield numbers[-1] + 1
    yield from ((low + high) / 2 for low, high in pairwise(numbers))


def _possible(number: float, domain: FactDefinition | None) -> bool:
    if domain is None:
        return True
    return (domain.least is None or number >= domain.least) and (domain.most is None or number <= domain.most)
