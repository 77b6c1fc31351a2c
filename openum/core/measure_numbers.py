"""The numbers of measures: exact statistics, intervals by a named method, agreement of two readers, printing.

Everything that can be exact is a ``Fraction``. An interval needs a square root and a normal quantile; it is a pair of
``Decimal`` rounded half up to six places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from math import ceil
from statistics import NormalDist
from typing import Literal

Statistic = str
"""``count``, ``sum``, ``mean``, ``median``, ``min``, ``max`` or a percentile: ``p90``."""
Method = Literal["wilson", "fleiss_cohen_everitt"]
Interval = tuple[Decimal, Decimal]
_PERCENTILE = re.compile(r"p([1-9][0-9]?)")
_PLACES = Decimal("0.000001")
_NAMED = ("count", "sum", "mean", "median", "min", "max")


def is_statistic(name: str) -> bool:
    """Whether there is a statistic of that name."""
    return name in _NAMED or _PERCENTILE.fullmatch(name) is not None


def statistic(name: Statistic, values: Sequence[Fraction]) -> Fraction | None:
    """The statistic of the values; ``None`` where there is none of nothing (count and sum of nothing are 0).

    The median of an even number is the mean of the middle two. A percentile is by nearest rank, the smallest value
    that at least so many percent do not exceed: always a value that occurred (SQL: ``quantile_disc``).
    """
    if name == "count":
        return Fraction(len(values))
    if name == "sum":
        return sum(values, Fraction(0))
    if not values:
        return None
    ordered = sorted(values)
    percentile = _PERCENTILE.fullmatch(name)
    if percentile:
        return ordered[ceil(Fraction(int(percentile[1]), 100) * len(ordered)) - 1]
    if name == "mean":
        return sum(ordered, Fraction(0)) / len(ordered)
    if name == "median":
        return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return ordered[0] if name == "min" else ordered[-1]


def wilson(part: int, whole: int, level: Decimal) -> Interval | None:
    """The Wilson score interval of a share (E. B. Wilson, JASA 22, 1927); ``None`` of nothing."""
    if whole == 0:
        return None
    z = Fraction(_quantile(level))
    share, n = Fraction(part, whole), Fraction(whole)
    middle = share + z * z / (2 * n)
    spread = z * _root(share * (1 - share) / n + z * z / (4 * n * n))
    low, high = ((middle + sign * spread) / (1 + z * z / n) for sign in (-1, 1))
    return _six(max(low, Fraction(0))), _six(min(high, Fraction(1)))


class Agreement:
    """How far two readers agree beyond chance (Cohen's kappa, unweighted), from pairs of what each said.

    ``kappa`` is ``None`` where it is not defined: no pair, or both always said the same one thing.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.n = len(pairs)
        self.said = sorted({one for pair in pairs for one in pair})
        self._cells = {(a, b): Fraction(pairs.count((a, b)), self.n) for a in self.said for b in self.said}
        self._first = {a: sum((self._cells[a, b] for b in self.said), Fraction(0)) for a in self.said}
        self._second = {b: sum((self._cells[a, b] for a in self.said), Fraction(0)) for b in self.said}
        self.observed = sum((self._cells[a, a] for a in self.said), Fraction(0))
        self.chance = sum((self._first[a] * self._second[a] for a in self.said), Fraction(0))
        self.kappa = None if self.chance == 1 or not pairs else (self.observed - self.chance) / (1 - self.chance)

    def interval(self, level: Decimal) -> Interval | None:
        """The large-sample interval of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969), within -1 and 1."""
        if self.kappa is None:
            return None
        spread = Fraction(_quantile(level)) * _root(self._variance(self.kappa))
        return _six(max(self.kappa - spread, Fraction(-1))), _six(min(self.kappa + spread, Fraction(1)))

    def _variance(self, kappa: Fraction) -> Fraction:
        rest = 1 - kappa
        agreed = sum(
            (self._cells[a, a] * (1 - (self._first[a] + self._second[a]) * rest) ** 2 for a in self.said), Fraction(0)
        )
        apart = sum(
            (
                self._cells[a, b] * (self._second[a] + self._first[b]) ** 2
                for a in self.said
                for b in self.said
                if a != b
            ),
            Fraction(0),
        )
        whole = agreed + rest**2 * apart - (kappa - self.chance * rest) ** 2
        return max(whole, Fraction(0)) / (self.n * (1 - self.chance) ** 2)


def printed(value: Fraction | None, unit: str, places: int) -> str:
    """The value as it is published: half up to so many places, a share as percent; ``none`` where there is none."""
    if value is None:
        return "none"
    if unit == "percent":
        return f"{rounded(value * 100, places)} %"
    return str(rounded(value, places))


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up (away from zero in the middle) to so many places, exactly."""
    scaled = abs(value) * 10**places
    whole = int(scaled + Fraction(1, 2))
    digits = Decimal(whole).scaleb(-places, Context(prec=60))
    return digits.copy_negate() if value < 0 and whole else digits


def exact_word(value: Fraction | None) -> str | int | None:
    """An exact number as a worked example writes it: a whole number, or ``2/3``."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def shares(counts: Mapping[str, int]) -> dict[str, Fraction]:
    """Each count as a share of their sum; nothing of nothing."""
    whole = sum(counts.values())
    return {name: Fraction(count, whole) for name, count in counts.items()} if whole else {}


def _quantile(level: Decimal) -> Decimal:
    return Decimal(repr(NormalDist().inv_cdf(float((1 + level) / 2))))


def _root(value: Fraction) -> Fraction:
    with localcontext(Context(prec=40)):
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def _six(value: Fraction) -> Decimal:
    with localcontext(Context(prec=40)):
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_PLACES, ROUND_HALF_UP)
