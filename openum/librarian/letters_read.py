"""Reading the letters of ``library/notices``: files into values of the core, and what is wrong with their shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from openum.core.clock_rule import ClockAuthority
from openum.core.notice import LANGUAGES, Language, Letter, Overlay, RequiredElement
from openum.core.notice_shelf import LetterKind, Program
from openum.core.notice_text import added
from openum.core.notice_words import Element, Wording
from openum.core.plain_words import Jargon
from openum.core.policy import InForce
from openum.core.refusal import Refusal
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, read_document
from openum.librarian.shape import SHIPPED, shape_faults

OWN = "the letter's own authority"
"""As the citation of a shared element: the citation of the letter's first authority."""
NOT_KINDS = frozenset({"parts", "languages", "overlays"})
_PART = re.compile(r"\{%\s*part\s+([a-z][a-z-]*)\s*%\}")
_VERSION = re.compile(r"v[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Every element a letter can be given: its name (``lines.reason``) and type, its words, and who writes them."""

    types: Mapping[str, str]
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    authors: Mapping[str, str]

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
    """A letter in one language and the files it is written in; ``source`` is its text before parts were put in."""

    letter: Letter
    required: Document
    html: Path
    source: str

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.required.path.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOverlay:
    """An overlay in one language and its files."""

    overlay: Overlay
    required: Document
    html: Path


@dataclass(slots=True)
class Reading:
    """The letters of one shelf while they are read; ``faults`` collects what is wrong with the files themselves."""

    root: Path
    faults: list[Fault] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the letters."""
        return self.root / "notices"

    def common(self, name: str) -> Path:
        """A file that letters share: this shelf's own, or the one that comes with OpenUM."""
        own = self.folder / name
        return own if own.is_file() else SHIPPED / "notices" / name

    def document(self, path: Path, kind: str) -> Document | None:
        """One YAML file, or ``None`` with its faults kept."""
        if not path.is_file():
            self.fault(path, "The file is missing.", "Write it; library/notices/README.md says how.")
            return None
        document, faults = read_document(path)
        wrong = faults or (shape_faults(document, kind) if document else ())
        self.faults += wrong
        return None if wrong else document

    def fault(self, path: Path, fault: str, mend: str, line: int = 1) -> None:
        """Keep one fault."""
        self.faults.append(Fault(str(path), line, fault, mend))


def read_vocabulary(reading: Reading) -> Vocabulary:
    """``elements.yaml``."""
    document = reading.document(reading.common("elements.yaml"), "notice-elements")
    types: dict[str, str] = {}
    choices: list[tuple[str, tuple[str, ...]]] = []
    authors: dict[str, str] = {}
    for path, one in _named(document.data["elements"] if document else ()):
        if path in types and document:
            reading.faults.append(document.fault(("elements",), f"`{path}` is named twice.", "Keep one of the two."))
        types[path] = one["type"]
        authors[path] = one.get("by", "case")
        if "choices" in one:
            choices.append((path, tuple(one["choices"])))
    return Vocabulary(types=types, choices=tuple(choices), authors=authors)


def _named(elements: Any, under: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    for one in elements:
        path = f"{under}{one['id']}"
        yield path, one
        yield from _named(one.get("of", ()), f"{path}.")


def read_kinds(reading: Reading) -> Mapping[str, LetterKind]:
    """``kinds.yaml`` by id."""
    document = reading.document(reading.common("kinds.yaml"), "notice-kinds")
    return {one["id"]: LetterKind(**one) for one in (document.data["kinds"] if document else ())}


def read_programs(reading: Reading) -> Mapping[str, Program]:
    """``jurisdictions.yaml`` by id."""
    document = reading.document(reading.common("jurisdictions.yaml"), "notice-jurisdictions")
    rows = document.data["jurisdictions"] if document else ()
    return {one["id"]: Program(**{**one, "lines_of_business": tuple(one["lines_of_business"])}) for one in rows}


def read_large_print(reading: Reading) -> float:
    """The type size of large print, in points (``form.yaml``)."""
    document = reading.document(reading.common("form.yaml"), "notice-form")
    return float(document.data["large_print"]["points"]) if document else 0


def read_taglines(reading: Reading) -> Mapping[str, str]:
    """The taglines by language (``languages/taglines.yaml``)."""
    document = reading.document(reading.common("languages/taglines.yaml"), "notice-taglines")
    return {one["language"]: one["text"] for one in (document.data["taglines"] if document else ())}


def read_wordings(reading: Reading) -> Mapping[Language, Wording]:
    """How each language writes days and choice words (``languages/<language>/words.yaml``)."""
    found: dict[Language, Wording] = {}
    for language in LANGUAGES:
        document = reading.document(reading.common(f"languages/{language}/words.yaml"), "notice-words")
        if document:
            raw = document.data
            found[language] = Wording(
                language, raw["day"], tuple(raw["months"]), raw.get("words", {}), raw.get("reading_ease", 0),
                raw["phrases"], raw["sources"], _jargon(reading, language),
            )  # fmt: skip
    return found


def _jargon(reading: Reading, language: Language) -> Jargon:
    path = reading.common(f"languages/{language}/jargon.yaml")
    document = reading.document(path, "notice-jargon") if path.is_file() else None
    if document is None:
        return Jargon()
    words = {one["word"]: one["plain"] for one in document.data["words"]}
    return Jargon(words, frozenset(one["short"] for one in document.data["known"]))


def read_letters(reading: Reading, vocabulary: Vocabulary, kinds: Mapping[str, LetterKind]) -> list[WrittenLetter]:
    """Every letter of the shelf in every language and version it is written in."""
    wordings, shared = read_wordings(reading), _shared(reading)
    written = []
    for path in _folders(reading.folder):
        required = reading.document(path / "required.yaml", "notice")
        kind, jurisdiction = _place_of(path, reading.folder)
        if not jurisdiction:
            reading.fault(
                path / "required.yaml", "The letter stands under no jurisdiction.",
                "Move it to notices/<kind>/us/<program>/.",
            )  # fmt: skip
        elif kind not in kinds:
            reading.fault(path / "required.yaml", f"There is no kind of letter `{kind}`.", "Add it to kinds.yaml.")
        elif required:
            written += [
                _letter(required, html, (kinds[kind], jurisdiction), (vocabulary, wordings[language], shared), reading)
                for language, html in _texts(reading, required, kind)
                if language in wordings
            ]
    return written


def _folders(folder: Path) -> list[Path]:
    names = ("letter.html", "letter.es.html", "required.yaml")
    found = {path.parent for name in names for path in folder.rglob(name)}
    return sorted(path for path in found if path.relative_to(folder).parts[0] not in NOT_KINDS)


def _place_of(path: Path, folder: Path) -> tuple[str, str]:
    kind, *below = path.relative_to(folder).parts
    if below and _VERSION.fullmatch(below[-1]):
        below.pop()
    return kind, "/".join(below)


def _texts(reading: Reading, required: Document, kind: str) -> Iterator[tuple[Language, Path]]:
    """The texts of a letter by language: its own, or those of the jurisdiction that ``text_of`` names."""
    other = required.data.get("text_of")
    folder = reading.folder / kind / other if other else required.path.parent
    english = folder / "letter.html"
    if not english.is_file():
        reading.fault(english, "The file is missing.", "Write the letter; library/notices/README.md says how.")
        return
    yield "en", english
    spanish = folder / "letter.es.html"
    if spanish.is_file():
        yield "es", spanish


def _shared(reading: Reading) -> Mapping[str, list[dict[str, Any]]]:
    path = reading.common("parts/required.yaml")
    document = reading.document(path, "notice-parts") if path.is_file() else None
    found: Mapping[str, list[dict[str, Any]]] = document.data["sets"] if document else {}
    return found


def _letter(
    required: Document, html: Path, place: tuple[LetterKind, str],
    shelf: tuple[Vocabulary, Wording, Mapping[str, list[dict[str, Any]]]], reading: Reading,
) -> WrittenLetter:  # fmt: skip
    raw, source = required.data, html.read_text(encoding="utf-8")
    vocabulary, wording, shared = shelf
    language: Language = "es" if wording.language == "es" else "en"
    template = _with_parts(reading, html, source, language)
    elements = tuple(_elements(reading, required, shared, wording))
    letter = Letter(
        id=raw["id"], version=raw["version"], kind=place[0].id, ends_clock=place[0].ends_clock, jurisdiction=place[1],
        language=language, wording=wording, title=raw["title"], template=template, required=elements,
        names=tuple(vocabulary.types), choices=vocabulary.choices, authors=vocabulary.authors,
        in_force=in_force(raw["since"]),
        authority=authority(raw["authority"]), recipients=tuple(raw["recipients"]), also=tuple(raw.get("also", ())),
        font_points=raw["form"]["font_points"], reading_limit=_limit(raw["form"], language) or wording.reading_limit,
        digest=sha256(required.content + template.encode() + repr(elements).encode()).hexdigest(),
    )  # fmt: skip
    return WrittenLetter(letter=letter, required=required, html=html, source=source)


def _with_parts(reading: Reading, html: Path, source: str, language: Language) -> str:
    """The text with its parts put in; a part that does not exist is a fault and leaves nothing."""
    suffix = "" if language == "en" else f".{language}"

    def text(mark: re.Match[str]) -> str:
        part = reading.common(f"parts/{mark[1]}{suffix}.html")
        if part.is_file():
            return part.read_text(encoding="utf-8").rstrip("\n")
        line = source.count("\n", 0, mark.start()) + 1
        reading.fault(
            html, f"There is no part `{mark[1]}`.", f"Write notices/parts/{part.name}, or leave it out.", line
        )
        return ""

    return _PART.sub(text, source)


def _elements(
    reading: Reading, required: Document, shared: Mapping[str, list[dict[str, Any]]], wording: Wording
) -> Iterator[RequiredElement]:
    raw = required.data
    own = {one["id"] for one in raw["elements"]}
    main = raw["authority"][0]["cite"]
    for name in raw.get("shared", ()):
        if name not in shared:
            reading.faults.append(
                required.fault(("shared",), f"There is no set `{name}`.", f"Known: {', '.join(sorted(shared))}.")
            )
        for one in shared.get(name, ()):
            if one["id"] not in own:
                cite = main if one["cite"] == OWN else one["cite"]
                yield required_element({**one, "cite": cite}, wording)
    for one in raw["elements"]:
        yield required_element(one, wording)


def required_element(raw: Mapping[str, Any], wording: Wording) -> RequiredElement:
    """One required element in a language: its words, and the outcome words as that language writes them."""
    says = raw.get("says", "")
    words = says if isinstance(says, str) else says.get(wording.language, "")
    outcomes = tuple(wording.word("lines.outcome", one) for one in raw.get("outcomes", ()))
    return RequiredElement(**{**raw, "says": words, "outcomes": outcomes, "who": tuple(raw["who"])})


def in_force(since: Mapping[str, str | None]) -> InForce:
    """``since`` as a span of days; open where it is null."""
    start, end = since["from"], since["to"]
    return InForce(date.fromisoformat(start) if start else date.min, date.fromisoformat(end) if end else None)


def authority(raw: list[Mapping[str, Any]]) -> tuple[ClockAuthority, ...]:
    """The authorities of a letter."""
    return tuple(
        ClockAuthority(
            cite=one["cite"], tag=one["tag"], sources=tuple(one["sources"]), grading=one["grading"],
            checked_on=date.fromisoformat(one["checked_on"]), confirm=one.get("confirm", ""),
            strength=one.get("strength", ""),
        )
        for one in raw
    )  # fmt: skip


def _limit(form: Mapping[str, float], language: Language) -> float:
    return form.get("reading_grade" if language == "en" else f"reading_ease_{language}", 0)


def read_overlays(reading: Reading) -> list[WrittenOverlay]:
    """Every overlay of the shelf in every language it is written in."""
    wordings, written = read_wordings(Reading(reading.root)), []
    folder = reading.folder / "overlays"
    names = ("text.html", "text.es.html", "required.yaml")
    for path in sorted({found.parent for name in names for found in folder.rglob(name)}):
        required = reading.document(path / "required.yaml", "notice-overlay")
        jurisdiction, *below = path.relative_to(folder).parts
        if not below:
            reading.fault(
                path / "required.yaml", "The overlay stands under no kind of letter.",
                "Move it to notices/overlays/<jurisdiction>/<kind>/.",
            )  # fmt: skip
        elif required:
            for language in LANGUAGES:
                html = path / ("text.html" if language == "en" else f"text.{language}.html")
                if (html.is_file() or language == "en") and language in wordings:
                    written += _overlay(reading, required, html, language, (below[0], jurisdiction), wordings[language])
    return written


def _overlay(
    reading: Reading, required: Document, html: Path, language: Language, place: tuple[str, str], wording: Wording
) -> list[WrittenOverlay]:
    raw = required.data
    try:
        text = html.read_text(encoding="utf-8") if html.is_file() else ""
        blocks = added(text)
    except Refusal as refusal:
        reading.fault(html, refusal.message, "Write {% at NAME %} … {% end %} only.", int(refusal.where or 1))
        return []
    applies, form = raw["applies"], raw.get("form", {})
    overlay = Overlay(
        id=raw["id"], version=raw["version"], kind=place[0], jurisdiction=place[1], language=language,
        title=raw["title"], blocks=blocks, required=tuple(required_element(one, wording) for one in raw["elements"]),
        in_force=in_force(raw["since"]), authority=authority(raw["authority"]),
        letters=tuple(applies.get("letters", ())),
        states=tuple(applies.get("states", ())), accreditations=tuple(applies.get("accreditations", ())),
        font_points=form.get("font_points", 0), reading_limit=_limit(form, language), also=tuple(raw.get("also", ())),
        digest=sha256(required.content + text.encode()).hexdigest(),
    )  # fmt: skip
    return [WrittenOverlay(overlay=overlay, required=required, html=html)]
