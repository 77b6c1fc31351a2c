"""Which duties of an integration or publication rule bind a payer on a day, and what must be published when.

Sources: CMS-0057-F (89 FR 8758) and the reports of other programs; library/obligations. Drugs are outside CMS-0057-F.
An item on the watch list never binds until a person writes down the day on which a final rule does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openum.core.answers import NO, UNKNOWN, Answer, of_bool

ON, RATING_PERIOD, PLAN_YEAR = "on", "rating_period_start", "plan_year_start"


@dataclass(frozen=True, slots=True)
class Begin:
    """From when a duty binds: ``by`` names the day that is looked at (the day itself, or the start of the period that
    holds it), ``day`` is the first that will do."""

    day: date
    by: str = ON

    def holds(self, on: date, periods: Mapping[str, date]) -> Answer:
        """Whether it binds. Before ``day`` no period that began by then can; without its start, it is not known."""
        if on < self.day:
            return NO
        looked_at = on if self.by == ON else periods.get(self.by)
        return UNKNOWN if looked_at is None else of_bool(self.day <= looked_at <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """One row of the matrix: a kind of payer and when each duty begins for it (``None``: never)."""

    id: str
    kind: str
    names: tuple[str, ...]
    clocks: Begin | None = None
    denial_reason: Begin | None = None
    apis: Begin | None = None
    metrics_level: str = ""
    first_report: date | None = None
    clock_rules: tuple[str, ...] = ()
    relief: str = ""
    why_not: str = ""
    cites: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """What binds such a payer on a day. ``post_by`` is the next day to publish by, for the calendar year ``covers``."""

    payer: str
    covered: bool
    clocks: Answer
    denial_reason: Answer
    apis: Answer
    metrics_level: str
    post_by: date | None
    covers: int | None
    missing: tuple[str, ...]


def duties_of(payer: Payer, on: date, periods: Mapping[str, date], *, drug: bool = False) -> Duties:
    """The duties of the payer on that day; a drug has none. ``periods`` gives the start of the period the day is in."""
    begins = {} if drug else {"clocks": payer.clocks, "denial_reason": payer.denial_reason, "apis": payer.apis}
    held = {name: NO if begin is None else begin.holds(on, periods) for name, begin in begins.items()}
    missing = (begin.by for name, begin in begins.items() if begin is not None and held[name] is UNKNOWN)
    post_by = None if drug or payer.first_report is None else next_yearly(payer.first_report, on)
    return Duties(
        payer=payer.kind,
        covered=payer.first_report is not None and not drug,
        clocks=held.get("clocks", NO),
        denial_reason=held.get("denial_reason", NO),
        apis=held.get("apis", NO),
        metrics_level="" if drug else payer.metrics_level,
        post_by=post_by,
        covers=None if post_by is None else post_by.year - 1,
        missing=tuple(dict.fromkeys(missing)),
    )


def next_yearly(first: date, on: date) -> date:
    """The first of the yearly returns of ``first`` that lies on or after that day."""
    this_year = first.replace(year=max(on.year, first.year))
    return this_year if this_year >= on else this_year.replace(year=this_year.year + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One public or supervisory report. ``due`` are (month, day) within the year after the data's (``lag`` 1) or the
    same (``lag`` 0); empty where no text read names a day. ``contents`` are its parts by id."""

    id: str
    to: str
    contents: Mapping[str, str]
    due: tuple[tuple[int, int], ...] = ()
    lag: int = 1
    first: date | None = None
    names: tuple[str, ...] = ()


def due_days(report: Report, year: int) -> tuple[date, ...]:
    """The days on which the reports on data of that year are due, in order; none before the first report."""
    days = (date(year + report.lag, month, day) for month, day in report.due)
    return tuple(day for day in sorted(days) if report.first is None or day >= report.first)


def next_due(report: Report, on: date) -> tuple[date, int] | None:
    """The next due day on or after that day, and the year of its data; ``None`` where no day is known."""
    years = range(on.year - report.lag, max(on.year, report.first.year if report.first else 0) + 2)
    return next(((day, year) for year in years for day in due_days(report, year) if day >= on), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Something that may become law, or a pledge. ``final_from`` stays ``None`` until a final text names the day."""

    id: str
    status: str
    flag: str
    would_change: tuple[str, ...]
    final_from: date | None = None
    pledged_from: date | None = None


def binds(watched: Watched, on: date, *, signatory: bool | None = None) -> Answer:
    """Whether it binds on that day: a proposal never; a pledge those who signed it, from its day on."""
    if watched.pledged_from is not None:
        return NO if on < watched.pledged_from else of_bool(signatory)
    return of_bool(watched.final_from is not None and watched.final_from <= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A standard for a message: for which ``transactions`` it is required since when, and what it never covers."""

    id: str
    standard: str
    transactions: Mapping[str, date | None]
    not_for: frozenset[str] = frozenset()


def required(standard: Standard, transaction: str, on: date) -> Answer:
    """Whether the standard is required for that transaction on that day; unknown for one it does not speak of."""
    if transaction in standard.not_for:
        return NO
    if transaction not in standard.transactions:
        return UNKNOWN
    begins = standard.transactions[transaction]
    return of_bool(begins is not None and begins <= on)


def lacking(contents: Mapping[str, str], given: Iterable[str]) -> tuple[str, ...]:
    """The parts that are required and not among those given, in the order of the rule."""
    there = frozenset(given)
    return tuple(one for one in contents if one not in there)
