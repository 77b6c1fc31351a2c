"""Everything that is wrong with library content: file, line, what, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openum.librarian.branch_checks import branch_faults
from openum.librarian.criteria_checks import answer_faults, wording_faults
from openum.librarian.example_checks import example_faults
from openum.librarian.fact_checks import fact_faults
from openum.librarian.faults import Fault
from openum.librarian.library import Library
from openum.librarian.lock import frozen_faults
from openum.librarian.marked import read_document
from openum.librarian.policies import WrittenPolicy
from openum.librarian.policy_checks import cpt_words, policy_faults, requirement_faults, tie_faults, version_faults
from openum.librarian.read import library_of
from openum.librarian.shape import shape_faults
from openum.librarian.shelf import Shelf, read_shelves
from openum.librarian.twice import twice_faults


def check_library(*roots: Path) -> tuple[Fault, ...]:
    """Every fault of the shelves, in order of file and line; empty means that they may be used.

    Several roots are checked as one library. Law and letters are checked by those who read them.
    """
    return shelf_faults(read_shelves(*roots))


def shelf_faults(shelves: tuple[Shelf, ...]) -> tuple[Fault, ...]:
    """The same of shelves that were read before."""
    found = {fault for shelf in shelves for fault in shelf.faults} | set(twice_faults(shelves))
    found.update(_meaning(shelves, library_of(shelves)))
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line, fault.fault)))


def _meaning(shelves: tuple[Shelf, ...], library: Library) -> Iterator[Fault]:
    for shelf in shelves:
        for fact in shelf.facts:
            yield from fact_faults(fact, library.facts)
        for document in {fact.document.path: fact.document for fact in shelf.facts}.values():
            yield from cpt_words(document)
        yield from _examples_alone(shelf)
    policies = [one for shelf in shelves for one in shelf.policies]
    ids = sorted({one.policy.id for one in policies})
    for written in policies:
        yield from _policy(written, ids, library)
    yield from version_faults(policies)
    yield from tie_faults([_as_it_holds(one, library) for one in policies])
    written_facts = {fact.definition.id: fact.data for shelf in shelves for fact in shelf.facts}
    for shelf in shelves:
        yield from frozen_faults(shelf, written_facts)
    for requirements in (one for shelf in shelves for one in shelf.requirements):
        yield from requirement_faults(requirements, ids)


def _examples_alone(shelf: Shelf) -> Iterator[Fault]:
    """The shape of examples whose version cannot be read yet, so that an author sees all there is to fill in."""
    read = {one.examples for one in shelf.policies}
    for path in sorted(shelf.root.glob("policies/*/*/*.examples.yaml")):
        if path not in read:
            document, faults = read_document(path)
            yield from faults or (shape_faults(document, "examples") if document else ())


def _policy(written: WrittenPolicy, ids: list[str], library: Library) -> Iterator[Fault]:
    yield from policy_faults(written, ids)
    yield from wording_faults(written.version)
    wrong = tuple(answer_faults(written.version, library.facts))
    yield from wrong
    if not wrong:
        yield from branch_faults(written.version, written.policy.criteria, library.facts)
        policy = library.policy(written.policy.key) or written.policy
        yield from example_faults(written, policy, library.facts)


def _as_it_holds(written: WrittenPolicy, library: Library) -> WrittenPolicy:
    policy = library.policy(written.policy.key) or written.policy
    return WrittenPolicy(policy=policy, about=written.about, version=written.version)
