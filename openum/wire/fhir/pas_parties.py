"""Who is who on a PAS Claim: member, insurer, requester, the clinician who ordered, the one who will perform."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openum.core.refusal import Refusal
from openum.core.request import Identifier, MemberRef, PartyRef
from openum.wire.fhir.pas_names import CARE_TEAM_SCOPE, ENTITY, REQUESTED_SERVICE
from openum.wire.fhir.reading_bundle import Held, Opened
from openum.wire.fhir.reading_values import (
    LONGEST,
    NPI,
    V2_0203,
    Json,
    code_values,
    extensions,
    identifier,
    identifiers,
    obj,
    rows,
    text,
    when,
)

MEMBER = "MB"
ORDERING_ROLES = frozenset({"DK", "DN"})
"""X12 98: ordering and referring provider. From knowledge; the X12 278 guide would confirm it."""
CLINICIANS = ("PractitionerRole", "Practitioner", "Organization")


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One row of ``Claim.careTeam``; ``overall`` is whether it speaks for the whole Claim."""

    sequence: int
    party: PartyRef
    role: str
    overall: bool


def patient_of(opened: Opened) -> Held:
    """The Patient the Claim is about. Raises ``Refusal`` ``patient-not-a-patient``."""
    claim = opened.first
    found = opened.target(claim.resource.get("patient"), claim, "Patient")
    if found is None:
        raise Refusal(
            "patient-not-a-patient",
            "Claim.patient does not refer to a Patient of the Bundle.",
            "Put the member's Patient resource into the Bundle and refer to it.",
            where=f"{claim.path}.patient",
        )
    return found


def member_of(opened: Opened, patient: Held) -> MemberRef:
    """The member as the sender names them; the number is empty when none is stated."""
    name = _name(patient.resource)
    birth = when(patient.resource.get("birthDate"))
    return MemberRef(
        member_id=_member_id(opened, patient),
        family=text(name.get("family"), LONGEST["name"]),
        given=" ".join(text(one) for one in _texts(name.get("given")))[: LONGEST["name"]],
        birth_date=birth.day if birth is not None and not birth.partial else None,
        gender=text(patient.resource.get("gender"), 20),
    )


def _member_id(opened: Opened, patient: Held) -> str:
    """The identifier of type MB; else the Coverage's; else the Patient's only untyped one; else the subscriber's.

    The published examples type the member number at neither place, so the untyped ones cannot be left out.
    """
    own = rows(patient.resource.get("identifier"))
    coverage = coverage_of(opened)
    covered = rows(coverage.resource.get("identifier")) if coverage is not None else []
    untyped = [row for row in own if "type" not in row and text(row.get("system")) != NPI]
    subscriber = text(coverage.resource.get("subscriberId")) if coverage is not None else ""
    candidates = [*filter(_is_member, own), *filter(_is_member, covered), *untyped[:1]]
    numbers = [found.value for row in candidates if (found := identifier(row)) is not None]
    return (numbers or [subscriber])[0]


def _is_member(row: Json) -> bool:
    return MEMBER in code_values(row.get("type"), V2_0203)


def coverage_of(opened: Opened) -> Held | None:
    """The Coverage this Claim is made on: the focal insurance, else the first."""
    claim = opened.first
    held = sorted(rows(claim.resource.get("insurance")), key=lambda row: row.get("focal") is not True)
    return next((found for row in held if (found := opened.target(row.get("coverage"), claim, "Coverage"))), None)


def party_of(opened: Opened, reference: Any, at: Held) -> PartyRef:
    """The organization or person a Reference names; of a role its organization, else its practitioner.

    A Reference that only carries an identifier or a display is read for what it says.
    """
    found = opened.target(reference, at, *CLINICIANS)
    if found is None:
        return _logical(reference)
    if found.type != "PractitionerRole":
        return _party(found.resource)
    organization = opened.target(found.resource.get("organization"), found, "Organization")
    return _party(organization.resource) if organization is not None else person_of(opened, reference, at)


def person_of(opened: Opened, reference: Any, at: Held) -> PartyRef:
    """The clinician a Reference names: of a role its practitioner, with the role's own identifiers."""
    found = opened.target(reference, at, *CLINICIANS)
    if found is None:
        return _logical(reference)
    if found.type != "PractitionerRole":
        return _party(found.resource)
    person = opened.target(found.resource.get("practitioner"), found, "Practitioner")
    own = identifiers(found.resource.get("identifier"))
    if person is None:
        said = _logical(found.resource.get("practitioner"))
        return PartyRef(name=said.name, npi=said.npi or _npi(own), identifiers=own or said.identifiers)
    party = _party(person.resource)
    return PartyRef(name=party.name, npi=party.npi or _npi(own), identifiers=party.identifiers)


def insurer_of(opened: Opened) -> PartyRef:
    """The insurer the Claim is addressed to."""
    return party_of(opened, opened.first.resource.get("insurer"), opened.first)


def requester_of(opened: Opened) -> PartyRef:
    """The organization that asks."""
    return party_of(opened, opened.first.resource.get("provider"), opened.first)


def care_team(opened: Opened) -> tuple[TeamMember, ...]:
    """The care team, in order."""
    claim = opened.first
    return tuple(
        TeamMember(
            sequence=row.get("sequence", 0), party=person_of(opened, row.get("provider"), claim),
            role=next(iter(code_values(row.get("role"), *ENTITY)), ""),
            overall=all(one.get("valueBoolean") is not False for one in extensions(row, CARE_TEAM_SCOPE)),
        )
        for row in rows(claim.resource.get("careTeam"))
    )  # fmt: skip


def ordering_of(opened: Opened, team: tuple[TeamMember, ...]) -> PartyRef | None:
    """The clinician who orders: by role; else who signed an item's order; else the Claim's provider, being a person."""
    claim = opened.first
    by_role = next((one.party for one in team if one.role in ORDERING_ROLES), None)
    if by_role is not None:
        return by_role
    for order in orders_of(opened):
        signed = order.resource.get("requester")
        if opened.target(signed, order, "PractitionerRole", "Practitioner") is not None:
            return person_of(opened, signed, order)
    provider = claim.resource.get("provider")
    if opened.target(provider, claim, "PractitionerRole", "Practitioner") is not None:
        return person_of(opened, provider, claim)
    return next((one.party for one in team if one.overall and (one.party.npi or one.party.name)), None)


def orders_of(opened: Opened) -> tuple[Held, ...]:
    """The orders the items ask for (``requestedService``), each once, in order."""
    claim = opened.first
    found: dict[str, Held] = {}
    for item in rows(claim.resource.get("item")):
        order = order_of(opened, item)
        if order is not None:
            found.setdefault(order.source, order)
    return tuple(found.values())


def order_of(opened: Opened, item: Json) -> Held | None:
    """The order one item asks for."""
    named = [row.get("valueReference") for row in extensions(item, REQUESTED_SERVICE)]
    return next((found for one in named if (found := opened.target(one, opened.first))), None)


def _party(resource: Json) -> PartyRef:
    held = identifiers(resource.get("identifier"))
    name = resource.get("name")
    shown = text(name, LONGEST["name"]) if isinstance(name, str) else _shown(_name(resource))
    return PartyRef(name=shown, npi=_npi(held), identifiers=held)


def _logical(reference: Any) -> PartyRef:
    held = obj(reference)
    said = identifier(held.get("identifier"))
    own = (said,) if said is not None else ()
    return PartyRef(name=text(held.get("display"), LONGEST["name"]), npi=_npi(own), identifiers=own)


def _npi(held: tuple[Identifier, ...]) -> str:
    values = (one.value for one in held if one.system == NPI)
    return next((value for value in values if len(value) == 10 and value.isascii() and value.isdigit()), "")


def _name(resource: Json) -> Json:
    held = rows(resource.get("name"))
    return next((row for row in held if row.get("use") == "official"), held[0] if held else {})


def _shown(name: Json) -> str:
    parts = [*_texts(name.get("given")), text(name.get("family"))]
    return (" ".join(filter(None, parts)) or text(name.get("text")))[: LONGEST["name"]]


def _texts(value: Any) -> list[str]:
    return [found for one in (value if isinstance(value, list) else []) if (found := text(one))]
