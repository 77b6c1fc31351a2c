"""What stands around every page of the law book: head, bar with the search box, way back, foot; and the search page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from posixpath import dirname, relpath

from openum.librarian.book.binding import Book
from openum.librarian.book.entry import Entry

FRONT = "index.html"
STYLE = "book.css"
_UNFIT = re.compile(r"[^a-z0-9]+")
PLACES = ((FRONT, "Subjects"), ("az.html", "A to Z"), ("citations.html", "Citations"), ("sources.html", "Sources"))
"""The lists of the whole book, on every page."""
MOST_FOUND = 200
"""How many pages a search lists."""


@dataclass(frozen=True, slots=True, kw_only=False)
class Sheet:
    """The title of a page, its main part as HTML, and the way back: (address, words) from the front page on."""

    title: str
    body: str
    crumbs: tuple[tuple[str, str], ...] = ()


def slug(text: str) -> str:
    """A text as the name of a place in a page; never the name of another."""
    plain = _UNFIT.sub("-", text.lower()).strip("-")
    return f"p-{plain or 'x'}"


def framed(book: Book, address: str, one: Sheet, find_at: str, *, boxed: bool = True, script: str = "") -> str:
    """A whole document. ``boxed`` pages have the search box in their bar."""
    here = dirname(address) or "."

    def to(target: str) -> str:
        place, mark, part = target.partition("#")
        return escape(relpath(place, here) + mark + part)

    crumbs = " / ".join(f'<a href="{to(where)}">{escape(words)}</a>' for where, words in one.crumbs)
    way = f'<nav class="crumbs" aria-label="Way back">{crumbs}</nav>\n' if crumbs else ""
    box = search_form(to(find_at), "", "find") if boxed else ""
    title = one.title if address == FRONT else f"{one.title} · Law book"
    current = ' aria-current="page"'
    links = "".join(
        f'<a href="{to(where)}"{current if where == address else ""}>{words}</a>' for where, words in PLACES
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<title>{escape(title)}</title>\n<link rel="icon" href="data:,">\n'
        f'<link rel="stylesheet" href="{to(STYLE)}">\n</head>\n<body>\n'
        '<a class="skip" href="#main">Skip to the content</a>\n'
        f'<header class="bar">\n<a class="wordmark" href="{to(FRONT)}">Open<b>UM</b> law book</a>\n'
        f'<nav class="places" aria-label="Lists">{links}</nav>\n{box}</header>\n'
        f'<main id="main">\n{way}<h1>{escape(one.title)}</h1>\n{one.body}\n</main>\n'
        f'<footer class="foot"><p>Library {escape(book.digest)}. Printed from the files that decide.</p></footer>\n'
        f"{script}</body>\n</html>\n"
    )


def search_form(action: str, query: str, name: str) -> str:
    """A search box that works without JavaScript where a server answers it."""
    return (
        f'<form class="search" role="search" action="{action}" method="get">\n'
        f'<label class="unseen" for="{name}">Words, a name or a citation</label>'
        f'<input id="{name}" name="q" type="search" maxlength="200" autocomplete="off" '
        f'placeholder="Words, a name or a citation" value="{escape(query)}">'
        "<button>Find</button>\n</form>\n"
    )


def static_search(book: Book) -> str:
    """The search page of a book without a server: a script looks into the index; without scripts the lists remain."""
    body = (
        f"{search_form('search.html', '', 'q')}"
        '<p id="count" role="status"></p>\n<ol id="found" class="found"></ol>\n'
        '<noscript><p>This page needs JavaScript. Everything is also listed <a href="az.html">from A to Z</a>, '
        '<a href="citations.html">by citation</a> and <a href="index.html">by subject</a>.</p></noscript>'
    )
    script = '<script src="index.js"></script>\n<script src="find.js"></script>\n'
    one = Sheet("Find", body, crumbs=((FRONT, "Law book"),))
    return framed(book, "search.html", one, "search.html", boxed=False, script=script)


def served_search(book: Book, query: str, found: Sequence[Entry]) -> str:
    """The same page where a server looked."""
    chapters = {chapter.shelf: chapter.title for chapter in book.chapters}
    rows = "\n".join(
        f'<li><a href="{escape(one.address)}">{escape(one.title)}</a> <span class="quiet">'
        f"{escape(' · '.join(part for part in (one.name, chapters[one.shelf], one.since) if part))}</span></li>"
        for one in found[:MOST_FOUND]
    )
    body = f'{search_form("search", query, "q")}<p id="count">{escape(counted(query, len(found)))}</p>\n'
    body += f'<ol id="found" class="found">\n{rows}\n</ol>' if rows else ""
    return framed(book, "search", Sheet("Find", body, crumbs=((FRONT, "Law book"),)), "search", boxed=False)


def counted(query: str, pages: int) -> str:
    """How many pages a query finds, in words."""
    if not query.strip():
        return ""
    most = f", the first {MOST_FOUND} of them" if pages > MOST_FOUND else ""
    return f"{pages} page{'' if pages == 1 else 's'} for “{query.strip()}”{most}"
