"""A review: who may do what, one policy run over one line, and the nearest alternatives that can be approved."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.chart import Entry, Fact
from openum.core.codes import Code, CodeSet
from openum.core.criteria import All, AnyOf, Asked, Criterion, Leaf, Not, evaluate
from openum.core.distance import Distance
from openum.core.facts import FactDefinition, Reader
from openum.core.policy import Alternative, Policy
from openum.core.refusal import Refusal
from openum.core.review import MAY, Act, Proposal, judge, proposals, require
from openum.core.tests.invented_policies import LOW, ON, a_line, a_policy, chart

SATURATION = FactDefinition(
    id="saturation", type="number", question="What was the saturation?", unit="%",
    readers=(Reader(kind="observation", codes=CodeSet({"loinc": ["59408-5"]})),),
)  # fmt: skip
LEFT = FactDefinition(id="visits_left", type="number", question="How many visits are left?")
DEFINITIONS = {one.id: one for one in (SATURATION, LEFT)}
FEWER = Alternative(kind="quantity", why="The criteria allow fewer")


def measured(value: float, day: date = ON) -> Entry:
    return Entry(
        kind="observation", codes=(Code("loinc", "59408-5"),), value=value, unit="%", date=day, source="Observation/1"
    )


def stated(name: str, value: Any) -> Entry:
    return Entry(kind="answer", link=name, value=value, source=f"Form#{name}")


ROLES = ["intake_coordinator", "um_nurse", "pharmacist", "medical_director", "benefits_reviewer", "delegate"]
TABLE = {
    "claim": ROLES,
    "ask": ROLES[:5],
    "extend": ROLES[:4],
    "refer": ROLES[:3],
    "approve": ROLES[1:4],
    "deny": ["pharmacist", "medical_director"],
    "deny_benefit": ["medical_director", "benefits_reviewer"],
}


@pytest.mark.parametrize("act", get_args(Act))
@pytest.mark.parametrize("role", [*ROLES, "", "software", "physician", "nurse"])
def test_each_role_may_do_exactly_what_the_table_says(act: Any, role: str) -> None:
    assert set(MAY) == set(TABLE) == set(get_args(Act))
    if role in TABLE[act]:
        require(role, act)
        return
    with pytest.raises(Refusal) as caught:
        require(role, act)
    assert caught.value.code == "role-may-not"


def test_a_nurse_cannot_deny_and_is_told_who_can() -> None:
    with pytest.raises(Refusal) as caught:
        require("um_nurse", "deny_benefit")
    assert caught.value.message == "A um nurse may not deny benefit."
    assert caught.value.next == "Refer the case to one of: benefits reviewer, medical director."


def test_a_line_is_judged_on_the_chart_that_came_with_it_and_on_what_it_asks() -> None:
    policy = a_policy(criteria=All((LOW, Leaf("asked.quantity", "at_most", 2))))
    found = judge(policy, a_line(), [measured(86)], DEFINITIONS, on=ON)
    assert found.policy is policy
    assert found.finding == evaluate(policy.criteria, found.chart)
    assert found.finding.answer is YES
    assert found.distance == Distance(0, 0, ())
    assert found.chart.on == ON
    assert found.chart.facts["saturation"] == Fact("saturation", 86, "Observation/1", ON)
    assert found.chart.facts["asked.quantity"] == Fact("asked.quantity", 1, "request line 1")


@pytest.mark.parametrize(("entries", "answer", "far"), [([measured(93)], NO, (1, 0)), ([], UNKNOWN, (0, 1))])
def test_what_is_not_yes_is_told_how_far_it_is(entries: list[Entry], answer: Any, far: tuple[int, int]) -> None:
    found = judge(a_policy(), a_line(), entries, DEFINITIONS, on=ON)
    assert found.finding.answer is answer
    assert (found.distance.differ, found.distance.supply) == far


# ---- alternatives ---------------------------------------------------------------------------------------------------


def offered(policy: Policy, line: Any, *entries: Entry, others: tuple[Policy, ...] = ()) -> tuple[Proposal, ...]:
    judgment = judge(policy, line, entries, DEFINITIONS, on=ON)
    policies = {one.id: one for one in (policy, *others)}
    return proposals(judgment, line, iter(entries), DEFINITIONS, policies)


def largest(criteria: Criterion, quantity: float | None, *entries: Entry) -> float | None:
    """The amount proposed first, if it can be approved."""
    found = offered(a_policy(criteria=criteria, alternatives=(FEWER,)), a_line(quantity=quantity), *entries)
    return found[0].line.quantity if found and found[0].judgment.finding.answer is YES else None


QUANTITY = "asked.quantity"


@pytest.mark.parametrize(
    ("criteria", "amount"),
    [
        (Leaf(QUANTITY, "at_most", 12), 12),
        (Leaf(QUANTITY, "below", 12), 11),
        (Leaf(QUANTITY, "is", 6), 6),
        (Leaf(QUANTITY, "one_of", (5, 10, 60)), 10),
        (Not(Leaf(QUANTITY, "above", 12)), 12),
        (Not(Leaf(QUANTITY, "at_least", 12)), 11),
        (All((Leaf(QUANTITY, "at_least", 10), Leaf(QUANTITY, "at_most", 12))), 12),
        (AnyOf((Leaf(QUANTITY, "at_most", 3), Leaf(QUANTITY, "is", 20))), 20),
        (All((Leaf(QUANTITY, "at_most", 12), LOW)), None),
        (Leaf(QUANTITY, "above", 50), None),
        (Leaf(QUANTITY, "at_most", 0), None),
        (Leaf("asked.place", "is", "22"), None),
    ],
)
def test_the_largest_amount_that_can_be_approved_is_proposed(criteria: Criterion, amount: float | None) -> None:
    assert largest(criteria, 40) == amount


def test_what_is_left_of_a_limit_is_the_largest_amount() -> None:
    enough, more = Leaf("visits_left", "at_least", Asked("quantity")), Leaf("visits_left", "above", Asked("quantity"))
    assert largest(enough, 40, stated("visits_left", 7)) == 7
    assert largest(more, 40, stated("visits_left", 7)) == 6
    assert largest(enough, 40) is None
    assert largest(enough, 40, stated("visits_left", 0)) is None
    assert largest(Leaf("visits_left", "at_least", Asked("days")), 40, stated("visits_left", 7)) is None


def test_no_amount_is_proposed_where_none_was_asked_and_never_as_much_as_was_asked() -> None:
    assert offered(a_policy(criteria=Leaf(QUANTITY, "at_most", 12), alternatives=(FEWER,)), a_line(quantity=None)) == ()
    assert offered(a_policy(criteria=Leaf(QUANTITY, "above", 12), alternatives=(FEWER,)), a_line(quantity=11)) == ()


def test_a_yes_or_no_about_the_amount_is_no_amount() -> None:
    policy = a_policy(criteria=Leaf(QUANTITY, "is", True), alternatives=(FEWER,))
    assert offered(policy, a_line(quantity=40)) == ()
    stated_flag = Fact("visits_left", True)
    judgment = judge(a_policy(alternatives=(FEWER,)), a_line(quantity=40), [], DEFINITIONS, on=ON)
    assert stated_flag.value is True
    assert proposals(judgment, a_line(quantity=40), [], DEFINITIONS, {}) == ()


AMOUNTS = st.builds(
    Leaf,
    st.just(QUANTITY),
    st.sampled_from(["at_least", "at_most", "above", "below", "is"]),
    st.integers(0, 12),
) | st.builds(
    Leaf, st.just(QUANTITY), st.just("one_of"), st.lists(st.integers(0, 12), min_size=1, max_size=3).map(tuple)
)


def _groups(children: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    some = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.builds(All, some) | st.builds(AnyOf, some) | st.builds(Not, children)


@settings(max_examples=300, deadline=None)
@given(st.recursive(AMOUNTS, _groups, max_leaves=5), st.integers(1, 15))
def test_no_larger_whole_amount_below_the_one_asked_could_be_approved(criteria: Criterion, asked: int) -> None:
    if judge(a_policy(criteria=criteria), a_line(quantity=asked), [], {}, on=ON).finding.answer is YES:
        return
    fits = [n for n in range(1, asked) if evaluate(criteria, chart(**{QUANTITY: n})).answer is YES]
    assert largest(criteria, asked) == max(fits, default=None)


def test_another_place_level_item_amount_unit_and_certification_are_run_by_their_own_criteria() -> None:
    change = {"code": "H0035", "place": "22", "quantity": 48, "unit": "hour", "certification": "I"}
    level = Alternative(kind="level", why="A step down", change=change, policy="behavioral/day")
    policy = a_policy(alternatives=(level,))
    tests = [Leaf(f"asked.{name}", "is", value) for name, value in change.items()]
    day = a_policy(id="behavioral/day", criteria=All(tuple(tests)))
    (found,) = offered(policy, a_line(certification="R"), measured(93), others=(day,))
    assert found.alternative is level
    assert found.judgment.policy is day
    assert found.judgment.finding.answer is YES
    assert found.line == a_line(code=Code("hcpcs", "H0035"), place="22", quantity=48, unit="hour", certification="I")


def test_a_change_leaves_all_else_as_it_was_asked() -> None:
    place = Alternative(kind="place", why="In a hospital", change={"place": 22})
    (found,) = offered(a_policy(alternatives=(place,)), a_line(quantity=3, unit="month"), measured(86))
    assert found.line == a_line(quantity=3, unit="month", place="22")


@pytest.mark.parametrize(("code", "system"), [("97110", "cpt"), (97110, "cpt"), ("E0470", "hcpcs")])
def test_an_item_that_begins_with_a_letter_is_hcpcs_and_a_number_is_cpt(code: Any, system: str) -> None:
    item = Alternative(kind="item", why="Another", change={"code": code})
    (found,) = offered(a_policy(alternatives=(item,)), a_line(), measured(93))
    assert found.line.code == Code(system, str(code))


def test_an_alternative_under_a_policy_that_is_not_in_force_is_left_out() -> None:
    gone = Alternative(kind="item", why="Another", change={"code": "E0470"}, policy="dme/gone")
    assert offered(a_policy(alternatives=(gone,)), a_line(), measured(93)) == ()


def test_what_is_asked_for_already_is_no_alternative_to_itself() -> None:
    same = Alternative(kind="item", why="The concentrator", change={"code": "E1390", "place": "12"})
    other = Alternative(kind="item", why="Another", change={"code": "E0470"})
    found = offered(a_policy(alternatives=(same, other)), a_line(), measured(93))
    assert [one.alternative for one in found] == [other]


def test_approvable_alternatives_come_first_then_the_nearest() -> None:
    def item(name: str, criteria: Criterion) -> tuple[Alternative, Policy]:
        alternative = Alternative(kind="item", why=name, change={"code": "E0470"}, policy=f"dme/{name}")
        return alternative, a_policy(id=f"dme/{name}", criteria=criteria)

    unknown, other = Leaf("edema", "is", True), Leaf("smokes", "is", True)
    pairs = [
        item("different", LOW),
        item("two", All((unknown, other))),
        item("one", unknown),
        item("yes", Leaf("saturation", "at_least", 90)),
    ]
    policy = a_policy(alternatives=tuple(alternative for alternative, _ in pairs))
    found = offered(policy, a_line(), measured(93), others=tuple(one for _, one in pairs))
    assert [one.alternative.why for one in found] == ["yes", "one", "two", "different"]


def test_the_search_for_an_amount_stops_at_the_first_that_can_be_approved() -> None:
    policy = a_policy(
        criteria=AnyOf((Leaf(QUANTITY, "at_most", 12), Leaf(QUANTITY, "at_most", 3))), alternatives=(FEWER,)
    )
    assert [one.line.quantity for one in offered(policy, a_line(quantity=40))] == [12]
