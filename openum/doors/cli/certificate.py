"""Write the certificate of a decision: one signed file that anyone can check and run again with `openum verify`.

  openum certificate R000000018 --out decision.json       the whole, for the plan's own file
  openum certificate R000000018 --line 2 --for provider   a copy without what may not go to that reader
  openum certificate keys > keys.json                     the public keys (JWKS) to publish; makes the first

Without --out the file goes to standard output. Each export is an event of the case."""

from __future__ import annotations

import argparse
from pathlib import Path

VERB = "certificate"
RUNS = "openum.doors.cli.certifying"
SUMMARY = "the signed certificate of a decision, and the keys certificates are signed with"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum certificate``."""
    parser.add_argument("number", metavar="REQUEST", help="the case's number, for example R000000018, or `keys`")
    parser.add_argument("--line", type=int, metavar="N", help="the line, where the case has several")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a file that is not there yet")
    parser.add_argument(
        "--for", dest="reader", default="", choices=["member", "provider", "regulator"],
        help="leave out what may not go to this reader",
    )  # fmt: skip
    parser.add_argument(
        "--identity-verified", action="store_true", help="somebody made sure that the asker is the member"
    )
    parser.add_argument("--why", default="asked for at the command line", metavar="TEXT", help="kept with the event")
    parser.add_argument("--payer", default="", metavar="SLUG", help="with `keys`: whose, where there are several")
    parser.add_argument("--new", action="store_true", help="with `keys`: make another key; the earlier ones stay")
