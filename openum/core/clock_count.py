"""Counting for clock rules: from a start to an end, and from one end to a later one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from openum.core.calendar import (
    Calendar,
    Roll,
    at_time,
    before_days,
    business_days,
    cal_days,
    elapsed_hours,
    end_of_day,
    in_zone,
    local_date,
    months_later,
    open_days,
    roll,
)
from openum.core.clock_rule import ClockRule, Length, Point
from openum.core.refusal import Refusal

_HOURS_A_DAY = 24
_MONTHS = {"mo": 1, "y": 12}


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
    if length.unit in _MONTHS:
        return end_of_day(months_later(start.date(), length.amount * _MONTHS[length.unit]), zone)
    counted = open_days if length.unit == "nd" else business_days
    return end_of_day(counted(start.date(), length.amount, calendar_of(rule, calendars)), zone)


def count_back(start: datetime, length: Length, zone: str) -> datetime:
    """The last compliant instant at least ``length`` (hours, calendar days, months, years) before ``start``."""
    if length.unit == "h":
        return elapsed_hours(in_zone(start, zone), -length.amount)
    if length.unit in _MONTHS:
        return end_of_day(months_later(local_date(start, zone), -length.amount * _MONTHS[length.unit]), zone)
    return end_of_day(before_days(local_date(start, zone), length.amount), zone)


def point(
    anchor: datetime, told: Point, rule: ClockRule, calendars: Mapping[str, Calendar], zone: str, *, opens: bool = False
) -> datetime:
    """The moment ``told`` from ``anchor``; a window that ``opens`` with a day opens at its first second."""
    within = told.within
    end = count_back(anchor, within, zone) if told.back else count(anchor, within, rule, calendars, zone)
    if told.at is not None:
        return at_time(end.date(), told.at, zone)
    return at_time(end.date(), time.min, zone) if opens and within.unit != "h" else end


def end_of(start: datetime, length: Length, rule: ClockRule, calendars: Mapping[str, Calendar], zone: str) -> datetime:
    """The rule's own end: counted forward or back, then rolled off closed days where the rule says so."""
    end = count_back(start, length, zone) if rule.before else count(start, length, rule, calendars, zone)
    if rule.first_day_counts and length.unit != "h":
        end = end_of_day(end.date() - timedelta(days=1), zone)
    if rule.roll is not Roll.NONE:
        end = end_of_day(roll(end.date(), rule.roll, calendar_of(rule, calendars)), zone)
    return end if rule.at is None else at_time(end.date(), rule.at, zone)


def later(end: datetime, days: int, rule: ClockRule, zone: str) -> datetime:
    """Move an end by whole calendar days.

    The end of a day stays the end of a day; an instant moves by 24 hours for each day, counted in UTC, so that a
    later receipt never gets an earlier end across a daylight-saving change.
    """
    if rule.within is not None and rule.within.unit == "h":
        return elapsed_hours(end, days * _HOURS_A_DAY)
    return cal_days(local_date(end, zone), days, zone)
