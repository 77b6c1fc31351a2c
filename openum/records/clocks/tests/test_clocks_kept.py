"""Clocks as rows: started, moved, stopped, superseded; one of them rules the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openum.core.clocks import Extension, MissVerdict, Proof, Refused, SecondaryDate, Standstill
from openum.records.clocks import actions
from openum.records.clocks.models import RunningClock
from openum.records.clocks.proofs import proof_data, proof_of
from openum.records.clocks.queries import clocks_of, due_before, next_clock
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

CHICAGO = ZoneInfo("America/Chicago")
T0 = dt.datetime(2026, 3, 2, 9, 2, tzinfo=CHICAGO)
DAY = dt.timedelta(days=1)


@pytest.fixture
def scope(db: None) -> Scope:
    tenant = open_tenant(slug="blue", name="Blue Plan", kind="payer", time_zone="America/Chicago")
    return software_scope(tenant.id, "clocks")


def proof(rule: str, days: int | None, **changes: object) -> Proof:
    due = None if days is None else T0 + days * DAY
    given = Proof(
        rule_id=rule, rule_version="2026-01-01", title=f"Rule {rule}", citation="42 CFR 422.568(b)(1)",
        grading="verified", zone="America/Chicago", calendar="us-federal", at=T0, start_event="receipt",
        start=None if days is None else T0, first_due_at=due, due_at=due,
        verdict="not_started" if days is None else "running", steps=("Received.", "Counted."),
    )  # fmt: skip
    return replace(given, **changes)  # type: ignore[arg-type]


def states(scope: Scope, subject: str = "R-1") -> dict[str, str]:
    return {card.proof.rule_id: card.state for card in clocks_of(scope, subject)}


def test_every_clock_is_kept_and_the_earliest_rules(scope: Scope) -> None:
    with CaptureQueriesContext(connection) as spent:
        actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7), proof("MA-02", 3), proof("MA-03", None)])
    assert len(spent) == 2
    ruling = next_clock(scope, "R-1")
    assert ruling is not None
    assert (ruling.rule_id, ruling.due_at, ruling.zone) == ("MA-02", T0 + 3 * DAY, "America/Chicago")
    assert (ruling.rule_version, ruling.citation) == ("2026-01-01", "42 CFR 422.568(b)(1)")
    assert states(scope) == {"MA-02": "running", "MA-01": "running", "MA-03": "waiting"}
    assert [row.rule_id for row in RunningClock.unscoped.filter(earliest=True)] == ["MA-02"]


def test_the_proof_is_read_back_equal_to_the_one_computed() -> None:
    given = proof(
        "MA-01", 7, alarm_at=T0 + DAY, stopped_at=T0 + 8 * DAY, verdict="missed",
        on_miss=MissVerdict("deemed_denied", dt.date(2026, 3, 10), "the law treats silence as a denial."),
        secondary=(SecondaryDate("written_by", T0 + 3 * DAY, "In writing by then."),),
        extensions=(Extension(taken_at=T0, ground="member_asked", days=14, in_member_interest=True),),
        refused=(Refused("extension-late", "Too late.", "Decide now."),),
        tolled=(Standstill(T0, T0 + DAY, 1, open=True),),
    )  # fmt: skip
    assert proof_of(proof_data(given)) == given


def test_a_recomputed_proof_moves_the_clock_and_another_may_then_rule(scope: Scope) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7), proof("MA-02", 3)])
    tolled = proof("MA-02", 10, tolled=(Standstill(T0, T0 + 7 * DAY, 7, open=True),))
    actions.move(scope, subject="R-1", proofs=[tolled, proof("MA-09", 20)])
    assert states(scope) == {"MA-01": "running", "MA-02": "tolled", "MA-09": "running"}
    ruling = next_clock(scope, "R-1")
    assert ruling is not None
    assert ruling.rule_id == "MA-01"
    assert RunningClock.unscoped.get(rule_id="MA-02").due_at == T0 + 10 * DAY
    assert RunningClock.unscoped.count() == 3


@pytest.mark.parametrize(
    ("after", "state", "verdict"),
    [(dt.timedelta(days=3), "met", "met"), (dt.timedelta(days=3, microseconds=1), "missed", "missed")],
)
def test_a_clock_stopped_on_the_last_instant_is_met_and_one_step_later_missed(
    scope: Scope, after: dt.timedelta, state: str, verdict: str
) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-02", 3)])
    actions.stop(scope, subject="R-1", at=T0 + after)
    (card,) = clocks_of(scope, "R-1")
    assert (card.state, card.stopped_at, card.proof.verdict, card.proof.stopped_at) == (
        state, T0 + after, verdict, T0 + after,
    )  # fmt: skip
    assert next_clock(scope, "R-1") is None
    assert not card.earliest


def test_stopping_one_line_leaves_the_other_running(scope: Scope) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)], line=1)
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 5)], line=2)
    assert next_clock(scope, "R-1").line == 2  # type: ignore[union-attr]
    actions.stop(scope, subject="R-1", line=2, at=T0 + DAY)
    ruling = next_clock(scope, "R-1")
    assert ruling is not None
    assert (ruling.line, ruling.due_at) == (1, T0 + 7 * DAY)
    assert next_clock(scope, "R-1", line=2) is None


def test_stopping_named_rules_leaves_the_others(scope: Scope) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7), proof("MA-02", 3)])
    actions.stop(scope, subject="R-1", rules=["MA-02"], at=T0 + DAY)
    assert states(scope) == {"MA-01": "running", "MA-02": "met"}


def test_a_superseded_clock_gives_way_and_its_rule_may_run_again(scope: Scope) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-04", 3)])
    actions.supersede(scope, subject="R-1", rules=["MA-04"], at=T0 + DAY)
    assert next_clock(scope, "R-1") is None
    actions.move(scope, subject="R-1", proofs=[proof("MA-01", 7), proof("MA-04", 4)])
    assert [(card.proof.rule_id, card.state, card.superseded_at) for card in clocks_of(scope, "R-1")] == [
        ("MA-04", "running", None), ("MA-01", "running", None), ("MA-04", "superseded", T0 + DAY),
    ]  # fmt: skip


def test_the_same_rule_does_not_run_twice(scope: Scope) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)])
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)])
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)], line=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)], line=1)
    assert RunningClock.unscoped.count() == 2


def test_the_worklist_holds_one_clock_per_case_and_a_missed_one_until_it_is_stopped(
    scope: Scope,
) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7), proof("MA-02", 5)])
    actions.start(scope, subject="R-2", proofs=[proof("MA-01", 3)])
    actions.start(scope, subject="R-3", proofs=[proof("MA-01", 9)])
    actions.move(scope, subject="R-2", proofs=[proof("MA-01", 3, verdict="missed")])
    found = due_before(scope, T0 + 8 * DAY)
    assert [(each.subject, each.rule_id, each.state) for each in found] == [
        ("R-2", "MA-01", "missed"), ("R-1", "MA-02", "running"),
    ]  # fmt: skip
    assert len(due_before(scope, T0 + 30 * DAY, limit=1)) == 1
    actions.stop(scope, subject="R-2", at=T0 + 4 * DAY)
    assert [each.subject for each in due_before(scope, T0 + 8 * DAY)] == ["R-1"]


def test_another_tenant_sees_none_of_it(scope: Scope) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)])
    other = software_scope(open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id, "clocks")
    assert next_clock(other, "R-1") is None
    assert clocks_of(other, "R-1") == ()
    actions.stop(other, subject="R-1", at=T0)
    assert states(scope) == {"MA-01": "running"}


@pytest.mark.django_db(transaction=True)
def test_a_clock_moves_only_inside_the_transaction_of_the_fact_that_moves_it() -> None:
    for action in (actions.start, actions.move):
        with pytest.raises(RuntimeError):
            action(software_scope(1, "x"), subject="R-1", proofs=[])
    with pytest.raises(RuntimeError):
        actions.stop(software_scope(1, "x"), subject="R-1", at=T0)
    with pytest.raises(RuntimeError):
        actions.supersede(software_scope(1, "x"), subject="R-1", rules=[], at=T0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "met"}, {"state": "paused"}, {"due_at": None, "earliest": False}, {"state": "superseded"},
        {"stopped_at": T0}, {"superseded_at": T0},
    ],
)  # fmt: skip
def test_the_database_refuses_a_clock_that_contradicts_itself(scope: Scope, wrong: dict[str, object]) -> None:
    actions.start(scope, subject="R-1", proofs=[proof("MA-01", 7)])
    with pytest.raises(IntegrityError), transaction.atomic():
        RunningClock.unscoped.update(**wrong)
