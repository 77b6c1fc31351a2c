"""The law book as one value: every page by its address, every name and citation with the pages it leads to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from openum.librarian.book.citations import in_order, sections
from openum.librarian.book.clock_entries import clock_entries
from openum.librarian.book.entry import Entry
from openum.librarian.book.law_entries import law_entries
from openum.librarian.book.law_words import Source, read_sources
from openum.librarian.book.letter_entries import letter_entries
from openum.librarian.book.policy_entries import policy_entries
from openum.librarian.kinds import KINDS
from openum.librarian.page import refs_of, words_of
from openum.librarian.read import shelf_digest
from openum.librarian.shape import SHIPPED

TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./@-]*[A-Za-z0-9]")
"""What may be a name in a text: it is linked when an item goes by it."""
_DISTINCT = re.compile(r"[A-Z].*-|/|_")
"""A name that cannot be an ordinary word: capitals with a hyphen, a folder, an underscore."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One shelf of the book: its folder, its title and what it holds."""

    shelf: str
    title: str
    summary: str


CHAPTERS: tuple[Chapter, ...] = (
    Chapter("policies", "Medical policies", "What must be true for a service to be approved, criterion by criterion."),
    Chapter("requirements", "What needs authorization", "The rules of each line of business, read from top to bottom."),
    Chapter("clocks", "Clocks", "How long the law gives for an answer, by jurisdiction and program."),
    Chapter("letters", "Letters", "What each letter must contain by whose word, with an example."),
    *(Chapter(kind.shelf, kind.title, kind.summary) for kind in KINDS),
    Chapter("facts", "Facts", "The questions the policies ask about a member, and where the answers are read."),
)
"""The subjects of the book in the order of its front page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything on the shelves, bound. ``entries`` stand in the order of the front page.

    ``by_name`` leads from every name to the entries that go by it, the newest version first; ``by_section`` from a
    section of law to those that cite it; ``named_by`` from an address to the entries whose text names its item.
    """

    entries: tuple[Entry, ...]
    chapters: tuple[Chapter, ...]
    sources: Mapping[str, Source]
    by_address: Mapping[str, Entry]
    by_name: Mapping[str, tuple[Entry, ...]]
    by_key: Mapping[str, Entry]
    by_section: Mapping[str, tuple[Entry, ...]]
    named_by: Mapping[str, tuple[Entry, ...]]
    digest: str

    def of(self, shelf: str) -> tuple[Entry, ...]:
        """The entries of one shelf."""
        return tuple(one for one in self.entries if one.shelf == shelf)

    def versions(self, entry: Entry) -> tuple[Entry, ...]:
        """Every version of an item, the newest first."""
        return tuple(one for one in self.by_name[entry.name] if one.key == entry.key)

    def linked(self, word: str) -> Entry | None:
        """The entry a word of a text leads to: the newest version of what has that very name, else goes by it."""
        if not _DISTINCT.search(word):
            return None
        found = self.by_name.get(word, ())
        return next((one for one in found if one.name == word), found[0] if found else None)


def bind(*roots: Path) -> Book:
    """Read every shelf once and bind the book. What cannot be read is not in it: ``openum library check`` names it."""
    sources = read_sources(*dict.fromkeys((SHIPPED, *roots)))
    read = [
        *policy_entries(roots),
        *clock_entries(roots, sources),
        *law_entries(roots, sources),
        *letter_entries(roots, sources),
    ]
    places = {chapter.shelf: place for place, chapter in enumerate(CHAPTERS)}
    entries = tuple(sorted(read, key=lambda one: (places[one.shelf], one.group, one.name, _version(one))))
    by_name, by_key = _named(entries)
    book = Book(
        entries=entries,
        chapters=tuple(one for one in CHAPTERS if any(each.shelf == one.shelf for each in entries)),
        sources=sources,
        by_address={one.address: one for one in entries},
        by_name=by_name,
        by_key=by_key,
        by_section=_cited(entries),
        named_by={},
        digest=" ".join(shelf_digest(root)[:16] for root in roots),
    )
    return Book(**{**{name: getattr(book, name) for name in Book.__slots__}, "named_by": _naming(book)})


def _version(entry: Entry) -> tuple[int, str]:
    return (int(entry.version), "") if entry.version.isdigit() else (0, entry.version)


def _named(entries: Sequence[Entry]) -> tuple[dict[str, tuple[Entry, ...]], dict[str, Entry]]:
    names: dict[str, list[Entry]] = defaultdict(list)
    for one in sorted(entries, key=_version, reverse=True):
        for name in dict.fromkeys(one.names):
            names[name].append(one)
        if one.shelf == "policies":
            names[f"{one.name}@{one.version}"].append(one)
    keys: dict[str, Entry] = {}
    for one in sorted(entries, key=_version, reverse=True):
        keys.setdefault(one.key, one)
    return {name: tuple(found) for name, found in names.items()}, keys


def _cited(entries: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, dict[str, Entry]] = defaultdict(dict)
    for one in entries:
        for section in (section for cite in one.cites for section in sections(cite)):
            found[section][one.address] = one
    return {section: tuple(found[section].values()) for section in sorted(found, key=in_order)}


def _naming(book: Book) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, dict[str, Entry]] = defaultdict(dict)
    for one in book.entries:
        for target in targets(book, one):
            for version in book.versions(target):
                found[version.address][one.address] = one
    return {address: tuple(names.values()) for address, names in found.items()}


def targets(book: Book, entry: Entry) -> Iterator[Entry]:
    """The other items an entry names, by key or in its words, each once."""
    words = (word for text in words_of(entry.body) for word in TOKEN.findall(text))
    found = [book.by_key.get(ref.to) for ref in refs_of(entry.body)] + [book.linked(word) for word in words]
    for one in {each.key: each for each in found if each is not None}.values():
        if one.key != entry.key:
            yield one


def grouped(entries: Sequence[Entry]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Entries of one shelf by the heading they stand under."""
    for name, group in groupby(entries, key=lambda one: one.group):
        yield name, tuple(group)
