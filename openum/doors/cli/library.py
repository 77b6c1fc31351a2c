"""Work on the library: check it, begin a policy, print one as a page, adopt files, list what is stale, load licensed
criteria.

The shelves are those of OPENUM_LIBRARY, unless --shelf names others."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from openum.doors.cli.typed import day

VERB = "library"
RUNS = "openum.doors.cli.shelving"
SUMMARY = "check, begin, print and adopt policies, clocks and letters"

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``openum library`` and of what it does."""
    does = parser.add_subparsers(title="what to do", metavar="DO", required=True)
    each = does.add_parser("check", help="name every fault: file, line, what is wrong, how to mend it; exit code 1")
    each.set_defaults(do="check")
    _shelf(each)

    each = does.add_parser("new", help="begin a policy: three files that say what belongs where")
    each.add_argument("kind", choices=["policy"], help="what to begin")
    each.add_argument("id", metavar="ID", help="family/policy, for example dme/home-oxygen")
    each.add_argument(
        "--from", dest="start", type=day, metavar="DATE", help="when it comes into force; today when left out"
    )
    each.set_defaults(do="new")
    _shelf(each)

    each = does.add_parser("print", help="print a policy, clock, letter or any other item as a page to read")
    each.add_argument(
        "id", metavar="ID", help="a name: MA-OD-EXP, dme/home-oxygen, or with its version dme/home-oxygen@2021-09-27"
    )
    each.add_argument("--html", action="store_true", help="as HTML")
    each.set_defaults(do="print")
    _shelf(each)

    each = does.add_parser("book", help="write the law book: a folder of pages that need no server")
    each.add_argument("folder", metavar="FOLDER", type=Path, help="a new folder, or one that holds a law book")
    each.set_defaults(do="book")
    _shelf(each)
    _adopt(does)

    each = does.add_parser("stale", help="list what nobody has compared with its source for a year; exit code 1 if any")
    each.add_argument("--on", type=day, metavar="DATE", help="as of that day; today when left out")
    each.set_defaults(do="stale")
    _shelf(each)
    _load_licensed(does)


def _shelf(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--shelf",
        action="append",
        default=[],
        type=Path,
        metavar="FOLDER",
        help="a shelf to work on; may be given again",
    )


def _load_licensed(does: Verbs) -> None:
    each = does.add_parser("load-licensed", help="put criteria that somebody else owns onto a shelf of your own")
    each.add_argument("bundle", metavar="BUNDLE", type=Path, help="a .yaml or .json file, or a folder of CSV files")
    each.add_argument("--shelf", required=True, type=Path, metavar="FOLDER", help="your shelf; made when missing")
    each.set_defaults(runs="openum.doors.cli.licensing")


def _adopt(does: Verbs) -> None:
    each = does.add_parser("adopt", help="freeze files: from then on they are never edited")
    each.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="a file or folder of a shelf")
    each.add_argument("--by", required=True, help="the office or committee that adopts")
    each.add_argument("--on", type=day, metavar="DATE", help="the day of adoption; today when left out")
    each.add_argument(
        "--committee",
        type=day,
        metavar="DATE",
        help="the day the utilization management committee approved (Medicare Advantage)",
    )
    each.set_defaults(do="adopt")
    _shelf(each)
