"""Read the library's shelves into values; a shelf with a fault is not read in part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from openum.core.policy import InForce, Policy
from openum.core.refusal import Refusal
from openum.core.request import LineOfBusiness
from openum.core.requirement import Requirements
from openum.librarian.faults import Fault
from openum.librarian.library import Library
from openum.librarian.policies import closed_by_the_next, until_the_next
from openum.librarian.shape import SHIPPED
from openum.librarian.shelf import Shelf, read_shelves, visible
from openum.librarian.twice import twice_faults

__all__ = ["SHIPPED", "LibraryFaulty", "library", "library_of", "read_library", "shelf_digest"]


class LibraryFaulty(Refusal):
    """``library_faulty``: a shelf cannot be read. ``faults`` are all of them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        first = faults[0]
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(
            "library_faulty",
            f"The library cannot be read: {first}{more}",
            "Run `openum library check` and mend what it names.",
            where=first.file,
        )
        self.faults = faults


@cache
def library(*roots: Path) -> Library:
    """The library of these shelves, read once and kept; without roots the shelf that comes with OpenUM."""
    return read_library(*(roots or (SHIPPED,)))


def read_library(*roots: Path) -> Library:
    """Read one or several shelves; a payer adds its own by path and never patches in place.

    Facts and policies of all shelves stand side by side. The rules of what needs authorization are the plan's own: for
    one line of business a later shelf's go before an earlier one's. Raises ``LibraryFaulty`` with every fault of shape,
    and when one fact or policy version is written twice. What the content means is examined by ``check_library``.
    """
    shelves = read_shelves(*roots)
    faults = (*(fault for shelf in shelves for fault in shelf.faults), *twice_faults(shelves))
    if faults:
        raise LibraryFaulty(faults)
    return library_of(shelves)


def library_of(shelves: Iterable[Shelf]) -> Library:
    """The values of shelves that were read."""
    shelves = tuple(shelves)
    versions = tuple(_requirements(shelves))
    newest: dict[LineOfBusiness, Requirements] = {}
    for one in versions:
        newest.setdefault(one.line_of_business, one)
    return Library(
        facts={fact.definition.id: fact.definition for shelf in shelves for fact in shelf.facts},
        policies=tuple(_policies(shelves)),
        requirements=newest,
        requirement_versions=versions,
        digest=sha256("".join(shelf_digest(shelf.root) for shelf in shelves).encode()).hexdigest(),
        files={one.policy.key: one.version.path for shelf in shelves for one in shelf.policies},
    )


def shelf_digest(root: Path) -> str:
    """The SHA-256 (hex) of a shelf: of every file's path and content, in order of path."""
    total = sha256()
    for path in _files(root):
        total.update(f"{path.relative_to(root).as_posix()}\0".encode())
        total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in visible(folder):
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _policies(shelves: tuple[Shelf, ...]) -> Iterator[Policy]:
    every = sorted((one.policy for shelf in shelves for one in shelf.policies), key=lambda policy: policy.id)
    for _, versions in groupby(every, key=lambda policy: policy.id):
        yield from closed_by_the_next(tuple(versions))


def _requirements(shelves: tuple[Shelf, ...]) -> Iterator[Requirements]:
    """Later shelves first, newer versions first."""
    for shelf in reversed(shelves):
        own = sorted((one.requirements for one in shelf.requirements), key=lambda one: one.in_force.start)
        for one in reversed(own):
            later = [two.in_force for two in own if two.line_of_business == one.line_of_business]
            yield _closed(one, until_the_next(one.in_force, later))


def _closed(one: Requirements, in_force: InForce) -> Requirements:
    return one if in_force == one.in_force else replace(one, in_force=in_force)
