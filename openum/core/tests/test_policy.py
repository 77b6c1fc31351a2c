"""Which policy governs: codes, days, places, states; the more specific first; a tie goes to a person."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.codes import Code, CodeSet
from openum.core.policy import InForce, Policy, Question, governs, select, specificity
from openum.core.tests.invented_policies import ON, OXYGEN, a_policy

APNEA = Code("icd10cm", "G47.33")
NARROWINGS: dict[str, Any] = {
    "states": ("TX",),
    "diagnoses": CodeSet({"icd10cm": ["G47*"]}),
    "places": ("12",),
    "certifications": ("I",),
    "lines_of_business": ("medicare-advantage",),
}


def ask(**changes: Any) -> Question:
    given: dict[str, Any] = {
        "line_of_business": "medicare-advantage", "code": OXYGEN, "on": ON, "place": "12", "state": "TX",
        "diagnoses": (APNEA,),
    }  # fmt: skip
    return Question(**{**given, **changes})


@pytest.mark.parametrize(
    ("policy", "question", "answer"),
    [
        ({}, {}, True),
        ({}, {"code": Code("hcpcs", "E1391")}, False),
        ({}, {"code": Code("revenue", "0420"), "also": (OXYGEN,)}, True),
        ({}, {"code": Code("revenue", "0420"), "also": (APNEA,)}, False),
        ({}, {"on": date(2025, 12, 31)}, False),
        ({}, {"on": date(2026, 1, 1)}, True),
        ({"in_force": InForce(date(2026, 1, 1), ON)}, {}, True),
        ({"in_force": InForce(date(2026, 1, 1), date(2026, 5, 31))}, {}, False),
        ({"lines_of_business": ("erisa", "medicare-advantage")}, {}, True),
        ({"lines_of_business": ("erisa",)}, {}, False),
        ({"states": ("TX",)}, {}, True),
        ({"states": ("TX",)}, {"state": "OH"}, False),
        ({"states": ("TX",)}, {"state": ""}, False),
        ({"except_states": ("TX",)}, {}, False),
        ({"except_states": ("TX",)}, {"state": "OH"}, True),
        ({"except_states": ("TX",)}, {"state": ""}, True),
        ({"places": ("12",)}, {}, True),
        ({"places": ("12",)}, {"place": "22"}, False),
        ({"places": ("12",)}, {"place": ""}, False),
        ({"certifications": ("I",)}, {}, True),
        ({"certifications": ("R",)}, {}, False),
        ({"diagnoses": CodeSet({"icd10cm": ["G47*"]})}, {}, True),
        ({"diagnoses": CodeSet({"icd10cm": ["J44*"]})}, {}, False),
        ({"diagnoses": CodeSet({"icd10cm": ["J44*"]})}, {"diagnoses": ()}, False),
    ],
)
def test_a_policy_governs_when_everything_it_names_fits(
    policy: dict[str, Any], question: dict[str, Any], answer: bool
) -> None:
    made = a_policy(**policy)
    assert governs(made, ask(**question)) is answer
    assert select([made], ask(**question)) == (made if answer else None)


def test_no_policy_governs_what_none_speaks_of() -> None:
    assert select([], ask()) is None


@pytest.mark.parametrize("name", NARROWINGS)
def test_a_narrower_policy_goes_before_a_general_one_in_either_order(name: str) -> None:
    general, narrow = a_policy(), a_policy(id="dme/narrow", **{name: NARROWINGS[name]})
    assert select([general, narrow], ask()) is narrow
    assert select([narrow, general], ask()) is narrow


def test_state_goes_before_diagnosis_place_certification_and_line_of_business() -> None:
    each = [a_policy(id=name, **{name: value}) for name, value in NARROWINGS.items()]
    for shuffled in permutations(each):
        assert [one.id for one in sorted(shuffled, key=specificity, reverse=True)] == list(NARROWINGS)
    rest = {name: value for name, value in NARROWINGS.items() if name != "states"}
    state, everything_else = a_policy(id="a", states=("TX",)), a_policy(id="b", **rest)
    assert select([everything_else, state], ask()) is state


def test_a_tie_is_nobodys_but_a_persons() -> None:
    one, other = a_policy(id="dme/one", places=("12",)), a_policy(id="dme/other", places=("12", "22"))
    assert select([one, other], ask()) is None
    assert select([one, other], ask(place="22")) is other


def test_a_tie_below_the_most_specific_does_not_matter() -> None:
    one, other, narrow = a_policy(id="a"), a_policy(id="b"), a_policy(id="c", states=("TX",))
    assert select([one, narrow, other], ask()) is narrow


def test_a_policy_that_does_not_govern_ties_with_nothing() -> None:
    assert select([a_policy(id="a", places=("22",)), a_policy(id="b", places=("12",))], ask()).id == "b"  # type: ignore[union-attr]


def test_versions_follow_each_other_by_the_day_of_service() -> None:
    old = a_policy(version="2025-01-01", in_force=InForce(date(2025, 1, 1), date(2026, 5, 31)))
    new = a_policy(version="2026-06-01", in_force=InForce(date(2026, 6, 1)))
    assert select([old, new], ask(on=date(2026, 5, 31))) is old
    assert select([old, new], ask(on=date(2026, 6, 1))) is new
    assert (old.key, new.key) == ("dme/oxygen@2025-01-01", "dme/oxygen@2026-06-01")


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 9))
PERIODS = st.builds(InForce, DAYS, st.none() | DAYS).filter(lambda one: one.until is None or one.start <= one.until)


@given(PERIODS, PERIODS)
def test_two_periods_overlap_exactly_when_they_share_a_day(one: InForce, other: InForce) -> None:
    shared = any(date(2026, 1, day) in one and date(2026, 1, day) in other for day in range(1, 32))
    assert one.overlaps(other) is shared
    assert other.overlaps(one) is shared


policies = st.lists(
    st.builds(
        lambda number, names: a_policy(id=f"p/{number}", **{name: NARROWINGS[name] for name in names}),
        st.integers(0, 99),
        st.sets(st.sampled_from(sorted(NARROWINGS))),
    ),
    max_size=5,
)


@given(policies, st.randoms(use_true_random=False))
def test_what_is_selected_governs_beats_all_others_and_does_not_depend_on_their_order(
    shelf: list[Policy], random: Any
) -> None:
    shuffled = list(shelf)
    random.shuffle(shuffled)
    found = select(shelf, ask())
    assert select(shuffled, ask()) == found
    if found is not None:
        assert governs(found, ask())
        assert sum(specificity(one) >= specificity(found) for one in shelf) == 1
