"""Run the worked examples of clock rules: a few plain words in, the dates and the verdict out.

The vocabulary of ``in:`` and ``expected:`` is an interface: the same words serve the library's examples and the
command line. When every moment of an example is a day, the answers that end with a day are days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from openum.core.calendar import Calendar
from openum.core.clock_proof import SecondaryDate
from openum.core.clock_rule import ClockRule, Length, parse_length
from openum.core.clocks import ClockEvents, Proof, compute
from openum.librarian.clock_vocabulary import Vocabulary, vocabulary
from openum.librarian.clock_words_given import (
    EXAMPLE_ZONE,
    NEVER,
    ExampleFault,
    Told,
    days_only,
    latest,
    settled,
    sorts_asked,
    told,
    zone_of,
)

__all__ = [
    "EXAMPLE_ZONE",
    "ExampleFault",
    "answers_of",
    "applies",
    "canonical",
    "events_of",
    "proof_for",
    "rule_for",
    "run_example",
]

_LAST_SECOND = time(23, 59, 59)
_FRAMES = {"state_frame": "", "contract_frame": "", "state_frame_days": "cd", "state_frame_hours": "h"}
"""The words for a frame that a state or contract sets, with the unit of those that are a bare number."""
_HOURS = {"h": 1, "cd": 24, "nd": 28, "bd": 34, "wd": 34, "mo": 730, "y": 8760}
"""Roughly how long each unit is, to choose the shorter of two versions."""


class NothingApplies(ExampleFault):
    """No rule of the name asked for applies; ``known`` when every word of the example was understood."""

    def __init__(self, words: str, *, known: bool) -> None:
        super().__init__(words)
        self.known = known


def run_example(
    rule: ClockRule,
    given: Mapping[str, Any],
    *,
    calendars: Mapping[str, Calendar],
    zone: str = "",
    words: Vocabulary | None = None,
) -> dict[str, Any]:
    """Compute what ``expected:`` may name, from the words of ``in:``.

    Returns ``applies``, ``status`` (not_started, no_number, running, met, missed), ``timely`` (once met or missed),
    ``clock_starts``, ``deadline`` (also under the rule's own name for it, e.g. ``file_by``), ``notify`` (whom),
    ``extension_allowed``, ``extension_valid``, ``refused`` (codes), ``tolled``, ``tolled_days``, ``on_miss``,
    ``deemed``, ``deemed_on``, ``alarm_deadline`` with ``regulatory_deadline``, and every secondary date by its id (a
    window as its first and last moment); what does not arise is left out, and named in ``waiting``.

    Raises:
        ExampleFault: a word or a value of ``in:`` is not known.
    """
    said, proof = proof_for(rule, given, calendars=calendars, zone=zone, words=words)
    return answers_of(rule, given, said, proof)


def answers_of(rule: ClockRule, given: Mapping[str, Any], said: Told, proof: Proof) -> dict[str, Any]:
    """What :func:`run_example` returns, from what :func:`proof_for` computed."""
    return _answers(rule, proof, said, fits=_fits(rule, given, said), in_days=days_only(given))


def proof_for(
    rule: ClockRule,
    given: Mapping[str, Any],
    *,
    calendars: Mapping[str, Calendar],
    zone: str = "",
    words: Vocabulary | None = None,
) -> tuple[Told, Proof]:
    """The same case and clock with everything that proves it; raises :class:`ExampleFault`."""
    words = words or vocabulary()
    said = settled(told(given, words, zone=zone or zone_of(given)), rule, words)
    rule = _calendar_asked(_shorter(rule, given), given)
    at = said.at or latest(said.events) or max(said.events.others.values(), default=NEVER)
    proof = compute(rule, said.events, calendars, said.zone, at=at)
    never = any(words.event_of.get(word) == "decided" and value is None for word, value in given.items())
    if never and proof.due_at is not None:
        # The example says that no decision was ever made: look again once the time is over.
        proof = compute(rule, said.events, calendars, said.zone, at=proof.due_at + timedelta(seconds=1))
    return said, replace(proof, steps=(*said.assumed, *proof.steps))


def events_of(given: Mapping[str, Any], *, zone: str = "", words: Vocabulary | None = None) -> ClockEvents:
    """Read the words of ``in:`` as the moments and circumstances of a case; raises :class:`ExampleFault`."""
    return told(given, words or vocabulary(), zone=zone).events


def rule_for(
    rules: Iterable[ClockRule], name: str, given: Mapping[str, Any], words: Vocabulary | None = None
) -> ClockRule:
    """Find the rule an example means: by id or other name, among the versions that are not known not to apply.

    ``+EXT`` and the like after a name are remarks. A request nobody calls expedited is a standard one; one that nobody
    calls retrospective, concurrent, a drug … is for a service. When several remain, the one that ends first, as in
    real life.

    Raises:
        ExampleFault: no rule of that name applies.
    """
    plain = name.partition("+")[0]
    words = words or vocabulary()
    said, sorts = told(given, words), sorts_asked(given, words)
    fitting = [rule for rule in rules if plain in (rule.id, *rule.also) and _fits(rule, given, said)]
    if not fitting:
        raise NothingApplies(f"No clock rule {plain} applies to the example.", known=not said.strangers)
    fitting = [rule for rule in fitting if sorts & set(rule.request_types)] or fitting
    standard = [rule for rule in fitting if "standard" in rule.priorities]
    fitting = standard if said.expedited is None and standard else fitting
    return min(fitting, key=lambda rule: (_rank(rule, said), _usual(rule, sorts), _ends(rule), rule.id, rule.version))


def applies(rule: ClockRule, given: Mapping[str, Any], events: ClockEvents) -> bool:
    """Whether nothing in the example's words speaks against the rule (unknown is not no)."""
    return _fits(rule, given, Told(events=events, zone=zone_of(given), expedited=told(given, vocabulary()).expedited))


def canonical(
    expected: Iterable[str], answers: Iterable[str], words: Vocabulary, waiting: Iterable[str] = ()
) -> dict[str, str]:
    """Each word of ``expected:`` with the answer it means.

    A word that names no answer but reads like one end (``…_by``, ``…_deadline``, ``…_until``, ``…_through``) stands for
    the answer nearest in name, else for the deadline; but never one that means a date still ``waiting`` for its event.
    """
    known, later, ends = list(answers), set(waiting), ("_by", "_deadline", "_until", "_through")
    found: dict[str, str] = {}
    for word in expected:
        meant = (word, *words.answers_of.get(word, ()))
        name = next((each for each in meant if each in known), word)
        if name not in known and name.endswith(ends) and not later & set(meant):
            near = get_close_matches(name, [each for each in known if each.endswith(ends)], 1, 0.8)
            name = near[0] if near else "deadline"
        found[word] = name
    return found


def _fits(rule: ClockRule, given: Mapping[str, Any], said: Told) -> bool:
    if said.expedited is not None and ("expedited" if said.expedited else "standard") not in rule.priorities:
        return False
    if given.get("part_b_drug") and "part_b_drug" not in rule.request_types:
        return False
    asked = {True: "service", False: "service_no_pa"}.get(given.get("pa_required"))  # type: ignore[arg-type]
    if asked and not given.get("part_b_drug") and asked not in rule.request_types:
        return False
    if rule.refuted(said.events):
        return False
    begun = said.events.received_at or said.events.moment(rule.start)
    return begun is None or rule.in_force(begun.astimezone(ZoneInfo(said.zone)).date())


def _rank(rule: ClockRule, said: Told) -> int:
    """A rule whose start is known comes before one that could not be computed."""
    return 0 if said.events.moment(rule.start) is not None else 1


def _usual(rule: ClockRule, sorts: frozenset[str]) -> int:
    """A rule about services comes first when nobody says what the request is about."""
    return 0 if sorts or "service" in rule.request_types else 1


def _ends(rule: ClockRule) -> int:
    """What ends first: the shorter time after an event, the longer time before one."""
    return -_hours(rule.within) if rule.before else _hours(rule.within)


def _hours(length: Length | None) -> int:
    return 0 if length is None else length.amount * _HOURS[length.unit]


def _shorter(rule: ClockRule, given: Mapping[str, Any]) -> ClockRule:
    """The rule with the frame a state or contract sets in its place, where that is shorter (``state_frame: 5cd``)."""
    word = next((word for word in _FRAMES if given.get(word) is not None), None)
    if word is None:
        return rule
    try:
        length = parse_length(f"{given[word]}{_FRAMES[word]}")
    except ValueError as fault:
        raise ExampleFault(f"{word}: {fault}") from None
    return replace(rule, within=length) if _hours(length) < _hours(rule.within) else rule


def _calendar_asked(rule: ClockRule, given: Mapping[str, Any]) -> ClockRule:
    """The rule on the calendar the example names (``federal``, ``WA_state``, ``us-WA``)."""
    asked = given.get("holiday_calendar") or given.get("calendar")
    if asked is None:
        return rule
    name = str(asked).removesuffix("_state").removeprefix("us-")
    return replace(rule, calendar="us-federal" if name in ("federal", "us_federal", "US") else f"us-{name}")


def _answers(rule: ClockRule, proof: Proof, said: Told, *, fits: bool, in_days: bool) -> dict[str, Any]:
    def written(moment: datetime) -> str:
        whole = in_days and moment.time() in (time.min, _LAST_SECOND)
        return moment.date().isoformat() if whole else moment.isoformat()

    answers: dict[str, Any] = {"applies": fits, "status": proof.verdict}
    answers |= {"extension_allowed": rule.extension is not None, "notify": list(rule.notice_to)}
    answers |= {} if proof.start is None else {"clock_starts": written(proof.start)}
    answers |= {"timely": proof.verdict == "met"} if proof.verdict in ("met", "missed") else {}
    if proof.due_at is not None:
        answers["deadline"] = written(proof.due_at)
        answers |= {rule.result: written(proof.due_at)} if rule.result else {}
        answers["refused"] = [each.code for each in proof.refused]
        answers |= {"tolled_days": sum(each.days for each in proof.tolled), "tolled": bool(proof.tolled)}
    if proof.due_at is not None and proof.alarm_at is not None:
        answers |= {"regulatory_deadline": written(proof.due_at), "alarm_deadline": written(proof.alarm_at)}
    if said.events.extensions:
        answers["extension_valid"] = bool(proof.extensions)
    answers |= _missed(rule, proof) | {each.id: _said(each, written) for each in proof.secondary}
    waiting = [each.id for each in rule.duties if each.id not in answers]
    return answers | ({"waiting": waiting} if waiting else {})


def _said(each: SecondaryDate, written: Any) -> str | list[str]:
    return written(each.at) if each.since is None else [written(each.since), written(each.at)]


def _missed(rule: ClockRule, proof: Proof) -> dict[str, Any]:
    """What the law makes of a miss: its name always, since when only once it happened."""
    if rule.on_miss is None:
        return {}
    answers: dict[str, Any] = {"on_miss": rule.on_miss.verdict}
    if proof.on_miss is not None:
        kind, _, what = proof.on_miss.verdict.partition("_")
        known = {"deemed": what, "auto": "approval"}
        answers |= {"deemed": known[kind], "deemed_on": proof.on_miss.on.isoformat()} if kind in known else {}
        answers |= {"starts": proof.on_miss.starts} if proof.on_miss.starts else {}
    return answers
