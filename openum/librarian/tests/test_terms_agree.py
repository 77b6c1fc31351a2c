"""Letters promise what the clocks of the appeal ladders say: no number of a letter's terms stands alone."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from openum.core.appeal import Level
from openum.core.clock_events import ClockEvents
from openum.core.clocks import compute
from openum.librarian.clocks import calendars, read_clocks
from openum.librarian.lawbook import items
from openum.librarian.shape import SHIPPED
from openum.librarian.terms import read_terms

CLOCKS = {rule.id: rule for rule in read_clocks(SHIPPED)}
LEVELS = {item.provision.id: item.value for item in items(SHIPPED) if isinstance(item.value, Level)}
TERMS = [(place, term) for one in read_terms(SHIPPED) for place, terms in one.by_jurisdiction.items() for term in terms]
NOTICE = date(2026, 3, 2)


def cited(term):
    """The level of appeal a term cites."""
    return next((LEVELS[name] for name in re.findall(r"[A-Z]+-[A-Z0-9-]+", term.cite) if name in LEVELS), None)


def named(suffix):
    """The terms of that name which cite a level, whose own letter it stands in or the next one's."""
    found = [(place, term, cited(term)) for place, term in TERMS if re.fullmatch(suffix, term.name)]
    return [pytest.param(*one, id=f"{one[0]}-{one[1].name}-{one[2].id}") for one in found if one[2] is not None]


@pytest.mark.parametrize(("place", "term", "level"), named(r"(next_level_|external_)?(appeal_)?deadline"))
def test_the_last_day_in_a_letter_is_the_last_day_of_the_filing_clock(place, term, level):
    assert level.filing_clock, f"{place}: {term.name} cites {level.id}, which names no filing clock"
    rule = CLOCKS[level.filing_clock]
    at = datetime(NOTICE.year, NOTICE.month, NOTICE.day, 12, tzinfo=ZoneInfo("America/New_York"))
    told = ClockEvents(others={"notice_sent": at, "notice_received": at}, notified_at=at)
    due = compute(rule, told, calendars(), "America/New_York", at=at).due_at
    assert due.date() == NOTICE + timedelta(days=term.days)


@pytest.mark.parametrize(
    ("place", "term", "level"), named(r"(appeal|expedited|external|next_level|next_level_fast)_decided_in")
)
def test_how_fast_a_letter_says_an_appeal_is_decided_is_what_a_clock_of_that_level_says(place, term, level):
    number = int(re.search(r"\d+", term.text["en"])[0])
    lengths = {CLOCKS[clock].within for _, clock in level.decide if CLOCKS[clock].within is not None}
    assert number in {length.amount for length in lengths}, (place, term.name, sorted(map(str, lengths)))
    assert str(number) in term.text["es"]
