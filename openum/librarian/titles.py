"""What a policy is called, without reading the whole library: lists show titles before anything is judged."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from openum.librarian.marked import read_document


@cache
def title_of(id: str, roots: tuple[Path, ...]) -> str:
    """The title that ``about.yaml`` of the policy gives; empty where no shelf has it. Read once per process."""
    for root in roots:
        path = root / "policies" / id / "about.yaml"
        document = read_document(path)[0] if id and path.is_file() else None
        if document is not None and isinstance(document.data, dict):
            return str(document.data.get("title") or "")
    return ""
