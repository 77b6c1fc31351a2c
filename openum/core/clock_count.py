"""Counting for clock rules: from a start to an end, and from one end to a later one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from openum.core.calendar import (
    Calendar,
    Roll,
    before_days,
    business_days,
    cal_days,
    elapsed_hours,
    end_of_day,
    in_zone,
    local_date,
    roll,
)
from openum.core.clock_rule import ClockRule, Length
from openum.core.refusal import Refusal

_HOURS_A_DAY = 24


def calendar_of(rule: ClockRule, calendars: Mapping[str, Calendar]) -> Calendar:
    """The calendar the rule names.

    Raises:
        Refusal: ``calendar-unknown``.
    """
    try:
        return calendars[rule.calendar]
    except KeyError:
        raise Refusal(
            "calendar-unknown",
            f"Clock rule {rule.id} counts on the calendar {rule.calendar!r}, which is not at hand.",
            "Name one of the calendars known, or add it.",
        ) from None


def count(start: datetime, length: Length, rule: ClockRule, calendars: Mapping[str, Calendar], zone: str) -> datetime:
    """The last compliant instant ``length`` after ``start``; the day of ``start`` is day 0 of a count of days."""
    start = in_zone(start, zone)
    if length.unit == "h":
        return elapsed_hours(start, length.amount)
    if length.unit == "cd":
        return cal_days(start.date(), length.amount, zone)
    return end_of_day(business_days(start.date(), length.amount, calendar_of(rule, calendars)), zone)


def count_back(start: datetime, length: Length, zone: str) -> datetime:
    """The last compliant instant at least ``length`` (hours or calendar days) before ``start``."""
    if length.unit == "h":
        return elapsed_hours(in_zone(start, zone), -length.amount)
    return end_of_day(before_days(local_date(start, zone), length.amount), zone)


def end_of(start: datetime, length: Length, rule: ClockRule, calendars: Mapping[str, Calendar], zone: str) -> datetime:
    """The rule's own end: counted forward or back, then rolled off closed days where the rule says so."""
    if rule.before:
        return count_back(start, length, zone)
    end = count(start, length, rule, calendars, zone)
    if rule.roll is Roll.NONE:
        return end
    return end_of_day(roll(end.date(), rule.roll, calendar_of(rule, calendars)), zone)


def later(end: datetime, days: int, rule: ClockRule, zone: str) -> datetime:
    """Move an end by whole calendar days.

    The end of a day stays the end of a day; an instant moves by 24 hours for each day, counted in UTC, so that a
    later receipt never gets an earlier end across a daylight-saving change.
    """
    if rule.within is not None and rule.within.unit == "h":
        return elapsed_hours(end, days * _HOURS_A_DAY)
    return cal_days(local_date(end, zone), days, zone)
