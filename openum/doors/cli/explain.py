"""Tell everything about one case, first to last: its lines with findings, its clocks with their proof, its letters, and
every event of the ledger, with whether the chain of events is unbroken."""

from __future__ import annotations

import argparse

VERB = "explain"
RUNS = "openum.doors.cli.explaining"
SUMMARY = "everything about one case: lines, findings, clocks, letters, events"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum explain``."""
    parser.add_argument("request", metavar="REQUEST", help="the case's number, for example R000000018")
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
