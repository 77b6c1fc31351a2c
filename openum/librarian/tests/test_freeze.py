"""What is adopted is never edited, and nobody decides Medicare Advantage cases by what no committee approved."""

from __future__ import annotations

import os
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from openum.core.refusal import Refusal
from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.freeze import adopt
from openum.librarian.lock import LOCK, read_lock
from openum.librarian.tests.shelves import FILES, OXYGEN, OXYGEN_EXAMPLES, VERSION, plant, write

DAY, APPROVED = date(2026, 11, 22), date(2026, 11, 1)
ABOUT = "policies/dme/oxygen/about.yaml"
BACK = "Put the adopted text back (git shows it), and write the change as the next version beside it."


def adopt_oxygen(shelf: Path, approved: date | None = APPROVED, on: date = DAY) -> None:
    adopt([shelf / OXYGEN], by="Policy committee", on=on, roots=[shelf], approved_by_committee=approved)


def sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_adopting_a_version_locks_it_with_about_and_examples(shelf: Path) -> None:
    adopt_oxygen(shelf)
    adoptions, faults = read_lock(shelf)
    assert faults == ()
    assert [(one.path, one.sha256, one.by, one.on, one.approved_by_committee) for one in adoptions] == [
        (OXYGEN_EXAMPLES, sha(FILES[OXYGEN_EXAMPLES]), "Policy committee", DAY, None),
        (OXYGEN, sha(VERSION), "Policy committee", DAY, APPROVED),
        (ABOUT, sha(FILES[ABOUT]), "Policy committee", DAY, None),
    ]
    assert check_library(shelf) == ()


def test_the_lock_is_the_same_text_whatever_the_order_of_adoption(shelf: Path, tmp_path: Path) -> None:
    device = shelf / "policies/dme/device"
    adopt([device], by="C", on=DAY, roots=[shelf], approved_by_committee=APPROVED)
    adopt_oxygen(shelf)
    first = (shelf / LOCK).read_text(encoding="utf-8")
    (shelf / LOCK).unlink()
    adopt_oxygen(shelf)
    adopt([device], by="C", on=DAY, roots=[shelf], approved_by_committee=APPROVED)
    assert (shelf / LOCK).read_text(encoding="utf-8") == first
    assert first.splitlines()[2].startswith('- {path: "policies/dme/device/2026-01-01.examples.yaml", sha256: "')
    assert len(first.splitlines()) == 2 + 6


def test_adopting_again_changes_nothing(shelf: Path) -> None:
    adopt_oxygen(shelf)
    before = (shelf / LOCK).read_bytes()
    assert adopt([shelf / OXYGEN], by="Someone else", on=date(2027, 1, 1), roots=[shelf]) == ()
    assert (shelf / LOCK).read_bytes() == before


@pytest.mark.parametrize("name", [OXYGEN, ABOUT, OXYGEN_EXAMPLES])
def test_an_edited_file_is_caught_and_cannot_be_adopted_again(shelf: Path, name: str) -> None:
    adopt_oxygen(shelf)
    before = (shelf / LOCK).read_bytes()
    write(shelf, name, FILES[name] + "# a harmless remark\n")
    fault = "Adopted on 2026-11-22 by Policy committee, and changed since."
    assert check_library(shelf) == (Fault(str(shelf / name), 1, fault, BACK),)
    with pytest.raises(Refusal) as caught:
        adopt_oxygen(shelf)
    assert caught.value.code == "adopted_before"
    assert (shelf / LOCK).read_bytes() == before


def test_the_next_version_beside_an_adopted_one_is_no_fault_of_the_lock(shelf: Path) -> None:
    adopt_oxygen(shelf)
    write(shelf, "policies/dme/oxygen/2027-01-01.yaml", VERSION.replace("2021-09-27", "2027-01-01"))
    assert [fault.fault for fault in check_library(shelf)] == ["2027-01-01.examples.yaml is missing."]


def test_an_adopted_file_that_is_gone_is_named_at_its_line_of_the_lock(shelf: Path) -> None:
    adopt_oxygen(shelf)
    (shelf / OXYGEN_EXAMPLES).unlink()
    fault = f"{OXYGEN_EXAMPLES} was adopted and is gone."
    mend = "Put the file back: what was decided by it must stay readable."
    assert Fault(str(shelf / LOCK), 3, fault, mend) in check_library(shelf)


def test_a_fact_of_an_adopted_policy_may_gain_readers_but_not_another_meaning(shelf: Path) -> None:
    adopt_oxygen(shelf)
    plant(shelf, "facts/breathing.yaml", 'loinc: ["59408-5", 2708-6]', 'loinc: ["59408-5"]')
    plant(shelf, "facts/breathing.yaml", "words: [SpO2]", "words: [SpO2, sat]")
    assert check_library(shelf) == ()
    plant(shelf, "facts/breathing.yaml", "window: 30d", "window: 60d")
    fault = "A fact that dme/oxygen@2021-09-27 asks for means something else than when the policy was adopted."
    meaning = "type, unit, range, choices, window, ever, pick, derived, question"
    mend = f"Put back {meaning} of its facts, and give what changed a new id."
    assert check_library(shelf) == (Fault(str(shelf / LOCK), 4, fault, mend),)


def test_a_fact_of_another_policy_does_not_matter(shelf: Path) -> None:
    adopt_oxygen(shelf)
    plant(shelf, "facts/body.yaml", "How tall is the member?", "How tall was the member?")
    assert check_library(shelf) == ()


@pytest.mark.parametrize("approved", [None, date(2026, 11, 23)])
def test_medicare_advantage_policies_need_the_committee_first_and_nothing_is_written(
    shelf: Path, approved: date | None
) -> None:
    with pytest.raises(Refusal) as caught:
        adopt_oxygen(shelf, approved)
    assert caught.value.code == "committee_approval_missing"
    assert "42 CFR 422.137" in caught.value.message
    assert not (shelf / LOCK).exists()


def test_a_policy_for_every_line_of_business_needs_it_too_and_one_for_others_does_not(shelf: Path) -> None:
    device = shelf / "policies/dme/device/2026-01-01.yaml"
    with pytest.raises(Refusal, match="committee"):
        adopt([device], by="C", on=DAY, roots=[shelf])
    plant(shelf, "policies/dme/device/2026-01-01.yaml", "covers:", "lines_of_business: [erisa]\ncovers:")
    new = adopt([device], by="C", on=DAY, roots=[shelf])
    assert [one.approved_by_committee for one in new] == [None, None, None]


def test_a_lock_line_without_the_committee_is_caught(shelf: Path) -> None:
    adopt_oxygen(shelf)
    plant(shelf, LOCK, ', approved_by_committee: "2026-11-01"', "")
    fault = "dme/oxygen@2021-09-27 applies to Medicare Advantage, and no committee approval is recorded."
    mend = "Adopt it with the day the utilization management committee approved it (42 CFR 422.137)."
    assert check_library(shelf) == (Fault(str(shelf / LOCK), 4, fault, mend),)


def test_a_lock_written_by_hand_is_checked_for_its_shape_and_for_lines_said_twice(shelf: Path) -> None:
    adopt_oxygen(shelf)
    text = (shelf / LOCK).read_text(encoding="utf-8")
    write(shelf, LOCK, text + text.splitlines()[-1] + "\n")
    fault = Fault(str(shelf / LOCK), 6, f"{ABOUT} is adopted twice.", "Keep the line that was there first.")
    assert check_library(shelf) == (fault,)
    write(shelf, LOCK, "- {path: x, sha256: abc, by: me, on: 2026-01-01}\n")
    mend = "Let `openum library adopt` write the hash."
    assert check_library(shelf) == (Fault(str(shelf / LOCK), 1, '`sha256` is "abc", which cannot be.', mend),)


def test_what_has_a_fault_is_not_adopted(shelf: Path) -> None:
    plant(shelf, OXYGEN_EXAMPLES, "spo2_at_rest: 89", "spo2_at_rest: 99")
    with pytest.raises(Refusal) as caught:
        adopt_oxygen(shelf)
    assert caught.value.code == "library_faulty"
    assert caught.value.where == str((shelf / OXYGEN).resolve())
    assert not (shelf / LOCK).exists()


def test_what_is_on_no_shelf_is_not_adopted(shelf: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "elsewhere.yaml", shelf / "policies/dme/none.yaml", shelf / LOCK):
        with pytest.raises(Refusal) as caught:
            adopt([path], by="C", on=DAY, roots=[shelf])
        assert caught.value.code == "not_on_a_shelf"


def test_each_shelf_has_a_lock_of_its_own_and_facts_may_stand_on_another(shelf: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    os.renames(shelf / "policies/dme/device", own / "policies/dme/device")
    plant(
        shelf, OXYGEN, "  - {kind: item, change: {code: E0470}, policy: dme/device, why: A device may be enough}\n", ""
    )
    adopt([own / "policies"], by="C", on=DAY, roots=[shelf, own], approved_by_committee=APPROVED)
    assert not (shelf / LOCK).exists()
    assert len(read_lock(own)[0]) == 3
    assert check_library(shelf, own) == ()


def test_facts_and_requirements_can_be_adopted(shelf: Path) -> None:
    new = adopt([shelf / "facts", shelf / "requirements"], by="C", on=DAY, roots=[shelf])
    assert [one.path for one in new] == [
        "facts/body.yaml",
        "facts/breathing.yaml",
        "requirements/medicare-advantage.yaml",
    ]
    plant(shelf, "facts/body.yaml", "topic: Body", "topic: Bodies")
    (fault,) = check_library(shelf)
    assert fault == Fault(str(shelf / "facts/body.yaml"), 1, "Adopted on 2026-11-22 by C, and changed since.", BACK)
