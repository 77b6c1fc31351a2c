"""A page as a few kinds of blocks, and the two forms it is printed in: HTML and plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

WIDTH = 100
"""Characters in a line of the text form."""


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
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Items | Table


@dataclass(frozen=True, slots=True)
class Page:
    """A title, a line under it, and the blocks in order."""

    title: str
    subtitle: str
    blocks: tuple[Block, ...]


def as_html(page: Page) -> str:
    """A whole HTML5 document without style; every text is escaped."""
    body = "\n".join(_html(block) for block in page.blocks)
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


def _html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h2>{escape(text)}</h2>"
        case Paragraph(text, mark):
            return f'<p class="{escape(mark)}">{escape(text)}</p>' if mark else f"<p>{escape(text)}</p>"
        case Items(items, numbered):
            return _html_items(items, numbered, "criterion" if numbered else "")
        case Table():
            return _html_table(block)


def _html_items(items: Iterable[Item], numbered: bool, place: str) -> str:
    tag = "ol" if numbered else "ul"
    entries = [_html_item(item, numbered, f"{place}-{number}") for number, item in enumerate(items, 1)]
    return f"<{tag}>\n" + "\n".join(entries) + f"\n</{tag}>"


def _html_item(item: Item, numbered: bool, place: str) -> str:
    text = escape(item.text)
    if item.url:
        text = f'<a href="{escape(item.url)}">{text}</a>'
    if item.rule:
        text += f" <em>{escape(item.rule)}</em>"
    if item.cite:
        text += f" <cite>{escape(item.cite)}</cite>"
    below = "\n" + _html_items(item.items, numbered, place) + "\n" if item.items else ""
    id_ = f' id="{place}"' if numbered else ""
    return f"<li{id_}>{text}{below}</li>"


def _html_table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    caption = f"<caption>{escape(table.caption)}</caption>"
    return f"<table>\n{caption}\n<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"


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
        first, *others = zip(table.head, row, strict=True)
        lines = [f"- {first[1]}", *(f"{name}: {cell}" for name, cell in others if cell)]
        rows.append("\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines[:1]))
        rows += [textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    ") for line in lines[1:]]
    return "\n".join(rows)
