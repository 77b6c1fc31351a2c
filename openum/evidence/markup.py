"""HTML and XML (C-CDA) as readable text, each character with the place in the source that it came from."""

from __future__ import annotations

import html
from bisect import bisect_right
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate

UNSEEN = frozenset({"script", "style", "template", "noscript", "head"})
"""Elements whose text no reader sees. In a C-CDA document only sections are read (``_Reader.ccda``)."""
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "content", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "linkhtml", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr", "footnoteref", "rendermultimedia",
})  # fmt: skip
"""Elements that do not end a line (HTML's phrasing content, and that of the C-CDA narrative block)."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "title"})
BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its characters in the readable text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Readable:
    """Readable text; ``starts[i]`` and ``ends[i]`` are the source characters that character ``i`` stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    headings: tuple[Heading, ...]


def read_markup(source: str) -> Readable:
    """The text a person reads in HTML or XML: tags gone, entities as their characters, a line for each block.

    Entities of a document type are never expanded, and nothing is fetched.
    """
    reader = _Reader(source)
    reader.feed(source)
    reader.close()
    return reader.readable()


@dataclass(slots=True)
class _Pieces:
    text: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects what is seen. Character references come one by one, because each has its own place."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._source = source
        self._lines = tuple(accumulate((len(line) for line in source.split("\n")), lambda at, n: at + n + 1, initial=0))
        self._kept = _Pieces()
        self._hidden: list[str] = []
        self._headings: list[Heading] = []
        self._heading_from: int | None = None
        self._end = 0
        self.ccda = "<clinicaldocument" in source[:4000].lower() or ":clinicaldocument" in source[:4000].lower()
        self._depth = 0
        """In a C-CDA document: how many of ``section``'s ``text`` and ``title`` are open."""

    def readable(self) -> Readable:
        kept = self._kept
        return Readable("".join(kept.text), tuple(kept.starts), tuple(kept.ends), tuple(self._headings))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = _local(tag)
        here = self._here()
        after = here + len(self.get_starttag_text() or "")
        if name in UNSEEN and not self.ccda:
            self._hidden.append(name)
        elif name not in INLINE:
            self._break(here, after)
        if self.ccda and name in ("text", "title"):
            self._depth += 1
        if name in HEADINGS:
            self._heading_from = len(self._kept.text)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _local(tag) not in INLINE:
            here = self._here()
            self._break(here, here + len(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        name = _local(tag)
        if name in self._hidden:
            del self._hidden[self._hidden.index(name) :]
        if name in HEADINGS and self._heading_from is not None:
            if len(self._kept.text) > self._heading_from:
                self._headings.append(Heading(self._heading_from, len(self._kept.text)))
            self._heading_from = None
        if self.ccda and name in ("text", "title"):
            self._depth = max(0, self._depth - 1)
        if name not in INLINE and name not in UNSEEN:
            here = self._here()
            close = self._source.find(">", here)
            self._break(here, close + 1 if close >= 0 else len(self._source))

    def handle_data(self, data: str) -> None:
        here = self._here()
        if self._seen():
            self._keep(data, here)

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name}")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name}")

    def unknown_decl(self, data: str) -> None:
        """A CDATA section of XML: its text as it stands."""
        if data.startswith("CDATA[") and self._seen():
            self._keep(data.removeprefix("CDATA["), self._here() + len("<![CDATA["))

    def _reference(self, written: str) -> None:
        here = self._here()
        end = here + len(written)
        if self._source[end : end + 1] == ";":
            end += 1
        if self._seen():
            for character in html.unescape(self._source[here:end]):
                self._put(character, here, end)

    def _seen(self) -> bool:
        return not self._hidden and (not self.ccda or self._depth > 0)

    def _keep(self, data: str, here: int) -> None:
        """Text as it stands in the source; should the parser have changed it, all of it stands for all of that."""
        exact = self._source.startswith(data, here)
        for place, character in enumerate(data, here):
            self._put(character, *((place, place + 1) if exact else (here, here + len(data))))

    def _put(self, character: str, start: int, end: int) -> None:
        self._kept.text.append(character)
        self._kept.starts.append(start)
        self._kept.ends.append(end)

    def _break(self, start: int, end: int) -> None:
        """A new line where a block begins or ends, once; it stands for the tag."""
        kept = self._kept.text
        if kept and kept[-1] != BREAK and self._seen():
            self._put(BREAK, start, end)

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _local(tag: str) -> str:
    """The name without a namespace's prefix."""
    return tag.rpartition(":")[2]


def source_place(readable: Readable, start: int, end: int) -> tuple[int, int]:
    """The source characters for the readable characters from ``start`` to ``end``; an empty stretch has none."""
    if start >= end:
        at = readable.starts[start] if start < len(readable.starts) else (readable.ends[-1] if readable.ends else 0)
        return at, at
    return readable.starts[start], readable.ends[end - 1]


def heading_at(readable: Readable, place: int) -> str:
    """The heading above a character; empty where there is none."""
    before = bisect_right([heading.start for heading in readable.headings], place) - 1
    if before < 0:
        return ""
    heading = readable.headings[before]
    return " ".join(readable.text[heading.start : heading.end].split())
