"""Notices: a letter from the library filled in, and proof that what the law requires is in it.

The letters are content (``library/notices``), written in the tiny language of :mod:`openum.core.notice_text`. A name
that nobody supplied is refused, never printed as nothing. Whether a letter may be sent is another question:
:func:`check_elements` looks for every required element twice, in the data and in the text a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from typing import Literal, get_args

from openum.core.clock_rule import ClockAuthority
from openum.core.notice_text import items, render, with_added
from openum.core.notice_words import Element, Elements, Wording, spoken, written
from openum.core.policy import InForce
from openum.core.refusal import Refusal
from openum.core.visible import in_one_line, visible_words

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Tree = Mapping[str, "Tree | None"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredElement:
    """One thing a law wants in a letter.

    ``element`` names data (``appeal_phone``; ``lines.reason`` means of every line) and ``says`` fixed words of the
    letter, in its own language; at least one of the two is given. ``instead`` names an element that does as well.
    ``outcomes`` (in the letter's language) limits a line element to lines decided so; it is required only ``when`` that
    element is set, and not ``unless`` that one is. ``who`` says whose copy needs it, ``tag`` how well the law is known.
    """

    id: str
    what: str
    cite: str
    element: str = ""
    says: str = ""
    instead: str = ""
    outcomes: tuple[str, ...] = ()
    when: str = ""
    unless: str = ""
    who: tuple[str, ...] = ("enrollee",)
    tag: str = ""
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """A required element that is not there. ``item`` counts list items from 1; 0 where it is not of a list."""

    id: str
    element: str
    why: str
    cite: str
    item: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter of the library in one language: its text, what it must contain, and by whose authority.

    ``names`` are all elements there are (``lines.reason`` for a part of an item), ``choices`` the (English) words one
    may be, ``authors`` who writes an element's words where that is not the case itself (plan, law, policy, person).
    ``reading_limit`` is the highest school grade of an English letter, the least reading ease of a Spanish one.
    ``overlays`` are the keys of what states and accreditors added; with ``ends_clock`` it answers what was asked.
    """

    id: str
    version: str
    kind: str
    jurisdiction: str
    language: Language
    wording: Wording
    title: str
    template: str
    required: tuple[RequiredElement, ...]
    names: tuple[str, ...]
    in_force: InForce
    authority: tuple[ClockAuthority, ...]
    recipients: tuple[str, ...]
    font_points: float
    reading_limit: float
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    authors: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()
    ends_clock: bool = True
    digest: str = ""

    @property
    def key(self) -> str:
        """``kind/jurisdiction@digest`` (``.es`` in Spanish, ``+us-tx`` with an overlay): what a sent notice cites."""
        language = "" if self.language == "en" else f".{self.language}"
        return (
            f"{self.kind}/{self.jurisdiction}{language}{''.join(f'+{one}' for one in self.overlays)}@{self.digest[:12]}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """What a state or an accreditor adds to letters of one kind: text for slots, and required elements.

    ``letters`` are the jurisdictions whose letters it adds to (empty: all). It has no way to take anything away;
    ``font_points`` and ``reading_limit`` (0: none of its own) count only where they are stricter.
    """

    id: str
    version: str
    kind: str
    jurisdiction: str
    language: Language
    title: str
    blocks: Mapping[str, str]
    required: tuple[RequiredElement, ...]
    in_force: InForce
    authority: tuple[ClockAuthority, ...]
    letters: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    accreditations: tuple[str, ...] = ()
    font_points: float = 0
    reading_limit: float = 0
    also: tuple[str, ...] = ()
    digest: str = ""

    def fits(self, letter: Letter) -> bool:
        """Whether it is written for this letter: its kind, its language, and its program."""
        same = (self.kind, self.language) == (letter.kind, letter.language)
        return same and (not self.letters or letter.jurisdiction in self.letters)

    def binds(self, *, state: str, accreditations: Sequence[str]) -> bool:
        """Whether it holds for a member of this state in a plan with these accreditations."""
        return state in self.states or any(one in self.accreditations for one in accreditations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A finished notice: every required element is in it. ``digest`` is the SHA-256 of ``text``."""

    letter: str
    kind: str
    jurisdiction: str
    language: Language
    text: str
    digest: str


def overlaid(letter: Letter, overlays: Sequence[Overlay]) -> Letter:
    """The letter with what the overlays add, in the order of their ids; those not written for it are left out."""
    for one in sorted((one for one in overlays if one.fits(letter)), key=lambda one: one.id):
        easier = letter.language == "en"
        limit = (min if easier else max)(letter.reading_limit, one.reading_limit or letter.reading_limit)
        letter = replace(
            letter,
            template=with_added(letter.template, one.blocks),
            required=(*letter.required, *one.required),
            authority=(*letter.authority, *one.authority),
            font_points=max(letter.font_points, one.font_points),
            reading_limit=limit,
            overlays=(*letter.overlays, one.jurisdiction),
            digest=sha256(f"{letter.digest}+{one.digest}".encode()).hexdigest(),
        )
    return letter


def compose(letter: Letter, elements: Elements) -> Notice:
    """The notice, or a refusal that names every required element that is missing. Elements left out are empty.

    Choice words are given in English, whatever the letter's language.
    """
    given = told(letter, elements)
    text = render(letter.template, given, letter.wording)
    missing = check_elements(letter, given, visible_words(text))
    if missing:
        named = ", ".join(dict.fromkeys(one.id for one in missing))
        raise Refusal(
            "notice-incomplete",
            f"The {letter.kind} letter of {letter.jurisdiction} lacks what the law requires: {named}.",
            "Supply the elements named, then issue it again; nothing was sent.",
        )
    return Notice(
        letter=letter.key, kind=letter.kind, jurisdiction=letter.jurisdiction, language=letter.language, text=text,
        digest=sha256(text.encode()).hexdigest(),
    )  # fmt: skip


def told(letter: Letter, elements: Elements) -> Elements:
    """The elements as this letter is told them: every name there is, choice words in its language.

    Refuses ``notice-unknown-word``: a requirement that hangs on a word (of a line that is denied …) would not be asked
    for under another word.
    """
    for path, words in letter.choices:
        for value in _values(elements, path.split(".")):
            if value not in (None, "", *words):
                raise Refusal(
                    "notice-unknown-word",
                    f"{path} is none of the words that the letters know.",
                    f"Use one of: {', '.join(words)}.",
                )
    return filled_out(letter.names, spoken(elements, letter.choices, letter.wording))


def filled_out(names: Sequence[str], elements: Elements) -> Elements:
    """The elements with every other name of the vocabulary empty, parts of list items (``lines.reason``) included."""
    return _filled_out(_tree(tuple(names)), elements)


def check_elements(letter: Letter, elements: Elements, seen: str) -> tuple[Missing, ...]:
    """Every required element that is empty in ``elements`` (see :func:`told`) or not among the words ``seen``.

    ``seen`` is what a reader sees, in one line: of the HTML, or read back from the PDF.
    """
    return tuple(one for required in letter.required for one in _missing(required, elements, seen, letter.wording))


def appears(text: str, seen: str) -> bool:
    """Whether a text stands among the words seen, not as a part of another word."""
    wanted = in_one_line(text)
    at = seen.find(wanted)
    while at >= 0:
        if not _in_a_word(seen[at - 1 : at]) and not _in_a_word(seen[at + len(wanted) : at + len(wanted) + 1]):
            return True
        at = seen.find(wanted, at + 1)
    return False


def _in_a_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@lru_cache(maxsize=64)
def _tree(names: tuple[str, ...]) -> Tree:
    """The vocabulary as a tree: plain elements lead to ``None``, lists to the parts of their items."""
    tree: dict[str, Tree | None] = {}
    for name in dict.fromkeys(path.partition(".")[0] for path in names):
        below = tuple(path.partition(".")[2] for path in names if path.startswith(f"{name}."))
        tree[name] = _tree(below) if below else None
    return tree


def _filled_out(tree: Tree, elements: Elements) -> Elements:
    given: dict[str, Element] = {**dict.fromkeys(tree), **elements}
    for name, below in tree.items():
        if below is not None and given[name] is not None:
            given[name] = tuple(_filled_out(below, item) for item in items(given[name], 0))
    return given


def _values(elements: Elements, path: Sequence[str]) -> Iterator[Element]:
    name, *below = path
    if not below:
        yield elements.get(name)
        return
    for one in items(elements.get(name), 0):
        yield from _values(one, below)


def _missing(required: RequiredElement, elements: Elements, seen: str, wording: Wording) -> Iterator[Missing]:
    if (required.when and not elements.get(required.when)) or (required.unless and elements.get(required.unless)):
        return
    if required.says and in_one_line(required.says) not in seen:
        yield Missing(required.id, required.element, "the letter does not say it", required.cite)
    if required.element:
        yield from _absent(required, required.element.split("."), elements, seen, wording, 0)


def _absent(
    required: RequiredElement, path: Sequence[str], given: Elements, seen: str, wording: Wording, item: int
) -> Iterator[Missing]:
    name, *below = path
    if below:
        found = items(given.get(name), 0)
        if not found:
            yield Missing(required.id, required.element, "no item is given", required.cite, item)
        for number, one in enumerate(found, 1):
            if not required.outcomes or "outcome" not in one or one["outcome"] in required.outcomes:
                yield from _absent(required, below, one, seen, wording, item or number)
        return
    why = _why_absent(given.get(name), seen, wording)
    if why and (not required.instead or _why_absent(given.get(required.instead.split(".")[-1]), seen, wording)):
        yield Missing(required.id, required.element, why, required.cite, item)


def _why_absent(value: Element, seen: str, wording: Wording) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "" if value else "no item is given"
    text = written(value, wording)
    if not in_one_line(text):
        return "it is empty"
    return "" if appears(text, seen) else "it is not in the letter"
