"""The language letters are written in: it can place text, repeat a part, leave one out, and nothing else.

{{ name }}                              the element's text, escaped for HTML
{% each lines as line %} … {% end %}    once for each item of a list; inside: {{ line.service }}
{% if name %} … {% end %}               only when the element is neither false nor empty
{% slot name %}                         nothing; an overlay may add text there
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from openum.core.notice_words import Element, Elements, Wording, written
from openum.core.refusal import Refusal

_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_PATH = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?"
_PLACE = re.compile(rf"\{{\{{\s*({_PATH})\s*\}}\}}")
_EACH = re.compile(rf"\{{%\s*each\s+({_PATH})\s+as\s+([a-z][a-z0-9_]*)\s*%\}}")
_IF = re.compile(rf"\{{%\s*if\s+({_PATH})\s*%\}}")
_AT = re.compile(r"\{%\s*at\s+([a-z][a-z-]*)\s*%\}")
_SLOT = re.compile(r"\{%\s*slot\s+([a-z][a-z-]*)\s*%\}")
_END = re.compile(r"\{%\s*end\s*%\}")


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
class Slot:
    """Where an overlay may add text."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part that is repeated (``item`` names the turn) or left out (``item`` empty)."""

    path: str
    item: str
    body: tuple[Node, ...]
    line: int


Node = Text | Place | Slot | Block


def render(template: str, elements: Elements, wording: Wording) -> str:
    """The letter with the elements in their places, escaped. Pure.

    Refuses ``letter-malformed`` (with the line) and ``letter-unknown-element`` (a name nobody supplied).
    """
    return "".join(_filled(parse(template), dict(elements), wording))


@lru_cache(maxsize=512)
def parse(template: str) -> tuple[Node, ...]:
    """The parts of a template; refuses ``letter-malformed`` with the line of the first mark it does not know."""
    open_blocks: list[tuple[str, str, int]] = []
    bodies: list[list[Node]] = [[]]
    for kind, found, line in _marks(template):
        if kind == "text":
            bodies[-1].append(Text(found))
        elif place := _PLACE.fullmatch(found):
            bodies[-1].append(Place(place[1], line))
        elif slot := _SLOT.fullmatch(found):
            bodies[-1].append(Slot(slot[1], line))
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
            raise malformed(line, "has a mark that the letter language does not know, or an end without a beginning")
    if open_blocks:
        raise malformed(open_blocks[-1][2], "opens a part that is never ended")
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


def slots(nodes: Sequence[Node]) -> Iterator[str]:
    """The names of the slots of a letter, in order."""
    for node in nodes:
        if isinstance(node, Slot):
            yield node.name
        elif isinstance(node, Block):
            yield from slots(node.body)


def added(text: str) -> Mapping[str, str]:
    """The blocks of an overlay's text by slot, each a whole piece of the letter language of its own.

    Refuses ``letter-malformed`` for text outside ``{% at NAME %} … {% end %}``.
    """
    blocks: dict[str, str] = {}
    name, start, depth = "", 0, 0
    outside = 0
    for mark in _MARK.finditer(text):
        line = text.count("\n", 0, mark.start()) + 1
        opens = _AT.fullmatch(mark[0])
        if not depth:
            if not opens or text[outside : mark.start()].strip() or opens[1] in blocks:
                raise malformed(line, "has text outside {% at NAME %} … {% end %}, or names a slot twice")
            name, start, depth = opens[1], mark.end(), 1
        elif opens:
            raise malformed(line, "opens a slot inside another")
        elif _EACH.fullmatch(mark[0]) or _IF.fullmatch(mark[0]):
            depth += 1
        elif _END.fullmatch(mark[0]):
            depth -= 1
            if not depth:
                blocks[name] = text[start : mark.start()]
                outside = mark.end()
    if depth or text[outside:].strip():
        raise malformed(text.count("\n", 0, outside) + 1, "has text outside a slot, or a slot that is never ended")
    for block in blocks.values():
        parse(block)
    return blocks


def with_added(template: str, blocks: Mapping[str, str]) -> str:
    """The template with text put before its slots; the slots stay, so that a further overlay finds them."""
    return _SLOT.sub(lambda slot: blocks.get(slot[1], "") + slot[0], template)


def items(value: Element, line: int) -> Sequence[Mapping[str, Element]]:
    """The items of a list; none where nothing is given. Refuses ``letter-malformed`` for anything else."""
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise malformed(line, "repeats something that is not a list")


def malformed(line: int, how: str) -> Refusal:
    """The refusal of a template, with its line."""
    return Refusal(
        "letter-malformed", f"Line {line} of the letter {how}.", "Mend it in library/notices.", where=str(line)
    )


def _filled(nodes: Sequence[Node], scope: dict[str, Element], wording: Wording) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, Text):
            yield node.text
        elif isinstance(node, Place):
            yield escape(written(_looked_up(node.path, scope, node.line), wording))
        elif isinstance(node, Block):
            yield from _repeated(node, scope, wording)


def _repeated(block: Block, scope: dict[str, Element], wording: Wording) -> Iterator[str]:
    value = _looked_up(block.path, scope, block.line)
    if not block.item:
        yield from _filled(block.body, scope, wording) if value else ()
        return
    for one in items(value, block.line):
        yield from _filled(block.body, {**scope, block.item: one}, wording)


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


def _marks(template: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    for mark in _MARK.finditer(template):
        if mark.start() > at:
            yield "text", template[at : mark.start()], 0
        yield "mark", mark[0], template.count("\n", 0, mark.start()) + 1
        at = mark.end()
    rest = template[at:]
    if "{{" in rest or "{%" in rest:
        raise malformed(template.count("\n", 0, at) + 1, "or one after it opens a mark that is never closed")
    if rest:
        yield "text", rest, 0


def _resolved(path: str, under: tuple[tuple[str, str], ...]) -> str:
    name, dot, part = path.partition(".")
    return next((f"{source}{dot}{part}" for item, source in under if item == name), path)


def _unknown(path: str, line: int) -> Refusal:
    return Refusal(
        "letter-unknown-element",
        f"Line {line} of the letter wants {path}, which was not supplied.",
        "Supply it, or take it from the vocabulary in library/notices/elements.yaml.",
        where=str(line),
    )
