"""A PAS 2.2.1 request Bundle for a patient's chart: one service asked for, the chart and the form behind it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openum.payer.intake.shelf import in_force
from openum.wire.fhir.tests.bundles import (
    HCPCS,
    ICD10,
    POS,
    X12,
    bundle,
    claim,
    concept,
    item,
    resource_of,
)
from tests.journeys.charts.fitting import fitted
from tests.journeys.charts.patients import Patient

Json = dict[str, Any]

SYSTEMS = {
    "hcpcs": HCPCS,
    "cpt": "http://www.ama-assn.org/go/cpt",
    "ndc": "http://hl7.org/fhir/sid/ndc",
    "revenue": "https://www.nubc.org/CodeSystem/RevenueCodes",
}
QUESTIONNAIRE = "http://payer.example.org/fhir/Questionnaire/criteria"
SERVICE = date(2026, 3, 10)
"""The day of service asked for."""
WRITTEN = "2026-03-05T16:00:00-05:00"
"""When Claim and form were written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a practice asks for. ``diagnoses`` are ICD-10-CM; ``form`` are answers by fact."""

    code: str
    system: str = "hcpcs"
    diagnoses: tuple[str, ...] = ("R69",)
    quantity: float = 1
    unit: str = "unit"
    place: str = "12"
    category: str = "18"
    kind: str = "HS"
    certification: str = "I"
    form: Mapping[str, Any] = field(default_factory=dict)
    forms: tuple[Json, ...] = ()


def request(patient: Patient, ask: Ask) -> Json:
    """The Bundle: Claim, parties, the patient under their own id, everything of the chart, the forms."""
    own = f"Patient/{patient.person['id']}"
    forms = [*([_form(ask, own)] if ask.form else []), *(_for(one, own) for one in ask.forms)]
    sent = (*fitted(patient.chart, patient.person), *forms)
    made: Json = _pointed(bundle(*sent, about=_claim(ask), member="MBR-CHART-1"), own)
    made["timestamp"] = WRITTEN
    _put_person(made, patient.person)
    return made


def _claim(ask: Ask) -> Json:
    line = item(
        code=ask.code, certification=ask.certification, category=concept(f"{X12}1365", ask.category),
        productOrService=concept(SYSTEMS[ask.system], ask.code), servicedDate=SERVICE.isoformat(),
        locationCodeableConcept=concept(POS, ask.place), quantity={"value": ask.quantity, "unit": ask.unit},
        diagnosisSequence=list(range(1, len(ask.diagnoses) + 1)),
    )  # fmt: skip
    if ask.system == "revenue":  # a stay is named by its service type, and its room by the revenue code
        line |= {"productOrService": line["category"], "revenue": concept(SYSTEMS["revenue"], ask.code)}
    line["extension"][0]["valueCodeableConcept"] = concept(f"{X12}1525", ask.kind)
    return claim(
        line,
        created=WRITTEN,
        diagnosis=[
            {"sequence": number, "diagnosisCodeableConcept": concept(ICD10, code)}
            for number, code in enumerate(ask.diagnoses, 1)
        ],
    )


def _form(ask: Ask, own: str) -> Json:
    """The answers as a finished form; its questions are the library's, named by fact."""
    facts = in_force().facts
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "form-1",
        "questionnaire": QUESTIONNAIRE,
        "status": "completed",
        "subject": {"reference": own},
        "authored": WRITTEN,
        "item": [
            {"linkId": name, "text": facts[name].question, "answer": [_answer(value)]}
            for name, value in ask.form.items()
        ],
    }


def _answer(value: Any) -> Json:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    return {"valueCoding": {"code": value}} if isinstance(value, str) else {"valueDecimal": value}


def _for(form: Json, own: str) -> Json:
    """A form of another system as an answer about this patient; its own questionnaire and narrative stay behind."""
    kept = {name: form[name] for name in ("resourceType", "id", "status", "authored", "item")}
    return _plain(copy.deepcopy({**kept, "questionnaire": QUESTIONNAIRE, "subject": {"reference": own}}))


def _plain(value: Any) -> Any:
    """Without extensions, and without answers that are records of that system."""
    if isinstance(value, list):
        return [_plain(one) for one in value if not isinstance(one, dict) or "valueReference" not in one]
    if isinstance(value, dict):
        made = {name: _plain(one) for name, one in value.items() if name != "extension"}
        return {name: one for name, one in made.items() if one != []}
    return value


def _pointed(value: Any, own: str) -> Any:
    """The fixture's patient replaced by this one, wherever a reference names it."""
    if isinstance(value, list):
        return [_pointed(one, own) for one in value]
    if isinstance(value, dict):
        return {
            name: own if (name, one) == ("reference", "Patient/pat-1") else _pointed(one, own)
            for name, one in value.items()
        }
    return value


def _put_person(made: Json, person: Json) -> None:
    """Name, birth date and sex as the chart has them; the member number is the payer's."""
    held = resource_of(made, "Patient")
    held |= {name: person[name] for name in ("id", "birthDate", "gender")}
    held["name"] = [{name: person["name"][0][name] for name in ("family", "given") if name in person["name"][0]}]
    for row in made["entry"]:
        if row["resource"] is held:
            row["fullUrl"] = f"{row['fullUrl'].rpartition('/')[0]}/{person['id']}"
