"""The words clocks are told in: ``library/clocks/events.yaml`` of each shelf, read as one vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openum.core.refusal import Refusal
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, read_document
from openum.librarian.shape import SHIPPED, shape_faults

FILE = Path("clocks") / "events.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a clock may be told in.

    ``events`` is each event with its clause; ``data`` each circumstance with its type (flag, word, number, day). The
    others map every word an example may use to the name it stands for, an answer's word to all it may stand for;
    ``type_of`` those for the sort of request, ``verdict_of`` those for a verdict.
    """

    events: Mapping[str, str]
    data: Mapping[str, str]
    event_of: Mapping[str, str]
    datum_of: Mapping[str, str]
    ground_of: Mapping[str, str]
    answers_of: Mapping[str, tuple[str, ...]]
    information_of: Mapping[str, str]
    type_of: Mapping[str, str]
    verdict_of: Mapping[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """Every word ``in:`` may use beside the ones the reader itself knows."""
        return tuple(sorted({*self.event_of, *self.datum_of, *self.information_of, *self.type_of}))


@cache
def vocabulary(*roots: Path) -> Vocabulary:
    """The vocabulary of the shelf that comes with OpenUM and of these.

    Raises:
        Refusal: ``library_faulty`` when a file of words cannot be read.
    """
    written = [_read(root) for root in dict.fromkeys((SHIPPED, *roots)) if (root / FILE).is_file()]
    for _, faults in written:
        if faults:
            raise Refusal("library_faulty", str(faults[0]), "Run `openum library check` and mend what it names.")
    documents = [document.data for document, _ in written if document is not None]
    events, data = _merged(documents, "events"), _merged(documents, "data")
    return Vocabulary(
        events={name: said["words"] for name, said in events.items()},
        data={name: said["type"] for name, said in data.items()},
        event_of=_synonyms((name, said.get("also", ())) for name, said in events.items()),
        datum_of=_synonyms((name, said.get("also", ())) for name, said in data.items()),
        ground_of=_synonyms(_merged(documents, "grounds").items()),
        answers_of=_several(_merged(documents, "answers").items()),
        information_of=_synonyms(_merged(documents, "information").items(), itself=False),
        type_of=_synonyms(_merged(documents, "request_types").items()),
        verdict_of=_synonyms(_merged(documents, "verdicts").items()),
    )


def vocabulary_faults(root: Path) -> tuple[Fault, ...]:
    """What is wrong with a shelf's file of words: its shape, and a word that stands for two things."""
    if not (root / FILE).is_file():
        return ()
    document, faults = _read(root)
    return faults if document is None or faults else tuple(_twice(document))


def _read(root: Path) -> tuple[Document | None, tuple[Fault, ...]]:
    document, faults = read_document(root / FILE)
    return document, faults or (shape_faults(document, "clock-events") if document is not None else ())


def _merged(documents: Iterable[Mapping[str, Any]], part: str) -> dict[str, Any]:
    return {name: said for document in documents for name, said in document.get(part, {}).items()}


def _synonyms(named: Iterable[tuple[str, Iterable[str]]], *, itself: bool = True) -> dict[str, str]:
    return {word: name for name, also in named for word in ((name, *also) if itself else also)}


def _several(named: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    """Each word of an answer with the answers it may stand for; a rule gives the one it has."""
    found: dict[str, tuple[str, ...]] = {}
    for name, also in named:
        for word in also:
            found[word] = (*found.get(word, ()), name)
    return found


def _twice(document: Document) -> Iterable[Fault]:
    for parts in (("events", "data", "information"), ("grounds",), ("request_types",), ("verdicts",)):
        seen: dict[str, str] = {}
        for part in parts:
            for name, said in document.data.get(part, {}).items():
                also = said.get("also", ()) if isinstance(said, Mapping) else said
                for word in (*(() if part == "information" else (name,)), *also):
                    if seen.setdefault(word, name) != name:
                        wrong = f"`{word}` stands for {seen[word]} and for {name}."
                        yield document.fault((part, name), wrong, "Keep it under one of them.")
