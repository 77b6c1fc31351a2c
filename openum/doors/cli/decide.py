"""Decide requests from files: FHIR PAS Bundles (JSON), single ones, folders, or standard input (-).

Prints for every line the decision, the criteria with answers and sources, the distance to yes, the clock with its
proof, and the letter. What the criteria do not carry goes to a person; software never denies.

Without --plan the request is taken into this installation: the member, the insurer and the requester must be known
here, and the case is kept. With --plan the Bundle's member and organizations are enrolled in that plan in a scratch
database that is gone afterwards, and every file is decided by itself."""

from __future__ import annotations

import argparse

from openum.doors.cli.typed import day

VERB = "decide"
RUNS = "openum.doors.cli.deciding"
SUMMARY = "decide requests from PAS Bundles, with reasons, clocks and letters"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum decide``."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="a Bundle, a folder of them, or - for standard input")
    parser.add_argument("--json", action="store_true", help="one JSON object per file and line of output, for machines")
    parser.add_argument("--brief", action="store_true", help="leave out trees, proofs and the letters' text")
    parser.add_argument(
        "--plan",
        metavar="PLAN",
        help="decide in a scratch payer: a line of business (medicare-advantage, erisa:TX) or a plan",
    )
    parser.add_argument(
        "--as-of", metavar="DATE", type=day, help="with --plan: decide as if received on this day (2026-06-01)"
    )
    parser.add_argument(
        "--payer", metavar="NAME", help="without --plan: whose cases these are, where there are several"
    )
