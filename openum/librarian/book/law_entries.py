"""Every other item of law (appeals, gold cards, privacy, measures …) as pages of the law book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openum.librarian.answers_agree import at_precision
from openum.librarian.book.clock_entries import given_in, plain
from openum.librarian.book.entry import Entry
from openum.librarian.book.law_words import (
    TAGS,
    Case,
    Source,
    authority_blocks,
    case_blocks,
    since_blocks,
    since_words,
)
from openum.librarian.kinds import KINDS
from openum.librarian.law import Item, Written, examples_of, written
from openum.librarian.page import Heading, Paragraph, Rows


def law_entries(roots: Sequence[Path], sources: Mapping[str, Source]) -> Iterator[Entry]:
    """Every provision of these shelves that can be read, kind by kind."""
    for kind in KINDS:
        for root in roots:
            for file in written(root, kind):
                if file.item is not None:
                    yield law_entry(file, file.item, sources)


def law_entry(file: Written, item: Item, sources: Mapping[str, Source]) -> Entry:
    """One provision as a page."""
    one = item.provision
    body = (
        Heading("What it says"),
        Rows(tuple((label[:1].upper() + label[1:], words) for label, words in item.kind.rows(item.value) if words)),
        *([Paragraph(one.note)] if one.note else []),
        *since_blocks(one.effective_from, one.effective_to, one.since_note),
        *authority_blocks([one.authority], sources),
    )
    return Entry(
        shelf=one.shelf,
        name=one.id,
        version=one.version,
        title=one.title,
        group=_place(one.jurisdiction),
        since=since_words(one.effective_from, one.effective_to),
        tag=TAGS[one.authority.tag],
        cites=(one.authority.cite,),
        also=one.also,
        body=body,
        worked=lambda: tuple(case_blocks(_cases(file, item))),
    )


def _place(jurisdiction: str) -> str:
    state, *programs = jurisdiction.split("/")
    return " · ".join((state, *map(plain, programs)))


def _cases(file: Written, item: Item) -> Iterator[Case]:
    for example in examples_of(file)[0]:
        found, expected = item.answer(example["in"]), example["expected"]
        computed = {word: at_precision(found[word], expected[word]) for word in expected if word in found}
        yield Case(example["id"], example["why"], given_in(example), expected, computed)
