"""What is measured within an installation, once Django is set up (``bench.inside`` runs it)."""

from __future__ import annotations

import cProfile
import io
import json
import pstats
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
    sent = _sender(source)
    per, kinds = [], Counter[str]()
    sent()  # the first one reads the library and compiles everything
    for _ in range(requests):
        with _counted() as statements:
            sent()
        per.append(len(statements))
        kinds.update(_kind(one) for one in statements)
    return {"least": min(per), "most": max(per), "mean": sum(per) / len(per),
            "statements": [[round(n / requests, 2), kind] for kind, n in kinds.most_common()]}  # fmt: skip


def profile(source: Path, requests: int) -> dict[str, Any]:
    """The costliest functions of a request, by own and by whole time."""
    sent = _sender(source)
    for _ in range(3):
        sent()
    watch = cProfile.Profile()
    watch.enable()
    for _ in range(requests):
        sent()
    watch.disable()
    found = {}
    for order in ("tottime", "cumulative"):
        text = io.StringIO()
        pstats.Stats(watch, stream=text).sort_stats(order).print_stats(COSTLIEST * (3 if order == "cumulative" else 1))
        found[order] = text.getvalue()
    return found


def kept() -> dict[str, Any]:
    """How many rows there are of what a decision must leave behind."""

    tables = (Case, Determination, Authorization, Notice, Event)
    found = {f"{table._meta.verbose_name}s": table._base_manager.count() for table in tables}
    return {**found, "open errands": Errand._base_manager.filter(done_at=None).count()}


def _sender(source: Path) -> Callable[[], None]:
    """Sends the next request of the file from its end backwards, through Django's handler without a socket."""

    held = json.loads(source.read_text())["requests"]
    client = Client(SERVER_NAME="127.0.0.1")

    def send() -> None:
        name, body = held.pop()
        token = issue(name, ("system/Claim.$submit",), at=timezone.now())
        answer = client.post(SUBMIT, body, content_type=FHIR, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200, answer.content
        assert action(answer.content) == "A1", answer.content

    return send


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
