"""The web server: granian over WSGI, with as many writers as the database can bear."""

from __future__ import annotations

import argparse
import socket
import sys

from django.db import connection, connections
from granian import Granian
from granian.constants import Interfaces

from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.doors.cli.start import require_database

APPLICATION = "openum.site.wsgi:application"


def run(asked: argparse.Namespace) -> int:
    """Serve until told to stop. Raises ``Refusal`` ``port-taken``."""
    require_database()
    require_port(asked.host, asked.port)
    speech.error().print(f"OpenUM on {address(asked.host, asked.port)} (Ctrl-C ends it)")
    return serve(asked.host, asked.port, workers=asked.workers, threads=asked.threads)


def serve(host: str, port: int, *, workers: int, threads: int) -> int:
    """Serve until SIGTERM or Ctrl-C."""
    one_writer = connection.vendor == "sqlite"
    connections.close_all()  # a connection does not survive into the server's processes
    Granian(
        APPLICATION, address=host, port=port, interface=Interfaces.WSGI, workers=1 if one_writer else workers,
        blocking_threads=1 if one_writer else threads, log_access=False, log_enabled=False,
    ).serve()  # fmt: skip
    return 0


def server_command(host: str, port: int) -> list[str]:
    """The same server, one process and one thread, as a command of its own."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--blocking-threads", "1", "--no-log", APPLICATION,
    ]  # fmt: skip


def require_port(host: str, port: int) -> None:
    """Refuse where something listens already: the server's own words about it are hard to read."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Refusal(
                "port-taken",
                f"Port {port} on {host} cannot be used: {problem.strerror}.",
                "End what listens there, or choose another one with --port.",
            ) from None


def address(host: str, port: int) -> str:
    """What to type into a browser."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
