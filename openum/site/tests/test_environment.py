"""The environment is read strictly: every fault is named with its mend, and production is guarded."""

from __future__ import annotations

from pathlib import Path

import pytest

from openum.site import environment
from openum.site.environment import PROJECT, Database, SettingsFault, read

GOOD_PRODUCTION = {
    "OPENUM_ENV": "production",
    "OPENUM_SECRET_KEY": "k" * 50,
    "OPENUM_ALLOWED_HOSTS": "um.example.org",
    "OPENUM_BASE_URL": "https://um.example.org/",
    "DATABASE_URL": "postgres://openum:secret@db.example.org:5432/openum",
}


def fault_of(environ: dict[str, str]) -> list[str]:
    """The lines of the fault that reading raises, without the head line and the dashes."""
    with pytest.raises(SettingsFault) as caught:
        read(environ)
    head, *lines = str(caught.value).splitlines()
    assert head == "OpenUM cannot start:"
    return [line.removeprefix("  - ") for line in lines]


def test_an_empty_environment_is_a_laptop_with_sqlite() -> None:
    found = read({})
    assert found.mode == "development"
    assert not found.production
    assert found.debug is False
    assert found.database == Database(vendor="sqlite", name=str(PROJECT / "var/openum.sqlite3"))
    assert found.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert found.library == (PROJECT / "library",)
    assert found.data == PROJECT / "var"


def test_an_empty_value_counts_as_not_set() -> None:
    assert read({"OPENUM_DEBUG": "", "DATABASE_URL": " "}) == read({})


def test_a_whole_production_environment_is_taken() -> None:
    found = read(GOOD_PRODUCTION)
    assert found.production
    assert found.base_url == "https://um.example.org"
    assert found.database == Database("postgresql", "openum", "openum", "secret", "db.example.org", "5432")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"OPENUM_MOST_LINES": "0"}, "OPENUM_MOST_LINES: use a whole number from 1 to 10000, not '0'"),
        ({"OPENUM_MOST_BODY_MIB": "1.5"}, "OPENUM_MOST_BODY_MIB: use a whole number from 1 to 60, not '1.5'"),
        ({"OPENUM_SECRET_KEY": ""}, "OPENUM_SECRET_KEY: set at least 50 random characters"),
        ({"OPENUM_SECRET_KEY": "k" * 49}, "OPENUM_SECRET_KEY: set at least 50 random characters"),
        (
            {"OPENUM_SECRET_KEY": environment.DEVELOPMENT_SECRET},
            "OPENUM_SECRET_KEY: set at least 50 random characters",
        ),
        ({"OPENUM_DEBUG": "true"}, "OPENUM_DEBUG: use 'false'"),
        ({"OPENUM_ALLOWED_HOSTS": ""}, "OPENUM_ALLOWED_HOSTS: name the hosts"),
        ({"OPENUM_ALLOWED_HOSTS": "um.example.org,*"}, "OPENUM_ALLOWED_HOSTS: name the hosts"),
        ({"DATABASE_URL": ""}, "DATABASE_URL: use PostgreSQL"),
        ({"DATABASE_URL": "sqlite:///var/x.sqlite3"}, "DATABASE_URL: use PostgreSQL"),
        ({"OPENUM_BASE_URL": "http://um.example.org"}, "OPENUM_BASE_URL: set the https address"),
    ],
)
def test_production_refuses_to_start(change: dict[str, str], said: str) -> None:
    (fault,) = fault_of(GOOD_PRODUCTION | change)
    assert fault.startswith(said)


def test_production_runs_on_sqlite_only_when_told_so() -> None:
    found = read(GOOD_PRODUCTION | {"DATABASE_URL": "sqlite:////srv/openum.sqlite3", "OPENUM_ALLOW_SQLITE": "true"})
    assert found.database == Database(vendor="sqlite", name="/srv/openum.sqlite3")


def test_every_fault_is_named_at_once() -> None:
    faults = fault_of({"OPENUM_DEBUG": "yes", "OPENUM_LOG_LEVEL": "loud", "OPENUM_ENV": "prod", "OPENUM_TYPO": "1"})
    assert faults == [
        "OPENUM_ENV: use 'development' or 'production', not 'prod'",
        "OPENUM_DEBUG: use 'true' or 'false', not 'yes'",
        "OPENUM_LOG_LEVEL: use 'DEBUG' or 'INFO' or 'WARNING' or 'ERROR', not 'loud'",
        "OPENUM_TYPO is not a setting; docs/reference/settings.md lists them",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqlite:///var/a.sqlite3", Database("sqlite", str(PROJECT / "var/a.sqlite3"))),
        ("sqlite:////srv/a%20b.sqlite3", Database("sqlite", "/srv/a b.sqlite3")),
        ("postgres:///openum", Database("postgresql", "openum")),
        ("postgresql://u@h/openum", Database("postgresql", "openum", "u", "", "h")),
        (
            "postgres://u%40x:p%2Fw@[::1]:5433/openum?sslmode=require",
            Database("postgresql", "openum", "u@x", "p/w", "::1", "5433", (("sslmode", "require"),)),
        ),
    ],
)
def test_a_database_address_is_read(text: str, expected: Database) -> None:
    assert read({"DATABASE_URL": text}).database == expected


@pytest.mark.parametrize(
    "text",
    ["mysql://u:hunter2@h/x", "sqlite://x", "sqlite:///", "hunter2", "postgres://u:hunter2@h", "postgres://u:hunter2/@h:5432/x",
     "postgres://u:hunter2@h/a/b", "postgres://u:hunter2@h:port/x"],
)  # fmt: skip
def test_a_database_address_that_cannot_be_read_is_refused_without_quoting_its_password(text: str) -> None:
    (fault,) = fault_of({"DATABASE_URL": text})
    assert fault.startswith("DATABASE_URL: ")
    assert "hunter2" not in fault


@pytest.mark.parametrize("text", ["um.example.org", "ftp://um.example.org", "https://", "https://a.example/?x=1"])
def test_a_base_address_must_be_http_and_bare(text: str) -> None:
    (fault,) = fault_of({"OPENUM_BASE_URL": text})
    assert fault == f"OPENUM_BASE_URL: use an address such as 'https://um.example.org', not '{text}'"


def test_a_payer_adds_its_shelf_behind_ours(tmp_path: Path) -> None:
    assert read({"OPENUM_LIBRARY": f"library:{tmp_path}"}).library == (PROJECT / "library", tmp_path)
    (fault,) = fault_of({"OPENUM_LIBRARY": "library:no-such-shelf"})
    assert fault.startswith("OPENUM_LIBRARY: there is no folder 'no-such-shelf'")


def test_every_default_in_the_list_reads_to_the_same_as_no_value() -> None:
    written = {v.name: v.default for v in environment.VARIABLES if v.name != "OPENUM_SECRET_KEY"}
    assert read(written) == read({})
