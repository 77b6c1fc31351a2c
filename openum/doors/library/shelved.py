"""The book this installation shows: read from its shelves once, when somebody first opens it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from threading import Lock

from django.conf import settings

from openum.librarian.book.binding import Book, bind
from openum.librarian.book.entry import Entry
from openum.librarian.book.finding import Index, find, index_of
from openum.librarian.book.sheets import sheet

FIND_AT = "search"
PAGES = 256
"""How many pages are kept as they were written."""
_one_at_a_time = Lock()


def book() -> Book:
    """The book of ``OPENUM_LIBRARY``."""
    return _read(_roots())[0]


def written(address: str) -> str | None:
    """The page at an address; ``None`` where there is none."""
    return _written(_roots(), address)


def found(query: str) -> tuple[Entry, ...]:
    """The pages that have every word of a query, the best first."""
    bound, index = _read(_roots())
    return tuple(bound.entries[number] for number in find(index, query))


def _roots() -> tuple[Path, ...]:
    return tuple(settings.OPENUM_LIBRARY)


def _read(roots: tuple[Path, ...]) -> tuple[Book, Index]:
    """Several visitors may come while it is read for the first; they wait for that one reading."""
    with _one_at_a_time:
        return _bound(roots)


@lru_cache(maxsize=1)
def _bound(roots: tuple[Path, ...]) -> tuple[Book, Index]:
    bound = bind(*roots)
    return bound, index_of(bound)


@lru_cache(maxsize=PAGES)
def _written(roots: tuple[Path, ...], address: str) -> str | None:
    return sheet(_read(roots)[0], address, FIND_AT)
