"""The library this installation runs on."""

from __future__ import annotations

from django.conf import settings

from openum.librarian.library import Library
from openum.librarian.read import library


def in_force() -> Library:
    """The shelves the settings name, read once per process."""
    return library(*settings.OPENUM_LIBRARY)
