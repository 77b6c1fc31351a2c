"""Invented rules and cases for the tests of clocks; the law's own rules are tested beside the library."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from openum.core.calendar import Calendar
from openum.core.clock_rule import ClockAuthority, ClockRule, ExtensionRule, InformationRule, Length
from openum.core.clocks import ClockEvents, compute

ZONE = "America/New_York"
CALENDARS = {"us-federal": Calendar("us-federal", frozenset({date(2026, 11, 26), date(2026, 12, 25)}))}
AUTHORITY = ClockAuthority(
    cite="1 CFR 1.1", tag="verified", sources=("S01",), grading="[verified: S01]", checked_on=date(2026, 11, 22)
)
EXTENDABLE = ExtensionRule(
    adds=Length(14, "cd"), grounds=frozenset({"asked", "records"}), interest_needed_for=frozenset({"records"})
)
SECOND = timedelta(seconds=1)


def rule(**changes):
    """An invented rule: seven calendar days from receipt, with these changes."""
    plain = ClockRule(
        id="PLAIN",
        version="1",
        title="An invented rule",
        jurisdiction="us",
        program="medicare-advantage",
        lines_of_business=frozenset({"medicare-advantage"}),
        request_types=frozenset({"service"}),
        priorities=frozenset({"standard"}),
        within=Length(7, "cd"),
        start="receipt",
        stops_at="notice",
        authority=AUTHORITY,
    )
    return replace(plain, **changes)


def moment(text):
    """A moment as written."""
    return datetime.fromisoformat(text)


RECEIVED = moment("2026-11-19T10:15:00-05:00")
DUE = moment("2026-11-26T23:59:59-05:00")
LONGER = moment("2026-12-10T23:59:59-05:00")
HOURS = rule(within=Length(72, "h"))


def proof_of(rule_, at=RECEIVED, **events):
    """The clock of a request received at ``RECEIVED``, as known at ``at``."""
    return compute(rule_, ClockEvents(**({"received_at": RECEIVED} | events)), CALENDARS, ZONE, at=at)


TOLLING = rule(extension=EXTENDABLE, information=InformationRule(effect="tolls_extension", allow=Length(45, "cd")))


def codes(proof):
    """The codes of everything refused."""
    return [each.code for each in proof.refused]
