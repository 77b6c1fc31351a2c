"""Files of ``library/facts`` as fact definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from openum.core.chart import EntryKind, Value
from openum.core.codes import NO_CODES, CodeSet
from openum.core.derived import DERIVATIONS
from openum.core.facts import FactDefinition, Reader, Take
from openum.core.span import parse_span
from openum.librarian.marked import Document, Path_

KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
BY_CODE = ("observation", "condition", "procedure", "medication", "encounter", "claim")
PRESENT = ("condition", "procedure", "medication", "encounter", "claim")
"""Kinds of entry whose being there is what is read, unless ``take`` says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFact:
    """A definition and where it is written."""

    definition: FactDefinition
    document: Document
    where: Path_

    @property
    def data(self) -> Mapping[str, Any]:
        """The definition as written."""
        data: Mapping[str, Any] = self.document.data["facts"][self.where[1]]
        return data


def definitions_of(document: Document) -> tuple[WrittenFact, ...]:
    """The facts of one topic whose shape is right."""
    topic = document.data["topic"]
    return tuple(
        WrittenFact(definition=_definition(raw, topic), document=document, where=("facts", index))
        for index, raw in enumerate(document.data["facts"])
    )


def _definition(raw: Mapping[str, Any], topic: str) -> FactDefinition:
    least, most = raw.get("range", (None, None))
    return FactDefinition(
        id=raw["id"],
        type=raw["type"],
        question=raw["question"],
        unit=raw.get("unit", ""),
        choices=tuple(raw.get("choices", ())),
        least=least,
        most=most,
        window=parse_span(raw["window"]) if "window" in raw else None,
        ever=raw.get("ever", False),
        pick=raw.get("pick", "latest"),
        worse=raw.get("worse", ""),
        readers=tuple(_reader(one, raw["type"]) for one in raw.get("read", ())),
        words=tuple(raw.get("words", ())),
        derived=raw.get("derived", ""),
        document=raw.get("document", ""),
        topic=topic,
    )


def _reader(raw: Mapping[str, Any], type_: str) -> Reader:
    kind = kind_of(raw)
    named = raw[kind]
    links = [named] if isinstance(named, str) else named if kind == "answer" else ()
    return Reader(
        kind=kind,
        codes=CodeSet(named) if kind in BY_CODE else NO_CODES,
        links=frozenset(links),
        take=take_of(raw),
        values=tuple((CodeSet(codes), _value(word, type_)) for word, codes in raw.get("values", {}).items()),
    )


def with_inputs(names: Iterable[str], derived: Mapping[str, str]) -> tuple[str, ...]:
    """The names, each followed by the inputs of its derivation; ``derived`` names the derivation of each fact."""
    found: dict[str, None] = {}
    for name in names:
        if name in found:
            continue
        found[name] = None
        derivation = DERIVATIONS.get(derived.get(name, ""))
        if derivation:
            found.update(dict.fromkeys(with_inputs(derivation.inputs, derived)))
    return tuple(found)


def kind_of(raw: Mapping[str, Any]) -> EntryKind:
    """The kind of chart entry a written reader reads."""
    return next(kind for kind in KINDS if kind in raw)


def take_of(raw: Mapping[str, Any]) -> Take:
    """What a written reader takes from an entry: what it says, or the default of its kind."""
    take: Take = raw.get("take", "presence" if kind_of(raw) in PRESENT else "value")
    return take


def _value(word: str, type_: str) -> Value:
    return word == "true" if type_ == "boolean" else word
