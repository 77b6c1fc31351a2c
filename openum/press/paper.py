"""A letter as PDF/UA-1: tagged, titled, in its language, with nothing loaded from anywhere.

WeasyPrint tags a document only under ``pdf_variant="pdf/ua-1"``. The bytes are the same for the same letter: the dates
are given, nothing else in the file depends on when or where it was made but the fonts of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser
from typing import NoReturn

from weasyprint import CSS, HTML
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from openum.core.refusal import Refusal
from openum.core.visible import in_one_line
from openum.press.readback import form_of, unprinted
from openum.press.style import enlarged, kept_whole, page_style, smallest

VARIANT = "pdf/ua-1"


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter on paper: the PDF's bytes, how many pages, and the SHA-256 of the bytes."""

    pdf: bytes
    pages: int
    digest: str


def printed(html: str, *, on: date, page_words: str, large: float = 0) -> Printed:
    """The PDF of a finished letter, proven: every piece of its text is read back, and it is tagged.

    ``on`` is the day of the letter and becomes the day of the file; ``page_words`` hold ``{page}`` and ``{pages}``;
    ``large`` is the smallest type size of a large-print copy, in points (0: as it is set). Refuses
    ``letter-not-printed`` when something of the letter is not to be read in the PDF, when it is not tagged, or when it
    would load something.
    """
    pdf = _pdf(html, on, page_words, large)
    form, lost = form_of(pdf), unprinted(html, pdf)
    if lost or not form.tagged or not form.title or form.language != (_language(html) or "?"):
        raise Refusal(
            "letter-not-printed",
            f"The PDF of the letter lacks {len(lost)} pieces of its text or its tags, title or language.",
            "Mend the letter's form (library/notices), or install the fonts it needs; nothing was sent.",
        )
    return Printed(pdf, form.pages, sha256(pdf).hexdigest())


def _pdf(html: str, on: date, page_words: str, large: float) -> bytes:
    points = smallest(html)
    size = max(points, large)
    text = kept_whole(enlarged(html, size / points))
    try:
        source = HTML(string=text, url_fetcher=_Nothing())
        document = source.render(stylesheets=[CSS(string=page_style(page_words, size))])
        document.metadata.created = document.metadata.modified = on.isoformat()
        pdf: bytes = document.write_pdf(pdf_variant=VARIANT)
    except FatalURLFetchingError as loads:
        raise Refusal(
            "letter-not-printed", "The letter would load something from elsewhere.", "Take it out of the letter."
        ) from loads
    return pdf


class _Nothing(URLFetcher):  # type: ignore[misc]
    """A letter loads nothing, and no letter reaches out to the network."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:  # noqa: ARG002
        raise FatalURLFetchingError(f"A letter loads nothing, and not {url[:40]}")


class _Html(HTMLParser):
    language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "html":
            self.language = in_one_line(dict(attrs).get("lang") or "")


def _language(html: str) -> str:
    parser = _Html()
    parser.feed(html)
    return parser.language
