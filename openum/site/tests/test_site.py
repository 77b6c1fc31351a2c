"""The installation as a whole: alive or not, with its headers, on the database it was told to use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from openum.site.environment import PROJECT


def manage(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in a process of its own, in an environment of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("OPENUM_", "DATABASE_URL"))}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=clean | environ, capture_output=True, text=True, check=False)


@pytest.mark.django_db
def test_health_is_ok_when_the_database_answers() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_health_is_only_read() -> None:
    assert Client().post("/healthz").status_code == 405


@pytest.mark.django_db
def test_every_answer_carries_the_security_headers() -> None:
    response = Client().get("/healthz")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_sqlite_writes_ahead_and_waits_for_its_turn() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite; this run is on PostgreSQL")
    assert settings.DATABASES["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        answers = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "busy_timeout", "foreign_keys")
        ]
    assert answers == ["wal", 20000, 1]


@pytest.mark.django_db
def test_moments_are_kept_in_utc() -> None:
    assert (settings.USE_TZ, settings.TIME_ZONE) == (True, "UTC")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            assert cursor.execute("SHOW timezone").fetchone() == ("UTC",)


def test_a_fault_in_the_settings_is_said_in_plain_words() -> None:
    done = manage("check", OPENUM_DEBUG="yes")
    assert done.returncode == 1
    assert done.stderr == "OpenUM cannot start:\n  - OPENUM_DEBUG: use 'true' or 'false', not 'yes'\n"


def test_production_passes_djangos_own_deployment_check() -> None:
    done = manage(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        OPENUM_ENV="production",
        OPENUM_SECRET_KEY="9aZ-bY8_cX7dW6eV5fU4gT3hS2iR1jQ0kPlOmNnMoLpKqJrIsHtGuFvEwDxCyBz",
        OPENUM_ALLOWED_HOSTS="um.example.org",
        OPENUM_BASE_URL="https://um.example.org",
        DATABASE_URL="postgres://openum:secret@db.example.org/openum",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
