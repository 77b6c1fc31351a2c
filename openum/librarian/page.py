"""A page as a few kinds of blocks, and the two forms it is printed in: HTML and plain text.

The text of a block is plain. Who prints a page as HTML may say how a text is written (:data:`Say`), so that the law
book can turn the names in it into links.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape

WIDTH = 100
"""Characters in a line of the text form."""


Say = Callable[[str], str]
"""A text as HTML; ``html.escape`` at the least."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A text that leads to an item by its key in the law book (``facts/age``)."""

    text: str
    to: str


Cell = str | Ref


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``mark`` names what it is for a style sheet (``notice``)."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list: a sentence, how its branches count, where it is written, and the entries below it."""

    text: str
    rule: str = ""
    cite: str = ""
    url: str = ""
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``numbered`` when other texts refer to its entries by number."""

    items: tuple[Item, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption, a row of headings and rows of cells."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """What an item says, part by part: a name and the words for it."""

    rows: tuple[tuple[str, Cell], ...]


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that was made safe by whoever made it (an example of a letter), and the same in words."""

    html: str
    text: str


Block = Heading | Paragraph | Items | Table | Rows | Markup


@dataclass(frozen=True, slots=True)
class Page:
    """A title, a line under it, and the blocks in order."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


def as_html(page: Page) -> str:
    """A whole HTML5 document without style; every text is escaped."""
    body = as_body(page.blocks)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(page.title)}</title>\n</head>\n<body>\n<main>\n<article>\n"
        f"<header>\n<h1>{escape(page.title)}</h1>\n<p>{escape(page.subtitle)}</p>\n</header>\n"
        f"{body}\n</article>\n</main>\n</body>\n</html>\n"
    )


def as_text(page: Page) -> str:
    """The page in plain text, at most ``WIDTH`` characters wide but for tables' cells and addresses."""
    parts = [f"{page.title}\n{'=' * len(page.title)}\n{page.subtitle}", *map(_text, page.blocks)]
    return "\n\n".join(parts) + "\n"


def as_body(blocks: Iterable[Block], say: Say = escape, link: Callable[[Ref], str] | None = None) -> str:
    """The blocks alone as HTML; ``say`` writes texts, ``link`` references (without it they are texts)."""

    def cell(one: Cell) -> str:
        if isinstance(one, Ref):
            return link(one) if link else say(one.text)
        return say(one)

    return "\n".join(_html(block, say, cell) for block in blocks)


def _html(block: Block, say: Say, cell: Callable[[Cell], str]) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(text, mark):
            return f'<p class="{escape(mark)}">{say(text)}</p>' if mark else f"<p>{say(text)}</p>"
        case Items(items, numbered):
            return _html_items(items, numbered, "criterion" if numbered else "", say)
        case Table():
            return _html_table(block, cell)
        case Rows(rows):
            told = "\n".join(f"<dt>{escape(name)}</dt>\n<dd>{cell(words)}</dd>" for name, words in rows)
            return f"<dl>\n{told}\n</dl>"
        case Markup(html):
            return html


def _html_items(items: Iterable[Item], numbered: bool, place: str, say: Say) -> str:
    tag = "ol" if numbered else "ul"
    entries = [_html_item(item, numbered, f"{place}-{number}", say) for number, item in enumerate(items, 1)]
    return f"<{tag}>\n" + "\n".join(entries) + f"\n</{tag}>"


def _html_item(item: Item, numbered: bool, place: str, say: Say) -> str:
    text = f'<a href="{escape(item.url)}">{escape(item.text)}</a>' if item.url else say(item.text)
    if item.rule:
        text += f" <em>{say(item.rule)}</em>"
    if item.cite:
        text += f" <cite>{say(item.cite)}</cite>"
    below = "\n" + _html_items(item.items, numbered, place, say) + "\n" if item.items else ""
    id_ = f' id="{place}"' if numbered else ""
    return f"<li{id_}>{text}{below}</li>"


def _html_table(table: Table, cell: Callable[[Cell], str]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.head)
    rows = "\n".join("<tr>" + "".join(f"<td>{cell(one)}</td>" for one in row) + "</tr>" for row in table.rows)
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f"<table>\n{caption}\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


def words_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Every text of the blocks, headings and captions left out."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield text
            case Items(items):
                yield from _item_words(items)
            case Table():
                yield from (plain(one) for row in block.rows for one in row)
            case Rows(rows):
                yield from (text for name, words in rows for text in (name, plain(words)))
            case Markup(_, text):
                yield text


def refs_of(blocks: Iterable[Block]) -> Iterator[Ref]:
    """Every reference the blocks make by key."""
    for block in blocks:
        rows: Iterable[Iterable[Cell]] = block.rows if isinstance(block, Table | Rows) else ()
        yield from (one for row in rows for one in row if isinstance(one, Ref))


def plain(one: Cell) -> str:
    """A cell's words."""
    return one.text if isinstance(one, Ref) else one


def _item_words(items: Iterable[Item]) -> Iterator[str]:
    for item in items:
        yield from (item.text, item.rule, item.cite)
        yield from _item_words(item.items)


def _text(block: Block) -> str:
    match block:
        case Heading(text):
            return f"{text}\n{'-' * len(text)}"
        case Paragraph(text):
            return textwrap.fill(text, WIDTH)
        case Items(items, numbered):
            return "\n".join(_text_items(items, numbered, ""))
        case Table():
            return _text_table(block)
        case Rows(rows):
            told = [f"{name}: {plain(words)}" for name, words in rows]
            return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in told)
        case Markup(_, text):
            return textwrap.fill(text, WIDTH)


def _text_items(items: Iterable[Item], numbered: bool, above: str) -> Iterable[str]:
    for place, item in enumerate(items, 1):
        number = f"{above}{place}"
        depth = "   " * number.count(".")
        sign = f"{depth}{number} " if numbered else f"{depth}- "
        said = " ".join(part for part in (item.text, item.rule, item.cite and f"[{item.cite}]", item.url) if part)
        hanging = " " * len(sign)
        yield textwrap.fill(said, WIDTH, initial_indent=sign, subsequent_indent=hanging, break_long_words=False)
        yield from _text_items(item.items, numbered, f"{number}.")


def _text_table(table: Table) -> str:
    """Row by row, each cell under its heading's name: a table of long sentences does not fit side by side."""
    rows = []
    for row in table.rows:
        first, *others = zip(table.head, map(plain, row), strict=True)
        lines = [f"- {first[1]}", *(f"{name}: {cell}" for name, cell in others if cell)]
        rows.append("\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines[:1]))
        rows += [textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines[1:]]
    return "\n".join(rows)
