"""Claim items as lines: what is asked for, how much, when, where, by whom and for which diagnoses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.codes import BILLING, Code
from openum.core.refusal import Refusal
from openum.core.request import Identifier, Line, PartyRef
from openum.wire.fhir import pas_names as names
from openum.wire.fhir.pas_parties import ORDERING_ROLES, TeamMember, order_of
from openum.wire.fhir.reading_bundle import Held, Opened
from openum.wire.fhir.reading_chart import medication_concept
from openum.wire.fhir.reading_values import (
    LONGEST,
    Amount,
    Json,
    Span,
    amount,
    code_values,
    codes,
    extensions,
    identifiers,
    obj,
    period,
    rows,
    timed,
    when,
)

LAST_SEQUENCE = 2_147_483_647
PREFERRED = ("hcpcs", "cpt", "icd10pcs", "rxnorm", "ndc", "revenue")
X12_UNITS: Mapping[str, str] = {"VS": "visit", "UN": "unit", "DA": "day", "HS": "hour", "MO": "month"}
"""X12 673 and 355 quantity qualifiers as words. VS stands in the guide's examples, the others are from knowledge."""


@dataclass(frozen=True, slots=True)
class Around:
    """What of the Claim its items point into."""

    opened: Opened
    team: tuple[TeamMember, ...]
    diagnoses: Mapping[int, tuple[Code, ...]]
    stay: Span
    event: Span


def around(opened: Opened, team: tuple[TeamMember, ...]) -> Around:
    """Gather what the items point into, once."""
    claim = opened.first.resource
    return Around(
        opened, team, {row.get("sequence", 0): diagnosis_codes(opened, row) for row in rows(claim.get("diagnosis"))},
        stay=_supporting(claim, "admissionDates"), event=_supporting(claim, "patientEvent"),
    )  # fmt: skip


def diagnosis_codes(opened: Opened, row: Json) -> tuple[Code, ...]:
    """The codes of one ``Claim.diagnosis``, by concept or by reference to a Condition."""
    target = opened.target(row.get("diagnosisReference"), opened.first, "Condition")
    return codes(row.get("diagnosisCodeableConcept"), target.resource.get("code") if target is not None else None)


def lines_of(about: Around) -> tuple[Line, ...]:
    """Every item as a line, in the order of the Claim.

    Raises:
        Refusal: ``no-lines``, ``duplicate-sequence``, ``sequence-out-of-range``, ``no-code``,
            ``code-too-long``, ``code-range``, ``partial-service-date``, ``ends-before-it-begins``,
            ``quantity-not-positive``.
    """
    items = rows(about.opened.first.resource.get("item"))
    if not items:
        raise Refusal(
            "no-lines", "The Claim asks for no service.", "Add at least one item with its code.", where=_path("item")
        )
    _unique(items)
    return tuple(_line(about, item, _path(f"item[{index}]")) for index, item in enumerate(items))


def line_warnings(about: Around) -> tuple[str, ...]:
    """Faults of the items that do not stop the request."""
    found = []
    team = {one.sequence for one in about.team}
    for index, item in enumerate(rows(about.opened.first.resource.get("item"))):
        here = _path(f"item[{index}]")
        if any(number not in about.diagnoses for number in _numbers(item, "diagnosisSequence")):
            found.append(f"{here}.diagnosisSequence names a diagnosis that is not on the Claim.")
        if any(number not in team for number in _numbers(item, "careTeamSequence")):
            found.append(f"{here}.careTeamSequence names a care team member that is not on the Claim.")
        if rows(item.get("detail")):
            found.append(f"{here}.detail is not read: ask for each service in an item of its own.")
        if _asked_amount(item, None) is None and amount(item.get("quantity")) is not None:
            found.append(f"{here}.quantity is not an exact amount and was not read.")
        found += _order_differs(about, item, here)
    return tuple(found)


def _order_differs(about: Around, item: Json, here: str) -> Iterable[str]:
    order, asked = order_of(about.opened, item), _codes_asked(item)
    ordered = _ordered_codes(order, about.opened) if order is not None else ()
    billing = {code.value for code in ordered if code.system in BILLING}
    if billing and asked and asked[0].system in BILLING and asked[0].value not in billing:
        yield f"{here} asks for another code than the order it names; the item's code was taken."


# ---- one line --------------------------------------------------------------------------------------------------


def _line(about: Around, item: Json, here: str) -> Line:
    order = order_of(about.opened, item)
    asked = _asked_codes(item, here)
    quantity = _asked_amount(item, order)
    if quantity is not None and quantity.value <= 0:
        raise Refusal(
            "quantity-not-positive",
            "An item asks for nothing or less.",
            "State how much is asked for, or leave the quantity out.",
            where=f"{here}.quantity",
        )
    first, last = _days(about, item, order, here)
    return Line(
        sequence=item["sequence"], code=asked[0], modifiers=code_values(item.get("modifier")),
        quantity=float(quantity.value) if quantity is not None else None, unit=_unit(item, quantity),
        service_from=first, service_to=last,
        place=next(iter(code_values(item.get("locationCodeableConcept"), names.PLACE_OF_SERVICE)), ""),
        category=next(iter(code_values(item.get("category"), *names.SERVICE_TYPES)), ""),
        request_type=coded_extension(item, names.REQUEST_TYPE),
        certification=coded_extension(item, names.CERTIFICATION_TYPE) or "I",
        diagnoses=_pointed(about, item),
        performer=_performer(about, item), trace_numbers=_traces(item), also=asked[1:],
    )  # fmt: skip


def coded_extension(element: Json, url: str) -> str:
    """The code of an extension's CodeableConcept, whatever URI its X12 list goes by; empty when there is none."""
    found = (row.get("valueCodeableConcept") for row in extensions(element, url))
    return next((value for concept in found for value in code_values(concept) if value), "")


def _pointed(about: Around, item: Json) -> tuple[Code, ...]:
    named = _numbers(item, "diagnosisSequence")
    return tuple(dict.fromkeys(code for one in named for code in about.diagnoses.get(one, ())))


def _asked_codes(item: Json, here: str) -> tuple[Code, ...]:
    """The code asked for, and its translations (other codings of the concept, the revenue code) after it."""
    where = f"{here}.productOrService"
    if extensions(item, names.CODE_END):
        raise Refusal(
            "code-range",
            "An item asks for a range of codes.",
            "Ask for each service in an item of its own: a range cannot be judged as one.",
            where=where,
        )
    found = _codes_asked(item)
    if not found:
        raise Refusal(
            "no-code", "An item names no service code.", "Give the item a code with its code system.", where=where
        )
    if any(len(one.value) > LONGEST["code"] or len(one.system) > LONGEST["system"] for one in found):
        raise Refusal(
            "code-too-long",
            f"A service code has more than {LONGEST['code']} characters, or its system more than {LONGEST['system']}.",
            "Use the published code and the system's URI.",
            where=where,
        )
    return found


def _codes_asked(item: Json) -> tuple[Code, ...]:
    found = [*codes(item.get("productOrService")), *codes(item.get("revenue"))]
    known = [code for system in PREFERRED for code in found if code.system == system]
    return tuple(dict.fromkeys([*known, *found]))


def _asked_amount(item: Json, order: Held | None) -> Amount | None:
    """The item's own quantity, else that of the order it names; an inexact one ("> 3") is none."""
    own = amount(item.get("quantity"))
    if own is None and order is not None:
        resource = order.resource
        own = amount(resource.get("quantityQuantity")) or amount(obj(resource.get("dispenseRequest")).get("quantity"))
    return own if own is not None and not own.comparator else None


def _unit(item: Json, quantity: Amount | None) -> str:
    if quantity is None:
        return ""
    held = obj(item.get("quantity"))
    by_x12 = held.get("system") in (*names.QUANTITY_UNITS, *names.UNIT_BASIS)
    return X12_UNITS.get(quantity.unit, quantity.unit) if by_x12 or not held.get("system") else quantity.unit


def _days(about: Around, item: Json, order: Held | None, here: str) -> tuple[date | None, date | None]:
    """First and last day of service: the item's, else its order's, else those of the stay or the event."""
    own = timed(item, "serviced")
    for found in (own.start, own.end):
        if found is not None and found.partial:
            raise Refusal(
                "partial-service-date",
                "A service date has no day.",
                "Write service dates as YYYY-MM-DD (PAS 2.2.1).",
                where=f"{here}.serviced",
            )
    admission = coded_extension(item, names.REQUEST_TYPE) == "AR"
    ordered = timed(order.resource, "occurrence") if order is not None else Span(None, None)
    spans = (own, ordered, about.stay if admission else Span(None, None), about.event)
    span = next((one for one in spans if one.start is not None and not one.start.partial), Span(None, None))
    first = span.start.day if span.start is not None else None
    last = span.end.day if span.end is not None and not span.end.partial else None
    if first is not None and last is not None and last < first:
        raise Refusal(
            "ends-before-it-begins",
            "The last day of a service lies before its first.",
            "Correct the period of the service.",
            where=f"{here}.serviced",
        )
    return first, last


def _performer(about: Around, item: Json) -> PartyRef | None:
    """Who will perform the service: the care team members the item names, other than who ordered it."""
    wanted = set(_numbers(item, "careTeamSequence"))
    team = (one for one in about.team if one.sequence in wanted and one.role not in ORDERING_ROLES)
    return next((one.party for one in team if one.party.npi or one.party.name), None)


def _traces(item: Json) -> tuple[Identifier, ...]:
    return identifiers([row.get("valueIdentifier") for row in extensions(item, names.ITEM_TRACE_NUMBER)])


def _ordered_codes(order: Held, opened: Opened) -> tuple[Code, ...]:
    resource = order.resource
    return codes(resource.get("code"), resource.get("codeCodeableConcept"), medication_concept(order, opened))


def _supporting(claim: Json, category: str) -> Span:
    for row in rows(claim.get("supportingInfo")):
        if category in code_values(row.get("category"), names.TEMP_CODES):
            day = when(row.get("timingDate"))
            return Span(day, None) if day is not None else period(row.get("timingPeriod"))
    return Span(None, None)


def _numbers(item: Json, name: str) -> list[int]:
    held: Any = item.get(name)
    return [one for one in held if isinstance(one, int)] if isinstance(held, list) else []


def _unique(items: list[Json]) -> None:
    seen: set[int] = set()
    for index, item in enumerate(items):
        sequence = item.get("sequence")
        where = _path(f"item[{index}].sequence")
        if not isinstance(sequence, int) or isinstance(sequence, bool) or not 1 <= sequence <= LAST_SEQUENCE:
            raise Refusal(
                "sequence-out-of-range", "An item has no usable number.", "Number the items from 1.", where=where
            )
        if sequence in seen:
            raise Refusal(
                "duplicate-sequence",
                "Two items have the same number.",
                "Give every item a number of its own: answers are matched by it (spec-34).",
                where=where,
            )
        seen.add(sequence)


def _path(below: str) -> str:
    return f"Bundle.entry[0].resource.{below}"
