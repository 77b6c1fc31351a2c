"""Setting Django up when a verb needs it, and refusing where there is no database to work on."""

from __future__ import annotations

import django
from django.apps import apps
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from openum.core.refusal import Refusal


def start_django() -> None:
    """Set Django up; raises ``ImproperlyConfigured`` with what is wrong in the environment."""
    if not apps.ready:
        django.setup()


def require_database() -> None:
    """Refuse to work on a database that cannot be reached, or whose tables are not there or not up to date.

    Raises:
        Refusal: ``database-unreachable``, ``database-not-ready``.
    """
    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        raise Refusal(
            "database-unreachable",
            "The database cannot be reached.",
            "Check DATABASE_URL, and that the database server runs.",
        ) from None
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refusal(
            "database-not-ready",
            "The database of this installation has no tables yet, or not all of them.",
            "Run `openum demo` to fill it with the demo world, or `python manage.py migrate` for an empty one. "
            "`openum decide --plan …` needs no database at all.",
        )
