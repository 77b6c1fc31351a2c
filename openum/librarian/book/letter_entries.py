"""The letters of a library as pages of the law book: what each must contain by whose word, and an example of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from pathlib import Path

from openum.core.notice import Letter, Overlay, RequiredElement, compose
from openum.core.notice_words import Element
from openum.core.visible import visible_words
from openum.librarian.book.clock_entries import plain
from openum.librarian.book.entry import Entry
from openum.librarian.book.law_words import TAGS, Source, authority_blocks, since_blocks, since_words
from openum.librarian.letters_examples import given_in
from openum.librarian.letters_read import (
    Reading,
    Vocabulary,
    WrittenLetter,
    read_kinds,
    read_letters,
    read_overlays,
    read_programs,
    read_vocabulary,
)
from openum.librarian.page import Block, Heading, Markup, Paragraph, Rows, Table

LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Spanish"}
WORST = ("from_knowledge", "policy_choice", "verified")
"""Which tag stands for several: the least sure of them."""


def letter_entries(roots: Sequence[Path], sources: Mapping[str, Source]) -> Iterator[Entry]:
    """Every letter and overlay of these shelves that can be read."""
    for root in (root for root in roots if (root / "notices").is_dir()):
        reading = Reading(root)
        vocabulary, kinds, programs = read_vocabulary(reading), read_kinds(reading), read_programs(reading)
        titles = {id_: kind.title for id_, kind in kinds.items()}
        for _, group in groupby(read_letters(reading, vocabulary, kinds), key=lambda one: one.folder):
            program = programs.get((letters := tuple(group))[0].letter.jurisdiction)
            yield letter_entry(reading, letters, vocabulary, titles, program.title if program else "", sources)
        for _, laid in groupby(read_overlays(reading), key=lambda one: one.overlay.id):
            yield overlay_entry([one.overlay for one in laid], titles, sources)


def letter_entry(
    reading: Reading, letters: Sequence[WrittenLetter], vocabulary: Vocabulary, titles: Mapping[str, str],
    program: str, sources: Mapping[str, Source],
) -> Entry:  # fmt: skip
    """One letter, given in every language it is written in."""
    one = letters[0].letter
    rows = (
        ("Kind", titles.get(one.kind, plain(one.kind))),
        ("Program", program or one.jurisdiction),
        ("Goes to", ", ".join(map(plain, one.recipients))),
        ("Languages", ", ".join(LANGUAGES[each.letter.language] for each in letters)),
        ("Type", f"at least {one.font_points:g} points"),
        ("Reading level", f"school grade {one.reading_limit:g} at most" if one.reading_limit else "no limit set"),
    )
    body = (Heading("What it is"), Rows(rows), *_required(one.required), *_law(one, sources))
    return Entry(
        shelf="letters",
        name=one.id,
        version=one.version,
        title=one.title,
        group=titles.get(one.kind, plain(one.kind)),
        also=one.also,
        worked=lambda: tuple(block for each in letters for block in _example(reading, each, vocabulary)),
        body=body,
        since=since_words(one.in_force.start, one.in_force.until),
        tag=_tag(one),
        cites=_cites(one),
    )


def overlay_entry(laid: Sequence[Overlay], titles: Mapping[str, str], sources: Mapping[str, Source]) -> Entry:
    """What a state or an accreditor adds to a letter."""
    one = laid[0]
    rows = [
        ("Added to", f"{titles.get(one.kind, plain(one.kind))}: {', '.join(one.letters) or 'every program'}"),
        ("For", ", ".join((*one.states, *one.accreditations))),
        ("Languages", ", ".join(LANGUAGES[each.language] for each in laid)),
        ("Type", f"at least {one.font_points:g} points" if one.font_points else ""),
    ]
    body = (
        Heading("What it adds"),
        Rows(tuple((label, words) for label, words in rows if words)),
        *(Paragraph(visible_words(text)) for text in one.blocks.values()),
        *_required(one.required),
        *_law(one, sources),
    )
    return Entry(
        shelf="letters",
        name=one.id,
        version=one.version,
        title=one.title,
        group="What states and accreditors add",
        also=one.also,
        body=body,
        since=since_words(one.in_force.start, one.in_force.until),
        tag=_tag(one),
        cites=_cites(one),
    )


def _tag(one: Letter | Overlay) -> str:
    tags = {each.tag for each in one.authority}
    return TAGS[next(tag for tag in WORST if tag in tags)]


def _cites(one: Letter | Overlay) -> tuple[str, ...]:
    said = [each.cite for each in one.authority] + [each.cite for each in one.required]
    return tuple(dict.fromkeys(said))


def _law(one: Letter | Overlay, sources: Mapping[str, Source]) -> Iterator[Block]:
    yield from since_blocks(one.in_force.start, one.in_force.until, "")
    yield from authority_blocks(one.authority, sources)


def _required(elements: Sequence[RequiredElement]) -> Iterator[Block]:
    rows = tuple((one.what, _shown(one), _asked(one), ", ".join(map(plain, one.who)), one.cite) for one in elements)
    yield Heading("What must be in it")
    yield Table("Required elements", ("What", "As", "When", "In the copy of", "Text"), rows)


def _shown(one: RequiredElement) -> str:
    words = f"the words “{one.says}”" if one.says else ""
    data = plain(one.element.replace(".", ": ")) + (f" or {plain(one.instead)}" if one.instead else "")
    return "; ".join(part for part in (data, words) if part)


def _asked(one: RequiredElement) -> str:
    parts = [f"lines {', '.join(one.outcomes)}"] if one.outcomes else []
    parts += [f"with {plain(one.when)}"] if one.when else []
    parts += [f"unless {plain(one.unless)}"] if one.unless else []
    return "; ".join(parts) or "always"


def _example(reading: Reading, one: WrittenLetter, vocabulary: Vocabulary) -> Iterator[Block]:
    """The first example that is issued in the language of the letter."""
    for path in sorted((one.folder / "examples").glob("*.yaml")):
        document = reading.document(path, "notice-example")
        said = document.data if document else {"expect": ""}
        if document is None or said["expect"] != "issued" or said.get("language", "en") != one.letter.language:
            continue
        given, faults = given_in(reading, document)
        if not faults and not said.get("to"):
            elements: dict[str, Element] = {name: vocabulary.value(name, value) for name, value in given.items()}
            notice = compose(one.letter, elements)
            yield Heading(f"An example in {LANGUAGES[one.letter.language]}")
            yield Paragraph("The people, the plan and the numbers in it are made up.")
            yield Markup(quoted(notice.text, one.letter.language), visible_words(notice.text))
            return


KEPT = frozenset({
    "p", "br", "ul", "ol", "li", "dl", "dt", "dd", "strong", "em", "table", "caption", "thead", "tbody", "tr", "th",
    "td",
})  # fmt: skip
RENAMED: Mapping[str, str] = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6"}
SILENT = frozenset({"head", "style", "title"})


def quoted(html: str, language: str) -> str:
    """A letter inside a page: plain tags only, its headings below the page's own, without styles and names."""
    quote = _Quote()
    quote.feed(html)
    quote.close()
    return f'<div class="letter" lang="{escape(language)}">{"".join(quote.out)}</div>'


class _Quote(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        kept = RENAMED.get(tag, tag if tag in KEPT else "")
        if kept and not self._silent:
            scope = "".join(f' {name}="{escape(value)}"' for name, value in attrs if name == "scope" and value)
            self.out.append(f"<{kept}{scope}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent -= 1
        kept = RENAMED.get(tag, tag if tag in KEPT else "")
        if kept and kept != "br" and not self._silent:
            self.out.append(f"</{kept}>")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(escape(data, quote=False))
