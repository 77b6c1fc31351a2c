"""The dates of one level of an appeal: its clocks run on the moments of a case, so that a level answers as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from openum.core.appeal import Level
from openum.core.clock_rule import ClockRule
from openum.librarian.clock_examples import rule_for, run_example
from openum.librarian.clock_reading import calendars, read_clocks
from openum.librarian.clock_vocabulary import vocabulary
from openum.librarian.clock_words_given import ExampleFault
from openum.librarian.shape import SHIPPED

BESIDE = ("extension", "at", "tz", "expedited", "urgent", "priority", "state_frame", "holiday_calendar")
"""Words every clock takes beside its events and circumstances."""
SHARED = frozenset({"levels", "urgent", "priority"})
"""Words that mean the same to a level and to its clocks."""


@cache
def _clocks() -> tuple[ClockRule, ...]:
    return read_clocks(SHIPPED)


def moments_of(given: Mapping[str, Any], own: frozenset[str]) -> Mapping[str, Any]:
    """The words of a case that clocks understand, without those that only the level itself does (``own``)."""
    clock_words = {*vocabulary().words, *BESIDE}
    return {word: value for word, value in given.items() if word in clock_words and word not in own - SHARED}


def dates_of(level: Level, matter: str, moments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every date the level's clocks give for these moments.

    ``clocks`` has the end of each by its id; the decision's own words (``deadline`` …) and the end of the time to file
    (``file_by``) stand beside it. The decision is that of ``matter``; without one, of every matter the level knows.
    """
    named = [clock for each, clock in level.decide if not matter or each == matter]
    deciding = dict.fromkeys(named)
    further = [level.filing_clock, *(clock for _, clock in level.clocks)]
    found: dict[str, Any] = {"clocks": {}}
    for clock in (name for name in dict.fromkeys((*further, *deciding)) if name):
        answers = _run(clock, moments)
        if "deadline" not in answers:
            continue
        found["clocks"][clock] = answers["deadline"]
        one_decision = clock in deciding and len(deciding) == 1
        own = {word: value for word, value in answers.items() if one_decision or word == "file_by"}
        found |= own
    return found if found["clocks"] else {}


def _run(clock: str, moments: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        rule = rule_for(_clocks(), clock, moments)
    except ExampleFault:
        return {}
    return run_example(rule, moments, calendars=calendars())
