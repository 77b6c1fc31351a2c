"""Days, moments and lengths in plain words, the same on every machine (no locale)."""

from __future__ import annotations

from datetime import date, datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {
    "h": "hour",
    "cd": "calendar day",
    "bd": "business day",
    "wd": "working day",
    "nd": "calendar day",
    "mo": "month",
    "y": "year",
}


def day_words(day: date) -> str:
    """``Thu Nov 26 2026``."""
    return f"{_DAYS[day.weekday()]} {_MONTHS[day.month - 1]} {day.day} {day.year}"


def moment_words(moment: datetime) -> str:
    """``Thu Nov 26 2026 23:59:59``, on the moment's own wall clock; whole minutes without seconds."""
    seconds = f":{moment.second:02}" if moment.second else ""
    return f"{day_words(moment)} {moment.hour:02}:{moment.minute:02}{seconds}"


def length_words(amount: int, unit: str) -> str:
    """``7 calendar days``, ``1 hour``."""
    more = " without holidays" if unit == "nd" else ""
    return f"{amount} {_UNITS[unit]}{'' if amount == 1 else 's'}{more}"
