"""Every fault of a clock file or of its examples is named, with its line and its mend."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from openum.core.refusal import Refusal
from openum.librarian.clocks import check_clocks, examples_of, read_clocks, stale_clocks

LIBRARY = Path(__file__).parents[3] / "library"
RULE = "us/medicare-advantage/ma-od-exp.yaml"
BESIDE = "us/medicare-advantage/ma-od-exp.examples.yaml"


@pytest.fixture
def shelf(tmp_path):
    """A library with one clock and its examples."""
    for name in (RULE, BESIDE, "sources.yaml"):
        (tmp_path / "clocks" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(LIBRARY / "clocks" / name, tmp_path / "clocks" / name)
    return tmp_path


def change(shelf, old, new, name=RULE):
    """Replace words once in a file and return the line they stand on."""
    path = shelf / "clocks" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_sound_shelf_has_no_faults(shelf):
    assert check_clocks(shelf) == ()
    assert [rule.id for rule in read_clocks(shelf)] == ["MA-OD-EXP"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("answer_within: 72h", "answer_within: 72", "`answer_within` is 72"),
        ("answer_within: 72h", "answer_in: 72h", "`answer_in` is not a key of `what`"),
        (
            "counted_from: responsible_department",
            "counted_from: monday",
            "The event `monday` is not in the",
        ),
        ("checked_on: 2026-11-22", "checked_on: 2026-13-22", "`checked_on` is"),
        ("sources: [S13, S14]", "sources: [S13, X99]", "Source X99 is not listed."),
        ("id: MA-OD-EXP", "id: MA-OD-FAST", "MA-OD-FAST version 1 stands in ma-od-exp.yaml."),
        ('version: "1"', 'version: "2"', "MA-OD-EXP version 2 stands in ma-od-exp.yaml."),
        ("answer_within: 72h", "answer_within: 3bd", "The calendar “” is not known."),
        ("oral_notice_counts: true", "oral_notice_counts: true\n  roll: next_business_day", "The calendar “” is not"),
        ("oral_notice_counts: true", "oral_notice_counts: true\n  calendar: us-XX", "The calendar “us-XX” is not"),
        ("  counted_from:", "  before_event: true\n  counted_from:", "A clock that counts back cannot be moved."),
        ("interest_needed_for: [", "interest_needed_for: [boredom, ", "It names grounds the extension does not have."),
        ("since:\n  from: null\n  to: null", "since:\n  from: 2026-02-01\n  to: 2026-01-31", "It ends before it"),
        ("  confirm: >-", "  also_confirm: >-", "`also_confirm` is not a key of `authority`"),
        ("missing_information: {effect: none}", "missing_information: {effect: decide_after}", "`allow` is missing"),
        ("title:", "title: [", "This is not YAML"),
        ("what:", "what:\n  answer_within: 1h", "`answer_within` is written twice."),
    ],
)
def test_a_fault_in_a_rule_is_named(shelf, old, new, fault):
    change(shelf, old, new)
    found = check_clocks(shelf)
    assert any(fault in each.fault for each in found), [str(each) for each in found]
    assert all(each.mend and each.line >= 1 and each.file.endswith(".yaml") for each in found)


def test_a_fault_stands_on_its_line(shelf):
    line = change(shelf, "answer_within: 72h", "answer_within: soon")
    (fault,) = check_clocks(shelf)
    assert (fault.file, fault.line) == (str(shelf / "clocks" / RULE), line)
    assert fault.mend == (
        "Write 72h (hours), 7cd (calendar days), 3bd (business days), 2wd (working days), 3nd (calendar days that are "
        "no holidays), 4mo (months) or 6y (years), or null where the law names no number."
    )


def test_what_is_from_knowledge_must_say_what_would_confirm_it(shelf):
    path = shelf / "clocks" / RULE
    text = path.read_text(encoding="utf-8")
    start, end = text.index("  confirm: >-"), text.index("\nalso:")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert [each.fault for each in check_clocks(shelf)] == ["A part of it is from knowledge."]


@pytest.mark.parametrize(
    "when",
    [
        "{datum: rating_period_start, is: true}",
        "{datum: fraud_verified, from: 2026-01-01}",
        "{datum: fraud_verified, is: true, before: 2026-01-01}",
        "{datum: authorized_through, is: true}",
        "{datum: authorized_through, at_least: 24h, less_than: 24h}",
        "{datum: authorized_through, from: 2026-01-01}",
        "{datum: rating_period_start, at_least: 24h}",
        "{datum: managed_care, at_least: 24h}",
    ],
)
def test_a_condition_whose_words_do_not_fit_its_datum_is_a_fault(shelf, when):
    change(shelf, "  extension:", f"  when: [{when}]\n  extension:")
    assert any("it does not take these words." in each.fault for each in check_clocks(shelf))


def test_the_same_version_twice_is_a_fault(shelf):
    other = shelf / "clocks/us/medicaid-ffs"
    other.mkdir()
    shutil.copy(shelf / "clocks" / RULE, other / "ma-od-exp.yaml")
    shutil.copy(shelf / "clocks" / BESIDE, other / "ma-od-exp.examples.yaml")
    (fault,) = check_clocks(shelf)
    assert "MA-OD-EXP version 1 stands in" in fault.fault
    assert fault.fault.endswith(" too.")


def test_business_days_do_not_count_back(shelf):
    change(shelf, "answer_within: 72h", "answer_within: 3bd\n  before_event: true\n  calendar: us-federal")
    assert "Only hours, calendar days, months and years count back." in [each.fault for each in check_clocks(shelf)]


def test_a_rule_without_examples_is_a_fault(shelf):
    (shelf / "clocks" / BESIDE).unlink()
    assert [each.fault for each in check_clocks(shelf)] == ["It has no worked examples."]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('deadline: "2026-11-28T17:30:00-05:00"', 'deadline: "2026-11-28T17:30:01-05:00"', "Example MA-07: deadline:"),
        ('deadline: "2026-11-28T17:30:00-05:00"', 'dead_line: "2026-11-28T17:30:00-05:00"', "does not arise"),
        ("tz: America/New_York", "tz: Amerika/Neu_York", "is not a zone"),
        ('in: {received: "2026-11-25T17:30:00-05:00"}', 'in: {recieved: "2026-11-25T17:30:00-05:00"}', "`recieved`"),
        ('received: "2026-11-25T17:30:00-05:00"', "received: yesterday", "'yesterday' is not a moment"),
        ('received: "2026-11-25T17:30:00-05:00"', 'received: "2026-11-31T17:30:00-05:00"', "is not a moment"),
        ('received: "2026-11-25T17:30:00-05:00"', 'received: "9999-12-31T17:30:00-05:00"', "date value out of range"),
        ("    why: 72 h straight through Thanksgiving and Saturday.\n", "", "`why` is missing"),
        ("examples:", "example:", "`examples` is missing"),
    ],
)
def test_a_fault_in_an_example_is_named(shelf, old, new, fault):
    change(shelf, old, new, BESIDE)
    found = check_clocks(shelf)
    assert any(fault in each.fault for each in found), [str(each) for each in found]


def test_two_examples_are_too_few(shelf):
    path = shelf / "clocks" / BESIDE
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  - id: MA-13")], encoding="utf-8")
    assert [each.fault for each in check_clocks(shelf)] == ["`examples` holds too little."]


@pytest.mark.parametrize("content", ["", "sources:", "- one", "sources: [S13, S14]"])
def test_a_list_of_sources_that_is_none_is_a_fault(shelf, content):
    (shelf / "clocks/sources.yaml").write_text(content, encoding="utf-8")
    (fault,) = check_clocks(shelf)
    assert fault.file.endswith("sources.yaml")


def test_a_shelf_may_cite_its_own_sources_and_those_that_come_with_openum(shelf):
    change(shelf, "sources: [S13, S14]", "sources: [S13, OURS]")
    assert [each.fault for each in check_clocks(shelf)] == ["Source OURS is not listed."]
    (shelf / "clocks/sources.yaml").write_text("sources:\n  OURS: {what: our contract}\n", encoding="utf-8")
    assert check_clocks(shelf) == ()
    (shelf / "clocks/sources.yaml").unlink()
    assert [each.fault for each in check_clocks(shelf)] == ["Source OURS is not listed."]


def test_a_shelf_without_clocks_has_no_faults_and_no_rules(tmp_path):
    assert (check_clocks(tmp_path), read_clocks(tmp_path)) == ((), ())


def test_a_rule_of_one_shelf_written_again_on_another_is_a_fault(shelf):
    (fault,) = check_clocks(LIBRARY, shelf)
    assert fault.fault.startswith("MA-OD-EXP version 1 stands in ")
    assert fault.file == str(shelf / "clocks" / RULE)


def test_a_faulty_library_is_not_read_in_part(shelf):
    change(shelf, "answer_within: 72h", "answer_within: soon")
    with pytest.raises(Refusal, match="library_faulty"):
        read_clocks(shelf)
    assert list(examples_of(shelf)) == []


def test_a_rule_not_looked_at_for_more_than_a_year_is_listed():
    checked, rules = date(2026, 11, 22), read_clocks(LIBRARY)
    assert stale_clocks(rules, on=checked + timedelta(days=365)) == ()
    assert stale_clocks(rules, on=checked + timedelta(days=366)) == rules
