"""Branches of a policy that decide nothing are found at their line; those that decide something are left alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.librarian.branch_checks import MEND
from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.regions import HIGHEST, LOWEST, Numbers, Words, compared, from_to, one_of
from openum.librarian.tests.shelves import OXYGEN, plant

LEAF = "    - {fact: test_date, within: 30d, label: The test is at most 30 days old}\n"


def found(shelf: Path, written: str, line: int) -> Fault | None:
    """The fault of branches that a version gets with these criteria in place of its second; ``line`` within them."""
    first = plant(shelf, OXYGEN, LEAF, written)
    faults = [one for one in check_library(shelf) if one.mend == MEND]
    if not faults:
        return None
    (one,) = faults
    assert (one.file, one.line) == (str(shelf / OXYGEN), first + line)
    return one


NEVER_MET = [
    # two thresholds that exclude each other, the second named
    ("    - {fact: spo2_at_rest, above: 88, label: Saturation above 88 %}\n", 0),
    ("    - {fact: visits_left, at_least: 5, label: Five visits are left}\n"
     "    - {fact: visits_left, below: 5, label: Fewer than five visits are left}\n", 1),
    ("    - {fact: smoking, is: never, label: The member never smoked}\n"
     "    - {fact: smoking, one_of: [former, current], label: The member smoked}\n", 1),
    ("    - {fact: test_date, at_most: 2026-01-01, label: Tested before the turn of the year}\n"
     "    - {fact: test_date, above: 2026-01-01, label: Tested after the turn of the year}\n", 1),
    ("    - {fact: visits_left, above: {asked: quantity}, label: More are left than asked for}\n"
     "    - {fact: visits_left, at_most: {asked: quantity}, label: No more are left than asked for}\n", 1),
    # under `not`, turned round
    ("    - {label: Not without asthma, not: {fact: asthma, is: false, label: The member has no asthma}}\n"
     "    - {label: Not with asthma, not: {fact: asthma, is: true, label: The member has asthma}}\n", 1),
    # a dead alternative: whoever meets it meets its sibling
    ("    - label: Enough visits are left\n      any:\n"
     "        - {fact: visits_left, at_least: 5, label: Five visits are left}\n"
     "        - {fact: visits_left, at_least: 3, label: Three visits are left}\n", 2),
    # a dead alternative: what stands above rules it out
    ("    - label: Very low or high enough\n      any:\n"
     "        - {fact: spo2_at_rest, above: 90, label: Saturation above 90 %}\n"
     "        - {fact: asthma, is: true, label: The member has asthma}\n", 2),
    # all of several counted as at least that many
    ("    - at_least: 2\n      label: Both at once\n      of:\n"
     "        - {fact: visits_left, at_least: 5, label: Five visits are left}\n"
     "        - {fact: visits_left, below: 5, label: Fewer than five visits are left}\n", 4),
]  # fmt: skip


@pytest.mark.parametrize(("written", "line"), NEVER_MET)
def test_a_branch_that_can_never_be_met_is_named_at_its_line(shelf: Path, written: str, line: int) -> None:
    fault = found(shelf, written, line)
    assert fault is not None
    assert "can never be met" in fault.fault


NEVER_FAILS = [
    ("    - {fact: spo2_at_rest, at_most: 92, label: Saturation at or below 92 %}\n", 0),
    ("    - label: Any number of visits\n      any:\n"
     "        - {fact: visits_left, at_least: 5, label: Five visits are left}\n"
     "        - {fact: visits_left, below: 5, label: Fewer than five visits are left}\n", 0),
    ("    - {fact: test_date, within: 30d, label: Tested in the last thirty days}\n"
     "    - {fact: test_date, within: 90d, label: Tested in the last ninety days}\n", 1),
]  # fmt: skip


@pytest.mark.parametrize(("written", "line"), NEVER_FAILS)
def test_a_threshold_that_can_never_fail_is_named_at_its_line(shelf: Path, written: str, line: int) -> None:
    fault = found(shelf, written, line)
    assert fault is not None
    assert "can never fail" in fault.fault


DECIDES = [
    LEAF,
    # a text that lists what is covered may name what is not
    "    - {fact: asked.place, is: 12, label: Care at home}\n"
    "    - {label: Not in a hospital, not: {fact: asked.place, is: 22, label: Care in a hospital}}\n",
    # two of three
    "    - at_least: 2\n      label: Two of the three\n      of:\n"
    "        - {fact: visits_left, at_least: 5, label: Five visits are left}\n"
    "        - {fact: visits_left, at_least: 3, label: Three visits are left}\n"
    "        - {fact: asthma, is: true, label: The member has asthma}\n",
    # days and months are not compared with each other
    "    - {fact: test_date, within: 3mo, label: Tested in the last three months}\n",
    # two facts are not compared with each other
    "    - {fact: weight_kg, at_least: 300, label: Weight of 300 kilograms or more}\n"
    "    - {fact: height_cm, below: 40, label: Height below 40 centimeters}\n",
]


@pytest.mark.parametrize("written", DECIDES)
def test_branches_that_decide_something_are_left_alone(shelf: Path, written: str) -> None:
    assert found(shelf, written, 0) is None


numbers = st.builds(compared, st.sampled_from(["at_least", "at_most", "above", "below", "is"]), st.integers(0, 5))
words = st.builds(Words, st.frozensets(st.sampled_from("abc")), st.booleans())
PROBES = [half / 2 for half in range(-1, 12)]


def holds(region: Numbers, value: float) -> bool:
    """Whether a number is in a set, by its cuts."""
    return any(low <= (value, 0) and (value, 1) <= high for low, high in region.parts)


@given(numbers, numbers)
def test_sets_of_numbers_meet_join_and_flip_as_their_members_do(one: Numbers, other: Numbers) -> None:
    for value in PROBES:
        assert holds(one.meet(other), value) is (holds(one, value) and holds(other, value))
        assert holds(one.join(other), value) is (holds(one, value) or holds(other, value))
        assert holds(one.flip(), value) is not holds(one, value)
    assert one.meet(one.flip()).empty
    assert one.flip().flip() == one


def listed(region: Words, word: str) -> bool:
    """Whether a word is in a set."""
    return (word in region.listed) is not region.others


@given(words, words)
def test_sets_of_words_meet_join_and_flip_as_their_members_do(one: Words, other: Words) -> None:
    both, either = one.meet(other), one.join(other)
    for word in "abcd":
        assert listed(both, word) is (listed(one, word) and listed(other, word))
        assert listed(either, word) is (listed(one, word) or listed(other, word))
    assert one.meet(one.flip()).empty


def test_the_whole_line_and_nothing() -> None:
    assert from_to(LOWEST, HIGHEST).flip().empty
    assert Numbers(()).flip() == from_to(LOWEST, HIGHEST)
    assert one_of([]).empty
    assert not one_of([]).flip().empty
