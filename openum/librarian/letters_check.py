"""What is wrong with the letters of a shelf: their words, what they require, and how the languages agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from openum.core.notice import Letter, Overlay, RequiredElement, overlaid
from openum.core.notice_shelf import LetterKind
from openum.core.notice_text import parse, places, slots
from openum.core.refusal import Refusal
from openum.core.visible import in_one_line, visible_words
from openum.librarian.faults import Fault
from openum.librarian.letter_form import form_faults
from openum.librarian.letters_read import Vocabulary, WrittenLetter, WrittenOverlay
from openum.librarian.marked import Document

AGAINST = ("lines.reason", "lines.criterion_not_met", "lines.criteria_source", "lines.what_would_change_it")
"""What every adverse letter requires of each line decided against, whatever its law."""
EVIDENCE = "lines.evidence"
"""Also required, unless the decision is administrative."""


def letter_faults(written: WrittenLetter, vocabulary: Vocabulary, kinds: Mapping[str, LetterKind]) -> Iterator[Fault]:
    """Every fault of one letter by itself, its examples aside."""
    faults = [*_text_faults(written, vocabulary)]
    yield from faults
    document, letter = written.required, written.letter
    yield from required_faults(document, letter.required, letter, vocabulary)
    if kinds[letter.kind].adverse and letter.language == "en":
        yield from _adverse_faults(document, letter)


def _text_faults(written: WrittenLetter, vocabulary: Vocabulary) -> Iterator[Fault]:
    letter, file = written.letter, str(written.html)
    try:
        used = tuple(places(parse(letter.template)))
    except Refusal as refusal:
        yield Fault(file, _line(written, int(refusal.where or 1)), refusal.message, MARKS)
        return
    for path, line in used:
        if path not in vocabulary.types:
            yield Fault(file, _line(written, line), f"There is no element `{path}`.", nearest(path, vocabulary))
    yield from form_faults(file, letter)


MARKS = "Use only {{ name }}, {% if name %}, {% each list as item %}, {% part name %}, {% slot name %} and {% end %}."


def _line(written: WrittenLetter, line: int) -> int:
    """The line of the file for a line of the letter with its parts put in, which are longer than their marks."""
    wanted = written.letter.template.splitlines()[line - 1]
    source = written.source.splitlines()
    found = [number for number, text in enumerate(source, 1) if text == wanted]
    return min(found, key=lambda number: abs(number - line)) if found else min(line, max(len(source), 1))


def required_faults(
    document: Document, required: Sequence[RequiredElement], letter: Letter, vocabulary: Vocabulary
) -> Iterator[Fault]:
    """What a letter's (or an overlay's) required elements name that the letter does not have."""
    used, fixed = _places_of(letter), visible_words(letter.template)
    outcomes = {word for _, words in vocabulary.choices for word in words}
    spoken = {letter.wording.word(path, word) for path, words in vocabulary.choices for word in words} | outcomes
    where_of = {one["id"]: ("elements", index) for index, one in enumerate(document.data["elements"])}
    html = "letter.html" if letter.language == "en" else f"letter.{letter.language}.html"
    seen: set[str] = set()
    for one in required:
        where = where_of.get(one.id, ("shared",))
        if one.id in seen:
            yield document.fault(where, f"`{one.id}` is required twice.", "Give the second an id of its own.")
        seen.add(one.id)
        for name in filter(None, (one.element, one.instead, one.when, one.unless)):
            if name not in vocabulary.types:
                yield document.fault(where, f"There is no element `{name}`.", nearest(name, vocabulary))
            elif used is not None and name in (one.element, one.instead) and name not in used:
                mend = f"Put {{{{ {name} }}}} into {html}, or say that it is not required."
                yield document.fault(where, f"`{one.id}` is required, but {html} has no place for `{name}`.", mend)
        if one.says and in_one_line(one.says) not in fixed:
            mend = f"Write the words into {html} as they stand here, without tags between them"
            mend += "." if letter.language == "en" else f", or write says: {{en: …, {letter.language}: …}}."
            yield document.fault(where, f"{html} does not say “{one.says}”.", mend)
        elif not one.says and not one.element:
            mend = f"Write says: {{en: …, {letter.language}: …}}."
            yield document.fault(where, f"`{one.id}` has no words for {html}.", mend)
        for word in one.outcomes:
            if word not in spoken:
                yield document.fault(where, f"“{word}” is no outcome word.", f"Known: {', '.join(sorted(outcomes))}.")


def _adverse_faults(document: Document, letter: Letter) -> Iterator[Fault]:
    wanted = {one.element: one for one in letter.required}
    for name in (*AGAINST, EVIDENCE):
        one = wanted.get(name) or wanted.get(f"{name}.found")
        if one is None or one.when or (one.unless and (name, one.unless) != (EVIDENCE, "administrative")):
            mend = f"Require `element: {name}` for the outcomes against the member; README.md says which are wanted."
            yield document.fault(
                ("elements",), f"An adverse letter that does not require `{name}` explains nothing.", mend
            )


def language_faults(letters: Sequence[WrittenLetter]) -> Iterator[Fault]:
    """Where the languages of one letter do not have the same places; given every language of one letter."""
    english = next(one for one in letters if one.letter.language == "en")
    for other in letters:
        here, there = _places_of(other.letter), _places_of(english.letter)
        if other is english or here is None or there is None:
            continue
        extra = {"untranslated"}
        for name in sorted(there - here):
            yield _unlike(other, f"It has no place for `{name}`, which {english.html.name} has.")
        for name in sorted(here - there - extra):
            yield _unlike(other, f"It has a place for `{name}`, which {english.html.name} has not.")
        if _slots_of(other.letter) != _slots_of(english.letter):
            yield _unlike(other, f"Its slots are not those of {english.html.name}.")


def _unlike(written: WrittenLetter, fault: str) -> Fault:
    return Fault(str(written.html), 1, fault, "Give every language the same places and slots.")


def name_faults(letters: Sequence[WrittenLetter], overlays: Sequence[WrittenOverlay]) -> Iterator[Fault]:
    """Two items of one name and version, and versions of one letter that hold on the same day."""
    rows = [(one.letter, one.required) for one in letters if one.letter.language == "en"]
    every: list[tuple[Letter | Overlay, Document]] = [
        *rows,
        *((o.overlay, o.required) for o in overlays if o.overlay.language == "en"),
    ]
    names: dict[tuple[str, str], str] = {}
    for item, document in every:
        first = names.setdefault((item.id, item.version), str(document.path))
        if first != str(document.path):
            yield document.fault(
                ("id",),
                f"{item.id} version {item.version} stands in another file too.",
                "Give one another name or the next version.",
            )
    for index, (letter, document) in enumerate(rows):
        for other, _ in rows[:index]:
            same = (letter.kind, letter.jurisdiction) == (other.kind, other.jurisdiction)
            if same and letter.in_force.overlaps(other.in_force):
                mend = "Give the earlier version a last day (since.to)."
                yield document.fault(
                    ("since",), f"Versions {other.version} and {letter.version} hold on the same day.", mend
                )


def overlay_faults(
    written: WrittenOverlay, letters: Sequence[WrittenLetter], vocabulary: Vocabulary
) -> Iterator[Fault]:
    """Every fault of one overlay, tried on every letter it is written for."""
    overlay, document = written.overlay, written.required
    laid = [one for one in letters if overlay.fits(one.letter)]
    known = {one.letter.jurisdiction for one in letters if one.letter.kind == overlay.kind}
    for name in overlay.letters:
        if name not in known:
            yield document.fault(
                ("applies", "letters"),
                f"There is no {overlay.kind} letter of {name}.",
                f"Known: {', '.join(sorted(known))}.",
            )
    if not laid and overlay.language == "en":
        yield document.fault(
            ("applies",), "No letter takes this overlay.", "Write the letter first, or mend `letters`."
        )
    for one in laid:
        letter = overlaid(one.letter, [overlay])
        for slot in overlay.blocks:
            if slot not in set(slots(parse(one.letter.template))):
                mend = (
                    f"Put {{% slot {slot} %}} into {one.html.name} of {one.letter.jurisdiction}, or use another slot."
                )
                yield Fault(
                    str(written.html), 1, f"The letter of {one.letter.jurisdiction} has no slot `{slot}`.", mend
                )
        for path, _ in places(parse(letter.template)):
            if path not in vocabulary.types:
                yield Fault(str(written.html), 1, f"There is no element `{path}`.", nearest(path, vocabulary))
        yield from required_faults(document, overlay.required, letter, vocabulary)
        yield from (_twice(document, name) for name in _ids(overlay.required) & _ids(one.letter.required))
        yield from form_faults(str(written.html), letter)


def _twice(document: Document, name: str) -> Fault:
    return document.fault(("elements",), f"`{name}` is required by the letter already.", "Give it an id of its own.")


def _ids(required: Sequence[RequiredElement]) -> set[str]:
    return {one.id for one in required}


def _places_of(letter: Letter) -> set[str] | None:
    """The names the letter uses; ``None`` when it is malformed, which is a fault already."""
    try:
        return {path for path, _ in places(parse(letter.template))}
    except Refusal:
        return None


def _slots_of(letter: Letter) -> list[str]:
    return list(slots(parse(letter.template)))


def nearest(name: str, vocabulary: Vocabulary) -> str:
    """Advice for a name that is not in the vocabulary."""
    close = get_close_matches(name, list(vocabulary.types), 1)
    return f"Did you mean `{close[0]}`?" if close else "Use one of library/notices/elements.yaml, or add it there."
