"""What may leave: every gate must open, unknown opens none, and each refusal of a consent is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.privacy import (
    Consent,
    ConsentForm,
    Disclosure,
    Element,
    Gate,
    Piece,
    Reason,
    Release,
    Way,
    consent_reasons,
    may_leave,
)

DAY = date(2026, 11, 22)
FORM = ConsentForm(
    elements=(Element("signature", "a signature"), Element("warning", "a warning", frozenset({"payment"}))),
    open_end_for=frozenset({"payment"}),
)
GIVEN = Consent(
    id="c1",
    segments=frozenset({"sud_part2"}),
    purposes=frozenset({"payment"}),
    recipients=frozenset({"plan"}),
    elements=frozenset({"signature", "warning"}),
    signed=date(2026, 3, 1),
    expires=DAY,
)
CONSENT = Way(id="consent", words="…", consent=FORM, statements=("SHORT", "LONG"), along=("scope",))
ANYBODY = Gate(id="EVERYTHING", segments=frozenset({"general", "sud_part2", "hiv"}), ways=(Way(id="open", words="…"),))
SUD = Gate(id="SUD", segments=frozenset({"sud_part2"}), ways=(CONSENT,), counts_as={"appeal_iro": "payment"})
EMERGENCY = Gate(
    id="EMERGENCY",
    segments=frozenset({"hiv"}),
    purposes=frozenset({"emergency"}),
    ways=(
        Way(
            id="doctor",
            words="…",
            recipients=frozenset({"medical_personnel"}),
            facts=(("urgent", "It is urgent."),),
            record=("who", "when"),
            limited=True,
        ),
    ),
)
PAYMENT = Disclosure(purpose="payment", on=DAY, recipient="plan")


def piece(*segments: Any, name: str = "p1") -> Piece:
    return Piece(id=name, segments=frozenset(segments))


def codes(release: Release) -> list[str]:
    return [reason.code for reason in release.missing]


def test_a_piece_under_a_whole_consent_leaves_with_its_statements_and_the_scope() -> None:
    release = may_leave(PAYMENT, [piece("sud_part2")], [GIVEN], [ANYBODY, SUD])
    assert release == Release(
        allowed=YES,
        to="plan",
        released=("p1",),
        withheld=(),
        statements=("SHORT", "LONG"),
        along=("scope",),
        record=(),
        by=("EVERYTHING/open", "SUD/consent"),
        minimum_necessary=False,
    )


def test_what_may_go_without_the_others_is_named_and_the_whole_is_refused() -> None:
    pieces = [piece("general"), piece("sud_part2", name="p2")]
    release = may_leave(PAYMENT, pieces, [], [ANYBODY, SUD])
    assert (release.allowed, release.released) == (NO, ("p1",))
    assert [(one.piece, one.rule) for one in release.withheld] == [("p2", "SUD")]
    assert release.statements == ()
    assert codes(release) == ["consent"]


def test_a_label_nobody_gave_keeps_the_piece_until_somebody_says() -> None:
    release = may_leave(PAYMENT, [Piece(id="p1", segments=None)], [GIVEN], [ANYBODY])
    assert (release.allowed, release.released, codes(release)) == (UNKNOWN, (), ["segment"])


def test_a_segment_no_rule_speaks_of_stays() -> None:
    release = may_leave(PAYMENT, [piece("reproductive")], [GIVEN], [ANYBODY, SUD])
    assert (release.allowed, codes(release)) == (UNKNOWN, ["rule"])


def test_nobody_has_looked_for_a_consent_is_unknown_and_none_is_no() -> None:
    assert may_leave(PAYMENT, [piece("sud_part2")], None, [SUD]).allowed is UNKNOWN
    assert may_leave(PAYMENT, [piece("sud_part2")], [], [SUD]).allowed is NO


def test_a_gate_with_no_way_for_such_a_release_says_so() -> None:
    urgent = Disclosure(purpose="emergency", on=DAY, recipient="employer", facts={"urgent": True})
    release = may_leave(urgent, [piece("hiv")], None, [EMERGENCY])
    assert (release.allowed, codes(release)) == (NO, ["no-way"])


@pytest.mark.parametrize(
    ("recipient", "urgent", "allowed", "missing"),
    [
        ("medical_personnel", True, YES, []),
        ("medical_personnel", False, NO, ["urgent"]),
        ("medical_personnel", None, UNKNOWN, ["urgent"]),
        (None, True, UNKNOWN, ["recipient"]),
        (None, False, NO, ["recipient", "urgent"]),
    ],
)
def test_circumstances_open_only_when_they_are_known_to_be_so(
    recipient: str | None, urgent: bool | None, allowed: object, missing: list[str]
) -> None:
    asked = Disclosure(purpose="emergency", on=DAY, recipient=recipient, facts={"urgent": urgent})
    release = may_leave(asked, [piece("hiv")], None, [EMERGENCY])
    assert (release.allowed, codes(release)) == (allowed, missing)


def test_an_emergency_release_says_what_must_be_written_down_and_is_limited() -> None:
    asked = Disclosure(purpose="emergency", on=DAY, recipient="medical_personnel", facts={"urgent": True})
    release = may_leave(asked, [piece("hiv")], None, [EMERGENCY])
    assert (release.record, release.minimum_necessary) == (("who", "when"), True)


def test_a_gate_of_other_holders_has_no_say_but_has_while_the_holder_is_not_known() -> None:
    program = replace(SUD, holders=frozenset({"part2_program"}))
    asked = [piece("sud_part2")]
    assert may_leave(PAYMENT, asked, [], [ANYBODY, program]).allowed is YES
    assert may_leave(replace(PAYMENT, holder=None), asked, [], [ANYBODY, program]).allowed is NO
    assert may_leave(replace(PAYMENT, holder="part2_program"), asked, [], [ANYBODY, program]).allowed is NO


def test_a_gate_of_other_purposes_has_no_say() -> None:
    assert may_leave(PAYMENT, [piece("hiv")], None, [ANYBODY, EMERGENCY]).allowed is YES


def test_consents_call_a_purpose_by_their_own_word() -> None:
    review = replace(PAYMENT, purpose="appeal_iro")
    assert may_leave(review, [piece("sud_part2")], [GIVEN], [SUD]).allowed is YES
    assert may_leave(review, [piece("sud_part2")], [GIVEN], [replace(SUD, counts_as={})]).allowed is NO


def test_one_of_several_consents_is_enough_and_its_faults_are_not_told_then() -> None:
    revoked = replace(GIVEN, id="c0", revoked=DAY)
    release = may_leave(PAYMENT, [piece("sud_part2")], [revoked, GIVEN], [SUD])
    assert (release.allowed, codes(release)) == (YES, [])


def test_a_holder_and_a_requester_that_are_not_known_are_asked_for() -> None:
    way = Way(id="w", words="…", holders=frozenset({"originator"}), requesters=frozenset({"provider"}))
    gate = Gate(id="G", segments=frozenset({"general"}), ways=(way,))
    release = may_leave(replace(PAYMENT, holder=None), [piece("general")], None, [gate])
    assert (release.allowed, codes(release)) == (UNKNOWN, ["requester", "holder"])


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, []),
        ({"segments": None}, ["?consent-segments"]),
        ({"segments": frozenset({"hiv"})}, ["consent-other-information"]),
        ({"purposes": None}, ["?consent-purposes"]),
        ({"purposes": frozenset({"treatment"})}, ["consent-other-purpose"]),
        ({"recipients": None}, ["?consent-recipients"]),
        ({"recipients": frozenset({"court"})}, ["consent-other-recipient"]),
        ({"revoked": DAY}, ["consent-revoked"]),
        ({"revoked": date(2026, 11, 23)}, []),
        ({"known_false": True}, ["consent-false"]),
        ({"signed": None}, ["?consent-signed"]),
        ({"signed": DAY}, []),
        ({"signed": date(2026, 11, 23)}, ["consent-not-yet"]),
        ({"expires": date(2026, 11, 21)}, ["consent-expired"]),
        ({"expires": None}, []),
        ({"expires": None, "purposes": frozenset({"payment", "legal_proceeding"})}, ["consent-needs-an-end"]),
        ({"expires": None, "ends_on_event": True, "purposes": frozenset({"payment", "legal_proceeding"})}, []),
        ({"elements": None}, ["?consent-elements"]),
        ({"elements": frozenset({"warning"})}, ["consent-lacks:signature"]),
        ({"elements": frozenset({"signature"})}, ["consent-lacks:warning"]),
        ({"elements": frozenset({"signature"}), "purposes": None}, ["?consent-purposes", "consent-lacks:warning"]),
    ],
)
def test_each_fault_of_a_consent_has_its_name(change: dict[str, Any], reasons: list[str]) -> None:
    found = consent_reasons(replace(GIVEN, **change), FORM, PAYMENT, "sud_part2", "payment")
    assert [("?" if one.open else "") + one.code for one in found] == reasons


def test_an_element_for_other_purposes_may_be_left_out() -> None:
    form = replace(FORM, elements=(Element("warning", "a warning", frozenset({"treatment"})),))
    assert consent_reasons(replace(GIVEN, elements=frozenset()), form, PAYMENT, "sud_part2", "payment") == ()


def test_a_consent_for_notes_alone_may_cover_nothing_else() -> None:
    form = replace(FORM, only_segments=frozenset({"sud_part2"}))
    assert consent_reasons(GIVEN, form, PAYMENT, "sud_part2", "payment") == ()
    both = replace(GIVEN, segments=frozenset({"sud_part2", "hiv"}))
    assert [one.code for one in consent_reasons(both, form, PAYMENT, "sud_part2", "payment")] == ["consent-combined"]


def test_a_consent_for_a_proceeding_may_be_for_nothing_else() -> None:
    form = replace(FORM, only_purposes=frozenset({"payment"}))
    both = replace(GIVEN, purposes=frozenset({"payment", "treatment"}))
    assert consent_reasons(GIVEN, form, PAYMENT, "sud_part2", "payment") == ()
    assert [one.code for one in consent_reasons(both, form, PAYMENT, "sud_part2", "payment")] == ["consent-combined"]


def test_a_single_consent_must_be_for_all_three_purposes() -> None:
    form = replace(FORM, all_purposes=frozenset({"payment", "treatment"}), names_recipient=False)
    found = consent_reasons(replace(GIVEN, recipients=None), form, PAYMENT, "sud_part2", "payment")
    assert [one.code for one in found] == ["consent-other-purpose"]


@pytest.mark.parametrize(
    "change", [{"purpose": "gossip"}, {"recipient": "neighbor"}, {"requester": "uncle"}, {"holder": "thief"}]
)
def test_words_that_are_not_known_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(change.values()))):
        may_leave(replace(PAYMENT, **change), [piece("general")], None, [ANYBODY])


def test_nothing_to_release_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to release"):
        may_leave(PAYMENT, [], None, [ANYBODY])


def test_a_piece_bears_at_least_one_label_or_says_that_none_is_known() -> None:
    with pytest.raises(ValueError, match="say None"):
        Piece(id="p1", segments=frozenset())


def test_a_reason_is_told_once_for_all_pieces() -> None:
    release = may_leave(PAYMENT, [piece("sud_part2"), piece("sud_part2", name="p2")], [], [SUD])
    assert release.missing == (Reason("consent", "A written consent of the member that reaches this."),)
