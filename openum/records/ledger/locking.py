"""One writer per subject at a time.

PostgreSQL: an advisory lock until the end of the transaction. SQLite: transactions begin IMMEDIATE, so there is one
writer at a time in any case (``openum/site/settings.py``; the check below holds the settings to it).
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connection

LOCK = "SELECT pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(%s); "
"""Sent in one message with the statement that follows it: both cost one round trip, and the second statement sees what
the lock's last holder committed, which a lock inside the same statement would not."""


def lock_keys(tenant_id: int, subject: str) -> tuple[int, int]:
    """The keys of the tenant's and the subject's locks. Two subjects that share a key merely wait for each other."""
    return _key(f"openum tenant {tenant_id}"), _key(f"openum subject {tenant_id} {subject}")


def require_transaction() -> None:
    """Raise ``RuntimeError`` outside a transaction: what is written here belongs to the caller's own write."""
    if not connection.in_atomic_block:
        raise RuntimeError("Call this inside transaction.atomic(): it must be written together with what caused it.")


def refuse_transaction() -> None:
    """Raise ``RuntimeError`` inside a transaction (a test's wrapper does not count): each step commits by itself."""
    if connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise RuntimeError("Call this outside transactions: each step is a transaction of its own.")


def hold(tenant_id: int, subject: str) -> None:
    """Wait until no other transaction works on this subject, and keep it so to the end of ours."""
    require_transaction()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(LOCK, lock_keys(tenant_id, subject))


def hold_tenant(tenant_id: int) -> None:
    """Wait until no other transaction writes any event of this tenant, and keep it so to the end of ours."""
    require_transaction()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_key(f"openum tenant {tenant_id}")])


def check_sqlite_settings(**_: Any) -> list[CheckMessage]:
    """The two SQLite settings that the ledger's promises rest on.

    Without IMMEDIATE two transactions could read the same head before either writes. Without recursive triggers
    ``INSERT OR REPLACE`` removes a row and no DELETE trigger hears of it.
    """
    if connection.vendor != "sqlite":
        return []
    options = connection.settings_dict["OPTIONS"]
    faults: list[CheckMessage] = []
    if options.get("transaction_mode") != "IMMEDIATE":
        hint = "Set OPTIONS = {'transaction_mode': 'IMMEDIATE'} for the SQLite database."
        faults.append(Error("SQLite transactions must begin IMMEDIATE.", hint=hint, id="records_ledger.E001"))
    if "recursive_triggers=on" not in options.get("init_command", "").lower():
        hint = "Add 'PRAGMA recursive_triggers=ON;' to OPTIONS['init_command'] of the SQLite database."
        faults.append(Error("SQLite must run triggers on replaced rows.", hint=hint, id="records_ledger.E002"))
    return faults


def _key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
