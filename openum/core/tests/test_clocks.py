"""Clocks computed with their proof. The rules here are invented; the law's own are tested beside the library."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.calendar import Calendar, Roll
from openum.core.clock_rule import (
    ClockAuthority,
    ClockRule,
    DateCondition,
    Duty,
    ExtensionRule,
    FlagCondition,
    InformationRule,
    LeadCondition,
    Length,
    OnMiss,
    parse_length,
)
from openum.core.clocks import (
    Circumstances,
    ClockEvents,
    Extension,
    InformationRequest,
    MissVerdict,
    applicable,
    compute,
    earliest,
)
from openum.core.refusal import Refusal

ZONE = "America/New_York"
CALENDARS = {"us-federal": Calendar("us-federal", frozenset({date(2026, 11, 26), date(2026, 12, 25)}))}
AUTHORITY = ClockAuthority(
    cite="1 CFR 1.1", tag="verified", sources=("S01",), grading="[verified: S01]", checked_on=date(2026, 11, 22)
)
EXTENDABLE = ExtensionRule(
    adds=Length(14, "cd"), grounds=frozenset({"asked", "records"}), interest_needed_for=frozenset({"records"})
)
SECOND = timedelta(seconds=1)


def rule(**changes):
    plain = ClockRule(
        id="PLAIN",
        version="1",
        title="An invented rule",
        jurisdiction="us",
        program="medicare-advantage",
        lines_of_business=frozenset({"medicare-advantage"}),
        request_types=frozenset({"service"}),
        priorities=frozenset({"standard"}),
        within=Length(7, "cd"),
        start="receipt",
        stops_at="notice",
        authority=AUTHORITY,
    )
    return replace(plain, **changes)


def moment(text):
    return datetime.fromisoformat(text)


RECEIVED = moment("2026-11-19T10:15:00-05:00")
DUE = moment("2026-11-26T23:59:59-05:00")
HOURS = rule(within=Length(72, "h"))


def proof_of(rule_, at=RECEIVED, **events):
    return compute(rule_, ClockEvents(**({"received_at": RECEIVED} | events)), CALENDARS, ZONE, at=at)


# --- counting -----------------------------------------------------------------------------------------------------


def test_seven_calendar_days_are_proven_in_sentences():
    proof = proof_of(rule())
    assert proof.due_at == DUE
    assert proof.due_at.isoformat() == "2026-11-26T23:59:59-05:00"
    assert proof.start == RECEIVED
    assert proof.start_event == "receipt"
    assert proof.verdict == "running"
    assert (proof.rule_id, proof.rule_version, proof.citation, proof.zone) == ("PLAIN", "1", "1 CFR 1.1", ZONE)
    assert proof.steps == (
        "The request was received Thu Nov 19 2026 10:15 (America/New_York).",
        "7 calendar days end Thu Nov 26 2026 23:59:59; that day is day 0; weekends and holidays count.",
    )
    assert (proof.refused, proof.tolled, proof.secondary, proof.alarm_at, proof.on_miss) == ((), (), (), None, None)


def test_hours_run_through_the_holiday():
    proof = proof_of(HOURS, received_at=moment("2026-11-25T17:30:00-05:00"))
    assert proof.due_at == moment("2026-11-28T17:30:00-05:00")
    assert proof.steps[1] == "72 hours end Sat Nov 28 2026 17:30; hours run through nights, weekends and holidays."


@pytest.mark.parametrize("unit", ["bd", "wd"])
def test_business_and_working_days_skip_thanksgiving(unit):
    proof = proof_of(
        rule(within=Length(2, unit), calendar="us-federal"), received_at=moment("2026-11-25T09:00:00-05:00")
    )
    assert proof.due_at == moment("2026-11-30T23:59:59-05:00")
    assert "weekends and the holidays of us-federal do not count" in proof.steps[1]


def test_a_calendar_that_is_not_at_hand_is_refused():
    with pytest.raises(Refusal, match="calendar-unknown"):
        proof_of(rule(within=Length(2, "bd"), calendar="us-XX"))


def test_a_last_day_that_is_closed_rolls_only_where_the_rule_says_so():
    assert proof_of(rule(calendar="us-federal")).due_at == DUE
    rolled = rule(roll=Roll.NEXT_BUSINESS_DAY, calendar="us-federal")
    assert proof_of(rolled).due_at == moment("2026-11-27T23:59:59-05:00")


def test_a_clock_before_an_event_counts_back():
    before = rule(start="action", before=True, within=Length(10, "cd"))
    proof = proof_of(before, action_at=moment("2026-12-15T00:00:00-05:00"))
    assert proof.due_at == moment("2026-12-05T23:59:59-05:00")
    assert proof.steps[1] == "10 calendar days before that is Sat Dec 5 2026 23:59:59."
    hours = rule(start="action", before=True, within=Length(4, "h"))
    due = proof_of(hours, action_at=moment("2026-12-15T15:00:00-05:00")).due_at
    assert due == moment("2026-12-15T11:00:00-05:00")


def test_the_day_is_the_plans_day_not_the_day_in_utc():
    proof = proof_of(rule(), received_at=moment("2026-11-20T03:00:00+00:00"))
    assert proof.due_at == DUE


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ("expedite_refused", "expedite_refused_at"),
        ("oral_notice", "oral_notice_at"),
        ("admission", "admitted_at"),
        ("review_date", "review_at"),
    ],
)
def test_a_clock_may_start_at_another_event(event, field):
    proof = proof_of(rule(start=event), **{field: moment("2026-11-20T08:00:00-05:00")})
    assert proof.due_at == moment("2026-11-27T23:59:59-05:00")


def test_a_clock_whose_event_has_not_come_has_not_started():
    proof = proof_of(rule(start="admission"))
    assert (proof.verdict, proof.start, proof.due_at) == ("not_started", None, None)
    assert proof.steps == ("The clock starts when the member was admitted; that is not recorded yet.",)


def test_a_rule_without_a_number_says_so_and_gives_no_date():
    proof = proof_of(rule(within=None, note="Far enough ahead to appeal."))
    assert (proof.verdict, proof.due_at) == ("no_number", None)
    assert proof.steps[-1] == "The law names no number here. Far enough ahead to appeal."


def test_a_moment_without_a_zone_is_refused_wherever_it_stands():
    naive = datetime(2026, 11, 19)  # noqa: DTZ001
    with pytest.raises(ValueError, match="received_at carries no zone"):
        ClockEvents(received_at=naive)
    with pytest.raises(ValueError, match="taken_at carries no zone"):
        Extension(taken_at=naive, ground="asked")
    with pytest.raises(ValueError, match="asked_at carries no zone"):
        InformationRequest(asked_at=naive)
    with pytest.raises(ValueError, match="authorized_through carries no zone"):
        Circumstances(authorized_through=naive)
    with pytest.raises(ValueError, match="without a zone"):
        proof_of(rule(), at=naive)


# --- start: departments, statements ------------------------------------------------------------------------------


def test_an_expedited_clock_runs_from_the_department_and_alarms_from_the_first_stamp():
    department = rule(within=Length(72, "h"), start="responsible_department")
    proof = proof_of(department, responsible_department_at=RECEIVED + timedelta(hours=5))
    assert proof.due_at == RECEIVED + timedelta(hours=77)
    assert proof.alarm_at == RECEIVED + timedelta(hours=72)
    assert proof.steps[-1] == "An earlier stamp elsewhere at the plan gives Sun Nov 22 2026 10:15: work to that."


def test_without_a_department_stamp_the_first_stamp_starts_the_clock_and_nothing_alarms():
    proof = proof_of(rule(within=Length(72, "h"), start="responsible_department"))
    assert (proof.due_at, proof.alarm_at) == (RECEIVED + timedelta(hours=72), None)


def test_a_department_stamp_alone_starts_the_clock():
    proof = proof_of(
        rule(within=Length(72, "h"), start="responsible_department"),
        received_at=None,
        responsible_department_at=RECEIVED,
    )
    assert (proof.due_at, proof.alarm_at) == (RECEIVED + timedelta(hours=72), None)


def test_the_alarm_is_extended_with_the_clock():
    department = rule(within=Length(72, "h"), start="responsible_department", extension=EXTENDABLE)
    proof = proof_of(
        department,
        responsible_department_at=RECEIVED + timedelta(hours=5),
        extensions=(Extension(taken_at=RECEIVED + timedelta(hours=9), ground="asked", days=3),),
    )
    assert proof.due_at == RECEIVED + timedelta(hours=77 + 72)
    assert proof.alarm_at == RECEIVED + timedelta(hours=72 + 72)


STATEMENT = rule(within=Length(72, "h"), start="supporting_statement", backstop=Length(14, "cd"))
DAY_14 = moment("2026-12-03T23:59:59-05:00")


@pytest.mark.parametrize(
    ("statement", "start"),
    [
        (None, DAY_14),
        (RECEIVED - timedelta(days=1), RECEIVED),
        (RECEIVED, RECEIVED),
        (RECEIVED + timedelta(days=3), RECEIVED + timedelta(days=3)),
        (DAY_14, DAY_14),
        (DAY_14 + SECOND, DAY_14),
    ],
)
def test_an_exception_waits_for_the_statement_but_not_beyond_day_14(statement, start):
    proof = proof_of(STATEMENT, supporting_statement_at=statement)
    assert (proof.start, proof.due_at) == (start, start + timedelta(hours=72))


def test_the_backstop_says_what_it_waited_for():
    assert proof_of(STATEMENT).steps[0] == (
        "Received Thu Nov 19 2026 10:15; unless the prescriber's supporting statement was received before, the clock "
        "starts at the end of 14 calendar days: Thu Dec 3 2026 23:59:59 (America/New_York)."
    )


def test_a_statement_without_a_receipt_starts_the_clock():
    proof = proof_of(STATEMENT, received_at=None, supporting_statement_at=RECEIVED)
    assert proof.due_at == RECEIVED + timedelta(hours=72)


# --- verdicts -----------------------------------------------------------------------------------------------------


def test_a_clock_runs_through_its_last_second_and_is_missed_one_second_later():
    assert proof_of(rule(), at=DUE).verdict == "running"
    assert proof_of(rule(), at=DUE + SECOND).verdict == "missed"


def test_notice_in_the_last_second_meets_the_clock_whenever_one_looks():
    proof = proof_of(rule(), at=DUE + timedelta(days=9), notified_at=DUE)
    assert (proof.verdict, proof.stopped_at) == ("met", DUE)
    assert proof.steps[-1] == "Notice was given Thu Nov 26 2026 23:59:59, in time."


def test_notice_one_second_late_misses_the_clock():
    proof = proof_of(rule(), at=DUE + timedelta(days=9), notified_at=DUE + SECOND)
    assert (proof.verdict, proof.stopped_at) == ("missed", DUE + SECOND)
    assert proof.steps[-1] == "Notice was given Fri Nov 27 2026 00:00, late."


def test_a_decision_without_notice_does_not_stop_a_clock_that_measures_notice():
    assert proof_of(rule(), decided_at=RECEIVED).stopped_at is None


def test_oral_notice_stops_the_clock_only_where_it_counts():
    assert proof_of(rule(), oral_notice_at=RECEIVED).stopped_at is None
    assert proof_of(rule(oral_notice_counts=True), oral_notice_at=RECEIVED).stopped_at == RECEIVED


def test_a_clock_may_be_stopped_by_the_decision_or_by_any_response():
    assert proof_of(rule(stops_at="decision"), decided_at=DUE).verdict == "met"
    assert proof_of(rule(stops_at="decision"), notified_at=DUE).stopped_at is None
    first = proof_of(rule(stops_at="response"), oral_notice_at=RECEIVED, notified_at=DUE)
    assert first.stopped_at == RECEIVED
    assert first.steps[-1] == "An answer was given Thu Nov 19 2026 10:15, in time."


SILENCE = OnMiss(verdict="deemed_denial", unless="decision", words="silence counts as a denial.")


def test_a_missed_clock_gives_the_verdict_of_the_law_as_a_work_item_for_a_person():
    proof = proof_of(rule(on_miss=SILENCE), at=DUE + SECOND)
    assert proof.on_miss == MissVerdict("deemed_denial", date(2026, 11, 26), "silence counts as a denial.")
    assert proof.steps[-1] == ("Missed: since Thu Nov 26 2026 silence counts as a denial. A person takes it from here.")


def test_nothing_is_deemed_while_the_clock_runs_or_when_it_was_met():
    assert proof_of(rule(on_miss=SILENCE), at=DUE).on_miss is None
    assert proof_of(rule(on_miss=SILENCE), at=DUE + SECOND, notified_at=DUE).on_miss is None


def test_a_decision_in_time_keeps_silence_from_being_deemed_though_notice_was_late():
    late = {"at": DUE + SECOND, "notified_at": DUE + SECOND}
    assert proof_of(rule(on_miss=SILENCE), decided_at=DUE, **late).on_miss is None
    assert proof_of(rule(on_miss=SILENCE), decided_at=DUE + SECOND, **late).on_miss is not None
    answer = replace(SILENCE, unless="answer")
    assert proof_of(rule(on_miss=answer), decided_at=DUE, **late).on_miss is not None


# --- extensions ---------------------------------------------------------------------------------------------------


def extended(rule_=None, at=RECEIVED, **extension):
    details = {"taken_at": RECEIVED, "ground": "asked", **extension}
    return proof_of(rule_ or rule(extension=EXTENDABLE), at=at, extensions=(Extension(**details),))


def codes(proof):
    return [each.code for each in proof.refused]


LONGER = moment("2026-12-10T23:59:59-05:00")


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


# --- missing information -----------------------------------------------------------------------------------------

TOLLING = rule(extension=EXTENDABLE, information=InformationRule(effect="tolls_extension", allow=Length(45, "cd")))


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


def test_without_an_extension_a_question_is_refused_as_a_standstill():
    proof = asked(extension=False)
    assert (proof.due_at, codes(proof), proof.tolled) == (DUE, ["standstill-without-extension"], ())


def test_a_question_after_the_first_end_stops_nothing():
    in_time = asked(asked_at=DUE, answered_at=DUE + timedelta(days=3))
    assert in_time.tolled[0].days == 3
    late = asked(asked_at=DUE + SECOND, answered_at=DUE + timedelta(days=3))
    assert (late.due_at, codes(late), late.tolled) == (LONGER, ["information-asked-late"], ())


def test_an_answer_before_the_question_leaves_no_standstill():
    proof = asked(answered_at=RECEIVED)
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
    proof = asked(URGENT, extension=False, asked_at=RECEIVED, answered_at=RECEIVED + timedelta(hours=60))
    assert proof.due_at == RECEIVED + timedelta(hours=96)


def test_an_urgent_question_after_24_hours_is_refused_and_the_clock_runs_on():
    proof = asked(URGENT, extension=False, asked_at=RECEIVED + timedelta(hours=24) + SECOND)
    assert (proof.due_at, codes(proof)) == (RECEIVED + timedelta(hours=72), ["information-asked-late"])


def test_a_rule_that_names_no_time_to_ask_within_takes_the_start():
    bare = replace(URGENT, information=InformationRule(effect="decide_after", decide_within=Length(1, "cd")))
    proof = asked(bare, extension=False, asked_at=RECEIVED, answered_at=RECEIVED)
    assert proof.due_at == moment("2026-11-20T23:59:59-05:00")


# --- secondary dates ----------------------------------------------------------------------------------------------


def test_secondary_dates_count_from_their_own_events():
    duties = (
        Duty(id="ask_by", within=Length(24, "h"), after="receipt", words="Ask."),
        Duty(id="pay_by", within=Length(14, "cd"), after="start", words="Pay."),
        Duty(id="forward_by", within=Length(24, "h"), after="expiry", words="Forward."),
        Duty(id="written_by", within=Length(3, "cd"), after="oral_notice", words="Write."),
    )
    proof = proof_of(rule(duties=duties), oral_notice_at=moment("2026-11-24T11:00:00-05:00"))
    assert {each.id: each.at.isoformat() for each in proof.secondary} == {
        "ask_by": "2026-11-20T10:15:00-05:00",
        "pay_by": "2026-12-03T23:59:59-05:00",
        "forward_by": "2026-11-27T23:59:59-05:00",
        "written_by": "2026-11-27T23:59:59-05:00",
    }
    assert proof.date("written_by") == moment("2026-11-27T23:59:59-05:00")
    assert proof.date("no_such_date") is None


def test_a_clock_that_has_not_started_still_gives_the_dates_that_are_known():
    written = (Duty(id="written_by", within=Length(3, "cd"), after="oral_notice", words="Write."),)
    proof = proof_of(rule(duties=written), received_at=None, oral_notice_at=RECEIVED)
    assert proof.verdict == "not_started"
    assert [each.id for each in proof.secondary] == ["written_by"]
    assert proof_of(rule(duties=written)).secondary == ()


def test_an_extendable_clock_says_by_when_to_tell_and_how_far_it_can_reach():
    proof = proof_of(rule(extension=EXTENDABLE))
    assert (proof.date("extension_notice_by"), proof.date("max_with_extension")) == (DUE, LONGER)


# --- which clocks apply -------------------------------------------------------------------------------------------


def chosen(rules, events=None, **changes):
    wanted = {
        "line_of_business": "medicare-advantage",
        "request_type": "service",
        "priority": "standard",
        "received": date(2026, 11, 19),
        "events": events or ClockEvents(received_at=RECEIVED),
    }
    return [each.id for each in applicable(rules, **(wanted | changes))]


def test_a_rule_applies_by_program_request_and_priority():
    assert chosen([rule()]) == ["PLAIN"]
    assert chosen([rule()], line_of_business="part-d") == []
    assert chosen([rule()], request_type="post_service") == []
    assert chosen([rule()], priority="expedited") == []


def test_a_rule_applies_from_its_first_day_to_its_last():
    dated = rule(effective_from=date(2026, 1, 1), effective_to=date(2026, 12, 31))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [chosen([dated], received=day) for day in days] == [[], ["PLAIN"], ["PLAIN"], []]


RATED = rule(
    id="RATED",
    conditions=(DateCondition(datum="rating_period_start", starts=date(2026, 1, 1), before=date(2027, 1, 1)),),
)


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
        (None, True),
    ],
)
def test_a_date_condition_holds_from_its_first_day_and_unknown_is_not_no(day, holds):
    events = ClockEvents(received_at=RECEIVED, circumstances=Circumstances(rating_period_start=day))
    assert chosen([RATED], events) == (["RATED"] if holds else [])


@pytest.mark.parametrize(("known", "holds"), [(True, True), (False, False), (None, True)])
def test_a_yes_or_no_condition_holds_and_unknown_is_not_no(known, holds):
    flagged = rule(conditions=(FlagCondition(datum="fraud_verified", value=True),))
    events = ClockEvents(received_at=RECEIVED, circumstances=Circumstances(fraud_verified=known))
    assert chosen([flagged], events) == (["PLAIN"] if holds else [])


@pytest.mark.parametrize(("lead", "early", "late"), [(24, True, False), (23.999, False, True), (None, True, True)])
def test_a_lead_time_condition_is_met_exactly_on_its_hours(lead, early, late):
    through = None if lead is None else RECEIVED + timedelta(hours=lead)
    events = ClockEvents(received_at=RECEIVED, circumstances=Circumstances(authorized_through=through))
    at_least = rule(id="EARLY", conditions=(LeadCondition(hours=24, at_least=True),))
    less = rule(id="LATE", conditions=(LeadCondition(hours=24, at_least=False),))
    assert chosen([less, at_least], events) == ["EARLY"] * early + ["LATE"] * late


def test_a_lead_time_is_unknown_without_receipt():
    events = ClockEvents(circumstances=Circumstances(authorized_through=RECEIVED))
    assert LeadCondition(hours=24, at_least=True).holds(events.circumstances, events) is None


def test_an_open_condition_is_said_in_the_proof():
    lead = rule(
        conditions=(
            LeadCondition(hours=24, at_least=True),
            LeadCondition(hours=24, at_least=False),
            FlagCondition(datum="fraud_verified", value=True),
            FlagCondition(datum="managed_care", value=False),
            DateCondition(datum="rating_period_start", before=date(2026, 1, 1)),
            DateCondition(datum="rating_period_start", starts=date(2026, 1, 1)),
        )
    )
    kept = "this clock is kept until it is."
    assert proof_of(lead).steps[:6] == (
        "It is not known whether the request came at least 24 hours before the end of what was approved; " + kept,
        "It is not known whether the request came less than 24 hours before the end of what was approved; " + kept,
        "It is not known whether fraud verified is yes; " + kept,
        "It is not known whether managed care is no; " + kept,
        "It is not known whether rating period start is before Thu Jan 1 2026; " + kept,
        "It is not known whether rating period start is on or after Thu Jan 1 2026; " + kept,
    )


def test_conditions_read_only_circumstances_that_exist():
    with pytest.raises(KeyError):
        Circumstances().flag_of("shoe_size")
    with pytest.raises(KeyError):
        Circumstances().date_of("birthday")


def test_the_earliest_open_clock_rules_and_stopped_or_unstarted_ones_do_not():
    days, hours = proof_of(rule(id="DAYS")), proof_of(replace(HOURS, id="HOURS"))
    done = proof_of(rule(id="DONE", within=Length(1, "h")), notified_at=RECEIVED)
    waiting = proof_of(rule(id="WAITING", start="admission"))
    assert earliest([days, waiting, hours, done]) is hours
    assert earliest([done, waiting]) is None


def test_an_alarm_puts_a_clock_before_one_that_is_due_earlier():
    alarmed = proof_of(
        rule(id="ALARMED", within=Length(72, "h"), start="responsible_department"),
        responsible_department_at=RECEIVED + timedelta(hours=5),
    )
    due_between = proof_of(rule(id="BETWEEN", within=Length(74, "h")))
    assert alarmed.work_by == RECEIVED + timedelta(hours=72)
    assert due_between.work_by == due_between.due_at
    assert earliest([due_between, alarmed]) is alarmed


def test_clocks_that_end_together_are_ruled_by_the_first_id():
    assert earliest([proof_of(rule(id="B")), proof_of(rule(id="A"))]).rule_id == "A"


@pytest.mark.parametrize("text", ["7", "7 days", "d7", "72H", "", "7cd "])
def test_a_length_is_written_with_its_unit(text):
    with pytest.raises(ValueError, match="write 72h, 7cd, 3bd or 2wd"):
        parse_length(text)


def test_lengths_read_and_print_alike_and_speak_in_words():
    assert [str(parse_length(text)) for text in ("72h", "7cd", "3bd", "2wd")] == ["72h", "7cd", "3bd", "2wd"]
    assert [parse_length(t).words for t in ("1h", "7cd", "1bd", "2wd")] == [
        "1 hour",
        "7 calendar days",
        "1 business day",
        "2 working days",
    ]


def test_a_moment_is_spoken_with_seconds_only_when_it_has_them():
    due = proof_of(HOURS, received_at=RECEIVED + SECOND)
    assert "72 hours end Sun Nov 22 2026 10:15:01;" in due.steps[1]


# --- properties ---------------------------------------------------------------------------------------------------

instants = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.sampled_from((ZONE, "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu"))
lengths = st.builds(Length, st.integers(0, 60), st.sampled_from(("h", "cd")))


def due(rule_, events, zone, at):
    found = compute(rule_, events, CALENDARS, zone, at=at).due_at
    assert found is not None
    return found.astimezone(UTC)


@settings(max_examples=150)
@given(instants, instants, lengths, zones, st.booleans())
def test_a_later_receipt_never_has_an_earlier_end(one, other, within, zone, extend):
    first, last = sorted((one, other))
    some = rule(within=within, extension=replace(EXTENDABLE, notice_before_expiry=False))

    def end(received):
        taken = (Extension(taken_at=received, ground="asked"),) if extend else ()
        return due(some, ClockEvents(received_at=received, extensions=taken), zone, received)

    assert end(first) <= end(last)


@settings(max_examples=100)
@given(instants, lengths, zones, st.integers(-3, 20), st.timedeltas(timedelta(0), timedelta(days=90)))
def test_an_extension_never_shortens_a_clock(received, within, zone, days, after):
    some = rule(within=within, extension=EXTENDABLE)
    extension = Extension(taken_at=received + after, ground="asked", days=days)
    plain = due(some, ClockEvents(received_at=received), zone, received)
    assert due(some, ClockEvents(received_at=received, extensions=(extension,)), zone, received) >= plain


@settings(max_examples=100)
@given(
    instants,
    lengths,
    zones,
    st.timedeltas(timedelta(0), timedelta(days=5)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_a_standstill_moves_the_end_by_exactly_its_length(received, within, zone, wait, span):
    some = replace(TOLLING, within=within)
    extension = Extension(taken_at=received, ground="asked", notice_sent_at=received)
    question = InformationRequest(asked_at=received + wait, answered_at=received + wait + span)
    without = ClockEvents(received_at=received, extensions=(extension,))
    proof = compute(some, replace(without, information=question), CALENDARS, zone, at=received)
    plain = compute(some, without, CALENDARS, zone, at=received)
    if within.unit == "cd":
        moved = (proof.due_at.date() - plain.due_at.date()).days
        assert moved == sum(each.days for each in proof.tolled)
    else:
        stood = sum(((each.end.astimezone(UTC) - each.start.astimezone(UTC)) for each in proof.tolled), timedelta(0))
        assert proof.due_at.astimezone(UTC) - plain.due_at.astimezone(UTC) == stood
    if proof.tolled and span <= timedelta(days=45):
        assert proof.tolled[0].end.astimezone(UTC) == received + wait + span


@settings(max_examples=100)
@given(instants, st.integers(1, 100), zones)
def test_hours_are_true_hours_in_every_zone(received, hours, zone):
    end = due(rule(within=Length(hours, "h")), ClockEvents(received_at=received), zone, received)
    assert end - received == timedelta(hours=hours)
