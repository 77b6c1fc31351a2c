"""What ``openum library load-licensed`` does: criteria that somebody else owns go onto a shelf of the plan's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from openum.doors.cli import speech
from openum.doors.cli.shelving import nearby, tell
from openum.librarian.licensed import BundleFaulty, load


def run(asked: argparse.Namespace) -> int:
    """Load the bundle and name what was written; every fault of a faulty one, and exit code 1."""
    try:
        loaded = load(asked.bundle, asked.shelf, beside=beside(asked.shelf))
    except BundleFaulty as refused:
        code = tell(refused.faults, "")
        speech.error().print(refused.next)
        return code
    for path in loaded.files:
        speech.output().print(nearby(str(path)))
    named = ", ".join(loaded.policies)
    speech.error().print(f"Loaded {named}." if loaded.files else f"Nothing new: {named} was loaded already.")
    return 0


def beside(shelf: Path) -> tuple[Path, ...]:
    """The shelves of OPENUM_LIBRARY that the bundle is used with: all but the one it goes onto."""
    return tuple(root for root in settings.OPENUM_LIBRARY if Path(root).resolve() != shelf.resolve())
