"""Compute a clock with its proof: when an answer is due, why, and what became of it.

``compute`` is pure. It never decides anything about care: a missed clock yields a *computed verdict* (for example
that the law treats the silence as a denial), which is a work item for a person, never a determination.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from openum.core.calendar import Calendar, Roll, in_zone, local_date
from openum.core.clock_count import count, end_of, later, point
from openum.core.clock_events import Circumstances, ClockEvents, Event, Extension, InformationRequest
from openum.core.clock_moves import Moves, Refused, Standstill, ask_information, take_extensions
from openum.core.clock_proof import MissVerdict, Proof, SecondaryDate, Verdict
from openum.core.clock_rule import ClockRule, Duty, Length, applicable
from openum.core.clock_words import day_words, moment_words

__all__ = [
    "Circumstances",
    "ClockEvents",
    "ClockRule",
    "Extension",
    "InformationRequest",
    "MissVerdict",
    "Proof",
    "Refused",
    "SecondaryDate",
    "Standstill",
    "Verdict",
    "applicable",
    "compute",
    "earliest",
]

_OWN_WORDS: dict[Event, str] = {
    "receipt": "the request was received",
    "responsible_department": "the request reached the department responsible for it",
    "supporting_statement": "the prescriber's supporting statement was received",
    "oral_notice": "oral notice was given",
    "expedite_refused": "the member was told that the request is not expedited",
    "action": "the action takes effect",
    "admission": "the member was admitted",
    "review_date": "the continued-stay review fell due",
}
_STOPS = {"notice": "Notice was given", "decision": "The decision was made", "response": "An answer was given"}


@dataclass(frozen=True, slots=True)
class _Case:
    """One rule and one case: what every step of the computation reads."""

    rule: ClockRule
    events: ClockEvents
    calendars: Mapping[str, Calendar]
    zone: str


def compute(
    rule: ClockRule, events: ClockEvents, calendars: Mapping[str, Calendar], zone: str, *, at: datetime
) -> Proof:
    """Compute the clock of ``rule`` for one case as known at ``at``, in the plan-of-record ``zone``.

    Raises:
        Refusal: the rule names a calendar that ``calendars`` does not hold (``calendar-unknown``).
        OutsideCalendar: a business-day count leaves the days its calendar covers.
        ValueError: ``at`` carries no zone.
    """
    case = _Case(rule, events, calendars, zone)
    steps = [
        f"It is not known whether {c.words}; this clock is kept until it is." for c in rule.unknown_conditions(events)
    ]
    start = _start(case, steps)
    proof = _proof(case, in_zone(at, zone).astimezone(UTC), start)
    if start is None or rule.within is None:
        numberless = [] if rule.within else [f"The law names no number here. {rule.note}"]
        return replace(proof, secondary=_secondary(case, start, None, None), steps=(*steps, *numberless))
    first = _first_end(case, start, rule.within, steps)
    moves = Moves(first)
    take_extensions(rule, events.extensions, moves, zone, proof.at)
    ask_information(rule, events.information, start.astimezone(UTC), first, moves, calendars, zone)
    proof = replace(
        proof,
        first_due_at=first,
        due_at=moves.due_at,
        alarm_at=_alarm(case, rule.within, start, moves),
        verdict=_verdict(proof.stopped_at, moves.due_at, proof.at),
        secondary=_secondary(case, start, first, moves.due_at),
        extensions=tuple(moves.extensions),
        refused=tuple(moves.refused),
        tolled=tuple(moves.tolled),
    )
    proof = replace(proof, on_miss=_miss(case, moves.due_at) if proof.verdict == "missed" else None)
    counted = _count_words(rule, rule.within, first)
    return replace(proof, steps=(*steps, counted, *moves.steps, *_closing(rule, proof)))


def earliest(proofs: Iterable[Proof]) -> Proof | None:
    """Return the open clock to work to first (``work_by``; ties by rule id), or ``None`` when none is running."""
    open_clocks = [(p.work_by.astimezone(UTC), p.rule_id, p) for p in proofs if p.work_by and p.stopped_at is None]
    return min(open_clocks, key=lambda each: each[:2])[2] if open_clocks else None


def _proof(case: _Case, at: datetime, start: datetime | None) -> Proof:
    """The proof as far as it is known without an end."""
    rule, stopped = case.rule, _stopped(case.rule, case.events)
    return Proof(
        rule_id=rule.id,
        rule_version=rule.version,
        title=rule.title,
        citation=rule.authority.cite,
        grading=rule.authority.grading,
        zone=case.zone,
        calendar=rule.calendar,
        at=at,
        start_event=rule.start,
        start=start,
        stopped_at=None if stopped is None else in_zone(stopped, case.zone),
        verdict="no_number" if rule.within is None else "not_started",
        steps=(),
    )


def _start(case: _Case, steps: list[str]) -> datetime | None:
    """The moment the clock counts from, on the plan's wall clock; says in ``steps`` why."""
    rule, received, zone = case.rule, case.events.received_at, case.zone
    happened = case.events.moment(rule.start)
    if rule.backstop is not None and received is not None:
        latest = count(received, rule.backstop, rule, case.calendars, zone)
        if happened is None or happened > latest:
            steps.append(
                f"Received {moment_words(in_zone(received, zone))}; unless {_said(rule, rule.start)} before, the clock "
                f"starts at the end of {rule.backstop.words}: {moment_words(latest)} ({zone})."
            )
            return latest
        happened = max(happened, received)
    if happened is None:
        steps.append(f"The clock starts when {_said(rule, rule.start)}; that is not recorded yet.")
        return None
    start = in_zone(happened, zone)
    steps.append(f"{_capital(_said(rule, rule.start))} {moment_words(start)} ({zone}).")
    return start


def _said(rule: ClockRule, event: Event) -> str:
    """An event as a clause: in the library's words, else in our own, else by its name."""
    return rule.event_words.get(event) or _OWN_WORDS.get(event) or f"{event.replace('_', ' ')} happened"


def _first_end(case: _Case, start: datetime, within: Length, steps: list[str]) -> datetime:
    """The end before anything moves it: counted from the start, never before the moments the law also names."""
    rule, zone = case.rule, case.zone
    end = end_of(start, within, rule, case.calendars, zone)
    for other in rule.not_before:
        anchor = _anchor(case, other.anchor, start, end, end)
        if anchor is None:
            steps.append(f"It is not known when {_said(rule, other.anchor)}; the end may lie later.")
            continue
        least = point(anchor, other, rule, case.calendars, zone)
        if least.astimezone(UTC) > end.astimezone(UTC):
            steps.append(f"Never before {moment_words(least)}: {_said(rule, other.anchor)} {moment_words(anchor)}.")
            end = least
    return _without_days_left_out(case, end, steps)


def _without_days_left_out(case: _Case, end: datetime, steps: list[str]) -> datetime:
    """The end moved by the days that do not count: those between two events the rule names."""
    if case.rule.leaves_out is None:
        return end
    first, last = (case.events.moment(event) for event in case.rule.leaves_out)
    words = [_said(case.rule, event) for event in case.rule.leaves_out]
    if first is None or last is None:
        steps.append(f"The days from when {words[0]} to when {words[1]} do not count; they are not known yet.")
        return end
    days = max((local_date(last, case.zone) - local_date(first, case.zone)).days, 0)
    steps.append(f"{days} calendar days do not count: from when {words[0]} to when {words[1]}.")
    return later(end, days, case.rule, case.zone)


def _anchor(
    case: _Case, anchor: str, start: datetime | None, first: datetime | None, due: datetime | None
) -> datetime | None:
    """The moment a further date counts from, on the plan's wall clock."""
    own = {"start": start, "expiry": due, "first_expiry": first}
    moment = own[anchor] if anchor in own else case.events.moment(anchor)
    return None if moment is None else in_zone(moment, case.zone)


def _count_words(rule: ClockRule, within: Length, end: datetime) -> str:
    if rule.before:
        return f"{_capital(within.words)} before that is {moment_words(end)}."
    closed = f"weekends and the holidays of {rule.calendar} do not count"
    first = "that day is day 1" if rule.first_day_counts else "that day is day 0"
    how = {
        "h": "hours run through nights, weekends and holidays",
        "cd": f"{first}; weekends and holidays count",
        "bd": f"{first}; {closed}",
        "wd": f"{first}; {closed}",
        "nd": f"{first}; weekends count, the holidays of {rule.calendar} do not",
        "mo": "the corresponding day; one the month lacks becomes the first of the next",
        "y": "the corresponding day; one the month lacks becomes the first of the next",
    }[within.unit]
    if rule.roll is not Roll.NONE:
        how += f"; a last day that is a weekend day or a holiday of {rule.calendar} moves to the next business day"
    return f"{_capital(within.words)} end {moment_words(end)}; {how}."


def _stopped(rule: ClockRule, events: ClockEvents) -> datetime | None:
    """The first event that satisfies the clock: what counts depends on what the law measures."""
    written, oral, decided = events.notified_at, events.oral_notice_at, events.decided_at
    measured = {
        "notice": [written, oral if rule.oral_notice_counts else None],
        "decision": [decided],
        "response": [written, oral, decided],
    }
    counts = measured.get(rule.stops_at, [events.moment(rule.stops_at)])
    return min((moment for moment in counts if moment is not None), default=None)


def _verdict(stopped: datetime | None, due: datetime, at: datetime) -> Verdict:
    if stopped is not None:
        return "met" if stopped.astimezone(UTC) <= due else "missed"
    return "running" if at <= due else "missed"


def _miss(case: _Case, due: datetime) -> MissVerdict | None:
    """What the law makes of the miss; nothing when what keeps it from arising was done in time."""
    missed, decided = case.rule.on_miss, case.events.decided_at
    if missed is None or (missed.unless == "decision" and decided is not None and decided <= due):
        return None
    return MissVerdict(missed.verdict, local_date(due, case.zone), missed.words, missed.starts)


def _alarm(case: _Case, within: Length, start: datetime, moves: Moves) -> datetime | None:
    """The end counted from an earlier stamp elsewhere at the plan, when the regulatory start came after it."""
    rule, received = case.rule, case.events.received_at
    if rule.start != "responsible_department" or received is None or received >= start:
        return None
    end = end_of(received, within, rule, case.calendars, case.zone)
    return end if rule.extension is None else later(end, moves.added, rule, case.zone)


def _secondary(
    case: _Case, start: datetime | None, first: datetime | None, due: datetime | None
) -> tuple[SecondaryDate, ...]:
    """Every further date the rule sets whose own start is known."""
    rule = case.rule
    dates = [found for duty in rule.duties if (found := _duty(case, duty, start, first, due)) is not None]
    if rule.extension is None or first is None:
        return tuple(dates)
    if rule.extension.notice_before_expiry:
        dates.append(SecondaryDate("extension_notice_by", first, "Notice of an extension must be sent by then."))
    longest = later(first, rule.extension.adds.amount * rule.extension.times, rule, case.zone)
    return (*dates, SecondaryDate("max_with_extension", longest, "No extension reaches further."))


def _duty(
    case: _Case, duty: Duty, start: datetime | None, first: datetime | None, due: datetime | None
) -> SecondaryDate | None:
    """One further date; none while a moment it counts from is not known, or when it is not for this case."""
    rule, events, zone = case.rule, case.events, case.zone
    if any(condition.holds(events.circumstances, events) is False for condition in duty.conditions):
        return None
    told = (*duty.points, *([duty.since] if duty.since else []))
    anchors = [_anchor(case, each.anchor, start, first, due) for each in told]
    known = [anchor for anchor in anchors if anchor is not None]
    if len(known) < len(told):
        return None
    ends = [point(known[at], each, rule, case.calendars, zone) for at, each in enumerate(duty.points)]
    end = (max if duty.pick == "latest" else min)(ends, key=lambda moment: moment.astimezone(UTC))
    since = None if duty.since is None else point(known[-1], duty.since, rule, case.calendars, zone, opens=True)
    return SecondaryDate(duty.id, end, duty.words, since)


def _closing(rule: ClockRule, proof: Proof) -> list[str]:
    words = []
    if proof.alarm_at is not None:
        words.append(f"An earlier stamp elsewhere at the plan gives {moment_words(proof.alarm_at)}: work to that.")
    if proof.stopped_at is not None:
        late = "in time" if proof.verdict == "met" else "late"
        what = _STOPS.get(rule.stops_at) or _capital(_said(rule, rule.stops_at))
        words.append(f"{what} {moment_words(proof.stopped_at)}, {late}.")
    if proof.on_miss is not None:
        words.append(f"Missed: since {day_words(proof.on_miss.on)} {proof.on_miss.words} A person takes it from here.")
    return words


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
