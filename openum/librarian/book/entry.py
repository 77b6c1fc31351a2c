"""One page of the law book before it is bound: what it says, what it cites, and what it goes by."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from openum.librarian.page import Block

_UNFIT = re.compile(r"[^a-z0-9._/-]+")


def nothing() -> tuple[Block, ...]:
    """No worked examples."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version of one item of a shelf.

    ``shelf`` is the folder of the book, ``group`` the heading it stands under in its list, ``since`` and ``tag`` the
    short words of that list. ``body`` is what it says and by whose authority; ``worked`` runs its examples, which takes
    longer, when they are asked for. ``cites`` are the texts it rests on, as written.
    """

    shelf: str
    name: str
    version: str
    title: str
    group: str
    since: str
    tag: str
    cites: tuple[str, ...]
    body: tuple[Block, ...]
    worked: Callable[[], tuple[Block, ...]] = nothing
    also: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What a reference names: shelf and name (``facts/age``), whatever the version."""
        return f"{self.shelf}/{self.name}"

    @property
    def address(self) -> str:
        """Where its page stands in the book: ``clocks/ma-od-exp.html``, ``clocks/mco-std.v2.html``."""
        version = "" if self.version in ("", "1") else f".v{self.version}"
        return f"{self.shelf}/{_UNFIT.sub('-', self.name.lower())}{version}.html"

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (self.name, *self.also)
