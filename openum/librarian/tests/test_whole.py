"""What only all shelves together show: dangling references, versions that overlap, names that stand for two things."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openum.librarian.shape import SHIPPED
from openum.librarian.tests.shelves import plant, write
from openum.librarian.whole import check_whole

RECON, RECON_EXP = "clocks/us/medicare-advantage/ma-recon-std.yaml", "clocks/us/medicare-advantage/ma-recon-exp.yaml"
FIRST_LEVEL = "appeals/us/medicare-advantage/ma-l1.yaml"
GOLD, OLD_GOLD = "gold-card/us/tx/tx-gold.v2.yaml", "gold-card/us/tx/tx-gold.yaml"
DECIDER = "deciders/us/ca/decider-ca.yaml"
OTHER_GOLD = "gold-card/us/ar/ar-gold.yaml"


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A copy of a few items of the shipped library, each with its examples."""
    root = tmp_path / "mini"
    for name in (RECON, RECON_EXP, FIRST_LEVEL, GOLD, OLD_GOLD, OTHER_GOLD, DECIDER):
        for one in (name, name.replace(".yaml", ".examples.yaml")):
            (root / one).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED / one, root / one)
    return root


def faults(root: Path) -> list[tuple[str, int, str]]:
    """File (below the root), line and words of every fault."""
    return [(str(Path(one.file).relative_to(root)), one.line, one.fault) for one in check_whole(root)]


def test_a_few_items_beside_the_shipped_library_have_no_faults(mini: Path) -> None:
    assert faults(mini) == []


def test_the_shipped_library_has_no_faults_on_any_shelf() -> None:
    assert check_whole(SHIPPED) == ()


DANGLING = [
    (RECON, "starts: MA-AUTO-FORWARD", "starts: MA-AUTO-FOREWARD", 0, "There is no clock MA-AUTO-FOREWARD."),
    (FIRST_LEVEL, "MA-RECON-STD", "MA-RECON-STT", 0, "There is no clock MA-RECON-STT."),
    (DECIDER, "[behavioral/state-named-criteria, ", "[behavioral/state-criteria, ", 0,
     "There is no policy behavioral/state-criteria."),
    (FIRST_LEVEL, "IND-MA-RECON", "IND-MA-RECKON", 0, "There is no item of law IND-MA-RECKON."),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "below", "words"), DANGLING)
def test_a_reference_to_what_nobody_wrote_is_named_at_its_line(
    mini: Path, file: str, old: str, new: str, below: int, words: str
) -> None:
    line = plant(mini, file, old, new)
    assert (file, line + below, words) in faults(mini)


def test_the_mend_of_a_reference_names_what_is_nearest(mini: Path) -> None:
    plant(mini, RECON, "starts: MA-AUTO-FORWARD", "starts: MA-AUTO-FOREWARD")
    (fault,) = [one for one in check_whole(mini) if one.fault == "There is no clock MA-AUTO-FOREWARD."]
    assert fault.mend == "Did you mean `MA-AUTO-FORWARD`?"


def test_two_versions_that_hold_on_the_same_day_are_named_at_the_later(mini: Path) -> None:
    plant(mini, OLD_GOLD, "to: 2025-08-31", "to: 2025-09-01")
    line = plant(mini, GOLD, "since:", "since:")
    assert (GOLD, line, "TX-GOLD versions 1 and 2 hold on the same day.") in faults(mini)


def test_a_name_that_two_items_go_by_is_named_at_the_second(mini: Path) -> None:
    path = mini / OTHER_GOLD
    path.write_text(path.read_text(encoding="utf-8") + "also: [TX-GOLD]\n", encoding="utf-8")
    fault = (1, "TX-GOLD is a name of AR-GOLD (gold-card) too.")
    assert faults(mini) == [(GOLD, *fault), (OLD_GOLD, *fault)]


def test_the_own_id_among_the_other_names_is_a_fault(mini: Path) -> None:
    path = mini / OTHER_GOLD
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}also: [AR-GOLD]\n", encoding="utf-8")
    assert faults(mini) == [(OTHER_GOLD, text.count("\n") + 1, "AR-GOLD is the id already.")]


HALF = [
    ("  checked_on: 2026-11-22\n", "", "`checked_on` is missing in `authority`."),
    ("  tag: verified\n", "", "`tag` is missing in `authority`."),
]


@pytest.mark.parametrize("file", [RECON, OTHER_GOLD, FIRST_LEVEL])
@pytest.mark.parametrize(("old", "new", "words"), HALF)
def test_an_item_without_grade_or_day_of_checking_is_named(
    mini: Path, file: str, old: str, new: str, words: str
) -> None:
    plant(mini, file, old, new)
    line = plant(mini, file, "authority:", "authority:")
    assert (file, line, words) in faults(mini)


@pytest.mark.parametrize("file", [RECON, OTHER_GOLD, FIRST_LEVEL])
def test_an_item_without_examples_is_named(mini: Path, file: str) -> None:
    (mini / file.replace(".yaml", ".examples.yaml")).unlink()
    assert (file, 1, "It has no worked examples.") in faults(mini)


@pytest.mark.parametrize("file", [RECON, OTHER_GOLD])
def test_two_examples_are_too_few(mini: Path, file: str) -> None:
    beside = file.replace(".yaml", ".examples.yaml")
    text = (mini / beside).read_text(encoding="utf-8")
    parts = text.split("\n  - ")
    write(mini, beside, "\n  - ".join(parts[:3]) + "\n")
    assert (beside, 1, "`examples` holds too little.") in faults(mini)
