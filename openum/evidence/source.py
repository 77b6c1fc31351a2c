"""Bytes as text without losing a byte: which encoding, and which bytes each character came from."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""(?:<\?xml[^>]{0,200}?encoding|<meta[^>]{0,200}?charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I
)
_LOOKED_AT = 2048
"""Bytes at the beginning in which a declaration is looked for, as browsers do (they read 1024)."""
_NOT_DECLARABLE = ("utf-7", "utf-16", "utf-32", "idna", "punycode", "unicode_escape", "raw_unicode_escape")
"""Wide encodings begin with a mark of their own; the others can say one character in several ways."""


@dataclass(frozen=True, slots=True)
class Source:
    """The characters of a file. ``offsets[i]`` is the byte at which character ``i`` begins, one more for the end.

    Every character stands for its bytes and no others, so that any stretch of text names a stretch of the file.
    """

    text: str
    offsets: Sequence[int]
    encoding: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """First and past-the-last byte of the characters from ``start`` to ``end``."""
        return self.offsets[start], self.offsets[end]


def source_of(content: bytes) -> Source:
    """The file's characters: by its mark, by what it declares, as UTF-8, or else byte by byte (Windows 1252).

    It never fails: what no encoding fits is read as ISO 8859-1, where every byte is a character.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            found = _decoded(content, encoding, len(mark))
            if found:
                return found
    for encoding in (_declared(content), "utf-8", "cp1252"):
        found = _decoded(content, encoding, 0) if encoding else None
        if found:
            return found
    return Source(content.decode("iso-8859-1"), range(len(content) + 1), "iso-8859-1")


def _declared(content: bytes) -> str:
    said = _DECLARED.search(content[:_LOOKED_AT])
    if not said:
        return ""
    try:
        name = codecs.lookup(said[1].decode("ascii")).name
    except LookupError:
        return ""
    return "" if name.startswith(_NOT_DECLARABLE) or not _is_text(name) else name


def _is_text(name: str) -> bool:
    """Whether it turns bytes into characters at all, one after the other (``hex`` and ``zlib`` do not)."""
    try:
        return "a".encode(name) == b"a"
    except (LookupError, ValueError):
        return False


def _decoded(content: bytes, encoding: str, skip: int) -> Source | None:
    """``None`` when it does not fit, or when the characters written again would not be the same bytes."""
    body = content[skip:]
    try:
        text = body.decode(encoding)
        if text.isascii() and len(text) == len(body):
            return Source(text, range(skip, skip + len(body) + 1), encoding)
        sizes = [len(character.encode(encoding)) for character in text]
        if text.encode(encoding) != body or sum(sizes) != len(body):
            return None
    except (UnicodeError, LookupError):
        return None
    return Source(text, tuple(accumulate(sizes, initial=skip)), encoding)
