"""Say whether a service needs authorization: the list that holds, with version, date and citation, and, where it does,
the policy that judges it and what its criteria ask. Writes nothing and needs no database."""

from __future__ import annotations

import argparse

from openum.doors.cli.typed import day

VERB = "needs-auth"
RUNS = "openum.doors.cli.asking"
SUMMARY = "whether a service needs authorization, by whose rule, and what would be asked"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum needs-auth``."""
    parser.add_argument(
        "--plan", required=True, help="a line of business (medicare-advantage, erisa:TX) or a plan's code"
    )
    parser.add_argument("--code", required=True, help="the service: E1390, 97110, or with its system: rxnorm:1011")
    parser.add_argument("--dx", action="append", default=[], help="a diagnosis (ICD-10-CM); may be given again")
    parser.add_argument("--place", default="", help="CMS place of service, two digits")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day of service; today when left out")
    parser.add_argument("--emergency", action="store_true", help="emergency care")
    parser.add_argument("--inpatient", action="store_true", help="an admission (X12 1525: AR) and not a service")
    parser.add_argument("--json", action="store_true", help="one JSON object, for machines")
