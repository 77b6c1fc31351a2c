"""The list of sources a library's law is read from: ``clocks/sources.yaml``, key by key with its strength."""

from __future__ import annotations

from pathlib import Path

from openum.librarian.faults import Fault
from openum.librarian.marked import read_document


def source_list(root: Path) -> tuple[frozenset[str], tuple[Fault, ...]]:
    """The keys of a shelf's list of sources, and what is wrong with it; a shelf without a list has none."""
    path = root / "clocks" / "sources.yaml"
    if not path.exists():
        return frozenset(), ()
    document, faults = read_document(path)
    listed = document.data.get("sources") if document is not None and isinstance(document.data, dict) else None
    if not isinstance(listed, dict) and not faults:
        faults = (Fault(str(path), 1, "There is no `sources:`.", "List each key with what and strength."),)
    return frozenset(listed if isinstance(listed, dict) else ()), faults


def listed_sources(*roots: Path) -> frozenset[str]:
    """The keys of all these shelves together."""
    return frozenset().union(*(source_list(root)[0] for root in roots))
