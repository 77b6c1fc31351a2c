"""The chart that came with a PAS Claim: entries, documents, and what could not be read of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openum.core.chart import Entry
from openum.core.request import Attachment
from openum.wire.fhir import pas_names as names
from openum.wire.fhir.pas_lines import diagnosis_codes
from openum.wire.fhir.pas_parties import orders_of
from openum.wire.fhir.reading_answers import answers, finished
from openum.wire.fhir.reading_bundle import Held, Opened
from openum.wire.fhir.reading_chart import chart_entries
from openum.wire.fhir.reading_documents import documents, without_data
from openum.wire.fhir.reading_segments import segment
from openum.wire.fhir.reading_values import (
    Json,
    When,
    age_on,
    extensions,
    identifier,
    identifiers,
    label,
    obj,
    rows,
    text,
    when,
)
from openum.wire.fhir.references import entries_of

SUBJECTS = ("subject", "patient")
ADMINISTRATIVE = frozenset({
    "Binary", "Bundle", "Coverage", "Device", "HealthcareService", "Location", "Medication", "Organization",
    "Practitioner", "PractitionerRole", "RelatedPerson",
})  # fmt: skip
"""Resources about no patient."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the Bundle says about the member beside the request itself."""

    entries: tuple[Entry, ...]
    attachments: tuple[Attachment, ...]
    warnings: tuple[str, ...]


def evidence_of(opened: Opened, patient: Held, *, on: date | None) -> Evidence:
    """Read every supporting resource about the Claim's own patient; ``on`` is the service date, for the age.

    The orders the items ask for are no evidence: a drug that is asked for has not been taken.

    Raises:
        Refusal: ``attachment-not-base64``.
    """
    entries = [*demographics(patient, on), *diagnoses(opened, on)]
    attachments: list[Attachment] = []
    warnings: list[str] = []
    asked = {id(order.resource) for order in orders_of(opened)}
    for held, within in _supporting(opened):
        if id(held.resource) in asked:
            continue
        if not about(held, within, patient, opened):
            warnings.append(f"{held.path} is about somebody else than the Claim's patient and was not read.")
            continue
        entries += chart_entries(held, within)
        entries += answers(held) if held.type == "QuestionnaireResponse" else ()
        attachments += documents(held, within)
        warnings += _unread(held, within)
    return Evidence(tuple(entries), tuple(attachments), tuple(warnings))


def about(held: Held, within: Opened, patient: Held, outer: Opened) -> bool:
    """Whether a resource is about this patient; one that names nobody is taken as sent for this Claim."""
    if held.type in ADMINISTRATIVE:
        return True
    named = next((held.resource[name] for name in SUBJECTS if isinstance(held.resource.get(name), dict)), None)
    if named is None:
        return True
    if not text(obj(named).get("reference")):
        who = identifier(obj(named).get("identifier"))
        return who is None or who in identifiers(patient.resource.get("identifier"))
    return within.same(named, held, patient) or (within is not outer and outer.same(named, outer.first, patient))


def demographics(patient: Held, on: date | None) -> Iterator[Entry]:
    """Age in years on the day of service and sex, as the Patient resource says."""
    birth, sex = when(patient.resource.get("birthDate")), text(patient.resource.get("gender"), 20)
    if birth is not None and not birth.partial and on is not None and birth.day <= on:
        age = age_on(birth.day, on)
        yield Entry(
            kind="demographic", link="age", value=age, unit="a", source=patient.source,
            quote=f"age {age} on {on.isoformat()}",
        )  # fmt: skip
    if sex:
        yield Entry(kind="demographic", link="sex", value=sex, source=patient.source, quote=f"gender {sex}")


def diagnoses(opened: Opened, on: date | None) -> Iterator[Entry]:
    """The Claim's own diagnoses as conditions; one by reference is read from the Condition itself.

    A diagnosis is of the day it was recorded, or else of the Claim's; of the service's (``on``) where that came first,
    because it is given as the reason for the service, whenever it was written down.
    """
    claim = opened.first
    created = when(claim.resource.get("created"))
    for row in rows(claim.resource.get("diagnosis")):
        found = diagnosis_codes(opened, row)
        if not found or "diagnosisReference" in row:
            continue
        recorded = _recorded(row) or (created if created is not None and not created.partial else None)
        day = min(recorded.day, on or recorded.day) if recorded is not None else None
        yield Entry(
            kind="condition", codes=found, date=day,
            source=f"Claim#diagnosis.{row.get('sequence')}", segment=segment(claim.resource),
            quote=f"diagnosis {label(row.get('diagnosisCodeableConcept'))}",
        )  # fmt: skip


def _recorded(row: Json) -> When | None:
    held = (when(one.get("valueDate")) for one in extensions(row, names.DIAGNOSIS_RECORDED))
    return next((one for one in held if one is not None), None)


def _supporting(opened: Opened) -> Iterator[tuple[Held, Opened]]:
    """Every resource but the Claim and Patients; those of a Bundle in the Bundle (a form with its answers) too."""
    for held in opened.all():
        if held.resource is opened.first.resource or held.type == "Patient":
            continue
        yield held, opened
        if held.type == "Bundle":
            yield from _inside(held)


def _inside(outer: Held) -> Iterator[tuple[Held, Opened]]:
    inner = Opened(entries_of(outer.resource), outer)
    for held in inner.all():
        yield Held(held.resource, held.source, f"{outer.path}.{held.path.partition('.')[2]}", held.entry), inner


def _unread(held: Held, within: Opened) -> Iterator[str]:
    if held.type == "QuestionnaireResponse" and not finished(held):
        yield f"{held.path} is not completed and was not read."
    for path in without_data(held, within):
        yield f"{path} names a document but does not hold it."
