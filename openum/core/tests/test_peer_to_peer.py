"""The conversation: before the decision, inside the clock, by people, and never a back door to an issued decision."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.actor import Actor, License, software
from openum.core.peer_to_peer import (
    PeerRule,
    Stage,
    deny,
    expire,
    hold,
    intend,
    may_change,
    offer,
    participant_lacking,
    request,
    unlogged,
    window,
    withdraw,
)
from openum.core.refusal import Refusal

AT = datetime(2026, 11, 20, 15, tzinfo=UTC)
DUE = AT + timedelta(hours=72)
OSEI = Actor(kind="person", id="7", name="Dr. Osei", role="medical_director")
TREATING = Actor(kind="person", id="8", name="Treating clinician")
RULE = PeerRule(
    id="XX",
    timing="before_decision",
    must_offer=True,
    hours=24,
    log=("offered_at", "held_at", "outcome"),
    afterwards=frozenset({"reconsideration", "reopening"}),
)


def offered(rule: PeerRule = RULE, due: datetime = DUE):
    return offer(intend(rule, by=OSEI, at=AT), rule, at=AT, clock_due_at=due, channel="phone")


def refused(code: str, act, *args, **kwargs) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        act(*args, **kwargs)
    assert refusal.value.code == code
    return refusal.value


def test_the_walk_is_intent_window_conversation_and_a_persons_denial() -> None:
    talk = offered()
    assert (talk.stage, talk.window_closes_at) == (Stage.WINDOW, AT + timedelta(hours=24))
    asked = request(talk, at=AT + timedelta(hours=1), scheduled_at=AT + timedelta(hours=3))
    held = hold(
        asked, at=AT + timedelta(hours=3), participants=(OSEI, TREATING), outcome="upheld", new_info_refs=("n1",)
    )
    denied = deny(held, RULE, by=OSEI, at=AT + timedelta(hours=4))
    assert denied.stage is Stage.DENIED
    assert (denied.closed_by, denied.closed_at) == (OSEI, AT + timedelta(hours=4))
    assert (denied.held_at, denied.outcome, denied.new_info_refs) == (AT + timedelta(hours=3), "upheld", ("n1",))
    assert unlogged(RULE, denied) == ()


def test_software_neither_means_to_deny_nor_denies_nor_gives_it_up() -> None:
    refused("person-must-decide", intend, RULE, by=software("criteria"), at=AT)
    closed = expire(offered(), at=AT + timedelta(hours=24))
    refused("person-must-decide", deny, closed, RULE, by=software("worker"), at=DUE)
    refused("person-must-decide", deny, closed, RULE, by=replace(OSEI, name=""), at=DUE)
    refused("person-must-decide", withdraw, closed, by=software("worker"), at=DUE)


def test_where_the_rule_asks_for_an_offer_there_is_no_denial_without_one() -> None:
    intent = intend(RULE, by=OSEI, at=AT)
    refused("p2p-offer-first", deny, intent, RULE, by=OSEI, at=AT)
    assert deny(intent, replace(RULE, must_offer=False), by=OSEI, at=AT).stage is Stage.DENIED


def test_while_the_window_is_open_nobody_denies() -> None:
    said = refused("p2p-window-open", deny, offered(), RULE, by=OSEI, at=AT + timedelta(hours=1))
    assert said.message == "The offer stands until 2026-11-21T15:00:00+00:00."
    refused("p2p-window-open", expire, offered(), at=AT + timedelta(hours=23))
    unclosed = replace(offered(), window_closes_at=None)
    assert "an unknown moment" in refused("p2p-window-open", deny, unclosed, RULE, by=OSEI, at=AT).message
    assert request(unclosed, at=DUE).requested_at == DUE
    assert expire(unclosed, at=AT).outcome == "expired"


def test_what_the_conversation_overturned_is_not_denied_but_given_up() -> None:
    held = hold(offered(), at=AT, participants=(OSEI, TREATING), outcome="overturned")
    refused("p2p-overturned", deny, held, RULE, by=OSEI, at=AT)
    ended = withdraw(held, by=OSEI, at=AT)
    assert ended.stage is Stage.NOT_DENIED
    refused("p2p-ended", deny, replace(ended, outcome="upheld"), RULE, by=OSEI, at=AT)
    refused("p2p-ended", withdraw, ended, by=OSEI, at=AT)


def test_an_intent_may_be_given_up_at_once() -> None:
    assert withdraw(intend(RULE, by=OSEI, at=AT), by=OSEI, at=AT).stage is Stage.NOT_DENIED


def test_an_outcome_fits_who_took_part() -> None:
    refused("p2p-outcome-unfit", hold, offered(), at=AT, participants=(), outcome="upheld")
    refused("p2p-outcome-unfit", hold, offered(), at=AT, participants=(OSEI,), outcome="no_show")
    refused("p2p-outcome-unfit", hold, offered(), at=AT, participants=(OSEI,), outcome="expired")
    nobody = hold(offered(), at=AT, participants=(), outcome="no_show")
    assert (nobody.held_at, nobody.outcome, nobody.stage) == (None, "no_show", Stage.CLOSED)
    assert unlogged(RULE, nobody) == ()


def test_nothing_is_asked_set_or_held_past_the_window() -> None:
    late = AT + timedelta(hours=24, seconds=1)
    refused("p2p-window-closed", request, offered(), at=late)
    refused("p2p-window-closed", request, offered(), at=AT, scheduled_at=late)
    refused("p2p-window-closed", hold, offered(), at=late, participants=(OSEI,), outcome="upheld")
    on_it = request(offered(), at=AT + timedelta(hours=24))
    assert on_it.scheduled_at is None
    again = request(on_it, at=AT + timedelta(hours=2), scheduled_at=AT + timedelta(hours=2))
    assert (again.requested_at, again.scheduled_at) == (AT + timedelta(hours=24), AT + timedelta(hours=2))


def test_steps_out_of_order_are_refused() -> None:
    refused("p2p-out-of-order", offer, offered(), RULE, at=AT, clock_due_at=DUE, channel="fax")
    intent = intend(RULE, by=OSEI, at=AT)
    refused("p2p-out-of-order", request, intent, at=AT)
    refused("p2p-out-of-order", expire, intent, at=DUE)


def test_the_window_never_outlasts_the_clock() -> None:
    assert window(RULE, offered_at=AT, clock_due_at=AT + timedelta(hours=5)).closes_at == AT + timedelta(hours=5)
    assert window(RULE, offered_at=AT, clock_due_at=AT + timedelta(hours=5)).cut_by_clock
    assert not window(RULE, offered_at=AT, clock_due_at=DUE).cut_by_clock
    free = replace(RULE, hours_free=2)
    assert window(free, offered_at=AT, clock_due_at=AT + timedelta(hours=5)).closes_at == AT + timedelta(hours=3)
    assert window(free, offered_at=AT, clock_due_at=AT + timedelta(hours=1)).closes_at == AT
    unnumbered = window(replace(RULE, hours=None), offered_at=AT, clock_due_at=DUE)
    assert (unnumbered.closes_at, unnumbered.cut_by_clock) == (DUE, True)


@settings(max_examples=100)
@given(
    st.integers(0, 100), st.integers(0, 10), st.none() | st.integers(0, 100), st.timedeltas(timedelta(-5), timedelta(9))
)
def test_no_window_whatever_moves_the_end_of_a_clock(hours, free, named, lead):
    rule = replace(RULE, hours=named, hours_free=free)
    due = AT + lead
    closes = window(rule, offered_at=AT, clock_due_at=due).closes_at
    assert closes <= due
    assert closes >= min(AT, due)


def test_an_issued_decision_changes_only_by_what_the_rule_names() -> None:
    assert may_change(RULE, "peer_to_peer", decided=False)
    assert not may_change(RULE, "reconsideration", decided=False)
    for known in (True, None):
        assert not may_change(RULE, "peer_to_peer", decided=known)
        assert may_change(RULE, "reopening", decided=known)
    assert may_change(replace(RULE, afterwards=frozenset({"peer_to_peer"})), "peer_to_peer", decided=True)


def test_the_record_says_what_it_lacks_from_a_conversation_or_from_names() -> None:
    assert unlogged(RULE, offered()) == ("held_at", "outcome")
    assert unlogged(RULE, expire(offered(), at=DUE)) == ()
    assert unlogged(RULE, {"offered_at": AT, "outcome": "upheld"}) == ("held_at",)


def test_who_takes_part_is_licensed_and_of_a_field_that_fits() -> None:
    rule = replace(
        RULE,
        professions=frozenset({"physician"}),
        license_states=frozenset({"TX"}),
        relation="same_or_similar",
        relation_if_ordered_by="physician",
    )
    fit = License(profession="physician", number="1", state="TX", specialty="Neurology")

    def lack(license_, ordered_by="physician", some=rule):
        return participant_lacking(
            some, license_, ordered_by=ordered_by, specialty="Neurology", similar=frozenset({"Pain Medicine"})
        )

    assert lack(fit) == ()
    assert lack(None) == ("a professional license",)
    assert lack(None, some=RULE) == ()
    assert lack(replace(fit, profession="nurse", state="OK")) == ("a license as physician", "a license of TX")
    other = replace(fit, specialty="Dermatology")
    assert lack(other) == ("the same or a similar specialty: Neurology or Pain Medicine",)
    assert lack(other, ordered_by="behavioral") == ()
    assert lack(fit, ordered_by=None) == ("not known: whether a physician ordered the service",)
    assert lack(other, ordered_by=None, some=replace(rule, relation_if_ordered_by=None)) == (
        "the same or a similar specialty: Neurology or Pain Medicine",
    )
