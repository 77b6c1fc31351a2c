"""An attached document as pages of text, and quotes that lead back to the place they were read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from openum.core.chart import Segment
from openum.core.refusal import Refusal
from openum.evidence.markup import Heading, Readable, read_markup, source_place
from openum.evidence.pdf import Recognizer, read_pdf
from openum.evidence.source import Source, source_of

Media = Literal["text/plain", "text/html", "application/xml", "application/pdf"]
"""What can be read. C-CDA is ``application/xml``; ``text/xml`` is taken for it."""
NO_TEXT = "No text was found; a person reads it."
SOME_WITHOUT_TEXT = "Pages without text: {}. A person reads them."
_ALSO = {
    "text/xml": "application/xml",
    "application/xhtml+xml": "text/html",
    "application/hl7-cda+xml": "application/xml",
}
_MEDIA: tuple[Media, ...] = ("text/plain", "text/html", "application/xml", "application/pdf")
Places = Callable[[int, int], tuple[int, int]]


def _same(start: int, end: int) -> tuple[int, int]:
    return start, end


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its text, the headings that the format itself marks, and the way back into the file."""

    number: int
    text: str
    headings: tuple[Heading, ...] = ()
    recognized: bool = False
    places: Places = field(default=_same, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An attached document that was read.

    ``digest`` is the SHA-256 (hex) of its bytes, ``name`` what people call it (``Attachment/7``), ``segment`` how
    sensitive it is. ``trouble`` says what of it a machine could not read, empty when all was read.
    """

    digest: str
    media: Media
    pages: tuple[Page, ...]
    name: str = ""
    segment: Segment = "general"
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a document and their exact place.

    ``start`` and ``end`` count characters of the page's text. ``source_start`` and ``source_end`` count bytes of the
    file (for a PDF, whose file holds drawing commands, characters of the page's text). ``recognized``: read from a
    picture, so a person compares it with the picture.
    """

    document: str
    page: int
    start: int
    end: int
    source_start: int
    source_end: int
    text: str
    section: str = ""
    recognized: bool = False


def read_document(
    content: bytes,
    media: str,
    *,
    name: str = "",
    segment: Segment = "general",
    recognize: Recognizer | None = None,
) -> Document:
    """Read an attachment. ``recognize`` reads scans (``installed_recognizer``).

    Refuses with ``media_unreadable`` (a type that is not read) or ``pdf_unreadable``.
    """
    plain = media.partition(";")[0].strip().lower()
    known = next((one for one in _MEDIA if one == _ALSO.get(plain, plain)), None)
    if known is None:
        raise Refusal(
            "media_unreadable",
            "This kind of attachment is not read by machine.",
            "A person reads it, or it is sent again as PDF, HTML, C-CDA or plain text.",
        )
    pages = _pages(content, known, recognize)
    return Document(
        digest=sha256(content).hexdigest(),
        media=known,
        pages=pages,
        name=name,
        segment=segment,
        trouble=_trouble(pages),
    )


def _pages(content: bytes, media: Media, recognize: Recognizer | None) -> tuple[Page, ...]:
    if media == "application/pdf":
        read = enumerate(read_pdf(content, recognize), 1)
        return tuple(Page(number, page.text, recognized=page.recognized) for number, page in read)
    source = source_of(content)
    if media == "text/plain":
        return (Page(1, source.text, places=source.span),)
    readable = read_markup(source.text)
    return (Page(1, readable.text, readable.headings, places=_through(readable, source)),)


def _through(readable: Readable, source: Source) -> Places:
    def places(start: int, end: int) -> tuple[int, int]:
        return source.span(*source_place(readable, start, end))

    return places


def _trouble(pages: Sequence[Page]) -> str:
    empty = [page.number for page in pages if not page.text.strip()]
    if len(empty) == len(pages):
        return NO_TEXT
    return SOME_WITHOUT_TEXT.format(", ".join(map(str, empty))) if empty else ""


def quote(document: Document, page: Page, start: int, end: int, *, section: str = "") -> Quote:
    """The words of a page from character ``start`` to ``end``."""
    first, last = page.places(start, end)
    return Quote(
        document=document.digest,
        page=page.number,
        start=start,
        end=end,
        source_start=first,
        source_end=last,
        text=page.text[start:end],
        section=section,
        recognized=page.recognized,
    )


def resolve(found: Quote, content: bytes, media: str) -> str:
    """What stands at the quote's place in the file, read anew: the quote's own words, or it was not taken from it.

    Refuses with ``another_document`` when the file is not the one quoted from, ``recognized_only`` when the words were
    read from a picture: there is no text in the file to compare with.
    """
    if sha256(content).hexdigest() != found.document:
        raise Refusal(
            "another_document",
            "The quote was taken from another file.",
            "Open the attachment whose SHA-256 the quote names.",
        )
    if found.recognized:
        raise Refusal(
            "recognized_only",
            "The words were read from the picture of a page.",
            "Compare them with the page itself.",
        )
    if media == "text/plain":
        return content[found.source_start : found.source_end].decode(source_of(content).encoding)
    return read_document(content, media).pages[found.page - 1].text[found.start : found.end]
