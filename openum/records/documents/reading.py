"""Text out of PDF, HTML, plain text and C-CDA. Pure: bytes in, text out; what cannot be read says why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

import pypdfium2
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from openum.records.documents.limits import HTML, PDF, PLAIN, XML, bare_type

LONGEST = 2_000_000
"""Characters kept of one document: about 600 pages. The rest is cut off, and that is said."""
CDA = "{urn:hl7-org:v3}"
_BLOCKS = frozenset(
    {
        "article", "blockquote", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "pre",
        "section", "table", "tr", "ul",
    }
)  # fmt: skip
_ROWS = frozenset({"paragraph", "tr", "item", "caption", "br", "list", "table"})
_SILENT = frozenset({"script", "style", "head", "template", "noscript"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: ``source`` is ``plain``, ``html``, ``pdf``, ``cda`` or ``xml``; ``trouble`` says what was not."""

    text: str = ""
    source: str = ""
    trouble: str = ""


def read_text(data: bytes, content_type: str) -> Reading:
    """The text of a document of one of the types taken. Pictures have none and are no trouble."""
    kind = bare_type(content_type)
    if kind == PDF:
        return _kept(_pdf(data))
    if kind == HTML:
        return _kept(_html(data, content_type))
    if kind == PLAIN:
        return _kept(Reading(_lines(_decoded(data, content_type)), "plain"))
    if kind in XML:
        return _kept(_xml(data))
    return Reading()


def _kept(reading: Reading) -> Reading:
    text = reading.text.replace("\x00", "")  # PostgreSQL keeps no NUL
    if len(text) <= LONGEST:
        return Reading(text, reading.source if text else "", reading.trouble)
    return Reading(text[:LONGEST], reading.source, "The text is longer than is kept; the rest is in the document only.")


def _pdf(data: bytes) -> Reading:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return Reading(trouble="The PDF cannot be opened: it is damaged or locked with a password.")
    try:
        pages = []
        length = 0
        for page in document:
            words = page.get_textpage().get_text_bounded()
            pages.append(words)
            length += len(words)
            if length > LONGEST:
                break
    finally:
        document.close()
    text = _lines("\n\n".join(pages))
    if not text:
        return Reading(trouble="The PDF holds pictures of text only: a person has to read it.")
    return Reading(text, "pdf")


def _html(data: bytes, content_type: str) -> Reading:
    reader = _HtmlText()
    reader.feed(_decoded(data, content_type))
    reader.close()
    return Reading(_lines("".join(reader.parts)), "html")


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(self.silent - (tag in _SILENT), 0)
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def _xml(data: bytes) -> Reading:
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        return Reading(trouble="The XML declares entities or a document type; that is not opened.")
    except (ParseError, ValueError, LookupError):
        return Reading(trouble="The XML is not well formed.")
    if root.tag != f"{CDA}ClinicalDocument":
        return Reading(_lines("\n".join(root.itertext())), "xml")
    parts = [_text(root.find(f"{CDA}title"))]
    for section in root.iter(f"{CDA}section"):
        parts += ["", _text(section.find(f"{CDA}title")), _narrative(section.find(f"{CDA}text"))]
    return Reading(_lines("\n".join(parts)), "cda")


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _narrative(element: Element | None) -> str:
    """A section's narrative block: rows and paragraphs as lines, cells of a row apart (CDA R2 §4.3.5)."""
    if element is None:
        return ""
    parts: list[str] = []
    waiting: list[Element | str] = [element]  # a stack and no recursion: senders may nest as deep as they like
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            parts.append(part)
        else:
            waiting.extend(reversed(_parts(part)))
    return "".join(parts)


def _parts(element: Element) -> list[Element | str]:
    name = element.tag.removeprefix(CDA)
    before = after = "\n" if name in _ROWS else ""
    if name in ("td", "th"):
        after = " | "
    parts: list[Element | str] = [before, _spaced(element.text)]
    for child in element:
        parts += [child, _spaced(child.tail)]
    return [*parts, after]


def _spaced(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _decoded(data: bytes, content_type: str) -> str:
    stated = re.search(r"charset=\"?([\w.:-]+)", content_type, re.IGNORECASE)
    for name in (stated[1] if stated else "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(name).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _lines(text: str) -> str:
    """Lines without trailing space or separators, at most one empty line in a row."""
    tidy = "\n".join(line.strip(" \t|\xa0") for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", tidy).strip()
