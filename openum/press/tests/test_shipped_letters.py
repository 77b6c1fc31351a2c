"""Every shipped letter, filled in with its worked example, says on paper all that the law wants, in each language."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from openum.core.notice import Letter, check_elements, compose, overlaid, told
from openum.core.notice_shelf import Letters
from openum.core.notice_words import Elements
from openum.librarian.letters_examples import given_in
from openum.librarian.letters_read import Reading, Vocabulary, read_vocabulary
from openum.librarian.marked import Document, read_document
from openum.librarian.notices import read_notices
from openum.librarian.shape import SHIPPED
from openum.press.paper import printed
from openum.press.readback import form_of, words_of

Case = tuple[Letter, Document]


@cache
def shelf() -> Letters:
    return read_notices(SHIPPED)


@cache
def vocabulary() -> Vocabulary:
    return read_vocabulary(Reading(SHIPPED))


def examples(folder: Path, language: str) -> list[Document]:
    read = (read_document(path)[0] for path in sorted((folder / "examples").glob("*.yaml")))
    known = [one for one in read if one and one.data["expect"] == "issued"]
    return [one for one in known if one.data.get("language", "en") == language]


def letters() -> list[Any]:
    """The first issued example of each letter in each language, and of each overlay laid over its letter."""
    found = []
    for letter in shelf().letters:
        folder = (
            SHIPPED
            / "notices"
            / letter.kind
            / letter.jurisdiction
            / ("" if letter.version == "1" else f"v{letter.version}")
        )
        found += [
            pytest.param((letter, one), id=letter.key.partition("@")[0])
            for one in examples(folder, letter.language)[:1]
        ]
    for overlay in shelf().overlays:
        folder = SHIPPED / "notices" / "overlays" / overlay.jurisdiction / overlay.kind
        for one in examples(folder, overlay.language)[:1]:
            base = next(
                letter for letter in shelf().letters if overlay.fits(letter) and letter.jurisdiction == one.data["to"]
            )
            found.append(pytest.param((overlaid(base, [overlay]), one), id=f"{overlay.id}.{overlay.language}"))
    return found


def given(document: Document) -> Elements:
    raw, faults = given_in(Reading(SHIPPED), document)
    assert faults == []
    return {name: vocabulary().value(name, value) for name, value in raw.items()}


@pytest.mark.parametrize("case", letters())
def test_a_letter_passes_its_own_check_when_read_back_from_the_pdf(case: Case) -> None:
    letter, document = case
    elements = given(document)
    notice = compose(letter, elements)
    paper = printed(notice.text, on=date(2026, 3, 6), page_words=letter.wording.phrases["page"])
    assert check_elements(letter, told(letter, elements), words_of(paper.pdf)) == ()
    form = form_of(paper.pdf)
    assert (form.tagged, form.language) == (True, letter.language)
    assert form.title


@pytest.mark.parametrize("kind", sorted({one.kind for one in shelf().letters}))
def test_each_kind_of_letter_passes_its_check_in_large_print(kind: str) -> None:
    letter = next(one for one in shelf().letters if one.kind == kind and one.language == "en" and one.version == "1")
    (document, *_) = examples(SHIPPED / "notices" / letter.kind / letter.jurisdiction, "en")
    elements = given(document)
    text = compose(letter, elements).text
    paper = printed(text, on=date(2026, 3, 6), page_words="{page}/{pages}", large=shelf().large_print)
    assert check_elements(letter, told(letter, elements), words_of(paper.pdf)) == ()


def test_every_letter_has_an_example_that_was_printed() -> None:
    tried = {case.values[0][0].key for case in letters()}
    assert {one.key for one in shelf().letters} <= tried
