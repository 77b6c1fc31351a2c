"""Check a decision certificate and run its decision again, from the file alone: no database, no network.

  openum verify decision.json --key keys.json

Every hash and the signature are checked; then the policy, the facts and the clock rules are read from the file's own
text, and the criteria, the distance from yes, the decision and the clocks are computed again and compared to the byte.
Exit code 0 when everything agrees, 1 when something differs. --key is what the plan published
(`openum certificate keys`); without it nobody can say whose signature it is."""

from __future__ import annotations

import argparse
from pathlib import Path

VERB = "verify"
RUNS = "openum.doors.cli.verifying"
SUMMARY = "check a decision certificate and run its decision again, offline"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum verify``."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the certificate")
    parser.add_argument("--key", type=Path, metavar="JWKS", help="the plan's published keys")
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
