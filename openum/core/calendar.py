"""Calendar primitives for legal clocks: the ways the law counts time, and nothing else.

Moments are aware ``datetime`` values; days are ``date`` values; a zone is an IANA name such as
``"America/New_York"``. Every function is pure. Hours are added in UTC, because adding a ``timedelta`` to a
zoned value moves the wall clock and is an hour wrong across a daylight-saving change.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

_SATURDAY = 5
_LAST_SECOND = time(23, 59, 59)


class OutsideCalendar(ValueError):
    """A business-day count left the days a calendar knows about; the answer would be a guess."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The holidays of one jurisdiction.

    Args:
        id: Name used by clock rules, e.g. ``us-federal``.
        holidays: Days that are not business days beside Saturday and Sunday.
        covers_from: First day the list of holidays is complete for.
        covers_to: Last day the list of holidays is complete for.
    """

    id: str
    holidays: frozenset[date]
    covers_from: date = date.min
    covers_to: date = date.max

    def is_business_day(self, day: date) -> bool:
        """Say whether ``day`` is a weekday that is no holiday.

        Raises:
            OutsideCalendar: ``day`` lies outside ``covers_from`` to ``covers_to``.
        """
        return not self.is_holiday(day) and day.weekday() < _SATURDAY

    def is_holiday(self, day: date) -> bool:
        """Say whether ``day`` is a holiday, weekday or not.

        Raises:
            OutsideCalendar: ``day`` lies outside ``covers_from`` to ``covers_to``.
        """
        if not self.covers_from <= day <= self.covers_to:
            raise OutsideCalendar(
                f"Calendar {self.id} knows the holidays from {self.covers_from} to {self.covers_to}, "
                f"not of {day}. Extend the calendar."
            )
        return day in self.holidays


class Roll(StrEnum):
    """What happens to a last day that is not a business day."""

    NONE = "none"
    NEXT_BUSINESS_DAY = "next_business_day"


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return the same instant as read on the wall clock of ``zone``.

    Raises:
        ValueError: ``moment`` carries no zone.
    """
    if moment.utcoffset() is None:
        raise ValueError("A moment without a zone cannot be counted from. Give it its zone.")
    return moment.astimezone(UTC).astimezone(ZoneInfo(zone))


def local_date(moment: datetime, zone: str) -> date:
    """Return the day ``moment`` falls on in ``zone``."""
    return in_zone(moment, zone).date()


def elapsed_hours(moment: datetime, hours: int) -> datetime:
    """Return ``moment`` plus ``hours`` of 3600 s each, counted in UTC and shown in the zone of ``moment``."""
    return (moment.astimezone(UTC) + timedelta(hours=hours)).astimezone(moment.tzinfo)


def at_time(day: date, clock: time, zone: str) -> datetime:
    """Return ``clock`` on ``day`` in ``zone`` (the later one if it comes twice), e.g. noon of the day before."""
    return in_zone(datetime.combine(day, clock, tzinfo=ZoneInfo(zone)).replace(fold=1), zone)


def end_of_day(day: date, zone: str) -> datetime:
    """Return 23:59:59 of ``day`` in ``zone``, the last compliant second (the later one if it comes twice)."""
    return at_time(day, _LAST_SECOND, zone)


def cal_days(day: date, days: int, zone: str) -> datetime:
    """Return the end of the local day ``days`` after ``day``; ``day`` itself is day 0; all days count."""
    return end_of_day(day + timedelta(days=days), zone)


def business_days(day: date, days: int, calendar: Calendar) -> date:
    """Return the ``days``-th business day after ``day``; ``day`` itself never counts.

    Raises:
        OutsideCalendar: the count leaves the days the calendar covers.
    """
    while days > 0:
        day += timedelta(days=1)
        days -= calendar.is_business_day(day)
    return day


def open_days(day: date, days: int, calendar: Calendar) -> date:
    """Return the ``days``-th day after ``day`` that is no holiday; weekends count, ``day`` itself never does.

    Raises:
        OutsideCalendar: the count leaves the days the calendar covers.
    """
    while days > 0:
        day += timedelta(days=1)
        days -= not calendar.is_holiday(day)
    return day


def months_later(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later (or earlier, below zero).

    A day the month lacks becomes the first of the following month (45 CFR 147.136(d)(2)(i)).
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return (date(year, month + 1, 28) + timedelta(days=4)).replace(day=1)


def months_corr(day: date, months: int, calendar: Calendar) -> date:
    """Return the corresponding day ``months`` later, rolled off weekends and holidays (45 CFR 147.136(d)(2)(i))."""
    return roll(months_later(day, months), Roll.NEXT_BUSINESS_DAY, calendar)


def before_days(day: date, days: int) -> date:
    """Return the latest day that is at least ``days`` days before ``day``."""
    return day - timedelta(days=days)


def roll(day: date, policy: Roll, calendar: Calendar) -> date:
    """Return ``day``, or the next business day after it where the policy says so and ``day`` is none."""
    if policy is Roll.NONE or calendar.is_business_day(day):
        return day
    return business_days(day, 1, calendar)
