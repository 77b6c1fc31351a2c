"""Spans of time as the library writes them: ``30d``, ``6mo``, ``1y``. Hours are no span: clocks count their own."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_FORM = re.compile(r"(\d+)(d|w|mo|y)")


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days and calendar months."""

    days: int = 0
    months: int = 0

    def __str__(self) -> str:
        if not self.months:
            return _counted(self.days, "day")
        years, rest = divmod(self.months, 12)
        months = _counted(self.months, "month") if rest else _counted(years, "year")
        return f"{months} and {_counted(self.days, 'day')}" if self.days else months

    def before(self, day: date) -> date:
        """The day this span before ``day``; a day that does not exist becomes the month's last."""
        return _shift(day, -self.months) - timedelta(days=self.days)

    def after(self, day: date) -> date:
        """The day this span after ``day``; a day that does not exist becomes the month's last."""
        return _shift(day, self.months) + timedelta(days=self.days)


def parse_span(text: str) -> Span:
    """Read ``30d``, ``2w``, ``6mo`` or ``1y``; raises ``ValueError`` with the form expected."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError(f"{text!r} is not a span: write 30d, 2w, 6mo or 1y.")
    number, unit = int(form[1]), form[2]
    if unit in ("d", "w"):
        return Span(days=number * (7 if unit == "w" else 1))
    return Span(months=number * (12 if unit == "y" else 1))


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _shift(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
