"""The words of worked examples: what they mean, and which ones are refused."""

from datetime import datetime
from pathlib import Path

import pytest

from openum.librarian.answers_agree import differences
from openum.librarian.clock_examples import proof_for
from openum.librarian.clock_words_given import zone_of
from openum.librarian.clocks import ExampleFault, calendars, events_of, read_clocks, rule_for, run_example

RULES = read_clocks(Path(__file__).parents[3] / "library")


@pytest.mark.parametrize(
    ("given", "fault"),
    [
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
        events_of(given)


def test_a_slip_of_a_known_word_is_refused_and_the_word_meant_is_named():
    rule = rule_for(RULES, "MA-OD-EXP", {})
    with pytest.raises(ExampleFault, match="Did you mean oral_notice"):
        run_example(rule, {"received": "2026-11-19", "oral_notise": "2026-11-20"}, calendars=calendars())


def test_the_only_unknown_moment_is_taken_for_the_start_and_the_proof_says_so():
    rule = rule_for(RULES, "MA-OD-EXP", {})
    said, proof = proof_for(rule, {"clocked_in": "2026-11-19T10:15:00-05:00"}, calendars=calendars())
    assert said.events.received_at == datetime.fromisoformat("2026-11-19T10:15:00-05:00")
    assert proof.due_at == datetime.fromisoformat("2026-11-22T10:15:00-05:00")
    assert proof.steps[0].startswith("`clocked_in` is no word of the vocabulary; it is taken for `receipt`")


def test_an_unknown_moment_beside_the_start_is_refused():
    rule = rule_for(RULES, "MA-OD-EXP", {})
    with pytest.raises(ExampleFault, match="shoe_size: not a word"):
        run_example(rule, {"received": "2026-11-19", "shoe_size": "2026-11-19"}, calendars=calendars())


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("2026-11-19T10:00:00-05:00", "America/New_York"),
        ("2026-07-19T10:00:00-05:00", "America/Chicago"),
        ("2026-11-19T10:00:00-08:00", "America/Los_Angeles"),
        ("2026-11-19", "America/New_York"),
    ],
)
def test_a_zone_nobody_names_is_read_from_the_offset(written, zone):
    assert zone_of({"received": written}) == zone


@pytest.mark.parametrize(
    ("name", "given", "found"),
    [
        ("MCO-STD", {"received": "2026-06-30", "rating_period_start": "2025-07-01"}, ("MCO-STD", "1")),
        ("MCO-STD", {"received": "2026-06-30"}, ("MCO-STD", "2")),
        ("MCO-STD+EXT", {"received": "2026-06-30", "rating_period_start": "2026-01-01"}, ("MCO-STD", "2")),
        ("MA-CONCURRENT-2026", {"received": "2026-06-30", "expedited": True}, ("MA-CONCURRENT-2026-EXP", "1")),
        ("MA-CONCURRENT-2026", {"received": "2026-06-30"}, ("MA-CONCURRENT-2026-STD", "1")),
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
