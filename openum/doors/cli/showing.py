"""The demo from beginning to end: tables, world, server, requests, and what became of them."""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.doors.cli.outcome_table import print_outcomes
from openum.doors.cli.seeding import enroll_members, set_up_world
from openum.doors.cli.sending import Sender
from openum.doors.cli.serving import address, require_port, server_command
from openum.librarian.library import Library
from openum.payer.intake.shelf import in_force
from openum.records.tenants.queries import all_tenants
from openum.world.world import World

HOST = "127.0.0.1"
SETTLED = timedelta(days=31)
"""Where the machine's clock stands before the library's lists begin, the world begins so long after them."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which world this installation shows; written down, so that the next run shows the same."""

    seed: int
    as_of: date
    requests: int


def run(asked: argparse.Namespace) -> int:
    """Show the world. Raises ``Refusal`` ``demo-in-production``, ``port-taken``, ``another-world``."""
    _require_development()
    if not asked.no_serve:
        require_port(HOST, asked.port)
    with _served(asked) as server:
        speech.error().print("Preparing the database …")
        call_command("migrate", verbosity=0)
        if server is not None:
            speech.error().print(f"Serving {address(HOST, asked.port)} – open it: the cases come in while you watch.")
        world = _world(asked)
        scopes = set_up_world(world)
        enroll_members(world, scopes)
        sender = Sender(world)
        sent = tuple(
            sender.send(one)
            for one in speech.counted(world.requests(asked.requests), total=asked.requests, what="Deciding")
        )
        print_outcomes(scopes[world.payers[0].slug], world, sent)
        if server is None:
            return 0
        speech.error().print(f"\nServing {address(HOST, asked.port)} (Ctrl-C ends it)")
        return _until_told(server)


def _world(asked: argparse.Namespace) -> World:
    library = in_force()
    chosen = _chosen(asked, library)
    return World(chosen.seed, chosen.as_of, library=library)


def _require_development() -> None:
    if settings.ENVIRONMENT.production:
        raise Refusal(
            "demo-in-production",
            "The demo fills the database with invented people, and this installation runs in production mode.",
            "Run it elsewhere, with OPENUM_ENV=development and a database of its own.",
        )


def _chosen(asked: argparse.Namespace, library: Library) -> Chosen:
    """The world asked for, or the one shown before.

    Raises:
        Refusal: ``another-world`` when this database already shows a world of another seed or day.
    """
    kept = _kept()
    wanted = Chosen(asked.seed, asked.as_of or (kept.as_of if kept else _today(library)), asked.requests)
    if kept is not None and (kept.seed, kept.as_of) != (wanted.seed, wanted.as_of):
        raise Refusal(
            "another-world",
            f"This database shows the world of seed {kept.seed} as of {kept.as_of}; two worlds would share members.",
            "Ask for that one, or point DATABASE_URL to a new database (sqlite:///var/other.sqlite3).",
        )
    if kept is not None and kept.requests != wanted.requests:
        # How many are sent decides when each is sent, so another number is another set of requests.
        raise Refusal(
            "another-world",
            f"This database shows the world of {kept.requests} requests; another number makes other requests.",
            f"Give --requests {kept.requests}, or point DATABASE_URL to a new database (sqlite:///var/other.sqlite3).",
        )
    _keep(wanted)
    return wanted


def _today(library: Library) -> date:
    begin = max((one.in_force.start for one in library.requirements.values()), default=date.min)
    return max(datetime.now().astimezone().date(), begin + SETTLED)


def _note() -> Path:
    name = Path(str(settings.DATABASES["default"]["NAME"])).name
    return Path(settings.DOCUMENT_ROOT).parent / f"demo-{name}.json"


def _kept() -> Chosen | None:
    """What the last run on this database showed, as long as its payers are still there."""
    if not _note().exists() or not all_tenants():
        return None
    data = json.loads(_note().read_text(encoding="utf-8"))
    return Chosen(data["seed"], date.fromisoformat(data["as_of"]), data["requests"])


def _keep(chosen: Chosen) -> None:
    data = {"seed": chosen.seed, "as_of": chosen.as_of.isoformat(), "requests": chosen.requests}
    _note().parent.mkdir(parents=True, exist_ok=True)
    _note().write_text(json.dumps(data), encoding="utf-8")


@contextmanager
def _served(asked: argparse.Namespace) -> Iterator[subprocess.Popen[bytes] | None]:
    """Serve in a process beside this one, until the end of the block.

    It starts while the database is prepared, so that there is something to look at as soon as there is anything.
    """
    if asked.no_serve:
        yield None
        return
    signal.signal(signal.SIGTERM, _told)
    signal.signal(signal.SIGINT, _told)  # a shell starts what it runs in the background with Ctrl-C ignored
    server = subprocess.Popen(server_command(HOST, asked.port))  # noqa: S603 - the server of this environment
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def _until_told(server: subprocess.Popen[bytes]) -> int:
    """Wait for Ctrl-C or SIGTERM, which both are the ordinary end; a server that ends by itself is not."""
    try:
        return server.wait()
    except KeyboardInterrupt:
        speech.error().print("Ended.")
        return 0


def _told(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
