"""Notices: a letter from the library filled in, and proof that what the law requires is in it.

The letters are content (``library/notices``), in a deliberately tiny language that can do nothing but place text::

    {{ name }}                              the element's text, escaped for HTML
    {% each lines as line %} … {% end %}    once for each item of a list; inside: {{ line.service }}
    {% if name %} … {% end %}               only when the element is neither false nor empty

There are no expressions, filters, includes or calls. A name that nobody supplied is refused, never printed as nothing.
Whether a letter may be sent is another question: :func:`check_elements` looks for every required element twice, in
the data and in the text a reader sees.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from html import escape

from openum.core.policy import Authority, InForce
from openum.core.refusal import Refusal
from openum.core.visible import in_one_line, visible_words

Element = str | int | float | bool | date | None | Sequence[Mapping[str, "Element"]] | Mapping[str, "Element"]
"""What a letter can be given: text, numbers, days, flags, and lists of named elements."""
Elements = Mapping[str, Element]

_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_PATH = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?"
_PLACE = re.compile(rf"\{{\{{\s*({_PATH})\s*\}}\}}")
_EACH = re.compile(rf"\{{%\s*each\s+({_PATH})\s+as\s+([a-z][a-z0-9_]*)\s*%\}}")
_IF = re.compile(rf"\{{%\s*if\s+({_PATH})\s*%\}}")
_END = re.compile(r"\{%\s*end\s*%\}")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """Fixed text of a letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element's text goes."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part that is repeated (``item`` names the turn) or left out (``item`` empty)."""

    path: str
    item: str
    body: tuple[Node, ...]
    line: int


Node = Text | Place | Block


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredElement:
    """One thing a law wants in a letter.

    ``element`` names data (``appeal_phone``; ``lines.reason`` means of every line) and ``says`` fixed words of the
    letter; at least one of the two is given. ``instead`` names an element that does as well. ``outcomes`` limits a line
    element to lines decided so; it is required only ``when`` that element is set, and not ``unless`` that one is.
    ``who`` says whose copy needs it.
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
    must_appear: bool = True


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
    """One letter of the library: its text, what it must contain, and by whose authority.

    ``names`` are all elements there are (``lines.reason`` for a part of an item), ``choices`` the words one may be.
    """

    kind: str
    jurisdiction: str
    title: str
    template: str
    required: tuple[RequiredElement, ...]
    names: tuple[str, ...]
    in_force: InForce
    authority: tuple[Authority, ...]
    recipients: tuple[str, ...]
    font_points: float
    reading_grade: float
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    digest: str = ""

    @property
    def key(self) -> str:
        """``kind/jurisdiction@digest``: what a sent notice cites."""
        return f"{self.kind}/{self.jurisdiction}@{self.digest[:12]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A finished notice: every required element is in it. ``digest`` is the SHA-256 of ``text``."""

    letter: str
    kind: str
    jurisdiction: str
    text: str
    digest: str


def compose(letter: Letter, elements: Elements) -> Notice:
    """The notice, or a refusal that names every required element that is missing. Elements left out are empty."""
    given = filled_out(letter.names, elements)
    _refuse_strange_words(letter, given)
    text = render(letter.template, given)
    missing = check_elements(letter.required, given, text)
    if missing:
        named = ", ".join(dict.fromkeys(one.id for one in missing))
        raise Refusal(
            "notice-incomplete",
            f"The {letter.kind} letter of {letter.jurisdiction} lacks what the law requires: {named}.",
            "Supply the elements named, then issue it again; nothing was sent.",
        )
    return Notice(
        letter=letter.key, kind=letter.kind, jurisdiction=letter.jurisdiction, text=text,
        digest=sha256(text.encode()).hexdigest(),
    )  # fmt: skip


def filled_out(names: Sequence[str], elements: Elements) -> dict[str, Element]:
    """The elements with every other name of the vocabulary empty, parts of list items (``lines.reason``) included."""
    plain, lists = _vocabulary(tuple(names))
    given: dict[str, Element] = {**dict.fromkeys(plain), **elements}
    for name, parts in lists.items():
        if name in given:
            given[name] = tuple({**dict.fromkeys(parts), **item} for item in _items(given[name], 0))
    return given


@lru_cache(maxsize=64)
def _vocabulary(names: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """The names apart: plain elements, and lists with the parts of their items."""
    lists: dict[str, list[str]] = {}
    for path in names:
        name, dot, part = path.partition(".")
        if dot:
            lists.setdefault(name, []).append(part)
    plain = tuple(name for name in names if "." not in name)
    return plain, {name: tuple(parts) for name, parts in lists.items()}


def render(template: str, elements: Elements) -> str:
    """The letter with the elements in their places, escaped. Pure.

    Refuses ``letter-malformed`` (with the line) and ``letter-unknown-element`` (a name nobody supplied).
    """
    return "".join(_filled(parse(template), dict(elements)))


def check_elements(required: Sequence[RequiredElement], elements: Elements, text: str) -> tuple[Missing, ...]:
    """Every required element that is empty in ``elements`` or does not appear in the visible words of ``text``."""
    seen = visible_words(text)
    return tuple(one for element in required if element.must_appear for one in _missing(element, elements, seen))


@lru_cache(maxsize=256)
def parse(template: str) -> tuple[Node, ...]:
    """The parts of a template; refuses ``letter-malformed`` with the line of the first mark it does not know."""
    open_blocks: list[tuple[str, str, int]] = []
    bodies: list[list[Node]] = [[]]
    for kind, found, line in _marks(template):
        if kind == "text":
            bodies[-1].append(Text(found))
        elif place := _PLACE.fullmatch(found):
            bodies[-1].append(Place(place[1], line))
        elif each := _EACH.fullmatch(found):
            open_blocks.append((each[1], each[2], line))
            bodies.append([])
        elif condition := _IF.fullmatch(found):
            open_blocks.append((condition[1], "", line))
            bodies.append([])
        elif _END.fullmatch(found) and open_blocks:
            path, item, opened = open_blocks.pop()
            body = tuple(bodies.pop())
            bodies[-1].append(Block(path, item, body, opened))
        else:
            raise _malformed(line, "has a mark that the letter language does not know, or an end without a beginning")
    if open_blocks:
        raise _malformed(open_blocks[-1][2], "opens a part that is never ended")
    return tuple(bodies[0])


def places(nodes: Sequence[Node], *, under: tuple[tuple[str, str], ...] = ()) -> Iterator[tuple[str, int]]:
    """Every name a letter uses with its line, the turn of a list resolved: ``line.reason`` reads ``lines.reason``."""
    for node in nodes:
        if isinstance(node, Place):
            yield _resolved(node.path, under), node.line
        elif isinstance(node, Block):
            path = _resolved(node.path, under)
            yield path, node.line
            inner = ((node.item, path), *under) if node.item else under
            yield from places(node.body, under=inner)


def written(value: Element) -> str:
    """One value as a letter prints it: a day as ``March 9, 2026``, a number without needless zeros."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float | date):
        raise Refusal(
            "letter-not-text",
            "A flag or a list stands where the letter wants text.",
            "Use it in an if or an each, or place one of its elements.",
        )
    if isinstance(value, date):
        return f"{MONTHS[value.month - 1]} {value.day}, {value.year}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _filled(nodes: Sequence[Node], scope: dict[str, Element]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            yield node.text
        elif isinstance(node, Place):
            yield escape(written(_looked_up(node.path, scope, node.line)))
        else:
            yield from _repeated(node, scope)


def _repeated(block: Block, scope: dict[str, Element]) -> Iterator[str]:
    value = _looked_up(block.path, scope, block.line)
    if not block.item:
        yield from _filled(block.body, scope) if value else ()
        return
    for one in _items(value, block.line):
        yield from _filled(block.body, {**scope, block.item: one})


def _looked_up(path: str, scope: Mapping[str, Element], line: int) -> Element:
    name, _, part = path.partition(".")
    if name not in scope:
        raise _unknown(path, line)
    value = scope[name]
    if not part:
        return value
    if not isinstance(value, Mapping) or part not in value:
        raise _unknown(path, line)
    return value[part]


def _items(value: Element, line: int) -> Sequence[Mapping[str, Element]]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise _malformed(line, "repeats something that is not a list")


def _refuse_strange_words(letter: Letter, elements: Elements) -> None:
    """A requirement that hangs on a word (of a line that is denied …) would not be asked for under another word."""
    for path, words in letter.choices:
        name, _, part = path.partition(".")
        values = [one.get(part) for one in _items(elements.get(name), 0)] if part else [elements.get(name)]
        if any(value not in (None, "", *words) for value in values):
            raise Refusal(
                "notice-unknown-word",
                f"{path} is none of the words that the letters know.",
                f"Use one of: {', '.join(words)}.",
            )


def _missing(required: RequiredElement, elements: Elements, seen: str) -> Iterator[Missing]:
    if (required.when and not elements.get(required.when)) or (required.unless and elements.get(required.unless)):
        return
    if required.says and in_one_line(required.says) not in seen:
        yield Missing(required.id, required.element, "the letter does not say it", required.cite)
    name, _, part = required.element.partition(".")
    if not name:
        return
    if not part:
        yield from _absent(required, elements, seen, 0)
        return
    items = _items(elements.get(name), 0)
    if not items:
        yield Missing(required.id, required.element, "no item is given", required.cite)
    for number, item in enumerate(items, 1):
        if not required.outcomes or item.get("outcome") in required.outcomes:
            yield from _absent(required, item, seen, number)


def _absent(required: RequiredElement, given: Elements, seen: str, item: int) -> Iterator[Missing]:
    why = _why_absent(given, required.element, seen)
    if why and (not required.instead or _why_absent(given, required.instead, seen)):
        yield Missing(required.id, required.element, why, required.cite, item)


def _why_absent(given: Elements, element: str, seen: str) -> str:
    text = in_one_line(written(given.get(element.rpartition(".")[2])))
    if not text:
        return "it is empty"
    shown = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", seen)
    return "" if shown else "it is not in the letter"


def _marks(template: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    for mark in _MARK.finditer(template):
        if mark.start() > at:
            yield "text", template[at : mark.start()], 0
        yield "mark", mark[0], template.count("\n", 0, mark.start()) + 1
        at = mark.end()
    rest = template[at:]
    if "{{" in rest or "{%" in rest:
        raise _malformed(template.count("\n", 0, at) + 1, "or one after it opens a mark that is never closed")
    if rest:
        yield "text", rest, 0


def _resolved(path: str, under: tuple[tuple[str, str], ...]) -> str:
    name, dot, part = path.partition(".")
    return next((f"{source}{dot}{part}" for item, source in under if item == name), path)


def _malformed(line: int, how: str) -> Refusal:
    return Refusal(
        "letter-malformed", f"Line {line} of the letter {how}.", "Mend it in library/notices.", where=str(line)
    )


def _unknown(path: str, line: int) -> Refusal:
    return Refusal(
        "letter-unknown-element",
        f"Line {line} of the letter wants {path}, which was not supplied.",
        "Supply it, or take it from the vocabulary in library/notices/elements.yaml.",
        where=str(line),
    )
