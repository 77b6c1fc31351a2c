"""Print the pages that are made from code, and say which ones no longer match it.

    python -m docs.generate            write them
    python -m docs.generate --check    write nothing; exit code 1 when a page is stale

A generated page has one function that returns its text; ``PAGES`` is the whole list, and a test reads it too.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from openum.doors.cli import reference
from openum.librarian import appeals_page, catalog, clocks, law_list, measure_page
from openum.site import environment

PROJECT = Path(__file__).resolve().parents[1]
PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/appeals.md": appeals_page.reference,
    "docs/reference/cli.md": reference.reference,
    "docs/reference/clocks.md": clocks.reference,
    "docs/reference/law.md": law_list.reference,
    "docs/reference/library.md": catalog.shipped_catalog,
    "docs/reference/measures.md": measure_page.reference,
    "docs/reference/settings.md": environment.reference,
}


def stale() -> list[str]:
    """The generated pages whose file differs from what the code prints now."""
    return [page for page, text in PAGES.items() if not (PROJECT / page).exists() or read(page) != text()]


def read(page: str) -> str:
    """The text of a page as it stands in the checkout."""
    return (PROJECT / page).read_text(encoding="utf-8")


def main(arguments: list[str]) -> int:
    """The command line; see the head of this file."""
    pages = stale()
    for page in pages:
        if "--check" in arguments:
            print(f"{page} is stale: run ./dev docs")
        else:
            (PROJECT / page).write_text(PAGES[page](), encoding="utf-8")
            print(f"{page} written")
    return 1 if pages and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
