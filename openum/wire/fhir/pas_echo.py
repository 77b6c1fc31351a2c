"""Resources of a request echoed in its answer: the same fullUrl, ids and identifiers (spec-33), nothing unasked.

An echo is not a copy. What a sender wrote may break the profiles we answer under, so only what is read is written
again; what cannot be written validly is referred to by identifier instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from openum.core.request import Identifier, PartyRef
from openum.wire.fhir.checker_guide import URN_UUID
from openum.wire.fhir.pas_names import ENTITY, PAS
from openum.wire.fhir.pas_parties import member_of, party_of, patient_of
from openum.wire.fhir.reading_bundle import Held, Opened
from openum.wire.fhir.reading_values import Json, code_values, identifier, identifiers, obj, rows, text, when
from openum.wire.fhir.references import RESTFUL
from openum.wire.fhir.writing import ABSENT_REASON, ID, concept, extension, guid, words, writable
from openum.wire.fhir.writing import identifier as written

ENTITY_CODE = re.compile(r"[A-Z0-9]{1,3}")
GENDERS = frozenset({"male", "female", "other", "unknown"})
PAYER, PROVIDER = "PR", "1P"
"""X12 98: payer, provider (both stand in the guide's examples)."""


@dataclass(frozen=True, slots=True)
class Echo:
    """A reference to write, and the Bundle entry it points to (``None`` when it points by identifier)."""

    reference: Json
    entry: Json | None


def patient_echo(opened: Opened) -> Echo:
    """The member as the sender named them."""
    held = patient_of(opened)
    member = member_of(opened, held)
    own = writable(identifiers(held.resource.get("identifier")))
    name = {
        name: value
        for name, value in (("family", words(member.family)), ("given", words(member.given).split()))
        if value
    }
    if not own or not name:
        return _unheld("Patient", own, words(member.family))
    birth = text(held.resource.get("birthDate"), 10)
    resource = {
        "resourceType": "Patient",
        **_identity(held, "profile-beneficiary"),
        "identifier": _typed(held, own),
        "name": [name],
        "gender": member.gender if member.gender in GENDERS else "unknown",
        **({"birthDate": birth} if when(birth) is not None else {}),
    }
    return _held(resource, held.resource, opened.entries.urls[held.entry])


def _typed(held: Held, own: list[Identifier]) -> list[Json]:
    """The identifiers, each with the type code the sender gave it."""
    found = []
    for row in rows(held.resource.get("identifier")):
        one = identifier(row)
        if one is None or one not in own:
            continue
        kinds = [k for k in rows(obj(row.get("type")).get("coding")) if k.get("code") == "MB"]
        system = "http://terminology.hl7.org/CodeSystem/v2-0203"
        found.append({**({"type": concept(system, "MB")} if kinds else {}), **written(one)})
    return found


def insurer_echo(opened: Opened) -> Echo:
    """The insurer the request was addressed to."""
    return organization_echo(opened, opened.first.resource.get("insurer"), "profile-insurer", PAYER)


def requestor_echo(opened: Opened) -> Echo:
    """Who asked: of a role its organization."""
    claim = opened.first
    provider = claim.resource.get("provider")
    role = opened.target(provider, claim, "PractitionerRole")
    if role is None:
        return organization_echo(opened, provider, "profile-requestor", PROVIDER)
    organization = role.resource.get("organization")
    if opened.target(organization, role, "Organization") is not None:
        return organization_echo(opened, organization, "profile-requestor", PROVIDER, at=role)
    return party_echo(party_of(opened, provider, claim))


def organization_echo(opened: Opened, reference: Any, profile: str, kind: str, *, at: Held | None = None) -> Echo:
    """An Organization a Reference names, under the profile of its role."""
    at = at if at is not None else opened.first
    held = opened.target(reference, at, "Organization")
    party = party_of(opened, reference, at)
    if held is None or held.path.endswith(".contained") or not words(party.name):
        return party_echo(party)
    kinds = [
        one
        for row in rows(held.resource.get("type"))
        for one in code_values(row, *ENTITY)
        if ENTITY_CODE.fullmatch(one)
    ]
    resource = {
        "resourceType": "Organization",
        **_identity(held, profile),
        **_identifiers(party.identifiers),
        "active": True,
        "type": [concept(ENTITY[0], (kinds or [kind])[0])],
        "name": words(party.name),
    }
    return _held(resource, held.resource, opened.entries.urls[held.entry])


def party_echo(party: PartyRef) -> Echo:
    """A party referred to by what is known of it, not by a resource."""
    return _unheld("Organization", writable(party.identifiers), words(party.name))


def own_organization(party: PartyRef) -> Echo:
    """A party of our own records as a requestor, where the Bundle that asks does not hold it."""
    held = writable(party.identifiers)
    if not words(party.name) or not held:
        return party_echo(party)
    resource = {
        "resourceType": "Organization",
        "meta": {"profile": [f"{PAS}profile-requestor"]},
        **_identifiers(party.identifiers),
        "active": True,
        "type": [concept(ENTITY[0], PROVIDER)],
        "name": words(party.name),
    }
    url = guid("Organization", held[0].system, held[0].value)
    return Echo({"reference": url}, {"fullUrl": url, "resource": resource})


def _identifiers(held: Iterable[Identifier]) -> Json:
    found = [written(one) for one in writable(held)]
    return {"identifier": found} if found else {}


def _identity(held: Held, profile: str) -> Json:
    own = held.resource.get("id")
    valid = isinstance(own, str) and ID.fullmatch(own)
    return {**({"id": own} if valid else {}), "meta": {"profile": [f"{PAS}{profile}"]}}


def _held(resource: Json, original: Json, url: str) -> Echo:
    """Under the sender's fullUrl, unless that is none a receiver may see (spec-16)."""
    if not URN_UUID.fullmatch(url) and not _restful(url, resource):
        url = guid(str(original.get("resourceType")), str(original.get("id")), url)
    return Echo({"reference": url}, {"fullUrl": url, "resource": resource})


def _restful(url: str, resource: Json) -> bool:
    found = RESTFUL.match(url) if url.startswith(("http://", "https://")) else None
    if found is None or any(char.isspace() for char in url):
        return False
    return found["type"] == resource["resourceType"] and found["id"] == resource.get("id", found["id"])


def _unheld(kind: str, held: list[Identifier], name: str) -> Echo:
    if held:
        return Echo({"type": kind, "identifier": written(held[0]), **({"display": name} if name else {})}, None)
    if name and kind != "Patient":
        return Echo({"type": kind, "display": name}, None)
    return Echo({"extension": [extension(ABSENT_REASON, valueCode="unknown")]}, None)
