"""The cast and who works beside them: provider organizations, their clinicians, their systems with their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openum.world.content import content
from openum.world.identifiers import npi
from openum.world.keys import key_of
from openum.world.values import Cast, Client, Clinician, Organization, Payer, PracticePerson, Staff


def organizations() -> tuple[Organization, ...]:
    """The provider organizations, Priya's first."""
    return tuple(_organization(row) for row in content("people")["organizations"])


def _organization(row: Mapping[str, Any]) -> Organization:
    known = (one["payer"] for one in content("people")["clients"] if one["organization"] == row["slug"])
    return Organization(
        slug=row["slug"], name=row["name"], npi=npi(row["serial"]), tax_id=row["tax_id"], phone=row["phone"],
        fax=row["fax"], address=row["address"], known_to=tuple(dict.fromkeys(known)),
        clinicians=tuple(
            Clinician(
                npi=npi(one["serial"]), given=one["given"], family=one["family"], taxonomy=one["taxonomy"],
                specialty=one["specialty"],
            )
            for one in row["clinicians"]
        ),
    )  # fmt: skip


def practice_people() -> tuple[PracticePerson, ...]:
    """The people of the practices."""
    return tuple(PracticePerson(**row) for row in content("people")["practice_staff"])


def clients(seed: int) -> tuple[Client, ...]:
    """The systems of the organizations, with keys that depend on the seed alone."""
    held = content("people")
    return tuple(
        Client(**row, scopes=tuple(held["scopes"]), key=key_of(seed, row["client_id"])) for row in held["clients"]
    )


def cast(payers: Iterable[Payer], people: Iterable[PracticePerson]) -> Cast:
    """The five by their fixed names."""
    staff: dict[str, Staff] = {one.username: one for payer in payers for one in payer.staff}
    practice = {one.username: one for one in people}
    return Cast(
        nora=staff["nora"], osei=staff["osei"], mallory=staff["mallory"], priya=practice["priya"], sam=practice["sam"]
    )
