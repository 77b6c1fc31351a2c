"""Criteria by hand: every comparison on its threshold and one step beyond it, groups, floors, and what was asked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Chart, Fact
from openum.core.criteria import (
    All,
    AnyOf,
    Asked,
    AtLeast,
    Criterion,
    Finding,
    Leaf,
    Not,
    answer_of,
    compiled,
    evaluate,
    fact_names,
    leaves,
)
from openum.core.span import Span

ON = date(2026, 6, 1)
A, B, C = (Leaf(name, "is", True) for name in "abc")


def chart(**values: Any) -> Chart:
    return Chart(ON, {name: Fact(name, value) for name, value in values.items()})


def answer(criterion: Criterion, **values: Any) -> Answer:
    return evaluate(criterion, chart(**values)).answer


@pytest.mark.parametrize(
    ("op", "below", "on", "above"),
    [
        ("at_least", NO, YES, YES),
        ("at_most", YES, YES, NO),
        ("above", NO, NO, YES),
        ("below", YES, NO, NO),
        ("is", NO, YES, NO),
    ],
)
def test_each_comparison_below_on_and_above_its_threshold(op: Any, below: Answer, on: Answer, above: Answer) -> None:
    leaf = Leaf("x", op, 88)
    assert [answer(leaf, x=value) for value in (87, 88, 89)] == [below, on, above]
    assert [answer(leaf, x=value) for value in (87.9, 88.0, 88.1)] == [below, on, above]
    assert answer(leaf, x=None) is UNKNOWN
    assert answer(leaf) is UNKNOWN


def test_days_are_compared_like_numbers() -> None:
    leaf = Leaf("x", "at_least", date(2026, 3, 1))
    assert answer(leaf, x=date(2026, 3, 1)) is YES
    assert answer(leaf, x=date(2026, 2, 28)) is NO


def test_a_choice_is_one_of_those_named_or_it_is_not() -> None:
    leaf = Leaf("x", "one_of", ("a", "b"))
    assert [answer(leaf, x=value) for value in ("a", "b", "c", None)] == [YES, YES, NO, UNKNOWN]


@pytest.mark.parametrize("is_true", [True, False])
def test_a_yes_or_no_fact_is_compared_with_what_is_wanted(is_true: bool) -> None:
    leaf = Leaf("x", "is", is_true)
    assert answer(leaf, x=is_true) is YES
    assert answer(leaf, x=not is_true) is NO
    assert answer(leaf, x=None) is UNKNOWN


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (ON, YES),
        (ON - timedelta(days=30), YES),
        (ON - timedelta(days=31), NO),
        (ON + timedelta(days=1), NO),
        (None, UNKNOWN),
    ],
)
def test_within_has_both_edges_and_ends_on_the_service_date(day: date | None, expected: Answer) -> None:
    assert answer(Leaf("x", "within", Span(days=30)), x=day) is expected


def test_within_is_judged_for_the_day_of_each_evaluation_although_the_tree_is_compiled_once() -> None:
    leaf = Leaf("x", "within", Span(days=30))
    facts = {"x": Fact("x", ON)}
    assert evaluate(leaf, Chart(ON + timedelta(days=30), facts)).answer is YES
    assert evaluate(leaf, Chart(ON + timedelta(days=31), facts)).answer is NO
    assert evaluate(leaf, Chart(ON + timedelta(days=30), facts)).answer is YES
    assert compiled(leaf) is compiled(Leaf("x", "within", Span(days=30)))


def test_what_is_no_day_is_not_within_any_span() -> None:
    assert answer(Leaf("x", "within", Span(days=30)), x=7) is NO


@pytest.mark.parametrize(
    ("op", "below", "on", "above"),
    [
        ("at_least", UNKNOWN, YES, YES),
        ("above", UNKNOWN, UNKNOWN, YES),
        ("at_most", UNKNOWN, UNKNOWN, NO),
        ("below", UNKNOWN, NO, NO),
        ("is", UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_a_floor_proves_only_what_more_of_the_same_cannot_undo(
    op: Any, below: Answer, on: Answer, above: Answer
) -> None:
    leaf = Leaf("x", op, 6)
    found = [evaluate(leaf, Chart(ON, {"x": Fact("x", n, floor=True)})).answer for n in (5, 6, 7)]
    assert found == [below, on, above]


@pytest.mark.parametrize(("days", "expected"), [(0, YES), (30, YES), (31, UNKNOWN), (1100, UNKNOWN), (-1, NO)])
def test_the_newest_day_found_may_be_in_time_or_followed_by_a_newer_one(days: int, expected: Answer) -> None:
    leaf, newest = Leaf("x", "within", Span(days=30)), Fact("x", ON - timedelta(days=days), floor=True)
    assert answer_of(leaf, newest, ON) is expected
    assert evaluate(leaf, Chart(ON, {"x": newest})) == Finding(expected, leaf, newest)


def test_a_floor_is_no_choice() -> None:
    assert answer_of(Leaf("x", "one_of", (1, 2)), Fact("x", 1, floor=True), ON) is UNKNOWN


def test_a_floor_of_nothing_known_is_unknown() -> None:
    assert answer_of(Leaf("x", "at_most", 1), Fact("x", None, floor=True), ON) is UNKNOWN


LEFT = Leaf("visits_left", "at_least", Asked("quantity"))


def asked(left: Any, quantity: Any, *, floor: bool = False) -> Answer:
    facts = {"visits_left": Fact("visits_left", left, floor=floor), "asked.quantity": Fact("asked.quantity", quantity)}
    return evaluate(LEFT, Chart(ON, facts)).answer


def test_a_fact_is_compared_with_what_is_asked_for() -> None:
    assert asked(12, 12) is YES
    assert asked(11, 12) is NO
    assert asked(None, 12) is UNKNOWN
    assert asked(12, None) is UNKNOWN
    assert asked(13, 12, floor=True) is YES
    assert asked(11, 12, floor=True) is UNKNOWN


def test_what_was_not_asked_or_not_known_at_all_is_unknown_and_shows_the_fact_it_has() -> None:
    assert evaluate(LEFT, chart(visits_left=12)) == Finding(UNKNOWN, LEFT, Fact("visits_left", 12))
    unknown = evaluate(LEFT, Chart(ON, {"asked.quantity": Fact("asked.quantity", 12)}))
    assert unknown == Finding(UNKNOWN, LEFT, Fact("visits_left", None))


def test_not_turns_yes_and_no_and_keeps_unknown() -> None:
    assert [answer(Not(A), a=value) for value in (True, False, None)] == [NO, YES, UNKNOWN]


def test_groups_count_their_branches() -> None:
    facts = {"a": True, "b": False}
    assert answer(All((A, B, C)), **facts) is NO
    assert answer(All((A, C)), **facts) is UNKNOWN
    assert answer(AnyOf((A, C)), **facts) is YES
    assert answer(AnyOf((B, C)), **facts) is UNKNOWN
    assert answer(AnyOf((B, B)), **facts) is NO
    assert answer(AtLeast(2, (A, B, C)), **facts) is UNKNOWN
    assert answer(AtLeast(2, (A, A, C)), **facts) is YES
    assert answer(AtLeast(2, (B, B, C)), **facts) is NO
    assert answer(AtLeast(3, (A, A)), **facts) is NO


def test_a_finding_has_every_branch_even_where_one_settles_the_answer() -> None:
    tree = AnyOf((A, All((B, Not(C)))))
    facts = {"a": Fact("a", True, "Condition/1"), "b": Fact("b", False)}
    assert evaluate(tree, Chart(ON, facts)) == Finding(
        YES, tree, None,
        (
            Finding(YES, A, facts["a"]),
            Finding(
                NO, tree.of[1], None,
                (
                    Finding(NO, B, facts["b"]),
                    Finding(UNKNOWN, Not(C), None, (Finding(UNKNOWN, C, Fact("c", None)),)),
                ),
            ),
        ),
    )  # fmt: skip


def test_an_unknown_fact_keeps_the_note_that_says_why() -> None:
    why = Fact("a", None, note="sources disagree on the same day")
    assert evaluate(A, Chart(ON, {"a": why})) == Finding(UNKNOWN, A, why)


def test_the_leaves_are_told_from_left_to_right_and_the_facts_once_each() -> None:
    tree = All((B, Not(AnyOf((A, LEFT))), AtLeast(1, (B, C))))
    assert list(leaves(tree)) == [B, A, LEFT, B, C]
    assert fact_names(tree) == ("b", "a", "visits_left", "asked.quantity", "c")


def test_what_is_asked_for_is_named_as_a_fact_of_the_request() -> None:
    assert Asked("quantity").fact == "asked.quantity"


def test_what_is_no_criterion_is_a_fault_and_not_an_empty_tree() -> None:
    odd: Any = "spo2 at most 88"
    with pytest.raises(AssertionError, match="Expected code to be unreachable"):
        evaluate(odd, Chart(ON))
    with pytest.raises(AssertionError, match="Expected code to be unreachable"):
        fact_names(All((A, odd)))


@pytest.mark.parametrize(
    ("leaf", "fact"),
    [
        (Leaf("x", "at_most", 88), Fact("x", 86, "Observation/1")),
        (Leaf("x", "within", Span(days=30)), Fact("x", ON, "Procedure/1")),
        (Leaf("x", "at_least", 3), Fact("x", 4, "Procedure/1", floor=True)),
        (Leaf("x", "at_least", Asked("quantity")), Fact("x", 12, "Form/1")),
    ],
)
def test_every_kind_of_comparison_tells_the_fact_it_rests_on(leaf: Leaf, fact: Fact) -> None:
    facts = {"x": fact, "asked.quantity": Fact("asked.quantity", 12)}
    assert evaluate(leaf, Chart(ON, facts)) == Finding(YES, leaf, fact)
