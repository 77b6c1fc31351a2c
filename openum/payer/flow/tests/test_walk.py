"""One request's walk: what is decided, what is asked, what is left to a person, and what never happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from openum.core import determination as decide
from openum.core.chart import Entry
from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Line, MemberRef
from openum.payer.authorizations.models import Authorization
from openum.payer.conftest import AT, DAY, OXYGEN, oxygen_request
from openum.payer.determinations.actions import decide_line
from openum.payer.determinations.models import Determination
from openum.payer.flow.queries import case_view, view_data
from openum.payer.flow.running import advance, watch, work
from openum.payer.intake.actions import submit
from openum.payer.intake.models import Case
from openum.payer.intake.shelf import in_force
from openum.payer.notices.models import Notice
from openum.payer.reviews.models import Review
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import verify_chain

pytestmark = pytest.mark.django_db

NEAR = OXYGEN | {
    "oxygen_test_kind": "both",
    "spo2_at_rest_awake": 95,
    "spo2_during_sleep": 92,
    "spo2_during_exercise": 93,
    "spo2_fall_during_sleep": 2,
    "pao2_at_rest_awake": 70,
    "pao2_during_sleep": 70,
    "pao2_during_exercise": 70,
    "pao2_fall_during_sleep": 3,
    "dependent_edema_from_heart_failure": False,
    "pulmonary_hypertension_or_cor_pulmonale": False,
    "p_wave_height": 1,
    "hematocrit_90d": 44,
    "oxygen_improves_exercise_hypoxemia": True,
    "symptoms_of_low_oxygen_during_sleep": True,
    "only_one_oxygen_unit": True,
}
"""Normal oxygen at rest, asleep and walking: criteria answered no (a worked example of the policy)."""


def test_a_request_that_meets_every_criterion_is_approved_with_number_letter_and_stopped_clock(ask, see):
    view = see(ask())
    line = view.lines[0]
    assert line.standing == "approved"
    assert line.determination.human is False
    assert line.determination.policy.startswith("dme/home-oxygen@")
    assert line.authorization.held.valid_from == DAY
    assert [notice.kind for notice in view.notices] == ["approval"]
    assert line.authorization.held.number in view.notices[0].html
    assert [event.kind for event in view.events] == [
        "RequestSubmitted", "CriteriaNeeded", "LinesMet", "DeterminationMade", "AuthorizationIssued", "NoticeSent",
    ]  # fmt: skip
    assert {clock.state for clock in view.clocks} == {"met"}
    assert line.line.state == "decided"
    assert Errand.unscoped.filter(done_at=None).count() == 0


def test_an_unknown_datum_is_asked_for_and_nothing_is_decided(ask, see):
    answers = {name: value for name, value in OXYGEN.items() if name != "spo2_at_rest_awake"}
    view = see(ask(answers))
    line = view.lines[0]
    assert line.standing == "pended"
    assert line.review.answer == "unknown"
    assert line.line.lane == "um_nurse"
    assert line.line.ball == "provider"
    assert [notice.kind for notice in view.notices] == ["request-for-information"]
    assert [item["fact"] for item in line.questions[0].items] == ["pao2_at_rest_awake"]
    assert any("saturation" in way for way in line.questions[0].items[0]["or"])
    assert line.questions[0].due_date < view.ruling_clock.due_at.date()
    assert view.ruling_clock.state == "running"
    assert not Determination.unscoped.exists()
    assert not Authorization.unscoped.exists()


def test_an_unmet_criterion_goes_to_a_clinician_and_is_never_denied_by_software(ask, see):
    view = see(ask(NEAR))
    line = view.lines[0]
    assert line.standing == "pended"
    assert line.line.lane == "um_nurse"
    assert line.line.ball == "payer"
    assert line.line.reason == "A criterion is not met: a clinician decides."
    assert not Determination.unscoped.exists()
    assert not Notice.unscoped.exists()


def test_a_physician_decides_against_with_reasons_and_the_letter_carries_them(payer, ask, see):
    taken = ask(NEAR)
    line, policy, finding = _unmet(payer, taken)
    rationale = "Mrs. Testa's saturation stays above 92 % awake, asleep and walking, so oxygen would not help her now."
    decided = decide.decide_adverse(
        line.line.asked, policy, finding, by=payer.osei, criterion_not_met="Oxygen saturation at or below 88 % at rest",
        rationale=rationale, at=AT,
    )  # fmt: skip
    decide_line(
        tenant_id=payer.tenant_id, number=taken.number, line_id=line.line.id, decided=decided,
        policy_digest=policy.digest, by=payer.osei, at=AT,
    )  # fmt: skip
    advance(payer.tenant_id, taken.number, clock=lambda: AT)
    view = see(taken)
    assert view.lines[0].standing == "adverse"
    assert view.lines[0].determination.person_name == "Dr. Kwame Osei"
    assert [notice.kind for notice in view.notices] == ["adverse-determination"]
    html = view.notices[0].html
    assert "What was not met: Oxygen saturation at or below 88 % at rest" in html
    assert "What we found: Oxygen saturation at or below 88 % at rest: 95 % (answers on the form, June 2, 2026)" in html
    assert "What could change our decision: What was the arterial oxygen pressure" in html
    assert "now 70, would have to be at most 55 mm Hg" in html
    assert {clock.state for clock in view.clocks} == {"met"}
    assert not Authorization.unscoped.exists()


def _unmet(payer, taken):
    from openum.core.review import judge
    from openum.records.documents.queries import evidence_of

    view = case_view(payer.whole, taken.number)
    line = view.lines[0]
    policy = in_force().policy(line.line.policy)
    entries = evidence_of(payer.whole, taken.number)
    finding = judge(policy, line.line.asked, entries, in_force().facts, on=DAY).finding
    return line, policy, finding


def test_a_nurse_cannot_deny_and_nothing_is_written(payer, ask):
    line, policy, finding = _unmet(payer, ask(NEAR))
    with pytest.raises(Refusal) as refused:
        decide.decide_adverse(
            line.line.asked, policy, finding, by=payer.nora, criterion_not_met="Hypoxemia", rationale="x" * 60, at=AT
        )
    assert refused.value.code == "role-may-not"
    assert not Determination.unscoped.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"outcome": "adverse", "policy": "dme/home-oxygen@1", "rationale": "r", "criterion_not_met": "c"},
        {"outcome": "modified", "policy": "dme/home-oxygen@1", "rationale": "r", "criterion_not_met": "c"},
        {"outcome": "excluded", "administrative_reason": "clause 4", "rationale": "r"},
        {"outcome": "approved"},
    ],
)
def test_the_database_itself_refuses_an_adverse_outcome_without_a_person_and_any_without_a_ground(ask, values):
    ask(NEAR)
    line_id = Case.unscoped.get().lines.get().pk
    row = Determination(
        tenant_id=Case.unscoped.get().tenant_id, line_id=line_id, at=AT, by="software", code_system="hcpcs",
        code="E1390", **values,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert not Determination.unscoped.exists()


def test_a_determination_a_review_and_a_sent_notice_never_change(ask):
    ask()
    for model, change in ((Determination, {"rationale": "x"}), (Review, {"answer": "no"}), (Notice, {"html": "x"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.unscoped.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 - our own table
        assert model.unscoped.count() == 1


def test_a_line_has_one_first_determination_and_each_one_successor_at_most(ask):
    ask()
    first = Determination.unscoped.get()
    for replaces in (None,):
        row = Determination.unscoped.get()
        row.pk, row.replaces_id = None, replaces
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
    assert Determination.unscoped.get() == first


def test_a_replay_creates_nothing_new(ask):
    first = ask()
    events, errands = Event.unscoped.count(), Errand.unscoped.count()
    again = ask()
    assert (again.number, again.replayed) == (first.number, True)
    assert Case.unscoped.count() == 1
    assert (Event.unscoped.count(), Errand.unscoped.count()) == (events, errands)


def test_the_same_identifier_with_another_body_is_another_request(ask, see):
    first = ask()
    second = ask(digest="e" * 64)
    assert first.number != second.number
    line = see(second).lines[0]
    assert line.standing == "not_required"
    assert line.reasons[0].startswith(f"Already authorized under {see(first).lines[0].authorization.held.number}")


def test_the_same_service_still_under_review_is_recognized_and_waits_for_a_person(ask, see):
    first = ask(NEAR)
    line = see(ask(NEAR, digest="e" * 64)).lines[0]
    assert line.standing == "pended"
    assert line.line.lane == "intake_coordinator"
    assert line.line.refers_to == first.number


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "no-lines"),
        ({"member": MemberRef(member_id="M9999")}, "unknown-member"),
        ({"member": MemberRef(member_id="M0001", family="Other")}, "member-mismatch"),
    ],
)
def test_a_request_that_cannot_be_taken_writes_nothing(ask, changes, code):
    with pytest.raises(Refusal) as refused:
        ask(**changes)
    assert refused.value.code == code
    assert not Case.unscoped.exists()
    assert not Event.unscoped.exists()


def test_a_practice_cannot_send_in_another_practices_name(payer):
    with pytest.raises(Refusal) as refused:
        submit(
            scope=payer.sam, request=oxygen_request(OXYGEN), body=b"{}", content_type="x", door="test",
            by=payer.sam.actor, at=AT,
        )  # fmt: skip
    assert refused.value.code == "not-your-organization"
    assert not Case.unscoped.exists()


def test_another_practice_does_not_see_the_case(payer, ask):
    taken = ask()
    assert case_view(payer.sam, taken.number) is None
    assert case_view(payer.priya, taken.number) is not None


def test_a_failing_step_rolls_back_whole_waits_with_its_trouble_and_succeeds_later(payer, ask, see, monkeypatch):
    def broken(**_):
        raise RuntimeError("the printer is on fire")

    with monkeypatch.context() as patch:
        patch.setattr("openum.payer.authorizations.actions.record", broken)
        taken = ask()
    errand = Errand.unscoped.get(done_at=None)
    assert errand.trouble.startswith("RuntimeError in ")
    assert "printer" not in errand.trouble
    assert not Authorization.unscoped.exists()
    assert see(taken).lines[0].standing == "approved"
    work(clock=lambda: AT + timedelta(minutes=5))
    assert Authorization.unscoped.count() == 1
    assert see(taken).notices[0].sent_at is not None


def test_the_worker_finishes_what_no_door_advanced(payer, ask, see):
    taken = ask(run=False)
    assert see(taken).lines[0].standing == "pended"
    work(clock=lambda: AT)
    assert see(taken).lines[0].standing == "approved"


def test_every_event_of_a_case_hangs_on_the_one_before(payer, ask):
    assert verify_chain(payer.tenant_id, ask().number).sound


def test_a_case_as_data_names_outcome_policy_finding_distance_and_clock(ask, see):
    data = view_data(see(ask(NEAR)))["lines"][0]
    assert data["outcome"] == "pended"
    assert data["policy"].startswith("dme/home-oxygen@")
    assert data["finding"]["answer"] == "no"
    assert data["distance"]["differ"] >= 1
    assert data["clock"]["rule"] == "MA-OD-STD-PA-2026"
    assert data["clock"]["due_at"] == "2026-06-09T23:59:59-04:00"


def test_two_lines_each_get_their_own_way(ask, see):
    asked = oxygen_request(OXYGEN).lines[0]
    emergency = Line(sequence=2, code=Code("cpt", "99284"), service_from=DAY, place="23")
    view = see(ask(lines=(asked, emergency)))
    assert view.lines[0].standing == "approved"
    assert view.lines[1].standing in ("not_required", "pended")


def test_a_service_on_no_list_needs_nothing_and_the_clock_stops_with_the_answer(ask, see):
    visit = Line(sequence=1, code=Code("cpt", "99213"), service_from=DAY, place="11")
    view = see(ask(lines=(visit,)))
    assert view.lines[0].standing == "not_required"
    assert {clock.state for clock in view.clocks} == {"met"}
    assert not Notice.unscoped.exists()
    assert not Authorization.unscoped.exists()
    assert [event.kind for event in view.events] == [
        "RequestSubmitted", "NothingNeeded", "NoAuthorizationRequired", "NoticeSent",
    ]  # fmt: skip


def test_a_stabilized_patient_in_the_emergency_room_gets_the_short_clock_and_a_person(ask, see):
    bed = Line(sequence=1, code=Code("revenue", "0120"), service_from=DAY, place="23", request_type="AR")
    view = see(ask(lines=(bed,), emergency=True, priority="expedited"))
    assert view.lines[0].standing == "pended"
    assert view.lines[0].line.lane == "um_nurse"
    assert view.ruling_clock.proof.rule_id == "MA-POST-STABILIZATION"
    assert view.ruling_clock.due_at == AT + timedelta(hours=1)


def test_an_expedited_request_gets_seventy_two_hours_and_a_retrospective_one_is_never_expedited(ask, see):
    fast = see(ask(NEAR, priority="expedited"))
    assert fast.ruling_clock.proof.rule_id == "MA-OD-EXP"
    assert fast.ruling_clock.due_at == AT + timedelta(hours=72)
    late = see(ask(NEAR, digest="f" * 64, priority="expedited", review_type="retrospective"))
    assert late.case.priority == "standard"
    assert {clock.proof.rule_id for clock in late.clocks} == {"MA-OD-PAY-CLEAN", "MA-OD-PAY-OTHER"}


def test_a_clock_that_runs_out_is_a_work_item_with_the_laws_verdict_and_no_determination(ask, see):
    taken = ask(NEAR)
    assert watch(clock=lambda: AT + timedelta(days=7)) == 0
    assert watch(clock=lambda: AT + timedelta(days=8)) == 1
    assert watch(clock=lambda: AT + timedelta(days=9)) == 0
    view = see(taken)
    assert view.ruling_clock.state == "missed"
    missed = view.events[-1]
    assert missed.kind == "ClockMissed"
    assert missed.body["lines"] == [1]
    assert missed.body["rules"][0]["rule"] == "MA-OD-STD-PA-2026"
    assert missed.body["rules"][0]["verdict"] == "deemed_denial"
    assert view.lines[0].standing == "pended"
    assert not Determination.unscoped.exists()
    assert not Notice.unscoped.exists()


def test_a_clock_that_was_met_in_time_is_never_missed_later(ask, see):
    taken = ask()
    assert watch(clock=lambda: AT + timedelta(days=30)) == 0
    assert see(taken).ruling_clock.state == "met"


def test_what_a_person_decided_first_is_left_alone_by_the_steps_that_come_later(payer, ask, see):
    taken = ask(run=False)
    line = see(taken).lines[0].line
    for _ in range(2):
        decided = decide.approve_by_person(line.asked, None, by=payer.nora, rationale="Needed at once.", at=AT)
        decide_line(
            tenant_id=payer.tenant_id, number=taken.number, line_id=line.id, decided=decided, policy_digest="",
            by=payer.nora, at=AT,
        )  # fmt: skip
    work(clock=lambda: AT)
    view = see(taken)
    assert view.lines[0].standing == "approved"
    assert view.lines[0].determination.person_name == "Nora Lindqvist"
    assert view.lines[0].line.state == "decided"
    assert Authorization.unscoped.count() == 1
    assert not Review.unscoped.exists()
    assert not Errand.unscoped.filter(done_at=None).exists()


def test_a_code_of_an_unknown_system_is_read_by_a_person_and_never_waved_through(ask, see):
    odd = Line(sequence=1, code=Code("https://codesystem.x12.org/005010/1365", "3"), service_from=DAY, place="11")
    line = see(ask(lines=(odd,))).lines[0]
    assert line.standing == "pended"
    assert line.line.lane == "intake_coordinator"
    assert not Determination.unscoped.exists()


def test_an_entry_marked_denied_is_a_no_and_not_an_unknown(ask, see):
    entries = oxygen_request(OXYGEN).entries
    known = tuple(entry for entry in entries if entry.link != "oxygen_test_on_room_air")
    refuted = Entry(kind="answer", link="oxygen_test_on_room_air", value=False, date=DAY, source="q")
    assert see(ask(entries=(*known, refuted))).lines[0].standing == "pended"
