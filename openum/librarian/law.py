"""Items of law beside policies, clocks and letters: one frame for all of them, one kind for each shelf.

A *provision* is one file ``library/<shelf>/<jurisdiction…>/<id>.yaml`` with its worked examples beside it
(``<id>.examples.yaml``): who says so, since when, what it says, and cases it was tried on. What the ``what:`` of a
shelf means is said by its :class:`Kind` (``openum.librarian.kinds``); everything else is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from openum.core.clock_rule import ClockAuthority
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_, read_document
from openum.librarian.shape import shape_faults

EXAMPLES = ".examples.yaml"
FEWEST_EXAMPLES = 3

Given = Mapping[str, Any]
"""The words of an example's ``in:`` (or of ``openum clock RULE --in JSON``)."""
Answers = Mapping[str, Any]
"""What the item makes of them: the words ``expected:`` may name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One item of law in one version. ``shelf`` is its folder, ``jurisdiction`` the folders below it (``us/erisa``)."""

    id: str
    version: str
    title: str
    shelf: str
    jurisdiction: str
    what: Mapping[str, Any]
    authority: ClockAuthority
    path: Path
    effective_from: date | None = None
    effective_to: date | None = None
    since_note: str = ""
    also: tuple[str, ...] = ()
    note: str = ""

    def in_force(self, day: date) -> bool:
        """Whether this version holds on that day."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


def _no_faults(document: Document, provision: Provision, value: Any) -> Iterable[Fault]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One shelf: how its ``what:`` becomes a value of the core, and what that value answers.

    ``build`` raises ``ValueError`` with words for the author when the value cannot be. ``answer`` raises
    ``ValueError`` when a word of ``in:`` is not known. ``rows`` prints the value as (label, words) for the law book.
    ``schema`` is the file's JSON Schema (``library/schema/<shelf>.schema.json``).
    """

    shelf: str
    title: str
    summary: str
    build: Callable[[Provision], Any]
    answer: Callable[[Any, Given], Answers]
    rows: Callable[[Any], Iterable[tuple[str, str]]]
    faults: Callable[[Document, Provision, Any], Iterable[Fault]] = _no_faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A provision with the value its kind made of it."""

    kind: Kind
    provision: Provision
    value: Any

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.provision.id, *self.provision.also)

    def answer(self, given: Given) -> Answers:
        """What it makes of the words of a case; ``ValueError`` for a word it does not know."""
        return self.kind.answer(self.value, given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file of a shelf: the item it holds, or what is wrong with it."""

    path: Path
    document: Document | None
    item: Item | None
    faults: tuple[Fault, ...]

    @property
    def examples_path(self) -> Path:
        """Where its worked examples belong."""
        return self.path.with_name(self.path.name.removesuffix(".yaml") + EXAMPLES)


def written(root: Path, kind: Kind) -> Iterator[Written]:
    """Every file of one shelf of a library (``root``), by path."""
    for path in sorted((root / kind.shelf).rglob("*.yaml")):
        if path.name.endswith(EXAMPLES) or path.parent == root / kind.shelf:
            continue
        yield _written(root, path, kind)


def _written(root: Path, path: Path, kind: Kind) -> Written:
    document, faults = read_document(path)
    faults = faults or (shape_faults(document, kind.shelf) if document else ())
    if document is None or faults:
        return Written(path=path, document=document, item=None, faults=faults)
    provision = _provision(document.data, root, path, kind)
    try:
        value = kind.build(provision)
    except ValueError as wrong:
        fault = document.fault(("what",), str(wrong), f"Mend it; library/{kind.shelf}/README.md says how.")
        return Written(path=path, document=document, item=None, faults=(fault,))
    item = Item(kind=kind, provision=provision, value=value)
    return Written(path=path, document=document, item=item, faults=tuple(kind.faults(document, provision, value)))


def _provision(data: Mapping[str, Any], root: Path, path: Path, kind: Kind) -> Provision:
    since, said = data["since"], data["authority"]
    checked = date.fromisoformat(said["checked_on"])
    return Provision(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        shelf=kind.shelf,
        jurisdiction=path.parent.relative_to(root / kind.shelf).as_posix(),
        what=data["what"],
        authority=ClockAuthority(**{**said, "sources": tuple(said["sources"]), "checked_on": checked}),
        path=path,
        effective_from=_day(since["from"]),
        effective_to=_day(since["to"]),
        since_note=since.get("note", ""),
        also=tuple(data.get("also", ())),
        note=data.get("note", ""),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def examples_of(file: Written) -> tuple[tuple[Mapping[str, Any], ...], tuple[Fault, ...]]:
    """The worked examples beside a file, and what is wrong with how they are written."""
    beside = file.examples_path
    if not beside.exists():
        return (), (Fault(str(file.path), 1, "It has no worked examples.", f"Write {beside.name} beside it."),)
    document, faults = read_document(beside)
    faults = faults or (shape_faults(document, "law-examples") if document else ())
    return ((), faults) if document is None or faults else (tuple(document.data["examples"]), ())


def proven(file: Written, differences: Callable[[Answers, Mapping[str, Any]], Iterable[str]]) -> Iterator[Fault]:
    """Run the examples beside a file; one fault for each word that comes out otherwise than written."""
    examples, faults = examples_of(file)
    yield from faults
    document = read_document(file.examples_path)[0] if examples else None
    if document is None or file.item is None:
        return
    for index, example in enumerate(examples):
        place: Path_ = ("examples", index)
        try:
            actual = file.item.answer(example["in"])
        except ValueError as fault:
            yield document.fault((*place, "in"), f"Example {example['id']}: {fault}", "Mend the words.")
            continue
        for difference in differences(actual, example["expected"]):
            words = f"Example {example['id']}: {difference}"
            yield document.fault((*place, "expected"), words, "Mend the item or the example.")
