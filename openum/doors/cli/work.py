"""Run the worker: it does what is due (steps that follow events, reminders before a clock ends), oldest first, and
waits when nothing is. A step that fails stays queued with its trouble written on it and is tried again later.

Several workers may run at once, on one machine or many. SIGTERM and Ctrl-C end it after the step it is at."""

from __future__ import annotations

import argparse

VERB = "work"
RUNS = "openum.doors.cli.working"
SUMMARY = "run the worker that does what is due"
LOG_LEVEL = "INFO"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum work``."""
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
