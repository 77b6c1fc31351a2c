"""PDFs: pages, places, and scans, which a person reads where no recognition is installed."""

from __future__ import annotations

import base64
import stat
import struct
import zlib
from pathlib import Path

import pytest
from weasyprint import HTML

from openum.core.facts import FactDefinition
from openum.core.refusal import Refusal
from openum.evidence.document import NO_TEXT, quote, read_document, resolve
from openum.evidence.find import suggest
from openum.evidence.recognition import installed_recognizer

PDF = "application/pdf"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


DOT = base64.b64encode(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
).decode()  # fmt: skip
TWO_PAGES = """<style>@page { size: A5 } p { hyphens: manual; width: 5cm }</style>
<h1>DISCHARGE SUMMARY</h1><p>The ﬁrst examination: Mrs. Muñoz denies chest pain, palpi&shy;tations or syncope.</p>
<p style="break-before: page">She is stable &amp; improving.</p>"""
HEART = FactDefinition(
    id="heart", type="boolean", question="Is there a heart symptom?", words=("palpitations", "chest pain")
)


@pytest.fixture(scope="module")
def two_pages() -> bytes:
    written: bytes = HTML(string=TWO_PAGES).write_pdf()
    return written


@pytest.fixture(scope="module")
def scan() -> bytes:
    """A page that is one picture (a black dot), as a scanner makes it."""
    written: bytes = HTML(string=f'<img style="width: 1in; height: 1in" src="data:image/png;base64,{DOT}">').write_pdf()
    return written


def test_every_quote_of_a_pdf_is_found_again_on_its_page(two_pages: bytes) -> None:
    document = read_document(two_pages, PDF)
    assert [page.number for page in document.pages] == [1, 2]
    for page in document.pages:
        for start in range(0, len(page.text), 7):
            found = quote(document, page, start, min(len(page.text), start + 20))
            assert resolve(found, two_pages, PDF) == found.text == page.text[start : start + 20]
            assert (found.page, found.source_start) == (page.number, start)


def test_a_word_broken_over_lines_of_a_pdf_is_found_and_quoted_as_it_stands(two_pages: bytes) -> None:
    document = read_document(two_pages, PDF)
    made = suggest([HEART], [document])["heart"]
    assert [(one.kind, one.said, one.words.page) for one in made] == [("against", "negated", 1)] * 2
    assert made[0].words.text.split() == ["chest", "pain"]
    assert all(resolve(one.words, two_pages, PDF) == one.words.text for one in made)


def test_a_scan_says_that_a_person_reads_it_and_yields_nothing(scan: bytes) -> None:
    document = read_document(scan, PDF)
    assert (document.trouble, suggest([HEART], [document])) == (NO_TEXT, {"heart": ()})


def test_a_scan_is_handed_on_as_a_gray_picture_of_the_whole_page(scan: bytes) -> None:
    seen: list[bytes] = []
    read_document(scan, PDF, recognize=lambda picture: seen.append(picture) or "")  # type: ignore[func-returns-value]
    (picture,) = seen
    head, _, body = picture.partition(b"\n")
    kind, width, height, deepest = head.split()
    assert (kind, deepest) == (b"P5", b"255")
    assert len(body) == int(width) * int(height)
    assert set(body) >= {0, 255}


def test_what_was_recognized_is_marked_and_never_said_to_stand_in_the_file(scan: bytes) -> None:
    document = read_document(scan, PDF, recognize=lambda _: "Denies chest pain.")
    (found,) = suggest([HEART], [document])["heart"]
    assert (found.kind, found.quote.text, found.quote.recognized) == ("against", "Denies chest pain.", True)
    with pytest.raises(Refusal) as refused:
        resolve(found.quote, scan, PDF)
    assert refused.value.code == "recognized_only"


def test_recognition_is_used_only_where_the_program_is_installed(
    tmp_path: Path, scan: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed_recognizer() is None
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\n/bin/cat >/dev/null\n[ "$1 $2 $3 $4" = "stdin stdout -l eng" ] && echo "No chest pain."\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    document = read_document(scan, PDF, recognize=installed_recognizer())
    assert (document.pages[0].text, document.trouble) == ("No chest pain.\n", "")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 nothing", b"no pdf"])
def test_a_broken_pdf_is_refused_without_a_word_of_it(content: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        read_document(content, PDF)
    assert refused.value.code == "pdf_unreadable"
