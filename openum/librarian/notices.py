"""Letters of ``library/notices``: read as values of the core, and checked before anyone may send one.

``library/notices/README.md`` says how a letter, an overlay and their examples are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from openum.core.notice import Letter, overlaid
from openum.core.notice_shelf import LetterKind, Letters
from openum.core.refusal import Refusal
from openum.librarian.faults import Fault
from openum.librarian.letters_check import language_faults, letter_faults, name_faults, overlay_faults
from openum.librarian.letters_examples import example_faults
from openum.librarian.letters_read import (
    Reading,
    Vocabulary,
    WrittenLetter,
    WrittenOverlay,
    read_kinds,
    read_large_print,
    read_letters,
    read_overlays,
    read_programs,
    read_taglines,
    read_vocabulary,
    read_wordings,
)
from openum.librarian.terms import terms_faults


def read_notices(root: Path) -> Letters:
    """The letters and overlays of a shelf.

    Refuses ``letters-not-usable`` when a file cannot be read; :func:`check_notices` names all that is wrong.
    """
    reading = Reading(root)
    vocabulary, kinds = read_vocabulary(reading), read_kinds(reading)
    letters = Letters(
        kinds=kinds,
        programs=read_programs(reading),
        wordings=read_wordings(Reading(root)),
        large_print=read_large_print(reading),
        taglines=read_taglines(reading),
        letters=tuple(one.letter for one in read_letters(reading, vocabulary, kinds)),
        overlays=tuple(one.overlay for one in read_overlays(reading)),
    )
    if reading.faults:
        raise Refusal(
            "letters-not-usable", str(reading.faults[0]), "Run `openum library check` and mend what it names."
        )
    return letters


def check_notices(root: Path) -> tuple[Fault, ...]:
    """Every fault of the shelf's letters, in order of file and line; empty means that they may be used."""
    reading = Reading(root)
    vocabulary, kinds, programs = read_vocabulary(reading), read_kinds(reading), read_programs(reading)
    letters, overlays = read_letters(reading, vocabulary, kinds), read_overlays(reading)
    read_large_print(reading)
    read_taglines(reading)
    reading.faults += terms_faults(reading, vocabulary, kinds, programs)
    found = [*name_faults(letters, overlays)] if not reading.faults else []
    for _, group in groupby(letters, lambda one: one.folder):
        found += _faults_of(reading, tuple(group), vocabulary, kinds)
    for _, laid in groupby(overlays, lambda one: one.required.path):
        found += _faults_of_overlay(reading, tuple(laid), letters, vocabulary)
    return tuple(sorted({*found, *reading.faults}, key=lambda fault: (fault.file, fault.line, fault.fault)))


def _faults_of(
    reading: Reading, letters: Sequence[WrittenLetter], vocabulary: Vocabulary, kinds: Mapping[str, LetterKind]
) -> list[Fault]:
    found = [fault for one in letters for fault in letter_faults(one, vocabulary, kinds)]
    found += language_faults(letters)
    if not found:
        tried: dict[tuple[str, str], Letter] = {(one.letter.language, ""): one.letter for one in letters}
        found += example_faults(reading, letters[0].folder, tried, vocabulary, spanish=len(letters) > 1)
    return found


def _faults_of_overlay(
    reading: Reading, laid: Sequence[WrittenOverlay], letters: Sequence[WrittenLetter], vocabulary: Vocabulary
) -> Iterator[Fault]:
    found = [fault for one in laid for fault in overlay_faults(one, letters, vocabulary)]
    yield from found
    if not found:
        tried: dict[tuple[str, str], Letter] = {
            (base.letter.language, base.letter.jurisdiction): overlaid(base.letter, [one.overlay])
            for one in laid for base in letters if one.overlay.fits(base.letter)
        }  # fmt: skip
        yield from example_faults(reading, laid[0].required.path.parent, tried, vocabulary, spanish=len(laid) > 1)
