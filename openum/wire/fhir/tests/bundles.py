"""A whole, conforming PAS request Bundle (home oxygen), and ways to bend it for a test."""

from __future__ import annotations

import copy
from typing import Any

Json = dict[str, Any]

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
X12 = "https://codesystem.x12.org/005010/"
BASE = "http://ehr.example.org/fhir"
HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
POS = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
NPI = "http://hl7.org/fhir/sid/us-npi"

SELF = {"reference": "Patient/pat-1"}
PRACTICE_NPI, INSURER_NPI, PHYSICIAN_NPI = "1234567893", "1093817462", "1992739460"


def concept(system: str, code: str, **more: Any) -> Json:
    return {"coding": [{"system": system, "code": code, **more}]}


def extension(name: str, **value: Any) -> Json:
    return {"url": f"{PAS}extension-{name}", **value}


def entry(resource: Json) -> Json:
    return {"fullUrl": f"{BASE}/{resource['resourceType']}/{resource['id']}", "resource": resource}


def item(sequence: int = 1, code: str = "E1390", **more: Any) -> Json:
    return {
        "extension": [
            extension("serviceItemRequestType", valueCodeableConcept=concept(f"{X12}1525", "HS")),
            extension("certificationType", valueCodeableConcept=concept(f"{X12}1322", more.pop("certification", "I"))),
            extension("itemTraceNumber", valueIdentifier={"system": f"{BASE}/trace", "value": f"TRACE-{sequence}"}),
            *more.pop("extensions", []),
        ],
        "sequence": sequence,
        "diagnosisSequence": [1],
        "category": concept(f"{X12}1365", "18"),
        "productOrService": concept(HCPCS, code),
        "servicedDate": "2026-03-10",
        "locationCodeableConcept": concept(POS, "12"),
        "quantity": {"value": 1, "unit": "month"},
        **more,
    }  # fmt: skip


def claim(*items: Json, **more: Any) -> Json:
    return {
        "resourceType": "Claim",
        "id": "claim-1",
        "meta": {"profile": [f"{PAS}profile-claim"]},
        "identifier": [{"system": "urn:trnorg:9012345678", "value": "EVENT-1"}],
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "preauthorization",
        "patient": {"reference": "Patient/pat-1"},
        "created": "2026-03-02T10:00:00-05:00",
        "insurer": {"reference": "Organization/insurer"},
        "provider": {"reference": "Organization/practice"},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "careTeam": [
            {
                "extension": [extension("careTeamClaimScope", valueBoolean=True)],
                "sequence": 1,
                "provider": {"reference": "PractitionerRole/role-1"},
            }
        ],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(ICD10, "J44.9")}],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"reference": "Coverage/cov-1"}}],
        "item": list(items) or [item()],
        **more,
    }


def organization(own: str, name: str, npi: str, profile: str, kind: str) -> Json:
    return {
        "resourceType": "Organization",
        "id": own,
        "meta": {"profile": [f"{PAS}{profile}"]},
        "identifier": [{"system": NPI, "value": npi}],
        "active": True,
        "type": [concept(f"{X12}98", kind)],
        "name": name,
    }


def parties(member: str = "MBR-1001") -> list[Json]:
    return [
        organization("practice", "RIVERSIDE PULMONARY", PRACTICE_NPI, "profile-requestor", "1P"),
        organization("insurer", "HARBOR HEALTH PLAN", INSURER_NPI, "profile-insurer", "PR"),
        {
            "resourceType": "Patient",
            "id": "pat-1",
            "meta": {"profile": [f"{PAS}profile-beneficiary"]},
            "identifier": [
                {
                    "type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MB"),
                    "system": "http://harbor.example.org/members",
                    "value": member,
                }
            ],
            "name": [{"family": "Rivera", "given": ["Ana", "Maria"]}],
            "gender": "female",
            "birthDate": "1951-03-11",
        },
        {
            "resourceType": "Coverage",
            "id": "cov-1",
            "meta": {"profile": [f"{PAS}profile-coverage"]},
            "identifier": [{"type": concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MB"), "value": member}],
            "status": "active",
            "subscriberId": member,
            "beneficiary": {"reference": "Patient/pat-1"},
            "relationship": {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "self"},
                    {"system": f"{X12}1069", "code": "18"},
                ]
            },
            "payor": [{"reference": "Organization/insurer"}],
        },
        {
            "resourceType": "PractitionerRole",
            "id": "role-1",
            "meta": {"profile": [f"{PAS}profile-practitionerrole"]},
            "practitioner": {"reference": "Practitioner/prac-1"},
            "organization": {"reference": "Organization/practice"},
            "telecom": [{"system": "phone", "value": "5550100"}],
        },
        {
            "resourceType": "Practitioner",
            "id": "prac-1",
            "meta": {"profile": [f"{PAS}profile-practitioner"]},
            "identifier": [{"system": NPI, "value": PHYSICIAN_NPI}],
            "name": [{"family": "Okafor", "given": ["Ngozi"]}],
        },
    ]


def bundle(
    *supporting: Json, about: Json | None = None, member: str = "MBR-1001", number: str = "SUBMISSION-1"
) -> Json:
    """A request Bundle; every supporting resource is pointed to from the Claim (spec-20)."""
    made = copy.deepcopy(about if about is not None else claim())
    pointed = [
        {
            "extension": [
                extension(
                    "documentInformation",
                    extension=[{"url": "reportTypeCode", "valueCodeableConcept": concept(f"{X12}755", "PY")}],
                )
            ],
            "sequence": sequence,
            "category": concept("http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes", "additionalInformation"),
            "valueReference": {"reference": f"{one['resourceType']}/{one['id']}"},
        }
        for sequence, one in enumerate(supporting, 100)
    ]
    if pointed:
        made["supportingInfo"] = [*made.get("supportingInfo", []), *pointed]
    return {
        "resourceType": "Bundle",
        "id": "request-1",
        "meta": {"profile": [f"{PAS}profile-pas-request-bundle"]},
        "identifier": {"system": f"{BASE}/submissions", "value": number},
        "type": "collection",
        "timestamp": "2026-03-02T10:00:00-05:00",
        "entry": [entry(made), *map(entry, parties(member)), *map(entry, copy.deepcopy(list(supporting)))],
    }


def observation(own: str = "o1", code: str = "59408-5", **more: Any) -> Json:
    """An oxygen saturation of 86 % on 2026-03-01; a ``value…`` given replaces the 86 %."""
    value = {} if any(name.startswith(("value", "dataAbsent", "component")) for name in more) else {
        "valueQuantity": {"value": 86, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
    }  # fmt: skip
    return {
        "resourceType": "Observation",
        "id": own,
        "status": "final",
        "category": [concept("http://terminology.hl7.org/CodeSystem/observation-category", "laboratory")],
        "code": {"coding": [{"system": LOINC, "code": code}], "text": "SpO2"},
        "subject": {"reference": "Patient/pat-1"},
        "effectiveDateTime": "2026-03-01T09:30:00-05:00",
        **value,
        **more,
    }


def resource_of(made: Json, kind: str) -> Json:
    """The first resource of a type in a Bundle."""
    return next(row["resource"] for row in made["entry"] if row["resource"]["resourceType"] == kind)
