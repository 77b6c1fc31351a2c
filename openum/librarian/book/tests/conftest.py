"""A book of a few shipped items and one made-up policy, bound once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openum.librarian.book.binding import Book, bind
from openum.librarian.shape import SHIPPED
from openum.librarian.tests.shelves import write_shelf

ITEMS = (
    "clocks/us/medicare-advantage/ma-recon-std.yaml",
    "clocks/us/medicaid-managed-care/mco-std.yaml",
    "clocks/us/medicaid-managed-care/mco-std.v2.yaml",
    "appeals/us/medicare-advantage/ma-l1.yaml",
    "receipt/us/rcpt-01.yaml",
    "gold-card/us/tx/tx-gold.yaml",
    "gold-card/us/tx/tx-gold.v2.yaml",
)
LETTERS = ("adverse-determination/us/erisa",)


@pytest.fixture(scope="session")
def shelf_of_law(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of the small shelf with law beside its policies."""
    root = write_shelf(tmp_path_factory.mktemp("book") / "shelf")
    for name in ITEMS:
        for one in (name, name.replace(".yaml", ".examples.yaml")):
            (root / one).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SHIPPED / one, root / one)
    for name in LETTERS:
        shutil.copytree(SHIPPED / "notices" / name, root / "notices" / name)
    return root


@pytest.fixture(scope="session")
def small_book(shelf_of_law: Path) -> Book:
    """The book of that shelf."""
    return bind(shelf_of_law)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A small shelf of policies alone."""
    return write_shelf(tmp_path / "shelf")
