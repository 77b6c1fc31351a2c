"""Letters of ``library/notices``: read as values of the core, and checked before anyone may send one.

A letter is a folder ``notices/<kind>/<jurisdiction>/`` with ``letter.html``, ``required.yaml`` and ``examples/*.yaml``;
``notices/elements.yaml`` is the vocabulary all letters share.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from openum.core.notice import (
    Element,
    Letter,
    RequiredElement,
    check_elements,
    compose,
    filled_out,
    parse,
    places,
    render,
)
from openum.core.refusal import Refusal
from openum.core.visible import visible_words
from openum.librarian.faults import Fault
from openum.librarian.letter_form import form_faults
from openum.librarian.marked import Document, read_document
from openum.librarian.policies import authority_of, in_force_of
from openum.librarian.shape import shape_faults
from openum.librarian.tree import is_day

FEWEST_EXAMPLES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Every element a letter can be given: its name (``lines.reason``) and type, and the words it may be."""

    types: Mapping[str, str]
    choices: tuple[tuple[str, tuple[str, ...]], ...]

    def value(self, name: str, written: Any) -> Element:
        """An example's value as the notices room would supply it: days as days, items as items."""
        kind = self.types[name]
        if kind == "list":
            items = [{part: self.value(f"{name}.{part}", value) for part, value in one.items()} for one in written]
            return tuple(items)
        if kind == "day" and isinstance(written, str):
            return date.fromisoformat(written)
        result: Element = written
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenLetter:
    """A letter and the files it is written in."""

    letter: Letter
    required: Document
    html: Path


@dataclass(slots=True)
class _Reading:
    root: Path
    faults: list[Fault] = field(default_factory=list)

    def document(self, path: Path, kind: str) -> Document | None:
        if not path.is_file():
            self.fault(path, "The file is missing.", "Write it; library/notices/README.md says how.")
            return None
        document, faults = read_document(path)
        wrong = faults or (shape_faults(document, kind) if document else ())
        self.faults += wrong
        return None if wrong else document

    def fault(self, path: Path, fault: str, mend: str, line: int = 1) -> None:
        self.faults.append(Fault(str(path), line, fault, mend))


def read_notices(root: Path) -> Mapping[tuple[str, str], Letter]:
    """The letters of a shelf by kind and jurisdiction (``("approval", "us/erisa")``).

    Refuses ``letters-not-usable`` when a file cannot be read; :func:`check_notices` names all that is wrong.
    """
    reading = _Reading(root)
    vocabulary = _vocabulary(reading)
    letters = {(one.letter.kind, one.letter.jurisdiction): one.letter for one in _letters(reading, vocabulary)}
    if reading.faults:
        raise Refusal(
            "letters-not-usable", str(reading.faults[0]), "Run `openum library check` and mend what it names."
        )
    return letters


def check_notices(root: Path) -> tuple[Fault, ...]:
    """Every fault of the shelf's letters, in order of file and line; empty means that they may be used."""
    reading = _Reading(root)
    vocabulary = _vocabulary(reading)
    for written in _letters(reading, vocabulary):
        found = [*_text_faults(written, vocabulary), *_required_faults(written, vocabulary)]
        reading.faults += found
        if not found:
            reading.faults += _example_faults(reading, written, vocabulary)
    return tuple(sorted(set(reading.faults), key=lambda fault: (fault.file, fault.line, fault.fault)))


def _vocabulary(reading: _Reading) -> Vocabulary:
    document = reading.document(reading.root / "notices" / "elements.yaml", "notice-elements")
    types: dict[str, str] = {}
    choices: list[tuple[str, tuple[str, ...]]] = []
    for path, one in _named(document.data["elements"] if document else ()):
        if path in types and document:
            reading.faults.append(document.fault(("elements",), f"`{path}` is named twice.", "Keep one of the two."))
        types[path] = one["type"]
        if "choices" in one:
            choices.append((path, tuple(one["choices"])))
    return Vocabulary(types=types, choices=tuple(choices))


def _named(elements: Any, under: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in elements:
        path = f"{under}{one['id']}"
        yield path, one
        yield from _named(one.get("of", ()), f"{path}.")


def _letters(reading: _Reading, vocabulary: Vocabulary) -> Iterator[WrittenLetter]:
    folder = reading.root / "notices"
    for path in sorted({found.parent for name in ("letter.html", "required.yaml") for found in folder.rglob(name)}):
        required = reading.document(path / "required.yaml", "notice")
        html = path / "letter.html"
        kind, _, jurisdiction = path.relative_to(folder).as_posix().partition("/")
        if not html.is_file():
            reading.fault(html, "The file is missing.", "Write the letter; library/notices/README.md says how.")
        elif not jurisdiction:
            reading.fault(html, "The letter stands under no jurisdiction.", "Move it to notices/<kind>/us/<program>/.")
        elif required:
            yield WrittenLetter(
                letter=_letter(kind, jurisdiction, required, html, vocabulary), required=required, html=html
            )


def _letter(kind: str, jurisdiction: str, required: Document, html: Path, vocabulary: Vocabulary) -> Letter:
    raw, template = required.data, html.read_text(encoding="utf-8")
    return Letter(
        kind=kind,
        jurisdiction=jurisdiction,
        title=raw["title"],
        template=template,
        required=tuple(_element(one) for one in raw["elements"]),
        names=tuple(vocabulary.types),
        choices=vocabulary.choices,
        in_force=in_force_of(raw["in_force"]),
        authority=authority_of(raw["authority"]),
        recipients=tuple(raw["recipients"]),
        font_points=raw["form"]["font_points"],
        reading_grade=raw["form"]["reading_grade"],
        digest=sha256(required.content + template.encode()).hexdigest(),
    )


def _element(raw: Mapping[str, Any]) -> RequiredElement:
    return RequiredElement(**{**raw, "outcomes": tuple(raw.get("outcomes", ())), "who": tuple(raw["who"])})


def _text_faults(written: WrittenLetter, vocabulary: Vocabulary) -> Iterator[Fault]:
    letter, file = written.letter, str(written.html)
    try:
        used = tuple(places(parse(letter.template)))
    except Refusal as refusal:
        line = int("".join(filter(str.isdigit, refusal.message.split("of the letter")[0])) or 1)
        yield Fault(
            file, line, refusal.message, "Use only {{ name }}, {% if name %}, {% each list as item %} and {% end %}."
        )
        return
    for path, line in used:
        if path not in vocabulary.types:
            yield Fault(file, line, f"There is no element `{path}`.", _nearest(path, vocabulary))
    yield from form_faults(file, letter)


def _required_faults(written: WrittenLetter, vocabulary: Vocabulary) -> Iterator[Fault]:
    document, letter = written.required, written.letter
    used = _places_of(letter)
    fixed = visible_words(letter.template)
    outcomes = {word for _, words in vocabulary.choices for word in words}
    for index, one in enumerate(letter.required):
        where = ("elements", index)
        for name in filter(None, (one.element, one.instead, one.when, one.unless)):
            if name not in vocabulary.types:
                yield document.fault(where, f"There is no element `{name}`.", _nearest(name, vocabulary))
            elif used is not None and name in (one.element, one.instead) and name not in used:
                mend = f"Put {{{{ {name} }}}} into letter.html, or say that it is not required."
                yield document.fault(where, f"`{one.id}` is required, but the letter has no place for `{name}`.", mend)
        if one.says and " ".join(one.says.split()) not in fixed:
            mend = "Write the words into letter.html as they stand here, without tags between them."
            yield document.fault(where, f"The letter does not say “{one.says}”.", mend)
        for word in one.outcomes:
            if word not in outcomes:
                yield document.fault(where, f"“{word}” is no outcome word.", f"Known: {', '.join(sorted(outcomes))}.")


def _places_of(letter: Letter) -> set[str] | None:
    """The names the letter uses; ``None`` when it is malformed, which is a fault already."""
    try:
        return {path for path, _ in places(parse(letter.template))}
    except Refusal:
        return None


def _nearest(name: str, vocabulary: Vocabulary) -> str:
    close = get_close_matches(name, list(vocabulary.types), 1)
    return f"Did you mean `{close[0]}`?" if close else "Use one of library/notices/elements.yaml, or add it there."


def _example_faults(reading: _Reading, written: WrittenLetter, vocabulary: Vocabulary) -> Iterator[Fault]:
    folder = written.html.parent / "examples"
    documents = {path.name: reading.document(path, "notice-example") for path in sorted(folder.glob("*.yaml"))}
    expected = [document.data["expect"] for document in documents.values() if document]
    if len(documents) < FEWEST_EXAMPLES or {"issued", "incomplete"} - set(expected):
        mend = "Write one that is issued and one that lacks a required element, in examples/."
        yield Fault(str(folder), 1, "The letter has too few worked examples.", mend)
    for document in filter(None, documents.values()):
        yield from _example(document, documents, written.letter, vocabulary)


def _example(
    document: Document, documents: Mapping[str, Document | None], letter: Letter, vocabulary: Vocabulary
) -> Iterator[Fault]:
    given = _given(document, documents)
    strange = [path for path in _paths(given) if path not in vocabulary.types]
    strange += [name for name in document.data.get("without", ()) if name not in vocabulary.types]
    for name in strange:
        yield document.fault(("elements", name), f"There is no element `{name}`.", _nearest(name, vocabulary))
    if strange:
        return
    bad = [path for path, value in _values(given) if vocabulary.types[path] == "day" and not is_day(value)]
    for name in bad:
        yield document.fault(("elements", name), f"`{name}` is not a day.", "Write it as 2026-03-09.")
    if not bad:
        elements = {name: vocabulary.value(name, value) for name, value in given.items()}
        yield from _outcome(document, letter, elements)


def _outcome(document: Document, letter: Letter, elements: Mapping[str, Element]) -> Iterator[Fault]:
    full = filled_out(letter.names, elements)
    try:
        missing = {one.id for one in check_elements(letter.required, full, render(letter.template, full))}
        compose(letter, elements)
    except Refusal as refusal:
        if refusal.code != "notice-incomplete":
            yield document.fault((), refusal.message, refusal.next)
            return
    expected = set(document.data.get("missing", ()))
    if missing != expected or (document.data["expect"] == "issued") != (not missing):
        found = f"lacks {', '.join(sorted(missing))}" if missing else "is issued"
        yield document.fault(("expect",), f"The letter {found}.", "Mend the example, the letter or required.yaml.")


def _given(document: Document, documents: Mapping[str, Document | None]) -> dict[str, Any]:
    model = documents.get(document.data.get("like", ""))
    given: dict[str, Any] = {**(model.data.get("elements", {}) if model else {}), **document.data.get("elements", {})}
    for path in document.data.get("without", ()):
        name, _, part = path.partition(".")
        if not part:
            given.pop(name, None)
        else:
            given[name] = [{key: value for key, value in one.items() if key != part} for one in given.get(name, ())]
    return given


def _values(given: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        yield name, value
        for one in value if isinstance(value, list) else ():
            yield from ((f"{name}.{part}", inner) for part, inner in one.items())


def _paths(given: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(path for path, _ in _values(given)))
