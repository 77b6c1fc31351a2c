"""One item by its name, as a page of its own, without binding the whole book."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from openum.core.refusal import Refusal
from openum.librarian.book.clock_entries import clock_entries
from openum.librarian.book.entry import Entry
from openum.librarian.book.law_entries import law_entries
from openum.librarian.book.law_words import read_sources
from openum.librarian.book.letter_entries import letter_entries
from openum.librarian.book.policy_entries import policy_entries
from openum.librarian.page import Heading, Page
from openum.librarian.shape import SHIPPED


def page_named(name: str, *roots: Path) -> Page:
    """Everything that goes by a name (``MA-OD-EXP``, ``ERISA-DENIAL``, ``age``), every version, as one page.

    Refuses ``unknown-item`` with the nearest names.
    """
    known: dict[str, None] = {}
    found: list[Entry] = []
    for one in _entries(roots):
        known.update(dict.fromkeys(one.names))
        if name in one.names:
            found.append(one)
    if not found:
        close = get_close_matches(name.partition("@")[0], list(known), n=3)
        nearest = f"Did you mean {', '.join(close)}?" if close else "`openum library book` lists all of them."
        raise Refusal("unknown-item", "Nothing of that name is on the shelves.", nearest)
    first, *more = found
    blocks = [*first.body, *first.worked()]
    for one in more:
        blocks += [Heading(f"{_subtitle(one)}: {one.title}"), *one.body, *one.worked()]
    return Page(first.title, _subtitle(first), tuple(blocks))


def _entries(roots: tuple[Path, ...]) -> Iterator[Entry]:
    sources = read_sources(*dict.fromkeys((SHIPPED, *roots)))
    law = (clock_entries(roots, sources), law_entries(roots, sources), letter_entries(roots, sources))
    return chain(policy_entries(roots), *law)


def _subtitle(one: Entry) -> str:
    version = f", version {one.version}" if one.version else ""
    return f"{one.name}{version}; also {', '.join(one.also)}" if one.also else f"{one.name}{version}"
