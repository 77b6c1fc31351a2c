"""What follows when a clock runs out: an approval by law, a denial by law, a case to forward; and what never does."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Line, MemberRef
from openum.librarian.shape import SHIPPED
from openum.payer.conftest import AT, PLAN_WORDS
from openum.payer.determinations.models import Determination, Lapse
from openum.payer.determinations.queries import lapses_counted, lapses_of, open_lapses
from openum.payer.flow.lapsing import settled
from openum.payer.flow.queries import case_view, lapse_sentence, view_data
from openum.payer.flow.running import watch as look_at_clocks
from openum.payer.flow.running import work
from openum.records.clocks.queries import clocks_of
from openum.records.parties import actions as parties

LATER = AT + timedelta(days=8)
DRUG_MEMBER = MemberRef(member_id="D0001", family="Testa", birth_date=date(1950, 3, 4))
DRUG = Line(sequence=1, code=Code("rxnorm", "2183126"), quantity=30, unit="capsule", service_from=AT.date(), place="01")
RULE = """
id: {id}
version: "1"
title: "An invented state: answer a request within days"
what:
  lines_of_business: [medicare-advantage]
  request_types: [{kind}]
  priorities: [standard]
  answer_within: {days}cd
  counted_from: receipt
  satisfied_by: decision
  {when}
  if_missed: {{verdict: {verdict}, unless: decision, words: the law speaks., {starts}}}
since: {{from: null, to: null}}
authority:
  cite: Md. Code 1-1
  tag: policy_choice
  sources: []
  grading: invented for this test
  checked_on: 2026-11-22
"""


@pytest.fixture
def law(settings, tmp_path):
    """Put an invented state law on a shelf of its own, beside the library that comes with OpenUM."""

    def shelve(verdict, *, days=2, when="", starts="", id="MD-TEST", kind="service"):
        folder = tmp_path / "clocks" / "us-md" / "test"
        folder.mkdir(parents=True, exist_ok=True)
        text = RULE.format(id=id, verdict=verdict, days=days, when=when, starts=starts, kind=kind)
        (folder / f"{id.lower()}.yaml").write_text(text, encoding="utf-8")
        settings.OPENUM_LIBRARY = (SHIPPED, tmp_path)

    return shelve


def add_part_d_member(payer):
    """A Part D plan of the same payer, with one member."""
    parties.set_up_plan(
        payer.whole, code="PD-1", name="Test Drugs", line_of_business="part-d", state="MD",
        time_zone="America/New_York", phone="1-555-0100", address={"lines": ["1 Plan Way"]}, notice_texts=PLAN_WORDS,
    )  # fmt: skip
    parties.enroll(
        payer.whole, plan="PD-1", number="D0001", family="Testa", given="Maria", birth_date=date(1950, 3, 4),
        start=date(2025, 1, 1), sex="female",
    )  # fmt: skip


def let_time_pass(by=LATER):
    """The worker looks at the clocks and does what is due."""
    found = look_at_clocks(clock=lambda: by)
    work(clock=lambda: by)
    return found


def unanswered(ask):
    """A request that waits for an answer from the practice."""
    return ask({"signs_that_oxygen_can_relieve": True})


def test_an_approval_by_law_issues_itself_with_a_number_and_says_which_law(payer, law, ask):
    law("auto_authorized")
    taken = unanswered(ask)
    assert let_time_pass() == 1
    view = case_view(payer.whole, taken.number, history=True)
    (line,) = view.lines
    assert line.determination.outcome == "approved"
    assert line.determination.human is False
    assert line.determination.administrative_reason == (
        "Approved by operation of law: the law speaks. [MD-TEST version 1, Md. Code 1-1]"
    )
    assert line.authorization is not None
    assert "ApprovedByLaw" in [event.kind for event in view.events]
    assert let_time_pass() == 0
    assert Determination.unscoped.count() == 1


def test_a_law_that_may_not_apply_approves_nothing_and_asks_a_person(payer, law, ask):
    law("auto_authorized", when="when: [{datum: self_funded, is: false}]")
    taken = unanswered(ask)
    let_time_pass()
    lapse = next(one for one in lapses_of(payer.whole, taken.number) if one.rule == "MD-TEST")
    assert (lapse.effect, lapse.verdict) == ("ask_person", "auto_authorized")
    assert not Determination.unscoped.exists()


def test_a_denial_by_law_is_a_record_of_its_own_and_no_determination(payer, ask):
    taken = unanswered(ask)
    let_time_pass()
    (lapse,) = lapses_of(payer.whole, taken.number)
    assert (lapse.rule, lapse.effect) == ("MA-OD-STD-PA-2026", "adverse_by_law")
    assert lapse.on.isoformat() == "2026-06-09"
    assert lapse.lines == (1,)
    assert not Determination.unscoped.exists()
    view = case_view(payer.whole, taken.number, history=True)
    assert view.lines[0].line.state == "pended"
    assert "AdverseByOperationOfLaw" in [event.kind for event in view.events]
    assert lapses_counted(payer.whole, since=lapse.on, before=lapse.on + timedelta(days=1)) == {"deemed_denial": 1}
    assert lapses_counted(payer.whole, since=lapse.on + timedelta(days=1), before=LATER.date()) == {}


def test_a_case_to_forward_is_a_work_item_with_a_clock_that_stops_when_a_person_did_it(payer, law, ask):
    law("late", days=1, id="MD-NEXT", kind="forwarding")
    law("forward_to_ire", starts="starts: MD-NEXT")
    taken = unanswered(ask)
    let_time_pass(AT + timedelta(days=3))
    (item,) = open_lapses(payer.whole, effect="forward")
    assert (item.number, item.starts) == (taken.number, "MD-NEXT")
    by = AT + timedelta(days=3, hours=1)
    settled(payer.whole, lapse_id=item.id, how="Sent to the review entity, number 77.", by=payer.nora, at=by)
    assert open_lapses(payer.whole, effect="forward") == ()
    (done,) = [one for one in lapses_of(payer.whole, taken.number) if one.effect == "forward"]
    assert (done.settled_by, done.how) == ("Nora Lindqvist", "Sent to the review entity, number 77.")
    (clock,) = [one for one in clocks_of(payer.whole, taken.number) if one.proof.rule_id == "MD-NEXT"]
    assert clock.stopped_at == by
    with pytest.raises(Refusal, match="done before"):
        settled(payer.whole, lapse_id=item.id, how="Again.", by=payer.nora, at=by)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"how": "  "}, "nothing-said"),
        ({"lapse_id": 10**9}, "lapse-unknown"),
        ({"software": True}, "person-must-decide"),
    ],
)
def test_a_lapse_is_settled_by_a_named_person_who_says_what_was_done(payer, law, ask, changes, code):
    law("forward_to_ire")
    unanswered(ask)
    let_time_pass(AT + timedelta(days=3))
    (item,) = open_lapses(payer.whole, effect="forward")
    by = payer.whole.actor if changes.get("software") else payer.nora
    with pytest.raises(Refusal) as refused:
        settled(
            payer.whole, lapse_id=changes.get("lapse_id", item.id), how=changes.get("how", "Sent."), by=by, at=LATER
        )
    assert refused.value.code == code
    assert len(open_lapses(payer.whole, effect="forward")) == 1


def test_lapses_are_never_edited_or_taken_away(payer, ask):
    taken = unanswered(ask)
    let_time_pass()
    for attempt in (lambda rows: rows.update(verdict="x"), lambda rows: rows.delete()):
        with pytest.raises(Exception, match="append"), transaction.atomic():
            attempt(Lapse.unscoped.all())
    assert len(lapses_of(payer.whole, taken.number)) == 1


def test_another_practice_sees_no_lapse(payer, ask):
    taken = unanswered(ask)
    let_time_pass()
    assert len(lapses_of(payer.priya, taken.number)) == 1
    assert lapses_of(payer.sam, taken.number) == ()


def test_what_a_miss_means_is_told_in_a_sentence_and_to_machines(payer, law, ask):
    law("forward_to_ire")
    taken = unanswered(ask)
    let_time_pass(AT + timedelta(days=3))
    view = case_view(payer.whole, taken.number)
    (lapse,) = view.lapses
    assert lapse_sentence(lapse) == (
        "Since Thu Jun 4 2026, the law speaks. The case goes to the independent review entity: a person sends it."
    )
    settled(payer.whole, lapse_id=lapse.id, how="Sent, number 77.", by=payer.nora, at=LATER)
    (lapse,) = case_view(payer.whole, taken.number).lapses
    assert lapse_sentence(lapse).endswith("Done by Nora Lindqvist: Sent, number 77.")
    assert view_data(case_view(payer.whole, taken.number))["lapses"][0]["settled_by"] == "Nora Lindqvist"


def test_notice_goes_out_the_day_the_law_spoke_and_says_that_nobody_judged(payer, ask):
    taken = unanswered(ask)
    let_time_pass()
    view = case_view(payer.whole, taken.number)
    letter = view.notices[-1]
    assert letter.kind == "adverse-by-operation-of-law"
    assert "No one has found that you do not need this care" in letter.html
    assert "We had to decide by June 9, 2026, and we did not." in letter.html
    assert "August 13, 2026" in letter.html
    assert view.ruling_clock.stopped_at is None  # the decision is still owed
    let_time_pass(LATER + timedelta(days=1))
    assert len(case_view(payer.whole, taken.number).notices) == len(view.notices)


def test_the_appeal_window_opens_on_the_day_the_law_spoke(payer, ask):
    taken = unanswered(ask)
    let_time_pass()
    (lapse,) = lapses_of(payer.whole, taken.number)
    assert lapse.file_by.isoformat() == "2026-08-13"  # 65 days: 60 after receipt, presumed 5 days after the notice


def test_what_was_decided_in_time_is_no_lapse(payer, law, ask):
    law("auto_authorized")
    taken = ask()
    let_time_pass()
    assert lapses_of(payer.whole, taken.number) == ()
    assert Determination.unscoped.count() == 1


def test_a_part_d_decision_not_made_in_time_is_forwarded_within_a_day(payer, ask):
    add_part_d_member(payer)
    taken = ask({}, member=DRUG_MEMBER, lines=(DRUG,))
    let_time_pass(AT + timedelta(hours=73))
    lapse = next(one for one in lapses_of(payer.whole, taken.number) if one.rule == "PD-CD-STD")
    assert (lapse.effect, lapse.starts, lapse.file_by) == ("forward", "PD-AUTO-FORWARD", None)
    (clock,) = [one for one in clocks_of(payer.whole, taken.number) if one.proof.rule_id == "PD-AUTO-FORWARD"]
    assert clock.due_at == AT + timedelta(hours=96)
    assert clock.state == "running"
    assert not Determination.unscoped.exists()
