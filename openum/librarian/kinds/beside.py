"""Items that are read together: one names others of its shelf, and is made of what their files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openum.librarian.law import EXAMPLES, Provision
from openum.librarian.marked import read_document
from openum.librarian.shape import shape_faults


def beside(provision: Provision, ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The files of these items on the same shelf, every version, as data.

    Raises:
        ValueError: one is not there, or its file has faults of its own.
    """
    shelf = provision.path.parents[provision.jurisdiction.count("/") + 1]
    for name in ids:
        stem = name.lower()
        paths = sorted((*shelf.rglob(f"{stem}.yaml"), *shelf.rglob(f"{stem}.v[0-9]*.yaml")))
        paths = [path for path in paths if not path.name.endswith(EXAMPLES)]
        if not paths:
            raise ValueError(f"{name} is not on this shelf.")
        for path in paths:
            document, faults = read_document(path)
            if document is None or faults or shape_faults(document, provision.shelf):
                raise ValueError(f"{name} has faults of its own: mend {path.name} first.")
            yield document.data
