"""A letter (our own small HTML) as text for a terminal: headings stand out, a term stands beside its value."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html.parser import HTMLParser

WIDTH = 100
HEADINGS = ("h1", "h2", "h3")
BLOCKS = (*HEADINGS, "p", "li", "dd", "td", "th", "caption", "br")
SILENT = ("head", "style", "title")


def letter_rows(html: str) -> Iterator[str]:
    """The letter line by line, wrapped; an empty line before each heading."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for kind, words in reader.blocks:
        if kind in HEADINGS:
            yield from ("", words)
        else:
            begin, more = ("- ", "  ") if kind == "li" else ("", "")
            yield from textwrap.wrap(words, WIDTH, initial_indent=begin, subsequent_indent=more)


class _Reader(HTMLParser):
    """Collects blocks of text, each with the element it stood in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A new block ends the words before it."""
        self._silent += tag in SILENT
        if tag in BLOCKS and tag != "dd":
            self._end("p")

    def handle_endtag(self, tag: str) -> None:
        """The words since its beginning belong to this element; a term waits for its value."""
        self._silent -= tag in SILENT
        if tag == "dt":
            self._words.append(": ")
        elif tag in BLOCKS:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        """Words, but none of the head."""
        if not self._silent:
            self._words.append(data)

    def close(self) -> None:
        """What stands after the last element."""
        super().close()
        self._end("p")

    def _end(self, kind: str) -> None:
        words = " ".join("".join(self._words).split()).replace(" : ", ": ")
        self._words.clear()
        if words:
            self.blocks.append((kind, words))
