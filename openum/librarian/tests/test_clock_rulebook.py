"""Every clock of the rulebook is in the library, graded and with examples; so is every state whose law was read."""

import re
from collections import Counter
from pathlib import Path

import pytest

from openum.librarian.clocks import calendars, differences, examples_of, read_clocks, rule_for, run_example

PROJECT = Path(__file__).parents[3]
LIBRARY = PROJECT / "library"
RULEBOOK = PROJECT / ".." / "shared" / "facts" / "regulation.md"
RULES = read_clocks(LIBRARY)
EXAMPLES = Counter((rule.id, rule.version) for rule, _ in examples_of(LIBRARY))
NAMES = {
    name: [rule for rule in RULES if name in (rule.id, *rule.also)] for one in RULES for name in (one.id, *one.also)
}
FEWEST = 3

OF_THE_RULEBOOK = [
    "MA-OD-STD-PA-2026",
    "MA-OD-STD-PA-PRE2026",
    "MA-OD-STD-NOPA",
    "MA-OD-EXP",
    "MA-OD-PARTB-STD",
    "MA-OD-PARTB-EXP",
    "MA-OD-PAY",
    "MA-EXPEDITE-DENIED",
    "MA-EXPEDITED-GRIEVANCE",
    "MA-CONCURRENT-2026",
    "AIP-DSNP",
    "PD-CD-STD",
    "PD-CD-EXP",
    "PD-EXC-STD",
    "PD-EXC-EXP",
    "PD-REIMB",
    "MCO-STD",
    "MCO-EXP",
    "MCO-DRUG",
    "MCD-ADVANCE-NOTICE",
    "MCO-PAY-DENIAL",
    "COP-456.126",
    "FFS-STD",
    "FFS-EXP",
    "CHIP-STD",
    "CHIP-EXP",
    "CHIP-MCO",
    "ERISA-PRE",
    "ERISA-POST",
    "ERISA-URG",
    "ERISA-MISFILED",
    "ERISA-CONC-URG-EXT",
    "ERISA-CONC-NONURG",
    "ERISA-CONC-REDUCE",
    "QHP-DRUG-EXC",
    "COP-482.30",
    "WISER-STD",
    "NCQA-UM5-PRE",
    "NCQA-UM5-URG-PRE",
    "NCQA-UM5-URG-CONC",
    "NCQA-UM5-POST",
    "NCQA-UM5-EXT",
    "URAC-CONC",
    "URAC-PRE",
]
BESIDE = [
    "WISER-EXP",
    "WISER-PREPAY",
    "MA-TRANSITION-90",
    "PD-TRANSITION",
    "PD-TRANSITION-WINDOW",
    "CMS0057-API-RETENTION",
    "URAC-P2P",
    "MCO-STATE",
    "QHP-DRUG-EXC-XR",
    "QHP-EXC",
    "MEDICAID-DRUG",
    "PARTB-STEP",
    "WA-1357",
    "TX-ADV-NOTICE",
    "TX-CONC-DRUG",
    "TX-RENEWAL-60",
    "TX-MCD-STD",
    "TX-MCD-CONC",
    "TX-MCD-STAB",
    "TX-MCD-DRUG",
    "CA-1367.01",
    "GA-46-26",
    "GA-46-27",
    "GA-46-28",
    "ND-PA-STD",
    "ND-PA-URG",
    "NE-PA-STD",
    "NE-PA-URG",
    "AK-PA-STD",
    "AK-PA-EXP",
    "OK-DRUG",
    "OK-PA-STD",
    "OK-PA-URG",
    "MS-83-5-913",
    "MS-DRUG",
    "AZ-20-3404",
    "AZ-PA-URG",
    "AZ-20-2534",
    "AZ-STEP",
    "AL-27-3A",
    "AL-27-3A-APPEAL",
    "AL-27-3A-APPEAL-EXP",
    "PA-1101.67",
    "PA-MCO",
    "WV-PA",
    "WV-PA-URG",
    "NY-4903",
    "IL-200",
    "IL-PA-URG",
    "MO-376.1365",
    "DE-STEP",
    "MA-STEP-STD",
    "MA-STEP-URG",
    "AR-STEP",
    "AR-PA-STD",
    "AR-PA-URG",
    "STEP-STATE",
    "STEP-STATE-URG",
]


def rulebook_ids():
    """Every ``id:`` of section 1.2 of the rulebook, in order."""
    text = RULEBOOK.read_text(encoding="utf-8")
    section = text[text.index("### 1.2 ") : text.index("### 1.3 ")]
    return re.findall(r"\bid: ([A-Z0-9][A-Z0-9.-]*)", section)


def lacking(name):
    """What a name of the rulebook lacks in the library: the rule, its grading, or examples."""
    if name not in NAMES:
        return [f"{name}: no rule goes by this name"]
    return [
        f"{rule.id} version {rule.version}: {what}"
        for rule in NAMES[name]
        for what, there in {
            "no tag": rule.authority.tag in ("verified", "from_knowledge", "policy_choice"),
            "no grading": bool(rule.authority.grading.strip()),
            "no citation": bool(rule.authority.cite.strip()),
            "too few examples": EXAMPLES[rule.id, rule.version] >= FEWEST,
        }.items()
        if not there
    ]


def test_every_clock_of_the_rulebook_is_in_the_library_with_its_grade_and_examples():
    if not RULEBOOK.exists():
        pytest.skip("../shared/facts/regulation.md is not here; the fixed list below stands for it.")
    assert [each for name in rulebook_ids() for each in lacking(name)] == []


def test_the_fixed_list_is_the_rulebook_s():
    if not RULEBOOK.exists():
        pytest.skip("../shared/facts/regulation.md is not here to compare with.")
    assert rulebook_ids() == OF_THE_RULEBOOK


@pytest.mark.parametrize("name", OF_THE_RULEBOOK + BESIDE)
def test_each_name_finds_a_graded_rule_with_at_least_three_examples(name):
    assert lacking(name) == []


@pytest.mark.parametrize(
    "state",
    ["AK", "AL", "AR", "AZ", "CA", "DE", "GA", "IL", "MA", "MO", "MS", "ND", "NE", "NY", "OK", "PA", "TX", "WA", "WV"],
)
def test_a_state_whose_law_was_read_has_clocks_graded_by_strength(state):
    own = [rule for rule in RULES if rule.jurisdiction == f"us-{state.lower()}"]
    assert own != []
    assert [rule.id for rule in own if rule.authority.strength not in ("A", "B", "C")] == []


@pytest.mark.parametrize("state", ["MI", "OH", "NJ", "CO", "VT"])
def test_a_state_nobody_read_has_no_rule_but_stands_on_the_list_for_counsel(state):
    assert [rule.id for rule in RULES if rule.jurisdiction == f"us-{state.lower()}"] == []
    assert re.search(rf"To load from counsel.*\b{state}\b", (LIBRARY / "clocks/README.md").read_text(encoding="utf-8"))


def test_a_state_s_law_leaves_self_funded_plans_alone():
    insured = {"erisa", "aca-individual"}
    reached = [
        rule.id
        for rule in RULES
        if re.fullmatch("us-[a-z]{2}|us-state", rule.jurisdiction)
        and rule.lines_of_business & insured
        and not any(getattr(each, "datum", "") == "self_funded" for each in rule.conditions)
    ]
    assert reached == []


def test_every_count_of_business_or_working_days_of_a_state_uses_its_own_calendar():
    counted = [rule for rule in RULES if rule.within and rule.within.unit in ("bd", "wd", "nd")]
    states = [rule for rule in counted if re.fullmatch("us-[a-z]{2}", rule.jurisdiction)]
    assert states != []
    assert [rule.id for rule in states if rule.calendar.lower() != rule.jurisdiction] == []


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("WA-1357", {"received": "2026-11-25T09:00:00-08:00", "channel": "fax", "urgent": True}, "2026-11-27"),
        ("WA-1357", {"received": "2026-11-25T09:00:00-08:00", "channel": "portal", "urgent": True}, "2026-11-26"),
        ("WA-1357", {"received": "2026-11-25T09:00:00-08:00", "channel": "fax", "urgent": False}, "2026-11-30"),
        ("TX-ADV-NOTICE", {"determination": "2026-12-04T16:00:00-06:00", "inpatient": False}, "2026-12-09"),
        ("TX-ADV-NOTICE", {"discontinuation": "2027-01-15"}, "2026-12-16"),
        ("NCQA-UM5-PRE", {"received": "2026-07-01", "standards_year": 2026}, "2026-07-08"),
        ("NCQA-UM5-PRE", {"received": "2026-07-01"}, "2026-07-08"),
        ("NCQA-UM5-URG-CONC", {"received": "2026-07-01T09:00:00-04:00", "product": "medicaid"}, "2026-07-04"),
        ("NCQA-UM5-URG-CONC", {"received": "2026-07-01T09:00:00-04:00", "product": "exchange"}, "2026-07-02"),
        ("OK-DRUG", {"received": "2026-11-19", "complete": "2026-11-20", "urgent": False}, "2026-11-30"),
        ("NE-PA-URG", {"complete": "2028-02-28T10:00:00-06:00"}, "2028-03-01"),
        ("CA-1367.01", {"received": "2026-11-20", "info_complete": "2026-11-23", "urgent": False}, "2026-12-02"),
    ],
)
def test_plain_words_find_the_variant_that_is_meant(name, given, expected):
    answers = run_example(rule_for(RULES, name, given), given, calendars=calendars())
    assert differences(answers, {"deadline": expected}) == ()


def test_a_missed_state_clock_that_authorizes_is_a_verdict_of_the_law_with_its_day():
    given = {"received": "2026-11-16", "all_info_received": "2026-11-20", "decided": None}
    answers = run_example(rule_for(RULES, "GA-46-26", given), given, calendars=calendars())
    assert (answers["deemed"], answers["deemed_on"]) == ("approval", "2026-11-27")


def test_a_decision_in_time_but_told_late_still_misses_a_clock_that_measures_notice():
    given = {
        "received": "2026-11-16",
        "all_info_received": "2026-11-16",
        "decided": "2026-11-20",
        "notified": "2026-11-24",
    }
    answers = run_example(rule_for(RULES, "GA-46-26", given), given, calendars=calendars())
    assert (answers["status"], answers["deemed"]) == ("missed", "approval")


def test_a_drug_request_sent_outside_the_payer_system_is_never_authorized_by_silence_in_oklahoma():
    given = {"complete": "2026-11-16", "payer_system": False, "urgent": False, "decided": None}
    answers = run_example(rule_for(RULES, "OK-DRUG", given), given, calendars=calendars())
    assert answers["status"] == "missed"
    assert "deemed" not in answers
