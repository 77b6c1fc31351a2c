"""What a PAS Claim asks for, line by line: code, amount, days, place, performer; how fast and of what kind it is."""

import copy
from datetime import date
from typing import Any

import pytest

from openum.core.codes import Code
from openum.core.request import Request
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.bundles import bundle, claim, concept, extension, item


def read(*items: Any, **more: Any) -> Request:
    return read_request(bundle(about=claim(*items, **more)))


# ---- lines -----------------------------------------------------------------------------------------------------


def test_the_billing_code_is_asked_for_and_its_translations_stand_beside_it() -> None:
    both = item(
        productOrService={
            "coding": [
                {"system": f"{b.X12}1365", "code": "18"},
                {"system": b.HCPCS, "code": "E1390", "display": "Concentrator"},
            ]
        },
        revenue=concept("https://www.nubc.org/CodeSystem/RevenueCodes", "0291"),
    )
    (line,) = read(both).lines
    assert line.code == Code("hcpcs", "E1390", "Concentrator")
    assert line.also == (Code("revenue", "0291"), Code(f"{b.X12}1365", "18"))


def test_a_code_of_an_unknown_system_keeps_the_systems_uri() -> None:
    (line,) = read(item(productOrService=concept("http://codes.example.org/ours", "oxy-1"))).lines
    assert line.code == Code("http://codes.example.org/ours", "oxy-1")


def test_a_line_that_says_not_applicable_is_asked_for_by_its_revenue_code() -> None:
    (line,) = read(
        item(
            productOrService=concept("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable"),
            revenue=concept("https://www.nubc.org/CodeSystem/RevenueCodes", "0120"),
        )
    ).lines
    assert line.code == Code("revenue", "0120")


@pytest.mark.parametrize(
    ("quantity", "amount", "unit"),
    [
        ({"value": 12, "unit": "visit"}, 12.0, "visit"),
        ({"value": 12, "system": f"{b.X12}673", "code": "VS"}, 12.0, "visit"),
        ({"value": 12, "unit": "visits", "system": "http://unitsofmeasure.org", "code": "1"}, 12.0, "visits"),
        ({"value": 12, "system": "http://unitsofmeasure.org", "code": "{visit}"}, 12.0, "{visit}"),
        ({"value": 1.5, "unit": "hours", "system": "http://unitsofmeasure.org", "code": "h"}, 1.5, "h"),
        ({"value": 3}, 3.0, ""),
        ({"value": 3, "comparator": ">", "unit": "visit"}, None, ""),
    ],
)  # fmt: skip
def test_quantities_keep_their_unit_and_inexact_ones_are_not_read(
    quantity: dict[str, Any], amount: float | None, unit: str
) -> None:
    (line,) = read(item(quantity=quantity)).lines
    assert (line.quantity, line.unit) == (amount, unit)


ORDERS = [
    ("ServiceRequest", {"quantityQuantity": {"value": 8, "unit": "visit"}, "occurrenceDateTime": "2026-04-01"}),
    ("MedicationRequest", {"dispenseRequest": {"quantity": {"value": 8, "unit": "visit"}}}),
    ("DeviceRequest", {"occurrencePeriod": {"start": "2026-04-01", "end": "2026-05-01"}}),
]


@pytest.mark.parametrize(("kind", "said"), ORDERS)
def test_what_the_item_leaves_out_is_read_from_the_order_it_names(kind: str, said: dict[str, Any]) -> None:
    order = {
        "resourceType": kind, "id": "order-1", "status": "active", "intent": "order",
        "subject": {"reference": "Patient/pat-1"}, "requester": {"reference": "Practitioner/prac-1"}, **said,
    }  # fmt: skip
    asked = item(extensions=[extension("requestedService", valueReference={"reference": f"{kind}/order-1"})])
    del asked["quantity"], asked["servicedDate"]
    made = bundle(about=claim(asked, careTeam=[]))
    made["entry"].append(b.entry(order))
    found = read_request(made)
    (line,) = found.lines
    assert line.quantity == (None if kind == "DeviceRequest" else 8.0)
    assert line.service_from == (None if kind == "MedicationRequest" else date(2026, 4, 1))
    assert line.service_to == (date(2026, 5, 1) if kind == "DeviceRequest" else None)
    assert found.ordering is not None
    assert found.ordering.npi == b.PHYSICIAN_NPI


def test_a_drug_that_is_asked_for_is_no_evidence_that_it_was_taken() -> None:
    order = {
        "resourceType": "MedicationRequest", "id": "order-1", "status": "active", "intent": "order",
        "medicationCodeableConcept": concept("http://www.nlm.nih.gov/research/umls/rxnorm", "1000"),
        "subject": {"reference": "Patient/pat-1"}, "authoredOn": "2026-03-01",
    }  # fmt: skip
    asked = item(extensions=[extension("requestedService", valueReference={"reference": "MedicationRequest/order-1"})])
    made = bundle(about=claim(asked))
    made["entry"].append(b.entry(order))
    assert [entry for entry in read_request(made).entries if entry.kind == "medication"] == []
    taken = bundle({**order, "id": "other"})
    assert [entry.codes for entry in read_request(taken).entries if entry.kind == "medication"] == [
        (Code("rxnorm", "1000"),)
    ]


def test_the_stay_dates_an_admission_and_nothing_else() -> None:
    stay = {
        "sequence": 1,
        "category": concept("http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", "admissionDates"),
        "timingPeriod": {"start": "2026-03-12", "end": "2026-03-15"},
    }
    undated = item()
    del undated["servicedDate"]
    admission = copy.deepcopy(undated)
    admission["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] = "AR"
    (line,) = read(admission, supportingInfo=[stay]).lines
    assert (line.service_from, line.service_to) == (date(2026, 3, 12), date(2026, 3, 15))
    (other,) = read(undated, supportingInfo=[stay]).lines
    assert (other.service_from, other.service_to) == (None, None)


def test_an_item_names_its_performer_and_faulty_pointers_are_warned_of() -> None:
    (line,) = read(item(careTeamSequence=[1])).lines
    assert line.performer is not None
    assert line.performer.npi == b.PHYSICIAN_NPI
    found = read(item(careTeamSequence=[9], diagnosisSequence=[8]))
    assert found.lines[0].performer is None
    assert found.lines[0].diagnoses == ()
    assert found.warnings == (
        "Bundle.entry[0].resource.item[0].diagnosisSequence names a diagnosis that is not on the Claim.",
        "Bundle.entry[0].resource.item[0].careTeamSequence names a care team member that is not on the Claim.",
    )


# ---- how fast and of what kind -------------------------------------------------------------------------------------


def level(code: str) -> list[Any]:
    return [extension("levelOfServiceCode", valueCodeableConcept=concept(f"{b.X12}1338", code))]


@pytest.mark.parametrize(
    ("said", "priority"),
    [
        ({}, "standard"),
        ({"priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "stat")}, "expedited"),
        ({"priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "deferred")}, "standard"),
        ({"extension": level("U")}, "expedited"),
        ({"extension": level("E")}, "standard"),
        ({"extension": level("03")}, "expedited"),
    ],
)
def test_the_senders_word_that_it_is_urgent_is_taken(said: dict[str, Any], priority: str) -> None:
    assert read(**said).priority == priority


def test_emergency_care_is_known_by_level_place_or_encounter() -> None:
    assert read(extension=level("03")).emergency is True
    assert read(extension=level("U")).emergency is False
    room = concept(b.POS, "23")
    assert read(item(locationCodeableConcept=room)).emergency is True
    assert read(item(1, locationCodeableConcept=room), item(2)).emergency is False
    visit = {
        "resourceType": "Encounter", "id": "e1", "status": "in-progress", "subject": {"reference": "Patient/pat-1"},
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "EMER"},
    }  # fmt: skip
    link = {
        "url": "http://hl7.org/fhir/5.0/StructureDefinition/extension-Claim.encounter",
        "valueReference": {"reference": "Encounter/e1"},
    }
    made = bundle(about=claim(extension=[link]))
    made["entry"].append(b.entry(visit))
    assert read_request(made).emergency is True
    made["entry"][-1]["resource"]["class"]["code"] = "AMB"
    assert read_request(made).emergency is False


def test_a_request_that_goes_on_from_an_authorization_is_concurrent() -> None:
    more = item(certification="4", extensions=[extension("authorizationNumber", valueString="A00000017")])
    found = read(more)
    assert (found.review_type, found.extends) == ("concurrent", "A00000017")
    first = read(item(extensions=[extension("authorizationNumber", valueString="A00000017")]))
    assert (first.review_type, first.extends) == ("prospective", "")


def test_a_request_for_care_that_all_lies_in_the_past_is_retrospective() -> None:
    yesterday, today = item(1, servicedDate="2026-03-01"), item(2, servicedDate="2026-03-02")
    assert read(yesterday).review_type == "retrospective"
    assert read(today).review_type == "prospective"
    assert read(yesterday, today).review_type == "prospective"


@pytest.mark.parametrize(
    ("serviced", "recorded", "day"),
    [
        ("2026-03-10", None, date(2026, 3, 2)),
        ("2026-03-10", "2026-02-20", date(2026, 2, 20)),
        ("2026-02-25", None, date(2026, 2, 25)),
        ("2026-02-25", "2026-03-01", date(2026, 2, 25)),
        ("2026-02-25", "2026-02-20", date(2026, 2, 20)),
    ],
)
def test_a_diagnosis_given_as_the_reason_for_a_service_is_of_no_later_day_than_the_service(
    serviced: str, recorded: str | None, day: date
) -> None:
    row: dict[str, Any] = {"sequence": 1, "diagnosisCodeableConcept": concept(b.ICD10, "J44.9")}
    if recorded:
        row["extension"] = [extension("diagnosisRecordedDate", valueDate=recorded)]
    found = read(item(servicedDate=serviced), diagnosis=[row])
    assert [one.date for one in found.entries if one.kind == "condition"] == [day]
