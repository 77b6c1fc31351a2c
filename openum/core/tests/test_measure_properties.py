"""What holds for every measure over every table: parts add up, order does not matter, unknown is never no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.measure import Measure
from openum.core.measure_compute import Tally, compute
from openum.core.tests.invented_measures import ask, measure, rows

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
maybe = st.none()
row = st.fixed_dictionaries({
    "plan": maybe | st.sampled_from(["P1", "P2"]),
    "speed": maybe | st.sampled_from(["standard", "expedited"]),
    "outcome": maybe | st.sampled_from(["approved", "denied", "voided"]),
    "extended": maybe | st.booleans(),
    "units": maybe | st.integers(-3, 9),
})  # fmt: skip
tables = st.lists(row, max_size=8)
SCOPE: dict[str, Any] = {
    "where": {"column": "speed", "is": "standard"},
    "exclusions": {"column": "outcome", "is": "voided"},
    "by": ["extended"],
    "raw_counts": ["outcome"],
}
FORMS: list[dict[str, Any]] = [
    {"numerator": {"column": "outcome", "is": "approved"}},
    {"numerator": {"any": [{"column": "units", "above": 3}, {"column": "extended", "is": True}]}},
    {"numerator": {"not": {"column": "outcome", "is": "denied"}},
     "top": {"of": "plan", "most": 9, "rank_by": "denominator"}},
    {"value": {"of": {"column": "units"}, "give": ["sum", "count"]}},
    {"shares": "outcome"},
    {"listing": {"columns": ["id", "units"], "order": ["units"]}},
]  # fmt: skip
measures = st.sampled_from([measure(**SCOPE, **form) for form in FORMS])


def tally(one: Measure, said: list[dict[str, Any]]) -> Tally:
    return compute(one, rows(*said), ask()).total


@given(measures, tables)
def test_counted_excluded_and_unknown_are_disjoint_and_the_numerator_is_counted(
    one: Measure, said: list[dict[str, Any]]
) -> None:
    found = tally(one, said)
    assert set(found.numerator) <= set(found.denominator)
    parts = [*found.denominator, *found.excluded, *found.unknown]
    assert len(parts) == len(set(parts)) <= len(said)


@given(measures, tables)
def test_groups_add_up_to_the_whole(one: Measure, said: list[dict[str, Any]]) -> None:
    found = compute(one, rows(*said), ask())
    for name in ("denominator", "numerator", "excluded", "unknown"):
        gathered = [id_ for _, group in found.groups for id_ in getattr(group, name)]
        assert sorted(gathered) == sorted(getattr(found.total, name))
    raw = dict.fromkeys(found.total.raw["outcome"], 0)
    for _, group in found.groups:
        for key, count in group.raw["outcome"].items():
            raw[key] += count
    assert raw == found.total.raw["outcome"]
    if "sum" in found.total.values:
        assert found.total.values["sum"] == sum((g.values["sum"] or 0 for _, g in found.groups), Fraction(0))


@given(measures, tables, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(one: Measure, said: list[dict[str, Any]], chance: Any) -> None:
    named = [{"id": "ABCDEFGH"[place], **one_row} for place, one_row in enumerate(said)]
    shuffled = list(named)
    chance.shuffle(shuffled)
    assert compute(one, rows(*shuffled), ask()) == compute(one, rows(*named), ask())


@given(measures, tables, st.integers(0, 7), st.sampled_from(["speed", "outcome", "extended", "units", "plan"]))
def test_what_is_no_longer_known_never_moves_a_row_into_a_number(
    one: Measure, said: list[dict[str, Any]], place: int, column: str
) -> None:
    """Unknown is never counted as no (or yes): hiding a value can only take a row out of the numbers."""
    if place >= len(said):
        return
    hidden = [dict(each) for each in said]
    hidden[place][column] = None
    before, after = tally(one, said), tally(one, hidden)
    assert set(after.denominator) <= set(before.denominator)
    assert set(after.numerator) <= set(before.numerator)
    assert set(after.excluded) <= set(before.excluded)
    assert set(before.numerator) - set(after.numerator) <= set(after.unknown)
    assert set(before.denominator) - set(after.denominator) <= set(after.unknown)


moments = st.integers(0, 20).map(lambda hours: NOON + timedelta(hours=hours))


@settings(max_examples=60)
@given(measures, st.lists(st.tuples(row, st.integers(0, 9)), max_size=5), moments, st.lists(row, max_size=3))
def test_what_is_learned_later_changes_no_past_instant(
    one: Measure, said: list[tuple[dict[str, Any], int]], at: datetime, later: list[dict[str, Any]]
) -> None:
    known = [
        {"id": "ABCDE"[place], **each, "known_from": (NOON + timedelta(hours=since)).isoformat()}
        for place, (each, since) in enumerate(said)
    ]
    after = at + timedelta(seconds=1)
    news = [{"id": f"N{place}", **each, "known_from": after.isoformat()} for place, each in enumerate(later)]
    corrected = [
        version
        for each in known
        for version in (
            [{**each, "known_to": after.isoformat()}, {**each, "outcome": "voided", "known_from": after.isoformat()}]
            if datetime.fromisoformat(each["known_from"]) <= at
            else [each]
        )
    ]
    assert compute(one, rows(*known), ask(at=at)) == compute(one, rows(*corrected, *news), ask(at=at))


@given(tables)
def test_shares_add_up_to_one_and_agree_with_the_raw_counts(said: list[dict[str, Any]]) -> None:
    found = tally(measure(shares="outcome", raw_counts=["outcome"]), said)
    if found.denominator:
        assert sum(share for share in found.values.values() if share is not None) == 1
        whole = len(found.denominator)
        assert found.values == {name: Fraction(n, whole) for name, n in found.raw["outcome"].items()}
