"""What every test shares: which tests touch the database, and where the SQLite of a test run lies.

``./dev test`` runs everything on SQLite, then what touches the database once more on PostgreSQL (``-m database``).
Nobody sets that mark by hand: a test has it when it asks for pytest-django's database, by mark, fixture or base class.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import TransactionTestCase

from openum.records.ledger import appendonly

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_serialized_rollback", "django_db_reset_sequences"}
DATABASE_FIXTURES |= {"django_db_setup", "live_server", "admin_client", "admin_user"}


def touches_database(item: pytest.Item) -> bool:
    """Whether this test may read or write rows."""
    if item.get_closest_marker("django_db"):
        return True
    kind = getattr(item, "cls", None)
    if kind is not None and issubclass(kind, TransactionTestCase):
        return True
    return not DATABASE_FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, before ``-m`` selects."""
    for item in items:
        if touches_database(item):
            item.add_marker("database")


def pytest_report_header() -> str:
    """Say which database this run is on."""
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite's test database into a file: in memory, threads would share one connection and no lock is real."""
    chosen = connections["default"].settings_dict
    if chosen["ENGINE"].endswith("sqlite3"):
        chosen["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def tables_can_be_emptied_between_tests() -> Iterator[None]:
    """Lift the append-only guards while Django empties the tables; its ``post_migrate`` then puts them back."""
    empty = BaseDatabaseOperations.execute_sql_flush

    def lift_and_empty(operations: BaseDatabaseOperations, statements: list[str]) -> None:
        appendonly.lift(operations.connection.alias)
        empty(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", lift_and_empty)
        yield
