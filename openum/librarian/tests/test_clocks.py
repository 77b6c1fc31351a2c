"""The library's clocks: every worked example holds, every fault is named with its line, the page is up to date."""

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from openum.core.clocks import Circumstances, ClockEvents, applicable, compute
from openum.core.refusal import Refusal
from openum.core.request import LINES_OF_BUSINESS
from openum.librarian.clocks import (
    ExampleFault,
    calendars,
    check_clocks,
    differences,
    events_of,
    examples_of,
    read_clocks,
    reference,
    reference_page,
    rule_for,
    run_example,
    stale_clocks,
)

PROJECT = Path(__file__).parents[3]
LIBRARY = PROJECT / "library"
VECTORS = PROJECT / ".." / "shared" / "facts" / "deadline-examples.yaml"
RULES = read_clocks(LIBRARY)
EXAMPLES = list(examples_of(LIBRARY))
NAMED = [
    "MA-01", "MA-04", "MA-07", "MA-10", "MA-13", "MA-16", "MA-28", "PD-03",
    "MCD-01", "MCD-04", "MCD-07", "MCD-16", "ER-02", "ER-05", "ER-08", "ER-11",
]  # fmt: skip
RECEIVED = datetime.fromisoformat("2026-11-19T10:15:00-05:00")


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r.id}.{r.version}:{e['id']}" for r, e in EXAMPLES])
def test_every_worked_example_of_the_library_holds(rule, example):
    actual = run_example(rule, example["in"], calendars=calendars(), zone=example.get("tz", ""))
    assert differences(actual, example["expected"]) == ()


@pytest.mark.parametrize("name", [*NAMED, "QHP-02"])
def test_the_rows_of_the_table_of_deadlines_hold(name):
    if not VECTORS.exists():
        pytest.skip("../shared/facts/deadline-examples.yaml is not here; its rows stand beside each rule too.")
    row = next(row for row in yaml.safe_load(VECTORS.read_text(encoding="utf-8"))["vectors"] if row["id"] == name)
    given = row["in"] | ({"tz": row["tz"]} if "tz" in row else {})
    rule = rule_for(RULES, row["rule"], given)
    assert differences(run_example(rule, given, calendars=calendars()), row["expected"]) == ()


def test_the_named_rows_are_restated_beside_their_rules_word_for_word():
    beside = {example["id"]: example for _, example in EXAMPLES}
    assert [name for name in NAMED if name not in beside] == []
    if not VECTORS.exists():
        pytest.skip("../shared/facts/deadline-examples.yaml is not here to compare with.")
    rows = {row["id"]: row for row in yaml.safe_load(VECTORS.read_text(encoding="utf-8"))["vectors"]}
    for name in NAMED:
        assert beside[name]["in"] == rows[name]["in"], name
        assert rows[name]["expected"].items() <= beside[name]["expected"].items(), name


def test_the_library_has_no_faults():
    assert check_clocks(LIBRARY) == ()


# --- what applies to whom -----------------------------------------------------------------------------------------


def clocks_for(line_of_business, request_type, priority="standard", received="2026-11-19", **circumstances):
    """Id → length of every clock for a request."""
    events = ClockEvents(
        received_at=datetime.fromisoformat(f"{received}T10:15:00-05:00"), circumstances=Circumstances(**circumstances)
    )
    found = applicable(
        RULES,
        line_of_business=line_of_business,
        request_type=request_type,
        priority=priority,
        received=date.fromisoformat(received),
        events=events,
    )
    return {f"{rule.id}.{rule.version}": str(rule.within) for rule in found}


MATRIX = [
    ("medicare-advantage", "service", "standard", {"MA-OD-STD-PA-2026.1": "7cd"}),
    ("medicare-advantage", "service", "expedited", {"MA-OD-EXP.1": "72h"}),
    ("medicare-advantage", "service_no_pa", "standard", {"MA-OD-STD-NOPA.1": "14cd"}),
    ("medicare-advantage", "service_no_pa", "expedited", {"MA-OD-EXP.1": "72h"}),
    ("medicare-advantage", "part_b_drug", "standard", {"MA-OD-PARTB-STD.1": "72h"}),
    ("medicare-advantage", "part_b_drug", "expedited", {"MA-OD-PARTB-EXP.1": "24h"}),
    ("medicare-advantage", "extend_ongoing_course", "standard", {"MA-CONCURRENT-2026-STD.1": "7cd"}),
    ("medicare-advantage", "extend_ongoing_course", "expedited", {"MA-CONCURRENT-2026-EXP.1": "72h"}),
    ("medicare-advantage", "post_service", "standard", {"MA-OD-PAY-CLEAN.1": "30cd", "MA-OD-PAY-OTHER.1": "60cd"}),
    ("medicare-advantage", "post_stabilization", "expedited", {"MA-POST-STABILIZATION.1": "1h"}),
    ("part-d", "coverage_determination", "standard", {"PD-CD-STD.1": "72h"}),
    ("part-d", "coverage_determination", "expedited", {"PD-CD-EXP.1": "24h"}),
    ("part-d", "drug_exception", "standard", {"PD-EXC-STD.1": "72h"}),
    ("part-d", "drug_exception", "expedited", {"PD-EXC-EXP.1": "24h"}),
    ("part-d", "drug_reimbursement", "standard", {"PD-REIMB.1": "14cd"}),
    ("medicaid-managed-care", "service", "standard", {"MCO-STD.1": "14cd", "MCO-STD.2": "7cd"}),
    ("medicaid-managed-care", "service", "expedited", {"MCO-EXP.1": "72h"}),
    ("medicaid-managed-care", "outpatient_drug", "standard", {"MCO-DRUG.1": "24h"}),
    ("medicaid-managed-care", "post_stabilization", "standard", {"MCO-POST-STABILIZATION.1": "1h"}),
    ("medicaid-ffs", "service", "standard", {"FFS-STD.1": "7cd"}),
    ("medicaid-ffs", "service", "expedited", {"FFS-EXP.1": "72h"}),
    ("medicaid-ffs", "outpatient_drug", "expedited", {"FFS-DRUG.1": "24h"}),
    ("medicaid-ffs", "post_stabilization", "standard", {}),
    ("medicaid-ffs", "post_service", "standard", {}),
    ("chip", "post_stabilization", "standard", {"CHIP-POST-STABILIZATION.1": "1h"}),
    ("chip", "service", "expedited", {"CHIP-EXP.1": "72h", "CHIP-MCO-EXP.1": "72h"}),
    ("erisa", "service", "standard", {"ERISA-PRE.1": "15cd"}),
    ("erisa", "service", "expedited", {"ERISA-URG.1": "72h"}),
    ("erisa", "post_service", "expedited", {"ERISA-POST.1": "30cd"}),
    ("erisa", "post_stabilization", "standard", {}),
    ("erisa", "drug_exception", "standard", {}),
    ("aca-individual", "drug_exception", "standard", {"QHP-DRUG-EXC-STD.1": "72h"}),
    ("aca-individual", "drug_exception", "expedited", {"QHP-DRUG-EXC-EXIGENT.1": "24h"}),
    ("aca-individual", "extend_ongoing_course", "standard", {"ERISA-CONC-NONURG.1": "15cd"}),
]


@pytest.mark.parametrize(("line", "kind", "priority", "clocks"), MATRIX)
def test_each_program_and_type_of_request_has_its_clocks(line, kind, priority, clocks):
    assert clocks_for(line, kind, priority) == clocks


def test_a_request_received_before_2026_has_the_older_clocks():
    assert clocks_for("medicare-advantage", "service", received="2025-12-31") == {"MA-OD-STD-PA-PRE2026.1": "14cd"}
    assert clocks_for("medicare-advantage", "service", received="2026-01-01") == {"MA-OD-STD-PA-2026.1": "7cd"}
    assert clocks_for("medicaid-ffs", "service", received="2025-12-31") == {}
    assert clocks_for("medicaid-managed-care", "service", received="2025-12-31") == {"MCO-STD.1": "14cd"}


@pytest.mark.parametrize(
    ("start", "clocks"),
    [(date(2025, 12, 31), {"MCO-STD.1": "14cd"}), (date(2026, 1, 1), {"MCO-STD.2": "7cd"})],
)
def test_the_rating_period_chooses_the_medicaid_clock(start, clocks):
    assert clocks_for("medicaid-managed-care", "service", rating_period_start=start) == clocks


def test_an_integrated_plan_has_its_own_clocks_beside():
    found = clocks_for("medicare-advantage", "service", applicable_integrated_plan=True)
    assert found == {"AIP-DSNP-STD.1": "7cd", "MA-OD-STD-PA-2026.1": "7cd"}


def test_an_urgent_request_to_go_on_has_a_day_when_it_came_a_day_before_the_end():
    def found(lead):
        through = RECEIVED + lead
        return clocks_for("erisa", "extend_ongoing_course", "expedited", authorized_through=through)

    assert found(timedelta(hours=24)) == {"ERISA-CONC-URG-EXT.1": "24h"}
    assert found(timedelta(hours=24, seconds=-1)) == {"ERISA-CONC-URG-LATE.1": "72h"}


def test_chip_managed_care_is_told_from_fee_for_service():
    old = date(2025, 7, 1)
    assert clocks_for("chip", "service", managed_care=False) == {"CHIP-STD.1": "7cd"}
    assert clocks_for("chip", "service", managed_care=True, rating_period_start=old) == {"CHIP-MCO-STD.1": "14cd"}


def test_every_line_of_business_and_no_other_has_clocks():
    assert {line for rule in RULES for line in rule.lines_of_business} == set(LINES_OF_BUSINESS)


def test_no_priority_of_a_decision_is_left_without_a_clock():
    """A request type that knows one priority and not the other would leave an ill-labeled request without a clock."""
    pairs = {(line, kind) for rule in RULES for line in rule.lines_of_business for kind in rule.request_types}
    assert [
        (line, kind, priority)
        for line, kind in sorted(pairs)
        for priority in ("standard", "expedited")
        if not clocks_for(line, kind, priority, applicable_integrated_plan=True)
    ] == []


# --- calendars ----------------------------------------------------------------------------------------------------


def test_the_federal_calendar_observes_holidays_that_fall_on_a_weekend():
    federal = calendars()["us-federal"]
    expected = {
        2026: "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25",
        2027: "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31",
    }
    for year, days in expected.items():
        weekdays = sorted(day for day in federal.holidays if day.year == year and day.weekday() < 5)
        assert [f"{day:%m-%d}" for day in weekdays] == days.split()


def test_every_state_has_its_own_calendar():
    known = calendars()
    friday = date(2026, 11, 27)
    assert [name for name in ("us-WA", "us-TX", "us-CA") if known[name].is_business_day(friday)] == []
    assert known["us-federal"].is_business_day(friday)
    assert known["us-MA"].is_business_day(date(2026, 4, 20)) is False  # Patriots' Day
    assert {"us-DC", "us-PR", "us-NY"} <= set(known)


# --- faults -------------------------------------------------------------------------------------------------------

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
        ("counted_from: responsible_department", "counted_from: monday", "`counted_from` is"),
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
        "Write 72h (hours), 7cd (calendar days), 3bd (business days) or 2wd (working days), or null where the law "
        "names no number."
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
    assert "This datum does not take these words." in [each.fault for each in check_clocks(shelf)]


def test_the_same_version_twice_is_a_fault(shelf):
    other = shelf / "clocks/us/medicaid-ffs"
    other.mkdir()
    shutil.copy(shelf / "clocks" / RULE, other / "ma-od-exp.yaml")
    shutil.copy(shelf / "clocks" / BESIDE, other / "ma-od-exp.examples.yaml")
    (fault,) = check_clocks(shelf)
    assert "MA-OD-EXP version 1 stands in" in fault.fault
    assert fault.fault.endswith(" too.")


def test_only_hours_and_calendar_days_count_back(shelf):
    change(shelf, "answer_within: 72h", "answer_within: 3bd\n  before_event: true\n  calendar: us-federal")
    assert "Only hours and calendar days count back." in [each.fault for each in check_clocks(shelf)]


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
        ('received: "2026-11-25T17:30:00-05:00"', "received: yesterday", "`received` is"),
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
    found = check_clocks(shelf)
    assert any(each.file.endswith("sources.yaml") for each in found)
    assert "Source S13 is not listed." in [each.fault for each in found]


def test_a_missing_list_of_sources_is_a_fault(shelf):
    (shelf / "clocks/sources.yaml").unlink()
    assert "The list of sources is missing." in [each.fault for each in check_clocks(shelf)]


def test_a_faulty_library_is_not_read_in_part(shelf):
    change(shelf, "answer_within: 72h", "answer_within: soon")
    with pytest.raises(Refusal, match="library_faulty"):
        read_clocks(shelf)
    assert list(examples_of(shelf)) == []


def test_a_rule_not_looked_at_for_more_than_a_year_is_listed():
    checked = date(2026, 11, 22)
    assert stale_clocks(RULES, on=checked + timedelta(days=365)) == ()
    assert stale_clocks(RULES, on=checked + timedelta(days=366)) == RULES


# --- the vocabulary of examples -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"recieved": "2026-11-19"}, "not a word of the vocabulary"),
        ({"received": 20261119}, "is not a moment"),
        ({"received": "2026-11-19", "extension": {"reson": "x"}}, "not a word of an extension"),
        ({"received": "2026-11-19", "extension": {"days": 3}}, "needs its reason"),
        ({"extension": "enrollee_request"}, "needs the moment it was taken"),
        ({"received": "2026-11-19", "information": {"answered": "2026-11-20"}}, "has asked"),
        ({"received": "2026-11-19", "information": {"asked": "2026-11-20", "by": "fax"}}, "has asked"),
        ({"received": "2026-11-19", "tz": "Mars/Olympus"}, "is not a zone"),
    ],
)
def test_words_the_vocabulary_does_not_know_are_refused(given, fault):
    with pytest.raises(ExampleFault, match=fault):
        events_of(given, zone=given.get("tz", "America/New_York"))


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("MCO-STD", {"received": "2026-06-30", "rating_period_start": "2025-07-01"}, ("MCO-STD", "1")),
        ("MCO-STD", {"received": "2026-06-30"}, ("MCO-STD", "2")),
        ("MCO-STD+EXT", {"received": "2026-06-30", "rating_period_start": "2026-01-01"}, ("MCO-STD", "2")),
        ("MA-CONCURRENT-2026", {"received": "2026-06-30"}, ("MA-CONCURRENT-2026-EXP", "1")),
        ("MA-CONCURRENT-2026", {"received": "2026-06-30", "expedited": False}, ("MA-CONCURRENT-2026-STD", "1")),
        ("QHP-DRUG-EXC", {"received": "2026-06-30", "exigent": False}, ("QHP-DRUG-EXC-STD", "1")),
        ("ERISA-CONC-REDUCE", {}, ("ERISA-CONC-REDUCE", "1")),
    ],
)
def test_a_name_finds_the_rule_and_version_that_fits(name, given, found):
    rule = rule_for(RULES, name, given)
    assert (rule.id, rule.version) == found


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("NO-SUCH-RULE", {"received": "2026-06-30"}),
        ("MA-OD-EXP", {"received": "2026-06-30", "expedited": False}),
        ("MA-OD-EXP", {"received": "2026-06-30", "part_b_drug": True}),
        ("MA-OD-STD-PA-2026", {"received": "2026-06-30", "pa_required": False}),
        ("MA-OD-STD-PA-2026", {"received": "2025-12-31"}),
    ],
)
def test_a_name_whose_rule_does_not_apply_is_refused(name, given):
    with pytest.raises(ExampleFault, match="applies to the example"):
        rule_for(RULES, name, given)


def test_a_part_b_drug_needs_no_word_about_prior_authorization():
    given = {"received": "2026-06-30", "part_b_drug": True, "pa_required": True}
    assert rule_for(RULES, "MA-OD-PARTB-STD", given).id == "MA-OD-PARTB-STD"


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        ({"deadline": "2026-11-26T23:59:59-05:00"}, {"deadline": "2026-11-27T04:59:59+00:00"}, ()),
        ({"status": "met"}, {"status": "met"}, ()),
        ({"status": "met"}, {"status": "missed"}, ("status: expected missed, computed met.",)),
        ({"tolled_days": 3}, {"tolled_days": 4}, ("tolled_days: expected 4, computed 3.",)),
        ({}, {"deemed": "denial"}, ("deemed: expected denial, but it does not arise.",)),
        (
            {"deadline": "2026-11-26T23:59:59-05:00"},
            {"deadline": "2026-11-26T23:59:58-05:00"},
            ("deadline: expected 2026-11-26T23:59:58-05:00, computed 2026-11-26T23:59:59-05:00.",),
        ),
    ],
)
def test_differences_are_told_in_sentences_and_moments_compare_as_instants(actual, expected, said):
    assert differences(actual, expected) == said


# --- what may never happen ----------------------------------------------------------------------------------------


def test_no_clock_of_the_library_ends_earlier_for_a_later_receipt():
    start = datetime.fromisoformat("2026-10-28T00:30:00-04:00")
    for rule in (rule for rule in RULES if rule.start in ("receipt", "responsible_department") and rule.within):
        ends = []
        for hours in range(0, 24 * 14, 5):
            received = start + timedelta(hours=hours)
            events = ClockEvents(received_at=received)
            proof = compute(rule, events, calendars(), "America/New_York", at=received)
            ends.append(proof.due_at.timestamp())
        assert ends == sorted(ends), rule.id


def test_silence_never_becomes_a_determination_only_a_verdict_of_the_law():
    verdicts = {rule.on_miss.verdict for rule in RULES if rule.on_miss}
    assert verdicts == {"deemed_denial", "forward_to_ire", "plan_financially_responsible"}


def test_a_rule_from_knowledge_says_what_would_confirm_it():
    unsure = [r for r in RULES if r.authority.tag == "from_knowledge" or "from knowledge" in r.authority.grading]
    assert [rule.id for rule in unsure if not rule.authority.confirm] == []


# --- the page -----------------------------------------------------------------------------------------------------


def test_the_reference_page_is_printed_from_the_library():
    page = (PROJECT / "docs/reference/clocks.md").read_text(encoding="utf-8")
    assert page == reference(), "Write openum.librarian.clocks.reference() to docs/reference/clocks.md."


def test_every_rule_has_a_row_on_the_page():
    page = reference_page(RULES)
    rows = [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line[:2] == "| "]
    named = {f"{r.id}{'' if r.version == '1' else f', version {r.version}'}" for r in RULES}
    assert set(rows) - {"rule", "---"} == named
