"""Chart entries out of FHIR resources: what each says happened, was measured or is the case, and what it denies.

Whatever did not happen, was entered in error, is only planned or suspected, or is about somebody else is not read: a
fact that nobody stated stays unknown. An explicit negative (refuted, not done, not taken) is kept as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from openum.core.chart import Entry, EntryKind
from openum.core.codes import Code
from openum.wire.fhir.reading_bundle import Held, Opened
from openum.wire.fhir.reading_segments import segment
from openum.wire.fhir.reading_values import (
    Json,
    Span,
    When,
    code_values,
    codes,
    label,
    obj,
    period,
    rows,
    text,
    timed,
    when,
)
from openum.wire.fhir.reading_worth import Worth, absent, worth

MOST_QUOTE = 240

Reader = Callable[[Held, Opened], Iterator[Entry]]


def chart_entries(held: Held, opened: Opened) -> tuple[Entry, ...]:
    """What one resource of the chart says; nothing for a type, or a status, that states no fact."""
    reader = READERS.get(held.type)
    return () if reader is None else tuple(reader(held, opened))


def entry_of(
    kind: EntryKind, held: Held, found: tuple[Code, ...], span: Span, *, quote: str, worth: Worth | None = None,
    denied: bool = False, link: str = "", source: str = "",
) -> Entry:  # fmt: skip
    """One entry of a resource: its day is the first of the span, its end the last."""
    start = span.start or span.end
    return Entry(
        kind=kind, codes=found, link=link, value=worth.value if worth else None, unit=worth.unit if worth else "",
        date=start.day if start else None, at=start.at if start else None, ended=_end(span), denied=denied,
        source=source or held.source, quote=_quote(quote, start), segment=segment(held.resource),
    )  # fmt: skip


def _end(span: Span) -> date | None:
    return span.end.day if span.end is not None and span.start is not None else None


def _quote(words: str, start: When | None) -> str:
    day = f" on {start.day.isoformat()}" if start is not None and not start.partial else ""
    return f"{words[: MOST_QUOTE - len(day)]}{day}" if words else ""


# ---- observations ----------------------------------------------------------------------------------------------

MEASURED = frozenset({"final", "amended", "corrected", "preliminary"})


def _observation(held: Held, _opened: Opened) -> Iterator[Entry]:
    resource = held.resource
    if text(resource.get("status")) not in MEASURED:
        return
    span = timed(resource, "effective")
    if span.start is None and span.end is None:
        span = Span(when(resource.get("issued")), None)
    yield from _measured(held, resource, span)
    for component in rows(resource.get("component")):
        yield from _measured(held, component, span)


def _measured(held: Held, element: Json, span: Span) -> Iterator[Entry]:
    found = codes(element.get("code"))
    if not found or absent(element):
        return
    name = label(element.get("code"))
    said = worth(element)
    for one in said:
        yield entry_of("observation", held, found, span, quote=f"{name} {one.words}", worth=one)
    if not said:
        yield entry_of("observation", held, found, span, quote=name)


# ---- conditions, procedures, medications -----------------------------------------------------------------------

REFUTED = "refuted"
NOT_SURE = frozenset({"unconfirmed", "provisional", "differential", "entered-in-error"})
ENDED = frozenset({"inactive", "remission", "resolved"})


def _condition(held: Held, _opened: Opened) -> Iterator[Entry]:
    resource = held.resource
    found, sure = codes(resource.get("code")), code_values(resource.get("verificationStatus"))
    if not found or NOT_SURE.intersection(sure):
        return
    onset, recorded = timed(resource, "onset"), when(resource.get("recordedDate"))
    ended = timed(resource, "abatement")
    denied = REFUTED in sure
    states = [state for state in code_values(resource.get("clinicalStatus")) if state in ENDED]
    words = " ".join(filter(None, ["no" if denied else "", label(resource.get("code")), *states[:1]]))
    start = onset.start if onset.start is not None and not onset.start.partial else recorded or onset.start
    entry = entry_of("condition", held, found, Span(start, None), quote=words, denied=denied)
    last = ended.end or ended.start or (recorded or start if states else None)
    if last is not None or not states:
        yield replace(entry, ended=last.day if last is not None else None)


def _procedure(held: Held, _opened: Opened) -> Iterator[Entry]:
    yield from _done(held, "procedure", "code", timed(held.resource, "performed"))


def _immunization(held: Held, _opened: Opened) -> Iterator[Entry]:
    yield from _done(held, "procedure", "vaccineCode", timed(held.resource, "occurrence"))


def _done(held: Held, kind: EntryKind, name: str, span: Span) -> Iterator[Entry]:
    status, found = text(held.resource.get("status")), codes(held.resource.get(name))
    if not found or status not in {"completed", "in-progress", "not-done"}:
        return
    denied = status == "not-done"
    words = f"{label(held.resource.get(name))}{' (not done)' if denied else ''}"
    yield entry_of(kind, held, found, span, quote=words, denied=denied)


ORDERED = frozenset({"active", "on-hold", "completed", "stopped"})
TAKEN = frozenset({"active", "completed", "on-hold", "stopped"})
DISPENSED = frozenset({"completed", "in-progress", "on-hold", "stopped"})
REAL_ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})


def _medication_request(held: Held, opened: Opened) -> Iterator[Entry]:
    resource = held.resource
    if text(resource.get("status")) not in ORDERED or text(resource.get("intent")) not in REAL_ORDERS:
        return
    span = Span(when(resource.get("authoredOn")), None)
    yield from _medication(held, opened, span, denied=resource.get("doNotPerform") is True)


def _medication_statement(held: Held, opened: Opened) -> Iterator[Entry]:
    resource = held.resource
    denied = text(resource.get("status")) == "not-taken"
    if not denied and text(resource.get("status")) not in TAKEN:
        return
    span = timed(resource, "effective")
    asserted = when(resource.get("dateAsserted"))
    yield from _medication(held, opened, span if span.start or span.end else Span(asserted, None), denied=denied)


def _medication_dispense(held: Held, opened: Opened) -> Iterator[Entry]:
    resource = held.resource
    if text(resource.get("status")) not in DISPENSED:
        return
    handed = when(resource.get("whenHandedOver")) or when(resource.get("whenPrepared"))
    yield from _medication(held, opened, Span(handed, None))


def _medication_administration(held: Held, opened: Opened) -> Iterator[Entry]:
    status = text(held.resource.get("status"))
    if status not in {"completed", "in-progress", "not-done"}:
        return
    yield from _medication(held, opened, timed(held.resource, "effective"), denied=status == "not-done")


def _medication(held: Held, opened: Opened, span: Span, *, denied: bool = False) -> Iterator[Entry]:
    concept = medication_concept(held, opened)
    found = codes(concept)
    if found:
        words = f"{label(concept)}{' (not taken)' if denied else ''}"
        yield entry_of("medication", held, found, span, quote=words, denied=denied)


def medication_concept(held: Held, opened: Opened) -> Any:
    """The medication a resource names, by concept or by a Medication of the Bundle."""
    concept = held.resource.get("medicationCodeableConcept")
    if isinstance(concept, dict):
        return concept
    target = opened.target(held.resource.get("medicationReference"), held, "Medication")
    return None if target is None else target.resource.get("code")


# ---- encounters and claims -------------------------------------------------------------------------------------


def _encounter(held: Held, _opened: Opened) -> Iterator[Entry]:
    resource = held.resource
    if text(resource.get("status")) not in {"arrived", "triaged", "in-progress", "onleave", "finished"}:
        return
    found = codes({"coding": [obj(resource.get("class"))]}, resource.get("type"))
    words = label((rows(resource.get("type")) or [{}])[0]) or label({"coding": [obj(resource.get("class"))]})
    if found:
        yield entry_of("encounter", held, found, period(resource.get("period")), quote=words or "encounter")


def _claim(held: Held, _opened: Opened) -> Iterator[Entry]:
    """Care that was billed. A preauthorization is not care, and a cancelled bill is none."""
    resource = held.resource
    if text(resource.get("status")) != "active" or text(resource.get("use")) != "claim":
        return
    for item in rows(resource.get("item")):
        span = timed(item, "serviced")
        found = codes(item.get("productOrService"), item.get("revenue"))
        if found:
            words = f"billed: {label(item.get('productOrService')) or found[0].value}"
            whole = span if span.start or span.end else period(resource.get("billablePeriod"))
            yield entry_of("claim", held, found, whole, quote=words)


READERS: Mapping[str, Reader] = {
    "Claim": _claim,
    "Condition": _condition,
    "Encounter": _encounter,
    "ExplanationOfBenefit": _claim,
    "Immunization": _immunization,
    "MedicationAdministration": _medication_administration,
    "MedicationDispense": _medication_dispense,
    "MedicationRequest": _medication_request,
    "MedicationStatement": _medication_statement,
    "Observation": _observation,
    "Procedure": _procedure,
}
"""Orders (ServiceRequest, DeviceRequest …) are not here: what is asked for is not what was done."""
