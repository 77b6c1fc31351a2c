"""What the command line says, and where: results on standard output, everything else on standard error."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any, TextIO, TypeVar

import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from openum.core.refusal import Refusal

T = TypeVar("T")
TABLE_WIDTH = 140


def output() -> Console:
    """Standard output; colors only on a terminal and never with ``NO_COLOR``."""
    return _console(sys.stdout)


def wide_output() -> Console:
    """Standard output for tables: as wide as the terminal, and wide enough where there is none."""
    console = output()
    if not console.is_terminal:
        console.width = TABLE_WIDTH
    return console


def machine(data: Mapping[str, Any]) -> None:
    """One JSON object on one line of standard output."""
    sys.stdout.write(orjson.dumps(data).decode() + "\n")
    sys.stdout.flush()


def error() -> Console:
    """Standard error."""
    return _console(sys.stderr)


def refusal(refused: Refusal, *, about: str = "") -> None:
    """Say a refusal: its code, what is wrong, where, and what to do next."""
    out = error()
    head = f"{about}: " if about else ""
    out.print(Text.assemble(head, ("refused", "bold red"), f" [{refused.code}] {refused.message}"))
    if refused.where:
        out.print(f"  where: {refused.where}")
    out.print(f"  next:  {refused.next}")


def fault(bug: Exception) -> None:
    """Apologize for a fault of our own: its type and place, never its text, which may quote a patient's data."""
    out = error()
    out.print(Text.assemble(("Sorry: OpenUM failed. ", "bold red"), f"{type(bug).__name__} at {place(bug)}."))
    out.print("Nothing half-done was kept. Please report this line and the log lines above; they hold no patient data.")


def place(bug: Exception) -> str:
    """Where in OpenUM a fault rose: ``openum/doors/cli/decide.py:12 in run``."""
    frames = traceback.extract_tb(bug.__traceback__)
    ours = [frame for frame in frames if "openum" in PurePath(frame.filename).parts] or list(frames)
    last = ours[-1]
    parts = PurePath(last.filename).parts
    start = len(parts) - 1 - parts[::-1].index("openum") if "openum" in parts else len(parts) - 1
    return f"{'/'.join(parts[start:])}:{last.lineno} in {last.name}"


def counted(things: Iterable[T], *, total: int, what: str) -> Iterable[T]:
    """The same things, with a bar on standard error while they are worked through; silent where nobody watches."""
    with progress() as bar:
        task = bar.add_task(what, total=total)
        for thing in things:
            yield thing
            bar.advance(task)


def progress() -> Progress:
    """A bar on standard error that leaves nothing behind."""
    console = error()
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True, redirect_stdout=False, redirect_stderr=False, disable=not console.is_terminal,
    )  # fmt: skip


def _console(stream: TextIO) -> Console:
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)
