"""The plain evaluator and the compiled one answer every tree alike, although they share no code."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Chart, Fact, Value
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Leaf, Not, evaluate
from openum.core.span import Span
from openum.librarian.reference import plain_answer

ON = date(2024, 3, 31)
numbers = st.integers(0, 4)
days = st.integers(-70, 3).map(lambda n: ON + timedelta(days=n))
spans = st.builds(Span, days=st.integers(0, 40), months=st.integers(0, 2))
ordered = st.sampled_from(["at_least", "at_most", "above", "below", "is"])
leaves = st.one_of(
    st.builds(Leaf, st.sampled_from(["n", "m"]), ordered, st.one_of(numbers, st.just(Asked("quantity")))),
    st.builds(Leaf, st.just("d"), st.just("within"), spans),
    st.builds(Leaf, st.just("d"), ordered, days),
    st.builds(Leaf, st.just("b"), st.just("is"), st.booleans()),
    st.builds(Leaf, st.just("c"), st.just("one_of"), st.sets(st.sampled_from("abc")).map(tuple)),
)


def groups(trees: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    branches = st.lists(trees, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Not, trees),
        st.builds(All, branches),
        st.builds(AnyOf, branches),
        branches.flatmap(lambda of: st.builds(AtLeast, st.integers(1, len(of)), st.just(of))),
    )


trees = st.recursive(leaves, groups, max_leaves=12)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Some facts known, some known to be a floor, some unknown, some absent."""
    values: dict[str, st.SearchStrategy[Value]] = {
        "n": numbers, "m": numbers, "d": days, "b": st.booleans(), "c": st.sampled_from("abc"),
        "asked.quantity": numbers,
    }  # fmt: skip
    facts = {}
    for name, kind in values.items():
        if draw(st.booleans()):
            floor = name in "nmd" and draw(st.booleans())
            facts[name] = Fact(name, draw(st.none() | kind), floor=floor)
    return Chart(ON, facts)


@settings(max_examples=400)
@given(trees, charts())
@example(Leaf("d", "within", Span(months=1)), Chart(ON, {"d": Fact("d", date(2024, 2, 29))}))
def test_both_evaluators_answer_every_tree_alike(tree: Criterion, chart: Chart) -> None:
    assert plain_answer(tree, chart.facts, chart.on) is evaluate(tree, chart).answer


@pytest.mark.parametrize(
    ("n", "answers", "expected"),
    [
        (2, (True, True, None), YES),
        (2, (True, None, False), UNKNOWN),
        (2, (True, False, False), NO),
        (3, (True, True, None), UNKNOWN),
        (1, (False, None, None), UNKNOWN),
    ],
)
def test_some_of_many_by_hand(n: int, answers: tuple[bool | None, ...], expected: Answer) -> None:
    of = tuple(Leaf(f"f{place}", "is", True) for place in range(len(answers)))
    facts = {f"f{place}": Fact(f"f{place}", answer) for place, answer in enumerate(answers)}
    assert plain_answer(AtLeast(n, of), facts, ON) is expected


def test_a_floor_settles_only_what_more_cannot_undo() -> None:
    facts = {"n": Fact("n", 5, floor=True)}
    asked = [
        ("at_least", 5, YES),
        ("at_least", 6, UNKNOWN),
        ("at_most", 4, NO),
        ("at_most", 5, UNKNOWN),
        ("is", 5, UNKNOWN),
    ]
    for op, value, expected in asked:
        assert plain_answer(Leaf("n", op, value), facts, ON) is expected  # type: ignore[arg-type]
