"""Exact statistics, intervals against published values and an independent derivation, printing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.measure_numbers import Agreement, exact_word, is_statistic, printed, rounded, shares, statistic, wilson

NUMBERS = tuple(map(Fraction, (5, 1, 4, 2)))
LEVEL = Decimal("0.95")


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", 4), ("sum", 12), ("mean", 3), ("median", 3), ("min", 1), ("max", 5), ("p25", 1), ("p26", 2), ("p75", 4),
     ("p76", 5), ("p99", 5), ("p1", 1)],
)  # fmt: skip
def test_each_statistic_of_four_numbers(name: str, value: int) -> None:
    assert statistic(name, NUMBERS) == value


def test_of_nothing_there_is_a_count_and_a_sum_and_no_other_number() -> None:
    found = {name: statistic(name, ()) for name in ("count", "sum", "mean", "median", "min", "max", "p90")}
    assert found == {"count": 0, "sum": 0, "mean": None, "median": None, "min": None, "max": None, "p90": None}


def test_the_median_of_an_odd_number_is_the_middle_one() -> None:
    assert statistic("median", (Fraction(9), Fraction(1), Fraction(2))) == 2


@pytest.mark.parametrize(
    ("name", "known"),
    [("mean", True), ("p5", True), ("p99", True), ("p0", False), ("p100", False), ("mode", False)],
)
def test_which_statistics_there_are(name: str, known: bool) -> None:
    assert is_statistic(name) is known


@given(st.lists(st.fractions(-100, 100), min_size=1, max_size=12), st.integers(1, 99))
def test_a_percentile_is_the_smallest_value_that_so_many_percent_do_not_exceed(
    values: list[Fraction], percent: int
) -> None:
    found = statistic(f"p{percent}", values)
    enough = [one for one in values if Fraction(sum(v <= one for v in values), len(values)) >= Fraction(percent, 100)]
    assert found == min(enough)


def test_wilson_agrees_with_published_values() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29 (four places)."""
    ends = {(81, 263): ("0.2553", "0.3662"), (15, 148): ("0.0624", "0.1605"), (0, 20): ("0.0000", "0.1611"),
            (1, 29): ("0.0061", "0.1718")}  # fmt: skip
    for (part, whole), (low, high) in ends.items():
        found = wilson(part, whole, LEVEL)
        assert found is not None
        assert [str(round(end, 4)) for end in found] == [low, high]


def test_wilson_of_nothing_is_nothing_and_of_all_reaches_one() -> None:
    assert wilson(0, 0, LEVEL) is None
    assert wilson(1, 1, LEVEL) == (Decimal("0.206549"), Decimal("1.000000"))


def pairs(**cells: int) -> list[tuple[str, str]]:
    return [(name[0], name[1]) for name, count in cells.items() for _ in range(count)]


def test_kappa_of_a_table_computed_by_hand() -> None:
    agreed = Agreement(pairs(yy=20, yn=5, ny=10, nn=15))
    assert (agreed.n, agreed.observed, agreed.chance, agreed.kappa) == (
        50, Fraction(7, 10), Fraction(1, 2), Fraction(2, 5),
    )  # fmt: skip


def test_kappa_is_not_defined_where_both_always_say_one_thing_or_nothing_was_read() -> None:
    assert Agreement(pairs(yy=3)).kappa is None
    assert Agreement(pairs(yy=3)).interval(LEVEL) is None
    assert Agreement([]).kappa is None


def test_kappa_is_one_where_all_agree_and_the_interval_is_a_point() -> None:
    agreed = Agreement(pairs(yy=3, nn=2))
    assert agreed.kappa == 1
    assert agreed.interval(LEVEL) == (Decimal("1.000000"), Decimal("1.000000"))


def by_delta_method(table: dict[str, int]) -> float:
    """The variance of kappa from its numerical gradient: an independent way to the formula's value."""
    names = sorted({one for name in table for one in name})
    cells = [a + b for a in names for b in names]
    n = sum(table.values())
    p = [table.get(cell, 0) / n for cell in cells]

    def kappa(q: list[float]) -> float:
        at = dict(zip(cells, q, strict=True))
        whole = sum(q)
        first = {a: sum(at[a + b] for b in names) / whole for a in names}
        second = {b: sum(at[a + b] for a in names) / whole for b in names}
        observed = sum(at[a + a] for a in names) / whole
        chance = sum(first[a] * second[a] for a in names)
        return (observed - chance) / (1 - chance)

    step = 1e-6
    slope = []
    for place in range(len(cells)):
        up, down = list(p), list(p)
        up[place] += step
        down[place] -= step
        slope.append((kappa(up) - kappa(down)) / (2 * step))
    mean = sum(g * q for g, q in zip(slope, p, strict=True))
    return (sum(g * g * q for g, q in zip(slope, p, strict=True)) - mean**2) / n


@pytest.mark.parametrize(
    "table",
    [{"yy": 20, "yn": 5, "ny": 10, "nn": 15}, {"aa": 9, "ab": 2, "bb": 11, "bc": 3, "cc": 14, "ca": 1}],
)
def test_the_interval_of_kappa_agrees_with_the_delta_method(table: dict[str, int]) -> None:
    agreed = Agreement(pairs(**table))
    found = agreed.interval(LEVEL)
    assert found is not None
    assert agreed.kappa is not None
    spread = 1.959963984540054 * by_delta_method(table) ** 0.5
    assert float(found[0]) == pytest.approx(float(agreed.kappa) - spread, abs=2e-6)
    assert float(found[1]) == pytest.approx(float(agreed.kappa) + spread, abs=2e-6)


@pytest.mark.parametrize(
    ("value", "unit", "places", "words"),
    [
        (Fraction(2, 3), "percent", 2, "66.67 %"),
        (Fraction(1, 8), "percent", 1, "12.5 %"),
        (Fraction(1, 8), "percent", 0, "13 %"),
        (Fraction(5, 2), "days", 0, "3"),
        (Fraction(-5, 2), "days", 0, "-3"),
        (Fraction(-1, 1000), "days", 2, "0.00"),
        (Fraction(7), "count", 0, "7"),
        (Fraction(10**40 + 1), "count", 0, str(10**40 + 1)),
        (None, "percent", 2, "none"),
    ],
)
def test_printing_rounds_half_up(value: Fraction | None, unit: str, places: int, words: str) -> None:
    assert printed(value, unit, places) == words


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_what_is_printed_is_at_most_half_a_last_place_away(value: Fraction, places: int) -> None:
    assert abs(Fraction(rounded(value, places)) - value) <= Fraction(1, 2 * 10**places)


def test_exact_words_and_shares() -> None:
    assert [exact_word(value) for value in (Fraction(2, 3), Fraction(4), None)] == ["2/3", 4, None]
    assert shares({"a": 1, "b": 3}) == {"a": Fraction(1, 4), "b": Fraction(3, 4)}
    assert shares({}) == {}
