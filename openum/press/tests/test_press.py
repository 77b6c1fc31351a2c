"""A letter on paper is tagged, in its language, loads nothing, keeps every word, and is the same each time."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from openum.core.refusal import Refusal
from openum.press.paper import Printed, printed
from openum.press.readback import form_of, unprinted, words_of
from openum.press.style import enlarged, kept_whole, page_style

ROOT = Path(__file__).resolve().parents[3]
DAY = date(2026, 3, 6)
LETTER = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>We decided</title><style>body { font-family: sans-serif; font-size: 12pt; }
h1 { font-size: 16pt; }</style></head>
<body><h1>We decided</h1><p>Dolores Whitfield &amp; Co.</p>
<ul><li>Oxygen (E1390)</li><li>Decision: denied</li></ul><ol><li>Call us.</li><li>Write to us.</li></ol>
<p>Call 1-800-555-0188 or see www.cedarvalley.example/criteria on Monday.</p><p hidden>not seen</p></body></html>
"""
SPANISH = LETTER.replace('lang="en"', 'lang="es"').replace("We decided", "Decisión y aclaración ñü")


def paper(html: str = LETTER, *, large: float = 0, words: str = "Page {page} of {pages}") -> Printed:
    return printed(html, on=DAY, page_words=words, large=large)


def test_the_pdf_is_tagged_and_says_its_title_and_language() -> None:
    form = form_of(paper().pdf)
    assert (form.tagged, form.language, form.title, form.pages) == (True, "en", "We decided", 1)
    assert form_of(paper(SPANISH).pdf).language == "es"


def test_the_file_declares_pdf_ua_1() -> None:
    assert b"pdfuaid" in _uncompressed(paper().pdf)


def _uncompressed(pdf: bytes) -> bytes:
    import re
    import zlib

    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(one) for one in streams if one[:1] == b"\x78") + pdf


def test_its_words_are_read_back_in_order_without_page_number_and_bullets() -> None:
    assert words_of(paper().pdf) == (
        "We decided Dolores Whitfield & Co. Oxygen (E1390) Decision: denied 1. Call us. 2. Write to us. "
        "Call 1-800-555-0188 or see www.cedarvalley.example/criteria on Monday."
    )
    assert words_of(paper(SPANISH).pdf).startswith("Decisión y aclaración ñü")


def test_the_page_number_stands_on_the_page_all_the_same() -> None:
    document = pypdfium2.PdfDocument(paper().pdf)
    assert "Page 1 of 1" in document[0].get_textpage().get_text_range()
    document.close()


def test_a_piece_that_the_pdf_does_not_show_is_named() -> None:
    pdf = paper().pdf
    assert unprinted(LETTER, pdf) == ()
    assert unprinted(LETTER.replace("denied", "approved"), pdf) == ("Decision: approved",)


def test_a_letter_whose_text_does_not_reach_the_paper_is_refused() -> None:
    off = LETTER.replace("<p>Dolores", '<p class="off">Dolores').replace(
        "h1 {", ".off { position: absolute; left: -400in; } h1 {"
    )
    with pytest.raises(Refusal) as caught:
        paper(off)
    assert caught.value.code == "letter-not-printed"
    assert "Dolores" not in str(caught.value)


@pytest.mark.parametrize("missing", [' lang="en"', "<title>We decided</title>"])
def test_a_letter_without_language_or_title_is_refused(missing: str) -> None:
    with pytest.raises(Refusal) as caught:
        paper(LETTER.replace(missing, ""))
    assert caught.value.code == "letter-not-printed"


@pytest.mark.parametrize(
    "loads",
    [
        '<img alt="" src="https://tracker.example/a.png">',
        '<img alt="" src="file:///etc/hostname">',
        '<link rel="stylesheet" href="https://tracker.example/a.css">',
        '<style>body { background: url("https://tracker.example/b.png"); }</style>',
    ],
)
def test_nothing_is_loaded_from_anywhere(loads: str) -> None:
    with pytest.raises(Refusal) as caught:
        paper(LETTER.replace("<h1>", f"{loads}<h1>"))
    assert caught.value.message == "The letter would load something from elsewhere."


def test_large_print_is_as_large_as_asked_and_says_the_same() -> None:
    large = paper(large=18)
    assert words_of(large.pdf) == words_of(paper().pdf)
    assert _sizes(paper().pdf) == {12.0, 16.0}
    assert _sizes(large.pdf) == {18.0, 24.0}


def _sizes(pdf: bytes) -> set[float]:
    """The type sizes that are really set, in points."""
    import ctypes

    from pypdfium2 import raw

    document = pypdfium2.PdfDocument(pdf)
    sizes = set()
    for thing in document[0].get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        size = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(thing.raw, size)
        matrix = thing.get_matrix()
        sizes.add(round(size.value * abs(matrix.d), 1))
    document.close()
    return sizes


def test_the_same_letter_gives_the_same_bytes_in_another_process() -> None:
    code = (
        "import sys; from datetime import date; from openum.press.paper import printed;"
        "print(printed(sys.argv[1], on=date(2026, 3, 6), page_words='Page {page} of {pages}').digest)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, LETTER], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "7"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == paper().digest


def test_a_run_with_a_hyphen_or_a_slash_stays_whole_and_tags_stay_what_they_are() -> None:
    whole = '<p class="a-b">call <span class="whole">1-800</span></p>'
    assert kept_whole('<p class="a-b">call 1-800</p>') == whole
    assert kept_whole("<style>a-b</style><title>c-d</title>") == "<style>a-b</style><title>c-d</title>"
    assert kept_whole("<p>a - b</p>") == "<p>a - b</p>"
    long = "www.example/" + "a" * 60
    assert kept_whole(f"<p>{long}</p>") == f"<p>{long}</p>"


def test_a_letter_that_sets_no_type_size_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        paper("<html><body><p>x</p></body></html>")
    assert caught.value.message == "The letter sets no type size."


def test_sizes_are_multiplied_and_the_page_words_become_counters() -> None:
    assert enlarged("font-size: 12pt; font-size:16.5pt", 1.5) == "font-size: 18pt; font-size:24.75pt"
    assert '"Pg. " counter(page) "/" counter(pages)' in page_style("Pg. {page}/{pages}", 12)
    assert r'"\"" counter(page)' in page_style('"{page}', 12)


def test_this_machine_can_print_letters() -> None:
    assert subprocess.run([sys.executable, "-m", "openum.press"], cwd=ROOT, check=False).returncode == 0
