"""A case run inline leaves what the queue would have left, or nothing."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from openum.core.actor import software
from openum.records.ledger.actions import record, seal
from openum.records.ledger.inline import StepFailed, current, running
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import verify_chain, verify_seals
from openum.records.ledger.queue import Drained
from openum.records.ledger.tests.route import T0, Steps, asked, kinds, waiting


def run_inline(tenant: int, steps: Steps, subject: str = "R-1") -> None:
    with transaction.atomic(), running(steps.route, wing="payer", clock=lambda: T0) as finish:
        record(tenant_id=tenant, kind="Asked", subject=subject, by=software("test"), at=T0, lines=[1])
        finish()


def test_inline_and_queue_leave_the_same_events_and_no_errand(tenant: int, steps: Steps) -> None:
    run_inline(tenant, steps, "R-1")
    inline = list(steps.did)
    asked(tenant, "R-2")
    steps.drain()
    assert [step for step, _ in inline] == [step for step, subject in steps.did if subject == "R-2"]
    assert kinds("R-1") == kinds("R-2") == ["Asked", "Triaged", "Screened", "Told"]
    assert waiting() == []
    done = Errand.unscoped.filter(subject="R-1").order_by("id").values_list("step", "tries", "done_at")
    assert set(done) == {("triage", 1, T0), ("screen", 1, T0), ("tell", 1, T0), ("", 1, T0)}
    seal(tenant, at=T0)
    assert verify_chain(tenant, "R-1").sound
    assert verify_seals(tenant) is None
    assert steps.drain() == Drained(0, 0)


def test_a_whole_run_inline_costs_three_statements_for_the_ledger(tenant: int, steps: Steps) -> None:
    with CaptureQueriesContext(connection) as spent:
        run_inline(tenant, steps)
    assert len([query for query in spent if "SAVEPOINT" not in query["sql"]]) == 3


def test_an_inline_run_goes_on_where_the_subjects_chain_ended(tenant: int, steps: Steps) -> None:
    asked(tenant, "R-1")
    steps.drain()
    run_inline(tenant, steps)
    assert (verify_chain(tenant, "R-1").events, verify_chain(tenant, "R-1").sound) == (8, True)


def test_a_step_that_fails_inline_leaves_nothing_at_all(tenant: int, steps: Steps) -> None:
    steps.broken = {"screen"}
    with pytest.raises(StepFailed, match="screen"):
        run_inline(tenant, steps)
    assert (Event.unscoped.count(), Errand.unscoped.count()) == (0, 0)
    assert current() is None


def test_an_event_for_the_other_wing_is_queued_and_not_run(tenant: int, steps: Steps) -> None:
    with transaction.atomic(), running(steps.route, wing="payer", clock=lambda: T0) as finish:
        record(tenant_id=tenant, kind="Asked", subject="S-1", by=software("test"), at=T0, wing="provider")
        finish()
    assert steps.did == []
    assert list(Errand.unscoped.values_list("subject", "wing", "done_at")) == [("S-1", "provider", None)]
