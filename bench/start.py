"""From nothing to the first page, as ``./dev demo`` does it once everything is installed."""

from __future__ import annotations

import tempfile

from rich.console import Console

from bench.server import running
from bench.table import Row
from tests.postgres import free_port

GROUP = "start"


def rows(*, console: Console) -> list[Row]:
    """Seconds until the first page: on an empty folder, and again on what is there by then."""
    with tempfile.TemporaryDirectory(prefix="openum-bench-") as folder:
        port = free_port()
        environ = {"DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3", "OPENUM_DATA": f"{folder}/data",
                   "OPENUM_BASE_URL": f"http://127.0.0.1:{port}"}  # fmt: skip
        found = []
        for work, limit in (("openum demo to the first page, on nothing", 10), ("… a second time", None)):
            try:
                with running(["demo", "--port", str(port)], environ=environ, port=port, page="/") as server:
                    found.append(Row(group=GROUP, work=work, figure=server.seconds, unit="s", at_most=limit))
            except RuntimeError as problem:
                console.print(f"[yellow]{problem}[/]")
                found.append(Row(group=GROUP, work=work, figure="not run", note="see above"))
        return found
