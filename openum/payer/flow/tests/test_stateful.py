"""Whatever is asked, answered, decided and tried in whatever order: the invariants of the payer's wing hold."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from openum.core import determination as decide
from openum.core.refusal import Refusal
from openum.core.request import Identifier
from openum.core.review import judge
from openum.payer.authorizations.models import Authorization
from openum.payer.conftest import AT, DAY, OXYGEN, oxygen_request, set_up_payer
from openum.payer.determinations.actions import decide_line
from openum.payer.determinations.models import ADVERSE, Determination
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import advance, take_in, work
from openum.payer.flow.tests.test_walk import NEAR
from openum.payer.intake.actions import submit
from openum.payer.intake.models import Case, Line
from openum.payer.intake.shelf import in_force
from openum.payer.notices.models import Notice
from openum.records.clocks.models import RunningClock
from openum.records.documents.queries import evidence_of
from openum.records.ledger.models import Event
from openum.records.ledger.queries import events_of, verify_chain

BOOLEANS = st.booleans()
CHARTS = {"meets": OXYGEN, "fails": NEAR, "lacks": {k: v for k, v in OXYGEN.items() if k != "spo2_at_rest_awake"}}


SEEN: Counter[str] = Counter()
"""What the examples came across: a machine that never saw a denial proves nothing about denials."""


class Payer(RuleBasedStateMachine):
    """One payer; each example lives in a transaction of its own, so that nothing of it stays."""

    cases = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True
        self.block.__enter__()
        self.payer = set_up_payer("stateful")
        self.now = AT
        self.sent: dict[str, object] = {}
        self.frozen: dict[tuple[type, int], object] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(
        target=cases, chart=st.sampled_from(["fails", "meets", "lacks"]), number=st.integers(1, 4), inline=st.booleans()
    )
    def ask(self, chart, number, inline):
        request = oxygen_request(
            CHARTS[chart], submission=Identifier("urn:s", str(number)), digest=f"{chart}{number}".ljust(64, "0")
        )
        sent = {
            "scope": self.payer.priya, "request": request, "body": b"{}", "content_type": "x", "door": "t",
            "by": self.payer.priya.actor,
        }  # fmt: skip
        before = Case.unscoped.count(), Event.unscoped.count()
        known = f"{chart}{number}" in self.sent
        taken = take_in(**sent, clock=lambda: self.now) if inline else submit(**sent, at=self.now)
        assert taken.replayed == known
        if known:
            SEEN["replayed"] += 1
            assert (Case.unscoped.count(), Event.unscoped.count()) == before
            assert self.sent[f"{chart}{number}"] == taken.number
        self.sent[f"{chart}{number}"] = taken.number
        return taken.number

    @staticmethod
    def expect(holds: bool, otherwise: str) -> None:
        if not holds:
            pytest.fail(otherwise)

    @rule(case=cases)
    def advance_one(self, case):
        advance(self.payer.tenant_id, case, clock=lambda: self.now)

    @rule()
    def work_all(self):
        work(clock=lambda: self.now)

    @rule(hours=st.integers(1, 100))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(case=cases, who=st.sampled_from(["osei", "nora", "bea"]), part=st.booleans())
    def somebody_decides_against(self, case, who, part):
        by = getattr(self.payer, who)
        view = case_view(self.payer.whole, case)
        line = view.lines[0]
        policy = in_force().policy(line.line.policy)
        if policy is None:
            return
        entries = evidence_of(self.payer.whole, case)
        finding = judge(policy, line.line.asked, entries, in_force().facts, on=DAY).finding
        before = Determination.unscoped.count()
        try:
            decided = decide.decide_adverse(
                line.line.asked, policy, finding, by=by, criterion_not_met="Oxygen saturation at or below 88 % at rest",
                rationale="The member's oxygen is normal at rest, asleep and walking, so oxygen would not help.",
                at=self.now, quantity=0.5 if part else None,
            )  # fmt: skip
            decide_line(
                tenant_id=self.payer.tenant_id, number=case, line_id=line.line.id, decided=decided,
                policy_digest=policy.digest, by=by, at=self.now,
            )  # fmt: skip
        except Refusal as refused:
            allowed = {"osei": "criteria-are-met", "nora": "role-may-not", "bea": "role-may-not"}
            self.expect(refused.code == allowed[who], "a refusal of another kind")
            self.expect(Determination.unscoped.count() == before, "a refusal wrote something")
            SEEN["refused"] += 1

    @rule(case=cases)
    def the_physician_decides_against_all_of_it(self, case):
        self.somebody_decides_against(case, "osei", part=False)

    @rule(case=cases)
    def the_physician_approves_a_part(self, case):
        self.somebody_decides_against(case, "osei", part=True)

    @rule(case=cases, who=st.sampled_from(["nora", "osei", "bea"]))
    def somebody_approves(self, case, who):
        by = getattr(self.payer, who)
        line = case_view(self.payer.whole, case).lines[0]
        try:
            decided = decide.approve_by_person(
                line.line.asked, in_force().policy(line.line.policy), by=by, rationale="Needed by this member.",
                at=self.now,
            )  # fmt: skip
        except Refusal as refused:
            self.expect((who, refused.code) == ("bea", "role-may-not"), "a refusal of another kind")
            return
        decide_line(
            tenant_id=self.payer.tenant_id, number=case, line_id=line.line.id, decided=decided, policy_digest="",
            by=by, at=self.now,
        )  # fmt: skip

    @invariant()
    def nothing_adverse_comes_without_a_qualified_person(self):
        for row in Determination.unscoped.all():
            assert row.policy or row.administrative_reason
            SEEN[row.outcome] += 1
            if row.outcome in ADVERSE:
                assert row.person_name == "Dr. Kwame Osei"
                assert row.license["number"] == "MD1"
                assert row.rationale
                assert row.criterion_not_met

    @invariant()
    def what_was_written_never_changes(self):
        for model in (Determination, Event, Notice):
            for row in model.unscoped.values():
                known = self.frozen.setdefault((model, row["id"]), row)
                assert known == row

    @invariant()
    def each_decided_line_has_exactly_one_current_outcome(self):
        for line in Line.unscoped.all():
            current = Determination.unscoped.filter(line=line, replaced_by=None).count()
            assert current == (1 if line.state == "decided" else 0)

    @invariant()
    def every_authorization_rests_on_an_approval(self):
        for row in Authorization.unscoped.select_related("determination"):
            assert row.determination.outcome in ("approved", "modified")

    @invariant()
    def clocks_start_and_stop_with_the_events_that_move_them(self):
        for case in Case.unscoped.all():
            events = events_of(self.payer.whole, case.number)
            assert verify_chain(self.payer.tenant_id, case.number).sound
            submitted = next(event for event in events if event.kind == "RequestSubmitted")
            stops = [e.at for e in events if e.kind == "NoticeSent" and e.body["clock_stopped"]]
            for clock in RunningClock.unscoped.filter(subject=case.number):
                assert clock.started_at == submitted.at
                if clock.stopped_at is not None:
                    assert clock.stopped_at == stops[0]
                    assert clock.state == ("missed" if clock.stopped_at > clock.due_at else "met")
                else:
                    assert not stops


@pytest.mark.django_db
def test_the_invariants_hold_in_every_order_of_events():
    script = Payer()  # one order by hand, so that every kind is met whatever the machine draws
    for number, act in enumerate(
        (script.the_physician_decides_against_all_of_it, script.the_physician_approves_a_part), 1
    ):
        act(script.ask("fails", number, True))
    script.ask("fails", 1, True)
    script.somebody_decides_against(script.ask("fails", 3, True), "nora", part=False)
    script.ask("meets", 4, True)
    script.nothing_adverse_comes_without_a_qualified_person()
    script.each_decided_line_has_exactly_one_current_outcome()
    script.clocks_start_and_stop_with_the_events_that_move_them()
    script.teardown()
    run_state_machine_as_test(
        Payer,
        settings=settings(
            max_examples=30, stateful_step_count=9, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert {"approved", "adverse", "modified", "replayed", "refused"} <= set(SEEN)
