"""The demo from an empty folder: it decides its world, serves it, ends when told to, and is harmless to run again."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from openum.doors.cli.showing import HOST

REQUESTS, PATIENCE = 12, 240
OPENUM = [sys.executable, "-m", "openum.doors.cli"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    """Settings that lead there and nowhere else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENUM_", "DJANGO_"))}
    return kept | {"DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3", "OPENUM_DATA": str(folder), "NO_COLOR": "1"}


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def demo(environment: dict[str, str], *more: str) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end."""
    command = [*OPENUM, "demo", "--no-serve", "--requests", str(REQUESTS), "--as-of", "2026-06-01", *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)


def counted(folder: Path) -> list[int]:
    """Cases, members, events and clients."""
    tables = ("payer_intake_case", "records_parties_member", "records_ledger_event", "records_parties_apiclient")
    with closing(sqlite3.connect(folder / "demo.sqlite3")) as kept:
        return [kept.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608


def until(found: Callable[[], bool]) -> None:
    """Wait for something; fail when it does not come."""
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def page(port: int, path: str = "") -> str:
    """A page of the served demo; empty while nobody serves it yet."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/{path}", timeout=30) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


@pytest.fixture(scope="module")
def shown(environment: dict[str, str], folder: Path) -> Iterator[tuple[int, str]]:
    """The demo served while it decides; its port, and what it printed until everything was decided."""
    port, printed = free_port(), folder / "printed.txt"
    command = [*OPENUM, "demo", "--port", str(port), "--requests", str(REQUESTS), "--as-of", "2026-06-01"]
    with printed.open("wb") as out, subprocess.Popen(command, env=environment, stdout=out, stderr=out) as running:
        try:
            until(lambda: running.poll() is not None or "(Ctrl-C ends it)" in printed.read_text(encoding="utf-8"))
            yield port, printed.read_text(encoding="utf-8")
        finally:
            running.send_signal(signal.SIGINT)
            try:
                ended = running.wait(30)
            finally:
                running.kill()  # whatever went wrong, the run of the tests goes on
            assert ended == 0
    assert page(port) == ""


def test_the_demo_tells_what_was_decided_and_why_and_is_never_wrong_in_the_plans_favor(shown: tuple[int, str]) -> None:
    _, printed = shown
    assert f"{REQUESTS} requests of the world as of 2026-06-01 (seed 7)" in printed
    assert "approved by criteria" in printed
    assert "Some of them, and why" in printed
    found = re.search(r"of (\d+) requests that meet their criteria on chart and form, (\d+) were approved", printed)
    assert found is not None
    assert 0 < int(found[2]) <= int(found[1])
    assert "; 0 others were approved." in printed
    assert "Refused at the door" not in printed
    assert "Traceback" not in printed


def test_the_demo_serves_the_list_each_case_and_the_fhir_door(shown: tuple[int, str]) -> None:
    port, _ = shown
    numbers = re.findall(r'href="/cases/(R\d+)"', page(port))
    assert len(numbers) == REQUESTS
    assert "Criteria, with what was found and where" in "".join(page(port, f"cases/{number}") for number in numbers)
    assert "CapabilityStatement" in page(port, "fhir/pas/2.2.1/metadata")


def test_running_it_again_adds_nothing(shown: tuple[int, str], environment: dict[str, str], folder: Path) -> None:
    before = counted(folder)
    again = demo(environment)
    assert again.returncode == 0, again.stderr
    assert f"{REQUESTS} requests of the world" in again.stdout
    assert counted(folder) == before
    assert before[0] == REQUESTS


def test_another_world_in_the_same_database_is_refused(shown: tuple[int, str], environment: dict[str, str]) -> None:
    for more in (("--seed", "8"), ("--as-of", "2026-07-01"), ("--requests", "5")):
        refused = demo(environment, *more)
        assert refused.returncode == 2
        assert "refused [another-world]" in refused.stderr
        assert refused.stdout == ""


def test_a_port_in_use_is_refused_before_anything_is_written(environment: dict[str, str], tmp_path: Path) -> None:
    elsewhere = environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3", "OPENUM_DATA": str(tmp_path)}
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        command = [*OPENUM, "demo", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(command, env=elsewhere, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert "refused [port-taken]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_production_refuses_the_demo(environment: dict[str, str], tmp_path: Path) -> None:
    production = environment | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/demo.sqlite3", "OPENUM_DATA": str(tmp_path), "OPENUM_ENV": "production",
        "OPENUM_SECRET_KEY": "x" * 60, "OPENUM_ALLOWED_HOSTS": "um.example.org", "OPENUM_ALLOW_SQLITE": "true",
        "OPENUM_BASE_URL": "https://um.example.org",
    }  # fmt: skip
    done = demo(production)
    assert done.returncode == 2
    assert "refused [demo-in-production]" in done.stderr


def test_a_verb_on_an_empty_database_says_how_to_fill_it(environment: dict[str, str], tmp_path: Path) -> None:
    empty = environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3"}
    for verb in (["explain", "R000000018"], ["work", "--once"], ["serve"], ["decide", __file__]):
        done = subprocess.run([*OPENUM, *verb], env=empty, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 2
        assert "refused [database-not-ready]" in done.stderr
        assert "openum demo" in done.stderr


def test_a_setting_that_cannot_be_read_is_said_in_plain_words(environment: dict[str, str]) -> None:
    wrong = environment | {"DATABASE_URL": "mysql://nowhere"}
    done = subprocess.run(
        [*OPENUM, "work", "--once"], env=wrong, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "DATABASE_URL: use 'sqlite:///path/to/file' or" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_worker_ends_cleanly_when_the_system_tells_it_to(
    shown: tuple[int, str], environment: dict[str, str]
) -> None:
    with subprocess.Popen([*OPENUM, "work"], env=environment, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert "worker started" in running.stderr.readline()
        running.send_signal(signal.SIGTERM)
        try:
            ended = running.wait(60)
        finally:
            running.kill()
        assert ended == 0
        assert "worker ended" in running.stderr.read()
