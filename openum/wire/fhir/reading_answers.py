"""Answers on a form: every answered item of a QuestionnaireResponse as a chart entry."""

from __future__ import annotations

from collections.abc import Iterator

from openum.core.chart import Entry
from openum.wire.fhir.reading_bundle import Held
from openum.wire.fhir.reading_chart import entry_of
from openum.wire.fhir.reading_values import Json, Span, rows, text, when
from openum.wire.fhir.reading_worth import worth

FINISHED = frozenset({"completed", "amended"})


def finished(held: Held) -> bool:
    """Whether the form was handed in: answers of a form still being filled in may change."""
    return text(held.resource.get("status")) in FINISHED


def answers(held: Held) -> Iterator[Entry]:
    """The answers of a finished form, nested ones too; the source is ``QuestionnaireResponse/id#linkId``."""
    if finished(held):
        yield from _items(held, held.resource, Span(when(held.resource.get("authored")), None))


def _items(held: Held, element: Json, authored: Span) -> Iterator[Entry]:
    for item in rows(element.get("item")):
        link, question = text(item.get("linkId"), 255), text(item.get("text"), 200)
        for answer in rows(item.get("answer")):
            for one in worth(answer) if link else ():
                yield entry_of(
                    "answer", held, (), authored, quote=f"{question or link}: {one.words}", worth=one, link=link,
                    source=f"{held.source}#{link}",
                )  # fmt: skip
            yield from _items(held, answer, authored)
        yield from _items(held, item, authored)
