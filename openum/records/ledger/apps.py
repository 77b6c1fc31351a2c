"""The ledger room."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db.models.signals import post_migrate

from openum.records.ledger import appendonly, locking


class LedgerConfig(AppConfig):
    """Label ``records_ledger``. Every ``migrate`` ends by putting the append-only guards back."""

    name = "openum.records.ledger"
    label = "records_ledger"

    def ready(self) -> None:
        """Ask for the guards after every migrate: SQLite drops a table's triggers when it rebuilds the table."""

        def reinstall(*, using: str, **_: Any) -> None:
            appendonly.install(using)

        post_migrate.connect(reinstall, sender=self, weak=False, dispatch_uid="openum.appendonly")
        register(locking.check_sqlite_settings)
