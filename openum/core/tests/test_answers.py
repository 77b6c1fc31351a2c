"""Kleene's tables, and the laws that hold in them."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES, Answer, all_of, any_of, at_least, negate, of_bool

answers = st.sampled_from(Answer)
several = st.lists(answers, max_size=6)


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, YES, NO, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, YES, UNKNOWN, YES),
        (UNKNOWN, NO, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_and_and_or_are_kleenes_tables(one: Answer, other: Answer, both: Answer, either: Answer) -> None:
    assert all_of([one, other]) is both
    assert any_of([one, other]) is either


def test_not_swaps_yes_and_no_and_leaves_unknown_unknown() -> None:
    assert [negate(one) for one in (YES, NO, UNKNOWN)] == [NO, YES, UNKNOWN]


def test_all_of_nothing_is_yes_and_any_of_nothing_is_no() -> None:
    assert all_of([]) is YES
    assert any_of([]) is NO


def test_two_of_three_is_settled_as_soon_as_the_third_cannot_matter() -> None:
    table = {three: at_least(2, three) for three in product((YES, NO, UNKNOWN), repeat=3)}
    assert table[YES, YES, UNKNOWN] is YES
    assert table[NO, NO, UNKNOWN] is NO
    assert table[YES, NO, UNKNOWN] is UNKNOWN
    assert table[YES, UNKNOWN, UNKNOWN] is UNKNOWN
    assert table[UNKNOWN, UNKNOWN, NO] is UNKNOWN
    assert table[YES, NO, NO] is NO
    assert sum(answer is YES for answer in table.values()) == 7
    assert sum(answer is NO for answer in table.values()) == 7


def test_none_of_any_number_is_always_enough_and_more_than_there_are_never() -> None:
    assert at_least(0, []) is YES
    assert at_least(0, [NO]) is YES
    assert at_least(3, [YES, YES]) is NO


@pytest.mark.parametrize("answer", Answer)
def test_an_answer_has_no_truth_value_so_that_unknown_cannot_become_no(answer: Answer) -> None:
    with pytest.raises(TypeError, match=r"compare it with `is Answer\.YES`"):
        bool(answer)


def test_true_false_and_none_are_yes_no_and_unknown() -> None:
    assert [of_bool(one) for one in (True, False, None)] == [YES, NO, UNKNOWN]


@given(several)
def test_de_morgan_holds_with_unknowns(given_answers: list[Answer]) -> None:
    assert negate(all_of(given_answers)) is any_of(map(negate, given_answers))
    assert negate(any_of(given_answers)) is all_of(map(negate, given_answers))


@given(answers)
def test_saying_no_twice_says_nothing(answer: Answer) -> None:
    assert negate(negate(answer)) is answer


@given(several, st.integers(0, 7))
def test_not_at_least_n_is_at_least_the_rest_of_the_negations(given_answers: list[Answer], needed: int) -> None:
    rest = len(given_answers) - needed + 1
    assert negate(at_least(needed, given_answers)) is at_least(rest, map(negate, given_answers))


@given(several, st.integers(0, 7), st.data())
def test_an_unknown_that_becomes_known_never_turns_a_yes_or_a_no(
    given_answers: list[Answer], needed: int, data: st.DataObject
) -> None:
    before = at_least(needed, given_answers)
    told = [data.draw(answers) if one is UNKNOWN else one for one in given_answers]
    if before is not UNKNOWN:
        assert at_least(needed, told) is before


@given(several, st.integers(0, 7))
def test_unknown_means_that_both_answers_are_still_possible(given_answers: list[Answer], needed: int) -> None:
    best = at_least(needed, [YES if one is UNKNOWN else one for one in given_answers])
    worst = at_least(needed, [NO if one is UNKNOWN else one for one in given_answers])
    assert (at_least(needed, given_answers) is UNKNOWN) is (best is not worst)


@given(several, st.randoms(use_true_random=False), st.integers(0, 7))
def test_the_order_of_the_branches_does_not_matter(given_answers: list[Answer], random: object, needed: int) -> None:
    shuffled = list(given_answers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert at_least(needed, shuffled) is at_least(needed, given_answers)
