"""What holds for every clock of the library, whoever wrote it: an extension never shortens, a standstill never loses
time, expediting never lengthens, a later start never ends earlier, and a further law never gives more time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.clock_rule import applicable
from openum.core.clocks import Circumstances, ClockEvents, Extension, InformationRequest, compute, earliest
from openum.librarian.clocks import calendars, read_clocks

RULES = read_clocks(Path(__file__).parents[3] / "library")
ZONES = st.sampled_from(["America/New_York", "America/Chicago", "America/Los_Angeles", "Pacific/Honolulu"])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
OWN = {
    "receipt": "received_at", "responsible_department": "responsible_department_at",
    "supporting_statement": "supporting_statement_at", "oral_notice": "oral_notice_at",
    "expedite_refused": "expedite_refused_at", "action": "action_at", "admission": "admitted_at",
    "review_date": "review_at", "decided": "decided_at", "notified": "notified_at",
}  # fmt: skip


def begun(rule, moment, **more):
    """A case of that rule whose start was at the moment (received the day before where the start is another event)."""
    if rule.start in OWN:
        more = {"received_at": moment - timedelta(days=1), OWN[rule.start]: moment} | more
        return ClockEvents(**more)
    return ClockEvents(received_at=moment - timedelta(days=1), others={rule.start: moment}, **more)


def due(rule, events, zone, at=None):
    """The last compliant instant, looked at in the first second unless said otherwise."""
    moment = compute(rule, events, calendars(), zone, at=at or datetime(2020, 1, 1, tzinfo=UTC)).due_at
    assert moment is not None
    return moment.astimezone(UTC)


def ids(rules):
    """Readable names of the cases."""
    return [f"{rule.id}@{rule.version}" for rule in rules]


COUNTED = [rule for rule in RULES if rule.within is not None]
EXTENDED = [rule for rule in COUNTED if rule.extension is not None]
TOLLED = [rule for rule in EXTENDED if rule.information.effect == "tolls_extension"]
BACKWARD = [rule for rule in COUNTED if rule.before]


@pytest.mark.parametrize("rule", COUNTED, ids=ids(COUNTED))
@settings(max_examples=6, deadline=None)
@given(moment=MOMENTS, later=st.integers(0, 60 * 60 * 24 * 40), zone=ZONES)
def test_a_later_start_never_ends_earlier(rule, moment, later, zone):
    first = due(rule, begun(rule, moment), zone)
    assert due(rule, begun(rule, moment + timedelta(seconds=later)), zone) >= first


@pytest.mark.parametrize("rule", EXTENDED, ids=ids(EXTENDED))
@settings(max_examples=6, deadline=None)
@given(moment=MOMENTS, part=st.integers(0, 100), days=st.integers(-3, 40), ground=st.booleans(), zone=ZONES)
def test_an_extension_never_shortens_and_never_adds_more_than_the_law_allows(rule, moment, part, days, ground, zone):
    plain = due(rule, begun(rule, moment), zone)
    taken = moment + (plain - moment) * part / 100
    asked = Extension(
        taken_at=taken, ground=sorted(rule.extension.grounds)[0] if ground else "boredom", days=days,
        notice_sent_at=taken, in_member_interest=True,
    )  # fmt: skip
    proof = compute(rule, begun(rule, moment, extensions=(asked,)), calendars(), zone, at=taken)
    assert proof.due_at.astimezone(UTC) >= plain
    assert proof.due_at.astimezone(UTC) <= proof.date("max_with_extension").astimezone(UTC)
    assert bool(proof.extensions) is (ground and 0 < days <= rule.extension.adds.amount)


@pytest.mark.parametrize("rule", TOLLED, ids=ids(TOLLED))
@settings(max_examples=20, deadline=None)
@given(moment=MOMENTS, asked=st.integers(0, 20), answered=st.integers(0, 90), zone=ZONES)
def test_a_standstill_never_loses_time(rule, moment, asked, answered, zone):
    sent = moment + timedelta(days=asked)
    extension = Extension(taken_at=sent, ground="missing_information", notice_sent_at=sent)
    question = InformationRequest(asked_at=sent, answered_at=sent + timedelta(days=answered))
    at = sent + timedelta(days=answered)
    without = compute(rule, begun(rule, moment, extensions=(extension,)), calendars(), zone, at=sent).due_at
    case = begun(rule, moment, extensions=(extension,), information=question)
    with_it = compute(rule, case, calendars(), zone, at=at)
    assert with_it.due_at >= without
    assert sum(span.days for span in with_it.tolled) <= answered + 1


@pytest.mark.parametrize("rule", BACKWARD, ids=ids(BACKWARD))
@settings(max_examples=6, deadline=None)
@given(moment=MOMENTS, zone=ZONES)
def test_a_clock_that_counts_back_ends_before_its_event(rule, moment, zone):
    assert due(rule, begun(rule, moment), zone).timestamp() <= moment.timestamp() + 24 * 3600


ASKED = sorted({(line, kind) for rule in RULES for line in rule.lines_of_business for kind in rule.request_types})
PLACES = sorted({rule.jurisdiction for rule in RULES} - {"us"})


def ruling(line, kind, priority, moment, places):
    """The earliest clock of a request; every event has happened at its receipt."""
    names = {rule.start for rule in RULES}
    events = ClockEvents(
        received_at=moment, responsible_department_at=moment, supporting_statement_at=moment,
        others=dict.fromkeys(names - set(OWN), moment), circumstances=Circumstances(applicable_integrated_plan=False),
    )  # fmt: skip
    found = applicable(
        RULES, line_of_business=line, request_type=kind, priority=priority, received=moment.date(), events=events,
        jurisdictions=frozenset({"us", *places}),
    )  # fmt: skip
    return earliest(compute(rule, events, calendars(), "America/New_York", at=moment) for rule in found)


@pytest.mark.parametrize(("line", "kind"), ASKED)
@settings(max_examples=3, deadline=None)
@given(moment=st.datetimes(datetime(2026, 7, 2), datetime(2031, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_expediting_never_lengthens(line, kind, moment):
    standard, fast = (ruling(line, kind, priority, moment, ()) for priority in ("standard", "expedited"))
    if standard is not None and fast is not None:
        assert fast.work_by <= standard.work_by


@settings(max_examples=40, deadline=None)
@given(
    asked=st.sampled_from(ASKED), priority=st.sampled_from(["standard", "expedited"]),
    places=st.sets(st.sampled_from(PLACES)), more=st.sampled_from(PLACES), moment=MOMENTS,
)  # fmt: skip
def test_a_further_law_never_gives_more_time(asked, priority, places, more, moment):
    first, second = (ruling(*asked, priority, moment, each) for each in (places, places | {more}))
    if first is not None:
        assert second is not None
        assert second.work_by <= first.work_by
