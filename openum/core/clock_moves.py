"""What moves the end of a clock: extensions, and questions for missing information. Bad ones are refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from openum.core.calendar import Calendar, in_zone, local_date
from openum.core.clock_count import count, later
from openum.core.clock_events import Extension, InformationRequest
from openum.core.clock_rule import ClockRule, ExtensionRule, InformationRule, Length
from openum.core.clock_words import moment_words


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was tried and does not move the clock: stable code, what is wrong, what to do."""

    code: str
    message: str
    next: str


@dataclass(frozen=True, slots=True)
class Standstill:
    """A span the clock stood still, from a question to its answer. ``open``: the end is the latest it can be."""

    start: datetime
    end: datetime
    days: int
    open: bool


@dataclass(slots=True)
class Moves:
    """What moved one clock, gathered while it is computed; ``added`` is the days extensions added in all."""

    due_at: datetime
    extensions: list[Extension] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    tolled: list[Standstill] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    added: int = 0

    def refuse(self, refused: Refused) -> None:
        """Note a refusal, and say it among the steps."""
        self.refused.append(refused)
        self.steps.append(f"{refused.message} {refused.next}")


def take_extensions(rule: ClockRule, extensions: tuple[Extension, ...], moves: Moves, zone: str, at: datetime) -> None:
    """Move the end by every extension the rule allows, in the order taken; refuse the others with reasons."""
    for extension in sorted(extensions, key=lambda each: each.taken_at):
        reasons = _faults(rule, extension, moves, zone, at)
        for reason in reasons:
            moves.refuse(reason)
        if not reasons and rule.extension is not None:
            _grant(rule, rule.extension, extension, moves, zone)


def _days_of(extension: Extension, allowed: ExtensionRule) -> int:
    """How many days an extension asks for; all that is allowed when it does not say."""
    return allowed.adds.amount if extension.days is None else extension.days


def _grant(rule: ClockRule, allowed: ExtensionRule, extension: Extension, moves: Moves, zone: str) -> None:
    days, told_by = _days_of(extension, allowed), moves.due_at
    moves.due_at = later(moves.due_at, days, rule, zone)
    moves.extensions.append(extension)
    moves.added += days
    moves.steps.append(
        f"An extension of {days} calendar days was taken {moment_words(in_zone(extension.taken_at, zone))} "
        f"({extension.ground.replace('_', ' ')}): the end moves to {moment_words(moves.due_at)}."
    )
    if allowed.notice_before_expiry and extension.notice_sent_at is None:
        moves.steps.append(f"Notice of the extension must be sent by {moment_words(told_by)}, or it falls.")
    if extension.ground in allowed.interest_needed_for and extension.in_member_interest is None:
        moves.steps.append("Record how the delay serves the member; the rule asks for it.")


def _faults(rule: ClockRule, extension: Extension, moves: Moves, zone: str, at: datetime) -> list[Refused]:
    """Every reason why this extension does not count; none when it does."""
    allowed = rule.extension
    if allowed is None:
        return [Refused("extension-not-allowed", f"{rule.id} allows no extension.", f"Answer by {_end(moves)}.")]
    faults = []
    if len(moves.extensions) >= allowed.times:
        faults.append(Refused("extension-used-up", f"{rule.id} was already extended.", f"Answer by {_end(moves)}."))
    if extension.taken_at > moves.due_at:
        faults.append(
            Refused(
                "extension-after-expiry",
                f"The extension of {moment_words(in_zone(extension.taken_at, zone))} came after the clock had ended.",
                "Treat the clock as missed; an ended clock cannot be extended.",
            )
        )
    if extension.ground not in allowed.grounds:
        faults.append(
            Refused(
                "extension-ground-not-allowed",
                f"“{extension.ground.replace('_', ' ')}” is no ground for extending {rule.id}.",
                f"Grounds are: {', '.join(sorted(allowed.grounds)).replace('_', ' ')}.",
            )
        )
    if not 0 < _days_of(extension, allowed) <= allowed.adds.amount:
        faults.append(
            Refused(
                "extension-length",
                f"The extension asks for {extension.days} days; {rule.id} allows 1 to {allowed.adds.amount}.",
                f"Take at most {allowed.adds.words}.",
            )
        )
    return faults + _notice_faults(allowed, extension, moves, at) + _interest_faults(allowed, extension, moves)


def _notice_faults(allowed: ExtensionRule, extension: Extension, moves: Moves, at: datetime) -> list[Refused]:
    if not allowed.notice_before_expiry or (extension.notice_sent_at or at) <= moves.due_at:
        return []
    sent = "was sent after" if extension.notice_sent_at else "was not sent before"
    return [
        Refused(
            "extension-notice-late",
            f"Notice of the extension {sent} the clock ended.",
            "Treat the clock as missed; record the notice if it was sent in time.",
        )
    ]


def _interest_faults(allowed: ExtensionRule, extension: Extension, moves: Moves) -> list[Refused]:
    if extension.ground not in allowed.interest_needed_for or extension.in_member_interest is not False:
        return []
    return [
        Refused(
            "extension-not-in-member-interest",
            "The extension is not in the member's interest.",
            f"Answer by {_end(moves)}.",
        )
    ]


def _end(moves: Moves) -> str:
    return moment_words(moves.due_at)


def ask_information(
    rule: ClockRule,
    asked: InformationRequest | None,
    start: datetime,
    first: datetime,
    moves: Moves,
    calendars: Mapping[str, Calendar],
    zone: str,
) -> None:
    """Move the end by what a question for missing information does under this rule.

    ``first`` is the end before any extension: a question after it moves nothing.
    """
    if asked is None:
        return
    if rule.information.effect == "none":
        moves.steps.append("A question for missing information does not stop this clock.")
    elif rule.information.effect == "tolls_extension":
        _stand_still(rule, asked, first, moves, calendars, zone)
    else:
        _decide_after(rule, asked, start, moves, calendars, zone)


def _stand_still(
    rule: ClockRule,
    asked: InformationRequest,
    first: datetime,
    moves: Moves,
    calendars: Mapping[str, Calendar],
    zone: str,
) -> None:
    if not moves.extensions:
        moves.refuse(
            Refused(
                "standstill-without-extension",
                f"Under {rule.id} the clock stands still only within an extension.",
                "Take the extension and send its notice before the clock ends.",
            )
        )
        return
    sent = max(asked.asked_at, moves.extensions[0].notice_sent_at or asked.asked_at)
    if sent > first:
        moves.refuse(
            Refused(
                "information-asked-late",
                f"The question was sent after {moment_words(first)}.",
                "The clock does not stand still; ask before the first end.",
            )
        )
        return
    until = _allowed_until(rule, asked, sent, moves, calendars, zone)
    end = min(asked.answered_at or until, until)
    if end > sent:
        _stood(rule, asked, sent, end, moves, zone)


def _stood(rule: ClockRule, asked: InformationRequest, sent: datetime, end: datetime, moves: Moves, zone: str) -> None:
    span = Standstill(
        in_zone(sent, zone), in_zone(end, zone), _days_between(sent, end, zone), asked.answered_at is None
    )
    moves.tolled.append(span)
    moves.due_at = _by_span(rule, moves.due_at, span, zone)
    moves.steps.append(
        f"The clock stood still from {moment_words(span.start)} "
        f"{'at most until' if span.open else 'until'} {moment_words(span.end)} ({span.days} days): "
        f"the end moves to {moment_words(moves.due_at)}."
    )


def _by_span(rule: ClockRule, due: datetime, span: Standstill, zone: str) -> datetime:
    if rule.within is not None and rule.within.unit == "h":
        return in_zone(due.astimezone(UTC) + (span.end.astimezone(UTC) - span.start.astimezone(UTC)), zone)
    return later(due, span.days, rule, zone)


def _decide_after(
    rule: ClockRule,
    asked: InformationRequest,
    start: datetime,
    moves: Moves,
    calendars: Mapping[str, Calendar],
    zone: str,
) -> None:
    wait: InformationRule = rule.information
    ask_by = _plus(start, wait.ask_within, rule, calendars, zone)
    if asked.asked_at > ask_by:
        moves.refuse(
            Refused(
                "information-asked-late",
                f"The question was sent after {moment_words(ask_by)}.",
                f"The clock runs on; answer by {_end(moves)}.",
            )
        )
        return
    until = _allowed_until(rule, asked, asked.asked_at, moves, calendars, zone)
    end = min(asked.answered_at or until, until)
    moves.due_at = _plus(end, wait.decide_within, rule, calendars, zone)
    came = "the information came" if asked.answered_at and asked.answered_at <= until else "the time allowed ends"
    moves.steps.append(
        f"Information was asked for in time; {came} {moment_words(in_zone(end, zone))}, and the answer is due "
        f"{moment_words(moves.due_at)}."
    )


def _allowed_until(
    rule: ClockRule,
    asked: InformationRequest,
    sent: datetime,
    moves: Moves,
    calendars: Mapping[str, Calendar],
    zone: str,
) -> datetime:
    """Until when the answer may come: what was allowed, but never less than the rule's least."""
    earliest = _plus(asked.notice_received_at or sent, rule.information.allow, rule, calendars, zone)
    if asked.allowed_until is None:
        return earliest
    if asked.allowed_until < earliest:
        moves.refuse(
            Refused(
                "information-time-too-short",
                f"The time allowed for the information ends before {moment_words(earliest)}.",
                "Allow at least until then.",
            )
        )
    return max(asked.allowed_until, earliest)


def _plus(
    moment: datetime, length: Length | None, rule: ClockRule, calendars: Mapping[str, Calendar], zone: str
) -> datetime:
    """``moment`` plus a length as the rule counts it; ``moment`` itself where the rule names no length."""
    return in_zone(moment, zone) if length is None else count(moment, length, rule, calendars, zone)


def _days_between(first: datetime, last: datetime, zone: str) -> int:
    return (local_date(last, zone) - local_date(first, zone)).days
