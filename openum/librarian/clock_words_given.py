"""Read what a worked example (or a person at the command line) says happened: words in, moments of a case out.

A moment is written ``2026-11-19T10:15:00-05:00``, or ``2026-11-19`` where only the day matters. Synonyms are content
(``library/clocks/events.yaml``). A zone that is not named is read from the offset the moments are written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openum.core.clock_rule import ClockRule
from openum.core.clocks import Circumstances, ClockEvents, Extension, InformationRequest
from openum.librarian.clock_vocabulary import Vocabulary

EXAMPLE_ZONE = "America/New_York"
"""The plan-of-record zone of an example that names none and whose moments carry no offset."""
_ZONES = (
    EXAMPLE_ZONE,
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)
_FIELDS = {
    "receipt": "received_at",
    "responsible_department": "responsible_department_at",
    "supporting_statement": "supporting_statement_at",
    "oral_notice": "oral_notice_at",
    "expedite_refused": "expedite_refused_at",
    "action": "action_at",
    "admission": "admitted_at",
    "review_date": "review_at",
    "decided": "decided_at",
    "notified": "notified_at",
}
_OWN = (
    "extension", "information", "authorized_through", "at", "expedited", "exigent", "urgent", "priority", "pa_required",
    "part_b_drug", "needs", "tz", "holiday_calendar", "calendar", "extension_notice_sent", "request_type",
    "state_frame", "state_frame_days", "state_frame_hours", "contract_frame",
)  # fmt: skip
_CIRCUMSTANCES = frozenset({
    "rating_period_start", "clean_claim_from_noncontract_provider", "fraud_verified", "managed_care",
    "names_claimant_condition_and_service", "applicable_integrated_plan",
})  # fmt: skip
_EXTENSION = {"taken", "reason", "ground", "by", "days", "notice_sent", "in_member_interest"}
_FORM = "write 2026-11-19T10:15:00-05:00 or 2026-11-19."
_DAY = len("2026-11-19")


class ExampleFault(ValueError):
    """An example says something the vocabulary does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said: the case, when it is looked at, the words that mean nothing here, and what was assumed."""

    events: ClockEvents
    zone: str
    at: datetime | None = None
    expedited: bool | None = None
    strangers: Mapping[str, Any] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()


def zone_of(given: Mapping[str, Any]) -> str:
    """The zone of the plan's clock: ``tz``, else the first American one with the offset the moments are written in."""
    named = given.get("tz")
    if named:
        try:
            ZoneInfo(str(named))
        except (ZoneInfoNotFoundError, ValueError):
            raise ExampleFault(f"{named!r} is not a zone: write an IANA name such as {EXAMPLE_ZONE}.") from None
        return str(named)
    written = next((moment for text in _texts(given) if (moment := _parsed(text)) and moment.tzinfo), None)
    if written is None or not written.utcoffset():
        return EXAMPLE_ZONE
    offsets = (zone for zone in _ZONES if written.astimezone(ZoneInfo(zone)).utcoffset() == written.utcoffset())
    return next(offsets, EXAMPLE_ZONE)


def told(given: Mapping[str, Any], words: Vocabulary, *, zone: str = "") -> Told:
    """Read the words of ``in:``.

    Raises:
        ExampleFault: a value cannot be read, or two words say the same thing.
    """
    if zone:
        zone_of({"tz": zone})
    reading = _Reading(given, words, zone or zone_of(given))
    known = {*words.event_of, *words.datum_of, *words.information_of, *_OWN} - {"request_type"}
    return Told(
        events=reading.events(),
        zone=reading.zone,
        at=reading.moment(given.get("at")),
        expedited=reading.expedited(),
        strangers={
            word: value for word, value in given.items() if word not in known and _sort_said(word, value, words) is None
        },
    )


def sorts_asked(given: Mapping[str, Any], words: Vocabulary) -> frozenset[str]:
    """What sort of request an example says it is about: ``retrospective: true``, ``request_type: appeal`` …"""
    return frozenset(sort for word, value in given.items() if (sort := _sort_said(word, value, words)) and value)


def _sort_said(word: str, value: Any, words: Vocabulary) -> str | None:
    if word in ("request_type", "kind"):
        return words.type_of.get(str(value))
    return words.type_of.get(word) if isinstance(value, bool) else None


def settled(said: Told, rule: ClockRule, words: Vocabulary) -> Told:
    """The same, with words that mean nothing here settled for one rule: the only unknown moment is its start.

    Raises:
        ExampleFault: an unknown word is a slip of a known one, or an unknown moment whose meaning cannot be told.
    """
    moments = [word for word, value in said.strangers.items() if isinstance(value, str) and _parsed(value)]
    start = rule.start if rule.start != "responsible_department" else "receipt"
    if len(moments) == 1 and said.events.moment(rule.start) is None:
        moment = _aware(str(said.strangers[moments[0]]), said.zone)
        events = _with(said.events, start, moment)
        rest = {word: value for word, value in said.strangers.items() if word != moments[0]}
        note = f"`{moments[0]}` is no word of the vocabulary; it is taken for `{start}`, where this clock counts from."
        said = replace(said, events=events, strangers=rest, assumed=(note,))
    said = _filed_on_receipt(said, rule)
    for word, value in said.strangers.items():
        close = get_close_matches(word, (*words.words, *_OWN), 1, 0.85)
        if close:
            raise ExampleFault(f"{word}: not a word of the vocabulary. Did you mean {close[0]}?")
        if isinstance(value, str) and _parsed(value):
            known = ", ".join(sorted(words.events))
            raise ExampleFault(f"{word}: not a word of the vocabulary. Events known are {known}.")
    ignored = tuple(f"`{word}` is no word of the vocabulary; nothing was made of it." for word in said.strangers)
    return replace(said, strangers={}, assumed=(*said.assumed, *ignored))


def _filed_on_receipt(said: Told, rule: ClockRule) -> Told:
    """An appeal is filed when it is received (RCPT-10): where a clock ends by filing, receipt is the filing."""
    received, events = said.events.received_at, said.events
    if rule.stops_at != "filed" or rule.start == "receipt" or received is None or events.moment("filed") is not None:
        return said
    note = "Filed is what was received: the receipt is taken for the filing."
    return replace(said, events=_with(events, "filed", received), assumed=(*said.assumed, note))


def latest(events: ClockEvents) -> datetime | None:
    """The last thing that happened: the moment a case is looked at when nobody says when."""
    asked = events.information
    happened = [getattr(events, name) for event, name in _FIELDS.items() if event != "action"]
    happened += [each.taken_at for each in events.extensions] + [each.notice_sent_at for each in events.extensions]
    happened += [asked.asked_at, asked.answered_at] if asked else []
    return max((moment for moment in happened if moment is not None), default=None)


def days_only(given: Any) -> bool:
    """Whether no moment said has a time of day."""
    if isinstance(given, Mapping):
        return all(days_only(value) for value in given.values())
    return not isinstance(given, str) or len(given) == _DAY or _parsed(given) is None


def _with(events: ClockEvents, event: str, moment: datetime) -> ClockEvents:
    name = _FIELDS.get(event)
    changed: dict[str, Any] = {name: moment} if name else {"others": {**events.others, event: moment}}
    return replace(events, **changed)


def _texts(given: Any) -> list[str]:
    if isinstance(given, Mapping):
        return [text for value in given.values() for text in _texts(value)]
    return [given] if isinstance(given, str) else []


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if len(text) >= _DAY else None
    except ValueError:
        return None


def _aware(text: str, zone: str) -> datetime:
    moment = _parsed(text)
    if moment is None:
        raise ExampleFault(f"{text!r} is not a moment: {_FORM}")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class _Reading:
    given: Mapping[str, Any]
    words: Vocabulary
    zone: str

    def moment(self, text: Any) -> datetime | None:
        if isinstance(text, date):
            text = text.isoformat()
        if text is None:
            return None
        if not isinstance(text, str):
            raise ExampleFault(f"{text!r} is not a moment: {_FORM}")
        return _aware(text, self.zone)

    def events(self) -> ClockEvents:
        moments: dict[str, datetime | None] = {}
        others: dict[str, datetime] = {}
        for word, event in self.words.event_of.items():
            if word not in self.given:
                continue
            moment = self.moment(self.given[word])
            name = _FIELDS.get(event)
            if name in moments or event in others:
                raise ExampleFault(f"{word}: says what another word says already ({event}). Say it once.")
            if name:
                moments[name] = moment
            elif moment is not None:
                others[event] = moment
        information = self._information()
        if information is None and "all_information" not in others:
            came = next((self.given[word] for word in self._answered() if word in self.given), None)
            others |= {"all_information": moment} if (moment := self.moment(came)) else {}
        return ClockEvents(
            **moments,
            extensions=self._extensions(information),
            information=information,
            circumstances=self._circumstances(),
            others=others,
        )

    def expedited(self) -> bool | None:
        if "priority" in self.given:
            return str(self.given["priority"]) in ("expedited", "urgent", "exigent")
        said = next((self.given[word] for word in ("expedited", "urgent", "exigent") if word in self.given), None)
        if said is not None and not isinstance(said, bool):
            raise ExampleFault(f"expedited is {said!r}: write true or false.")
        return said

    def _extensions(self, information: InformationRequest | None) -> tuple[Extension, ...]:
        said = self.given.get("extension")
        sent = self.moment(self.given.get("extension_notice_sent") or self._sent())
        if said is None or said is False:
            if information is None or sent is None:
                return ()
            return (Extension(taken_at=sent, ground="missing_information", notice_sent_at=sent),)
        several = said if isinstance(said, list) else [said]
        return tuple(self._extension(each, sent) for each in several)

    def _sent(self) -> Any:
        return next((self.given[word] for word in ("notice_sent", "notice_sent_at") if word in self.given), None)

    def _extension(self, said: Any, notice_sent: datetime | None) -> Extension:
        details: Mapping[str, Any] = {"reason": said} if isinstance(said, str) else said
        if not isinstance(details, Mapping):
            raise ExampleFault("An extension is its reason, or taken, reason (or by), days, notice_sent …")
        strange = sorted(set(details) - _EXTENSION)
        if strange:
            raise ExampleFault(f"{', '.join(strange)}: not a word of an extension.")
        sent = self.moment(details.get("notice_sent")) or notice_sent
        received = self._told("receipt")
        taken = self.moment(details.get("taken")) or sent or self.moment(received)
        if taken is None:
            raise ExampleFault("An extension needs the moment it was taken, or of its notice, or of receipt.")
        ground = details.get("reason") or details.get("ground") or details.get("by")
        if not isinstance(ground, str):
            raise ExampleFault("An extension needs its reason.")
        return Extension(
            taken_at=taken,
            ground=self.words.ground_of.get(ground, ground),
            days=details.get("days"),
            notice_sent_at=sent,
            in_member_interest=details.get("in_member_interest"),
        )

    def _answered(self) -> list[str]:
        return [word for word, part in self.words.information_of.items() if part == "answered"]

    def _told(self, event: str) -> Any:
        return next((self.given[word] for word in self._words_for(event) if word in self.given), None)

    def _words_for(self, event: str) -> list[str]:
        return [word for word, name in self.words.event_of.items() if name == event]

    def _information(self) -> InformationRequest | None:
        said = dict(self.given.get("information") or {})
        strange = sorted(set(said) - {"asked", "notice_received", "allowed_until", "answered"})
        if strange:
            raise ExampleFault("A question for information has asked, notice_received, allowed_until, answered.")
        for word, part in self.words.information_of.items():
            if word in self.given:
                said.setdefault(part, self.given[word])
        if not said:
            return None
        said.setdefault("notice_received", self._told("notice_received"))
        asked = self.moment(said.get("asked") or self.given.get("extension_notice_sent") or self._sent())
        asked = asked or self.moment(self._notice_of_extension())
        if asked is None and set(said) - {"notice_received"} == {"answered"} and not self.given.get("information"):
            return None  # nobody asked: it is simply there (see ``events``)
        if asked is None:
            more = "notice_received, allowed_until, answered"
            raise ExampleFault(f"A question for information has asked (needed), {more}.")
        return InformationRequest(
            asked_at=asked,
            notice_received_at=self.moment(said.get("notice_received")),
            allowed_until=self.moment(said.get("allowed_until")),
            answered_at=self.moment(said.get("answered")),
        )

    def _notice_of_extension(self) -> Any:
        said = self.given.get("extension")
        return (said.get("notice_sent") or said.get("taken")) if isinstance(said, Mapping) else None

    def _circumstances(self) -> Circumstances:
        known: dict[str, Any] = {}
        for word, datum in self.words.datum_of.items():
            if word in self.given and self.given[word] is not None:
                known[datum] = self._value(word, self.words.data[datum])
        own = {"applicable_integrated_plan": None} | {name: known.pop(name) for name in _CIRCUMSTANCES & set(known)}
        return Circumstances(authorized_through=self.moment(self.given.get("authorized_through")), **own, others=known)

    def _value(self, word: str, kind: str) -> Any:
        value = self.given[word]
        if kind == "day":
            moment = self.moment(value)
            return None if moment is None else moment.date()
        wanted = {"flag": bool, "number": int, "word": str}[kind]
        if not isinstance(value, wanted) or (kind == "number" and isinstance(value, bool)):
            raise ExampleFault(f"{word} is {value!r}: a {kind} is wanted.")
        return value


NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Before anything: the moment a case is looked at in which nothing happened yet."""
