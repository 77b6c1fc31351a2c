"""Adopt files of the library: from then on they are never edited, and every check proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from openum.core.refusal import Refusal
from openum.librarian.check import check_library
from openum.librarian.lock import (
    COMMITTEE,
    LOCK,
    Adoption,
    facts_hash,
    file_hash,
    needs_committee,
    read_lock,
    write_lock,
)
from openum.librarian.policies import WrittenPolicy
from openum.librarian.shelf import Shelf, read_shelves, visible


def adopt(
    paths: Iterable[Path], *, by: str, on: date, roots: Iterable[Path], approved_by_committee: date | None = None
) -> tuple[Adoption, ...]:
    """Adopt files (or all files of folders) and write them into the lock of their shelf; answers with the new lines.

    With any file of a policy its ``about.yaml`` and the version's examples are adopted as well, because the version's
    digest and its promises rest on them. ``by`` is the office or committee that adopts. A policy that applies to
    Medicare Advantage needs ``approved_by_committee``: the day the utilization management committee approved it
    (42 CFR 422.137).

    Refuses with ``not_on_a_shelf``, ``adopted_before`` (another text of the file was adopted), ``library_faulty`` (a
    file to be adopted has faults) or ``committee_approval_missing``; then nothing is written.
    """
    known = tuple(root.resolve() for root in roots)
    files = sorted({file for path in paths for file in _with_companions(path.resolve(), known)})
    _refuse_changed(files, known)
    _refuse_faults(files, known)
    shelves = read_shelves(*known)
    new = tuple(one for shelf in shelves for one in _new(shelf, shelves, files, by, on, approved_by_committee))
    for shelf in shelves:
        there, _ = read_lock(shelf.root)
        own = tuple(one for root, one in new if root == shelf.root)
        if own:
            write_lock(shelf.root, (*there, *own))
    return tuple(one for _, one in new)


def _with_companions(path: Path, roots: tuple[Path, ...]) -> Iterator[Path]:
    root = next((root for root in roots if path.is_relative_to(root)), None)
    if root is None or not path.exists() or path.name == LOCK:
        raise Refusal("not_on_a_shelf", f"{path.name} is not a file or folder of a shelf.", "Name one under its root.")
    if path.is_dir():
        for one in visible(path):
            yield from _with_companions(one, roots)
        return
    yield path
    if path.is_relative_to(root / "policies"):
        examples = path.with_name(path.name.removesuffix(".examples.yaml").removesuffix(".yaml") + ".examples.yaml")
        yield from (one for one in (path.with_name("about.yaml"), examples) if one.exists())


def _refuse_changed(files: list[Path], roots: tuple[Path, ...]) -> None:
    for root in roots:
        for one in read_lock(root)[0]:
            file = root / one.path
            if file in files and file_hash(file) != one.sha256:
                raise Refusal(
                    "adopted_before",
                    f"Another text of {one.path} was adopted on {one.on} by {one.by}.",
                    "Put that text back, and write the change as the next version beside it.",
                    where=str(file),
                )


def _refuse_faults(files: list[Path], roots: tuple[Path, ...]) -> None:
    wrong = [fault for fault in check_library(*roots) if Path(fault.file) in files]
    if wrong:
        more = f" ({len(wrong) - 1} more)" if wrong[1:] else ""
        raise Refusal("library_faulty", f"{wrong[0]}{more}", "Mend it, then adopt it.", where=wrong[0].file)


def _new(
    shelf: Shelf, shelves: tuple[Shelf, ...], files: list[Path], by: str, on: date, approved: date | None
) -> Iterator[tuple[Path, Adoption]]:
    adopted = {one.path for one in read_lock(shelf.root)[0]}
    versions = {one.version.path: one for one in shelf.policies}
    facts = {fact.definition.id: fact.data for each in shelves for fact in each.facts}
    for file in files:
        if not file.is_relative_to(shelf.root):
            continue
        name = file.relative_to(shelf.root).as_posix()
        if name in adopted:
            continue
        version = versions.get(file)
        if version:
            _refuse_without_committee(version, approved, on)
        yield (
            shelf.root,
            Adoption(
                path=name,
                sha256=file_hash(file),
                by=by,
                on=on,
                approved_by_committee=approved if version and needs_committee(version.policy) else None,
                facts=facts_hash(version.policy, facts) if version else "",
            ),
        )


def _refuse_without_committee(written: WrittenPolicy, approved: date | None, on: date) -> None:
    if not needs_committee(written.policy) or (approved is not None and approved <= on):
        return
    when = f", not {approved} (after the adoption)" if approved else ""
    raise Refusal(
        "committee_approval_missing",
        f"{written.policy.key} applies to Medicare Advantage, whose utilization management committee approves every "
        f"policy before it is used ({COMMITTEE}).",
        f"Give the day it approved this version{when}.",
    )
