"""Peer-to-peer: a conversation between clinicians, with its window, its record, and what it may still change.

A rule is content (``library/peer-to-peer``). The walk is ``intent to deny → window → held or closed → denied or not``:
an intent is a person's, the conversation never moves the clock (:func:`window` ends with it at the latest), and only a
person denies. Once an adverse decision is issued, only what the rule names may change it: in Medicare Advantage a
reconsideration or a proper reopening, never a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from openum.core.actor import Actor, License, Profession
from openum.core.deciders import UNKNOWN, Relation, specialty_lacking
from openum.core.refusal import Refusal

Timing = Literal["before_decision", "after_decision", "informational_after", "not_set"]
Outcome = Literal["overturned", "upheld", "partial", "no_show", "expired"]
Means = Literal["peer_to_peer", "reconsideration", "reopening", "appeal", "resubmission"]
"""What may change a decision once it is issued."""


class Stage(StrEnum):
    """Where a line stands on its way to a denial that may not come."""

    INTENT_TO_DENY = "intent_to_deny"
    WINDOW = "p2p_window"
    CLOSED = "closed"
    DENIED = "denied"
    NOT_DENIED = "not_denied"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerRule:
    """One rule about the conversation.

    ``hours`` is how long the offer stays open; ``None`` where the law names no number: then it ends with the clock.
    ``hours_free`` are kept free before the clock ends, for the decision and its notice. ``afterwards`` is what may
    change a decision once issued. ``relation_if_ordered_by``: the specialty is asked for only when a clinician of this
    profession ordered the service. ``answer_clock`` names the clock of a reconsideration on request.
    """

    id: str
    timing: Timing
    must_offer: bool = False
    hours: int | None = None
    typical_hours: tuple[int, ...] = ()
    hours_free: int = 0
    offered_by: str = ""
    taking_part: str = ""
    professions: frozenset[Profession] = frozenset()
    license_states: frozenset[str] = frozenset()
    relation: Relation = "none"
    relation_if_ordered_by: Profession | None = None
    gives: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    afterwards: frozenset[Means] = frozenset()
    answer_clock: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When an offer closes, and whether the clock cut it short."""

    closes_at: datetime
    cut_by_clock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """The record of one offer and what became of it. Moments carry a zone; ``None`` has not happened."""

    rule: str
    stage: Stage
    intended_by: Actor
    intended_at: datetime
    offered_at: datetime | None = None
    channel: str = ""
    window_closes_at: datetime | None = None
    requested_at: datetime | None = None
    scheduled_at: datetime | None = None
    held_at: datetime | None = None
    participants: tuple[Actor, ...] = ()
    outcome: Outcome | None = None
    new_info_refs: tuple[str, ...] = ()
    closed_by: Actor | None = None
    closed_at: datetime | None = None


LOGGED = frozenset(field.name for field in fields(Conversation)) - {"rule", "stage"}
"""What a rule's ``log`` may ask for."""


def window(rule: PeerRule, *, offered_at: datetime, clock_due_at: datetime) -> Window:
    """When an offer made at ``offered_at`` closes: after the rule's hours, and never after the clock.

    The hours kept free come off the clock's end, but never put the close before the offer.
    """
    latest = min(max(offered_at, clock_due_at - timedelta(hours=rule.hours_free)), clock_due_at)
    if rule.hours is None:
        return Window(closes_at=latest, cut_by_clock=True)
    whole = offered_at + timedelta(hours=rule.hours)
    return Window(closes_at=min(whole, latest), cut_by_clock=latest < whole)


def may_change(rule: PeerRule, means: Means, *, decided: bool | None) -> bool:
    """Whether this means may change the outcome. Before a decision the conversation may; not known is as if decided."""
    if decided is False:
        return means == "peer_to_peer"
    return means in rule.afterwards


def intend(rule: PeerRule, *, by: Actor, at: datetime) -> Conversation:
    """A person means to deny. Nothing is denied, and the clock runs on."""
    _person(by)
    return Conversation(rule=rule.id, stage=Stage.INTENT_TO_DENY, intended_by=by, intended_at=at)


def offer(talk: Conversation, rule: PeerRule, *, at: datetime, clock_due_at: datetime, channel: str) -> Conversation:
    """Offer the conversation; the window opens."""
    _at_stage(talk, Stage.INTENT_TO_DENY)
    open_ = window(rule, offered_at=at, clock_due_at=clock_due_at)
    return replace(talk, stage=Stage.WINDOW, offered_at=at, channel=channel, window_closes_at=open_.closes_at)


def request(talk: Conversation, *, at: datetime, scheduled_at: datetime | None = None) -> Conversation:
    """The treating side takes the offer, with the time agreed where there is one. Neither may lie past the window."""
    _at_stage(talk, Stage.WINDOW)
    _inside(talk, at)
    if scheduled_at is not None:
        _inside(talk, scheduled_at)
    return replace(talk, requested_at=talk.requested_at or at, scheduled_at=scheduled_at or talk.scheduled_at)


def hold(
    talk: Conversation,
    *,
    at: datetime,
    participants: tuple[Actor, ...],
    outcome: Outcome,
    new_info_refs: tuple[str, ...] = (),
) -> Conversation:
    """The conversation took place, or nobody came. Refuses ``p2p-outcome-unfit`` where the outcome says otherwise."""
    _at_stage(talk, Stage.WINDOW)
    _inside(talk, at)
    if outcome == "expired" or bool(participants) is (outcome == "no_show"):
        raise Refusal(
            "p2p-outcome-unfit",
            "The outcome does not fit who took part.",
            "Name those who took part, or no_show without any; expired is for a window that ran out.",
        )
    return replace(
        talk, stage=Stage.CLOSED, held_at=at if participants else None, participants=participants, outcome=outcome,
        new_info_refs=new_info_refs, closed_at=at,
    )  # fmt: skip


def expire(talk: Conversation, *, at: datetime) -> Conversation:
    """The window ran out. Refuses ``p2p-window-open`` before it did."""
    _at_stage(talk, Stage.WINDOW)
    if talk.window_closes_at is not None and at < talk.window_closes_at:
        raise _still_open(talk)
    return replace(talk, stage=Stage.CLOSED, outcome="expired", closed_at=at)


def deny(talk: Conversation, rule: PeerRule, *, by: Actor, at: datetime) -> Conversation:
    """A person denies, after the window, or without one where the rule asks for none.

    Whether this person may is decided in ``openum.core.determination``. Refuses with what is lacking.
    """
    _person(by)
    if talk.stage is Stage.WINDOW:
        raise _still_open(talk)
    if talk.stage is Stage.INTENT_TO_DENY and rule.must_offer:
        raise Refusal("p2p-offer-first", "This rule asks for an offer before a denial.", "Offer the conversation.")
    if talk.outcome == "overturned":
        raise Refusal("p2p-overturned", "The conversation overturned the intent.", "Approve the line.")
    return _ended(talk, Stage.DENIED, by, at)


def withdraw(talk: Conversation, *, by: Actor, at: datetime) -> Conversation:
    """The intent is given up; the line is approved or asked about elsewhere."""
    _person(by)
    return _ended(talk, Stage.NOT_DENIED, by, at)


def unlogged(rule: PeerRule, talk: Conversation | Mapping[str, object]) -> tuple[str, ...]:
    """What the rule's record asks for and this conversation does not hold. An offer nobody took needs no call."""
    held = {name: getattr(talk, name) for name in LOGGED} if isinstance(talk, Conversation) else dict(talk)
    quiet = {"requested_at", "scheduled_at", "held_at", "participants", "new_info_refs"}
    silent = held.get("outcome") in ("expired", "no_show")
    return tuple(name for name in rule.log if not held.get(name) and not (silent and name in quiet))


def participant_lacking(
    rule: PeerRule, license_: License | None, *, ordered_by: Profession | None, specialty: str, similar: frozenset[str]
) -> tuple[str, ...]:
    """What the plan's clinician lacks to hold the conversation; empty when nothing does.

    ``specialty`` is the ordering clinician's, ``similar`` those held to be similar to it.
    """
    if license_ is None:
        return ("a professional license",) if rule.professions or rule.license_states else ()
    found = []
    if rule.professions and license_.profession not in rule.professions:
        found.append(f"a license as {' or '.join(sorted(rule.professions))}")
    if rule.license_states and license_.state not in rule.license_states:
        found.append(f"a license of {' or '.join(sorted(rule.license_states))}")
    asks = rule.relation_if_ordered_by
    if asks is not None and ordered_by is None:
        return (*found, f"{UNKNOWN}whether a {asks} ordered the service")
    if asks is None or ordered_by == asks:
        found += specialty_lacking(rule.relation, license_.specialty, specialty, similar=similar, expertise=None)
    return tuple(found)


def _ended(talk: Conversation, stage: Stage, by: Actor, at: datetime) -> Conversation:
    if talk.stage in (Stage.DENIED, Stage.NOT_DENIED):
        raise Refusal("p2p-ended", "This intent has ended.", "An issued decision changes by appeal or reopening only.")
    return replace(talk, stage=stage, closed_by=by, closed_at=at)


def _person(by: Actor) -> None:
    if by.kind != "person" or not by.name:
        raise Refusal("person-must-decide", "Only a person means to deny or denies.", "Give the line to a clinician.")


def _at_stage(talk: Conversation, stage: Stage) -> None:
    if talk.stage is not stage:
        raise Refusal(
            "p2p-out-of-order",
            f"The conversation stands at {talk.stage.value}, not {stage.value}.",
            "Intend, offer, hold or let it run out, then decide.",
        )


def _inside(talk: Conversation, at: datetime) -> None:
    if talk.window_closes_at is not None and at > talk.window_closes_at:
        raise Refusal(
            "p2p-window-closed", "The window has closed, and a conversation never moves the clock.",
            "Let it run out; the decision may be appealed.",
        )  # fmt: skip


def _still_open(talk: Conversation) -> Refusal:
    closes = talk.window_closes_at.isoformat() if talk.window_closes_at else "an unknown moment"
    return Refusal("p2p-window-open", f"The offer stands until {closes}.", "Hold the conversation, or wait until then.")
