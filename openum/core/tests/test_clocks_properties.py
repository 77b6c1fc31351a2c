"""What holds for every clock, whatever the rule and the day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.clock_rule import Length
from openum.core.clocks import ClockEvents, Extension, InformationRequest, compute
from openum.core.tests.invented_clocks import CALENDARS, EXTENDABLE, TOLLING, ZONE, rule

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
