"""The situations are what they claim to be: the core's own evaluation, which had no part in making them, agrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.chart import Chart, Fact, Value
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Criterion, Leaf, Not, evaluate
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.world.cells import Puzzle, cells
from openum.world.dice import Dice
from openum.world.situations import Situations
from openum.world.world import Sent, World

ON, SENT = date(2026, 6, 10), date(2026, 6, 8)
DEFINITIONS = {
    "n": FactDefinition(id="n", type="number", question="n?", least=0, most=30),
    "m": FactDefinition(id="m", type="number", question="m?", unit="g/dL", least=2, most=20),
    "b": FactDefinition(id="b", type="boolean", question="b?"),
    "c": FactDefinition(id="c", type="choice", question="c?", choices=("x", "y", "z")),
    "d": FactDefinition(id="d", type="date", question="d?"),
}
LEAVES = [
    Leaf("n", "at_least", 10), Leaf("n", "below", 12), Leaf("n", "is", 11), Leaf("n", "at_least", Asked("quantity")),
    Leaf("m", "at_most", 9.5), Leaf("m", "above", 7), Leaf("b", "is", True), Leaf("b", "is", False),
    Leaf("c", "one_of", ("x", "y")), Leaf("c", "is", "z"), Leaf("d", "within", Span(days=30)),
    Leaf("d", "within", Span(months=6)), Leaf("age", "at_least", 18),
]  # fmt: skip


def groups(inner: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    """Trees one floor higher."""
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        several.map(All), several.map(AnyOf), inner.map(Not),
        several.flatmap(lambda of: st.integers(1, len(of)).map(lambda n: AtLeast(n, of))),
    )  # fmt: skip


TREES = st.recursive(st.sampled_from(LEAVES), groups, max_leaves=12)


def puzzle_of(tree: Criterion, age: int) -> Puzzle:
    """The tree for a member of that age who asks for three."""
    return Puzzle(tree, DEFINITIONS, ON, SENT, {"age": age, "asked.quantity": 3})


def answer(puzzle: Puzzle, facts: dict[str, Value]) -> Answer:
    """What the core says of the facts."""
    held = {**facts, **puzzle.fixed}
    return evaluate(puzzle.tree, Chart(puzzle.on, {name: Fact(name, value) for name, value in held.items()})).answer


@settings(max_examples=150, deadline=None)
@given(TREES, st.sampled_from([17, 40]), st.integers(0, 10**6))
def test_on_any_tree_a_situation_has_the_answer_it_claims_and_its_hinge_is_the_one_thing_in_the_way(
    tree: Criterion, age: int, seed: int
) -> None:
    puzzle = puzzle_of(tree, age)
    made = Situations(puzzle, Dice(seed))
    for found, wanted in ((made.yes(), YES), (made.no(), NO), (made.unknown(), UNKNOWN)):
        if found is None:
            continue
        assert answer(puzzle, dict(found.facts)) is wanted
        if found.hinge is not None:
            assert answer(puzzle, {**found.facts, found.hinge.fact: found.hinge.needed}) is YES


@settings(max_examples=60, deadline=None)
@given(TREES, st.integers(0, 10**6))
def test_where_some_values_meet_a_tree_without_repeated_facts_a_way_is_found(tree: Criterion, seed: int) -> None:
    names = [leaf.fact for leaf in _leaves(tree)]
    if len(set(names)) < len(names) or "age" in names:
        return
    assert Situations(puzzle_of(tree, 40), Dice(seed)).yes() is not None


def _leaves(tree: Criterion) -> list[Leaf]:
    match tree:
        case Leaf():
            return [tree]
        case Not(of):
            return _leaves(of)
        case All(of) | AnyOf(of) | AtLeast(_, of):
            return [leaf for branch in of for leaf in _leaves(branch)]


def test_a_tree_that_nothing_can_meet_gives_no_situation() -> None:
    tree = All((Leaf("n", "at_least", 10), Leaf("n", "below", 5)))
    made = Situations(puzzle_of(tree, 40), Dice(1))
    assert (made.yes(), made.no(), made.unknown()) == (None, None, None)


def test_a_fact_that_changes_nothing_is_not_dropped_to_make_an_unknown() -> None:
    tree = AnyOf((Leaf("b", "is", True), Leaf("b", "is", False), Leaf("age", "at_least", 18)))
    assert Situations(puzzle_of(tree, 40), Dice(1)).unknown() is None


@pytest.mark.parametrize("seed", range(12))
def test_a_no_is_a_single_step_over_one_threshold(seed: int) -> None:
    tree = All((Leaf("m", "at_most", 9.5), Leaf("d", "within", Span(days=30))))
    found = Situations(puzzle_of(tree, 40), Dice(seed)).no()
    assert found is not None
    assert found.hinge is not None
    if found.hinge.fact == "m":
        assert (found.hinge.needed, found.hinge.given) == (9.5, 9.6)
    else:
        assert (found.hinge.needed, found.hinge.given) == (ON - timedelta(days=30), ON - timedelta(days=31))


def test_no_fact_is_later_than_the_day_the_chart_was_sent() -> None:
    values = cells(puzzle_of(Leaf("d", "within", Span(days=30)), 40), Dice(3))["d"]
    assert max(value for value in values if isinstance(value, date)) == SENT
    assert ON - timedelta(days=31) in values
    assert ON - timedelta(days=30) in values


def test_a_quantity_the_criteria_judge_is_asked_for_by_every_situation() -> None:
    quantity = FactDefinition(id="asked.quantity", type="number", question="how many?", least=1)
    tree = AnyOf((Leaf("asked.quantity", "at_most", 12), Leaf("b", "is", True)))
    puzzle = Puzzle(tree, {**DEFINITIONS, "asked.quantity": quantity}, ON, SENT, {})
    for seed in range(10):
        made = Situations(puzzle, Dice(seed))
        for found in (made.yes(), made.no(), made.unknown()):
            assert found is None or "asked.quantity" in found.facts


def test_every_policy_has_a_yes_a_no_an_unknown_and_one_only_in_a_note(world: World, gallery: tuple[Sent, ...]) -> None:
    found = {(sent.truth.policy, sent.truth.kind) for sent in gallery if sent.truth.twin_of is None}
    wanted = {(policy.key, kind) for policy in world.policies for kind in ("yes", "no", "unknown", "notes_only")}
    assert wanted - found == set()
    assert {policy.key for policy in world.library.policies} == {policy.key for policy in world.policies}


def test_the_label_of_every_request_agrees_with_the_cores_evaluation_of_its_facts(
    world: World, requests: tuple[Sent, ...], gallery: tuple[Sent, ...]
) -> None:
    judged = [sent.truth for sent in (*requests, *gallery) if sent.truth.policy]
    wrong = []
    for truth in judged:
        policy = world.library.policy(truth.policy)
        assert policy is not None
        puzzle = Puzzle(policy.criteria, world.library.facts, truth.service_date, truth.service_date, {})
        facts = dict(truth.facts)
        if answer(puzzle, facts).name.lower() != truth.structured:
            wrong.append((truth.number, truth.policy, truth.kind))
        if truth.hinge is not None:
            facts[truth.hinge.fact] = truth.hinge.needed
            wrong += [] if answer(puzzle, facts) is YES else [(truth.number, truth.policy, "hinge")]
    assert wrong == []
    assert len(judged) > 450
