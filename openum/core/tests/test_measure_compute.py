"""Measures by hand: who counts, who is excluded, who is unknown, and every form of number."""

from __future__ import annotations

from datetime import UTC as WORLD
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.measure import Measure, alone
from openum.core.measure_compute import Period, Question, Result, Tally, compute, in_period, unit_of
from openum.core.tests.invented_measures import NEW_YORK, UTC, ask, measure, rows

YES_, NO_ = {"outcome": "approved"}, {"outcome": "denied"}
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def result(one: Measure, *said: dict[str, Any], question: Question | None = None) -> Result:
    return compute(one, rows(*said), question or ask(by=()))


def total(one: Measure, *said: dict[str, Any], **asked: Any) -> Tally:
    return result(one, *said, question=ask(by=(), **asked)).total


def test_a_share_with_the_rows_behind_it() -> None:
    tally = total(measure(raw_counts=["outcome"]), YES_, NO_, YES_)
    assert (tally.denominator, tally.numerator) == (("A", "B", "C"), ("A", "C"))
    assert tally.values == {"share": Fraction(2, 3)}
    assert tally.raw == {"outcome": {"approved": 2, "denied": 1}}
    assert (tally.excluded, tally.unknown, tally.interval, tally.listed) == ((), (), None, ())


def test_an_unknown_numerator_is_in_neither_part_and_counted_apart() -> None:
    tally = total(measure(), YES_, {}, NO_)
    assert (tally.denominator, tally.numerator, tally.unknown) == (("A", "C"), ("A",), ("B",))


def test_out_of_scope_is_nowhere_and_unknown_scope_is_unknown() -> None:
    one = measure(where={"column": "speed", "is": "standard"}, denominator={"column": "units", "above": 0})
    said = [
        {**YES_, "speed": "standard", "units": 1},
        {**YES_, "speed": "expedited"},
        {**YES_, "units": 1},
        {**YES_, "speed": "standard"},
        {**YES_, "speed": "standard", "units": 0},
    ]
    tally = total(one, *said)
    assert (tally.denominator, tally.unknown, tally.excluded) == (("A",), ("C", "D"), ())


def test_excluded_is_counted_and_an_unknown_exclusion_is_unknown() -> None:
    one = measure(exclusions={"column": "extended", "is": True})
    tally = total(one, {**YES_, "extended": True}, YES_, {**YES_, "extended": False})
    assert (tally.denominator, tally.excluded, tally.unknown) == (("C",), ("A",), ("B",))


def test_what_is_excluded_in_any_case_is_not_unknown_for_want_of_scope() -> None:
    one = measure(where={"column": "speed", "is": "standard"}, exclusions={"column": "extended", "is": True})
    tally = total(one, {**YES_, "extended": True})
    assert (tally.denominator, tally.excluded, tally.unknown) == ((), (), ())


def test_nothing_counted_has_no_share() -> None:
    assert total(measure()).values == {"share": None}


def test_a_wilson_interval_where_the_measure_names_one() -> None:
    one = measure(interval={"method": "wilson", "confidence": "0.95"})
    assert total(one, YES_).interval == (Decimal("0.206549"), Decimal("1.000000"))
    assert total(one).interval is None


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-01-01T04:59:59Z", NO),
        ("2026-01-01T05:00:00Z", YES),
        ("2027-01-01T04:59:59Z", YES),
        ("2027-01-01T05:00:00Z", NO),
        (None, UNKNOWN),
    ],
)
def test_a_moment_falls_on_the_day_of_the_plans_wall_clock(moment: str | None, answer: object) -> None:
    one = measure(period={"of": "calendar_year", "by": "received_at"})
    row = rows({"received_at": moment})[0]
    assert in_period(one.timing, row, YEAR, NEW_YORK) is answer


@pytest.mark.parametrize(
    ("first", "last", "answer"),
    [
        ("2025-01-01", "2025-12-31", NO),
        ("2025-01-01", "2026-01-01", YES),
        ("2026-12-31", None, YES),
        ("2027-01-01", None, NO),
        (None, "2025-12-31", NO),
        (None, "2026-06-01", UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_a_span_is_in_every_period_it_touches(first: str | None, last: str | None, answer: object) -> None:
    one = measure(period={"of": "any", "first": "asked_on", "last": "ended_on"})
    assert in_period(one.timing, rows({"asked_on": first, "ended_on": last})[0], YEAR, UTC) is answer


def test_without_a_period_all_time_counts() -> None:
    one = measure(period={"of": "calendar_year", "by": "received_at"})
    assert total(one, YES_).denominator == ("A",)
    assert total(one, YES_, period=YEAR).unknown == ("A",)
    assert total(measure(), YES_, period=YEAR).denominator == ("A",)


def test_as_of_an_instant_sees_what_was_known_then() -> None:
    said = (
        {"id": "A", "outcome": "denied", "known_to": "2026-03-01T00:00:00Z"},
        {"id": "A", "outcome": "approved", "known_from": "2026-03-01T00:00:00Z"},
    )
    assert total(measure(), *said, at=datetime(2026, 2, 1, tzinfo=WORLD)).numerator == ()
    assert total(measure(), *said, at=datetime(2026, 3, 1, tzinfo=WORLD)).numerator == ("A",)
    assert total(measure(), *said).numerator == ("A",)


def test_groups_by_unit_and_column_with_what_is_not_known_last() -> None:
    one = measure(by=["extended"])
    said = [
        {**YES_, "plan": "P2", "extended": True},
        {**NO_, "plan": "P1", "extended": False},
        {**YES_, "extended": True},
        {"plan": "P1", "extended": False},
        {**NO_, "plan": "P1"},
    ]
    found = result(one, *said, question=ask())
    assert found.by == ("level", "extended")
    assert [(key, tally.denominator, tally.unknown) for key, tally in found.groups] == [
        (("P1", "false"), ("B",), ("D",)),
        (("P1", None), ("E",), ()),
        (("P2", "true"), ("A",), ()),
        ((None, "true"), ("C",), ()),
    ]


def test_a_group_with_nothing_in_it_is_not_listed() -> None:
    one = measure(where={"column": "speed", "is": "standard"})
    said = [{**YES_, "plan": "P1", "speed": "standard"}, {**YES_, "plan": "P2", "speed": "expedited"}]
    assert [key for key, _ in result(one, *said, question=ask()).groups] == [("P1",)]


def test_a_group_of_excluded_or_unknown_rows_alone_is_listed() -> None:
    one = measure(exclusions={"column": "extended", "is": True})
    said = [{**YES_, "plan": "P1", "extended": True}, {**YES_, "plan": "P2"}]
    assert [key for key, _ in result(one, *said, question=ask()).groups] == [("P1",), ("P2",)]


def test_the_reporting_unit_depends_on_the_line_of_business() -> None:
    one = measure(
        level=[{"lines_of_business": ["chip"], "column": "state"}, {"lines_of_business": ["erisa"], "column": "plan"}]
    )
    said = [
        {"line_of_business": "chip", "state": "TX", "plan": "P1"},
        {"line_of_business": "erisa", "state": "TX", "plan": "P1"},
        {"state": "TX", "plan": "P1"},
    ]
    assert [unit_of(one, row) for row in rows(*said)] == ["TX", "P1", None]


def test_a_column_to_group_by_must_exist() -> None:
    with pytest.raises(ValueError, match="requests has no column stat; it has state"):
        compute(measure(), rows(YES_), ask(by=("stat",)))


def test_a_convention_changes_what_it_names_and_nothing_else() -> None:
    one = measure(
        where={"column": "speed", "is": "standard"},
        period={"of": "calendar_year", "by": "received_at"},
        conventions=[
            {"name": "all_speeds", "words": "Any speed.", "where": {"all": [{"column": "speed", "is_set": True}]}},
            {"name": "denials", "words": "Denials.", "numerator": {"column": "outcome", "is": "denied"}},
            {"name": "long", "words": "Long ones.", "denominator": {"column": "units", "above": 1},
             "exclusions": {"column": "extended", "is": True}, "period": {"of": "any", "by": "decided_at"}},
        ],
    )  # fmt: skip
    said = (
        {**YES_, "speed": "standard", "units": 2, "extended": False, "received_at": "2026-03-01T00:00:00Z"},
        {**YES_, "speed": "expedited", "decided_at": "2026-03-01T00:00:00Z", "received_at": "2026-03-01T00:00:00Z"},
    )

    def counted(convention: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        tally = total(one, *said, convention=convention, period=YEAR)
        return tally.denominator, tally.numerator, tally.unknown

    assert counted("") == (("A",), ("A",), ())
    assert counted("all_speeds") == (("A", "B"), ("A", "B"), ())
    assert counted("denials") == (("A",), (), ())
    assert counted("long") == ((), (), ("A",))
    with pytest.raises(ValueError, match="MADE-UP has no convention short; it has all_speeds, denials, long"):
        counted("short")
    with pytest.raises(ValueError, match="it has none"):
        total(measure(), YES_, convention="x")


def test_statistics_leave_out_what_has_no_number() -> None:
    one = measure(value={"of": {"column": "units"}, "give": ["mean", "sum"]}, unit="days")
    tally = total(one, {"units": 1}, {"units": 2}, {})
    assert tally.values == {"mean": Fraction(3, 2), "sum": 3}
    assert (tally.denominator, tally.unknown) == (("A", "B"), ("C",))


def test_a_count_needs_no_number() -> None:
    assert total(measure(value={"give": ["count"]}, unit="count"), {}, {}).values == {"count": 2}


def test_a_quotient_of_sums_needs_both_and_a_divisor() -> None:
    one = measure(quotient={"sum": {"column": "units"}, "per": {"column": "hours"}}, unit="number")
    tally = total(one, {"units": 3, "hours": 2}, {"units": 1, "hours": 2}, {"units": 1}, {"hours": 1})
    assert tally.values == {"quotient": Fraction(1)}
    assert tally.unknown == ("C", "D")
    assert total(one, {"units": 3, "hours": 0}).values == {"quotient": None}


def test_shares_of_a_column() -> None:
    tally = total(measure(shares="outcome"), YES_, NO_, YES_, {})
    assert tally.values == {"approved": Fraction(2, 3), "denied": Fraction(1, 3)}
    assert tally.unknown == ("D",)


def test_agreement_of_two_columns() -> None:
    interval = {"method": "fleiss_cohen_everitt", "confidence": "0.95"}
    one = measure(agreement={"first": "outcome", "second": "second", "interval": interval}, unit="number")
    both = [{"outcome": "approved", "second": "approved"}, {"outcome": "denied", "second": "denied"}]
    tally = total(one, *both, {"outcome": "denied"}, {"second": "denied"})
    assert tally.values == {"kappa": 1, "observed": 1, "chance": Fraction(1, 2)}
    assert tally.interval == (Decimal("1.000000"), Decimal("1.000000"))
    assert tally.unknown == ("C", "D")
    assert total(one).values == {"kappa": None, "observed": None, "chance": None}


def test_a_ranking_by_rows_or_share_breaks_ties_by_the_value() -> None:
    said = [{**YES_, "state": "B"}, {**NO_, "state": "B"}, {**YES_, "state": "C"}, {**YES_, "state": "A"}, YES_]
    by_rows = measure(top={"of": "state", "most": 2, "rank_by": "denominator"})
    by_share = measure(top={"of": "state", "most": 3, "rank_by": "share"})
    assert total(by_rows, *said).listed == (("B", 2, 1, Fraction(1, 2)), ("A", 1, 1, 1))
    assert total(by_share, *said).listed == (("A", 1, 1, 1), ("C", 1, 1, 1), ("B", 2, 1, Fraction(1, 2)))
    assert total(by_rows, *said).values == {"share": Fraction(3, 4)}
    assert total(by_rows, *said).unknown == ("E",)


def test_a_listing_in_order_with_what_is_not_known_last() -> None:
    one = measure(listing={"columns": ["id", "units"], "order": ["units", "plan"]}, unit="rows")
    said = [{"units": 2}, {}, {"units": 1, "plan": "P2"}, {"units": 1, "plan": "P1"}]
    tally = total(one, *said)
    assert tally.listed == (("D", 1), ("C", 1), ("A", 2), ("B", None))
    assert tally.values == {"count": 4}


def test_a_measure_may_not_be_shown_without_the_others_it_names() -> None:
    one, other = measure(shown_with=["OTHER"]), measure()
    assert alone({"ONE": one}) == (("ONE", "OTHER"),)
    assert alone({"ONE": one, "OTHER": other}) == ()
