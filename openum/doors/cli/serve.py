"""Serve the FHIR endpoints and, where no patient of flesh and blood is kept, the read-only pages. Ctrl-C ends it.

On SQLite it runs one thread, because SQLite has one writer. The log holds routes, never paths: a path may name a
member."""

from __future__ import annotations

import argparse
import os

VERB = "serve"
RUNS = "openum.doors.cli.serving"
SUMMARY = "serve the FHIR endpoints and the pages"
LOG_LEVEL = "INFO"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum serve``."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
    parser.add_argument("--workers", type=int, default=1, help="processes, on PostgreSQL (1)")
    parser.add_argument("--threads", type=int, default=4, help="threads of each process, on PostgreSQL (4)")


def prepare(asked: argparse.Namespace) -> None:
    """The address that tokens are for follows the port, where nobody has set another one."""
    os.environ.setdefault("OPENUM_BASE_URL", f"http://127.0.0.1:{asked.port}")
