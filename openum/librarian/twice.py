"""Things that are written twice: the id of a fact, a version of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from openum.librarian.faults import Fault
from openum.librarian.shelf import Shelf


def twice_faults(shelves: Iterable[Shelf]) -> tuple[Fault, ...]:
    """A fault for each second writing; it names the first."""
    shelves = tuple(shelves)
    return (*_facts(shelves), *_policies(shelves))


def _facts(shelves: tuple[Shelf, ...]) -> Iterator[Fault]:
    first: dict[str, tuple[Path, int]] = {}
    for fact in (fact for shelf in shelves for fact in shelf.facts):
        id_, line = fact.definition.id, fact.document.line(*fact.where, "id")
        if id_ in first:
            path, at = first[id_]
            mend = "Keep one of the two, or give one another id."
            yield Fault(str(fact.document.path), line, f"Fact `{id_}` is already defined in {path}:{at}.", mend)
        first.setdefault(id_, (fact.document.path, line))


def _policies(shelves: tuple[Shelf, ...]) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for written in (written for shelf in shelves for written in shelf.policies):
        key, path = written.policy.key, written.version.path
        if key in first:
            mend = "A shelf adds and never replaces: give it another id, or the date of a new version."
            yield Fault(str(path), 1, f"Policy {key} is already on the shelf: {first[key]}.", mend)
        first.setdefault(key, path)
