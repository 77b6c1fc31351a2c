"""The law book as a folder of files that any web server serves and any browser opens without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from openum.core.refusal import Refusal
from openum.librarian.book.binding import Book
from openum.librarian.book.finding import as_script, index_of
from openum.librarian.book.frame import STYLE, static_search
from openum.librarian.book.sheets import addresses, sheet

MARKER = "book.json"
"""The file that says that a folder is a law book, and which files are its own."""
FIND_AT = "search.html"
HERE = Path(__file__).parent
Told = Callable[[int, int], None]
"""Called with how many files are written and how many there are."""


def write_book(book: Book, folder: Path, *, told: Told | None = None) -> int:
    """Write the book into a folder; answers how many files. What an earlier book left there is taken away first.

    Raises:
        Refusal: ``not-a-book`` when the folder holds anything that no book put there.
    """
    earlier = _earlier(folder)
    names = [*addresses(book), FIND_AT, STYLE, "find.js", "index.js"]
    folder.mkdir(parents=True, exist_ok=True)
    _take_away(folder, earlier - set(names))
    _mark(folder, book, sorted(earlier | set(names)))
    for number, (name, text) in enumerate(_files(book), 1):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        if told:
            told(number, len(names))
    _mark(folder, book, sorted(names))
    return len(names) + 1


def _files(book: Book) -> Iterator[tuple[str, str]]:
    for address in addresses(book):
        yield address, sheet(book, address, FIND_AT) or ""
    yield FIND_AT, static_search(book)
    yield "index.js", as_script(book, index_of(book))
    for name in (STYLE, "find.js"):
        yield name, asset(name)


def asset(name: str) -> str:
    """The style sheet or the script of the book."""
    return (HERE / name).read_text(encoding="utf-8")


def _earlier(folder: Path) -> set[str]:
    """The files of the book that stands in the folder."""
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise Refusal("not-a-book", f"{folder} is no folder.", "Name a folder, new or empty.")
    marker = folder / MARKER
    if not marker.is_file() and any(folder.iterdir()):
        raise Refusal(
            "not-a-book", f"{folder} holds other things than a law book; nothing was written.", "Name a new folder."
        )
    return set(json.loads(marker.read_text(encoding="utf-8"))["files"]) if marker.is_file() else set()


def _mark(folder: Path, book: Book, files: list[str]) -> None:
    said = {"book": "OpenUM law book", "library": book.digest, "files": files}
    (folder / MARKER).write_text(json.dumps(said, indent=0) + "\n", encoding="utf-8")


def _take_away(folder: Path, names: set[str]) -> None:
    """Remove files of an earlier book, and folders that are empty then; never anything outside the folder."""
    whole = folder.resolve()
    for name in sorted(names):
        path = (whole / name).resolve()
        if path.is_relative_to(whole) and path.is_file():
            path.unlink()
            for parent in path.parents:
                if parent == whole or any(parent.iterdir()):
                    break
                parent.rmdir()
