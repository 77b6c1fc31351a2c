"""HTML and XML (C-CDA) as readable text, each character with the place in the source that it came from.

The standard library's parser is not used: it needs a minute for forty kilobytes of unclosed tags (CVE-2025-6069), and
an attachment comes from anybody. This one looks at each character a bounded number of times.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

UNSEEN = frozenset({"script", "style", "template"})
"""Elements whose text no reader sees. In a C-CDA document only titles and texts of sections are read."""
INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "content", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "linkhtml", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr", "footnoteref", "rendermultimedia",
})  # fmt: skip
"""Elements that do not end a line (HTML's phrasing content, and that of the C-CDA narrative block)."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "caption", "legend", "title"})
BREAK = "\n"


_TAG = re.compile(r"""<(/?)([A-Za-z][^\s/>]*)((?:[^"'>]|"[^"]*"|'[^']*')*)>""")
_OPENED = re.compile(r"</?[A-Za-z]")
_REFERENCE = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{0,31});?")
_RAW_END = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in UNSEEN}
_CLINICAL = re.compile(r"<(?:[A-Za-z0-9_]+:)?ClinicalDocument\b")
_LOOKED_AT = 4000


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
    reader.read()
    return Readable("".join(reader.text), tuple(reader.starts), tuple(reader.ends), tuple(reader.headings))


class _Reader:
    """Goes through a source once and collects what is seen."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.text: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.headings: list[Heading] = []
        self._heading_from: int | None = None
        self._clinical = bool(_CLINICAL.search(source, 0, _LOOKED_AT))
        self._depth = 0

    def read(self) -> None:
        at = 0
        while at < len(self._source):
            sign = self._source.find("<", at)
            end = len(self._source) if sign < 0 else sign
            self._data(at, end)
            at = self._markup(end) if sign >= 0 else end

    def _markup(self, at: int) -> int:
        """Past the tag, comment or declaration that begins here; what is never closed reaches to the end."""
        source = self._source
        if source.startswith("<!--", at):
            return self._past("-->", at + 4)
        if source.startswith("<![CDATA[", at):
            end = source.find("]]>", at)
            self._plain(at + len("<![CDATA["), end if end >= 0 else len(source))
            return end + 3 if end >= 0 else len(source)
        if source.startswith(("<!", "<?"), at):
            return self._declaration(at)
        if not _OPENED.match(source, at):
            self._plain(at, at + 1)
            return at + 1
        found = _TAG.match(source, at)
        if not found:
            return self._past(">", at)
        return self._tag(at, found.end(), _local(found[2].lower()), closes=bool(found[1]), empty=found[3].endswith("/"))

    def _declaration(self, at: int) -> int:
        """A document type may hold declarations of its own between brackets."""
        end = self._past(">", at)
        if "[" in self._source[at:end] and self._source[at : at + 9].lower() == "<!doctype":
            return self._past("]>", at)
        return end

    def _past(self, sign: str, at: int) -> int:
        end = self._source.find(sign, at)
        return end + len(sign) if end >= 0 else len(self._source)

    def _tag(self, start: int, end: int, name: str, *, closes: bool, empty: bool) -> int:
        if name in UNSEEN and not self._clinical:
            raw = None if closes or empty else _RAW_END[name].search(self._source, end)
            return end if closes or empty else raw.start() if raw else len(self._source)
        if closes and name in HEADINGS:
            self._heading_ends()
        if closes:
            self._enter(name, -1)
        if name not in INLINE:
            self._break(start, end)
        if not closes and not empty:
            self._enter(name, +1)
            if name in HEADINGS:
                self._heading_from = len(self.starts)
        return end

    def _enter(self, name: str, step: int) -> None:
        """Counts how many titles and texts of a C-CDA document are open."""
        if self._clinical and name in ("title", "text"):
            self._depth = max(0, self._depth + step)

    def _heading_ends(self) -> None:
        if self._heading_from is not None and len(self.starts) > self._heading_from:
            self.headings.append(Heading(self._heading_from, len(self.starts)))
        self._heading_from = None

    def _data(self, start: int, end: int) -> None:
        """Text between tags; a character reference is the character it names, at the place of the whole reference."""
        at = start
        for found in _REFERENCE.finditer(self._source, start, end):
            named = html.unescape(found[0])
            if named != found[0]:
                self._plain(at, found.start())
                self._put(named, [found.start()] * len(named), [found.end()] * len(named))
                at = found.end()
        self._plain(at, end)

    def _plain(self, start: int, end: int) -> None:
        self._put(self._source[start:end], range(start, end), range(start + 1, end + 1))

    def _put(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> None:
        if self._clinical and self._depth == 0:
            return
        if text:
            self.text.append(text)
            self.starts.extend(starts)
            self.ends.extend(ends)

    def _break(self, start: int, end: int) -> None:
        """A new line where a block begins or ends, once; it stands for the tag."""
        if self.text and not self.text[-1].endswith(BREAK):
            self._put(BREAK, [start], [end])


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
