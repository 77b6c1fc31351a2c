"""Faults that only several files together show: what is missing, written twice, tied, overlapping, or out of place."""

from __future__ import annotations

from pathlib import Path

from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.tests.shelves import (
    DEVICE,
    DEVICE_EXAMPLES,
    EXAMPLES,
    FILES,
    OXYGEN,
    OXYGEN_EXAMPLES,
    REQUIREMENTS,
    RULES,
    VERSION,
    plant,
    write,
)

FOLDER = "policies/dme/oxygen"
NAMES = "Name versions 2026-01-01.yaml and their examples 2026-01-01.examples.yaml."


def only(shelf: Path, *also: Path) -> Fault:
    """The one fault of the shelves."""
    (fault,) = check_library(shelf, *also)
    return fault


def copy_policy(shelf: Path, id_: str, *, version: str = VERSION, day: str = "2021-09-27") -> str:
    """Write another policy on the shelf; answers the name of its version."""
    name = f"policies/{id_}/{day}.yaml"
    write(shelf, f"policies/{id_}/about.yaml", FILES[f"{FOLDER}/about.yaml"])
    write(shelf, name, version)
    write(shelf, name.replace(".yaml", ".examples.yaml"), EXAMPLES)
    return name


def test_a_policy_without_about_or_without_a_version_is_named_by_its_folder(shelf: Path) -> None:
    (shelf / FOLDER / "about.yaml").unlink()
    mend = "Write about.yaml beside it, or begin with `openum library new policy`."
    assert check_library(shelf)[0] == Fault(str(shelf / FOLDER), 1, "about.yaml is missing.", mend)
    write(shelf, "policies/dme/later/about.yaml", FILES[f"{FOLDER}/about.yaml"])
    mend = "Write it as <day it came into force>.yaml: 2026-01-01.yaml."
    fault = Fault(str(shelf / "policies/dme/later"), 1, "No version is written.", mend)
    assert fault in check_library(shelf)


def test_missing_examples_are_named_at_the_version(shelf: Path) -> None:
    (shelf / OXYGEN_EXAMPLES).unlink()
    fault = "2021-09-27.examples.yaml is missing."
    assert only(shelf) == Fault(
        str(shelf / OXYGEN), 1, fault, "Write at least eight worked examples beside the version."
    )


def test_seven_examples_are_too_few(shelf: Path) -> None:
    last = EXAMPLES.index("- name: One who never smoked")
    write(shelf, OXYGEN_EXAMPLES, EXAMPLES[:last])
    mend = "For every threshold: a case on it, one step beyond it, one with the datum absent."
    assert only(shelf) == Fault(str(shelf / OXYGEN_EXAMPLES), 1, "There are 7 examples; at least 8 are needed.", mend)


def test_files_out_of_place_are_named(shelf: Path) -> None:
    write(shelf, "policies/readme.yaml", "a: b\n")
    write(shelf, "policies/dme/readme.yaml", "a: b\n")
    write(shelf, f"{FOLDER}/notes.txt", "a\n")
    write(shelf, f"{FOLDER}/2021-9-27.yaml", VERSION)
    write(shelf, f"{FOLDER}/2022-01-01.examples.yaml", EXAMPLES)
    write(shelf, "requirements/medicare.yaml", REQUIREMENTS)
    place = "policies/<family>/<policy>/ …"
    lines = "medicare-advantage, part-d, medicaid-managed-care, medicaid-ffs, chip, erisa, aca-individual"
    assert set(check_library(shelf)) == {
        Fault(str(shelf / "policies/readme.yaml"), 1, "readme.yaml stands outside a policy's folder.", place),
        Fault(str(shelf / "policies/dme/readme.yaml"), 1, "readme.yaml stands outside a policy's folder.", place),
        Fault(
            str(shelf / FOLDER / "notes.txt"), 1, "notes.txt has no place here.",
            "Only .yaml files stand here; rename or move it.",
        ),
        Fault(str(shelf / FOLDER / "2021-9-27.yaml"), 1, "2021-9-27.yaml belongs to no version.", NAMES),
        Fault(
            str(shelf / FOLDER / "2022-01-01.examples.yaml"), 1,
            "2022-01-01.examples.yaml belongs to no version.", NAMES,
        ),
        Fault(
            str(shelf / "requirements/medicare.yaml"), 1,
            "medicare is not a line of business.", f"Name it one of {lines}.",
        ),
    }  # fmt: skip


def test_a_root_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    mend = "Name the folder that holds facts/ and policies/."
    assert only(tmp_path / "none") == Fault(str(tmp_path / "none"), 1, "There is no such folder.", mend)


def test_a_fact_defined_twice_names_the_first(shelf: Path) -> None:
    write(shelf, "facts/more.yaml", 'topic: More\nfacts:\n  - {id: asthma, type: boolean, question: "Asthma?"}\n')
    fault = f"Fact `asthma` is already defined in {shelf / 'facts/breathing.yaml'}:18."
    mend = "Keep one of the two, or give one another id."
    assert only(shelf) == Fault(str(shelf / "facts/more.yaml"), 3, fault, mend)


def test_a_version_on_two_shelves_names_the_first(shelf: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    copy_policy(own, "dme/oxygen")
    fault = f"Policy dme/oxygen@2021-09-27 is already on the shelf: {shelf / OXYGEN}."
    mend = "A shelf adds and never replaces: give it another id, or the date of a new version."
    assert only(shelf, own) == Fault(str(own / OXYGEN), 1, fault, mend)


def test_a_version_that_reaches_into_the_next_is_a_fault_and_one_left_open_is_not(shelf: Path) -> None:
    later = VERSION.replace("2021-09-27", "2026-03-01")
    copy_policy(shelf, "dme/oxygen", version=later, day="2026-03-01")
    earlier = EXAMPLES.replace("  on: 2026-03-02\n  asked: {code: E1390, quantity: 1, place: 12}\n", "")
    earlier = earlier.replace("  given", "  on: 2026-02-28\n  given").replace("2026-05", "2026-02")
    earlier = earlier.replace("2026-02-02", "2026-01-29").replace("2026-02-01", "2026-01-28")
    write(shelf, OXYGEN_EXAMPLES, earlier)
    assert check_library(shelf) == ()
    line = plant(shelf, OXYGEN, "{from: 2021-09-27}", "{from: 2021-09-27, until: 2026-03-01}")
    fault = "In force until 2026-03-01, but version 2026-03-01 begins before that."
    mend = "Leave `until` out: the next version closes this one; or end it on the eve of the next."
    assert only(shelf) == Fault(str(shelf / OXYGEN), line, fault, mend)


def test_two_policies_that_tie_are_a_fault_at_the_second(shelf: Path) -> None:
    name = copy_policy(shelf, "dme/twin", version=VERSION.replace("[E1390, E04*]", "[E0430..E0440]"))
    fault = "Ties with dme/oxygen@2021-09-27 for hcpcs E04*: neither is narrower, so neither would be chosen."
    mend = (
        "Narrow one of them (states, diagnoses, places, certifications, lines of business), end one, "
        "or take the shared codes out of one."
    )
    found = [one for one in check_library(shelf) if one.fault.startswith("Ties")]
    assert found == [Fault(str(shelf / name), 7, fault, mend)]


def test_policies_that_are_narrower_elsewhere_or_at_another_time_do_not_tie(shelf: Path) -> None:
    lines = "lines_of_business: [medicare-advantage]"
    for number, narrow in enumerate((
        "lines_of_business: [erisa]",
        f"{lines}\nstates: [TX]",
        f"{lines}\nplaces: [12]",
        f"{lines}\ncertifications: [I]",
        f"{lines}\ndiagnoses: {{icd10cm: [J44*]}}",
    )):  # fmt: skip
        copy_policy(shelf, f"dme/other-{number}", version=VERSION.replace(lines, narrow))
    before = VERSION.replace("{from: 2021-09-27}", "{from: 2020-01-01, until: 2021-09-26}")
    copy_policy(shelf, "dme/old", version=before, day="2020-01-01")
    assert [fault for fault in check_library(shelf) if fault.fault.startswith("Ties")] == []
    plant(shelf, "policies/dme/old/2020-01-01.yaml", "until: 2021-09-26", "until: 2021-09-27")
    (tie,) = [fault for fault in check_library(shelf) if fault.fault.startswith("Ties")]
    assert tie.file == str(shelf / OXYGEN)


def test_words_beside_a_cpt_code_are_a_fault_and_words_away_from_it_are_not(shelf: Path) -> None:
    name = "policies/dme/device/2026-01-01.yaml"
    mend = (
        "CPT codes may be listed, CPT descriptors may not (American Medical Association): remove the words, or "
        "describe the service in words of your own away from the code."
    )
    fault = "Words stand beside the CPT code 94660."
    write(shelf, name, DEVICE.replace("[94660]}", "[94660]}  # ventilation at night"))
    assert only(shelf) == Fault(str(shelf / name), 4, fault, mend)
    write(shelf, name, DEVICE.replace("title: A device", 'title: "A device, 94660: ventilation"'))
    assert only(shelf) == Fault(str(shelf / name), 1, fault, mend)
    write(shelf, name, DEVICE.replace("title: A device", "# ventilation at night\ntitle: A device"))
    assert check_library(shelf) == ()


def test_examples_of_a_version_that_cannot_be_read_are_still_examined(shelf: Path) -> None:
    plant(shelf, OXYGEN, "grant: {lasts: 12mo", "grant: {lasts: 12 months")
    line = plant(shelf, OXYGEN_EXAMPLES, "smoking: never}\n  expect: not_met", "smoking: never}\n  expect: no")
    fault = Fault(
        str(shelf / OXYGEN_EXAMPLES), line + 1, '`expect` is "no", which cannot be.', "Write met, not_met or unknown."
    )
    assert fault in check_library(shelf)


def test_a_derivation_whose_input_is_no_fact_is_a_fault(shelf: Path) -> None:
    plant(shelf, "facts/body.yaml", "id: weight_kg", "id: weight")
    write(shelf, "policies/dme/device/2026-01-01.examples.yaml", DEVICE_EXAMPLES.replace("weight_kg", "height_cm"))
    fault = "Fact `bmi`: `bmi` needs the fact `weight_kg`, which is not defined."
    assert Fault(str(shelf / "facts/body.yaml"), 6, fault, "Define `weight_kg`.") in check_library(shelf)


def test_requirements_in_a_folder_are_named_by_the_day_they_begin(shelf: Path) -> None:
    (shelf / RULES).unlink()
    name = "requirements/medicare-advantage/2025-01-01.yaml"
    write(shelf, name, REQUIREMENTS)
    fault = "The file is named 2025-01-01, but it is in force from 2026-01-01."
    mend = "Name the file 2026-01-01.yaml, or write from: 2025-01-01."
    assert only(shelf) == Fault(str(shelf / name), 2, fault, mend)
