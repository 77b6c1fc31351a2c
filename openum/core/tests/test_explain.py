"""Findings and distances in words and as plain data."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.chart import Chart, Fact, Value
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Leaf, Not, evaluate
from openum.core.distance import Distance, Need, Way, distance
from openum.core.explain import (
    Branch,
    as_data,
    branches,
    distance_data,
    distance_sentence,
    fact_data,
    leaf_data,
    need_data,
    need_sentence,
    reasons,
    shown,
    unmet,
    way_sentence,
    where,
    worded,
)
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.core.tests.invented_policies import ON, chart
from openum.core.tests.test_criteria_properties import charts, trees

SATURATION = Leaf("spo2_at_rest", "at_most", 88, "Saturation at or below 88 %", "1(a)")
EDEMA = Leaf("edema", "is", True, "Dependent edema")
SMOKES = Leaf("smokes", "is", True, "The member smokes")
DEFINITIONS = {
    "spo2_at_rest": FactDefinition(
        id="spo2_at_rest", type="number", question="What was the saturation?", unit="%", document="test report"
    ),
    "edema": FactDefinition(id="edema", type="boolean", question="Is there dependent edema?"),
}
MEASURED = Fact("spo2_at_rest", 93, "Observation/1", date(2026, 5, 30), "SpO2 93 %")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "yes"),
        (False, "no"),
        (88, "88"),
        (88.0, "88"),
        (88.5, "88.5"),
        (date(2026, 3, 1), "2026-03-01"),
        ("never", "never"),
        (0, "0"),
    ],
)
def test_a_value_is_written_as_a_reader_would(value: Value, words: str) -> None:
    assert worded(value) == words
    assert shown(Fact("x", value)) == words


def test_what_is_not_known_says_so_and_why_and_a_floor_says_at_least() -> None:
    assert shown(None) == shown(Fact("x", None)) == "not known"
    assert shown(Fact("x", None, note="sources disagree on the same day")) == (
        "not known (sources disagree on the same day)"
    )
    assert shown(Fact("x", 3, floor=True)) == "at least 3"
    assert shown(Fact("x", date(2023, 5, 4), floor=True)) == "2023-05-04, the newest found"
    assert shown(Fact("x", "2023-05-04", floor=True)) == "2023-05-04, the newest found"


def test_where_a_fact_was_read_has_the_day_and_the_words() -> None:
    assert where(MEASURED) == 'Observation/1, 2026-05-30: "SpO2 93 %"'
    assert where(Fact("x", 1, "Observation/1")) == "Observation/1"
    assert where(Fact("x", 1, date=ON, quote="no source")) == where(None) == ""


@pytest.mark.parametrize(
    ("leaf", "text"),
    [
        (Leaf("spo2_at_rest", "at_most", 88), "spo2 at rest at most 88"),
        (Leaf("x", "at_least", 2.5), "x at least 2.5"),
        (Leaf("x", "above", 4), "x above 4"),
        (Leaf("x", "below", date(2026, 3, 1)), "x below 2026-03-01"),
        (Leaf("x", "is", True), "x yes"),
        (Leaf("x", "is", False), "x no"),
        (Leaf("x", "is", "never"), "x is never"),
        (Leaf("x", "one_of", ("a", "b")), "x one of a, b"),
        (Leaf("x", "within", Span(days=30)), "x within 30 days before the service date"),
        (Leaf("x", "at_least", Asked("quantity")), "x at least the quantity asked for"),
    ],
)
def test_a_comparison_without_a_label_is_said_in_words(leaf: Leaf, text: str) -> None:
    (line,) = branches(evaluate(leaf, chart()))
    assert line == Branch(0, UNKNOWN, text, "", "", "not known", "")


def test_a_tree_is_printed_top_to_bottom_with_its_depth_and_how_each_group_counts() -> None:
    tree = All(
        (
            SATURATION,
            AnyOf((EDEMA, Not(SMOKES))),
            AtLeast(2, (EDEMA, EDEMA), "Two signs"),
            Not(AnyOf((SMOKES,)), cite="2"),
            Not(EDEMA, "No edema"),
        ),
        cite="1",
    )
    found = evaluate(tree, Chart(ON, {"spo2_at_rest": MEASURED, "edema": Fact("edema", True)}))
    assert [(one.depth, one.answer, one.text, one.cite, one.group) for one in branches(found)] == [
        (0, NO, "all of these", "1", "all of these"),
        (1, NO, "Saturation at or below 88 %", "1(a)", ""),
        (1, YES, "one of these", "", "one of these"),
        (2, YES, "Dependent edema", "", ""),
        (2, UNKNOWN, "not: The member smokes", "", "not"),
        (3, UNKNOWN, "The member smokes", "", ""),
        (1, YES, "Two signs", "", "at least 2 of these"),
        (2, YES, "Dependent edema", "", ""),
        (2, YES, "Dependent edema", "", ""),
        (1, UNKNOWN, "not: one of these", "2", "not"),
        (2, UNKNOWN, "one of these", "", "one of these"),
        (3, UNKNOWN, "The member smokes", "", ""),
        (1, NO, "No edema", "", "not"),
        (2, YES, "Dependent edema", "", ""),
    ]
    lines = list(branches(found))
    assert (lines[1].found, lines[1].source) == ("93", 'Observation/1, 2026-05-30: "SpO2 93 %"')
    assert (lines[0].found, lines[0].source) == ("", "")


def test_the_reasons_of_a_no_are_what_stands_in_the_way_with_source_and_citation() -> None:
    found = evaluate(All((SATURATION, EDEMA)), Chart(ON, {"spo2_at_rest": MEASURED, "edema": Fact("edema", True)}))
    assert reasons(found) == (
        'Saturation at or below 88 %: not met (93; Observation/1, 2026-05-30: "SpO2 93 %") [1(a)]',
    )


def test_the_reasons_of_a_yes_are_the_branches_that_carry_it_each_once() -> None:
    found = evaluate(AnyOf((All((EDEMA, EDEMA)), SATURATION, SMOKES)), chart(edema=True, spo2_at_rest=93))
    assert reasons(found) == ("Dependent edema: met (yes)",)


def test_the_reasons_of_an_unknown_are_what_nobody_knows() -> None:
    found = evaluate(All((EDEMA, SMOKES)), chart(edema=True))
    assert reasons(found) == ("The member smokes: not known (not known)",)


@pytest.mark.parametrize(
    ("smokes", "reason"),
    [
        (True, "The member does not smoke: not met (yes) [3]"),
        (False, "The member does not smoke: met (no) [3]"),
        (None, "The member does not smoke: not known (not known) [3]"),
    ],
)
def test_a_negation_is_one_reason_with_the_fact_under_it(smokes: Any, reason: str) -> None:
    assert reasons(evaluate(Not(SMOKES, "The member does not smoke", "3"), chart(smokes=smokes))) == (reason,)


def test_a_negated_group_shows_the_fact_that_decided_and_not_merely_the_first() -> None:
    neither = Not(AnyOf((EDEMA, SMOKES)), "Neither edema nor smoking")
    assert reasons(evaluate(neither, chart(edema=False, smokes=True))) == ("Neither edema nor smoking: not met (yes)",)
    assert reasons(evaluate(neither, chart(edema=False))) == ("Neither edema nor smoking: not known (not known)",)
    twice = Not(Not(AnyOf((EDEMA, SMOKES))), "Edema or smoking")
    assert reasons(evaluate(twice, chart(edema=False, smokes=True))) == ("Edema or smoking: met (yes)",)
    nothing = Not(AtLeast(3, (EDEMA, SMOKES)), "Fewer than three")
    assert reasons(evaluate(nothing, chart(edema=True, smokes=True))) == ("Fewer than three: met (yes)",)


def test_the_criteria_not_met_are_the_smallest_branches_answered_no() -> None:
    tree = All(
        (SATURATION, AnyOf((EDEMA, Not(SMOKES, "Does not smoke")), "Either"), Leaf("a", "is", True)), "All of it"
    )
    assert unmet(evaluate(tree, chart(spo2_at_rest=93, edema=False, smokes=True))) == (
        "Saturation at or below 88 %", "Dependent edema", "Does not smoke",
    )  # fmt: skip
    assert unmet(evaluate(tree, chart(spo2_at_rest=88, edema=False))) == ()
    assert unmet(evaluate(tree, chart(spo2_at_rest=88, edema=True, a=True))) == ()
    assert unmet(evaluate(All((Leaf("a", "is", True),), "All"), chart(a=False))) == ("a yes",)


def test_a_group_that_can_never_be_met_names_itself() -> None:
    assert unmet(evaluate(AtLeast(3, (EDEMA,), "Three signs"), chart(edema=True))) == ("Three signs",)
    assert unmet(evaluate(AtLeast(3, (EDEMA,)), chart(edema=True))) == ("at least 3 of these",)


# ---- distance in words ----------------------------------------------------------------------------------------------


def far(criterion: Criterion, **values: Any) -> Distance:
    return distance(criterion, chart(**values), DEFINITIONS)


def test_what_is_not_known_is_asked_for_by_its_question_and_its_document() -> None:
    (way,) = far(All((SATURATION, EDEMA, Leaf("seen_lately", "is", False)))).ways
    assert way_sentence(way, DEFINITIONS) == (
        "Is there dependent edema: not known; meets the criterion when yes; "
        "seen lately: not known; meets the criterion when no; "
        "What was the saturation: not known, for example the test report; meets the criterion when at most 88 %"
    )


def test_what_is_known_says_how_it_is_and_how_it_would_have_to_be() -> None:
    (way,) = far(SATURATION, spo2_at_rest=93).ways
    assert way_sentence(way, DEFINITIONS) == "What was the saturation: now 93, would have to be at most 88 %"
    (way,) = far(Not(Leaf("kind", "one_of", ("a", "b"))), kind="a").ways
    assert way_sentence(way, {}) == "kind: now a, would have to be not one of a, b"
    (way,) = far(Not(EDEMA), edema=True).ways
    assert way_sentence(way, DEFINITIONS) == "Is there dependent edema: now yes, would have to be no"


def test_several_tests_of_one_fact_are_said_together() -> None:
    (way,) = far(All((Leaf("x", "above", 1), Leaf("x", "below", 5)))).ways
    assert way_sentence(way, {}) == "x: not known; meets the criterion when above 1 and below 5"


def test_a_need_without_a_test_of_its_own_is_to_be_stated_or_to_be_another() -> None:
    supply = Need("asked.quantity", "supply", None, (True,), ())
    assert need_sentence(supply, {}) == "asked.quantity: not known; meets the criterion when stated"
    differ = Need("x", "differ", Fact("x", 1), (2,), ())
    assert need_sentence(differ, {}) == "x: now 1, would have to be another value"


def test_a_need_tells_what_was_found_so_far() -> None:
    newest = Fact("seen", date(2023, 5, 4), floor=True)
    must = ((Leaf("seen", "within", Span(days=30)), True),)
    told = need_sentence(Need("seen", "supply", newest, (ON,), must), {})
    assert told.startswith("seen: 2023-05-04, the newest found; meets the criterion when ")
    nothing = Need("seen", "supply", Fact("seen", None, note="why"), (ON,), must)
    assert need_sentence(nothing, {}).startswith("seen: not known; meets the criterion when ")


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (Distance(0, 0, ()), "Met."),
        (Distance(0, 0, (), reachable=False), "No change of the facts alone can meet these criteria."),
        (Distance(0, 1, (Way(()),)), "1 fact to be supplied."),
        (Distance(0, 2, (Way(()), Way(()))), "2 facts to be supplied (2 ways)."),
        (Distance(1, 0, (Way(()),)), "1 fact that would have to be different."),
        (Distance(2, 1, (Way(()),)), "1 fact to be supplied and 2 facts that would have to be different."),
    ],
)
def test_a_distance_in_a_few_words(one: Distance, words: str) -> None:
    assert distance_sentence(one) == words


# ---- plain data -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (88, 88),
        (True, True),
        ("a", "a"),
        (date(2026, 3, 1), "2026-03-01"),
        (Asked("quantity"), {"asked": "quantity"}),
        (Span(30, 2), {"days": 30, "months": 2}),
        (("a", date(2026, 3, 1)), ["a", "2026-03-01"]),
    ],
)
def test_a_comparison_as_plain_data(value: Any, data: Any) -> None:
    assert leaf_data(Leaf("x", "is", value)) == {"fact": "x", "op": "is", "value": data}


def test_a_fact_as_plain_data_leaves_out_what_is_absent() -> None:
    assert fact_data(None) == {}
    assert fact_data(Fact("x", None)) == {"name": "x", "value": None}
    assert fact_data(Fact("x", ON)) == {"name": "x", "value": "2026-06-01"}
    assert fact_data(Fact("x", 3, "S/1", ON, "q", floor=True, note="n", segment="hiv")) == {
        "name": "x", "value": 3, "source": "S/1", "quote": "q", "note": "n", "date": "2026-06-01", "floor": True,
        "segment": "hiv",
    }  # fmt: skip


def test_a_finding_as_plain_data() -> None:
    tree = All((SATURATION, Not(EDEMA, cite="2")), "Both")
    assert as_data(evaluate(tree, Chart(ON, {"spo2_at_rest": MEASURED}))) == {
        "answer": "no",
        "label": "Both",
        "group": "all of these",
        "of": [
            {
                "answer": "no",
                "label": "Saturation at or below 88 %",
                "cite": "1(a)",
                "test": {"fact": "spo2_at_rest", "op": "at_most", "value": 88},
                "fact": {
                    "name": "spo2_at_rest", "value": 93, "source": "Observation/1", "quote": "SpO2 93 %",
                    "date": "2026-05-30",
                },
            },
            {
                "answer": "unknown",
                "label": "",
                "cite": "2",
                "group": "not",
                "of": [
                    {
                        "answer": "unknown",
                        "label": "Dependent edema",
                        "test": {"fact": "edema", "op": "is", "value": True},
                        "fact": {"name": "edema", "value": None},
                    }
                ],
            },
        ],
    }  # fmt: skip


def test_a_distance_as_plain_data() -> None:
    assert distance_data(far(All((SATURATION, EDEMA)), spo2_at_rest=93, edema=True), DEFINITIONS) == {
        "reachable": True,
        "exact": True,
        "differ": 1,
        "supply": 0,
        "sentence": "1 fact that would have to be different.",
        "ways": [
            [
                {
                    "fact": "spo2_at_rest",
                    "kind": "differ",
                    "now": 93,
                    "accepts": [88],
                    "must": [{"fact": "spo2_at_rest", "op": "at_most", "value": 88, "answer": "yes"}],
                    "sentence": "What was the saturation: now 93, would have to be at most 88 %",
                }
            ]
        ],
    }


def test_a_need_that_must_answer_no_says_so_and_a_day_is_written_out() -> None:
    old = Leaf("seen", "within", Span(days=7))
    (way,) = distance(Not(old), Chart(ON)).ways
    data = need_data(way.needs[0], {})
    assert data["must"] == [{"fact": "seen", "op": "within", "value": {"days": 7, "months": 0}, "answer": "no"}]
    assert data["now"] is None
    assert data["accepts"] == [(ON + timedelta(days=1)).isoformat()]
    assert data["sentence"] == "seen: not known; meets the criterion when not within 7 days before the service date"


@settings(max_examples=150, deadline=None)
@given(trees, charts())
def test_every_finding_is_plain_data_that_survives_json_with_every_branch(criterion: Criterion, chart: Chart) -> None:
    finding = evaluate(criterion, chart)
    data = as_data(finding)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert [one["answer"] for one in _walk(data)] == [one.answer.value for one in branches(finding)]
    assert all(("test" in one) is ("group" not in one) for one in _walk(data))


def _walk(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [data, *(one for below in data.get("of", ()) for one in _walk(below))]


@settings(max_examples=150, deadline=None)
@given(trees, charts())
def test_reasons_are_sentences_and_labels_not_met_come_only_from_a_no(criterion: Criterion, chart: Chart) -> None:
    finding = evaluate(criterion, chart)
    assert all(one.strip() for one in (*reasons(finding), *unmet(finding)))
    assert bool(unmet(finding)) is (finding.answer is NO)
