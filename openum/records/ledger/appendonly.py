"""Tables whose rows are never changed or removed: the database itself refuses, for the ORM, raw SQL and bulk alike.

A room calls ``append_only`` beside its model; the ledger's ``post_migrate`` hook installs the triggers on every
``migrate``, because SQLite drops them when it rebuilds a table. The refusal arrives as ``django.db.IntegrityError``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FUNCTION = """
CREATE OR REPLACE FUNCTION openum_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


@dataclass(frozen=True, slots=True)
class Guard:
    """One guarded table. ``may_change`` columns stay free; with ``once``, a row is fixed when that column is set."""

    table: str
    may_change: tuple[str, ...] = ()
    once: str = ""


_GUARDS: dict[str, Guard] = {}


def append_only(table: str, *, may_change: tuple[str, ...] = (), once: str = "") -> None:
    """Guard a table: no DELETE, no UPDATE except of ``may_change``.

    ``once`` names a column: until it is set a row is a draft and free, afterwards it is fixed (``once="sent_at"``).
    Call it at import, beside the model. Raises ``ValueError`` for a name that is no plain SQL name.
    """
    for name in (table, *may_change, *([once] if once else [])):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a plain table or column name.")
    _GUARDS[table] = Guard(table, may_change, once)


def guarded() -> tuple[Guard, ...]:
    """Every registered guard, by table."""
    return tuple(_GUARDS[name] for name in sorted(_GUARDS))


def install(using: str = "default") -> None:
    """Put every guard in place (again) on tables that exist. Raises ``LookupError`` for a column that does not."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        present = [guard for guard in guarded() if guard.table in existing]
        if connection.vendor == "postgresql" and present:
            cursor.execute(_FUNCTION)
        for guard in present:
            described = connection.introspection.get_table_description(cursor, guard.table)
            for statement in _statements(connection, guard, [column.name for column in described]):
                cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Take the guards off: only for emptying a test database between tests. ``install`` puts them back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        for guard in guarded():
            for verb in _verbs(connection) if guard.table in existing else ():
                cursor.execute(_drop(connection, guard.table, verb))


def missing(using: str = "default") -> tuple[str, ...]:
    """The triggers that ought to be there and are not, as ``table.verb``: empty on a sound database."""
    connection = connections[using]
    question = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        found = {name for (name,) in cursor.fetchall()}
    wanted = [(guard.table, verb) for guard in guarded() for verb in _verbs(connection)]
    return tuple(f"{table}.{verb}" for table, verb in wanted if _trigger(table, verb) not in found)


def _verbs(connection: BaseDatabaseWrapper) -> tuple[str, ...]:
    return ("update", "delete", "truncate") if connection.vendor == "postgresql" else ("update", "delete")


def _trigger(table: str, verb: str) -> str:
    # PostgreSQL cuts names at 63 bytes; the longest table name of ours leaves room
    return f"{table}_no_{verb}"


def _drop(connection: BaseDatabaseWrapper, table: str, verb: str) -> str:
    on_table = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    return f'DROP TRIGGER IF EXISTS "{_trigger(table, verb)}"{on_table}'


def _statements(connection: BaseDatabaseWrapper, guard: Guard, columns: list[str]) -> list[str]:
    for name in (*guard.may_change, *([guard.once] if guard.once else [])):
        if name not in columns:
            raise LookupError(f"{guard.table} has no column {name!r}; mend its append_only(...).")
    made = [_drop(connection, guard.table, verb) for verb in _verbs(connection)]
    return made + [_create(connection, guard, verb, columns) for verb in _verbs(connection)]


def _create(connection: BaseDatabaseWrapper, guard: Guard, verb: str, columns: list[str]) -> str:
    begin = f'CREATE TRIGGER "{_trigger(guard.table, verb)}" BEFORE {verb.upper()} ON "{guard.table}"'
    if verb == "truncate":
        return f"{begin} FOR EACH STATEMENT EXECUTE FUNCTION openum_append_only()"
    condition = _condition(connection, guard, verb, columns)
    when = f" WHEN ({condition})" if condition else ""
    if connection.vendor == "postgresql":
        return f"{begin} FOR EACH ROW{when} EXECUTE FUNCTION openum_append_only()"
    return f"{begin} FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{guard.table} is append-only'); END"


def _condition(connection: BaseDatabaseWrapper, guard: Guard, verb: str, columns: list[str]) -> str:
    fixed = f'OLD."{guard.once}" IS NOT NULL' if guard.once else ""
    if verb != "update" or not guard.may_change:
        return fixed
    differs = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    frozen = [name for name in columns if name not in guard.may_change]
    changed = " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in frozen)
    return f"{fixed} AND ({changed})" if fixed else changed
