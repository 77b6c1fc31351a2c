"""Pieces of a chart as FHIR R4 resources that meet US Core; the form and the note too."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.chart import Value
from openum.core.codes import Code
from openum.world.charting import Piece
from openum.world.codes import uri
from openum.world.content import content
from openum.world.notes import Note

Json = dict[str, Any]
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"
FORMS = "https://openum.example/Questionnaire/"
CHOICES = "https://openum.example/CodeSystem/answers"
PROGRESS_NOTE = Code("loinc", "11506-3", "Progress note")
NO_UCUM = ("", "1")
NEGATIVE_STATUS, DONE = "not-done", "completed"


@dataclass(frozen=True, slots=True)
class About:
    """Whom a resource is about and who says so, as references of the Bundle; ``sent`` is the moment it went out."""

    patient: str
    author: str
    sent: str


def resource_of(piece: Piece, about: About) -> Json:
    """One piece as its resource; answers belong on the form (``form``)."""
    match piece.kind:
        case "observation":
            return _observation(piece, about)
        case "condition":
            return _condition(piece, about)
        case "procedure":
            return _procedure(piece, about)
        case "medication":
            return _medication(piece, about)
        case "answer":
            raise ValueError("An answer is written on the form.")


def coding(code: Code) -> Json:
    """A Coding with the system's URI."""
    found = {"system": uri(code.system), "code": code.value}
    return {**found, "display": code.display} if code.display else found


def concept(code: Code | None, words: str = "") -> Json:
    """A CodeableConcept of one code and what it is called."""
    found: Json = {"coding": [coding(code)]} if code is not None else {}
    return {**found, "text": words} if words else found


def _term(system: str, code: str) -> Json:
    return {"coding": [{"system": TERMINOLOGY + system, "code": code}]}


def _profile(name: str) -> Json:
    return {"profile": [US_CORE + name]}


def _observation(piece: Piece, about: About) -> Json:
    assert piece.code is not None  # noqa: S101 - only answers have none
    vital = piece.code.value in content("chart")["vital_signs"]
    category = "vital-signs" if vital else "laboratory" if piece.code.system == "loinc" else "procedure"
    return {
        "resourceType": "Observation",
        "meta": _profile("us-core-vital-signs" if vital else "us-core-observation-clinical-result"),
        "status": "entered-in-error" if piece.mistaken else "final",
        "category": [_term("observation-category", category)],
        "code": concept(piece.code, piece.words),
        "subject": {"reference": about.patient},
        "effectiveDateTime": piece.day.isoformat(),
        **_value(piece.value, piece.unit),
    }


def _value(value: Value | Code | None, unit: str) -> Json:
    if isinstance(value, Code):
        return {"valueCodeableConcept": concept(value)}
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int | float):
        held: Json = {"value": value}
        if unit not in NO_UCUM:
            held |= {"unit": unit, "system": UCUM, "code": unit}
        return {"valueQuantity": held}
    return {"valueString": str(value)}


def _condition(piece: Piece, about: About) -> Json:
    refuted = piece.negative
    found: Json = {
        "resourceType": "Condition",
        "meta": _profile("us-core-condition-problems-health-concerns"),
        "verificationStatus": _term("condition-ver-status", "refuted" if refuted else "confirmed"),
        "category": [_term("condition-category", "problem-list-item")],
        "code": concept(piece.code, piece.code.display if piece.code and piece.code.display else piece.words),
        "subject": {"reference": about.patient},
        "recordedDate": piece.day.isoformat(),
    }
    if not refuted:
        found |= {"clinicalStatus": _term("condition-clinical", "active"), "onsetDateTime": piece.day.isoformat()}
    return found


def _procedure(piece: Piece, about: About) -> Json:
    return {
        "resourceType": "Procedure",
        "meta": _profile("us-core-procedure"),
        "status": NEGATIVE_STATUS if piece.negative else DONE,
        "code": concept(piece.code, piece.words),
        "subject": {"reference": about.patient},
        "performedDateTime": piece.day.isoformat(),
    }


def _medication(piece: Piece, about: About) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "meta": _profile("us-core-medicationrequest"),
        "status": DONE,
        "intent": "order",
        "medicationCodeableConcept": concept(piece.code, piece.words),
        "subject": {"reference": about.patient},
        "authoredOn": piece.day.isoformat(),
        "requester": {"reference": about.author},
    }


def form(policy: str, answers: Iterable[Piece], about: About) -> Json:
    """The answered form of a policy."""
    return {
        "resourceType": "QuestionnaireResponse",
        "meta": _profile("us-core-questionnaireresponse"),
        "questionnaire": FORMS + policy.replace("/", "-"),
        "status": DONE,
        "subject": {"reference": about.patient},
        "authored": about.sent,
        "author": {"reference": about.author},
        "item": [
            {"linkId": piece.fact, "text": piece.words, "answer": [_answer(piece.value)]} for piece in answers
        ],
    }  # fmt: skip


def _answer(value: Value | Code | None) -> Json:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, float):
        return {"valueDecimal": value}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    said = str(value)
    return {"valueCoding": {"system": CHOICES, "code": said, "display": said.replace("_", " ")}}


def document(note: Note, about: About) -> Json:
    """A note as a document with its text inside."""
    return {
        "resourceType": "DocumentReference",
        "meta": {"profile": ["http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-documentreference"]},
        "status": "current",
        "type": concept(PROGRESS_NOTE),
        "category": [{"coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            "code": "clinical-note",
        }]}],
        "subject": {"reference": about.patient},
        "date": about.sent,
        "content": [{"attachment": {
            "contentType": "text/plain", "data": base64.b64encode(note.text.encode()).decode(), "title": note.title,
            "creation": note.day.isoformat(),
        }}],
    }  # fmt: skip


def address(held: Mapping[str, Any]) -> Json:
    """An address of the world as FHIR writes it."""
    return {
        "line": list(held["lines"]), "city": held["city"], "state": held["state"], "postalCode": held["zip"],
        "country": "US",
    }  # fmt: skip
