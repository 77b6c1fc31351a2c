"""``python -m openum.world --seed 7 --as-of 2026-06-01 --out DIR``: write a world into a folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import Progress

from openum.core.refusal import Refusal
from openum.world.world import SIZE, World
from openum.world.writing import write


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the world the arguments ask for; 0 when done, 2 when refused."""
    asked = _parser().parse_args(arguments)
    try:
        world = World(asked.seed, asked.as_of, size=asked.members)
        _write(world, asked.requests, asked.out)
    except Refusal as refusal:
        sys.stderr.write(f"{refusal.code}: {refusal.message} {refusal.next}\n")
        return 2
    return 0


def _write(world: World, n: int, folder: Path) -> None:
    began = perf_counter()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Requests", total=n)
        write(world, n, folder, wrote=lambda: progress.advance(task))
    seconds = perf_counter() - began
    sys.stdout.write(
        f"{n} requests, {len(world.members)} members, {len(world.policies)} policies written to {folder} "
        f"in {seconds:.1f} s ({n / seconds:.0f} requests/s, library {world.library.digest[:12]}).\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m openum.world", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="any whole number; the same one gives the same world")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the day the world stands on")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the files; it is made when absent")
    parser.add_argument("--requests", type=int, default=400, help="how many requests (default 400)")
    parser.add_argument("--members", type=int, default=SIZE, help=f"how many members (default {SIZE})")
    return parser


if __name__ == "__main__":
    sys.exit(main())
