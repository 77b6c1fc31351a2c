"""Pieces of FHIR JSON that every writer needs: concepts, extensions, periods, moments, stable ids."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from openum.core.codes import SYSTEMS, Code
from openum.core.request import Identifier
from openum.wire.fhir.reading_values import NPI, Json

ID = re.compile(r"^[A-Za-z0-9\-.]{1,64}$")
WHITE_SPACE = re.compile(r"\s+")
ABSENT_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"

_URIS = {short: uri for uri, short in reversed(tuple(SYSTEMS.items()))}
"""Short name to URI: the first spelling listed for a system is the one written."""

CLIA, NAIC = "urn:oid:2.16.840.1.113883.4.7", "urn:oid:2.16.840.1.113883.6.300"
_FORMS = {CLIA: re.compile(r"^[0-9]{2}D[0-9]{7}$"), NAIC: re.compile(r"^[0-9]{5}$"), NPI: re.compile(r"^[0-9]{10}$")}


def concept(system: str, code: str, display: str = "") -> Json:
    """A CodeableConcept with one coding."""
    return {"coding": [{"system": system, "code": code, **({"display": display} if display else {})}]}


def coded(code: Code) -> Json:
    """A core code as a CodeableConcept, under its published URI; short names without one stay as they are."""
    return concept(_URIS.get(code.system, code.system), code.value, words(code.display))


def extension(url: str, **value: Any) -> Json:
    """An extension with its value, or (``extension=[…]``) with others inside."""
    return {"url": url, **value}


def period(start: date | None, end: date | None) -> Json:
    """A Period of days; a side that is not known is left out."""
    days = {"start": start, "end": end}
    return {name: day.isoformat() for name, day in days.items() if day is not None}


def moment(at: datetime) -> str:
    """A moment to the second, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def words(text: str) -> str:
    """A text as FHIR strings are: no white space around it, no control characters in it."""
    return "".join(one for one in WHITE_SPACE.sub(" ", text).strip() if one.isprintable())


def identifier(one: Identifier) -> Json:
    """An Identifier."""
    return {"system": one.system, "value": one.value}


def writable(held: Iterable[Identifier]) -> list[Identifier]:
    """Those identifiers that may be written under PAS: with a system, a value, and the form that system demands."""
    return [one for one in held if one.system and words(one.value) == one.value and _well_formed(one)]


def _well_formed(one: Identifier) -> bool:
    if not one.value or any(char.isspace() for char in one.system):
        return False
    form = _FORMS.get(one.system)
    return (form is None or form.fullmatch(one.value) is not None) and (one.system != NPI or npi_checks(one.value))


def npi_checks(npi: str) -> bool:
    """Whether the last digit of a National Provider Identifier is the Luhn digit over ``80840`` and the others."""
    total = 0
    for index, digit in enumerate(reversed(f"80840{npi}")):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def guid(*parts: str) -> str:
    """A ``urn:uuid:`` that is always the same for the same parts. Shaped as version 4, the one receivers accept."""
    raw = hashlib.sha256("\x1f".join(parts).encode()).digest()[:16]
    return f"urn:uuid:{UUID(bytes=raw, version=4)}"
