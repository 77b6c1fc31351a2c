"""Which clocks apply, which one rules, and the further dates they set."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openum.core.clock_rule import DateCondition, Duty, FlagCondition, LeadCondition, Length, Point, parse_length
from openum.core.clocks import Circumstances, ClockEvents, applicable, earliest
from openum.core.tests.invented_clocks import DUE, EXTENDABLE, HOURS, LONGER, RECEIVED, SECOND, moment, proof_of, rule


def test_secondary_dates_count_from_their_own_events():
    duties = (
        Duty(id="ask_by", words="Ask.", points=(Point(within=Length(24, "h"), anchor="receipt"),)),
        Duty(id="pay_by", words="Pay.", points=(Point(within=Length(14, "cd"), anchor="start"),)),
        Duty(id="forward_by", words="Forward.", points=(Point(within=Length(24, "h"), anchor="expiry"),)),
        Duty(id="written_by", words="Write.", points=(Point(within=Length(3, "cd"), anchor="oral_notice"),)),
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
    written = (Duty(id="written_by", words="Write.", points=(Point(within=Length(3, "cd"), anchor="oral_notice"),)),)
    proof = proof_of(rule(duties=written), received_at=None, oral_notice_at=RECEIVED)
    assert proof.verdict == "not_started"
    assert [each.id for each in proof.secondary] == ["written_by"]
    assert proof_of(rule(duties=written)).secondary == ()


def test_an_extendable_clock_says_by_when_to_tell_and_how_far_it_can_reach():
    proof = proof_of(rule(extension=EXTENDABLE))
    assert (proof.date("extension_notice_by"), proof.date("max_with_extension")) == (DUE, LONGER)


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


def test_circumstances_the_library_names_are_kept_beside_our_own():
    assert Circumstances().value_of("shoe_size") is None
    assert Circumstances(others={"shoe_size": 9}).value_of("shoe_size") == 9


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
    with pytest.raises(ValueError, match="write 72h, 7cd, 3bd, 2wd, 3nd, 4mo or 6y"):
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
