"""Continuation of benefits while an appeal runs (aid paid pending), and the fast-track of the quality organization."""

from __future__ import annotations

from dataclasses import dataclass

from openum.core.answers import NO, UNKNOWN, YES, Answer, all_of, of_bool
from openum.core.appeal import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuationRule:
    """When care that was approved goes on while its ending is appealed.

    All ``conditions`` must hold; any of ``ends_on`` ends it; ``recoup_if`` (all of them) is the only way its cost may
    be asked back. ``lines`` are lines of business; ``never`` are facts that put a case outside (a new request).
    """

    id: str
    lines: frozenset[str]
    conditions: tuple[str, ...]
    ends_on: tuple[str, ...]
    never: tuple[str, ...] = ()
    not_lines: frozenset[str] = frozenset()
    request_clock: str = ""
    continue_clock: str = ""
    recoup_if: tuple[str, ...] = ()
    recoup: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuationAnswer:
    """Whether care goes on, what is not known yet, what ended it, and whether its cost may be asked back."""

    answer: Answer
    unknown: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    ended_by: tuple[str, ...] = ()
    may_recoup: Answer = NO


def continuation(rule: ContinuationRule, facts: Facts, *, line_of_business: str = "") -> ContinuationAnswer:
    """Whether the benefits of a case continue. Unknown is for a person to settle; it ends nothing by itself."""
    if line_of_business and line_of_business not in rule.lines:
        return ContinuationAnswer(answer=NO, lacking=("line_of_business",))
    outside = tuple(name for name in rule.never if facts.get(name) is True)
    ended = tuple(name for name in rule.ends_on if facts.get(name) is True)
    lacking = (*outside, *(name for name in rule.conditions if facts.get(name) is False))
    answer = NO if ended or lacking else all_of(of_bool(facts.get(name)) for name in rule.conditions)
    return ContinuationAnswer(
        answer=answer,
        unknown=tuple(n for n in rule.conditions if facts.get(n) is None) if answer is UNKNOWN else (),
        lacking=lacking,
        ended_by=ended,
        may_recoup=all_of(of_bool(facts.get(name)) for name in rule.recoup_if) if rule.recoup_if else NO,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of the fast track: who gives it to whom, on which form, by which clock, and when it is given."""

    id: str
    name: str
    form: str
    giver: str
    clock: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FastTrack:
    """The quick review of the end of covered care: its notices in order, its clocks, and who must prove what.

    ``needs`` must all hold for the track to be open, ``settings`` are the places of care it is for. ``liable_until``
    names the clock up to which the member owes nothing. ``late_to`` takes a request that comes too late.
    """

    id: str
    lines: frozenset[str]
    settings: frozenset[str]
    notices: tuple[Notice, ...]
    request_clock: str
    decide_clock: str
    burden: str
    next_level: str
    needs: tuple[str, ...] = ()
    records_clock: str = ""
    liable_until: str = ""
    liability: str = ""
    late_to: str = ""
    late_words: str = ""
    effective_date: str = ""


def open_to(track: FastTrack, *, setting: str, line_of_business: str, facts: Facts) -> Answer:
    """Whether this fast track is the member's: the right setting and program, and every fact it needs."""
    if (setting and setting not in track.settings) or (line_of_business and line_of_business not in track.lines):
        return NO
    place = YES if setting and line_of_business else UNKNOWN
    return all_of((place, *(of_bool(facts.get(name)) for name in track.needs)))
