"""Every item of law of the shipped library in one list, printed as ``docs/reference/law.md``."""

from __future__ import annotations

from collections.abc import Iterator

from openum.librarian.book.binding import CHAPTERS, grouped
from openum.librarian.book.clock_entries import clock_entries
from openum.librarian.book.entry import Entry
from openum.librarian.book.law_entries import law_entries
from openum.librarian.book.letter_entries import letter_entries
from openum.librarian.shape import SHIPPED

HEAD = """\
# The law on the shelves

*Generated from `library/`; do not edit. `./dev docs` prints it anew.*

Every clock, letter and other item of law by shelf and jurisdiction. What each says in full, with its sources and worked
examples, is in the law book: `openum library book FOLDER` writes it, and every installation shows it at `/library`
([how-to](../how-to/law-book.md)). One item: `openum library print NAME`. Policies and facts: [library](library.md).
"""
TABLE = f"| Name | What it is | Since when | How sure | Text |\n|{' --- |' * 5}\n"


def reference() -> str:
    """The whole page."""
    items = [*clock_entries([SHIPPED], {}), *law_entries([SHIPPED], {}), *letter_entries([SHIPPED], {})]
    return HEAD + "".join(_lines(items))


def _lines(items: list[Entry]) -> Iterator[str]:
    for chapter in CHAPTERS:
        of_shelf = [one for one in items if one.shelf == chapter.shelf]
        if not of_shelf:
            continue
        yield f"\n## {chapter.title}\n\n{chapter.summary}\n"
        of_shelf.sort(key=lambda one: (one.group, one.name, one.version))
        for place, group in grouped(of_shelf):
            yield f"\n### {chapter.title}: {place}\n\n{TABLE}"
            yield from map(_row, group)


def _row(one: Entry) -> str:
    version = "" if one.version == "1" else f", version {one.version}"
    cells = (f"{one.name}{version}", one.title, one.since, one.tag, one.cites[0])
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |\n"
