"""Continuation of benefits, and whose the fast track is. The rules here are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.appeal_continuation import ContinuationRule, FastTrack, continuation, open_to

AID = ContinuationRule(
    id="AID", lines=frozenset({"medicaid-managed-care"}), conditions=("timely", "previously_approved"),
    ends_on=("withdrawn", "hearing_lost"), never=("new_service",), recoup_if=("state_allows", "notice_said_so"),
)  # fmt: skip
ALL = {"timely": True, "previously_approved": True}
TRACK = FastTrack(
    id="T", lines=frozenset({"medicare-advantage"}), settings=frozenset({"snf"}), notices=(), request_clock="R",
    decide_clock="D", burden="plan", next_level="N", needs=("was_covered",),
)  # fmt: skip


def test_care_goes_on_while_every_condition_holds_and_nothing_ended_it() -> None:
    found = continuation(AID, ALL, line_of_business="medicaid-managed-care")
    assert (found.answer, found.unknown, found.lacking, found.ended_by) == (YES, (), (), ())


def test_another_program_has_no_such_right() -> None:
    found = continuation(AID, ALL, line_of_business="chip")
    assert (found.answer, found.lacking) == (NO, ("line_of_business",))


def test_an_open_condition_is_asked_for() -> None:
    found = continuation(AID, {"timely": True})
    assert (found.answer, found.unknown) == (UNKNOWN, ("previously_approved",))


def test_a_failed_condition_and_a_new_request_are_named() -> None:
    found = continuation(AID, {"timely": False, "new_service": True})
    assert (found.answer, found.lacking, found.unknown) == (NO, ("new_service", "timely"), ())


def test_what_ended_it_is_named() -> None:
    assert continuation(AID, {**ALL, "hearing_lost": True}).ended_by == ("hearing_lost",)
    assert continuation(AID, {**ALL, "hearing_lost": True}).answer is NO


def test_the_cost_is_asked_back_only_where_everything_allows_it() -> None:
    assert continuation(AID, {"state_allows": True, "notice_said_so": True}).may_recoup is YES
    assert continuation(AID, {"state_allows": True}).may_recoup is UNKNOWN
    assert continuation(AID, {"notice_said_so": False}).may_recoup is NO
    never = ContinuationRule(id="N", lines=frozenset(), conditions=(), ends_on=())
    assert continuation(never, {}).may_recoup is NO


names = st.sampled_from(["timely", "previously_approved", "withdrawn", "hearing_lost", "new_service"])


@given(st.dictionaries(names, st.booleans()), st.sampled_from(["withdrawn", "hearing_lost", "new_service"]))
def test_an_ending_never_makes_care_go_on(facts: dict[str, bool], ending: str) -> None:
    assert continuation(AID, {**facts, ending: True}).answer is NO


@pytest.mark.parametrize(
    ("setting", "line", "covered", "answer"),
    [
        ("snf", "medicare-advantage", True, YES),
        ("snf", "medicare-advantage", None, UNKNOWN),
        ("snf", "medicare-advantage", False, NO),
        ("hospital", "medicare-advantage", True, NO),
        ("snf", "chip", True, NO),
        ("", "medicare-advantage", True, UNKNOWN),
    ],
)
def test_the_fast_track_is_for_its_settings_and_programs(
    setting: str, line: str, covered: bool | None, answer: object
) -> None:
    assert open_to(TRACK, setting=setting, line_of_business=line, facts={"was_covered": covered}) is answer
