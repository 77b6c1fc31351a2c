"""What moves the end of a clock, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from openum.core.clock_rule import InformationRule, Length
from openum.core.clocks import Extension, InformationRequest
from openum.core.tests.invented_clocks import (
    DUE,
    EXTENDABLE,
    HOURS,
    LONGER,
    RECEIVED,
    SECOND,
    TOLLING,
    codes,
    moment,
    proof_of,
    rule,
)


def extended(rule_=None, at=RECEIVED, **extension):
    details = {"taken_at": RECEIVED, "ground": "asked", **extension}
    return proof_of(rule_ or rule(extension=EXTENDABLE), at=at, extensions=(Extension(**details),))


def test_an_extension_moves_the_end_and_says_why():
    proof = extended()
    assert (proof.due_at, proof.first_due_at, codes(proof)) == (LONGER, DUE, [])
    assert [e.ground for e in proof.extensions] == ["asked"]
    assert proof.steps[2:] == (
        "An extension of 14 calendar days was taken Thu Nov 19 2026 10:15 (asked): the end moves to "
        "Thu Dec 10 2026 23:59:59.",
        "Notice of the extension must be sent by Thu Nov 26 2026 23:59:59, or it falls.",
    )


def test_an_extension_may_be_shorter_than_the_most():
    assert extended(days=3).due_at == moment("2026-11-29T23:59:59-05:00")


def test_an_extension_of_an_hour_clock_adds_whole_days_of_24_hours():
    hours = replace(HOURS, extension=EXTENDABLE)
    assert extended(hours).due_at == RECEIVED + timedelta(hours=72, days=14)


def test_an_extension_in_the_last_second_counts_and_one_second_later_does_not():
    assert extended(taken_at=DUE).due_at == LONGER
    late = extended(taken_at=DUE + SECOND)
    assert (late.due_at, codes(late), late.extensions) == (DUE, ["extension-after-expiry"], ())


@pytest.mark.parametrize("days", [0, 15])
def test_an_extension_of_no_days_or_too_many_is_refused(days):
    proof = extended(days=days)
    assert (proof.due_at, codes(proof)) == (DUE, ["extension-length"])


def test_a_ground_the_rule_does_not_know_is_refused():
    proof = extended(ground="busy_week")
    assert (proof.due_at, codes(proof)) == (DUE, ["extension-ground-not-allowed"])
    assert proof.refused[0].message == "“busy week” is no ground for extending PLAIN."
    assert proof.refused[0].next == "Grounds are: asked, records."


def test_a_rule_without_extensions_refuses_every_one():
    proof = extended(rule())
    assert (proof.due_at, codes(proof)) == (DUE, ["extension-not-allowed"])


def test_notice_of_an_extension_must_be_sent_before_the_end_it_moves():
    assert extended(notice_sent_at=DUE, at=DUE + SECOND).due_at == LONGER
    late = extended(notice_sent_at=DUE + SECOND, at=DUE + SECOND)
    assert (late.due_at, codes(late)) == (DUE, ["extension-notice-late"])
    assert late.refused[0].message == "Notice of the extension was sent after the clock ended."


def test_an_extension_nobody_was_told_of_falls_with_the_end_it_was_to_move():
    assert extended(at=DUE).due_at == LONGER
    fallen = extended(at=DUE + SECOND)
    assert fallen.refused[0].message == "Notice of the extension was not sent before the clock ended."
    assert (fallen.due_at, fallen.verdict, codes(fallen)) == (DUE, "missed", ["extension-notice-late"])


def test_where_the_rule_asks_no_notice_none_is_needed():
    silent = rule(extension=replace(EXTENDABLE, notice_before_expiry=False))
    proof = extended(silent, at=DUE + SECOND)
    assert proof.due_at == LONGER
    assert proof.date("extension_notice_by") is None
    assert not any("Notice of the extension" in step for step in proof.steps)


def test_a_ground_that_must_serve_the_member_is_refused_when_it_does_not():
    assert codes(extended(ground="records", in_member_interest=False)) == ["extension-not-in-member-interest"]
    assert extended(ground="records", in_member_interest=True).due_at == LONGER
    unknown = extended(ground="records")
    assert unknown.due_at == LONGER
    assert unknown.steps[-1] == "Record how the delay serves the member; the rule asks for it."
    assert extended(ground="asked", in_member_interest=False).due_at == LONGER


def test_a_second_extension_is_refused_where_one_is_all():
    twice = (
        Extension(taken_at=RECEIVED + SECOND, ground="records", days=4),
        Extension(taken_at=RECEIVED, ground="asked", days=5),
    )
    proof = proof_of(rule(extension=EXTENDABLE), extensions=twice)
    assert [e.ground for e in proof.extensions] == ["asked"]
    assert (proof.due_at, codes(proof)) == (moment("2026-12-01T23:59:59-05:00"), ["extension-used-up"])


def test_a_rule_may_allow_two_extensions():
    twice = (Extension(taken_at=RECEIVED, ground="asked"), Extension(taken_at=LONGER, ground="asked"))
    proof = proof_of(rule(extension=replace(EXTENDABLE, times=2)), extensions=twice)
    assert proof.due_at == moment("2026-12-24T23:59:59-05:00")
    assert proof.date("max_with_extension") == proof.due_at


def test_every_fault_of_an_extension_is_named():
    proof = extended(ground="busy", days=99, taken_at=DUE + SECOND, notice_sent_at=DUE + SECOND)
    assert codes(proof) == [
        "extension-after-expiry",
        "extension-ground-not-allowed",
        "extension-length",
        "extension-notice-late",
    ]


def asked(rule_=TOLLING, *, extension=True, at=RECEIVED, **question):
    taken = Extension(taken_at=RECEIVED, ground="asked", notice_sent_at=RECEIVED) if extension else None
    details = {"asked_at": RECEIVED + timedelta(days=2), **question}
    return proof_of(rule_, at=at, extensions=(taken,) if taken else (), information=InformationRequest(**details))


def test_a_question_stops_nothing_where_the_law_says_nothing():
    proof = asked(rule(), extension=False)
    assert (proof.due_at, proof.tolled) == (DUE, ())
    assert proof.steps[-1] == "A question for missing information does not stop this clock."


def test_a_clock_stands_still_from_question_to_answer_within_an_extension():
    proof = asked(answered_at=RECEIVED + timedelta(days=12))
    (span,) = proof.tolled
    assert (span.days, span.open) == (10, False)
    assert proof.due_at == moment("2026-12-20T23:59:59-05:00")
    assert proof.steps[-1] == (
        "The clock stood still from Sat Nov 21 2026 10:15 until Tue Dec 1 2026 10:15 (10 days): the end moves to "
        "Sun Dec 20 2026 23:59:59."
    )


def test_an_unanswered_question_stops_the_clock_at_most_for_the_time_allowed():
    proof = asked()
    (span,) = proof.tolled
    assert (span.days, span.open) == (45, True)
    assert proof.due_at == moment("2027-01-24T23:59:59-05:00")
    assert "at most until Tue Jan 5 2027 23:59:59 (45 days)" in proof.steps[-1]


def test_an_answer_after_the_time_allowed_does_not_stop_the_clock_longer():
    (span,) = asked(answered_at=RECEIVED + timedelta(days=80)).tolled
    assert span.days == 45


def test_the_time_allowed_counts_from_the_day_the_question_arrived_and_may_be_longer():
    (span,) = asked(notice_received_at=RECEIVED + timedelta(days=5)).tolled
    assert span.days == 48
    (longer,) = asked(allowed_until=RECEIVED + timedelta(days=62)).tolled
    assert longer.days == 60


def test_too_short_a_time_for_the_information_is_refused_and_the_least_holds():
    proof = asked(allowed_until=RECEIVED + timedelta(days=20))
    assert (codes(proof), proof.tolled[0].days) == (["information-time-too-short"], 45)
    least = moment("2027-01-05T23:59:59-05:00")
    assert codes(asked(allowed_until=least)) == []
    assert codes(asked(allowed_until=least - SECOND)) == ["information-time-too-short"]


def test_without_an_extension_a_question_is_refused_as_a_standstill():
    proof = asked(extension=False)
    assert (proof.due_at, codes(proof), proof.tolled) == (DUE, ["standstill-without-extension"], ())


def test_a_question_after_the_first_end_stops_nothing():
    in_time = asked(asked_at=DUE, answered_at=DUE + timedelta(days=3))
    assert in_time.tolled[0].days == 3
    late = asked(asked_at=DUE + SECOND, answered_at=DUE + timedelta(days=3))
    assert (late.due_at, codes(late), late.tolled) == (LONGER, ["information-asked-late"], ())


def test_an_answer_before_the_question_leaves_no_standstill():
    for answered_at in (RECEIVED, RECEIVED + timedelta(days=2)):
        proof = asked(answered_at=answered_at)
        assert (proof.due_at, proof.tolled) == (LONGER, ())


def test_an_extension_notice_not_recorded_leaves_the_question_as_the_start_of_the_standstill():
    proof = proof_of(
        TOLLING,
        extensions=(Extension(taken_at=RECEIVED, ground="asked"),),
        information=InformationRequest(asked_at=RECEIVED, answered_at=RECEIVED + timedelta(days=2)),
    )
    assert proof.tolled[0].days == 2


def test_an_hour_clock_stands_still_to_the_second():
    hours = replace(TOLLING, within=Length(72, "h"))
    proof = asked(hours, answered_at=RECEIVED + timedelta(days=4, hours=1))
    assert proof.due_at == RECEIVED + timedelta(hours=72, days=14) + timedelta(days=2, hours=1)


URGENT = rule(
    within=Length(72, "h"),
    information=InformationRule(
        effect="decide_after", ask_within=Length(24, "h"), allow=Length(48, "h"), decide_within=Length(48, "h")
    ),
)


def test_an_urgent_answer_is_due_48_hours_after_the_information_came():
    asked_at, answered_at = RECEIVED + timedelta(hours=24), RECEIVED + timedelta(hours=30)
    proof = asked(URGENT, extension=False, asked_at=asked_at, answered_at=answered_at)
    assert (proof.due_at, proof.tolled) == (RECEIVED + timedelta(hours=78), ())
    assert "the information came Fri Nov 20 2026 16:15" in proof.steps[-1]


def test_an_urgent_answer_without_information_is_due_48_hours_after_the_time_allowed():
    proof = asked(URGENT, extension=False, asked_at=RECEIVED + timedelta(hours=2))
    assert proof.due_at == RECEIVED + timedelta(hours=2 + 48 + 48)
    assert "the time allowed ends Sat Nov 21 2026 12:15" in proof.steps[-1]


def test_information_after_the_time_allowed_does_not_prolong_an_urgent_clock():
    def after(hours):
        return asked(URGENT, extension=False, asked_at=RECEIVED, answered_at=RECEIVED + timedelta(hours=hours))

    assert [after(hours).due_at for hours in (48, 60)] == [RECEIVED + timedelta(hours=96)] * 2
    assert "the information came" in after(48).steps[-1]
    assert "the time allowed ends" in after(60).steps[-1]


def test_an_urgent_question_after_24_hours_is_refused_and_the_clock_runs_on():
    proof = asked(URGENT, extension=False, asked_at=RECEIVED + timedelta(hours=24) + SECOND)
    assert (proof.due_at, codes(proof)) == (RECEIVED + timedelta(hours=72), ["information-asked-late"])


def test_a_rule_that_names_no_time_to_ask_within_takes_the_start():
    bare = replace(URGENT, information=InformationRule(effect="decide_after", decide_within=Length(1, "cd")))
    proof = asked(bare, extension=False, asked_at=RECEIVED, answered_at=RECEIVED)
    assert proof.due_at == moment("2026-11-20T23:59:59-05:00")


def test_business_days_to_decide_after_information_leave_out_weekends_and_holidays():
    wait = InformationRule(effect="decide_after", allow=Length(14, "cd"), decide_within=Length(2, "bd"))
    open_days = replace(URGENT, calendar="us-federal", information=wait)
    proof = asked(open_days, extension=False, asked_at=RECEIVED, answered_at=moment("2026-11-25T09:00:00-05:00"))
    assert proof.due_at == moment("2026-11-30T23:59:59-05:00")  # Thanksgiving and a weekend lie between
