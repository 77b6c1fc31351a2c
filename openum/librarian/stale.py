"""Items nobody has compared with their source for a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openum.core.span import Span
from openum.librarian.faults import Fault
from openum.librarian.lock import COMMITTEE, LOCK, read_lock
from openum.librarian.marked import Document, Path_, read_document
from openum.librarian.shelf import visible
from openum.librarian.tree import is_day

YEAR = Span(months=12)


def stale(*roots: Path, on: date) -> tuple[Fault, ...]:
    """Every ``checked_on`` of every YAML file older than a year on the day ``on``, and committee approvals as old.

    The utilization management committee of a Medicare Advantage plan reviews each policy every year (42 CFR 422.137).
    """
    last = YEAR.before(on)
    found = [fault for root in roots for fault in (*_sources(root, last), *_approvals(root, last))]
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line)))


def _sources(folder: Path, last: date) -> Iterator[Fault]:
    for path in visible(folder):
        if path.is_dir():
            yield from _sources(path, last)
        elif path.suffix == ".yaml" and not path.name.endswith(".examples.yaml"):
            document, _ = read_document(path)
            if document:
                yield from _checked(document, document.data, (), last)


def _checked(document: Document, data: Any, where: Path_, last: date) -> Iterator[Fault]:
    if isinstance(data, list):
        for index, one in enumerate(data):
            yield from _checked(document, one, (*where, index), last)
    if not isinstance(data, dict):
        return
    day = data.get("checked_on")
    if is_day(day) and date.fromisoformat(str(day)) < last:
        fault = f"{data.get('cite', 'This source')} was last compared with its source on {day}."
        yield document.fault((*where, "checked_on"), fault, "Compare it again: if it still holds, adopt the new day.")
    for key, one in data.items():
        yield from _checked(document, one, (*where, key), last)


def _approvals(root: Path, last: date) -> Iterator[Fault]:
    for one in read_lock(root)[0]:
        if one.approved_by_committee and one.approved_by_committee < last:
            fault = f"{one.path} was last approved by the committee on {one.approved_by_committee}."
            mend = f"The committee reviews every policy each year ({COMMITTEE})."
            yield Fault(str(root / LOCK), one.line, fault, mend)
