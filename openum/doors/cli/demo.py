"""Fill the demo world and serve it."""

from __future__ import annotations

import argparse

VERB = "demo"
RUNS = "openum.doors.cli.showing"
SUMMARY = "fill a demo world, decide its requests, and serve it"
LOG_LEVEL = "ERROR"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum demo``."""
