"""Distance-to-Yes where a group counts none, all, or more than its branches."""

from __future__ import annotations

import pytest

from openum.core.criteria import All, AnyOf, AtLeast, Criterion, Leaf, Not
from openum.core.distance import distance
from openum.core.tests.invented_policies import chart

A, B, C = (Leaf(name, "is", True) for name in "abc")


@pytest.mark.parametrize(
    ("criterion", "ways"),
    [
        (AtLeast(2, (A, B, C)), [{"a", "b"}, {"a", "c"}, {"b", "c"}]),
        (Not(AtLeast(2, (A, B, C))), [{"a", "b"}, {"a", "c"}, {"b", "c"}]),
        (Not(AtLeast(1, (A, B))), [{"a", "b"}]),
        (Not(AtLeast(3, (A, B, C))), [{"a"}, {"b"}, {"c"}]),
        (Not(All((A, B))), [{"a"}, {"b"}]),
        (Not(AnyOf((A, B))), [{"a", "b"}]),
    ],
)
def test_the_ways_out_of_a_group_and_of_its_negation(criterion: Criterion, ways: list[set[str]]) -> None:
    got = distance(criterion, chart())
    assert [set(way.facts) for way in got.ways] == ways
    assert (got.differ, got.supply, got.reachable, got.exact) == (0, len(ways[0]), True, True)


def test_a_group_that_needs_none_is_met_and_one_that_needs_too_many_never_is() -> None:
    assert distance(AtLeast(0, (A,)), chart()).reachable
    assert distance(AtLeast(0, (A,)), chart()).ways == ()
    assert not distance(AtLeast(3, (A, B)), chart()).reachable
    assert not distance(Not(AtLeast(0, (A,))), chart()).reachable
    never = distance(Not(AtLeast(3, (A, B))), chart())
    assert (never.reachable, never.differ, never.supply) == (True, 0, 0)
