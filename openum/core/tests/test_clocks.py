"""How a clock is counted, started and judged. The rules are invented."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from openum.core.calendar import Roll
from openum.core.clock_rule import Length, OnMiss
from openum.core.clocks import Circumstances, ClockEvents, Extension, InformationRequest, MissVerdict
from openum.core.refusal import Refusal
from openum.core.tests.invented_clocks import DUE, EXTENDABLE, HOURS, RECEIVED, SECOND, ZONE, moment, proof_of, rule


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
    words = {"bd": "business", "wd": "working"}[unit]
    assert proof.steps[1] == (
        f"2 {words} days end Mon Nov 30 2026 23:59:59; that day is day 0; "
        "weekends and the holidays of us-federal do not count."
    )


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


def test_a_rule_without_a_number_cannot_be_extended():
    proof = proof_of(
        rule(within=None, extension=EXTENDABLE), extensions=(Extension(taken_at=RECEIVED, ground="asked"),)
    )
    assert (proof.verdict, proof.due_at, proof.secondary, proof.extensions) == ("no_number", None, (), ())


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


def test_a_statement_in_the_last_second_of_day_14_is_what_starts_the_clock():
    said = "The prescriber's supporting statement was received Thu Dec 3 2026 23:59:59 (America/New_York)."
    assert proof_of(STATEMENT, supporting_statement_at=DAY_14).steps[0] == said


def test_a_statement_without_a_receipt_starts_the_clock():
    proof = proof_of(STATEMENT, received_at=None, supporting_statement_at=RECEIVED)
    assert proof.due_at == RECEIVED + timedelta(hours=72)


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
