"""Text out of every kind of document, and what is said when there is none."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.records.documents import reading
from openum.records.documents.limits import TYPES
from openum.records.documents.reading import Reading, read_text

CDA = b"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>Progress note</title>
<recordTarget><patientRole><patient><name>Not narrative</name></patient></patientRole></recordTarget>
<component><structuredBody><component><section><title>Results</title><text>
<table><thead><tr><th>Test</th><th>Value</th></tr></thead>
<tbody><tr><td>SpO2   at rest</td><td>86 %</td></tr></tbody></table>
<paragraph>On <content styleCode="Bold">room</content> air.</paragraph></text></section></component>
</structuredBody></component></ClinicalDocument>"""


def pdf(text: str) -> bytes:
    """A one-page PDF with that text, written by hand: a library of ours only reads."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start)
    return out.getvalue()


def empty_pdf() -> bytes:
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_pdf_gives_its_text() -> None:
    assert read_text(pdf("Oxygen saturation 86 % at rest"), "application/pdf") == Reading(
        "Oxygen saturation 86 % at rest", "pdf"
    )


def test_a_pdf_of_pictures_and_a_broken_one_say_so() -> None:
    assert read_text(empty_pdf(), "application/pdf").trouble == (
        "The PDF holds pictures of text only: a person has to read it."
    )
    broken = read_text(b"%PDF-1.4 and then nothing", "application/pdf")
    assert broken == Reading(trouble="The PDF cannot be opened: it is damaged or locked with a password.")


def test_html_gives_what_a_reader_sees_and_no_script() -> None:
    page = b"""<html><head><title>no</title><style>p{}</style></head><body><h1>Visit</h1><p>SpO2&nbsp;86&#37;<br>at
    rest</p><script>alert('x')</script><table><tr><td>a</td><td>b</td></tr></table></body></html>"""
    assert read_text(page, "text/html; charset=utf-8") == Reading("Visit\n\nSpO2 86%\nat rest\n\na b", "html")


def test_plain_text_is_decoded_as_stated_or_as_found() -> None:
    assert read_text("Müller\r\n\r\n\r\n\r\nok ".encode(), "text/plain") == Reading("Müller\n\nok", "plain")
    assert read_text("Müller".encode("latin-1"), "text/plain; charset=iso-8859-1").text == "Müller"
    assert read_text("Müller".encode("cp1252"), "text/plain").text == "Müller"
    assert read_text("Müller".encode(), "text/plain; charset=no-such-thing").text == "Müller"
    assert read_text(b"\xef\xbb\xbfa\x00b", "TEXT/PLAIN").text == "ab"
    assert read_text(b"\x81\xff", "text/plain").text == "\x81\xff"


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/hl7-cda+xml"])
def test_a_c_cda_gives_its_narrative_with_rows_as_lines_and_nothing_of_the_header(kind: str) -> None:
    assert read_text(CDA, kind) == Reading(
        "Progress note\n\nResults\n\nTest | Value\n\nSpO2 at rest | 86 %\n\nOn room air.", "cda"
    )


def test_other_xml_gives_all_its_text_and_bad_xml_says_what_is_wrong() -> None:
    assert read_text(b"<a><b>one</b><c>two</c></a>", "text/xml") == Reading("one\ntwo", "xml")
    assert read_text(b"<a><b></a>", "text/xml").trouble == "The XML is not well formed."
    bomb = b'<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;">]><a>&z;</a>'
    assert read_text(bomb, "text/xml").trouble == "The XML declares entities or a document type; that is not opened."
    leak = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert read_text(leak, "text/xml") == Reading(
        trouble="The XML declares entities or a document type; that is not opened."
    )


def test_deeply_nested_xml_is_read_all_the_same() -> None:
    deep = b"<text>" * 3000 + b"x" + b"</text>" * 3000
    wrapped = b'<ClinicalDocument xmlns="urn:hl7-org:v3"><section>' + deep + b"</section></ClinicalDocument>"
    assert read_text(wrapped, "text/xml") == Reading("x", "cda")


def test_a_picture_has_no_text_and_no_trouble() -> None:
    assert read_text(b"\x89PNG\r\n\x1a\n", "image/png") == Reading()


def test_what_is_longer_than_is_kept_is_cut_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 5)
    assert read_text(b"12345", "text/plain") == Reading("12345", "plain")
    cut = read_text(b"123456", "text/plain")
    assert (cut.text, bool(cut.trouble)) == ("12345", True)


@given(st.binary(max_size=300), st.sampled_from(sorted(TYPES)))
def test_no_bytes_break_the_reader(data: bytes, kind: str) -> None:
    found = read_text(data, kind)
    assert "\x00" not in found.text
    assert bool(found.text) <= bool(found.source)
