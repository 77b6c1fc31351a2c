"""What was said and done stays: the tables of record are guarded in the database that ``migrate`` leaves behind."""

from __future__ import annotations

import pytest
from django.apps import apps

from openum.records.ledger import appendonly

# The tables whose rows are for ever, once they are written or, with a column named, once that column is set.
FOR_EVER = {
    "records_ledger_event": "",
    "payer_reviews_review": "",
    "payer_determinations_determination": "",
    "payer_notices_notice": "sent_at",
}


def built() -> list[str]:
    """Those of them whose room stands."""
    tables = {model._meta.db_table for model in apps.get_models()}
    return [table for table in FOR_EVER if table in tables]


@pytest.mark.django_db
def test_after_migrate_every_guard_is_in_place() -> None:
    assert appendonly.guarded() != ()
    assert appendonly.missing() == ()


@pytest.mark.parametrize("table", built())
def test_a_table_of_record_is_guarded_whole(table: str) -> None:
    (guard,) = [guard for guard in appendonly.guarded() if guard.table == table]
    assert (guard.may_change, guard.once) == ((), FOR_EVER[table])
