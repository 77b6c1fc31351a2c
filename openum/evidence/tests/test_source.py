"""Quotes resolve to the byte: text keeps the way back to the bytes it was read from."""

from __future__ import annotations

import codecs
import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.refusal import Refusal
from openum.evidence.document import NO_TEXT, Document, Quote, quote, read_document, resolve
from openum.evidence.markup import read_markup
from openum.evidence.source import source_of

AWKWARD = "ab Z\r\n\t.,;\u00ad\u200b\ufb01\ufb02é\u0301ñ’“”\u00a0€😀漢&<>\"'/;#x"
"""Line ends of two characters, soft hyphens, ligatures, accents of their own, wide characters, signs of markup."""
texts = st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["Cs"])), max_size=80)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le")
MARKS = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE}


def some_quote(document: Document, data: st.DataObject) -> Quote:
    """A stretch of the first page."""
    page = document.pages[0]
    start = data.draw(st.integers(0, len(page.text)))
    return quote(document, page, start, data.draw(st.integers(start, len(page.text))))


@given(texts, st.sampled_from(ENCODINGS), st.data())
def test_a_quote_of_plain_text_is_exactly_the_bytes_at_its_place(text: str, encoding: str, data: st.DataObject) -> None:
    content = MARKS.get(encoding, b"") + text.encode(encoding)
    source = source_of(content)
    document = read_document(content, "text/plain")
    found = some_quote(document, data)
    assert content[found.source_start : found.source_end].decode(source.encoding) == found.text
    assert resolve(found, content, "text/plain") == found.text == document.pages[0].text[found.start : found.end]


@given(st.binary(max_size=120), st.data())
def test_any_bytes_at_all_are_read_and_quoted_without_loss(content: bytes, data: st.DataObject) -> None:
    document = read_document(content, "text/plain")
    source = source_of(content)
    found = some_quote(document, data)
    assert content[found.source_start : found.source_end].decode(source.encoding) == found.text
    assert resolve(found, content, "text/plain") == found.text


def _reference(character: str, how: int) -> str:
    named = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "é": "&eacute;", "\u00a0": "&nbsp;", "\u00ad": "&shy;"}
    if how == 0 and character not in "&<":
        return character
    if how == 1 and character in named:
        return named[character]
    return f"&#{ord(character)};" if how == 2 else f"&#x{ord(character):x};"


inline = st.sampled_from(["", "<b>", "</b>", "<i class='a>b'>", "</i>", "<!-- no -->", '<span title="x">', "</span>"])
blocks = st.sampled_from(
    ["<p>", "</p>", "<br/>", "<br>", "<div>", "</td><td>", "<li>", "<h2>", "</h2>", "<title>", "</title>"]
)
seen = st.sampled_from([one for one in AWKWARD if one not in "\r"])
pieces = st.lists(
    st.one_of(
        st.tuples(st.just("text"), st.builds(_reference, seen, st.integers(0, 3))),
        st.tuples(st.just("tag"), inline),
        st.tuples(st.just("tag"), blocks),
    ),
    max_size=40,
)


@given(pieces, st.data())
def test_a_quote_of_html_is_what_the_bytes_at_its_place_say_when_read_alone(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    content = "".join(written for _, written in parts).encode()
    document = read_document(content, "text/html")
    found = some_quote(document, data)
    assert resolve(found, content, "text/html") == found.text
    raw = content[found.source_start : found.source_end].decode()
    if "\n" not in found.text and "<" not in raw:
        assert html.unescape(raw) == found.text
    characters = [html.unescape(written) for kind, written in parts if kind == "text"]
    text = document.pages[0].text
    assert [one for one in text if one != "\n"] == [one for part in characters for one in part if one != "\n"]


def test_what_no_reader_sees_is_not_text_and_blocks_are_lines() -> None:
    page = "<head><title>T</title></head><p>No chest&nbsp;pain<script>chest pain</script>.</p><li>Fever &lt; 38</li>"
    readable = read_markup(page)
    assert readable.text == "T\nNo chest\u00a0pain.\nFever < 38\n"
    start = readable.text.index("pain")
    assert page[readable.starts[start] : readable.ends[start + 3]] == "pain"


def test_a_clinical_document_is_read_section_by_section_without_its_header() -> None:
    content = (
        b'<?xml version="1.0" encoding="ISO-8859-1"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Summary</title>'
        b"<patient><name>HIDDEN</name></patient><component><section><title>Family History</title>"
        b"<text><paragraph>M\xe8re: diabetes &amp; <content>asthma</content></paragraph></text></section></component>"
        b"</ClinicalDocument>"
    )
    document = read_document(content, "application/xml")
    text = document.pages[0].text
    assert "HIDDEN" not in text
    start = text.index("Mère")
    found = quote(document, document.pages[0], start, start + len("Mère: diabetes & asthma"))
    assert found.text == "Mère: diabetes & asthma"
    assert content[found.source_start : found.source_end] == b"M\xe8re: diabetes &amp; <content>asthma"
    assert [text[head.start : head.end] for head in document.pages[0].headings] == ["Summary", "Family History"]


def test_entities_that_a_document_defines_itself_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><p>&b; fever</p>'
    assert "aaaa" not in read_document(bomb, "application/xml").pages[0].text


def test_a_quote_is_not_resolved_in_another_file() -> None:
    document = read_document(b"No fever.", "text/plain")
    found = quote(document, document.pages[0], 0, 8)
    with pytest.raises(Refusal) as refused:
        resolve(found, b"No fever!", "text/plain")
    assert refused.value.code == "another_document"


def test_a_type_that_is_not_read_says_that_a_person_reads_it() -> None:
    with pytest.raises(Refusal) as refused:
        read_document(b"{\\rtf1}", "application/rtf")
    assert (refused.value.code, "person reads it" in refused.value.next) == ("media_unreadable", True)


@pytest.mark.parametrize(
    ("content", "media"), [(b"", "text/plain"), (b" \r\n", "text/plain"), (b"<p></p>", "text/html")]
)
def test_a_document_without_text_says_so(content: bytes, media: str) -> None:
    assert read_document(content, media).trouble == NO_TEXT


@pytest.mark.parametrize("broken", ["<a ", "<!--", "</", "<![CDATA[", "<!DOCTYPE [", "<b x='"])
def test_a_page_of_unclosed_tags_is_read_in_a_moment(broken: str) -> None:
    document = read_document((broken * 60_000).encode(), "text/html")
    assert document.pages[0].text.strip(broken + "\n") == ""


@settings(max_examples=30)
@given(st.text(st.sampled_from("abc é€\n"), max_size=200))
def test_a_declared_encoding_is_heeded(text: str) -> None:
    content = b'<meta charset="windows-1252"><p>' + text.encode("cp1252") + b"</p>"
    source = source_of(content)
    assert (source.encoding, source.text) == ("cp1252", content.decode("cp1252"))
