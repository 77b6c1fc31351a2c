"""What a computed clock answers: dates, a verdict, refusals, and the sentences that prove it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from openum.core.clock_events import Event, Extension
from openum.core.clock_moves import Refused, Standstill

Verdict = Literal["not_started", "no_number", "running", "met", "missed"]


@dataclass(frozen=True, slots=True)
class SecondaryDate:
    """A further date the same rule sets; with ``since``, a window that opens then."""

    id: str
    at: datetime
    words: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MissVerdict:
    """What the law makes of the miss, since when. A work item for a person; never a determination."""

    verdict: str
    on: date
    words: str
    starts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One clock of one case, as computed at ``at``, with everything needed to compute it again.

    ``due_at`` is the last compliant instant, on the plan's wall clock (``None`` when not started or without a
    number); ``first_due_at`` the same before any extension or standstill; ``alarm_at`` the date to work to when an
    earlier stamp than the regulatory one exists. ``stopped_at`` is the event that satisfied the clock, in time or
    late. ``steps`` are sentences for a person; no patient data is in them.
    """

    rule_id: str
    rule_version: str
    title: str
    citation: str
    grading: str
    zone: str
    calendar: str
    at: datetime
    start_event: Event
    start: datetime | None
    first_due_at: datetime | None = None
    due_at: datetime | None = None
    alarm_at: datetime | None = None
    stopped_at: datetime | None = None
    verdict: Verdict
    on_miss: MissVerdict | None = None
    secondary: tuple[SecondaryDate, ...] = ()
    extensions: tuple[Extension, ...] = ()
    refused: tuple[Refused, ...] = ()
    tolled: tuple[Standstill, ...] = ()
    steps: tuple[str, ...]

    @property
    def work_by(self) -> datetime | None:
        """The end a worklist goes by: the alarm where an earlier stamp exists, else the due moment."""
        return self.alarm_at or self.due_at

    def date(self, id: str) -> datetime | None:
        """The secondary date so named, if this clock has it."""
        return next((each.at for each in self.secondary if each.id == id), None)
