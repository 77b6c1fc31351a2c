"""What a PDF says, read back from its bytes (pypdfium2, the only reader tried that found all text of WeasyPrint's)."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from openum.core.visible import in_one_line, pieces
from openum.press.style import MARGIN

BULLETS = frozenset("•◦▪")


@dataclass(frozen=True, slots=True)
class Form:
    """What a PDF says of itself."""

    tagged: bool
    language: str
    title: str
    pages: int


def words_of(pdf: bytes) -> str:
    """The words of every page in one line with single spaces, without page numbers and bullets.

    Bullets are drawn after the rest of their page, where they would stand in the middle of a sentence.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        return in_one_line(" ".join(_page_words(page) for page in document))
    finally:
        document.close()


def form_of(pdf: bytes) -> Form:
    """Whether it is tagged (on every page), its language, its title, its pages."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        trees = all(_has_tags(page) for page in document)
        title = document.get_metadata_value("Title")
        tagged = bool(pdfium.FPDFCatalog_IsTagged(document.raw)) and trees
        return Form(tagged=tagged, language=_language(document), title=title, pages=len(document))
    finally:
        document.close()


def unprinted(html: str, pdf: bytes) -> tuple[str, ...]:
    """The pieces of a letter's visible text that the PDF does not show, spaces and line breaks aside."""
    shown = "".join(words_of(pdf).split())
    return tuple(piece for piece in pieces(html) if "".join(piece.split()) not in shown)


def _page_words(page: pypdfium2.PdfPage) -> str:
    width, height = page.get_size()
    text: str = page.get_textpage().get_text_bounded(0, MARGIN, width, height)
    return " ".join(word for word in text.split() if word not in BULLETS)


def _has_tags(page: pypdfium2.PdfPage) -> bool:
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return False
    children = int(pdfium.FPDF_StructTree_CountChildren(tree))
    pdfium.FPDF_StructTree_Close(tree)
    return children > 0


def _language(document: pypdfium2.PdfDocument) -> str:
    size = int(pdfium.FPDFCatalog_GetLanguage(document.raw, None, 0))
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFCatalog_GetLanguage(document.raw, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
