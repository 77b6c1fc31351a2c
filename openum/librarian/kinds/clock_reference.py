"""References from an item of law to a clock: the clock must be on the item's own library or the shipped one."""

from __future__ import annotations

from collections.abc import Iterator

from openum.librarian.faults import Fault
from openum.librarian.law import Provision
from openum.librarian.marked import Document
from openum.librarian.shape import SHIPPED


def clock_faults(document: Document, provision: Provision, key: str) -> Iterator[Fault]:
    """The fault of a clock named under ``what: key`` that no library has."""
    name = provision.what.get(key)
    if name is None:
        return
    own = provision.path.parents[provision.jurisdiction.count("/") + 2]
    if not any(any((root / "clocks").rglob(f"{name.lower()}.yaml")) for root in (own, SHIPPED)):
        yield document.fault(("what", key), f"There is no clock {name}.", "Name one of clocks/, or write it.")
