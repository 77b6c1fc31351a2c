"""The worlds the tests look at: one of the library that ships, one of a small shelf that never changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openum.librarian.read import read_library
from openum.world.deck import size
from openum.world.world import Sent, World

SHELF = Path(__file__).parent / "shelf"
AS_OF = date(2026, 6, 1)


def small_world(seed: int = 7, **changes: int) -> World:
    """A world of the small shelf."""
    return World(seed, AS_OF, library=read_library(SHELF), size=changes.get("size", 2000))


@pytest.fixture(scope="session")
def world() -> World:
    """The world of the library that ships."""
    return World(7, AS_OF)


@pytest.fixture(scope="session")
def requests(world: World) -> tuple[Sent, ...]:
    """One deck of requests."""
    return tuple(world.requests(size(len(world.policies))))


@pytest.fixture(scope="session")
def gallery(world: World) -> tuple[Sent, ...]:
    """Every policy in every kind, and one of each other kind."""
    return tuple(world.sent(case) for case in world.gallery())
