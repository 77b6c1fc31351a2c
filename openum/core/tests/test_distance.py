"""Distance-to-Yes against brute force, and by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import chain, combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import YES
from openum.core.chart import Chart, Fact
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Leaf, Not, evaluate
from openum.core.distance import distance
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.core.values import OTHER

ON = date(2026, 6, 1)
NUMBERS = [n / 2 for n in range(-1, 10)]
DAYS = [ON + timedelta(days=d) for d in (1, 0, -7, -8, -30, -31, -32)]
SAMPLES = {
    "flag": [True, False],
    "sign": [True, False],
    "level": NUMBERS,
    "count": NUMBERS,
    "kind": ["a", "b", "c", OTHER],
    "seen": DAYS,
}
number_leaf = st.builds(
    Leaf,
    st.sampled_from(["level", "count"]),
    st.sampled_from(["at_least", "at_most", "above", "below", "is"]),
    st.integers(0, 4),
)
flag_leaf = st.builds(Leaf, st.sampled_from(["flag", "sign"]), st.just("is"), st.booleans())
kind_leaf = st.one_of(
    st.builds(Leaf, st.just("kind"), st.just("is"), st.sampled_from("abc")),
    st.builds(Leaf, st.just("kind"), st.just("one_of"), st.sampled_from([("a", "b"), ("c",), ("b", "c")])),
)
day_leaf = st.builds(Leaf, st.just("seen"), st.just("within"), st.sampled_from([Span(30), Span(7), Span(0, 1)]))
leaf = st.one_of(number_leaf, flag_leaf, kind_leaf, day_leaf)


def groups(children):
    some = st.lists(children, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(All, some),
        st.builds(AnyOf, some),
        st.builds(Not, children),
        some.flatmap(lambda of: st.builds(AtLeast, st.integers(1, len(of)), st.just(of))),
    )


trees = st.recursive(leaf, groups, max_leaves=9)


@st.composite
def charts(draw):
    facts = {}
    for name, samples in SAMPLES.items():
        if draw(st.booleans()):
            floor = name in ("count", "seen") and draw(st.booleans())
            facts[name] = Fact(name, draw(st.sampled_from(samples)), floor=floor)
    return Chart(ON, facts)


def brute_force(criterion, chart):
    """Every smallest set of facts, by trying every value of every subset."""
    best, found = None, set()
    for names in chain.from_iterable(combinations(SAMPLES, size) for size in range(len(SAMPLES) + 1)):
        cost = _cost(names, chart)
        if best is not None and cost > best:
            continue
        if _some_values_reach_yes(names, criterion, chart):
            if best is None or cost < best:
                best, found = cost, set()
            found.add(frozenset(names))
    return best, found


def _cost(names, chart):
    known = [n for n in names if n in chart.facts and not chart.facts[n].floor]
    return len(known), len(names) - len(known)


def _some_values_reach_yes(names, criterion, chart):
    used = {one.fact for one in _leaves(criterion)}
    if not set(names) <= used:
        return False
    for values in product(*(_values(name, chart) for name in names)):
        facts = [Fact(name, value) for name, value in zip(names, values, strict=True)]
        if evaluate(criterion, chart.with_facts(*facts)).answer is YES:
            return True
    return False


def _values(name, chart):
    now = chart.facts.get(name)
    if now is not None and now.floor:
        return [value for value in SAMPLES[name] if value >= now.value]
    return SAMPLES[name]


def _leaves(criterion):
    match criterion:
        case Leaf():
            return [criterion]
        case Not(of):
            return _leaves(of)
        case All(of) | AnyOf(of) | AtLeast(_, of):
            return [one for branch in of for one in _leaves(branch)]


@settings(max_examples=3000, deadline=None)
@given(trees, charts())
def test_the_distance_is_what_brute_force_finds_and_every_way_flips_the_answer(criterion, chart):
    got = distance(criterion, chart)
    best, sets = brute_force(criterion, chart)
    if best is None:
        assert not got.reachable
        return
    assert got.exact
    assert (got.differ, got.supply) == best
    assert {way.facts for way in got.ways} == (sets if best != (0, 0) else set())
    for way in got.ways:
        for values in product(*(need.accepts for need in way.needs)):
            facts = [Fact(need.fact, value) for need, value in zip(way.needs, values, strict=True)]
            assert evaluate(criterion, chart.with_facts(*facts)).answer is YES


SATURATION = Leaf("spo2", "at_most", 88, "Saturation at or below 88 %")
NEAR = Leaf("spo2", "at_most", 89, "Saturation at or below 89 %")
EDEMA = Leaf("edema", "is", True, "Dependent edema")
SEEN = Leaf("seen", "is", True, "Seen by the treating practitioner")
OXYGEN = All((AnyOf((SATURATION, All((NEAR, EDEMA)))), SEEN))


def test_two_ways_of_equal_cost_are_both_told():
    got = distance(OXYGEN, Chart(ON, {"seen": Fact("seen", True)}))
    assert (got.differ, got.supply) == (0, 1)
    assert [way.facts for way in got.ways] == [frozenset({"spo2"})]
    assert got.ways[0].needs[0].kind == "supply"
    assert got.ways[0].needs[0].must == ((SATURATION, True), (NEAR, True))


def test_supplying_two_facts_is_nearer_than_changing_a_known_one():
    facts = {"spo2": Fact("spo2", 89)}
    got = distance(OXYGEN, Chart(ON, facts))
    assert (got.differ, got.supply) == (0, 2)
    assert [way.facts for way in got.ways] == [frozenset({"edema", "seen"})]


def test_a_known_fact_in_the_way_is_named_with_its_value_now():
    facts = {"spo2": Fact("spo2", 93), "seen": Fact("seen", True), "edema": Fact("edema", True)}
    got = distance(OXYGEN, Chart(ON, facts))
    assert (got.differ, got.supply) == (1, 0)
    need = got.ways[0].needs[0]
    assert (need.fact, need.kind, need.now) == ("spo2", "differ", facts["spo2"])
    assert need.must == ((NEAR, True),)


def test_a_criterion_that_is_met_is_at_no_distance():
    got = distance(SEEN, Chart(ON, {"seen": Fact("seen", True)}))
    assert (got.differ, got.supply, got.ways, got.reachable) == (0, 0, (), True)


def test_leaves_that_contradict_each_other_can_never_be_met():
    got = distance(All((SATURATION, Leaf("spo2", "above", 92))), Chart(ON))
    assert not got.reachable
    assert got.ways == ()


def test_a_value_outside_the_range_of_its_fact_is_never_asked_for():
    spo2 = FactDefinition(id="spo2", type="number", question="?", least=0, most=100)
    assert not distance(Leaf("spo2", "above", 100), Chart(ON), {"spo2": spo2}).reachable
    assert distance(Leaf("spo2", "above", 100), Chart(ON)).reachable


def test_a_choice_outside_the_list_is_never_asked_for():
    kind = FactDefinition(id="kind", type="choice", question="?", choices=("a", "b"))
    criterion = Not(Leaf("kind", "one_of", ("a", "b")))
    assert not distance(criterion, Chart(ON), {"kind": kind}).reachable
    assert distance(criterion, Chart(ON)).ways[0].needs[0].accepts == (OTHER,)


def test_the_amount_asked_for_is_compared_with_what_is_known():
    criterion = Leaf("visits_left", "at_least", Asked("quantity"))
    chart = Chart(ON, {"asked.quantity": Fact("asked.quantity", 12)})
    got = distance(criterion, chart)
    assert (got.differ, got.supply) == (0, 1)
    assert got.ways[0].needs[0].accepts == (12,)


@pytest.mark.parametrize("wanted", [True, False])
def test_an_amount_the_request_does_not_state_has_to_be_stated_first(wanted):
    leaf = Leaf("visits_left", "at_least", Asked("quantity"))
    got = distance(leaf if wanted else Not(leaf), Chart(ON))
    assert (got.differ, got.supply) == (0, 2)
    assert [way.facts for way in got.ways] == [frozenset({"asked.quantity", "visits_left"})]


def test_only_the_amount_is_missing_when_the_fact_is_known():
    leaf = Leaf("visits_left", "at_least", Asked("quantity"))
    got = distance(leaf, Chart(ON, {"visits_left": Fact("visits_left", 4)}))
    assert [way.facts for way in got.ways] == [frozenset({"asked.quantity"})]
    assert got.ways[0].needs[0].must == ()


def test_a_floor_is_supplied_and_never_undone():
    visits = Fact("visits", 3, floor=True)
    more = distance(Leaf("visits", "at_least", 6), Chart(ON, {"visits": visits}))
    assert (more.differ, more.supply) == (0, 1)
    assert more.ways[0].needs[0].now == visits
    assert not distance(Leaf("visits", "at_most", 2), Chart(ON, {"visits": visits})).reachable


def test_a_newer_day_is_supplied_where_the_newest_found_is_too_old():
    newest = Fact("seen", ON - timedelta(days=400), floor=True)
    got = distance(Leaf("seen", "within", Span(days=30)), Chart(ON, {"seen": newest}))
    assert (got.differ, got.supply) == (0, 1)
    assert (got.ways[0].needs[0].kind, got.ways[0].needs[0].now) == ("supply", newest)
    stated = Fact("seen", ON - timedelta(days=400))
    assert distance(Leaf("seen", "within", Span(days=30)), Chart(ON, {"seen": stated})).differ == 1


def test_a_search_that_is_cut_says_that_it_may_not_be_exact(monkeypatch):
    monkeypatch.setattr("openum.core.distance.ENOUGH", 3)
    branches = tuple(AnyOf((Leaf(f"a{i}", "is", True), Leaf(f"b{i}", "is", True))) for i in range(3))
    got = distance(All((*branches, Leaf("a0", "is", True), Leaf("b2", "is", True))), Chart(ON))
    assert not got.exact
    assert got.reachable
