"""The worked examples of letters: what is given, and whether the letter is issued or what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openum.core.notice import Letter, check_elements, compose, told
from openum.core.notice_text import render
from openum.core.notice_words import Element
from openum.core.refusal import Refusal
from openum.core.visible import visible_words
from openum.librarian.faults import Fault
from openum.librarian.letters_check import nearest
from openum.librarian.letters_read import Reading, Vocabulary
from openum.librarian.marked import Document
from openum.librarian.tree import is_day

FEWEST_EXAMPLES = 3


def example_faults(
    reading: Reading, folder: Path, letters: Mapping[tuple[str, str], Letter], vocabulary: Vocabulary, *, spanish: bool
) -> Iterator[Fault]:
    """Run the examples of a letter or overlay. ``letters`` are tried by (language, ``to``); ``spanish``: it has one."""
    documents = [reading.document(path, "notice-example") for path in sorted((folder / "examples").glob("*.yaml"))]
    known = [document for document in documents if document]
    expected = [document.data["expect"] for document in known]
    if len(documents) < FEWEST_EXAMPLES or {"issued", "incomplete"} - set(expected):
        mend = (
            f"Write {FEWEST_EXAMPLES}: at least one that is issued and one that lacks a required element, in examples/."
        )
        yield Fault(str(folder / "examples"), 1, "The letter has too few worked examples.", mend)
    issued = {(one.data.get("language", "en"), one.data["expect"]) for one in known}
    if spanish and ("es", "issued") not in issued:
        yield Fault(str(folder / "examples"), 1, "No Spanish example is issued.", "Write one with language: es.")
    for document in known:
        yield from _example(reading, document, letters, vocabulary)


def _example(
    reading: Reading, document: Document, letters: Mapping[tuple[str, str], Letter], vocabulary: Vocabulary
) -> Iterator[Fault]:
    letter = letters.get((document.data.get("language", "en"), document.data.get("to", "")))
    if letter is None:
        named = ", ".join(sorted(to for language, to in letters if language == "en" and to)) or "no `to`"
        yield document.fault(("to",), "There is no such letter in this language.", f"Known: {named}.")
        return
    given, faults = given_in(reading, document)
    yield from faults
    strange = [path for path in _paths(given) if path not in vocabulary.types]
    strange += [name for name in document.data.get("without", ()) if name not in vocabulary.types]
    for name in strange:
        yield document.fault(("elements", name), f"There is no element `{name}`.", nearest(name, vocabulary))
    bad = [path for path, value in _values(given) if vocabulary.types.get(path) == "day" and not is_day(value)]
    for name in bad:
        yield document.fault(("elements", name), f"`{name}` is not a day.", "Write it as 2026-03-09.")
    if not (bad or strange or faults):
        elements = {name: vocabulary.value(name, value) for name, value in given.items()}
        yield from _outcome(document, letter, elements)


def _outcome(document: Document, letter: Letter, elements: Mapping[str, Element]) -> Iterator[Fault]:
    try:
        full = told(letter, elements)
        seen = visible_words(render(letter.template, full, letter.wording))
        missing = {one.id for one in check_elements(letter, full, seen)}
        compose(letter, elements)
    except Refusal as refusal:
        if refusal.code != "notice-incomplete":
            yield document.fault((), refusal.message, refusal.next)
            return
    expected = set(document.data.get("missing", ()))
    if missing != expected or (document.data["expect"] == "issued") != (not missing):
        found = f"lacks {', '.join(sorted(missing))}" if missing else "is issued"
        yield document.fault(("expect",), f"The letter {found}.", "Mend the example, the letter or required.yaml.")


def given_in(reading: Reading, document: Document, seen: Sequence[Path] = ()) -> tuple[dict[str, Any], list[Fault]]:
    """The elements of an example: those of the one it is like, its own over them, less what is taken out."""
    given: dict[str, Any] = {}
    faults: list[Fault] = []
    like = document.data.get("like", "")
    if like:
        path = reading.folder / like if "/" in like else document.path.parent / like
        model = None if path in (*seen, document.path) else Reading(reading.root).document(path, "notice-example")
        if model is None:
            faults.append(
                document.fault(("like",), f"There is no example `{like}`.", "Name one that is not like this.")
            )
        else:
            given, faults = given_in(reading, model, (*seen, document.path))
    given |= document.data.get("elements", {})
    for path_ in document.data.get("without", ()):
        _take_out(given, path_.split("."))
    return given, faults


def _take_out(given: dict[str, Any], path: Sequence[str]) -> None:
    name, *below = path
    if not below:
        given.pop(name, None)
    elif name in given:
        given[name] = [dict(one) for one in given[name]]
        for one in given[name]:
            _take_out(one, below)


def _values(given: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        yield f"{under}{name}", value
        for one in value if isinstance(value, list) else ():
            yield from _values(one, f"{under}{name}.")


def _paths(given: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(path for path, _ in _values(given)))
