"""Clock rules: how long the law gives for an answer, from which event, and what may move the end.

A rule is content (``library/clocks``); these are its frozen values. Nothing here knows a number of days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from openum.core.calendar import Roll
from openum.core.clock_events import Circumstances, ClockEvents, Event
from openum.core.clock_words import day_words, length_words

Unit = Literal["h", "cd", "bd", "wd", "nd", "mo", "y"]
"""Elapsed hours, calendar days, business days, working days, calendar days that are no holidays, months, years.
Business and working days count alike but are never aliased: which days count is the statute's own word. Months and
years end on the corresponding day; one the month lacks becomes the first of the next."""
Priority = Literal["standard", "expedited"]
Stop = str
"""What the law measures: ``notice`` was given, a ``decision`` was made, anybody gave a ``response`` at all; or another
event of the library by name (``filed``, ``effectuated`` …)."""
After = str
"""What a further duty counts from: ``receipt``, ``start``, ``expiry`` (the end as moved), ``first_expiry`` (the end
before any extension), or an event by name."""
_FORM = re.compile(r"(\d+)(h|cd|bd|wd|nd|mo|y)")


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as the law words it: ``72h``, ``7cd``, ``3bd``, ``2wd``, ``3nd``, ``4mo``, ``6y``."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"

    @property
    def words(self) -> str:
        """The length in words, e.g. ``7 calendar days``."""
        return length_words(self.amount, self.unit)


def parse_length(text: str) -> Length:
    """Read ``72h``, ``7cd``, ``3bd``, ``2wd``, ``3nd``, ``4mo`` or ``6y``; raises ``ValueError`` with the form."""
    form = _FORM.fullmatch(text)
    if form is None:
        raise ValueError(f"{text!r} is not a length: write 72h, 7cd, 3bd, 2wd, 3nd, 4mo or 6y.")
    units: dict[str, Unit] = {"h": "h", "cd": "cd", "bd": "bd", "wd": "wd", "nd": "nd", "mo": "mo", "y": "y"}
    return Length(int(form[1]), units[form[2]])


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCondition:
    """The rule holds while a date of the case lies on or after ``starts`` and before ``before``."""

    datum: str
    starts: date | None = None
    before: date | None = None

    def holds(self, facts: Circumstances, events: ClockEvents) -> bool | None:  # noqa: ARG002
        """Yes, no, or ``None`` while the date is not known."""
        day = facts.value_of(self.datum)
        if not isinstance(day, date):
            return None
        return (self.starts is None or self.starts <= day) and (self.before is None or day < self.before)

    @property
    def words(self) -> str:
        """The condition as a clause."""
        parts = [f"on or after {day_words(self.starts)}"] if self.starts else []
        parts += [f"before {day_words(self.before)}"] if self.before else []
        return f"{self.datum.replace('_', ' ')} is {' and '.join(parts)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCondition:
    """The rule holds while a yes/no circumstance of the case has this value."""

    datum: str
    value: bool

    def holds(self, facts: Circumstances, events: ClockEvents) -> bool | None:  # noqa: ARG002
        """Yes, no, or ``None`` while the circumstance is not known."""
        known = facts.value_of(self.datum)
        return None if known is None else known is self.value

    @property
    def words(self) -> str:
        """The condition as a clause."""
        return f"{self.datum.replace('_', ' ')} is {'yes' if self.value else 'no'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordCondition:
    """The rule holds while a circumstance of the case is one of these words (or whole numbers)."""

    datum: str
    one_of: tuple[str | int, ...]

    def holds(self, facts: Circumstances, events: ClockEvents) -> bool | None:  # noqa: ARG002
        """Yes, no, or ``None`` while the circumstance is not known."""
        known = facts.value_of(self.datum)
        return None if known is None else known in self.one_of

    @property
    def words(self) -> str:
        """The condition as a clause."""
        return f"{self.datum.replace('_', ' ')} is {' or '.join(str(one).replace('_', ' ') for one in self.one_of)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberCondition:
    """The rule holds while a number of the case is at least ``at_least`` and less than ``less_than``."""

    datum: str
    at_least: int | None = None
    less_than: int | None = None

    def holds(self, facts: Circumstances, events: ClockEvents) -> bool | None:  # noqa: ARG002
        """Yes, no, or ``None`` while the number is not known."""
        known = facts.value_of(self.datum)
        if not isinstance(known, int):
            return None
        return (self.at_least is None or self.at_least <= known) and (self.less_than is None or known < self.less_than)

    @property
    def words(self) -> str:
        """The condition as a clause."""
        parts = [f"at least {self.at_least}"] if self.at_least is not None else []
        parts += [f"less than {self.less_than}"] if self.less_than is not None else []
        return f"{self.datum.replace('_', ' ')} is {' and '.join(parts)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadCondition:
    """The rule holds when the request came ``at_least`` (or ``less_than``) so many hours before the approved end."""

    hours: int
    at_least: bool

    def holds(self, facts: Circumstances, events: ClockEvents) -> bool | None:
        """Yes, no, or ``None`` while receipt or the approved end is not known."""
        if events.received_at is None or facts.authorized_through is None:
            return None
        lead = (facts.authorized_through - events.received_at).total_seconds()
        return (lead >= self.hours * 3600) is self.at_least

    @property
    def words(self) -> str:
        """The condition as a clause."""
        least = "at least" if self.at_least else "less than"
        return f"the request came {least} {self.hours} hours before the end of what was approved"


Condition = DateCondition | FlagCondition | WordCondition | NumberCondition | LeadCondition


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A moment told by another: ``within`` after ``anchor``, or before it with ``back``.

    ``at`` is a time of day on the day so reached (``12:00`` for noon); without it a count of days ends with its day
    and a count of hours at its minute.
    """

    within: Length
    anchor: After
    back: bool = False
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRule:
    """How far and why the end may be moved.

    ``grounds`` are the only reasons accepted. A ground in ``interest_needed_for`` also needs the delay to be in the
    member's interest. With ``notice_before_expiry`` the member must be told before the end that is being moved.
    """

    adds: Length
    grounds: frozenset[str]
    interest_needed_for: frozenset[str] = frozenset()
    times: int = 1
    notice_before_expiry: bool = True
    notice_to: tuple[str, ...] = ()
    notice_content: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRule:
    """What a question for missing information does to the clock.

    ``none``: nothing. ``tolls_extension``: while a lawful extension is open, the clock stands still from the question
    to the answer, or to the end of ``allow`` at the latest. ``decide_after``: asked within ``ask_within``, the answer
    is due ``decide_within`` after the information came or the time allowed for it ended.
    """

    effect: Literal["none", "tolls_extension", "decide_after"] = "none"
    allow: Length | None = None
    ask_within: Length | None = None
    decide_within: Length | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A further date the same law sets, e.g. written confirmation within 3 calendar days after oral notice.

    ``points`` are the moments it may be, of which the ``pick`` rules; all must be known. ``since`` makes it a window:
    not before that moment. ``conditions`` say for whom it is.
    """

    id: str
    words: str
    points: tuple[Point, ...]
    pick: Literal["latest", "earliest"] = "latest"
    since: Point | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMiss:
    """What the law makes of a missed clock. A computed verdict and a work item; never a determination of the plan.

    ``unless`` names what, done in time, keeps the verdict from arising: the decision, or the answer the law measures.
    ``starts`` names the clock that begins then (for example, to forward the case to the independent review entity).
    """

    verdict: str
    unless: Literal["decision", "answer"]
    words: str
    starts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAuthority:
    """By whose word the rule holds.

    ``tag`` grades the whole; ``grading`` is the researcher's own wording, kept verbatim; ``sources`` are the keys of
    the library's list of sources; ``strength`` is how good they are (A primary text, B official summary or dated
    primary text, C secondary); ``confirm`` says what would confirm the parts that are from knowledge.
    """

    cite: str
    tag: Literal["verified", "from_knowledge", "policy_choice"]
    sources: tuple[str, ...]
    grading: str
    checked_on: date
    confirm: str = ""
    strength: Literal["", "A", "B", "C"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """One clock of one program, in one version.

    ``within`` is ``None`` where the law names a duty but no number. ``before`` turns the count round: the end lies
    ``within`` before the start event. ``backstop`` starts the clock at the end of that many days after receipt when
    the start event has not come by then. ``not_before`` are moments the end never lies before. The
    days from the first event of ``leaves_out`` to the second do not count. With
    ``first_day_counts`` the day of the start is day 1. ``at`` is the time of day a count of days ends at. ``result`` is
    what the end is called (``file_by``) beside *deadline*. ``effective_from`` and ``effective_to`` (both included) are
    days of receipt, or of the start event where nothing is received. ``event_words`` says each event as a clause.
    """

    id: str
    version: str
    title: str
    jurisdiction: str
    program: str
    lines_of_business: frozenset[str]
    request_types: frozenset[str]
    priorities: frozenset[Priority]
    within: Length | None
    start: Event
    stops_at: Stop
    authority: ClockAuthority
    effective_from: date | None = None
    effective_to: date | None = None
    since_note: str = ""
    before: bool = False
    first_day_counts: bool = False
    at: time | None = None
    not_before: tuple[Point, ...] = ()
    leaves_out: tuple[Event, Event] | None = None
    result: str = ""
    event_words: Mapping[str, str] = field(default_factory=dict, hash=False)
    backstop: Length | None = None
    calendar: str = ""
    roll: Roll = Roll.NONE
    oral_notice_counts: bool = False
    notice_to: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    extension: ExtensionRule | None = None
    information: InformationRule = InformationRule()
    duties: tuple[Duty, ...] = ()
    on_miss: OnMiss | None = None
    also: tuple[str, ...] = ()
    note: str = ""

    def in_force(self, received: date) -> bool:
        """Whether a request received on that day comes under this version."""
        return (self.effective_from is None or self.effective_from <= received) and (
            self.effective_to is None or received <= self.effective_to
        )

    def unknown_conditions(self, events: ClockEvents) -> tuple[Condition, ...]:
        """The conditions that cannot be answered yet."""
        return tuple(c for c in self.conditions if c.holds(events.circumstances, events) is None)

    def refuted(self, events: ClockEvents) -> bool:
        """Whether some condition is known not to hold."""
        return any(c.holds(events.circumstances, events) is False for c in self.conditions)


FEDERAL = frozenset({"us"})


def applicable(
    rules: Iterable[ClockRule],
    *,
    line_of_business: str,
    request_type: str,
    priority: Priority,
    received: date,
    events: ClockEvents,
    jurisdictions: frozenset[str] = FEDERAL,
) -> tuple[ClockRule, ...]:
    """Return every rule that may apply to a request received on the local day ``received``, ordered by id.

    ``jurisdictions`` are those the plan answers to: federal law (``us``), states (``us-tx``), accreditation (``ncqa``).
    Unknown is not no: a rule whose condition cannot be answered yet stays in, so that the earliest clock still rules.
    """
    return tuple(
        rule
        for rule in sorted(rules, key=lambda r: (r.id, r.version))
        if rule.jurisdiction in jurisdictions
        and line_of_business in rule.lines_of_business
        and request_type in rule.request_types
        and priority in rule.priorities
        and rule.in_force(received)
        and not rule.refuted(events)
    )
