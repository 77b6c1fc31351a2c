"""The 12-condition criterion every engine is measured with, and the charts it is asked of.

The criterion is that of a shipped policy, the cases are the policy's own worked examples; each becomes a chart of fifty
FHIR resources in which what is given stands among things that have nothing to do with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from openum.core.answers import NO, YES, Answer
from openum.core.chart import Chart, Entry
from openum.core.codes import Code
from openum.core.criteria import fact_names
from openum.core.facts import FactDefinition, gather
from openum.core.policy import Policy
from openum.core.request import Line, asked_facts
from openum.librarian.examples import Example, example_document, examples_of
from openum.librarian.library import Library
from openum.librarian.read import SHIPPED
from openum.librarian.shelf import read_shelves
from openum.wire.fhir.reading_answers import answers
from openum.wire.fhir.reading_bundle import open_bundle
from openum.wire.fhir.reading_chart import chart_entries

POLICY = "surgery/bariatric@2013-09-24"
CONDITIONS = 12
RESOURCES = 50
NOISE = ("8867-4", "8480-6", "8462-4", "2339-0", "2160-0", "718-7", "6690-2", "777-3", "2951-2", "2823-3")
"""LOINC: heart rate, two blood pressures, glucose, creatinine, hemoglobin, two counts, sodium, potassium."""
DIAGNOSES = {
    "type_2_diabetes": "E11.9",
    "hypertension": "I10",
    "ischemic_heart_disease": "I25.10",
    "obstructive_sleep_apnea": "G47.33",
}
"""A diagnosis from which each of these facts is read."""
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One case: the facts as given, the chart they stand in, what is asked for, and the answer promised."""

    name: str
    on: date
    code: str
    given: Mapping[str, Any]
    bundle: Json
    expect: Answer

    @property
    def line(self) -> Line:
        """The line that asks for it."""
        return Line(sequence=1, code=Code("cpt", self.code), quantity=1, service_from=self.on)

    @property
    def met(self) -> bool | None:
        """The answer as engines with a null say it."""
        return {YES: True, NO: False}.get(self.expect)


def policy_of(library: Library) -> Policy:
    """The policy whose criterion is measured."""
    found = library.policy(POLICY)
    assert found is not None, f"{POLICY} is not on the shelf"
    return found


def cases(library: Library) -> tuple[Asked, ...]:
    """Every worked example of the policy as a case."""
    written = next(one for shelf in read_shelves(SHIPPED) for one in shelf.policies if one.policy.key == POLICY)
    document, faults = example_document(written)
    assert document is not None, faults
    return tuple(_case(one) for one in examples_of(document, written.policy, library.facts))


def entries_of(bundle: Json) -> tuple[Entry, ...]:
    """What the chart in a Bundle says."""
    opened = open_bundle(bundle, "Claim")
    found = opened.all()
    read = (answers(one) if one.type == "QuestionnaireResponse" else chart_entries(one, opened) for one in found)
    return tuple(chain.from_iterable(read))


def gathered(policy: Policy, case: Asked, entries: tuple[Entry, ...], facts: Mapping[str, FactDefinition]) -> Chart:
    """The facts the policy asks for, gathered from entries."""
    return gather(facts, fact_names(policy.criteria), entries, on=case.on, asked=asked_facts(case.line))


def _case(example: Example) -> Asked:
    given, on = example.raw["given"], example.chart.on
    claim = {"resourceType": "Claim", "id": "claim"}
    chart = list(_chart(given, on))
    resources = [claim, {"resourceType": "Patient", "id": "patient"}, *chart, *_noise(on)][: RESOURCES + 1]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"http://ehr.example/fhir/{one['resourceType']}/{one['id']}", "resource": one}
                  for one in resources],
    }  # fmt: skip
    code = str(example.raw["asked"]["code"])
    return Asked(name=example.name, on=on, code=code, given=given, bundle=bundle, expect=example.expect)


def _chart(given: Mapping[str, Any], on: date) -> Iterator[Json]:
    for name, value in given.items():
        if name in DIAGNOSES:
            yield _condition(name.replace("_", "-"), DIAGNOSES[name], present=value)
        elif name == "body_mass_index":
            yield _observation("bmi", "39156-5", value, "kg/m2", on - timedelta(days=20))
            yield _observation("bmi-old", "39156-5", value + 9, "kg/m2", on - timedelta(days=400))
    answers = [name for name, value in given.items() if name not in DIAGNOSES and isinstance(value, bool)]
    yield {
        "resourceType": "QuestionnaireResponse", "id": "form", "status": "completed", "authored": on.isoformat(),
        "item": [{"linkId": name, "answer": [{"valueBoolean": given[name]}]} for name in answers],
    }  # fmt: skip


def _noise(on: date) -> Iterator[Json]:
    for number in range(RESOURCES):
        day = on - timedelta(days=7 * number + 3)
        yield _observation(f"noise-{number}", NOISE[number % len(NOISE)], 60 + number, "1", day)


def _observation(own: str, code: str, value: float, unit: str, day: date) -> Json:
    return {
        "resourceType": "Observation", "id": own, "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "subject": {"reference": "Patient/patient"}, "effectiveDateTime": day.isoformat(),
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip


def _condition(own: str, code: str, *, present: bool) -> Json:
    return {
        "resourceType": "Condition", "id": own,
        "verificationStatus": {"coding": [{"system": VERIFIED, "code": "confirmed" if present else "refuted"}]},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]},
        "subject": {"reference": "Patient/patient"},
    }  # fmt: skip
