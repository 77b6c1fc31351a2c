"""The library's clocks: every worked example holds, every fault is named with its line, the page is up to date."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from openum.core.clocks import Circumstances, ClockEvents, applicable, compute
from openum.core.request import LINES_OF_BUSINESS
from openum.librarian.clocks import (
    calendars,
    check_clocks,
    differences,
    examples_of,
    read_clocks,
    reference,
    reference_page,
    rule_for,
    run_example,
)

PROJECT = Path(__file__).parents[3]
LIBRARY = PROJECT / "library"
VECTORS = PROJECT / ".." / "shared" / "facts" / "deadline-examples.yaml"
RULES = read_clocks(LIBRARY)
EXAMPLES = list(examples_of(LIBRARY))
NAMED = [
    "MA-01", "MA-04", "MA-07", "MA-10", "MA-13", "MA-16", "MA-28", "PD-03",
    "MCD-01", "MCD-04", "MCD-07", "MCD-16", "ER-02", "ER-05", "ER-08", "ER-11",
    "MA-25", "NCQA-02", "TX-01", "WA-02", "GA-01", "WISER-01", "REP-02",
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


# --- what applies to whom


def clocks_for(
    line_of_business,
    request_type,
    priority="standard",
    received="2026-11-19",
    jurisdictions=frozenset({"us"}),
    **circumstances,
):
    """Id → length of every clock for a request, of a plan that answers to these jurisdictions."""
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
        jurisdictions=jurisdictions,
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
    ("medicaid-managed-care", "service_no_pa", "expedited", {"MCO-EXP.1": "72h"}),
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


def test_every_line_of_business_has_clocks_and_beside_them_only_original_medicare_and_hospitals():
    others = {"original-medicare", "hospital"}
    assert {line for rule in RULES for line in rule.lines_of_business} == set(LINES_OF_BUSINESS) | others


def test_no_priority_of_a_decision_is_left_without_a_clock():
    """A request type that knows one priority and not the other would leave an ill-labeled request without a clock."""
    asked = {
        (frozenset({"us", rule.jurisdiction}), line, kind)
        for rule in RULES
        for line in rule.lines_of_business
        for kind in rule.request_types
    }
    assert [
        (sorted(jurisdictions), line, kind, priority)
        for jurisdictions, line, kind in asked
        for priority in ("standard", "expedited")
        if not clocks_for(
            line, kind, priority, "2027-11-18", jurisdictions=jurisdictions, applicable_integrated_plan=True
        )
    ] == []


# --- calendars


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


# --- what may never happen


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
    of_the_law = {
        "deemed_denial",
        "deemed_exhausted",
        "forward_to_ire",
        "auto_authorized",
        "plan_financially_responsible",
    }
    assert verdicts <= of_the_law


def test_a_rule_from_knowledge_says_what_would_confirm_it():
    unsure = [r for r in RULES if r.authority.tag == "from_knowledge" or "from knowledge" in r.authority.grading]
    assert [rule.id for rule in unsure if not rule.authority.confirm] == []


# --- the page


def test_the_reference_page_is_printed_from_the_library():
    page = (PROJECT / "docs/reference/clocks.md").read_text(encoding="utf-8")
    assert page == reference(), "Write openum.librarian.clocks.reference() to docs/reference/clocks.md."


def test_every_rule_has_a_row_on_the_page():
    page = reference_page(RULES)
    rows = [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line[:2] == "| "]
    named = {f"{r.id}{'' if r.version == '1' else f', version {r.version}'}" for r in RULES}
    assert set(rows) - {"rule", "---"} == named
