"""Show OpenUM at work: sets the demo world up (two payers with their plans, three practices, 2,000 invented members),
sends its requests through the FHIR door with real tokens, prints what was decided and why, and serves the pages.

Running it again is harmless: what was sent before is recognized and answered the same. The first run makes the world
as of today; later runs stay with that day. The server starts at once, so the cases can be watched as they come in."""

from __future__ import annotations

import argparse
import os

from openum.doors.cli.typed import day

VERB = "demo"
RUNS = "openum.doors.cli.showing"
SUMMARY = "fill a demo world, decide its requests, and serve it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum demo``."""
    parser.add_argument("--port", type=int, default=8000, help="the port to serve on (8000)")
    parser.add_argument("--no-serve", action="store_true", help="end when everything is decided")
    parser.add_argument("--requests", type=int, default=400, metavar="N", help="how many requests are sent (400)")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="another seed makes another world (7)")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the world's last day; today on the first run")


def prepare(asked: argparse.Namespace) -> None:
    """Tokens name the address they are for, so the port must be known before the settings are read."""
    os.environ.setdefault("OPENUM_BASE_URL", f"http://127.0.0.1:{asked.port}")
