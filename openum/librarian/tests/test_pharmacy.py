"""The formulary shelf: every rule of the rulebook's section on pharmacy, with its grade and its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from openum.librarian.clock_reading import read_clocks
from openum.librarian.kinds import pharmacy
from openum.librarian.law import examples_of, written
from openum.librarian.lawbook import check_items, named
from openum.librarian.shape import SHIPPED

RULES = {
    "PARTD-UM-TYPES": "from_knowledge",
    "PD-TRANSITION": "verified",
    "PARTB-STEP": "verified",
    "MEDICAID-DRUG": "verified",
    "QHP-EXC": "verified",
    "STEP-STATE": "verified",
    "OK-DRUG": "verified",
    "TX-CONC-DRUG": "verified",
    "REMS": "verified",
    "CONTROLLED": "from_knowledge",
}


@pytest.mark.parametrize(("name", "tag"), RULES.items())
def test_every_pharmacy_rule_stands_with_its_tag_and_at_least_three_examples(name: str, tag: str) -> None:
    (item,) = named(name, SHIPPED)
    assert item.provision.authority.tag == tag
    assert list(item.kind.rows(item.value))
    (file,) = (one for one in written(SHIPPED, pharmacy.KIND) if one.item and one.item.provision.id == name)
    examples, faults = examples_of(file)
    assert faults == ()
    assert len(examples) >= 3


def test_the_shelf_has_no_fault_and_every_example_comes_out() -> None:
    assert check_items(SHIPPED, kinds=(pharmacy.KIND,)) == ()


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("PD-TRANSITION", {"group": "new_enrollee"}, "`on` is needed"),
        ("PD-TRANSITION", {"fill_date": "2026-01-01", "colour": "red"}, "colour is not a word of this rule; its words"),
        ("PD-TRANSITION", {"fill_date": "2026-01-01", "ongoing": "yes"}, "`ongoing` is true or false, not 'yes'"),
        ("TX-CONC-DRUG", {}, "`noticed` or `ends` is needed"),
        ("STEP-STATE", {}, "Ask with restriction, grounds, state, urgent, missed or plan_year_ends"),
        ("STEP-STATE", {"grounds": "taste"}, "taste is no ground here"),
        ("REMS", {"have": ["passport"]}, "passport is no record here"),
        ("CONTROLLED", {"opioid_naive": True}, "`days` is needed"),
    ],
)
def test_a_case_that_a_rule_cannot_read_is_refused_with_the_words_it_knows(
    name: str, given: dict[str, object], words: str
) -> None:
    (item,) = named(name, SHIPPED)
    with pytest.raises(ValueError, match=words):
        item.answer(given)


def test_a_supply_in_a_case_may_be_a_moment_and_counts_by_its_day() -> None:
    (item,) = named("PD-TRANSITION", SHIPPED)
    given = {
        "group": "new_enrollee",
        "coverage_start": "2026-01-01",
        "fill_date": "2026-03-31T23:59:00-05:00",
        "restriction": "step_therapy",
    }
    assert item.answer(given)["applies"] is True


def test_every_clock_that_a_rule_names_is_in_the_library() -> None:
    clocks = {rule.id for rule in read_clocks(SHIPPED)}
    named_clocks = set()
    for file in written(SHIPPED, pharmacy.KIND):
        assert file.item is not None
        named_clocks |= set(_clocks(file.item.provision.what))
    assert len(named_clocks) >= 10
    assert named_clocks - clocks == set()


def _clocks(what: object, key: str = "") -> Iterator[str]:
    """Every clock id under the keys that hold clocks."""
    if isinstance(what, Mapping):
        for name, value in what.items():
            yield from _clocks(value, key if key in ("clocks", "exception_clocks", "notice_clock") else str(name))
    elif key in ("clocks", "exception_clocks", "notice_clock"):
        yield str(what)
