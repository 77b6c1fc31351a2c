"""Computed and expected answers agree at the precision the expected one is written in, and at no coarser one."""

import pytest

from openum.librarian.answers_agree import agree, at_precision, differences

NOON = "2026-11-19T12:00:00-05:00"


@pytest.mark.parametrize(
    ("actual", "expected", "same"),
    [
        (NOON, NOON, True),
        (NOON, "2026-11-19T17:00:00+00:00", True),
        (NOON, "2026-11-19T17:00:01+00:00", False),
        (NOON, "2026-11-19T12:00:00", True),
        (NOON, "2026-11-19T12:00:01", False),
        (NOON, "2026-11-19", True),
        (NOON, "2026-11-20", False),
        ("2026-11-19T23:59:59-08:00", "2026-11-19", True),
        ("2026-11-19", "2026-11-19T23:59:59-05:00", True),
        ("2026-11-19", "2026-11-19T12:00:00-05:00", False),
        ("met", "met", True),
        ("met", "2026-11-19", False),
        (True, 1, False),
        (1, True, False),
        (False, False, True),
        ([NOON, NOON], ["2026-11-19", "2026-11-19T12:00:00"], True),
        ([NOON], ["2026-11-19", "2026-11-19"], False),
        ({"a": NOON, "b": 1}, {"a": "2026-11-19"}, True),
        ({"b": 1}, {"a": "2026-11-19"}, False),
        (3, 3, True),
    ],
)
def test_answers_agree_at_the_precision_of_what_is_expected(actual, expected, same):
    assert agree(actual, expected) is same


def test_a_word_that_does_not_arise_is_a_difference_unless_nothing_is_expected():
    assert differences({}, {"deadline": "2026-11-19"}) == ("deadline: expected 2026-11-19, but it does not arise.",)
    assert differences({}, {"deadline": None}) == ()
    assert differences({"deadline": NOON}, {"deadline": "2026-11-20"}) == (
        f"deadline: expected 2026-11-20, computed {NOON}.",
    )


@pytest.mark.parametrize(
    ("expected", "read"),
    [
        ("2026-11-20", "2026-11-19"),
        ("2026-11-19T12:00:00", "2026-11-19T12:00:00"),
        ("2026-11-19T17:00:00+00:00", NOON),
        ("met", NOON),
        (True, NOON),
    ],
)
def test_a_computed_moment_is_read_at_the_precision_asked_for(expected, read):
    assert at_precision(NOON, expected) == read
    assert at_precision([NOON], [expected]) == [read]
