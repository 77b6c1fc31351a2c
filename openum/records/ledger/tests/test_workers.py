"""Many workers at once, with real transactions, threads and processes: nothing is lost, nothing is done twice."""

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
from django.db import connection, connections, transaction

from openum.core.actor import software
from openum.records.ledger.actions import record, seal
from openum.records.ledger.locking import hold
from openum.records.ledger.models import Seal
from openum.records.ledger.queries import verify_chain, verify_seals
from openum.records.ledger.queue import Drained, drain
from openum.records.ledger.tests.route import T0, Steps, asked, kinds, waiting
from openum.records.ledger.values import Happened, Subject
from openum.records.tenants.actions import open_tenant


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


def test_a_seal_waits_for_events_that_are_being_written(real_tenant: int) -> None:
    asked(real_tenant, "R-1")
    written, sealed = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            record(tenant_id=real_tenant, kind="Asked", subject="R-2", by=software("test"), at=T0)
            written.set()
            sealed.wait(0.3)  # far longer than sealing takes; it must still be waiting for us

    def close() -> None:
        written.wait(5)
        seal(real_tenant, at=T0)
        sealed.set()

    threads = [threading.Thread(target=in_threads, args=(1, work)) for work in (write, close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Seal.unscoped.values_list("subjects", flat=True)) == [2]
    assert verify_seals(real_tenant) is None


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


def test_who_holds_a_subject_makes_other_work_on_it_wait(real_tenant: int, steps: Steps) -> None:
    asked(real_tenant, "R-1")
    held, seen = threading.Event(), []

    def person() -> None:
        with transaction.atomic():
            hold(real_tenant, "R-1")
            held.set()
            threading.Event().wait(0.2)
            seen.extend(steps.did)

    def work() -> None:
        held.wait(5)
        steps.drain()

    threads = [threading.Thread(target=in_threads, args=(1, what)) for what in (person, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == []
    assert [step for step, _ in steps.did] == ["triage", "screen", "tell"]


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
