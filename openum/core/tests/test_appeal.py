"""Appeals: what follows an outcome, who may file, what is frozen. The levels here are made up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.appeal import (
    OUTCOMES,
    After,
    Exhaustion,
    Filer,
    Level,
    Next,
    deemed_exhausted,
    ladder_of,
    missing_for_exhaustion,
    next_level,
)
from openum.core.appeal_filing import Paper, filing_window, frozen_file, may_file, timeliness
from openum.core.clock_rule import Length, Point
from openum.core.clocks import ClockEvents
from openum.core.tests.invented_clocks import CALENDARS, RECEIVED, ZONE, rule

PLAN = Level(
    id="P1", ladder="made-up", order=1, name="plan", lines=frozenset({"erisa"}), decided_by="plan", filed="request",
    filing_clock="P1-FILE", late="good_cause", rounds=2, dismissal_clock="P1-DISMISSED",
    filers=(
        Filer(who="member"),
        Filer(who="representative", needs=("authorization_on_file",)),
        Filer(who="physician", matters=frozenset({"standard", "expedited"})),
        Filer(who="provider", needs=("written_consent",), matters=frozenset({"standard"})),
        Filer(who="provider", needs=("waiver_of_payment",), matters=frozenset({"payment"})),
    ),
    decide=(("standard", "P1-STD"), ("expedited", "P1-EXP")), extends=frozenset({"standard"}),
    upheld=After(do="forward", clock="P1-FORWARD", words="Send the file on."),
    missed=After(do="forward", clock="P1-LATE", words="Send the file on at once."),
    effectuate=(("standard", "P1-DO"),), case_file=("notice", "records"),
    then=(Next(level="S1", when=(("federal", False),)), Next(level="F1", when=(("federal", True),))),
)  # fmt: skip
STATE = Level(
    id="S1", ladder="state", order=1, name="state", lines=frozenset(), decided_by="state", filed="request",
    filing_clock="S1-FILE", then=(Next(level="C1"),), amounts=((2026, 200),), late_words="Too late is late.",
)  # fmt: skip
FEDERAL = Level(id="F1", ladder="federal", order=1, name="iro", lines=frozenset(), decided_by="iro", filed="request",
                filing_clock="F1-FILE", only_when=("judgment", "rescission"))  # fmt: skip
COURT = Level(id="C1", ladder="state", order=2, name="court", lines=frozenset(), decided_by="court", filed="automatic")
LADDER = ladder_of("made-up", (COURT, FEDERAL, STATE, PLAN))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_ladder_holds_its_own_levels_first_and_those_they_lead_to_at_any_remove() -> None:
    assert [level.id for level in LADDER.levels] == ["P1", "S1", "F1", "C1"]
    assert LADDER.level("F1") is FEDERAL
    assert [level.id for level in ladder_of("state", (COURT, STATE)).levels] == ["S1", "C1"]


@pytest.mark.parametrize(
    ("program", "levels", "words"),
    [
        ("made-up", (PLAN, PLAN), "share an id"),
        ("unheard", (PLAN,), "no ladder"),
        ("made-up", (PLAN, STATE, COURT), "leads to F1"),
    ],
)
def test_a_ladder_that_leads_nowhere_is_refused(program: str, levels: tuple[Level, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ladder_of(program, levels)


def test_a_level_that_is_not_on_the_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="no level 'X9'"):
        LADDER.level("X9")


def test_upheld_is_forwarded_by_the_clock_named_and_the_open_question_is_told() -> None:
    (step,) = next_level(LADDER, PLAN, "upheld")
    assert (step.do, step.levels, step.clock, step.unsettled) == ("forward", ("S1", "F1"), "P1-FORWARD", ("federal",))


def test_a_known_fact_settles_which_level_follows() -> None:
    (step,) = next_level(LADDER, PLAN, "upheld", facts={"federal": True})
    assert (step.levels, step.unsettled) == (("F1",), ())


def test_silence_is_forwarded_too_by_a_clock_of_its_own() -> None:
    (step,) = next_level(LADDER, PLAN, "missed", facts={"federal": False})
    assert (step.do, step.levels, step.clock) == ("forward", ("S1",), "P1-LATE")


def test_silence_without_a_known_consequence_is_looked_up_and_not_guessed() -> None:
    (step,) = next_level(LADDER, STATE, "missed")
    assert (step.do, step.levels) == ("look_up", ())


def test_reversed_is_effectuated_and_leads_nowhere_else() -> None:
    (step,) = next_level(LADDER, PLAN, "reversed", matter="standard")
    assert (step.do, step.clock, step.levels, step.unsettled) == ("effectuate", "P1-DO", (), ())


def test_without_the_matter_the_clock_of_a_reversal_is_not_guessed() -> None:
    (step,) = next_level(LADDER, PLAN, "reversed")
    assert (step.clock, step.unsettled) == ("", ("matter",))


def test_partly_upheld_is_effectuated_for_one_part_and_goes_on_for_the_other() -> None:
    done, onward = next_level(LADDER, PLAN, "partly_upheld", matter="standard", facts={"federal": True})
    assert (done.do, done.clock, onward.do, onward.levels) == ("effectuate", "P1-DO", "forward", ("F1",))


def test_where_the_plan_hears_twice_the_first_round_leads_to_the_second() -> None:
    (again,) = next_level(LADDER, PLAN, "upheld", round_heard=1, rounds_planned=2)
    assert (again.do, again.levels, again.clock) == ("may_appeal", ("P1",), "P1-FILE")
    (on,) = next_level(LADDER, PLAN, "upheld", round_heard=2, rounds_planned=2)
    assert on.do == "forward"


def test_the_plan_cannot_hear_more_often_than_the_law_allows() -> None:
    (on,) = next_level(LADDER, PLAN, "upheld", round_heard=2, rounds_planned=5)
    assert on.do == "forward"


def test_where_nothing_is_sent_by_itself_the_move_is_the_members() -> None:
    (step,) = next_level(LADDER, STATE, "upheld")
    assert (step.do, step.levels, step.clock) == ("may_appeal", ("C1",), "")


def test_the_last_level_is_the_last() -> None:
    (step,) = next_level(LADDER, COURT, "upheld")
    assert (step.do, step.levels) == ("closed", ())


def test_a_dismissal_may_be_reviewed_where_a_clock_for_it_is_known() -> None:
    (step,) = next_level(LADDER, PLAN, "dismissed", facts={"federal": False})
    assert (step.do, step.levels, step.clock) == ("may_appeal", ("S1",), "P1-DISMISSED")
    (unknown,) = next_level(LADDER, STATE, "dismissed")
    assert (unknown.do, unknown.clock) == ("look_up", "")


def test_withdrawn_is_closed() -> None:
    assert [step.do for step in next_level(LADDER, PLAN, "withdrawn")] == ["closed"]


def test_another_word_is_no_outcome() -> None:
    with pytest.raises(ValueError, match="no outcome of an appeal; known are upheld"):
        next_level(LADDER, PLAN, "lost")  # type: ignore[arg-type]


@given(st.sampled_from(OUTCOMES), st.sampled_from([None, True, False]))
def test_learning_a_fact_never_opens_a_level_that_was_closed(outcome: str, fact: bool | None) -> None:
    before = next_level(LADDER, PLAN, outcome)  # type: ignore[arg-type]
    after = next_level(LADDER, PLAN, outcome, facts={"federal": fact})  # type: ignore[arg-type]
    for old, new in zip(before, after, strict=True):
        assert set(new.levels) <= set(old.levels)
        assert bool(new.levels) is bool(old.levels)


def test_the_clock_of_a_matter_and_whether_it_may_be_extended() -> None:
    assert PLAN.clock_to_decide("expedited") == "P1-EXP"
    assert PLAN.may_extend("standard")
    assert not PLAN.may_extend("expedited")
    with pytest.raises(ValueError, match="P1 decides expedited, standard; not 'payment'"):
        PLAN.clock_to_decide("payment")


@pytest.mark.parametrize(
    ("dollars", "year", "answer"),
    [(200, 2026, YES), (199, 2026, NO), (None, 2026, UNKNOWN), (200, None, UNKNOWN), (10_000, 2027, UNKNOWN)],
)
def test_the_amount_of_a_year_nobody_wrote_down_is_unknown(
    dollars: int | None, year: int | None, answer: object
) -> None:
    assert STATE.amount_reached(dollars, year) is answer
    assert PLAN.amount_reached(dollars, year) is YES


def test_a_level_is_open_to_what_is_in_its_scope() -> None:
    assert FEDERAL.open_to({"judgment": False, "rescission": True}) is YES
    assert FEDERAL.open_to({"judgment": False, "rescission": False}) is NO
    assert FEDERAL.open_to({"judgment": False}) is UNKNOWN
    assert PLAN.open_to({}) is YES


def test_who_decides_may_change_from_one_day_to_the_next() -> None:
    bodies = (("First", None, date(2026, 4, 30)), ("Second", date(2026, 5, 2), None))
    level = Level(
        id="I", ladder="i", order=1, name="ire", lines=frozenset(), decided_by="ire", filed="automatic", bodies=bodies
    )
    assert [level.body_on(date(2026, *day)) for day in ((4, 30), (5, 1), (5, 2))] == ["First", "", "Second"]


def test_the_member_may_file_and_a_stranger_may_not() -> None:
    assert may_file(PLAN, "member", {}).answer is YES
    stranger = may_file(PLAN, "neighbor", {})
    assert stranger.answer is NO
    assert stranger.words.startswith("May file here: member, representative")


def test_an_authorization_nobody_has_seen_is_asked_for_and_not_held_against_the_filer() -> None:
    unseen = may_file(PLAN, "representative", {})
    assert (unseen.answer, unseen.unknown, unseen.lacking) == (UNKNOWN, ("authorization_on_file",), ())
    refused = may_file(PLAN, "representative", {"authorization_on_file": False})
    assert (refused.answer, refused.unknown, refused.lacking) == (NO, (), ("authorization_on_file",))
    assert may_file(PLAN, "representative", {"authorization_on_file": True}).answer is YES


def test_a_filer_for_some_matters_may_not_file_for_others_and_an_unnamed_matter_is_asked() -> None:
    assert may_file(PLAN, "physician", {}, matter="expedited").answer is YES
    assert may_file(PLAN, "physician", {}, matter="payment").answer is NO
    unnamed = may_file(PLAN, "physician", {})
    assert (unnamed.answer, unnamed.unknown) == (UNKNOWN, ("matter",))


def test_what_a_filer_needs_depends_on_the_matter() -> None:
    assert may_file(PLAN, "provider", {"waiver_of_payment": True}, matter="payment").answer is YES
    assert may_file(PLAN, "provider", {"waiver_of_payment": True}, matter="standard").unknown == ("written_consent",)


def test_nobody_files_where_the_case_arrives_by_itself() -> None:
    assert may_file(COURT, "member", {}).answer is NO


PRESUMED = rule(
    id="P1-FILE", start="notice_sent", stops_at="filed", within=Length(65, "cd"),
    not_before=(Point(within=Length(60, "cd"), anchor="notice_received"),),
)  # fmt: skip
AS_RECEIVED = rule(id="P1-FILE-RECEIVED", also=("P1-FILE",), start="notice_received", within=Length(60, "cd"))
OTHER = rule(id="OTHER", start="notice_sent", within=Length(900, "cd"))


def window(level: Level = PLAN, **notice: datetime) -> datetime | None:
    events = ClockEvents(others=notice)
    proof = filing_window(level, events, (PRESUMED, AS_RECEIVED, OTHER), CALENDARS, ZONE, at=RECEIVED)
    return None if proof is None else proof.due_at


def test_the_window_counts_from_the_notice_and_from_a_later_receipt() -> None:
    days = timedelta(days=1)
    presumed = window(notice_sent=RECEIVED)
    assert presumed is not None
    assert presumed.isoformat() == "2027-01-23T23:59:59-05:00"
    assert window(notice_sent=RECEIVED, notice_received=RECEIVED + 5 * days) == presumed
    assert window(notice_sent=RECEIVED, notice_received=RECEIVED + 6 * days) == presumed + days
    assert window(notice_received=RECEIVED) == presumed - 5 * days


def test_while_the_notice_is_not_known_or_no_clock_is_named_there_is_no_window() -> None:
    assert window() is None
    assert window(COURT, notice_sent=RECEIVED) is None


@settings(max_examples=40)
@given(st.integers(0, 90), st.integers(0, 90))
def test_a_later_receipt_never_shortens_the_window(one: int, other: int) -> None:
    sooner, later = sorted((one, other))
    ends = [window(notice_sent=RECEIVED, notice_received=RECEIVED + timedelta(days=d)) for d in (sooner, later)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0] <= ends[1]


def test_the_last_second_is_in_time() -> None:
    assert timeliness(PLAN, NOON, NOON).status == "in_time"
    late = NOON + timedelta(seconds=1)
    asked = timeliness(PLAN, NOON, late)
    assert asked.status == "person_decides_good_cause"
    assert asked.words.endswith("Ask for the reason of the delay.")
    told = timeliness(PLAN, NOON, late, reason="in hospital")
    assert told.words.endswith("The reason for the delay is on file.")


def test_too_late_where_good_cause_is_unknown_is_still_a_persons_to_turn_away() -> None:
    late = NOON + timedelta(seconds=1)
    state = timeliness(STATE, NOON, late)
    assert (state.status, state.words) == ("person_decides_dismissal", "Too late is late.")
    assert timeliness(FEDERAL, NOON, late).words == "A person decides whether to dismiss."
    assert timeliness(PLAN, None, late).status == "window_unknown"


def test_any_failure_exhausts_unless_every_excuse_holds() -> None:
    level = Level(
        id="E", ladder="e", order=1, name="e", lines=frozenset(), decided_by="plan", filed="request",
        exhaustion=Exhaustion(deemed_if=("failed",), unless_all=("minor", "harmless")),
    )  # fmt: skip
    assert deemed_exhausted(level, {"failed": False}) is NO
    assert deemed_exhausted(level, {"failed": True, "minor": True, "harmless": True}) is NO
    assert deemed_exhausted(level, {"failed": True, "minor": True, "harmless": False}) is YES
    assert deemed_exhausted(level, {"failed": True, "minor": True}) is UNKNOWN
    assert missing_for_exhaustion(level, {"failed": True, "minor": True}) == ("harmless",)
    assert missing_for_exhaustion(level, {"failed": False}) == ()


def test_where_no_excuse_is_known_the_failure_alone_exhausts() -> None:
    level = Level(
        id="E", ladder="e", order=1, name="e", lines=frozenset(), decided_by="plan", filed="request",
        exhaustion=Exhaustion(deemed_if=("missed_notice", "missed_timing")),
    )  # fmt: skip
    assert deemed_exhausted(level, {"missed_notice": True}) is YES
    assert deemed_exhausted(level, {"missed_notice": False, "missed_timing": False}) is NO
    assert deemed_exhausted(PLAN, {"missed_notice": True}) is NO
    assert missing_for_exhaustion(PLAN, {}) == ()


A, B = Paper("notice", "D-1", "aa"), Paper("records", "D-2", "bb")


@settings(max_examples=20)
@given(st.permutations([A, B, Paper("other", "D-3", "cc")]))
def test_the_same_papers_freeze_to_the_same_digest_in_any_order(papers: list[Paper]) -> None:
    assert frozen_file(PLAN, papers).digest == frozen_file(PLAN, sorted(papers)).digest


def test_a_frozen_file_names_what_is_missing_and_changes_with_any_paper() -> None:
    one, two = frozen_file(PLAN, [A]), frozen_file(PLAN, [B, A, A])
    assert (one.missing, two.missing) == (("records",), ())
    assert two.papers == (A, B)
    assert one.digest != two.digest != frozen_file(PLAN, [A, Paper("records", "D-2", "bc")]).digest
