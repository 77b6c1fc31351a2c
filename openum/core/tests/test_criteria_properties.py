"""Criteria by property: a plain evaluator agrees, De Morgan holds, and learning more never flips an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import UNKNOWN, Answer, all_of, any_of, at_least, negate, of_bool
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
    compiled,
    evaluate,
    fact_names,
)
from openum.core.span import Span

ON = date(2026, 6, 1)
NUMBERS = st.integers(-1, 5) | st.sampled_from([0.5, 1.5, 2.5, 3.5])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "flag": st.booleans(),
    "level": NUMBERS,
    "count": NUMBERS,
    "kind": st.sampled_from("abcd"),
    "seen": st.integers(-35, 2).map(lambda days: ON + timedelta(days=days)),
    "asked.quantity": NUMBERS,
}
ORDERS = st.sampled_from(["at_least", "at_most", "above", "below", "is"])
leaf = st.one_of(
    st.builds(Leaf, st.just("flag"), st.just("is"), st.booleans()),
    st.builds(Leaf, st.sampled_from(["level", "count"]), ORDERS, st.integers(0, 4) | st.just(Asked("quantity"))),
    st.builds(Leaf, st.just("kind"), st.just("one_of"), st.sampled_from([("a",), ("a", "b"), ("c", "d")])),
    st.builds(Leaf, st.just("count"), st.just("one_of"), st.sampled_from([(1, 2), (3,)])),
    st.builds(Leaf, st.just("seen"), st.just("within"), st.sampled_from([Span(7), Span(30), Span(0, 1)])),
)


def groups(children: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    some = st.lists(children, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(All, some),
        st.builds(AnyOf, some),
        st.builds(Not, children),
        st.builds(AtLeast, st.integers(0, 5), some),
    )


trees = st.recursive(leaf, groups, max_leaves=10)


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    facts = {}
    for name, values in VALUES.items():
        match draw(st.sampled_from(["absent", "unknown", "known", "known"])):
            case "unknown":
                facts[name] = Fact(name, None, note="why")
            case "known":
                facts[name] = Fact(name, draw(values), floor=name in ("count", "seen") and draw(st.booleans()))
    return Chart(ON, facts)


def by_the_book(criterion: Criterion, chart: Chart) -> Answer:
    """The definition, one line a case, sharing nothing with the compiler but the tables of answers."""
    match criterion:
        case Not(of):
            return negate(by_the_book(of, chart))
        case All(of):
            return all_of(by_the_book(one, chart) for one in of)
        case AnyOf(of):
            return any_of(by_the_book(one, chart) for one in of)
        case AtLeast(n, of):
            return at_least(n, (by_the_book(one, chart) for one in of))
        case Leaf():
            return _leaf_by_the_book(criterion, chart)


def _leaf_by_the_book(one: Leaf, chart: Chart) -> Answer:
    operand: Any = one.value
    if isinstance(operand, Asked):
        operand = chart.facts[operand.fact].value if chart.known(operand.fact) else None
    if operand is None or not chart.known(one.fact):
        return UNKNOWN
    fact = chart.facts[one.fact]
    if not fact.floor:
        return of_bool(_true(one.op, fact.value, operand))
    if one.op == "within":
        # The newest day found: the truth is that day or any later one up to the service.
        later = range((ON - fact.value).days + 1) or (0,)  # type: ignore[operator]
        days = {_true(one.op, fact.value + timedelta(days=more), operand) for more in later}  # type: ignore[operator]
        return of_bool(days.pop()) if len(days) == 1 else UNKNOWN
    # A floor's truth is any number from it upwards: far beyond every threshold, and every half step before.
    possible = {_true(one.op, fact.value + step / 2, operand) for step in range(40)}  # type: ignore[operator]
    return of_bool(possible.pop()) if len(possible) == 1 and one.op not in ("is", "one_of") else UNKNOWN


def _true(op: str, value: Any, operand: Any) -> bool:
    match op:
        case "at_least":
            return value >= operand
        case "at_most":
            return value <= operand
        case "above":
            return value > operand
        case "below":
            return value < operand
        case "one_of":
            return any(value == one for one in operand)
        case "within":
            return operand.before(ON) <= value <= ON
        case _:
            return value == operand


@settings(max_examples=400, deadline=None)
@given(trees, charts())
def test_the_compiled_tree_answers_what_the_definition_says(criterion: Criterion, chart: Chart) -> None:
    assert compiled(criterion)(chart.facts, chart.on).answer is by_the_book(criterion, chart)


@settings(max_examples=200, deadline=None)
@given(trees, charts())
def test_every_branch_of_a_finding_is_the_evaluation_of_that_branch(criterion: Criterion, chart: Chart) -> None:
    def check(finding: Finding) -> None:
        assert finding == evaluate(finding.criterion, chart)
        if isinstance(finding.criterion, Leaf):
            assert finding.fact == chart.facts.get(finding.criterion.fact, Fact(finding.criterion.fact, None))
        below = finding.criterion.of if not isinstance(finding.criterion, Leaf) else ()
        assert [one.criterion for one in finding.because] == list(below if isinstance(below, tuple) else (below,))
        for one in finding.because:
            check(one)

    whole = evaluate(criterion, chart)
    assert whole.criterion == criterion
    check(whole)


def _at_least(value: Any) -> st.SearchStrategy[Any]:
    """What may be true where this much was found: as many or more, that day or a later one up to the service."""
    if isinstance(value, date):
        return st.dates(value, max(value, ON))
    return st.integers(0, 9).map(lambda more: value + more)


@settings(max_examples=400, deadline=None)
@given(trees, charts(), st.data())
def test_supplying_what_is_unknown_never_flips_a_yes_or_a_no(
    criterion: Criterion, chart: Chart, data: st.DataObject
) -> None:
    before = evaluate(criterion, chart).answer
    more = [Fact(name, data.draw(values)) for name, values in VALUES.items() if not chart.known(name)]
    floors = [one for one in chart.facts.values() if one.floor and one.value is not None]
    more += [Fact(one.name, data.draw(_at_least(one.value))) for one in floors]
    after = evaluate(criterion, chart.with_facts(*more)).answer
    assert after is not UNKNOWN
    if before is not UNKNOWN:
        assert after is before


@settings(max_examples=200, deadline=None)
@given(trees, charts(), st.sampled_from(sorted(VALUES)))
def test_forgetting_a_fact_never_turns_one_answer_into_the_other(criterion: Criterion, chart: Chart, name: str) -> None:
    before = evaluate(criterion, chart).answer
    forgotten = Chart(ON, {key: one for key, one in chart.facts.items() if key != name})
    after = evaluate(criterion, forgotten).answer
    assert after in (before, UNKNOWN)
    if name not in fact_names(criterion):
        assert after is before


@settings(max_examples=200, deadline=None)
@given(st.lists(trees, min_size=1, max_size=4).map(tuple), charts())
def test_de_morgan_holds_for_trees(of: tuple[Criterion, ...], chart: Chart) -> None:
    def answer(criterion: Criterion) -> Answer:
        return evaluate(criterion, chart).answer

    assert answer(Not(All(of))) is answer(AnyOf(tuple(map(Not, of))))
    assert answer(Not(AnyOf(of))) is answer(All(tuple(map(Not, of))))
    assert answer(All(of)) is answer(AtLeast(len(of), of))
    assert answer(AnyOf(of)) is answer(AtLeast(1, of))
    assert answer(Not(Not(of[0]))) is answer(of[0])


@given(trees)
def test_an_empty_chart_says_neither_yes_nor_no_unless_the_tree_asks_nothing(criterion: Criterion) -> None:
    found = evaluate(criterion, Chart(ON)).answer
    counts_nothing = [n for n, size in _counts(criterion) if not 1 <= n <= size]
    if not counts_nothing:
        assert found is UNKNOWN


def _counts(criterion: Criterion) -> list[tuple[int, int]]:
    match criterion:
        case Leaf():
            return []
        case Not(of):
            return _counts(of)
        case AtLeast(n, of):
            return [(n, len(of)), *(pair for one in of for pair in _counts(one))]
        case All(of) | AnyOf(of):
            return [pair for one in of for pair in _counts(one)]
