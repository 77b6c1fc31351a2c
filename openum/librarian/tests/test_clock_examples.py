"""The words of worked examples: what they mean, and which ones are refused."""

from pathlib import Path

import pytest

from openum.librarian.clocks import ExampleFault, differences, events_of, read_clocks, rule_for

RULES = read_clocks(Path(__file__).parents[3] / "library")


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
