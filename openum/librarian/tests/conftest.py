"""The small shelf, written anew for each test that asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from openum.librarian.tests.shelves import write_shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The root of a shelf without faults."""
    return write_shelf(tmp_path / "shelf")
