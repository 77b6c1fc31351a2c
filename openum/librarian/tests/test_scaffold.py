"""A new policy begins empty, and the check tells its author what to write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openum.core.refusal import Refusal
from openum.librarian.check import check_library
from openum.librarian.scaffold import scaffold_policy
from openum.librarian.tests.shelves import OXYGEN, VERSION

DAY = date(2027, 1, 1)


def test_three_files_are_written_and_every_empty_value_is_a_fault_at_its_line(shelf: Path) -> None:
    folder = shelf / "policies/imaging/head-mri"
    paths = scaffold_policy(shelf, "imaging/head-mri", DAY)
    assert paths == (folder / "about.yaml", folder / "2027-01-01.yaml", folder / "2027-01-01.examples.yaml")
    found = [(Path(fault.file).name, fault.line, fault.fault) for fault in check_library(shelf)]
    assert found == [
        ("2027-01-01.examples.yaml", 2, "`name` is empty."),
        ("2027-01-01.examples.yaml", 4, "`expect` is empty."),
        ("2027-01-01.yaml", 2, "`title` is empty."),
        ("2027-01-01.yaml", 5, "`cite` is empty."),
        ("2027-01-01.yaml", 6, "`grade` is empty."),
        ("2027-01-01.yaml", 7, "`checked_on` is empty."),
        ("2027-01-01.yaml", 8, "`lines_of_business` is empty."),
        ("2027-01-01.yaml", 9, "`covers` is empty."),
        ("2027-01-01.yaml", 11, "`label` is empty."),
        ("2027-01-01.yaml", 12, "`all` is empty."),
        ("2027-01-01.yaml", 13, "`lasts` is empty."),
        ("about.yaml", 2, "`title` is empty."),
        ("about.yaml", 4, "`summary` is empty."),
        ("about.yaml", 6, "`classification` is empty."),
        ("about.yaml", 8, "`owner` is empty."),
    ]
    assert all(fault.mend for fault in check_library(shelf))


def test_the_next_version_of_a_policy_leaves_what_is_there_alone(shelf: Path) -> None:
    paths = scaffold_policy(shelf, "dme/oxygen", DAY)
    assert [path.name for path in paths] == ["2027-01-01.yaml", "2027-01-01.examples.yaml"]
    assert (shelf / OXYGEN).read_text(encoding="utf-8") == VERSION


def test_a_version_that_exists_is_refused_and_untouched(shelf: Path) -> None:
    with pytest.raises(Refusal) as caught:
        scaffold_policy(shelf, "dme/oxygen", date(2021, 9, 27))
    assert caught.value.code == "version_exists"
    assert (shelf / OXYGEN).read_text(encoding="utf-8") == VERSION


@pytest.mark.parametrize("id_", ["oxygen", "DME/oxygen", "../oxygen", "dme/../../x", "dme/home oxygen", "a/b/c"])
def test_an_id_that_is_not_family_and_policy_is_refused_and_nothing_is_written(shelf: Path, id_: str) -> None:
    before = sorted(shelf.rglob("*"))
    with pytest.raises(Refusal) as caught:
        scaffold_policy(shelf, id_, DAY)
    assert caught.value.code == "policy_id_malformed"
    assert sorted(shelf.rglob("*")) == before
