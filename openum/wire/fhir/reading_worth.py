"""What a ``value[x]`` or an answer is worth: a fact's value, its unit, and the words to quote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openum.core.chart import Value
from openum.core.codes import Code
from openum.wire.fhir.reading_values import Json, amount, codes, label, number, obj, text, when

Y, N = True, False
YES_NO = {
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "Y"): Y,
    ("http://terminology.hl7.org/CodeSystem/v2-0136", "N"): N,
    ("loinc", "LA33-6"): Y,
    ("loinc", "LA32-8"): N,
    ("snomed", "373066001"): Y,
    ("snomed", "373067005"): N,
}
"""Codes that are a plain yes or no: HL7 table 0136, the LOINC answers of LL361-7, SNOMED CT qualifiers."""

MOST_WORDS = 160


@dataclass(frozen=True, slots=True)
class Worth:
    """``value`` is ``None`` where something is said that is no exact value (``< 90 %``)."""

    value: Value | Code | None
    unit: str
    words: str


def worth(element: Json, stem: str = "value") -> tuple[Worth, ...]:
    """What the element's ``value[x]`` says: nothing without one, one reading per coding of a concept."""
    return tuple(_read(element, stem))


def _read(element: Json, stem: str) -> Iterator[Worth]:
    quantity = amount(element.get(f"{stem}Quantity"))
    if quantity is not None:
        yield Worth(None if quantity.comparator else quantity.value, quantity.unit, str(quantity))
    for name in ("CodeableConcept", "Coding"):
        concept = element.get(f"{stem}{name}")
        if isinstance(concept, dict):
            yield from _coded({"coding": [concept]} if name == "Coding" else concept)
    flag = element.get(f"{stem}Boolean")
    if isinstance(flag, bool):
        yield Worth(flag, "", "yes" if flag else "no")
    yield from _plain(element, stem)


def _coded(concept: Json) -> Iterator[Worth]:
    words = label(concept)[:MOST_WORDS]
    for one in codes(concept):
        plain = YES_NO.get((one.system, one.value))
        if plain is not None:
            yield Worth(plain, "", words)
        yield Worth(one, "", words)
    if not codes(concept) and words:
        yield Worth(words, "", words)


def _plain(element: Json, stem: str) -> Iterator[Worth]:
    for name in ("Integer", "Decimal"):
        found = number(element.get(f"{stem}{name}"))
        if found is not None:
            yield Worth(found, "", f"{found:g}")
    for name in ("Date", "DateTime"):
        day = when(element.get(f"{stem}{name}"))
        if day is not None:
            yield Worth(day.day, "", str(element[f"{stem}{name}"])[:40])
    for name in ("String", "Time", "Uri"):
        words = text(element.get(f"{stem}{name}"))
        if words:
            yield Worth(words, "", words[:MOST_WORDS])


def absent(element: Any) -> bool:
    """Whether the element says that it has no value and why (``dataAbsentReason``)."""
    return bool(obj(obj(element).get("dataAbsentReason")))
