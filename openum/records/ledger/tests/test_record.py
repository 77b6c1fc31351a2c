"""One event: what is written, by how many statements, and how events hang together."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from openum.core.actor import Actor, software
from openum.records.ledger.actions import record
from openum.records.ledger.locking import check_sqlite_settings
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import events_of, happened, is_waiting, verify_chain
from openum.records.ledger.values import Subject, digest_of, plain
from openum.records.parties.scope import software_scope

T0 = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)
NAIVE = T0.replace(tzinfo=None)
NORA = Actor(kind="person", id="12", name="Nora")


def test_an_event_is_written_with_its_number_its_actor_and_one_unrouted_errand(tenant: int) -> None:
    event = record(tenant_id=tenant, kind="RequestSubmitted", subject="R-1", by=NORA, at=T0, lines=[1, 2])
    assert (event.number, event.kind, event.by, event.body) == (1, "RequestSubmitted", "person:12", {"lines": [1, 2]})
    assert happened(Event.unscoped.get()) == event
    errand = Errand.unscoped.get()
    assert (errand.event_id, errand.wing, errand.step, errand.key) == (event.id, "payer", "", f"event:{event.id}")
    assert (errand.due_at, errand.leased_until, errand.tries, errand.done_at, errand.trouble) == (T0, None, 0, None, "")


def test_recording_takes_three_statements(tenant: int) -> None:
    record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=T0)
    with CaptureQueriesContext(
        connection,
    ) as spent:
        record(tenant_id=tenant, kind="B", subject="R-1", by=NORA, at=T0, why="because")
    assert len(spent) == 3


def test_events_of_one_subject_are_chained_and_those_of_another_begin_anew(tenant: int) -> None:
    first = record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=T0)
    other = record(tenant_id=tenant, kind="A", subject="R-2", by=NORA, at=T0)
    second = record(tenant_id=tenant, kind="B", subject="R-1", by=software("criteria"), at=T0)
    assert (first.previous, other.previous, second.previous) == ("", "", first.digest)
    assert (other.number, second.number) == (1, 2)
    assert len({first.digest, second.digest, other.digest}) == 3
    assert events_of(software_scope(tenant, "test"), "R-1") == (first, second)
    assert verify_chain(tenant, "R-1").sound
    assert verify_chain(tenant, "R-1").events == 2


def test_the_same_case_number_at_two_tenants_is_two_subjects(tenant: int) -> None:
    from openum.records.tenants.actions import open_tenant

    other = open_tenant(slug="red", name="Red Plan", kind="payer", time_zone="America/New_York").id
    record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=T0)
    assert record(tenant_id=other, kind="A", subject="R-1", by=NORA, at=T0).number == 1
    assert [event.tenant_id for event in events_of(software_scope(other, "test"), "R-1")] == [other]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused_and_nothing_is_written() -> None:
    with pytest.raises(RuntimeError, match="inside transaction"):
        record(tenant_id=1, kind="A", subject="R-1", by=NORA, at=T0)
    assert Event.unscoped.count() == 0


def test_an_event_goes_when_its_transaction_is_rolled_back(tenant: int) -> None:
    with transaction.atomic():
        record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=T0)
        transaction.set_rollback(True)
    assert (Event.unscoped.count(), Errand.unscoped.count()) == (0, 0)


def test_a_digest_survives_the_journey_through_the_database(tenant: int) -> None:
    facts = {
        "text": "Muñoz \u2028 'quoted' \\ \"", "whole": 30.0, "large": 1e22, "small": 1e-7, "third": 1 / 3,
        "minus": -0.0,
        "on": dt.date(2026, 3, 2), "at_": T0, "nested": {"b": [None, True, {"z": 1, "a": 2}]}, "none": None,
    }  # fmt: skip
    record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=T0, **facts)
    record(tenant_id=tenant, kind="B", subject="R-1", by=NORA, at=T0 + dt.timedelta(microseconds=1))
    assert verify_chain(tenant, "R-1").sound
    body = Event.unscoped.get(number=1).body
    assert (body["whole"], body["large"], body["on"]) == (30, 10**22, "2026-03-02")
    assert body["at_"] == "2026-03-02T15:02:00.000000+00:00"


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError), (float("inf"), ValueError), ("a\x00b", ValueError), ("\ud800", ValueError),
        (NAIVE, ValueError), (b"bytes", TypeError), (Decimal(1), TypeError), ({1: 2}, TypeError),
        ({1, 2}, TypeError),
    ],
)  # fmt: skip
def test_what_json_cannot_keep_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        plain({"fact": value})


def test_a_moment_without_a_zone_is_refused(tenant: int) -> None:
    with pytest.raises(ValueError, match="zone"):
        record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=NAIVE)
    assert Event.unscoped.count() == 0


def test_a_digest_is_sha256_over_the_written_form_so_that_others_can_check_it() -> None:
    import hashlib

    fields = {
        "tenant": 7, "subject": "R-1", "number": 2, "kind": "A", "at": "2026-03-02T15:02:00.000000+00:00",
        "by": "person:12", "body": {"n": 1}, "previous": "ab",
    }  # fmt: skip
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"))
    given = digest_of(
        tenant_id=7, subject="R-1", number=2, kind="A", at=T0, by="person:12", body={"n": 1}, previous="ab"
    )
    assert given == hashlib.sha256(text.encode()).hexdigest()


def test_a_subject_waits_while_one_of_its_errands_is_due(tenant: int) -> None:
    record(tenant_id=tenant, kind="A", subject="R-1", by=NORA, at=T0)
    assert is_waiting(Subject(tenant, "R-1"), now=T0)
    assert not is_waiting(Subject(tenant, "R-1"), now=T0 - dt.timedelta(seconds=1))
    assert not is_waiting(Subject(tenant, "R-2"), now=T0)


def test_the_settings_the_ledger_rests_on_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_sqlite_settings() == []
    if connection.vendor != "sqlite":
        return
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"init_command": "PRAGMA journal_mode=WAL;"})
    assert [fault.id for fault in check_sqlite_settings()] == ["records_ledger.E001", "records_ledger.E002"]
