"""Ask the law what it makes of a case: every date and verdict a rule gives, with its proof.

  openum clock MA-OD-EXP --in '{"received": "2026-11-25T17:30:00-05:00"}'
  openum clock FILE.yaml            run a file of worked examples: computed, expected, same
  openum clock all --in '{"line_of_business": "erisa", "request_type": "service", "state": "TX",
                          "received": "2026-11-19"}'       every clock that applies; the first is worked to

The words are those of library/clocks/events.yaml. Exit code 1 when an example of a file comes out otherwise.
Writes nothing and needs no database."""

from __future__ import annotations

import argparse
from pathlib import Path

VERB = "clock"
RUNS = "openum.doors.cli.clocking"
SUMMARY = "every date and verdict a rule of law gives for a case, with its proof"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum clock``."""
    parser.add_argument("rule", metavar="RULE", help="a rule's name, a .yaml file of worked examples, or `all`")
    parser.add_argument("--in", dest="given", default="{}", metavar="JSON", help="what happened, as a JSON object")
    parser.add_argument("--tz", default="", metavar="ZONE", help="the plan's zone, e.g. America/Chicago")
    parser.add_argument("--json", action="store_true", help="JSON, one object to a line")
    parser.add_argument(
        "--shelf", action="append", default=[], type=Path, metavar="FOLDER", help="a shelf; may be given again"
    )
