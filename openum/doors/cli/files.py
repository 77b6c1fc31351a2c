"""The files a verb is given: single ones, whole folders, or standard input (``-``)."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from openum.core.refusal import Refusal

KINDS = (".json", ".x12", ".edi", ".278")
"""What is taken from a folder; a file named by itself may be called anything."""
STANDARD_INPUT = "-"


def gathered(named: Iterable[str]) -> tuple[str, ...]:
    """The files meant, folders opened up, in the order of their names.

    Raises:
        Refusal: ``no-such-file``, ``empty-folder``.
    """
    found: list[str] = []
    for name in named:
        path = Path(name)
        if name == STANDARD_INPUT or path.is_file():
            found.append(name)
        elif path.is_dir():
            found += _inside(path)
        else:
            raise Refusal("no-such-file", f"There is no file or folder {name}.", "Check the path.")
    return tuple(dict.fromkeys(found))


def read(name: str) -> bytes:
    """The bytes of one file. Raises ``Refusal`` ``unreadable-file``."""
    try:
        return sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    except OSError as problem:
        raise Refusal(
            "unreadable-file", f"The file cannot be read: {problem.strerror}.", "Check that you may read it."
        ) from None


def refuse_x12(data: bytes) -> None:
    """Turn an X12 interchange down by name, instead of calling it broken JSON. Raises ``Refusal`` ``x12-not-built``."""
    if data.lstrip().startswith(b"ISA"):
        raise Refusal(
            "x12-not-built",
            "This is an X12 interchange; the door for X12 278 is not built yet.",
            "Send the request as a FHIR PAS Bundle (JSON) for now.",
        )


def _inside(folder: Path) -> list[str]:
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in KINDS and path.is_file())
    if not files:
        raise Refusal(
            "empty-folder",
            f"There is nothing to decide in {folder}.",
            f"Name a folder with files that end in {', '.join(KINDS)}.",
        )
    return [str(path) for path in files]
