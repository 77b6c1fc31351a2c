"""Each planted fault is found: file, line, what is wrong, what to write instead; and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from openum.core.answers import UNKNOWN
from openum.librarian.check import check_library
from openum.librarian.faults import Fault
from openum.librarian.tests.shelves import (
    OXYGEN,
    OXYGEN_EXAMPLES,
    RULES,
    plant,
    write,
)

ABOUT = "policies/dme/oxygen/about.yaml"
BREATHING = "facts/breathing.yaml"
BODY = "facts/body.yaml"
LABEL = "Write a full phrase a member could read in a letter: a capital first, words instead of signs, no full stop."
GUESS = "leave a code out rather than guess."
CHARACTERS = "A HCPCS level II code is a capital letter and four digits (E1390); five-digit codes go under `cpt`."


def test_the_small_shelf_has_no_faults(shelf: Path) -> None:
    assert check_library(shelf) == ()


# file, what is replaced, by what, the line (counted from where the replaced text begins), fault, mend
PLANTED = [
    # --- YAML and shape
    (ABOUT, "owner: Clinical policy", "owner: Clinical: policy", 0,
     "This is not YAML: mapping values are not allowed in "
     "this context.",
     "Put text that holds a colon, comma, % or # into double quotes, and check indentation and brackets."),
    (ABOUT, "owner: Clinical policy", "owner: *clinical", 0, "This is not YAML: found undefined alias.",
     "Check indentation and brackets."),
    (ABOUT, "owner: Clinical policy", "owner: @clinical", 0, "This is not YAML: found character that cannot start any "
     "token.", "Put the text into double quotes, and indent with spaces, never tabs."),
    (ABOUT, "mental_health: false", "mental_health: false\nmental_health: true", 1, "`mental_health` is written twice.",
     "Keep one of the two."),
    (ABOUT, "mental_health: false", "mental_health: no", 0, '`mental_health` is "no", not true or false.',
     "Write true when the service is for mental health or substance use, otherwise false."),
    (ABOUT, "owner: Clinical policy", "owners: Clinical policy", 0, "`owners` is not a key of the file.",
     "Did you mean `owner`?"),
    (OXYGEN, "    - {fact: test_date, within: 30d", "    - {fact: test_date, whithin: 30d", 0,
     "`whithin` is not a key of number 2 of `all`.", "Did you mean `within`?"),
    (OXYGEN, "grant: {lasts: 12mo,", "grant: {lasts: 12 months,", 0, '`lasts` is "12 months", which cannot be.',
     "Write how long an approval holds. Spans are written 30d, 2w, 6mo or 1y."),
    (OXYGEN, "covers: {hcpcs: [E1390,", "covers: {hcpcs: [97110,", 0,
     'number 1 of `hcpcs` is "97110", which cannot be.',
     CHARACTERS),
    (OXYGEN, "covers: {hcpcs: [E1390, E04*]}", "covers: {hcpcs: [E1390, E1390]}", 0, '`hcpcs` lists "E1390" twice.',
     "List at least one code, each once."),
    (OXYGEN, "covers: {hcpcs: [E1390, E04*]}", "covers: {}", 0, "`covers` is empty.",
     'Write codes by system, for example {hcpcs: [E1390], cpt: ["97110"]}.'),
    (OXYGEN, "grade: text, checked_on: 2026-11-22", "grade: text, checked_on: 2026-02-30", 0,
     '`checked_on` is "2026-02-30", which cannot be.',
     "Write the day a person last compared this with the source, as YYYY-MM-DD."),
    (OXYGEN, "grade: text, checked_on: 2026-11-22", "grade: text", 0,
     "`checked_on` is missing in number 1 of `authority`.",
     "Add `checked_on:`. Write the day a person last compared this with the source, as YYYY-MM-DD."),
    (OXYGEN, "grade: text, checked_on: 2026-11-22", "grade: knowledge, checked_on: 2026-11-22", 0,
     "`note` is missing in number 1 of `authority`.", "Grade `knowledge` needs `note:`, saying what would confirm it."),
    (OXYGEN, "lines_of_business: [medicare-advantage]", "lines_of_business: [medicare]", 0,
     'number 1 of `lines_of_business` is "medicare", which cannot be.', "Write one of: medicare-advantage, part-d, "
     "medicaid-managed-care, medicaid-ffs, chip, erisa, aca-individual."),
    (OXYGEN, "kind: place, change: {place: 22}, why", "kind: place, why", 0,
     "`change` is missing in number 1 of `alternatives`.",
     'Add `change:`, what would be asked for instead, for example {place: "22"}.'),
    (OXYGEN_EXAMPLES, "- name: A saturation of 88 % qualifies\n", "- named: A saturation of 88 % qualifies\n", 0,
     "`named` is not a key of example 1.", "Did you mean `name`?"),
    (RULES, "otherwise: never", "otherwise: perhaps", 0, '`otherwise` is "perhaps", which cannot be.',
     "Write what holds for services on no rule: never or authorization."),
    (RULES, "{emergency: true}", "{emergent: true}", 0, "`emergent` is not a key of `when`.",
     "Did you mean `emergency`?"),
    (ABOUT, "summary: Oxygen at home for members whose blood oxygen is low; the test is often missing.",
     "summary: Oxygen.", 0, '`summary` is "Oxygen.", which says too little.',
     "Write one paragraph in plain words: what it is for, who asks, what usually goes wrong."),
    (BREATHING, "range: [30, 100]", "range: [30]", 0, "`range` holds too little.",
     "Write the lowest and highest possible value, for example [30, 100]."),
    (BREATHING, "range: [30, 100]", "range: [30, 90, 100]", 0, "`range` holds too much.",
     "Write the lowest and highest possible value, for example [30, 100]."),
    (BREATHING, "    choices: [never, former, current, on]\n", "", -1, "Fact `smoking`: a choice needs its choices.",
     "Add `choices: [never, former, current]`."),
    (OXYGEN, "authority:\n  - {cite", "authority:\n  - [a, b]\n  - {cite", 1,
     "number 1 of `authority` is a list, not `key: value` lines.",
     "Write {cite: …, url: …, grade: text, checked_on: YYYY-MM-DD, note: …}."),
    # --- places and names
    (ABOUT, "family: dme", "family: imaging", 0, "The folder's family is dme.",
     "Write family: dme, or move the folder."),
    (OXYGEN, "in_force: {from: 2021-09-27}", "in_force: {from: 2021-09-28}", 0,
     "The file is named 2021-09-27, but it is in force from 2021-09-28.",
     "Name the file 2021-09-28.yaml, or write from: 2021-09-27."),
    (OXYGEN, "in_force: {from: 2021-09-27}", "in_force: {from: 2021-09-27, until: 2021-09-26}", 0,
     "The version ends before it begins.", "Write a day after `from`, or leave it out."),
    # --- facts
    (BREATHING, '"59408-5"', '"59408-6"', 0, "59408-6 is not a LOINC number: its check digit would be 5.",
     f"Look the number up; {GUESS}"),
    (BREATHING, '"195967001"', '"195967002"', 0,
     "195967002 is not a SNOMED CT identifier: its check digit does not fit.", f"Look the identifier up; {GUESS}"),
    (BREATHING, '    unit: "%"\n', "", -1, "Fact `spo2_at_rest`: a number needs a unit.",
     'Add `unit:` in UCUM ("%", mm[Hg], {score}); "1" for a plain number.'),
    (BREATHING, "range: [30, 100]", "range: [100, 30]", 0, "Fact `spo2_at_rest`: the range is empty.",
     "Write the lowest possible value, then the highest."),
    (BREATHING, "    type: date\n", "    type: date\n    unit: d\n", 1,
     "Fact `test_date`: `unit` is for numbers; this is a date.", "Leave `unit` out."),
    (BREATHING, "    type: date\n", "    type: date\n    worse: lower\n", 1,
     "Fact `test_date`: `worse` is for numbers; this is a date.", "Leave `worse` out."),
    (BREATHING, "    type: date\n", "    type: date\n    choices: [a, b]\n", 1,
     "Fact `test_date`: `choices` is for choices; this is a date.", "Write type: choice."),
    (BREATHING, "    type: date\n", "    type: date\n    pick: count\n", 1,
     "Fact `test_date`: `pick: count` does not suit a date.", "It suits a number; otherwise write latest or earliest."),
    (BREATHING, "    type: date\n", "    type: date\n    read: [{procedure: {cpt: [94010]}}]\n", 1,
     "Fact `test_date`: whether there is a procedure is yes or no; this is a date.",
     "Write take: date, take: value or pick: count, or make the fact a boolean."),
    (BREATHING, "read: [{condition: {snomed:", "read: [{take: date, condition: {snomed:", 0,
     "Fact `asthma`: `take: date` gives a day; this is a boolean.", "Write type: date."),
    (BREATHING, "values: {never: {snomed", "values: {nevr: {snomed", 0,
     "Fact `smoking`: `nevr` is not a value of this fact.", "Known: never, former, current, on."),
    (BREATHING, "      - answer: [spo2-rest, 1.2]", "        answer: [spo2-rest, 1.2]", -1,
     "number 1 of `read` has `observation` and `answer` at once.",
     'A reader names one kind of chart entry and its codes, for example {observation: {loinc: ["59408-5"]}}.'),
    (BODY, "derived: bmi", "derived: bim", 0, "Fact `bmi`: there is no derivation `bim`.",
     "Known: blood_gas_at_rest, blood_gas_during_exercise, blood_gas_during_sleep, bmi."),
    # --- criteria
    (OXYGEN, "{fact: smoking, one_of", "{fact: smokin, one_of", 0, "There is no fact `smokin`.",
     "Did you mean `smoking`?"),
    (OXYGEN, "{fact: asthma, is: true", "{fact: xyz, is: true", 0, "There is no fact `xyz`.",
     "Define it in library/facts."),
    (OXYGEN, "{fact: asthma, is: true", "{fact: asthma, at_most: 1", 0, "`at_most` does not suit `asthma`, which is a "
     "boolean.", "A boolean is compared by is."),
    (OXYGEN, "{fact: spo2_at_rest, at_most: 88", "{fact: spo2_at_rest, within: 30d", 0,
     "`within` does not suit `spo2_at_rest`, which is a number.",
     "A number is compared by is, at_least, at_most, above, below, one_of."),
    (OXYGEN, "{fact: asthma, is: true", "{fact: asthma, is: yes", 0, "`asthma` is true or false, not 'yes'.",
     "Write true or false."),
    (OXYGEN, "at_most: 88", 'at_most: "88"', 0, "`spo2_at_rest` is a number, not '88'.",
     "Write a number without quotes."),
    (OXYGEN, "at_most: 88", "at_most: 101", 0, "101 lies outside the range of `spo2_at_rest`.",
     "Its range is 30 to 100."),
    (OXYGEN, "at_most: 88", "at_most: {asked: place}", 0, "`spo2_at_rest` is a number, but asked place is a text.",
     "Compare like with like."),
    (OXYGEN, "one_of: [former, current]", "one_of: [former, now]", 0, "'now' is not a choice of `smoking`.",
     "Its choices are never, former, current, on."),
    (OXYGEN, "one_of: [former, current]", "is: 3", 0, "`smoking` is text, not 3.", 'Write it in quotes: "3".'),
    (OXYGEN, "within: 30d, label", "at_least: soon, label", 0, "`test_date` is a day, not 'soon'.",
     "Write it as YYYY-MM-DD."),
    (OXYGEN, "label: Oxygen saturation at or below 88 %,", 'label: "SpO2 <= 88 %",', 0,
     'The label "SpO2 <= 88 %" does not read as a phrase.', LABEL),
    (OXYGEN, "label: The member smokes or smoked", "label: smoking", 0,
     'The label "smoking" does not read as a phrase.',
     LABEL),
    (OXYGEN, "label: The member smokes or smoked", f"label: {'Smoke ' * 41}", 0, "The label has 245 characters.",
     "Say it in at most 240."),
    (OXYGEN, ", label: The member smokes or smoked", "", 0, "`label` is missing in number 2 of `any`.",
     "Add `label:`, a full phrase a member could read in a letter."),
    (OXYGEN, "        - label: No asthma\n          not:", "        - not:", 0,
     "`label` is missing in number 1 of `any`.",
     "Add `label:` to the `not:` itself: the sentence that must hold, for example \"No active tuberculosis\". The "
     "branch inside keeps its own plain label."),
    (OXYGEN, "      any:\n", "      at_least: 3\n      of:\n", 0, "3 of 2 branches can never be met.",
     "Write at most 2, or add branches."),
    (OXYGEN, "{fact: test_date, within: 30d, label: The test is at most 30 days old}", "{label: Nothing at all}", 0,
     "number 2 of `all` has none of fact, all, any, of, not.",
     "Write one of: {fact: …, at_most: …, label: …}, {all: […], label: …}, {any: […], label: …}, "
     "{at_least: n, of: […], label: …} or {not: {…}, label: …}."),
    (OXYGEN, "{fact: test_date, within: 30d, label: The test is at most 30 days old}",
     "{all: [], label: Nothing at all}",
     0, "`all` is empty.", "List at least one branch under it."),
    (OXYGEN, "        - {fact: smoking, one_of: [former, current], label: The member smokes or smoked}",
     "        - {fact: smoking, one_of: [former, current], label: The member smokes or smoked}\n"
     "        - {label: Said again, fact: smoking, one_of: [former, current]}", 1,
     "This branch says the same as number 2 of the group.", "Keep one of the two."),
    # --- policies and requirements
    (OXYGEN, "policy: dme/device", "policy: dme/devices", 0, "There is no policy `dme/devices`.",
     "Did you mean `dme/device`?"),
    (RULES, "policy: dme/oxygen", "policy: x/y", 0, "There is no policy `x/y`.",
     "Write that policy, or leave `policy` out."),
    (RULES, "{needs: authorization, what", "{needs: notification, what", 1,
     "A service that needs `notification` is judged by no policy.",
     "Leave `policy` out, or write needs: authorization."),
    (RULES, "otherwise: never",
     "  - {needs: referral, what: Again, when: {emergency: true}, cite: List}\notherwise: never",
     0, "Number 1 says the same `when`, so this rule never holds.",
     "Keep one of the two: the first that matches wins."),
    # --- examples
    (OXYGEN_EXAMPLES, "given: {spo2_at_rest: 89,", "given: {spo2_at_rst: 89,", 0, "There is no fact `spo2_at_rst`.",
     "Did you mean `spo2_at_rest`?"),
    (OXYGEN_EXAMPLES, "given: {spo2_at_rest: 89,", "given: {bmi: 89, spo2_at_rest: 89,", 0,
     "This policy does not ask for `bmi`.", "Leave it out."),
    (OXYGEN_EXAMPLES, "given: {spo2_at_rest: 89,", "given: {asked.place: 89, spo2_at_rest: 89,", 0,
     "`asked.place` is what is asked for, not what is given.", "Write asked: {place: …}."),
    (OXYGEN_EXAMPLES, "given: {spo2_at_rest: 89,", "given: {spo2_at_rest: 120,", 0,
     "120 lies outside the range of `spo2_at_rest`.", "Its range is 30 to 100."),
    (OXYGEN_EXAMPLES, "asked: {code: E1390,", "asked: {code: E1391,", 0, "The policy does not cover E1391.",
     "Ask for a code under `covers`."),
    (OXYGEN_EXAMPLES, "- name: A saturation of 89 % does not qualify\n",
     "- name: A saturation of 89 % does not qualify\n  on: 2021-09-26\n", 1,
     "On 2021-09-26 the version is not in force.", "Write `on:` a service date from 2021-09-27 on."),
    (OXYGEN_EXAMPLES, "- name: A test 30 days old still counts", "- name: A test 31 days old counts no longer", 3,
     "Example 4 has the same name.", "Say what this one shows."),
    (OXYGEN_EXAMPLES, "spo2_at_rest: 80, test_date: 2026-05-20, asthma: true, smoking: current}\n  expect: met",
     "spo2_at_rest: 80, test_date: 2026-05-20, asthma: true, smoking: current}\n  expect: not_met", 1,
     "Expected not_met, but the criteria answer met.",
     "Look at: “Oxygen saturation at or below 88 %” is yes (spo2_at_rest); “The test is at most 30 days old” is yes "
     "(test_date); “The member smokes or smoked” is yes (smoking). Mend the example or the criteria."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "below", "fault", "mend"), PLANTED, ids=[f"{one[4]}"[:70] for one in PLANTED]
)
def test_a_planted_fault_is_found(
    shelf: Path, name: str, old: str, new: str, below: int, fault: str, mend: str
) -> None:
    line = plant(shelf, name, old, new) + below
    assert Fault(str(shelf / name), line, fault, mend) in check_library(shelf)


def test_examples_written_as_one_thing_instead_of_a_list_are_a_fault(shelf: Path) -> None:
    write(shelf, OXYGEN_EXAMPLES, "name: Only one\n")
    fault = Fault(str(shelf / OXYGEN_EXAMPLES), 1, "the file is `key: value` lines, not a list.", "List examples.")
    assert check_library(shelf) == (fault,)


def test_an_example_asks_for_what_the_policy_speaks_about(shelf: Path) -> None:
    plant(shelf, OXYGEN, "lines_of_business:", "places: [31, 32]\ncertifications: [R]\nlines_of_business:")
    fault = "The policy does not speak about place 12."
    assert check_library(shelf) == (Fault(str(shelf / OXYGEN_EXAMPLES), 3, fault, "Ask for one of 31, 32."),)


def test_evaluators_that_differ_are_a_fault_of_openum(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openum.librarian.example_checks.plain_answer", lambda *_: UNKNOWN)
    found = [fault for fault in check_library(shelf) if fault.file == str(shelf / OXYGEN_EXAMPLES)]
    mend = "This is a fault of OpenUM: report it with the example."
    assert found[0] == Fault(str(shelf / OXYGEN_EXAMPLES), 1, "The two evaluators differ: met and unknown.", mend)
    assert len(found) == 6


def test_a_fault_is_printed_with_file_and_line(shelf: Path) -> None:
    plant(shelf, OXYGEN, "fact: smoking,", "fact: smokin,")
    (fault,) = check_library(shelf)
    assert str(fault).startswith(f"{shelf / OXYGEN}:17: There is no fact `smokin`.")
    assert str(fault).endswith("Did you mean `smoking`?")


def test_one_wrong_fact_does_not_hide_the_others_of_its_file(shelf: Path) -> None:
    line = plant(shelf, BREATHING, "    type: date\n", "    type: day\n")
    mend = "Write boolean, number, date, choice or text."
    assert check_library(shelf) == (
        Fault(str(shelf / BREATHING), line, '`type` is "day", which cannot be.', mend),
        Fault(str(shelf / OXYGEN), 12, "There is no fact `test_date`.", "Define it in library/facts."),
    )


def test_a_file_that_is_not_utf_8_is_a_fault(shelf: Path) -> None:
    (shelf / ABOUT).write_bytes(b"title: Caf\xe9\n")
    assert check_library(shelf)[0] == Fault(str(shelf / ABOUT), 1, "The file is not UTF-8 text.", "Save it as UTF-8.")


def test_an_empty_file_is_a_fault(shelf: Path) -> None:
    write(shelf, ABOUT, "# nothing yet\n")
    mend = "Begin with the keys of its kind (library/README.md)."
    assert check_library(shelf)[0] == Fault(str(shelf / ABOUT), 1, "The file is empty.", mend)


def test_an_anchor_is_a_fault_where_it_is_used_again(shelf: Path) -> None:
    plant(shelf, OXYGEN, "authority:\n  - {cite", "authority:\n  - &own {cite")
    line = plant(shelf, OXYGEN, "  - {cite: Plan choice, grade: own", "  - *own\n  - {cite: Plan choice, grade: own")
    fault = Fault(str(shelf / OXYGEN), 4, "An anchor is used here again (`*name`).", "Write the value out in full.")
    assert line == 5
    assert check_library(shelf)[0] == fault


def test_codes_and_places_are_text_with_or_without_quotes(shelf: Path) -> None:
    plant(shelf, RULES, "places: [12]", 'places: ["12"]')
    plant(shelf, "policies/dme/device/2026-01-01.yaml", "cpt: [94660]", 'cpt: ["94660"]')
    assert check_library(shelf) == ()
