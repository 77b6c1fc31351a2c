"""Who acts: a person, a piece of software, or another organization's system; and the license a person holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ActorKind = Literal["person", "software", "client"]
Profession = Literal["nurse", "physician", "pharmacist", "behavioral", "dentist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A professional license as the plan verified it.

    ``state`` is two letters, ``specialty`` a NUCC name (empty when none is stated); ``active_to`` is its last day.
    """

    profession: Profession
    number: str
    state: str
    specialty: str = ""
    active_from: date | None = None
    active_to: date | None = None

    def active_on(self, day: date) -> bool:
        """Whether it is in force on that day; without a first day nobody has verified it, so it is not."""
        return (
            self.active_from is not None
            and self.active_from <= day
            and (self.active_to is None or day <= self.active_to)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who did something. ``str(actor)`` is what the ledger keeps: ``person:12``, ``software:criteria``, ``client:ehr``.

    Raises:
        ValueError: the id is empty, or software or a client claims to hold a license.
    """

    kind: ActorKind
    id: str
    name: str
    role: str = ""
    license: License | None = None

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("An actor has an id.")
        if self.license is not None and self.kind != "person":
            raise ValueError("Only a person holds a license.")

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def software(name: str) -> Actor:
    """A part of OpenUM acting by itself, e.g. ``software("criteria")``."""
    return Actor(kind="software", id=name, name=name)
