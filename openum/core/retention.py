"""How long a record must be kept: by every rule that reaches it, the longest ruling, and never shorter under a hold.

Sources: 45 CFR 164.316(b)(2), 42 CFR 422.504(d), 423.505(d), 438.3(u), 45 CFR 147.136; library/retention. A day here is
the last one on which the record must still be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One duty to keep. Empty ``kinds`` or ``lines`` mean every kind of record, every line of business.

    ``counted_from`` names events; the span begins at the latest of them that is known. ``parts`` are what a file of
    this kind must hold.
    """

    id: str
    span: Span
    counted_from: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()

    def reaches(self, record: Record) -> bool:
        """Whether the record may be one of those: what is not known of it speaks for keeping."""
        return (not self.kinds or record.kind is None or record.kind in self.kinds) and (
            not self.lines or record.line is None or record.line in self.lines
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of a record. ``events`` holds days by name; an event given as ``None`` has not happened yet."""

    kind: str | None = None
    line: str | None = None
    events: Mapping[str, date | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on the record from a day on. It ends only when a person releases it."""

    id: str
    placed: date
    released: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The answer. ``until`` is the last day; ``None`` means that no end can be named, and why stands in ``held_by``,
    ``open`` (events that have not happened yet) or ``missing`` (events of which one must be known)."""

    until: date | None
    by: tuple[str, ...]
    each: Mapping[str, date | None]
    held_by: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def keep_until(record: Record, rules: Iterable[RetentionRule], holds: Iterable[Hold]) -> Keep:
    """How long the record must be kept at least. A further rule or hold never shortens it.

    A hold that was released keeps the record through the day of its release. With no rule that reaches the record,
    nothing is known: ``missing`` says ``rule``.
    """
    reached = tuple(rule for rule in rules if rule.reaches(record))
    given = tuple(holds)
    each = {rule.id: _end(rule, record) for rule in reached}
    held = tuple(hold.id for hold in given if hold.released is None)
    ends = [day for day in each.values() if day is not None] + [hold.released for hold in given if hold.released]
    endless = held or not reached or any(day is None for day in each.values())
    until = None if endless else max(ends)
    pending = tuple(dict.fromkeys(name for rule in reached for name in _pending(rule, record)))
    unknown = [name for rule in reached if _unknown(rule, record) for name in rule.counted_from]
    return Keep(
        until=until,
        by=tuple(name for name, day in each.items() if day is None or day == until),
        each=each,
        held_by=held,
        open=pending,
        missing=tuple(dict.fromkeys(unknown)) if reached else ("rule",),
    )


def may_dispose(keep: Keep, on: date) -> Answer:
    """Whether the record may be destroyed on that day: yes only after the last day; unknown is not yes."""
    if keep.until is not None:
        return YES if on > keep.until else NO
    return UNKNOWN if keep.missing and not keep.held_by and not keep.open else NO


def missing_parts(rule: RetentionRule, kept: Iterable[str]) -> tuple[str, ...]:
    """The parts of such a file that are not there."""
    there = frozenset(kept)
    return tuple(part for part in rule.parts if part not in there)


def _end(rule: RetentionRule, record: Record) -> date | None:
    known = [day for name in rule.counted_from if (day := record.events.get(name)) is not None]
    return None if not known or _pending(rule, record) else _anniversary(max(known), rule.span)


def _pending(rule: RetentionRule, record: Record) -> tuple[str, ...]:
    return tuple(name for name in rule.counted_from if name in record.events and record.events[name] is None)


def _unknown(rule: RetentionRule, record: Record) -> bool:
    return not any(name in record.events for name in rule.counted_from)


def _anniversary(day: date, span: Span) -> date:
    """The same day of a later year; where it does not exist (February 29), the day after: longer, never shorter."""
    later = span.after(day)
    return later + timedelta(days=1) if span.months and not span.days and later.day < day.day else later
