"""FHIR values out of JSON: texts, codes, days, quantities, identifiers. Total: what cannot be read is absent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from openum.core.codes import Code, short_system
from openum.core.request import Identifier

Json = dict[str, Any]

FIRST_DAY, LAST_DAY = date(1850, 1, 1), date(2199, 12, 31)
"""Days outside are taken for typing errors: nothing is judged on them, and calendars end in the year 9999."""

LONGEST = {"code": 40, "system": 100, "display": 200, "identifier": 200, "name": 200}
"""What the tables of the records can hold, in characters."""

ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
NPI = "http://hl7.org/fhir/sid/us-npi"
V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"

_DAY = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?$")


def obj(value: Any) -> Json:
    """The JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: Any) -> list[Json]:
    """The objects of a JSON array; an object alone counts as an array of one."""
    if isinstance(value, dict):
        return [value]
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def text(value: Any, longest: int = 4000) -> str:
    """The text without surrounding space, cut to ``longest`` characters; empty when it is none."""
    return value.strip()[:longest] if isinstance(value, str) else ""


def number(value: Any) -> int | float | None:
    """The number; a boolean is none."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class When:
    """A date or dateTime as far as it was written.

    ``day`` is the first day it can mean: a partial date never makes evidence look newer than it is. ``at`` is the
    moment, where one with a zone was given.
    """

    day: date
    at: datetime | None = None
    partial: bool = False


def when(value: Any) -> When | None:
    """A FHIR date, dateTime or instant; ``None`` when it is none, or not a plausible day."""
    found = _DAY.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, month, day, clock = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
        at = datetime.fromisoformat(value.replace("Z", "+00:00")) if clock else None
        if at is not None and at.tzinfo is not None:
            at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not FIRST_DAY <= first <= LAST_DAY:
        return None
    return When(first, at if at is not None and at.tzinfo is not None else None, partial=day is None)


@dataclass(frozen=True, slots=True)
class Span:
    """The days a Period names, each as far as written."""

    start: When | None
    end: When | None


def period(value: Any) -> Span:
    """A FHIR Period."""
    held = obj(value)
    return Span(when(held.get("start")), when(held.get("end")))


def timed(resource: Json, stem: str) -> Span:
    """``effective[x]`` and its like: a dateTime, date or instant is a span of one moment; a Timing its bounds."""
    for name in ("DateTime", "Date", "Instant"):
        found = when(resource.get(f"{stem}{name}"))
        if found is not None:
            return Span(found, None)
    if isinstance(resource.get(f"{stem}Period"), dict):
        return period(resource[f"{stem}Period"])
    timing = obj(resource.get(f"{stem}Timing"))
    events = [found for value in _list(timing.get("event")) if (found := when(value)) is not None]
    if events:
        return Span(min(events, key=lambda one: one.day), max(events, key=lambda one: one.day))
    return period(obj(timing.get("repeat")).get("boundsPeriod"))


def age_on(birth: date, day: date) -> int:
    """Completed years on a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


# ---- codes -----------------------------------------------------------------------------------------------------


def code(coding: Any) -> Code | None:
    """One Coding: short system name or URI, value, display. ``None`` without a code, or for a data-absent reason."""
    held = obj(coding)
    system, value = text(held.get("system")), text(held.get("code"))
    if not value or system == ABSENT:
        return None
    return Code(short_system(system), value, text(held.get("display"), LONGEST["display"]))


def codes(*concepts: Any) -> tuple[Code, ...]:
    """The codings of CodeableConcepts (or of lists of them), in order, each once."""
    found = [one for concept in _flat(concepts) for row in rows(concept.get("coding")) if (one := code(row))]
    return tuple(dict.fromkeys(found))


def code_values(concept: Any, *systems: str) -> tuple[str, ...]:
    """The bare codes of a concept, of these system URIs only where some are named."""
    held = [row for one in _flat((concept,)) for row in rows(one.get("coding"))]
    return tuple(text(row.get("code")) for row in held if not systems or text(row.get("system")) in systems)


def label(concept: Any) -> str:
    """What a concept is called: its text, else a display, else its first code."""
    held = obj(concept)
    first = next((row for row in rows(held.get("coding"))), {})
    displays = (text(row.get("display"), 200) for row in rows(held.get("coding")))
    return text(held.get("text"), 200) or next(filter(None, displays), "") or text(first.get("code"), 200)


def _flat(concepts: Iterable[Any]) -> Iterator[Json]:
    for concept in concepts:
        yield from rows(concept)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# ---- quantities and identifiers --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity: ``comparator`` is empty for an exact value."""

    value: int | float
    unit: str
    comparator: str = ""

    def __str__(self) -> str:
        return f"{self.comparator}{self.value:g} {self.unit}".strip()


def amount(value: Any) -> Amount | None:
    """A Quantity with a value; its unit is the UCUM code, else the word the sender used."""
    held = obj(value)
    found = number(held.get("value"))
    return None if found is None else Amount(found, unit(held), text(held.get("comparator"), 8))


def unit(quantity: Json) -> str:
    """The unit of a Quantity. UCUM's ``1`` and its annotations say nothing a word does not say better."""
    written, coded = text(quantity.get("unit"), 40), text(quantity.get("code"), 40)
    if coded.startswith("{") and coded.endswith("}") and len(coded) > 2:
        return written or coded
    if text(quantity.get("system")) == UCUM and coded and coded != "1":
        return coded
    return written or ("" if coded == "1" else coded)


def identifier(value: Any) -> Identifier | None:
    """An Identifier with a value; both parts within what the records hold."""
    held = obj(value)
    found = text(held.get("value"))
    system = text(held.get("system"))
    longest = LONGEST["identifier"]
    return Identifier(system, found) if found and max(len(system), len(found)) <= longest else None


def identifiers(value: Any) -> tuple[Identifier, ...]:
    """Every readable Identifier of a list, each once."""
    return tuple(dict.fromkeys(one for row in rows(value) if (one := identifier(row)) is not None))


def extensions(element: Any, *urls: str) -> list[Json]:
    """The extensions of an element with one of these urls."""
    return [row for row in rows(obj(element).get("extension")) if row.get("url") in urls]
