"""The errands: each done once and whole, whatever fails, dies or runs beside it."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from openum.core.actor import Actor, software
from openum.core.refusal import Refusal
from openum.records.ledger import queue
from openum.records.ledger.actions import record
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import in_trouble, verify_chain
from openum.records.ledger.queue import Claimed, Drained, claim, complete, drain, fail, remind, retry_now
from openum.records.ledger.values import Happened, Subject
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

T0 = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
NORA = Actor(kind="person", id="12", name="Nora", role="manager")


def asked(tenant: int, *subjects: str, kind: str = "Asked") -> None:
    for subject in subjects:
        with transaction.atomic():
            record(tenant_id=tenant, kind=kind, subject=subject, by=software("test"), at=T0)


def kinds(subject: str) -> list[str]:
    return list(Event.unscoped.filter(subject=subject).order_by("number").values_list("kind", flat=True))


def waiting() -> list[tuple[str, str]]:
    return list(Errand.unscoped.filter(done_at=None).order_by("id").values_list("subject", "step"))


class Steps:
    """A route of three steps that note what they did; ``broken`` names those that fail."""

    def __init__(self) -> None:
        self.did: list[tuple[str, str]] = []
        self.broken: set[str] = set()
        self.route: queue.Route = {"Asked": (self.triage,), "Triaged": (self.screen, self.tell), "Screened": ()}

    def triage(self, event: Happened, *, at: dt.datetime) -> None:
        self._do("triage", "Triaged", event, at)

    def screen(self, event: Happened, *, at: dt.datetime) -> None:
        self._do("screen", "Screened", event, at)

    def tell(self, event: Happened, *, at: dt.datetime) -> None:
        self._do("tell", "Told", event, at)

    def _do(self, step: str, kind: str, event: Happened, at: dt.datetime) -> None:
        record(tenant_id=event.tenant_id, kind=kind, subject=event.subject, by=software(step), at=at)
        if step in self.broken:
            raise OSError("the printer of Jane Doe is on fire")
        self.did.append((step, event.subject))

    def drain(self, at: dt.datetime = T0, subject: Subject | None = None, limit: int = 100) -> Drained:
        return drain(self.route, wing="payer", clock=lambda: at, subject=subject, limit=limit)


@pytest.fixture
def steps() -> Steps:
    return Steps()


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
    assert errand.trouble.startswith("OSError in _do, openum/records/ledger/tests/test_queue.py:")
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


# --- with real transactions, threads and processes --------------------------------------------------------------------


@pytest.fixture
def real_tenant(transactional_db: None) -> int:
    return open_tenant(slug="blue", name="Blue Plan", kind="payer", time_zone="America/Chicago").id


def test_draining_inside_a_transaction_is_a_bug_and_nothing_runs(real_tenant: int, steps: Steps) -> None:
    asked(real_tenant, "R-1")
    with pytest.raises(RuntimeError, match="outside transactions"), transaction.atomic():
        steps.drain()
    assert (steps.did, waiting()) == ([], [("R-1", "")])


def test_draining_inline_needs_no_lasting_transaction(real_tenant: int, steps: Steps) -> None:
    asked(real_tenant, "R-1")
    assert steps.drain(subject=Subject(real_tenant, "R-1")) == Drained(6, 0)
    assert not connection.in_atomic_block


def in_threads(count: int, work) -> None:  # type: ignore[no-untyped-def]
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_workers_do_every_errand_once(real_tenant: int, steps: Steps) -> None:
    subjects = [f"R-{number}" for number in range(12)]
    asked(real_tenant, *subjects)
    in_threads(4, steps.drain)
    steps.drain()
    assert Counter(steps.did) == Counter(
        (step, subject) for step in ("triage", "screen", "tell") for subject in subjects
    )
    assert waiting() == []
    for subject in subjects:
        assert Counter(kinds(subject)) == Counter(["Asked", "Triaged", "Screened", "Told"])
        assert verify_chain(real_tenant, subject).sound


def test_writers_of_one_subject_do_not_fork_its_chain(real_tenant: int) -> None:
    def write() -> None:
        for _ in range(10):
            asked(real_tenant, "R-1")

    in_threads(4, write)
    assert verify_chain(real_tenant, "R-1").events == 40
    assert verify_chain(real_tenant, "R-1").sound


def test_errands_of_one_subject_never_run_at_the_same_time(real_tenant: int) -> None:
    inside: list[str] = []
    most: list[int] = []

    def slow(event: Happened, *, at: dt.datetime) -> None:
        inside.append(event.subject)
        most.append(inside.count(event.subject))
        threading.Event().wait(0.02)
        inside.remove(event.subject)

    asked(real_tenant, *["R-1", "R-2"] * 4)
    in_threads(4, lambda: drain({"Asked": (slow,)}, wing="payer", clock=lambda: T0))
    assert (max(most), len(most)) == (1, 8)


def database_url() -> str:
    """Where a second process finds this test's database."""
    chosen = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{chosen['NAME']}"
    return f"postgres://{chosen['USER']}:{chosen['PASSWORD']}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"


def worker(journal: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "openum.site.settings"}
    command = [sys.executable, "-m", "openum.records.ledger.tests.worker", str(journal), *arguments]
    return subprocess.Popen(command, env=environment)


def test_a_worker_killed_in_the_middle_of_a_step_loses_nothing_and_doubles_nothing(
    real_tenant: int, tmp_path: Path
) -> None:
    subjects = [f"R-{number}" for number in range(6)]
    asked(real_tenant, *subjects)
    journal = tmp_path / "journal"
    assert worker(journal, "die").wait(60) == -signal.SIGKILL
    assert "second R-3" in journal.read_text().splitlines()
    assert kinds("R-3") == ["Asked", "First"]
    assert ("R-3", "") in waiting()
    workers = [worker(journal), worker(journal)]
    assert [each.wait(60) for each in workers] == [0, 0]
    assert waiting() == []
    for subject in subjects:
        assert kinds(subject) == ["Asked", "First", "Second"]
        assert verify_chain(real_tenant, subject).sound
    ran = Counter(journal.read_text().splitlines())
    assert {line: times for line, times in ran.items() if times != 1} == {"second R-3": 2}
