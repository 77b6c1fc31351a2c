"""Worked examples written without knowledge of the library's words: all come out the same, and slips stay refused."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from openum.core.refusal import Refusal
from openum.librarian.law_answers import answer, run_rows

LIBRARY = Path(__file__).parents[3] / "library"
ROWS = yaml.safe_load(Path(__file__).with_name("blind_rows.yaml").read_text(encoding="utf-8"))["vectors"]
TODAY = date(2026, 11, 22)
FEWEST = 200
GEORGIA = {"received": "2026-11-16", "state": "GA", "all_info_received": "2026-11-17"}


def test_every_row_of_the_blind_tester_comes_out_the_same():
    failing = {row.id: row.differences for row in run_rows(ROWS, LIBRARY, today=TODAY) if not row.same}
    assert failing == {}


def test_the_blind_rows_are_many_and_each_has_its_own_name_and_reason():
    assert len(ROWS) >= FEWEST
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert all(row["why"] and row["expected"] for row in ROWS)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("CA-1367.01", {"info_received": "2026-11-16", "retrospectve": True}),
        ("MCO-STD+STATE", {"received": "2026-11-16", "state_frame_day": 5}),
        ("MCO-STD+STATE", {"received": "2026-11-16", "state_frame_days": "soon"}),
        ("NOMNC", {"coverage_ends": "2026-11-25", "admited_on": "2026-11-24"}),
        ("FFS-STD", {"received": "2025-12-31", "recieved_at": "2025-12-31"}),
        ("TX-SB815", {"ai_role": "recommend_denials", "decision": "deny"}),
        ("MA-L3", {"notice_date": "2026-11-02", "amount": "two hundred"}),
        ("MA-L3", {"notice_date": "2026-11-02", "amount": "nan"}),
        ("RCPT-03", {"received": "2026-10-31T23:00:00-04:00", "hours": "many"}),
    ],
)
def test_a_slip_is_still_refused(name, given):
    with pytest.raises(Refusal) as refused:
        answer(name, given, LIBRARY, today=TODAY)
    assert refused.value.code == "law-words"


def test_a_rule_that_does_not_hold_is_refused_by_its_own_code():
    with pytest.raises(Refusal) as refused:
        answer("FFS-STD", {"received": "2025-12-31"}, LIBRARY, today=TODAY)
    assert refused.value.code == "law-applies-not"


def test_a_row_may_expect_that_a_rule_does_not_apply_and_nothing_else():
    row = {"id": "A", "rule": "FFS-STD", "in": {"received": "2025-12-31"}}
    same, other = run_rows(
        [row | {"expected": {"applies": False}}, row | {"expected": {"applies": False, "deadline": "2026-01-07"}}],
        LIBRARY,
        today=TODAY,
    )
    assert (same.same, same.computed) == (True, {"applies": False})
    assert (other.same, other.differences) == (False, ("deadline: expected 2026-01-07, but it does not arise.",))


def test_the_clock_of_the_state_answers_when_asked_for_and_ends_first():
    assert answer("ERISA-PRE+STATE", GEORGIA, LIBRARY, today=TODAY).id == "GA-46-26"
    assert answer("ERISA-PRE", GEORGIA, LIBRARY, today=TODAY).id == "ERISA-PRE"
    late = GEORGIA | {"all_info_received": "2026-12-10"}
    assert answer("ERISA-PRE+STATE", late, LIBRARY, today=TODAY).id == "ERISA-PRE"


def test_a_request_nobody_calls_a_drug_is_one_for_a_service():
    given = {"received": "2026-11-16", "all_info_received": "2026-11-18"}
    assert answer("MS-83-5-913", given, LIBRARY, today=TODAY).id == "MS-PA-STD"
    assert answer("MS-83-5-913", given | {"drug": True}, LIBRARY, today=TODAY).id == "MS-DRUG"


def test_another_word_for_a_verdict_agrees_and_another_verdict_does_not():
    row = {"id": "A", "rule": "PA-1101.67", "in": {"received": "2026-11-16"}}
    same, other = run_rows(
        [row | {"expected": {"on_miss": "auto_approved"}}, row | {"expected": {"on_miss": "deemed_denied"}}],
        LIBRARY,
        today=TODAY,
    )
    assert (same.same, other.same) == (True, False)


def test_a_date_that_waits_for_its_event_is_never_answered_by_the_end_of_the_clock():
    row = {"id": "A", "rule": "MA-EXPEDITE-DENIED", "in": {"received": "2026-11-18"}}
    (found,) = run_rows([row | {"expected": {"written_by": "2026-11-25"}}], LIBRARY, today=TODAY)
    assert (found.same, found.differences) == (False, ("written_by: expected 2026-11-25, but it does not arise.",))


def test_a_clock_that_ends_by_filing_takes_the_receipt_for_the_filing_and_says_so():
    given = {"notice_date": "2026-11-02", "received_by_plan": "2027-01-06"}
    found = answer("MA-RECON-FILE", given, LIBRARY, today=TODAY)
    assert found.computed["status"] == "met"
    assert "the receipt is taken for the filing" in found.proof[0]
