"""Reading a measure from its library words: what is said, and what is refused in words for the author."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.measure import Direction, Ratio, Target, form_columns
from openum.core.measure_conditions import ALWAYS, NEVER
from openum.core.measure_reading import read_condition, read_measure, value_names
from openum.core.tests.invented_measures import FRAME, REQUESTS, TYPES, measure

KAPPA = {"method": "fleiss_cohen_everitt", "confidence": "0.95"}


def test_a_measure_says_what_it_is_for() -> None:
    one = measure(
        decimals=1,
        target=[{"for": "provider", "above": "98 %"}, {"for": "plan", "is": 0}],
        direction=[{"for": "provider", "better": "higher", "reads": "Good."},
                   {"for": "plan", "better": "lower", "reads": "Bad."}],
    )  # fmt: skip
    assert one.directions == (
        Direction(reader="provider", better="higher", reads="Good."),
        Direction(reader="plan", better="lower", reads="Bad."),
    )
    assert one.targets == (
        Target(reader="provider", op="above", value=Fraction(49, 50)),
        Target(reader="plan", op="is", value=Fraction(0)),
    )
    assert one.decimals == 1
    assert (one.where, one.denominator, one.exclusions) == (ALWAYS, ALWAYS, NEVER)
    assert measure().no_target == "Made up."


@pytest.mark.parametrize(
    ("op", "below", "on", "beyond"),
    [
        ("at_least", NO, YES, YES),
        ("at_most", YES, YES, NO),
        ("above", NO, NO, YES),
        ("below", YES, NO, NO),
        ("is", NO, YES, NO),
    ],
)
def test_a_target_on_its_edge(op: str, below: object, on: object, beyond: object) -> None:
    target = Target(reader="plan", op=op, value=Fraction(1, 2))
    assert [target.met(Fraction(n, 100)) for n in (49, 50, 51)] == [below, on, beyond]
    assert target.met(None) is UNKNOWN


def test_a_measure_names_every_column_it_reads_once() -> None:
    one = measure(
        where={"column": "speed", "is": "standard"},
        exclusions={"column": "outcome", "is": "voided"},
        period={"of": "any", "first": "asked_on", "last": "ended_on"},
        by=["extended"],
        raw_counts=["outcome"],
        level=[{"lines_of_business": ["chip"], "column": "state"}],
    )
    assert measure().columns == ("outcome", "plan")
    assert one.columns == ("speed", "outcome", "asked_on", "ended_on", "state", "line_of_business", "extended")


@pytest.mark.parametrize(
    ("said", "columns", "names"),
    [
        ({"value": {"give": ["count"]}}, (), ("count",)),
        ({"value": {"of": {"column": "units"}, "give": ["mean", "p90"]}}, ("units",), ("mean", "p90")),
        ({"quotient": {"sum": {"column": "units"}, "per": {"difference": {"from": "asked_on", "to": "ended_on",
          "in": "days"}}}}, ("units", "asked_on", "ended_on"), ("quotient",)),
        ({"shares": "outcome"}, ("outcome",), ("share",)),
        ({"agreement": {"first": "outcome", "second": "second", "interval": KAPPA}}, ("outcome", "second"),
         ("kappa", "observed", "chance")),
        ({"listing": {"columns": ["id"], "order": ["units"]}}, ("id", "units"), ("count",)),
        ({"numerator": {"column": "units", "is": 1}, "top": {"of": "state", "most": 3, "rank_by": "share"}},
         ("state",), ("share",)),
        ({"numerator": {"column": "units", "is": 1}}, (), ("share",)),
    ],
)  # fmt: skip
def test_each_form_reads_columns_and_names_its_values(
    said: dict[str, Any], columns: tuple[str, ...], names: tuple[str, ...]
) -> None:
    form = measure(**said).form
    assert (form_columns(form), value_names(form)) == (columns, names)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"population": "nobody"}, "There is no record type nobody; write one of requests"),
        ({"value": {"give": ["count"]}, "shares": "outcome"}, "this has value, shares"),
        ({"shares": "outcom"}, "requests has no column outcom; it has outcome"),
        ({"value": {"give": ["mean"]}}, "Without `of:` only the count can be given"),
        ({"value": {"of": {"column": "units"}, "give": ["mode"]}}, "mode is no statistic"),
        ({"value": {"of": {"column": "plan"}, "give": ["mean"]}}, "plan is text; a number is needed"),
        ({"agreement": {"first": "plan", "second": "plan", "interval": KAPPA}}, "must be choices among the same"),
        ({"agreement": {"first": "outcome", "second": "speed", "interval": KAPPA}}, "must be choices among the same"),
        ({"period": {"of": "any", "by": "plan"}}, "a period goes by a day or a moment"),
        ({"period": {"of": "any", "first": "asked_on"}}, "A period goes `by` one day"),
        ({"level": "region"}, "requests has no column region"),
        ({"level": [{"lines_of_business": ["x"], "column": "plan"}]}, "'x' is not one of erisa, chip"),
        ({"by": ["region"]}, "requests has no column region"),
        ({"target": [{"for": "plan", "of": "mean", "is": 0}]}, "The target is for mean; the measure gives share"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(said: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        measure(**said)


def test_a_measure_without_a_form_is_refused() -> None:
    with pytest.raises(ValueError, match="A measure has one of numerator, value"):
        read_measure("MADE-UP", "1", FRAME, TYPES)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"column": "units"}, "this has none"),
        ({"column": "units", "is": 1, "above": 0}, "this has is, above"),
        ({"column": "units", "like": 1}, "this has like"),
        ({"column": "outcome", "is": "appproved"}, "is not one of approved, denied, voided"),
        ({"column": "outcome", "above": "approved"}, "outcome is choice; above needs a number"),
        ({"column": "extended", "is_set": "yes"}, "is_set is true or false"),
        ({"column": "units", "is": None}, "write is_set: false"),
        ({"column": "decided_at", "is": "now"}, "'now' is not a moment"),
        ({"column": "asked_on", "before": "now"}, "'now' is not a day"),
        ({"column": "units", "is": {"column": "plan"}}, "units is number and plan is text: they do not compare"),
        ({"difference": {"from": "asked_on", "to": "ended_on", "in": "hours"}, "is": 0}, "their difference is in days"),
        ({"difference": {"from": "asked_on", "to": "decided_at", "in": "days"}, "is": 0}, "two days or two moments"),
        ({"difference": {"from": "units", "to": "units", "in": "days"}, "is": 0}, "two days or two moments"),
        ({"difference": {"from": "asked_on", "to": "ended_on", "in": "weeks"}, "is": 0}, "not in weeks"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(said: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        read_condition(said, REQUESTS)


def test_a_convention_keeps_the_ranking_of_the_measure() -> None:
    one = measure(
        top={"of": "state", "most": 3, "rank_by": "share"},
        conventions=[{"name": "denials", "words": "Denials.", "numerator": {"column": "outcome", "is": "denied"}}],
    )
    assert one.under("denials").form != one.form
    assert form_columns(one.under("denials").form) == ("state",)
    assert not isinstance(one.under("denials").form, Ratio)
