"""Peer-to-peer conversations: when they are offered, by whom, what is recorded, and what they may still change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from openum.core.actor import License, Profession
from openum.core.peer_to_peer import LOGGED, Means, PeerRule, may_change, participant_lacking, unlogged, window
from openum.librarian.faults import Fault
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.kinds.clock_reference import clock_faults
from openum.librarian.law import Answers, Given, Kind, Provision
from openum.librarian.marked import Document

WORDS = {
    "offered_at": ("offered",),
    "clock_due_at": ("due_at", "deadline", "clock_due"),
    "decided": ("decision_issued", "denied", "after_decision", "decided_at", "denied_at", "adverse_at"),
    "held": ("held_at", "p2p_held", "conversation_held", "peer_to_peer_held", "p2p_at"),
    "means": ("by_means_of", "change_by"),
    "offered": ("offer_made", "opportunity_offered"),
    "profession": ("participant_profession",),
    "license_state": ("participant_license_state",),
    "specialty": ("participant_specialty",),
    "ordered_by": ("requester", "ordering_profession"),
    "ordering_specialty": ("requester_specialty",),
    "similar_specialties": (),
    "logged": ("log", "recorded"),
    "outcome": (),
    "on": ("date",),
    "state": (),
}
TIMINGS = {
    "before_decision": "before the decision",
    "after_decision": "after the decision, and may change it",
    "informational_after": "after the decision, for information only",
    "not_set": "no time is set",
}
CHANGES: tuple[Means, ...] = ("peer_to_peer", "reconsideration", "reopening", "appeal", "resubmission")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerToPeer:
    """A rule and what it says beside its formal parts."""

    rule: PeerRule
    starts: date | None
    said: Mapping[str, Any]


def _build(provision: Provision) -> PeerToPeer:
    said = provision.what
    strangers = sorted(set(said.get("log", ())) - LOGGED - {"phone_number_given"})
    if strangers:
        raise ValueError(f"{', '.join(strangers)} is not part of the record. Known are: {', '.join(sorted(LOGGED))}.")
    after = frozenset(said.get("afterwards", ()))
    if said["timing"] in ("before_decision", "informational_after") and "peer_to_peer" in after:
        raise ValueError("A conversation that comes before the decision or only informs changes nothing afterwards.")
    rule = PeerRule(
        id=provision.id,
        timing=said["timing"],
        must_offer=said.get("must_offer", False),
        hours=said.get("hours"),
        typical_hours=tuple(said.get("typical_hours", ())),
        hours_free=said.get("hours_free", 0),
        offered_by=said.get("offered_by", ""),
        taking_part=said.get("taking_part", ""),
        professions=frozenset(said.get("professions", ())),
        license_states=frozenset(said.get("license_states", ())),
        relation=said.get("relation", "none"),
        relation_if_ordered_by=said.get("relation_if_ordered_by"),
        gives=tuple(said.get("gives", ())),
        log=tuple(said.get("log", ())),
        afterwards=after,
        answer_clock=said.get("answer_clock", ""),
        words=said["words"],
    )
    return PeerToPeer(rule=rule, starts=provision.effective_from, said=said)


def _answer(value: PeerToPeer, given: Given) -> Answers:
    words, rule = CaseWords(given, WORDS), value.rule
    day = words.day("on")
    if day is not None and value.starts is not None and day < value.starts:
        return {"applies": False}
    return {"applies": True, "timing": rule.timing, "must_offer": rule.must_offer, "extends_clock": False,
            **dict(_window(rule, words)), **dict(_changes(rule, words)), **dict(_people(rule, words))}  # fmt: skip


def _window(rule: PeerRule, words: CaseWords) -> Iterator[tuple[str, Any]]:
    if rule.answer_clock:
        yield "answer_clock", rule.answer_clock
    offered, due = words.moment("offered_at"), words.moment("clock_due_at")
    if offered is not None and due is not None:
        open_ = window(rule, offered_at=offered, clock_due_at=due)
        yield from (("window_closes_at", open_.closes_at.isoformat()), ("cut_by_clock", open_.cut_by_clock))


def _changes(rule: PeerRule, words: CaseWords) -> Iterator[tuple[str, Any]]:
    decided = _decided(words)
    means = words.text("means", "peer_to_peer")
    if means not in get_args(Means):
        raise ValueError(f"{means} is no means. Known are: {', '.join(get_args(Means))}.")
    if "decided" in words:
        chosen = next(one for one in CHANGES if one == means)
        yield "may_change_decision", may_change(rule, chosen, decided=decided)
        yield "may_change_by", [one for one in CHANGES if may_change(rule, one, decided=decided)]
    if "offered" in words:
        yield "may_deny", words.flag("offered") is True or not rule.must_offer
    if "logged" in words:
        held = dict.fromkeys(words.texts("logged"), True) | {"outcome": words.text("outcome") or None}
        if "outcome" in words.texts("logged") and not words.text("outcome"):
            held["outcome"] = "upheld"
        yield "not_logged", list(unlogged(rule, held))


def _decided(words: CaseWords) -> bool | None:
    """Whether the decision had been issued (a flag, or since when) by the moment of the conversation."""
    if words.get("decided") is None or isinstance(words.get("decided"), bool):
        return words.flag("decided")
    issued, held = words.moment("decided"), words.moment("held")
    return issued is not None and (held is None or issued <= held)


def _people(rule: PeerRule, words: CaseWords) -> Iterator[tuple[str, Any]]:
    profession = words.text("profession")
    if not profession:
        return
    if profession not in get_args(Profession):
        raise ValueError(f"{profession} is no profession. Known are: {', '.join(get_args(Profession))}.")
    held = License(
        profession=next(one for one in get_args(Profession) if one == profession),
        number="1",
        state=words.text("license_state"),
        specialty=words.text("specialty"),
    )
    lack = participant_lacking(
        rule,
        held,
        ordered_by=next((one for one in get_args(Profession) if one == words.text("ordered_by")), None),
        specialty=words.text("ordering_specialty"),
        similar=frozenset(words.texts("similar_specialties")),
    )
    yield from (("may_take_part", not lack), ("lacking", list(lack)))


def _rows(value: PeerToPeer) -> Iterator[tuple[str, str]]:
    rule, said = value.rule, value.said
    yield "Rule", rule.words
    yield "When", TIMINGS[rule.timing] + ("; must be offered before a denial" if rule.must_offer else "")
    if rule.hours is not None:
        yield "Window", f"{rule.hours} hours, and never past the clock"
    if rule.typical_hours:
        yield "Usual windows", ", ".join(f"{hours} hours" for hours in rule.typical_hours)
    for label, text in (
        ("Offered by", rule.offered_by),
        ("Taking part", rule.taking_part),
        ("Clock", rule.answer_clock),
    ):
        if text:
            yield label, text
    if rule.license_states:
        yield "Licensed in", ", ".join(sorted(rule.license_states))
    if rule.relation != "none":
        when = f" when a {rule.relation_if_ordered_by} ordered" if rule.relation_if_ordered_by else ""
        yield "Field", f"{rule.relation.replace('_', ' ')} specialty{when}"
    for label, names in (("Given", rule.gives), ("Recorded", rule.log), ("Practice", said.get("practice", ()))):
        if names:
            yield label, "; ".join(one.replace("_", " ") for one in names)
    if rule.afterwards:
        yield "A decision may still change by", ", ".join(sorted(rule.afterwards)).replace("_", " ")


def _faults(document: Document, provision: Provision, value: PeerToPeer) -> Iterator[Fault]:  # noqa: ARG001 - a kind's form
    yield from clock_faults(document, provision, "answer_clock")


KIND = Kind(
    shelf="peer-to-peer",
    title="Peer-to-peer",
    summary="The conversation between clinicians: before the decision by default; it never moves a clock.",
    build=_build,
    answer=_answer,
    rows=_rows,
    faults=_faults,
)
