"""Everything that is wrong with a library: each shelf by itself, and what only all shelves together show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from openum.librarian.check import shelf_faults
from openum.librarian.clock_reading import ClockFile, clock_files
from openum.librarian.clocks import check_clocks
from openum.librarian.faults import Fault
from openum.librarian.kinds import KINDS
from openum.librarian.law import Written, written
from openum.librarian.lawbook import item_faults
from openum.librarian.notices import check_notices
from openum.librarian.references import Known, reference_faults
from openum.librarian.shape import SHIPPED
from openum.librarian.shelf import Shelf, read_shelves
from openum.librarian.versions import Version, name_faults, overlap_faults, own_name_faults


def check_whole(*roots: Path) -> tuple[Fault, ...]:
    """Every fault of these libraries, in order of file and line; empty when all is well.

    A library may name clocks and items of the shelf that comes with OpenUM.
    """
    shelves = read_shelves(*roots)
    files = [file for kind in KINDS for root in roots for file in written(root, kind)]
    with_clocks = tuple(root for root in roots if (root / "clocks").is_dir())
    clocks = [file for root in with_clocks for file in clock_files(root)]
    found = [*shelf_faults(shelves), *item_faults(files, *roots), *_between(shelves, files, clocks, roots)]
    found += check_clocks(*with_clocks) if with_clocks else ()
    for root in (root for root in roots if (root / "notices").is_dir()):
        found += check_notices(root)
    return tuple(sorted(_once(found)))


def _between(
    shelves: Sequence[Shelf], files: Sequence[Written], clocks: Sequence[ClockFile], roots: Sequence[Path]
) -> Iterator[Fault]:
    """References, names and days of versions across files."""
    versions = (*_item_versions(files), *_clock_versions(clocks))
    known = _known(shelves, versions, roots)
    for one in versions:
        yield from reference_faults(one.shelf, one.document, known)
        yield from own_name_faults(one)
    yield from overlap_faults(versions)
    yield from name_faults(versions)


def _known(shelves: Sequence[Shelf], versions: Sequence[Version], roots: Sequence[Path]) -> Known:
    every = versions if SHIPPED in roots else (*versions, *_beside())
    clocks = {name for one in every if one.clock for name in (one.id, *one.also)}
    items = {name for one in every if not one.clock for name in (one.id, *one.also)}
    policies = {one.policy.id for shelf in shelves for one in shelf.policies}
    if SHIPPED not in roots:
        policies |= {one.parent.relative_to(SHIPPED / "policies").as_posix() for one in _abouts()}
    return Known(frozenset(clocks), frozenset(items), frozenset(policies))


@cache
def _beside() -> tuple[Version, ...]:
    """What the shelf that comes with OpenUM holds, read once."""
    items = _item_versions([file for kind in KINDS for file in written(SHIPPED, kind)])
    return (*items, *_clock_versions(tuple(clock_files(SHIPPED))))


def _abouts() -> Iterator[Path]:
    yield from (SHIPPED / "policies").glob("*/*/about.yaml")


def _item_versions(files: Sequence[Written]) -> Iterator[Version]:
    for file in files:
        if file.item is not None and file.document is not None:
            one = file.item.provision
            yield Version(
                shelf=one.shelf,
                id=one.id,
                version=one.version,
                also=one.also,
                first=one.effective_from,
                last=one.effective_to,
                document=file.document,
            )


def _clock_versions(files: Sequence[ClockFile]) -> Iterator[Version]:
    for file in files:
        if file.rule is not None and file.document is not None:
            rule = file.rule
            yield Version(
                shelf="clocks",
                id=rule.id,
                version=rule.version,
                also=rule.also,
                first=rule.effective_from,
                last=rule.effective_to,
                document=file.document,
                clock=rule,
            )


def _once(faults: Sequence[Fault]) -> Iterator[Fault]:
    """Each fault once. Of two that say the same of a file, the one that stands nearer to it."""
    nearest: dict[tuple[str, str], Fault] = {}
    every: set[Fault] = set()
    for one in faults:
        dangling = one.fault.startswith("There is no ")
        if not dangling:
            every.add(one)
            continue
        before = nearest.get((one.file, one.fault))
        nearest[one.file, one.fault] = max(before, one) if before else one
    yield from every
    yield from nearest.values()
