"""What is measured within an installation, once Django is set up (``bench.inside`` runs it)."""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench.house import build
from bench.speaking import FHIR, SUBMIT, action
from openum.doors.fhir.tokens import issue
from openum.payer.authorizations.models import Authorization
from openum.payer.determinations.models import Determination
from openum.payer.intake.models import Case
from openum.payer.notices.models import Notice
from openum.records.ledger.models import Errand, Event
from openum.world.world import World

SEED = 7
ZONE = ZoneInfo("America/New_York")
COSTLIEST = 30


def fill(requests: int, out: Path) -> dict[str, Any]:
    """Set up a world as it stands today, enroll who will ask, and write the requests down for the sender."""

    call_command("migrate", verbosity=0)
    at = datetime.now(ZONE)
    world = World(SEED, at.date(), size=max(2000, 8 * requests))
    house = build(world)
    cases = []
    for case in world.cases(2 * requests + 100):
        if case.truth.structured_yes and not case.truth.to_person and case.truth.kind == "yes":
            cases.append(case)
        if len(cases) == requests:
            break
    house.enroll([case.member for case in cases], at=at)
    rows = [(sent.client_id, sent.body.decode()) for sent in map(world.sent, cases)]
    keys = {one.client_id: dict(one.key.private) for one in world.clients}
    out.write_text(json.dumps({"requests": rows, "keys": keys}))
    return {"requests": len(rows), "members": len({case.member.number for case in cases})}


def count(source: Path, requests: int) -> dict[str, Any]:
    """SQL statements per request, and which: through the whole stack but for the socket."""
    with _sending(source) as sent:
        sent()  # the first one reads the library and compiles everything
        each = []
        for _ in range(requests):
            with _counted() as statements:
                sent()
            each.append(statements)
    kinds = Counter(_kind(one) for statements in each for one in statements)
    numbers = [len(statements) for statements in each]
    per = [[round(number / requests, 2), kind] for kind, number in kinds.most_common()]
    return {"least": min(numbers), "most": max(numbers), "mean": sum(numbers) / requests, "statements": per}


def profile(source: Path, requests: int) -> dict[str, Any]:
    """The costliest functions of a request, by own and by whole processor time, and that time without the profiler."""
    watch = cProfile.Profile(time.process_time)
    with _sending(source) as sent:
        sent()
        start = time.process_time()
        for _ in range(requests // 2):
            sent()
        plain = (time.process_time() - start) / (requests // 2)
        watch.enable()
        for _ in range(requests // 2):
            sent()
        watch.disable()
    found: dict[str, Any] = {"milliseconds": 1000 * plain}
    for order, many in (("tottime", COSTLIEST), ("cumulative", 4 * COSTLIEST)):
        text = io.StringIO()
        pstats.Stats(watch, stream=text).sort_stats(order).print_stats(many)
        found[order] = text.getvalue()
    return found


def kept() -> dict[str, Any]:
    """How many rows there are of what a decision must leave behind."""

    tables = (Case, Determination, Authorization, Notice, Event)
    found = {f"{table._meta.verbose_name}s": table._base_manager.count() for table in tables}
    return {**found, "open errands": Errand._base_manager.filter(done_at=None).count()}


@contextmanager
def _sending(source: Path) -> Iterator[Callable[[], None]]:
    """Sends the last request of the file, through Django's handler without a socket; what was sent is taken out."""
    held = json.loads(source.read_text())
    waiting, client = held["requests"], Client(SERVER_NAME="127.0.0.1")

    def send() -> None:
        name, body = waiting.pop()
        token = issue(name, ("system/Claim.$submit",), at=timezone.now())
        answer = client.post(SUBMIT, body, content_type=FHIR, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.content
        assert action(answer.content) == "A1", answer.content

    yield send
    source.write_text(json.dumps(held))


@contextmanager
def _counted() -> Iterator[list[str]]:

    found: list[str] = []

    def wrap(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(wrap):
        yield found


def _kind(sql: str) -> str:
    """A statement by its verb and its table."""
    words = sql.replace('"', "").split()
    for before in ("INTO", "FROM", "UPDATE"):
        if before in words[:-1] and not (before == "FROM" and words[0] == "SAVEPOINT"):
            return f"{words[0]} {words[words.index(before) + 1]}"
    return words[0]
