"""Whether two code sets share a code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.codes import Code, CodeSet
from openum.librarian.overlap import shared_code, tie
from openum.librarian.read import read_library
from openum.librarian.tests.shelves import OXYGEN, plant


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ({"hcpcs": ["E1390"]}, {"hcpcs": ["E1390", "E1391"]}, "hcpcs E1390"),
        ({"hcpcs": ["E1390"]}, {"hcpcs": ["E1391"]}, ""),
        ({"cpt": ["97110"]}, {"hcpcs": ["97110"]}, "cpt 97110"),
        ({"icd10cm": ["G47.33"]}, {"icd10cm": ["G4733"]}, "icd10cm G47.33"),
        ({"icd10cm": ["J44*"]}, {"icd10cm": ["J44.1"]}, "icd10cm J44.1"),
        ({"icd10cm": ["J44*"]}, {"icd10cm": ["J4*"]}, "icd10cm J44*"),
        ({"icd10cm": ["J44*"]}, {"icd10cm": ["J45*"]}, ""),
        ({"cpt": ["97110..97150"]}, {"cpt": ["97140"]}, "cpt 97140"),
        ({"cpt": ["97110..97150"]}, {"cpt": ["97150..97200"]}, "cpt 97110..97150"),
        ({"cpt": ["97110..97150"]}, {"cpt": ["97151..97200"]}, ""),
        ({"cpt": ["97110..97150"]}, {"cpt": ["9714*"]}, "cpt 9714*"),
        ({"cpt": ["97110..97150"]}, {"cpt": ["9716*"]}, ""),
        ({"hcpcs": ["E1390"]}, {"rxnorm": ["E1390"]}, ""),
    ],
)
def test_a_shared_code_is_named_by_its_narrower_writing(
    one: dict[str, list[str]], other: dict[str, list[str]], shared: str
) -> None:
    assert shared_code(CodeSet(one), CodeSet(other)) == shared
    assert bool(shared_code(CodeSet(other), CodeSet(one))) == bool(shared)


digits = st.integers(0, 999).map(lambda n: f"{n:03}")
patterns = st.one_of(
    digits,
    digits.map(lambda code: f"{code[:2]}*"),
    st.tuples(digits, digits).map(lambda ends: f"{min(ends)}..{max(ends)}"),
)


@given(st.lists(patterns, min_size=1, max_size=3), st.lists(patterns, min_size=1, max_size=3))
def test_sets_share_a_code_exactly_when_some_code_is_in_both(one: list[str], other: list[str]) -> None:
    first, second = CodeSet({"drg": one}), CodeSet({"drg": other})
    codes = [Code("drg", f"{n:03}") for n in range(1000)]
    assert bool(shared_code(first, second)) == any(code in first and code in second for code in codes)


def test_policies_of_a_state_and_of_all_but_that_state_do_not_tie(shelf: Path) -> None:
    plant(shelf, OXYGEN, "lines_of_business: [medicare-advantage]", "states: [TX]")
    read = read_library(shelf)
    oxygen = read.policy("dme/oxygen")
    assert oxygen is not None
    twin = replace(oxygen, id="dme/twin")
    assert tie(oxygen, twin) == "hcpcs E1390"
    assert tie(oxygen, replace(twin, except_states=("TX", "CA"))) == ""
    assert tie(replace(twin, except_states=("TX",)), oxygen) == ""
    assert tie(oxygen, replace(twin, except_states=("CA",))) == "hcpcs E1390"
