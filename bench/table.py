"""The one table: work, figure, unit, budget; and the machine it was taken on."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

Verdict = Literal["met", "missed", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. ``at_least`` or ``at_most`` is its budget, where it has one; ``note`` says how it was taken."""

    group: str
    work: str
    figure: float | str
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def budget(self) -> str:
        """The budget in words."""
        if self.at_least is not None:
            return f"≥ {shown(self.at_least)}"
        return f"≤ {shown(self.at_most)}" if self.at_most is not None else ""

    @property
    def verdict(self) -> Verdict:
        """Whether the budget is met; empty where there is none."""
        if isinstance(self.figure, str) or (self.at_least is None and self.at_most is None):
            return ""
        low = self.at_least is None or self.figure >= self.at_least
        high = self.at_most is None or self.figure <= self.at_most
        return "met" if low and high else "missed"

    def data(self, machine: str) -> dict[str, Any]:
        """The row for a machine to read."""
        return {**asdict(self), "budget": self.budget, "verdict": self.verdict, "machine": machine}


def shown(figure: float | str) -> str:
    """A figure with three digits that count, or all of them before the point."""
    if isinstance(figure, str):
        return figure
    if figure == int(figure) or abs(figure) >= 100:
        return f"{figure:,.0f}"
    return f"{figure:,.1f}" if abs(figure) >= 10 else f"{figure:,.2f}"


def machine() -> str:
    """The machine in a few words: cores, processor, memory, system, interpreter."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{cores} cores {_processor()}, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def load() -> str:
    """How busy the machine is with other things: the mean number of running processes in the last minute."""
    return f"load {os.getloadavg()[0]:.1f}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def table(rows: Iterable[Row], *, title: str) -> Table:
    """The rows as a table, a rule between groups."""
    made = Table(title=title, title_justify="left", caption=machine(), caption_justify="left")
    for name, justify in (("work", "left"), ("figure", "right"), ("unit", "left"), ("budget", "right"), ("", "left")):
        made.add_column(name, justify=justify)  # type: ignore[arg-type]
    made.add_column("note", style="dim", ratio=1)
    group = ""
    for row in rows:
        if row.group != group:
            made.add_section()
            made.add_row(f"[bold]{row.group}[/]")
            group = row.group
        style = "bold red" if row.verdict == "missed" else "green" if row.verdict == "met" else ""
        made.add_row(
            row.work, f"[{style}]{shown(row.figure)}[/]" if style else shown(row.figure), row.unit, row.budget,
            row.verdict, row.note,
        )  # fmt: skip
    return made


def plain(rows: Iterable[Row]) -> str:
    """The rows as a Markdown table, for ``docs/explanation/performance.md``."""
    lines, group = ["| work | figure | unit | budget | | note |", "| --- | ---: | --- | ---: | --- | --- |"], ""
    for row in rows:
        if row.group != group:
            group = row.group
            lines.append(f"| **{group}** | | | | | |")
        lines.append(f"| {row.work} | {shown(row.figure)} | {row.unit} | {row.budget} | {row.verdict} | {row.note} |")
    return "\n".join(lines)


def print_table(rows: Iterable[Row], *, title: str, console: Console) -> None:
    """Print the table."""
    console.print(table(rows, title=title))
