"""``$submit`` over real HTTP: production server, own database, requests that software approves, all of it recorded."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey
from rich.console import Console

from bench.server import running
from bench.speaking import FHIR, METADATA, SUBMIT, TOKEN, action
from bench.table import Row
from bench.timing import percentile
from tests import postgres

WORKERS = 2
CONNECTIONS = (1, WORKERS, 8)
"""Requests under way at once: alone, one for each worker (this one has the budget), and a crowd."""
P50, P99, RATE = 25, 150, 100
"""The budget, in milliseconds and requests per second (architecture §7)."""
WARM = 20
COUNTED = 20
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(slots=True)
class Load:
    """What came back: seconds of each request and of the whole, the server's own, and answers that are no approval."""

    seconds: list[float] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    wall: float = 0.0
    processor: float = 0.0

    @property
    def per_second(self) -> float:
        """Requests answered per second."""
        return len(self.seconds) / self.wall


def rows(*, requests: int, console: Console) -> list[Row]:
    """The figures on PostgreSQL (as safe as production: fsync on) and on SQLite."""
    found = []
    for database in ("PostgreSQL", "SQLite"):
        with installation(database) as environ:
            found += _measured(database, environ, requests=requests, console=console)
    return found


@contextmanager
def installation(database: str) -> Iterator[dict[str, str]]:
    """The environment of an empty installation that is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="openum-bench-") as folder:
        port = postgres.free_port()
        environ = {
            "OPENUM_DATA": f"{folder}/data", "OPENUM_BASE_URL": f"http://127.0.0.1:{port}", "OPENUM_LOG_LEVEL": "ERROR",
            "BENCH_FOLDER": folder, "BENCH_PORT": str(port),
        }  # fmt: skip
        if database == "SQLite":
            yield {**environ, "DATABASE_URL": f"sqlite:///{folder}/openum.sqlite3"}
        else:
            with postgres.running(fsync=True) as url:
                yield {**environ, "DATABASE_URL": url}


def inside(environ: Mapping[str, str], *arguments: str) -> dict[str, Any]:
    """Run a verb of ``bench.inside`` in that installation."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", *arguments], env={**os.environ, **environ}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"bench.inside {arguments[0]} failed:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _measured(database: str, environ: Mapping[str, str], *, requests: int, console: Console) -> list[Row]:
    file, port = Path(environ["BENCH_FOLDER"]) / "requests.json", int(environ["BENCH_PORT"])
    phases = [requests // len(CONNECTIONS)] * len(CONNECTIONS)
    console.print(f"[dim]{database}: filling[/]")
    inside(environ, "fill", "--requests", str(sum(phases) + WARM + COUNTED + 2), "--out", str(file))
    held = json.loads(file.read_text())
    waiting: list[tuple[str, bytes]] = [(name, body.encode()) for name, body in held["requests"]]
    command = ["serve", "--port", str(port), "--workers", str(WORKERS)]
    loads = []
    with running(command, environ=environ, port=port, page=METADATA) as server:
        for number, (connections, many) in enumerate(zip((WORKERS, *CONNECTIONS), (WARM, *phases), strict=True)):
            batch, waiting = waiting[:many], waiting[many:]
            used = server.processor()
            load = send(port, batch, held["keys"], connections=connections)
            load.processor = server.processor() - used
            console.print(f"[dim]{database}: {connections} at once: {many} requests in {load.wall:.1f} s[/]")
            if load.others:
                console.print(f"[red]{len(load.others)} of {many} were not approved:[/] {load.others[0][:300]}")
            loads += [load] if number else []
        memory = server.memory()
    sql = inside(environ, "count", "--from", str(file), "--requests", str(COUNTED))
    kept = inside(environ, "kept")
    return _rows(database, loads, sql, kept, server.seconds, memory)


def send(port: int, batch: list[tuple[str, bytes]], keys: Mapping[str, Any], *, connections: int) -> Load:
    """Send the batch over so many connections at once."""
    tokens = {name: sign_in(port, name, keys[name]) for name in {name for name, _ in batch}}
    queue: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
    for one in batch:
        queue.put(one)
    load = Load()
    threads = [threading.Thread(target=_sender, args=(port, queue, tokens, load)) for _ in range(connections)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.wall = time.perf_counter() - start
    return load


def sign_in(port: int, client_id: str, key: Mapping[str, str]) -> str:
    """An access token, by SMART Backend Services."""
    now, held = int(time.time()), ECKey.import_key(dict(key))
    audience = f"http://127.0.0.1:{port}{TOKEN}"
    claims = {"iss": client_id, "sub": client_id, "aud": audience, "exp": now + 240, "iat": now, "jti": str(uuid4())}
    assertion = jwt.encode({"alg": "ES384", "kid": key["kid"], "typ": "JWT"}, claims, held, algorithms=["ES384"])
    form = {
        "grant_type": "client_credentials", "scope": "system/Claim.$submit", "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
    }  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", TOKEN, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return str(answer["access_token"])


def _sender(port: int, queue: SimpleQueue[tuple[str, bytes]], tokens: Mapping[str, str], load: Load) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        try:
            name, body = queue.get_nowait()
        except Empty:
            break
        headers = {"Content-Type": FHIR, "Accept": FHIR, "Authorization": f"Bearer {tokens[name]}"}
        start = time.perf_counter()
        connection.request("POST", SUBMIT, body, headers)
        response = connection.getresponse()
        answer = response.read()
        load.seconds.append(time.perf_counter() - start)
        if response.status != 200 or action(answer) != "A1":
            load.others.append(f"{response.status} {answer.decode(errors='replace')}")
    connection.close()


def _rows(
    database: str, loads: list[Load], sql: Mapping[str, Any], kept: Mapping[str, Any], seconds: float,
    memory: list[float],
) -> list[Row]:  # fmt: skip
    group, limited = f"$submit on {database}", database == "PostgreSQL"
    found = []
    for connections, load in zip(CONNECTIONS, loads, strict=True):
        bound = limited and connections == WORKERS
        times = [1000 * one for one in load.seconds]
        words = f"{connections} at once"
        note = f"{len(times)} requests" + (f", {len(load.others)} NOT approved" if load.others else ", all approved")
        most = (P50, P99) if bound else (None, None)
        found += [
            Row(group=group, work=f"{words}: p50", figure=percentile(times, 0.5), unit="ms", at_most=most[0],
                note=note),
            Row(group=group, work=f"{words}: p99", figure=percentile(times, 0.99), unit="ms", at_most=most[1]),
            Row(group=group, work=f"{words}: rate", figure=load.per_second, unit="requests/s",
                at_least=RATE if bound else None),
        ]  # fmt: skip
    spent = 1000 * sum(load.processor for load in loads) / sum(len(load.seconds) for load in loads)
    kinds = ", ".join(f"{count} {name}" for name, count in kept.items())
    return [
        *found,
        Row(group=group, work="server's processor time per request", figure=spent, unit="ms",
            note="the database's own not counted"),
        Row(group=group, work="SQL statements per request", figure=sql["mean"], unit="statements",
            note=f"{sql['least']} to {sql['most']}, transaction included"),
        Row(group=group, work="server memory", figure=sum(memory), unit="MB",
            note=" + ".join(f"{one:.0f}" for one in memory) + " MB resident, shared pages counted in each"),
        Row(group=group, work="server start to first answer", figure=seconds, unit="s"),
        Row(group=group, work="recorded", figure=kept["cases"], unit="cases", note=kinds),
    ]  # fmt: skip
