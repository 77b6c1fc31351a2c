"""The database refuses to change or remove what happened, whichever way one tries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from openum.core.actor import software
from openum.records.ledger import appendonly
from openum.records.ledger.actions import record, seal
from openum.records.ledger.models import Errand, Event, Seal
from openum.records.ledger.queries import verify_chain, verify_seals

T0 = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)


def ledger_guards_missing() -> list[str]:
    return [name for name in appendonly.missing() if name.startswith("records_ledger_")]


@pytest.fixture
def event(tenant: int) -> Event:
    """One event, sealed; its errand done with, so that nothing but the guard can refuse."""
    record(tenant_id=tenant, kind="A", subject="R-1", by=software("test"), at=T0, n=1)
    seal(tenant, at=T0)
    Errand.unscoped.all().delete()
    return Event.unscoped.get()


def change_by_save(event: Event) -> None:
    event.kind = "B"
    event.save()


def change_by_update(event: Event) -> None:
    Event.unscoped.filter(pk=event.pk).update(kind="B")


def change_by_bulk(event: Event) -> None:
    event.body = {"n": 2}
    Event.unscoped.bulk_update([event], ["body"])


def change_by_sql(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledger_event SET by = 'person:1' WHERE id = %s", [event.pk])


def change_to_the_same_by_sql(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_ledger_event SET kind = kind")


def replace_by_upsert(event: Event) -> None:
    event.kind = "B"
    Event.unscoped.bulk_create([event], update_conflicts=True, unique_fields=["id"], update_fields=["kind"])


def remove_by_delete(event: Event) -> None:
    event.delete()


def remove_by_queryset(event: Event) -> None:
    Event.unscoped.all().delete()


def remove_by_raw_queryset(event: Event) -> None:
    Event.unscoped.filter(pk=event.pk)._raw_delete("default")


def remove_by_sql(event: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_ledger_event")


def remove_seal(event: Event) -> None:
    Seal.unscoped.all().delete()


def change_seal(event: Event) -> None:
    Seal.unscoped.all().update(digest="0")


WAYS = [
    change_by_save, change_by_update, change_by_bulk, change_by_sql, change_to_the_same_by_sql, replace_by_upsert,
    remove_by_delete, remove_by_queryset, remove_by_raw_queryset, remove_by_sql, remove_seal, change_seal,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_event_and_a_seal_are_neither_changed_nor_removed(event: Event, way) -> None:  # type: ignore[no-untyped-def]
    before = Event.unscoped.values().get(), Seal.unscoped.values().get()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        way(Event.unscoped.get())
    assert (Event.unscoped.values().get(), Seal.unscoped.values().get()) == before


def test_sqlite_replace_does_not_get_round_the_guard(event: Event) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's own")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO records_ledger_event (id, tenant_id, subject, number, kind, at, by, body, previous,"
            " digest) SELECT id, tenant_id, subject, number, 'B', at, by, body, previous, digest"
            " FROM records_ledger_event"
        )
    assert Event.unscoped.get().kind == "A"


def test_postgresql_truncate_is_refused(event: Event) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or PostgreSQL refuses for another reason
    assert run("TRUNCATE records_ledger_event CASCADE") == "refused"
    assert Event.unscoped.count() == 1


def test_every_migrate_puts_the_guards_back(db: None) -> None:
    assert ledger_guards_missing() == []
    with connection.cursor() as cursor:
        on_table = " ON records_ledger_event" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER records_ledger_event_no_update{on_table}")
    assert ledger_guards_missing() == ["records_ledger_event.update"]
    call_command("migrate", verbosity=0)
    assert ledger_guards_missing() == []


@pytest.fixture
def scratch(db: None, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """An empty registry and a table of notices: id, text, sent_at, read_at."""
    monkeypatch.setattr(appendonly, "_GUARDS", {})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE scratch_notice (id integer PRIMARY KEY, text text, sent_at text, read_at text)")
        cursor.execute("INSERT INTO scratch_notice VALUES (1, 'draft', NULL, NULL), (2, 'sent', '2026-03-02', NULL)")
    return cursor


def run(sql: str) -> str:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            return f"{cursor.rowcount} done"
    except IntegrityError:
        return "refused"


def test_a_guard_with_once_leaves_drafts_free_and_fixes_what_was_sent(scratch: object) -> None:
    appendonly.append_only("scratch_notice", once="sent_at")
    appendonly.install()
    assert run("UPDATE scratch_notice SET text = 'x' WHERE id = 2") == "refused"
    assert run("UPDATE scratch_notice SET sent_at = NULL WHERE id = 2") == "refused"
    assert run("DELETE FROM scratch_notice WHERE id = 2") == "refused"
    assert run("UPDATE scratch_notice SET text = 'x' WHERE id = 1") == "1 done"
    assert run("UPDATE scratch_notice SET sent_at = '2026-03-03' WHERE id = 1") == "1 done"
    assert run("UPDATE scratch_notice SET text = 'y' WHERE id = 1") == "refused"


def test_a_guard_may_leave_named_columns_free(scratch: object) -> None:
    appendonly.append_only("scratch_notice", may_change=("read_at",))
    appendonly.install()
    assert run("UPDATE scratch_notice SET read_at = '2026-03-04' WHERE id = 2") == "1 done"
    assert run("UPDATE scratch_notice SET read_at = NULL, text = 'x' WHERE id = 2") == "refused"
    assert run("UPDATE scratch_notice SET sent_at = '2026-03-04' WHERE sent_at IS NULL") == "refused"
    assert run("DELETE FROM scratch_notice WHERE id = 1") == "refused"


def test_a_guard_may_do_both(scratch: object) -> None:
    appendonly.append_only("scratch_notice", once="sent_at", may_change=("read_at",))
    appendonly.install()
    assert run("UPDATE scratch_notice SET read_at = '2026-03-04'") == "2 done"
    assert run("UPDATE scratch_notice SET text = 'x' WHERE id = 1") == "1 done"
    assert run("UPDATE scratch_notice SET text = 'x' WHERE id = 2") == "refused"


def test_a_draft_under_once_can_be_removed(scratch: object) -> None:
    appendonly.append_only("scratch_notice", once="sent_at")
    appendonly.install()
    assert run("DELETE FROM scratch_notice WHERE id = 1") == "1 done"


def test_a_guard_for_a_column_that_is_not_there_is_an_error_and_a_missing_table_waits(scratch: object) -> None:
    appendonly.append_only("not_there_yet", once="sent_at")
    appendonly.install()
    assert appendonly.missing()[0] == "not_there_yet.update"
    appendonly.append_only("scratch_notice", once="posted_at")
    with pytest.raises(LookupError, match="posted_at"):
        appendonly.install()


@pytest.mark.parametrize("name", ["Robert'); DROP TABLE x; --", "", "Table", "1st"])
def test_a_name_that_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        appendonly.append_only(name)


def test_tampering_past_the_guard_shows_in_the_chain_and_in_the_seals(event: Event, tenant: int) -> None:
    record(tenant_id=tenant, kind="B", subject="R-1", by=software("test"), at=T0)
    record(tenant_id=tenant, kind="C", subject="R-1", by=software("test"), at=T0)
    seal(tenant, at=T0)
    Errand.unscoped.all().delete()
    assert (verify_chain(tenant, "R-1").broken_at, verify_seals(tenant)) == (None, None)
    appendonly.lift()
    try:
        Event.unscoped.filter(number=3).delete()
        assert (verify_chain(tenant, "R-1").broken_at, verify_seals(tenant)) == (None, 2)
        Event.unscoped.filter(number=1).update(body={"n": 2})
        assert verify_chain(tenant, "R-1").broken_at == 1
    finally:
        appendonly.install()
    assert ledger_guards_missing() == []


def test_sealing_covers_what_is_new_and_then_has_nothing_to_do(event: Event, tenant: int) -> None:
    assert seal(tenant, at=T0) is None
    record(tenant_id=tenant, kind="B", subject="R-1", by=software("test"), at=T0)
    record(tenant_id=tenant, kind="A", subject="R-2", by=software("test"), at=T0)
    assert seal(tenant, at=T0) == 2
    second = Seal.unscoped.get(number=2)
    assert (second.subjects, second.previous) == (2, Seal.unscoped.get(number=1).digest)
    assert verify_seals(tenant) is None
