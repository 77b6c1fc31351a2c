"""Run the worked examples of clock rules: a few plain words in, the dates and the verdict out.

The vocabulary of ``in:`` and ``expected:`` is an interface: the same words serve the library's examples and the
command line. A moment is written ``2026-11-19T10:15:00-05:00``, or ``2026-11-19`` where only the day matters; when
every moment of an example is a day, the answers are days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openum.core.calendar import Calendar
from openum.core.clocks import (
    Circumstances,
    ClockEvents,
    ClockRule,
    Extension,
    InformationRequest,
    Proof,
    compute,
)

EXAMPLE_ZONE = "America/New_York"
"""The plan-of-record zone of an example that names none."""

_MOMENTS = {
    "received": "received_at",
    "fax_wrong_dept": "received_at",
    "reached_um": "responsible_department_at",
    "supporting_statement": "supporting_statement_at",
    "decided": "decided_at",
    "oral_notice": "oral_notice_at",
    "oral_adverse_notice": "oral_notice_at",
    "notified": "notified_at",
    "expedite_refused": "expedite_refused_at",
    "action": "action_at",
    "admitted": "admitted_at",
    "review_date": "review_at",
}
_FLAGS = (
    "clean_claim_from_noncontract_provider",
    "fraud_verified",
    "managed_care",
    "names_claimant_condition_and_service",
    "applicable_integrated_plan",
)
_OTHERS = (
    "extension", "notice_sent", "information", "rating_period_start", "authorized_through", "at",
    "expedited", "exigent", "pa_required", "part_b_drug", "needs", "tz",
)  # fmt: skip
_FUTURE = ("action_at",)
_BEFORE_ANYTHING = datetime(1970, 1, 1, tzinfo=UTC)


class ExampleFault(ValueError):
    """An example says something the vocabulary does not know."""


@dataclass(frozen=True, slots=True)
class _Given:
    """The words of one example's ``in:``, and the zone its days are in."""

    words: Mapping[str, Any]
    zone: str

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ExampleFault(f"{self.zone!r} is not a zone: write an IANA name such as {EXAMPLE_ZONE}.") from None

    def moment(self, text: Any) -> datetime | None:
        if text is None:
            return None
        if not isinstance(text, str):
            raise ExampleFault(f"{text!r} is not a moment: write 2026-11-19T10:15:00-05:00 or 2026-11-19.")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ExampleFault(f"{text!r} is not a moment: write 2026-11-19T10:15:00-05:00 or 2026-11-19.") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.zone))


def run_example(
    rule: ClockRule, given: Mapping[str, Any], *, calendars: Mapping[str, Calendar], zone: str = ""
) -> dict[str, Any]:
    """Compute what ``expected:`` may name, from the words of ``in:``.

    Returns ``applies``, ``status`` (not_started, no_number, running, met, missed), ``deadline``, ``extension_valid``,
    ``refused`` (codes), ``tolled_days``, ``on_miss``, ``deemed``, ``deemed_on``, ``alarm_deadline`` with
    ``regulatory_deadline``, and every secondary date by its id; what does not arise is left out.

    Raises:
        ExampleFault: a word or a value of ``in:`` is not known.
    """
    words = _Given(given, zone or given.get("tz", EXAMPLE_ZONE))
    events = events_of(given, zone=words.zone)
    at = words.moment(given.get("at")) or _latest(events)
    proof = compute(rule, events, calendars, words.zone, at=at)
    if "decided" in given and given["decided"] is None and proof.due_at is not None:
        # The example says that no decision was ever made: look again once the time is over.
        proof = compute(rule, events, calendars, words.zone, at=proof.due_at + timedelta(seconds=1))
    return _answers(rule, proof, given, events, days_only=_days_only(given))


def events_of(given: Mapping[str, Any], *, zone: str) -> ClockEvents:
    """Read the words of ``in:`` as the moments and circumstances of a case.

    Raises:
        ExampleFault: a word or a value is not known.
    """
    strange = sorted(set(given) - {*_MOMENTS, *_FLAGS, *_OTHERS})
    if strange:
        known = ", ".join(sorted({*_MOMENTS, *_FLAGS, *_OTHERS}))
        raise ExampleFault(f"{', '.join(strange)}: not a word of the vocabulary. Known are {known}.")
    words = _Given(given, zone)
    moments = {field: words.moment(given[word]) for word, field in _MOMENTS.items() if word in given}
    return ClockEvents(
        **moments,
        extensions=_extensions(words),
        information=_information(words),
        circumstances=_circumstances(words),
    )


def rule_for(rules: Iterable[ClockRule], name: str, given: Mapping[str, Any]) -> ClockRule:
    """Find the rule an example means: by id or other name, among the versions that are not known not to apply.

    ``+EXT`` and the like after a name are remarks. When several remain, the one that ends first, as in real life.

    Raises:
        ExampleFault: no rule of that name applies.
    """
    plain = name.partition("+")[0]
    events = events_of(given, zone=given.get("tz", EXAMPLE_ZONE))
    fitting = [rule for rule in rules if plain in (rule.id, *rule.also) and applies(rule, given, events)]
    if not fitting:
        raise ExampleFault(f"No clock rule {plain} applies to the example.")
    return min(fitting, key=lambda rule: (_hours(rule), rule.id, rule.version))


def _hours(rule: ClockRule) -> int:
    """Roughly how long a rule gives, to choose the shorter of two versions."""
    if rule.within is None:
        return 0
    return rule.within.amount * (1 if rule.within.unit == "h" else 24)


def applies(rule: ClockRule, given: Mapping[str, Any], events: ClockEvents) -> bool:
    """Whether nothing in the example's words speaks against the rule (unknown is not no)."""
    expedited = given.get("expedited", given.get("exigent"))
    if expedited is not None and ("expedited" if expedited else "standard") not in rule.priorities:
        return False
    if given.get("part_b_drug") and "part_b_drug" not in rule.request_types:
        return False
    asked = {True: "service", False: "service_no_pa"}.get(given.get("pa_required"))  # type: ignore[arg-type]
    if asked and not given.get("part_b_drug") and asked not in rule.request_types:
        return False
    if rule.refuted(events):
        return False
    zone = ZoneInfo(given.get("tz", EXAMPLE_ZONE))
    return events.received_at is None or rule.in_force(events.received_at.astimezone(zone).date())


def _extensions(words: _Given) -> tuple[Extension, ...]:
    said = words.words.get("extension")
    if said is None:
        return ()
    details: Mapping[str, Any] = {"reason": said} if isinstance(said, str) else said
    strange = sorted(set(details) - {"taken", "reason", "by", "days", "notice_sent", "in_member_interest"})
    if strange:
        raise ExampleFault(f"{', '.join(strange)}: not a word of an extension.")
    sent = words.moment(details.get("notice_sent") or words.words.get("notice_sent"))
    taken = words.moment(details.get("taken")) or sent or words.moment(words.words.get("received"))
    if taken is None:
        raise ExampleFault("An extension needs the moment it was taken, or of its notice, or of receipt.")
    return (
        Extension(
            taken_at=taken,
            ground=_ground(details),
            days=details.get("days"),
            notice_sent_at=sent,
            in_member_interest=details.get("in_member_interest"),
        ),
    )


def _ground(details: Mapping[str, Any]) -> str:
    ground = details.get("reason") or details.get("by")
    if not isinstance(ground, str):
        raise ExampleFault("An extension needs its reason.")
    return ground


def _information(words: _Given) -> InformationRequest | None:
    said = words.words.get("information")
    if said is None:
        return None
    strange = sorted(set(said) - {"asked", "notice_received", "allowed_until", "answered"})
    asked = words.moment(said.get("asked"))
    if strange or asked is None:
        raise ExampleFault("A question for information has asked (needed), notice_received, allowed_until, answered.")
    return InformationRequest(
        asked_at=asked,
        notice_received_at=words.moment(said.get("notice_received")),
        allowed_until=words.moment(said.get("allowed_until")),
        answered_at=words.moment(said.get("answered")),
    )


def _circumstances(words: _Given) -> Circumstances:
    given = words.words
    started = given.get("rating_period_start")
    return Circumstances(
        rating_period_start=None if started is None else date.fromisoformat(started),
        authorized_through=words.moment(given.get("authorized_through")),
        **{flag: given[flag] for flag in _FLAGS if flag in given},
    )


def _latest(events: ClockEvents) -> datetime:
    """The last thing that happened in the example: the moment it is looked at when it does not say."""
    asked = events.information
    happened = [getattr(events, field) for field in set(_MOMENTS.values()) if field not in _FUTURE]
    happened += [each.taken_at for each in events.extensions] + [each.notice_sent_at for each in events.extensions]
    happened += [asked.asked_at, asked.answered_at] if asked else []
    return max((moment for moment in happened if moment is not None), default=_BEFORE_ANYTHING)


def _days_only(given: Any) -> bool:
    """Whether no moment of the example has a time of day."""
    if isinstance(given, Mapping):
        return all(_days_only(value) for value in given.values())
    try:
        return not isinstance(given, str) or len(given) == len("2026-11-19") or not datetime.fromisoformat(given)
    except ValueError:
        return True


def _answers(
    rule: ClockRule, proof: Proof, given: Mapping[str, Any], events: ClockEvents, *, days_only: bool
) -> dict[str, Any]:
    def written(moment: datetime) -> str:
        return moment.date().isoformat() if days_only else moment.isoformat()

    answers: dict[str, Any] = {"applies": applies(rule, given, events), "status": proof.verdict}
    if proof.due_at is not None:
        answers["deadline"] = written(proof.due_at)
        answers["refused"] = [each.code for each in proof.refused]
        answers["tolled_days"] = sum(each.days for each in proof.tolled)
    if proof.due_at is not None and proof.alarm_at is not None:
        answers |= {"regulatory_deadline": written(proof.due_at), "alarm_deadline": written(proof.alarm_at)}
    if events.extensions:
        answers["extension_valid"] = bool(proof.extensions)
    if proof.on_miss is not None:
        answers["on_miss"] = proof.on_miss.verdict
        kind, _, what = proof.on_miss.verdict.partition("_")
        if kind == "deemed":
            answers |= {"deemed": what, "deemed_on": proof.on_miss.on.isoformat()}
    return answers | {each.id: written(each.at) for each in proof.secondary}
