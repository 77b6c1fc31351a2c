"""The shelf of receipt: its rules hold on the clocks they are shown on, and odd words are refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from openum.librarian.answers_agree import differences
from openum.librarian.kinds import receipt
from openum.librarian.law import written
from openum.librarian.lawbook import check_items

PROJECT = Path(__file__).parents[3]
LIBRARY = PROJECT / "library"
ITEMS = {file.item.provision.id: file.item for file in written(LIBRARY, receipt.KIND) if file.item}
MA_28 = {"fax_wrong_dept": "2026-11-20T08:00:00-05:00", "reached_um": "2026-11-20T13:00:00-05:00", "expedited": True}


def test_the_ten_rules_of_receipt_are_there_without_faults():
    assert sorted(ITEMS) == [f"RCPT-{number:02}" for number in range(1, 11)]
    assert check_items(LIBRARY, kinds=(receipt.KIND,)) == ()


def test_a_misrouted_expedited_request_counts_from_the_department_and_alarms_from_the_first_stamp():
    answers = ITEMS["RCPT-05"].answer(MA_28)
    expected = {
        "clock": "MA-OD-EXP",
        "regulatory_deadline": "2026-11-23T13:00:00-05:00",
        "alarm_deadline": "2026-11-23T08:00:00-05:00",
    }
    assert differences(answers, expected) == ()


def test_the_earliest_stamp_in_any_zone_is_the_receipt():
    stamps = {"plan": "2026-11-20T00:30:00-05:00", "delegate": "2026-11-19T22:45:00-07:00"}
    answers = ITEMS["RCPT-04"].answer({"stamps": stamps})
    assert answers["deadline"] == "2026-11-27T23:59:59-05:00"


@pytest.mark.parametrize(
    ("chosen", "clock"),
    [({}, "MA-OD-STD-PA-2026"), ({"lob": "chip"}, "CHIP-STD"), ({"clock": "FFS-STD"}, "FFS-STD")],
)
def test_a_clock_is_chosen_by_its_id_or_by_line_of_business(chosen, clock):
    assert ITEMS["RCPT-02"].answer({"received": "2026-11-19", **chosen})["clock"] == clock


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"received": "2026-11-19", "lob": "hospital"}, "No clock it is shown on fits: MA-OD-STD-PA-2026"),
        ({"received": "2026-11-19", "clock": "XR-FILE"}, "No clock it is shown on fits"),
        ({"received": "2025-11-19", "clock": "MA-OD-STD-PA-2026"}, "No clock it is shown on fits"),
        ({"stamps": []}, "at least one moment"),
        ({"stamps": ["yesterday"]}, "at least one moment"),
        ({"stamps": ["2026-11-19", "2026-11-19T10:00:00-05:00"]}, "all with their zone, or all days"),
        ({"recieved_on": "2026-11-19", "received": "2026-11-19"}, "recieved_on: not a word"),
        ({"received": 7}, "is not a moment"),
    ],
)
def test_odd_words_are_refused_in_words(given, fault):
    with pytest.raises(ValueError, match=fault):
        ITEMS["RCPT-02"].answer(given)


def test_a_rule_shown_on_a_clock_that_is_not_there_is_refused():
    provision = ITEMS["RCPT-02"].provision
    with pytest.raises(ValueError, match="There is no clock MA-NO-SUCH"):
        receipt.build(replace(provision, what={**provision.what, "shown_on": ["MA-NO-SUCH"]}))


def test_the_law_book_prints_what_it_says_for_whom_and_on_which_clocks():
    rows = dict(receipt.rows(ITEMS["RCPT-07"].value))
    assert rows["shown on"] == "PD-EXC-STD, PD-EXC-EXP"
    assert rows["lines of business"] == "part-d"
    assert "end of day 14" in rows["says"]
