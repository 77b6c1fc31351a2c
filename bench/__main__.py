"""``./dev bench``: measure OpenUM on this machine and print one table. Nothing is written into the checkout."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import django
from rich.console import Console

from bench.table import Row, load, machine, plain, print_table
from bench.timing import yardstick

ORDER = ("criteria", "engines", "bundle", "submit", "start", "truth", "checker", "evidence")
QUICK, WHOLE = 0.4, 3.0
"""Seconds that each rate is measured."""


def main(arguments: list[str]) -> int:
    """Run what is asked for; the exit code says whether it ran, never whether it was fast."""
    asked = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openum.site.settings")
    django.setup()
    talk = Console(stderr=True, width=None if sys.stderr.isatty() else 140)
    measures = _measures(asked.quick, talk)
    rows = [
        Row(group="this machine, now", work="yardstick: a Python loop", figure=yardstick(), unit="million turns/s"),
    ]
    for name in asked.only or ORDER:
        talk.print(f"[dim]measuring[/] {name} ({load()})")
        rows += measures[name]()
    _print(rows, asked)
    return 0


def _measures(quick: bool, talk: Console) -> dict[str, Callable[[], list[Row]]]:
    def part(name: str) -> Any:
        return import_module(f"bench.{name}")  # when its turn comes: what one part needs may be missing

    seconds = QUICK if quick else WHOLE
    return {
        "criteria": lambda: part("criteria").rows(seconds=seconds),
        "engines": lambda: part("engines").rows(seconds=seconds),
        "bundle": lambda: part("bundles").rows(seconds=seconds),
        "submit": lambda: part("submit").rows(requests=60 if quick else 900, console=talk),
        "start": lambda: part("start").rows(console=talk),
        "truth": lambda: part("truth").rows(requests=100 if quick else 1000, console=talk),
        "checker": lambda: part("checker").rows(every=50 if quick else 1, console=talk),
        "evidence": lambda: part("evidence").rows(seconds=seconds),
    }


def _print(rows: list[Row], asked: argparse.Namespace) -> None:
    if asked.format == "json":
        print(json.dumps([row.data(machine()) for row in rows], indent=1))
    elif asked.format == "markdown":
        print(f"{machine()}; {load()}\n\n{plain(rows)}")
    else:
        width = None if sys.stdout.isatty() else 160
        print_table(rows, title=f"OpenUM, measured ({load()})", console=Console(width=width))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less than a minute, and rougher")
    parser.add_argument("--only", action="append", choices=ORDER, metavar="NAME", help=f"only this: {', '.join(ORDER)}")
    parser.add_argument("--format", choices=("table", "markdown", "json"), default="table", help="how to print it")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
