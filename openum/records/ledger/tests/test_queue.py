"""The errands: each done once and whole, whatever fails, dies or runs beside it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openum.core.actor import Actor
from openum.core.refusal import Refusal
from openum.records.ledger import queue
from openum.records.ledger.actions import record
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import in_trouble, verify_chain
from openum.records.ledger.queue import Claimed, Drained, claim, complete, drain, fail, remind, retry_now
from openum.records.ledger.tests.route import T0, Steps, asked, kinds, waiting
from openum.records.ledger.values import Happened, Subject
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

MINUTE = dt.timedelta(minutes=1)
NORA = Actor(kind="person", id="12", name="Nora", role="manager")


def test_one_subject_walks_its_route_and_the_other_waits(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1", "R-2")
    assert steps.drain(subject=Subject(tenant, "R-1")) == Drained(done=6, failed=0)
    assert steps.did == [("triage", "R-1"), ("screen", "R-1"), ("tell", "R-1")]
    assert kinds("R-1") == ["Asked", "Triaged", "Screened", "Told"]
    assert kinds("R-2") == ["Asked"]
    assert waiting() == [("R-2", "")]
    assert steps.drain() == Drained(done=6, failed=0)
    assert waiting() == []


def test_a_subject_of_the_same_number_at_another_tenant_is_left_alone(tenant: int, steps: Steps) -> None:
    other = open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id
    asked(other, "R-1")
    assert steps.drain(subject=Subject(tenant, "R-1")) == Drained(0, 0)
    assert waiting() == [("R-1", "")]


def test_a_wing_runs_only_its_own_errands(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1")
    assert drain(steps.route, wing="provider", clock=lambda: T0) == Drained(0, 0)
    assert waiting() == [("R-1", "")]


def test_an_errand_of_one_step_costs_three_statements_beside_the_step_itself(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1")
    with CaptureQueriesContext(connection) as spent:
        assert steps.drain(limit=1) == Drained(1, 0)
    statements = [query for query in spent if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 3 + 3  # claim, read the event, complete; and what ``record`` costs in the step


def test_a_failing_step_rolls_back_whole_says_why_without_patient_data_and_the_others_go_on(
    tenant: int, steps: Steps, caplog: pytest.LogCaptureFixture
) -> None:
    steps.broken = {"screen"}
    asked(tenant, "R-1", "R-2")
    assert steps.drain() == Drained(done=8, failed=2)
    assert kinds("R-1") == ["Asked", "Triaged", "Told"]
    assert waiting() == [("R-1", "screen"), ("R-2", "screen")]
    errand = Errand.unscoped.filter(done_at=None).first()
    assert errand is not None
    assert errand.trouble.startswith("OSError in _do, openum/records/ledger/tests/route.py:")
    assert "Jane" not in errand.trouble + caplog.text
    assert (errand.tries, errand.due_at, errand.leased_until) == (1, T0 + MINUTE, None)
    assert "screen" in caplog.text


def test_a_failed_step_is_tried_again_after_its_wait_and_then_done_once(tenant: int, steps: Steps) -> None:
    steps.broken = {"triage"}
    asked(tenant, "R-1")
    assert steps.drain() == Drained(0, 1)
    assert steps.drain(T0 + MINUTE - dt.timedelta(microseconds=1)) == Drained(0, 0)
    assert steps.drain(T0 + MINUTE) == Drained(0, 1)
    assert Errand.unscoped.get(done_at=None).due_at == T0 + 3 * MINUTE
    steps.broken = set()
    assert steps.drain(T0 + 3 * MINUTE).failed == 0
    assert steps.did == [("triage", "R-1"), ("screen", "R-1"), ("tell", "R-1")]
    assert waiting() == []
    assert not Errand.unscoped.exclude(trouble="").exists()
    assert verify_chain(tenant, "R-1").sound


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (9, 256), (10, 360), (1000, 360)])
def test_the_wait_doubles_and_is_capped(tenant: int, tries: int, minutes: int) -> None:
    asked(tenant, "R-1")
    row = Errand.unscoped.get()
    Errand.unscoped.update(tries=tries)
    fail(Claimed(row.pk, tenant, "R-1", row.event_id, "", tries), T0, trouble="x" * 900)
    row.refresh_from_db()
    assert (row.due_at, len(row.trouble)) == (T0 + minutes * MINUTE, 500)


def test_a_database_error_in_a_step_is_trouble_like_any_other(tenant: int) -> None:
    def double(event: Happened, *, at: dt.datetime) -> None:
        open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC")
        Event.unscoped.filter(pk=event.id).update(kind="Changed")

    asked(tenant, "R-1")
    assert drain({"Asked": (double,)}, wing="payer", clock=lambda: T0) == Drained(0, 1)
    assert Errand.unscoped.get().trouble.startswith("IntegrityError in ")
    from openum.records.tenants.models import Tenant

    assert not Tenant.objects.filter(slug="red").exists()


def test_a_refusal_in_a_step_keeps_its_own_words(tenant: int) -> None:
    def refuse(event: Happened, *, at: dt.datetime) -> None:
        raise Refusal("no-letter", "There is no letter for this plan.", "Add one to the library.")

    asked(tenant, "R-1")
    drain({"Asked": (refuse,)}, wing="payer", clock=lambda: T0)
    assert Errand.unscoped.get().trouble == "no-letter: There is no letter for this plan. Add one to the library."


def test_a_kind_without_a_route_is_done_with_and_nothing_follows(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1", kind="Looked")
    assert steps.drain() == Drained(1, 0)
    assert (steps.did, waiting()) == ([], [])


def test_a_step_that_left_the_route_is_trouble_and_not_lost(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1")
    assert steps.drain(limit=2).done == 2
    steps.route = {"Triaged": (steps.tell,)}
    assert steps.drain() == Drained(done=2, failed=1)
    assert waiting() == [("R-1", "screen")]
    assert Errand.unscoped.get(done_at=None).trouble.startswith("LookupError in _steps")


def test_two_steps_of_one_name_are_refused(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1")
    steps.route = {"Asked": (steps.triage, steps.triage)}
    assert steps.drain() == Drained(0, 1)
    assert steps.did == []


def test_the_limit_is_kept(tenant: int, steps: Steps) -> None:
    asked(tenant, *(f"R-{number}" for number in range(5)))
    assert steps.drain(limit=3) == Drained(3, 0)
    assert len(steps.did) == 3


def test_a_claim_is_a_lease_that_others_respect_until_it_ends(tenant: int) -> None:
    asked(tenant, "R-1")
    mine = claim(T0, wing="payer")
    assert mine is not None
    assert (mine.subject, mine.step, mine.tries) == ("R-1", "", 1)
    assert claim(T0, wing="payer") is None
    assert claim(T0 + queue.LEASE - dt.timedelta(microseconds=1), wing="payer") is None
    theirs = claim(T0 + queue.LEASE, wing="payer")
    assert theirs is not None
    assert (theirs.id, theirs.tries) == (mine.id, 2)


def test_work_done_under_a_lost_lease_is_rolled_back(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1")
    slow = claim(T0, wing="payer")
    late = T0 + queue.LEASE
    quick = claim(late, wing="payer")
    assert slow is not None
    assert quick is not None
    assert queue.run(quick, steps.route, wing="payer", clock=lambda: late) == "done"
    assert queue.run(slow, steps.route, wing="payer", clock=lambda: late) == "lost"
    fail(slow, late, trouble="too late to say so")
    assert steps.did == [("triage", "R-1")]
    assert kinds("R-1") == ["Asked", "Triaged"]
    assert not Errand.unscoped.exclude(trouble="").exists()


def test_a_reminder_runs_when_it_is_due_and_once_per_key(tenant: int) -> None:
    rung: list[str] = []

    def warn(event: Happened, *, at: dt.datetime) -> None:
        rung.append(event.subject)

    event = record(tenant_id=tenant, kind="Asked", subject="R-1", by=NORA, at=T0)
    for _ in range(2):
        remind(event=event, step="warn", key="clock:7:alarm", due_at=T0 + 5 * MINUTE, at=T0)
    route: queue.Route = {"Reminder": (warn,)}
    assert drain(route, wing="payer", clock=lambda: T0 + 5 * MINUTE - dt.timedelta(microseconds=1)) == Drained(1, 0)
    assert rung == []
    assert drain(route, wing="payer", clock=lambda: T0 + 5 * MINUTE) == Drained(1, 0)
    assert rung == ["R-1"]


def test_errands_in_trouble_are_shown_to_their_tenant_and_can_be_sent_off_again(tenant: int, steps: Steps) -> None:
    steps.broken = {"screen"}
    asked(tenant, "R-1")
    steps.drain()
    scope = Scope(tenant_id=tenant, actor=NORA)
    (trouble,) = in_trouble(scope)
    assert (trouble.subject, trouble.kind, trouble.step, trouble.tries, trouble.next_try_at) == (
        "R-1", "Triaged", "screen", 1, T0 + MINUTE,
    )  # fmt: skip
    other = software_scope(open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id, "test")
    assert in_trouble(other) == ()
    with pytest.raises(Refusal) as refused:
        retry_now(other, errand_id=trouble.errand_id, by=NORA, at=T0)
    assert refused.value.code == "no-such-trouble"
    steps.broken = set()
    retry_now(scope, errand_id=trouble.errand_id, by=NORA, at=T0)
    assert steps.drain().failed == 0
    assert in_trouble(scope) == ()
    retried = Event.unscoped.get(kind="ErrandRetried")
    assert (retried.by, retried.body) == ("person:12", {"errand": trouble.errand_id, "step": "screen", "tries": 1})
    with pytest.raises(Refusal):
        retry_now(scope, errand_id=trouble.errand_id, by=NORA, at=T0)


def test_an_errand_is_not_completed_twice(tenant: int) -> None:
    asked(tenant, "R-1")
    mine = claim(T0, wing="payer")
    assert mine is not None
    complete(mine, T0)
    with pytest.raises(queue.LeaseLost):
        complete(mine, T0)


@pytest.mark.parametrize(
    "wrong", [{"wing": "kitchen"}, {"done_at": T0, "trouble": "x"}, {"done_at": T0, "leased_until": T0}]
)
def test_the_database_refuses_an_errand_that_contradicts_itself(tenant: int, wrong: dict[str, object]) -> None:
    asked(tenant, "R-1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.unscoped.update(**wrong)
