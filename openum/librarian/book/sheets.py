"""The pages of the law book as HTML: the same bytes for the same library, with links that work from any folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from posixpath import dirname, relpath
from typing import TypeVar

from openum.librarian.book.binding import TOKEN, Book, grouped, targets
from openum.librarian.book.citations import sections, told
from openum.librarian.book.entry import Entry
from openum.librarian.book.finding import folded
from openum.librarian.book.frame import FRONT, Sheet, framed, slug
from openum.librarian.page import Ref, as_body

MARKS: Mapping[str, str] = {
    "verified": "good",
    "read in full": "good",
    "from knowledge": "open",
    "summary read": "open",
}
"""The tone of a grade; others are calm."""
ACCREDITORS = ("NCQA", "URAC")
OTHER = "Other texts"
_BODY = re.compile(rf"({'|'.join(ACCREDITORS)}|\d+ (?:CFR|USC)|(?:\d+ )?[A-Z][A-Za-z. ]*?)(?= [A-Z]?\d| UM| H|$)")
BESIDE = 8
"""How many pages that rest on the same section are listed on a page; the list of citations has all."""
GROUPS = 14
"""How many groups of a chapter the front page names."""
_Row = TypeVar("_Row")
_TABLE = re.compile(r"<table>\n<caption>(.*?)</caption>")


def addresses(book: Book) -> tuple[str, ...]:
    """Every page there is but the search page, front page first."""
    lists = tuple(f"{chapter.shelf}/index.html" for chapter in book.chapters)
    return (FRONT, *LISTS, *lists, *book.by_address)


def sheet(book: Book, address: str, find_at: str) -> str | None:
    """The page at an address, ``None`` where there is none. ``find_at`` is where the search box leads."""
    one: Sheet | None = None
    if address in book.by_address:
        one = entry_sheet(book, book.by_address[address])
    elif address in LISTS:
        one = LISTS[address](book)
    elif address == FRONT:
        one = front_sheet(book)
    else:
        shelf = dirname(address)
        if address == f"{shelf}/index.html" and any(chapter.shelf == shelf for chapter in book.chapters):
            one = shelf_sheet(book, shelf)
    return framed(book, address, one, find_at) if one else None


def front_sheet(book: Book) -> Sheet:
    """Every subject with how much there is of it."""
    graded = [one for one in book.entries if one.shelf != "facts"]
    counts = [("good", "verified"), ("open", "from knowledge"), ("calm", "our choice")]
    figures = [f"<li><b>{len(book.entries)}</b> <span>pages</span></li>"]
    figures += [
        f'<li class="{tone}"><b>{sum(one.tag == tag for one in graded)}</b> <span>{tag}</span></li>'
        for tone, tag in counts
    ]
    cards = "\n".join(_card(book, chapter.shelf, chapter.title, chapter.summary) for chapter in book.chapters)
    lead = (
        "What the law and the policies say, since when, by whose authority, and worked examples with what was "
        "computed. Each page says how sure it is and what would confirm it."
    )
    body = f'<p>{lead}</p>\n<ul class="figures">\n{"".join(figures)}\n</ul>\n<div class="cards">\n{cards}\n</div>'
    return Sheet("Law book", body)


def _card(book: Book, shelf: str, title: str, summary: str) -> str:
    groups = list(grouped(book.of(shelf)))
    links = [
        f'<li><a href="{shelf}/index.html#{slug(name)}">{escape(name)}</a> <span class="quiet">{len(group)}</span></li>'
        for name, group in groups[:GROUPS]
    ]
    if len(groups) > GROUPS:
        links.append(f'<li><a href="{shelf}/index.html">{len(groups) - GROUPS} more groups of {escape(title)}</a></li>')
    return (
        f'<section class="card">\n<h2><a href="{shelf}/index.html">{escape(title)}</a> '
        f'<span class="quiet">{len(book.of(shelf))}</span></h2>\n<p>{escape(summary)}</p>\n'
        f'<ul class="inline">{"".join(links)}</ul>\n</section>'
    )


def shelf_sheet(book: Book, shelf: str) -> Sheet:
    """Every item of a shelf, by group."""
    chapter = next(one for one in book.chapters if one.shelf == shelf)
    parts = [f"<p>{escape(chapter.summary)}</p>"]
    graded = shelf != "facts"
    head = ("Name", "What it is", *(("Since when", "How sure") if graded else ()))
    for name, group in grouped(book.of(shelf)):
        rows = "\n".join(_line(one, shelf, graded) for one in group)
        cells = "".join(f'<th scope="col">{title}</th>' for title in head)
        parts.append(
            f'<section id="{slug(name)}" class="card">\n<h2>{escape(name)}</h2>\n'
            f'<div class="scroll" role="group" aria-label="{escape(name)}" tabindex="0"><table>\n'
            f"<thead><tr>{cells}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>\n</section>"
        )
    return Sheet(chapter.title, "\n".join(parts), crumbs=((FRONT, "Law book"),))


def _line(one: Entry, shelf: str, graded: bool) -> str:
    version = "" if one.version in ("", "1") else f' <span class="quiet">version {escape(one.version)}</span>'
    link = relpath(one.address, shelf)
    first = f'<th scope="row"><a href="{escape(link)}">{escape(one.name)}</a>{version}</th>'
    more = f"<td>{escape(one.since)}</td><td>{mark(one.tag)}</td>" if graded else ""
    return f"<tr>{first}<td>{escape(one.title)}</td>{more}</tr>"


def mark(tag: str) -> str:
    """A grade as a mark with a word."""
    return f'<span class="mark {MARKS.get(tag, "calm")}">{escape(tag)}</span>' if tag else ""


def entry_sheet(book: Book, entry: Entry) -> Sheet:
    """One version of one item: what it says, its examples, and beside it everything it is tied to."""
    here = dirname(entry.address)
    say = linker(book, entry)

    def link(ref: Ref) -> str:
        to = book.by_key.get(ref.to)
        return anchor(to, here, ref.text) if to else escape(ref.text)

    body = as_body((*entry.body, *entry.worked()), say, link)
    body = _TABLE.sub(
        r'<div class="scroll" role="group" aria-label="\1" tabindex="0"><table>' "\n" r"<caption>\1</caption>", body
    ).replace("</tbody>\n</table>", "</tbody>\n</table></div>")
    version = f" version {entry.version}" if entry.version else ""
    words = [f"<code>{escape(entry.name)}</code>{escape(version)}", escape(entry.since), mark(entry.tag)]
    lead = f'<p class="quiet">{" · ".join(part for part in words if part)}</p>'
    aside = "\n".join(_aside(book, entry, here))
    side = f'<aside class="beside" aria-label="What it is tied to">\n{aside}\n</aside>' if aside else ""
    title = next(one.title for one in book.chapters if one.shelf == entry.shelf)
    return Sheet(
        entry.title,
        f'{lead}\n<div class="case">\n<article class="card">\n{body}\n</article>\n{side}\n</div>',
        crumbs=(
            (FRONT, "Law book"),
            (f"{entry.shelf}/index.html", title),
            (f"{entry.shelf}/index.html#{slug(entry.group)}", entry.group),
        ),
    )


def linker(book: Book, entry: Entry) -> Callable[[str], str]:
    """How a text of an entry is written: escaped, every name of another item a link."""
    here = dirname(entry.address)

    def say(text: str) -> str:
        parts, at = [], 0
        for found in TOKEN.finditer(text):
            to = book.linked(found[0])
            if to is not None and to.key != entry.key:
                parts += [escape(text[at : found.start()]), anchor(to, here, found[0])]
                at = found.end()
        return "".join((*parts, escape(text[at:])))

    return say


def anchor(to: Entry, here: str, text: str) -> str:
    """A link from a folder of the book to an entry."""
    return f'<a href="{escape(relpath(to.address, here or "."))}">{escape(text)}</a>'


def _aside(book: Book, entry: Entry, here: str) -> Iterator[str]:
    if entry.also:
        yield _part("Other names", [escape(name) for name in entry.also])
    others = [one for one in book.versions(entry) if one.address != entry.address]
    words = [f"{anchor(one, here, f'Version {one.version}')}, {escape(one.since)}" for one in others]
    yield _part("Other versions", words)
    yield _part("It names", [_named(one, here) for one in targets(book, entry)])
    yield _part("Named by", [_named(one, here) for one in book.named_by.get(entry.address, ())])
    for section in dict.fromkeys(each for cite in entry.cites for each in sections(cite)):
        same = [one for one in book.by_section.get(section, ()) if one.key != entry.key]
        if not same:
            continue
        rows = [_named(one, here) for one in same[:BESIDE]]
        if len(same) > BESIDE:
            every = f"{relpath('citations.html', here)}#{slug(section)}"
            rows.append(f'<a href="{every}">all {len(same) + 1} that cite {escape(section)}</a>')
        yield _part(f"Also rests on {section}", rows)


def _named(one: Entry, here: str) -> str:
    if one.shelf == "facts":
        return anchor(one, here, one.title)
    return f'{anchor(one, here, one.name)} <span class="quiet">{escape(one.title)}</span>'


def _part(title: str, rows: Sequence[str]) -> str:
    if not rows:
        return ""
    listed = "".join(f"<li>{row}</li>" for row in rows)
    return f'<section>\n<h2>{escape(title)}</h2>\n<ul class="plain">{listed}</ul>\n</section>'


def names_sheet(book: Book) -> Sheet:
    """Every name, from A to Z."""
    every = sorted(
        {(name, entries[0]) for name, entries in book.by_name.items() if "@" not in name},
        key=lambda each: (folded(each[0]), each[1].address),
    )
    return Sheet("All names from A to Z", _sections(every, _letter, _name_row), crumbs=((FRONT, "Law book"),))


def _letter(named: tuple[str, Entry]) -> str:
    first = folded(named[0])[:1].upper()
    return first if first.isalpha() else "0 to 9"


def _name_row(named: tuple[str, Entry]) -> str:
    name, entry = named
    other = "" if entry.name == name else f" (see {escape(entry.name)})"
    return f'{anchor(entry, ".", name)}{other} <span class="quiet">{escape(entry.title)}</span>'


def citations_sheet(book: Book) -> Sheet:
    """Every section of law that is cited, with all pages that rest on it."""
    rows = sorted(book.by_section.items(), key=lambda each: _body_order(_body(each)))
    lead = "<p>By section; paragraphs are left out. The texts themselves are with their publishers.</p>\n"
    return Sheet("By citation", lead + _sections(rows, _body, _citation_row, ids=True), crumbs=((FRONT, "Law book"),))


def _body(cited: tuple[str, Sequence[Entry]]) -> str:
    """The code a section belongs to: ``42 CFR``, ``NCD``, ``Tex. Ins. Code``."""
    found = _BODY.match(cited[0]) if told(cited[0]) or cited[0].startswith(ACCREDITORS) else None
    return found[1] if found else OTHER


def _body_order(body: str) -> tuple[int, str]:
    place = 0 if re.match(r"\d+ CFR", body) else 1 if re.match(r"\d+ USC", body) else 3 if body == OTHER else 2
    return place, body.rjust(12) if place < 2 else body


def _citation_row(cited: tuple[str, Sequence[Entry]]) -> str:
    section, entries = cited
    links = ", ".join(anchor(one, ".", one.name) for one in entries)
    return f'<span id="{slug(section)}"><b>{escape(section)}</b></span> {links}'


def sources_sheet(book: Book) -> Sheet:
    """What the keys of sources stand for."""
    strengths = {"A": "primary text", "B": "official summary or dated text", "C": "secondary source"}
    rows = "\n".join(
        f'<tr><th scope="row" id="{slug(key)}">{escape(key)}</th><td>{escape(one.what)}</td>'
        f"<td>{escape(strengths.get(one.strength, one.strength))}</td></tr>"
        for key, one in book.sources.items()
    )
    head = '<tr><th scope="col">Key</th><th scope="col">What was read</th><th scope="col">Strength</th></tr>'
    table = f"<table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    scroll = f'<div class="scroll" role="group" aria-label="Sources" tabindex="0">{table}</div>'
    return Sheet("Sources", f'<div class="card">\n{scroll}\n</div>', crumbs=((FRONT, "Law book"),))


def _sections(
    rows: Iterable[_Row], group: Callable[[_Row], str], row: Callable[[_Row], str], *, ids: bool = False
) -> str:
    """Rows in lists under the heading of their group, with a line of links to the headings."""
    parts, jumps = [], []
    for name, under in groupby(rows, key=group):
        place = f"under-{slug(name)}" if ids else slug(name)
        jumps.append(f'<li><a href="#{place}">{escape(name)}</a></li>')
        listed = "\n".join(f"<li>{row(one)}</li>" for one in under)
        head = f'<section class="card" id="{place}">\n<h2>{escape(name)}</h2>'
        parts.append(f'{head}\n<ul class="plain">\n{listed}\n</ul>\n</section>')
    return f'<ul class="inline jumps">{"".join(jumps)}</ul>\n' + "\n".join(parts)


LISTS: Mapping[str, Callable[[Book], Sheet]] = {
    "az.html": names_sheet,
    "citations.html": citations_sheet,
    "sources.html": sources_sheet,
}
"""The pages that list what the whole book has."""
