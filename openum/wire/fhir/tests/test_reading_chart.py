"""What each supporting resource says as chart entries, and what it must not be read to say."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from openum.core.chart import Entry
from openum.core.codes import Code
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.bundles import bundle, concept, observation
from openum.wire.fhir.tests.charts import SELF, made, read, request

SHARED = Path(__file__).parents[4] / "../shared/data"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


# ---- observations ----------------------------------------------------------------------------------------------


def test_a_measured_value_is_read_with_its_unit_day_moment_source_and_words() -> None:
    assert read(observation()) == (
        Entry(
            kind="observation",
            codes=(Code("loinc", "59408-5"),),
            value=86,
            unit="%",
            date=date(2026, 3, 1),
            at=datetime(2026, 3, 1, 14, 30, tzinfo=UTC),
            source="Observation/o1",
            quote="SpO2 86 % on 2026-03-01",
        ),
    )


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ({"valueInteger": 3}, [3]),
        ({"valueBoolean": False}, [False]),
        ({"valueString": "normal"}, ["normal"]),
        ({"valueDateTime": "2026-02-01T10:00:00Z"}, [date(2026, 2, 1)]),
        ({"valueTime": "10:00:00"}, ["10:00:00"]),
        ({"valueCodeableConcept": concept(b.SNOMED, "8517006")}, [Code("snomed", "8517006")]),
        ({"valueCodeableConcept": {"text": "never smoked"}}, ["never smoked"]),
        (
            {"valueCodeableConcept": concept("http://terminology.hl7.org/CodeSystem/v2-0136", "Y")},
            [True, Code("http://terminology.hl7.org/CodeSystem/v2-0136", "Y")],
        ),
        ({"valueQuantity": {"value": 90, "comparator": "<", "unit": "%"}}, [None]),
        ({"valueQuantity": {"unit": "%"}}, [None]),
        ({"valueRange": {"low": {"value": 1}}}, [None]),
        ({"dataAbsentReason": concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")}, []),
    ],
)
def test_every_type_of_value_is_read_and_an_inexact_one_is_no_value(said: dict[str, Any], values: list[Any]) -> None:
    assert [entry.value for entry in read(observation(**said))] == values


def test_a_comparator_stays_in_the_words() -> None:
    (entry,) = read(observation(valueQuantity={"value": 90, "comparator": "<", "unit": "%"}))
    assert (entry.value, entry.quote) == (None, "SpO2 <90 % on 2026-03-01")


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered", "unknown", None])
def test_an_observation_that_does_not_stand_is_not_read(status: str | None) -> None:
    assert read(observation(status=status)) == ()


@pytest.mark.parametrize("status", ["final", "amended", "corrected", "preliminary"])
def test_an_observation_that_stands_is_read(status: str) -> None:
    assert len(read(observation(status=status))) == 1


def test_components_are_read_by_their_own_codes() -> None:
    pressure = observation(
        "bp", "85354-9",
        component=[
            {"code": concept(b.LOINC, "8480-6"), "valueQuantity": {"value": 150, "unit": "mmHg", "code": "mm[Hg]"}},
            {"code": concept(b.LOINC, "8462-4"), "dataAbsentReason": {"text": "not measured"}},
        ],
    )  # fmt: skip
    assert [(entry.codes[0].value, entry.value) for entry in read(pressure)] == [("85354-9", None), ("8480-6", 150)]


def test_a_partial_date_never_makes_evidence_look_newer() -> None:
    (entry,) = read(observation(effectiveDateTime="2026-02"))
    assert (entry.date, entry.at, entry.quote) == (date(2026, 2, 1), None, "SpO2 86 %")


def test_days_come_from_the_period_or_the_issue_and_impossible_ones_from_nowhere() -> None:
    ranged, issued, never = observation(), observation(), observation(effectiveDateTime="0004-02-01")
    del ranged["effectiveDateTime"], issued["effectiveDateTime"]
    ranged["effectivePeriod"] = {"start": "2026-02-01", "end": "2026-02-03"}
    issued["issued"] = "2026-02-05T10:00:00+01:00"
    assert [(e.date, e.ended) for e in read(ranged)] == [(date(2026, 2, 1), date(2026, 2, 3))]
    assert [e.date for e in read(issued)] == [date(2026, 2, 5)]
    assert [e.date for e in read(never)] == [None]


# ---- whose it is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/mother"},
        {"reference": "http://elsewhere.example.org/fhir/Patient/pat-1"},
        {"reference": "Group/study"},
        {"identifier": {"system": "http://harbor.example.org/members", "value": "MBR-2002"}},
    ],
)
def test_what_is_about_somebody_else_is_not_read_and_that_is_said(subject: dict[str, Any]) -> None:
    found = request(observation(subject=subject))
    assert [entry for entry in found.entries if entry.kind == "observation"] == []
    assert (
        "Bundle.entry[7].resource is about somebody else than the Claim's patient and was not read." in found.warnings
    )


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient/pat-1"},
        {"reference": "http://ehr.example.org/fhir/Patient/pat-1"},
        {"identifier": {"system": "http://harbor.example.org/members", "value": "MBR-1001"}},
        {"display": "Ana Rivera"},
        None,
    ],
)
def test_what_is_about_the_member_or_names_nobody_is_read(subject: dict[str, Any] | None) -> None:
    assert len(read(observation(subject=subject))) == 1


# ---- conditions, procedures, medications -----------------------------------------------------------------------


def condition(**more: Any) -> dict[str, Any]:
    coded = concept(b.ICD10, "G47.33", display="Obstructive sleep apnea")
    return made("Condition", **{"code": coded, "onsetDateTime": "2020-05-01", **more})


def status(system: str, code: str) -> dict[str, Any]:
    return concept(f"http://terminology.hl7.org/CodeSystem/{system}", code)


def test_a_condition_is_there_from_its_onset() -> None:
    (entry,) = read(condition())
    assert (entry.kind, entry.codes) == ("condition", (Code("icd10cm", "G47.33", "Obstructive sleep apnea"),))
    assert (entry.date, entry.ended, entry.denied) == (date(2020, 5, 1), None, False)
    assert entry.quote == "Obstructive sleep apnea on 2020-05-01"


def test_a_refuted_condition_is_denied() -> None:
    (entry,) = read(condition(verificationStatus=status("condition-ver-status", "refuted")))
    assert (entry.denied, entry.quote) == (True, "no Obstructive sleep apnea on 2020-05-01")


@pytest.mark.parametrize("sure", ["unconfirmed", "provisional", "differential", "entered-in-error"])
def test_a_suspected_condition_says_nothing(sure: str) -> None:
    assert read(condition(verificationStatus=status("condition-ver-status", sure))) == ()


def test_a_condition_that_is_over_ends() -> None:
    (dated,) = read(condition(abatementDateTime="2024-01-05"))
    assert dated.ended == date(2024, 1, 5)
    (recorded,) = read(condition(clinicalStatus=status("condition-clinical", "resolved"), recordedDate="2025-06-01"))
    assert (recorded.date, recorded.ended) == (date(2020, 5, 1), date(2025, 6, 1))
    undated = condition(clinicalStatus=status("condition-clinical", "resolved"))
    del undated["onsetDateTime"]
    assert read(undated) == ()


def test_an_onset_without_a_day_gives_way_to_the_day_of_recording() -> None:
    (entry,) = read(condition(onsetDateTime="2020", recordedDate="2020-06-07"))
    assert entry.date == date(2020, 6, 7)


@pytest.mark.parametrize(
    ("state", "denied"),
    [("completed", False), ("in-progress", False), ("not-done", True), ("preparation", None), ("stopped", None),
     ("on-hold", None), ("entered-in-error", None), ("unknown", None)],
)  # fmt: skip
def test_a_procedure_counts_when_it_was_done(state: str, denied: bool | None) -> None:
    done = made("Procedure", status=state, code=concept(b.SNOMED, "70536003"), performedPeriod={"start": "2026-01-02"})
    assert [(e.kind, e.date, e.denied) for e in read(done)] == (
        [] if denied is None else [("procedure", date(2026, 1, 2), denied)]
    )


DRUG = concept(RXNORM, "105585", display="methotrexate 2.5 MG Oral Tablet")


@pytest.mark.parametrize(
    ("resource", "denied"),
    [
        (made("MedicationRequest", status="active", intent="order", medicationCodeableConcept=DRUG), False),
        (made("MedicationRequest", status="completed", intent="order", medicationCodeableConcept=DRUG), False),
        (made("MedicationRequest", status="draft", intent="order", medicationCodeableConcept=DRUG), None),
        (made("MedicationRequest", status="active", intent="proposal", medicationCodeableConcept=DRUG), None),
        (made("MedicationRequest", status="cancelled", intent="order", medicationCodeableConcept=DRUG), None),
        (
            made("MedicationRequest", status="active", intent="order", medicationCodeableConcept=DRUG)
            | {"doNotPerform": True},
            True,
        ),
        (made("MedicationStatement", status="completed", medicationCodeableConcept=DRUG), False),
        (made("MedicationStatement", status="not-taken", medicationCodeableConcept=DRUG), True),
        (made("MedicationStatement", status="intended", medicationCodeableConcept=DRUG), None),
        (made("MedicationDispense", status="completed", medicationCodeableConcept=DRUG), False),
        (made("MedicationDispense", status="declined", medicationCodeableConcept=DRUG), None),
        (made("MedicationAdministration", status="completed", medicationCodeableConcept=DRUG), False),
        (made("MedicationAdministration", status="not-done", medicationCodeableConcept=DRUG), True),
    ],
    ids=lambda value: f"{value['resourceType']}-{value['status']}" if isinstance(value, dict) else str(value),
)  # fmt: skip
def test_a_medication_counts_when_it_was_ordered_taken_or_given(resource: dict[str, Any], denied: bool | None) -> None:
    assert [(e.kind, e.denied) for e in read(resource)] == ([] if denied is None else [("medication", denied)])


def test_a_medication_by_reference_is_read_from_the_bundle_or_from_inside_the_resource() -> None:
    drug = {"resourceType": "Medication", "id": "drug", "code": DRUG}
    outside = made("MedicationStatement", status="active", medicationReference={"reference": "Medication/drug"})
    inside = made("MedicationStatement", status="active", contained=[drug], medicationReference={"reference": "#drug"})
    assert [entry.codes[0].value for entry in read(outside, drug)] == ["105585"]
    assert [entry.codes[0].value for entry in read(inside)] == ["105585"]


@pytest.mark.parametrize(
    ("name", "span", "expected"),
    [("MedicationStatement", {"effectivePeriod": {"start": "2025-01-01", "end": "2025-06-30"}}, date(2025, 1, 1)),
     ("MedicationRequest", {"authoredOn": "2025-01-01", "intent": "order"}, date(2025, 1, 1)),
     ("MedicationDispense", {"whenHandedOver": "2025-01-01T08:00:00Z"}, date(2025, 1, 1))],
)  # fmt: skip
def test_a_medication_has_the_day_it_was_ordered_taken_or_handed_over(name: str, span: Any, expected: date) -> None:
    (entry,) = read(made(name, status="completed", medicationCodeableConcept=DRUG, **span))
    assert entry.date == expected
    assert entry.ended == (date(2025, 6, 30) if name == "MedicationStatement" else None)


def test_encounters_immunizations_and_bills_are_read_and_plans_are_not() -> None:
    visit = made(
        "Encounter", status="finished", type=[concept(b.SNOMED, "185349003")], period={"start": "2026-02-01"},
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}},
    )  # fmt: skip
    assert [(e.kind, e.codes[1].value, e.date) for e in read(visit)] == [("encounter", "185349003", date(2026, 2, 1))]
    assert read({**visit, "status": "planned"}) == ()
    shot = made("Immunization", status="completed", vaccineCode=concept("http://hl7.org/fhir/sid/cvx", "140"),
                patient=SELF, occurrenceDateTime="2025-10-01")  # fmt: skip
    assert [(e.kind, e.codes[0]) for e in read(shot)] == [("procedure", Code("cvx", "140"))]
    bill = {
        "resourceType": "ExplanationOfBenefit", "id": "eob", "status": "active", "use": "claim", "patient": SELF,
        "billablePeriod": {"start": "2025-12-01"},
        "item": [{"sequence": 1, "productOrService": concept(b.HCPCS, "97110"), "servicedDate": "2025-12-03"},
                 {"sequence": 2, "productOrService": concept(b.HCPCS, "97140")}],
    }  # fmt: skip
    assert [(e.kind, e.codes[0].value, e.date) for e in read(bill)] == [
        ("claim", "97110", date(2025, 12, 3)), ("claim", "97140", date(2025, 12, 1)),
    ]  # fmt: skip
    assert read({**bill, "use": "preauthorization"}) == ()
    assert read({**bill, "status": "cancelled"}) == ()
    order = made("ServiceRequest", status="active", intent="order", code=concept(b.HCPCS, "97110"))
    assert read(order) == ()


def test_a_resource_of_a_kind_that_states_no_fact_is_passed_over() -> None:
    assert read(made("CarePlan", status="active", intent="order")) == ()


# ---- real charts -----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not (SHARED / "fhir_synthea_r4").exists(), reason="../shared/data/fhir_synthea_r4 is not here")
def test_whole_synthetic_charts_are_read() -> None:
    seen: dict[str, int] = {}
    for file in sorted((SHARED / "fhir_synthea_r4").glob("*.json.gz"))[:3]:
        chart = json.loads(gzip.decompress(file.read_bytes()))
        whole = bundle()
        patient = next(row for row in chart["entry"] if row["resource"]["resourceType"] == "Patient")
        whole["entry"][0]["resource"]["patient"] = {"reference": patient["fullUrl"]}
        whole["entry"] += [{"fullUrl": row["fullUrl"], "resource": row["resource"]} for row in chart["entry"]]
        found = read_request(whole)
        for entry in found.entries:
            seen[entry.kind] = seen.get(entry.kind, 0) + 1
            assert entry.source
        assert not [warning for warning in found.warnings if "somebody else" in warning]
    assert set(seen) == {"demographic", "condition", "observation", "procedure", "medication", "encounter", "claim"}
    assert seen["observation"] > 200
