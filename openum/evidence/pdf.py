"""The text of a PDF's pages, by pypdfium2 as the press reads it; a page without text says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2

from openum.core.refusal import Refusal

Recognizer = Callable[[bytes], str]
"""Turns the picture of a page (PGM, 8 bits of gray) into text."""
DOTS_PER_INCH = 300
"""What tesseract's manual asks of a scan."""
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's text; ``recognized`` when it was read from its picture."""

    text: str
    recognized: bool = False


def read_pdf(content: bytes, recognize: Recognizer | None = None) -> tuple[PdfPage, ...]:
    """Every page's text in the PDF's own order.

    A page that has none (a scan) is given to ``recognize``, and stays empty without it.

    Refuses with ``pdf_unreadable``: it is broken or locked with a password.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise Refusal(
            "pdf_unreadable",
            "The attached PDF cannot be opened: it is broken or locked with a password.",
            "Ask for it again as an open PDF; until then a person reads what there is.",
        ) from None
    try:
        return tuple(_page(page, recognize) for page in document)
    finally:
        document.close()


def _page(page: pypdfium2.PdfPage, recognize: Recognizer | None) -> PdfPage:
    words = page.get_textpage()
    text: str = words.get_text_range() if words.count_chars() > 0 else ""
    if text.strip() or recognize is None:
        return PdfPage(text)
    return PdfPage(recognize(_picture(page)), recognized=True)


def _picture(page: pypdfium2.PdfPage) -> bytes:
    """The page in gray as a PGM file, the plainest that tesseract reads."""
    drawn = page.render(scale=DOTS_PER_INCH / _POINTS_PER_INCH, grayscale=True)
    lines = bytes(drawn.buffer)
    rows = (lines[at : at + drawn.width] for at in range(0, drawn.stride * drawn.height, drawn.stride))
    return b"P5 %d %d 255\n" % (drawn.width, drawn.height) + b"".join(rows)
