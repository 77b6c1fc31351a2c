"""A case as the Bundle its practice sends: PAS 2.2.1, every reference inside, every id made from the case's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openum.core.codes import Code
from openum.world.asking import Asking
from openum.world.case import Case
from openum.world.codes import packages
from openum.world.content import icd10cm
from openum.world.identifiers import uuid
from openum.world.resources import TERMINOLOGY, About, Json, address, coding, concept, document, form, resource_of

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
TEMP_CODES = "http://hl7.org/fhir/us/davinci-pas/CodeSystem/PASTempCodes"
PLACES = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"
NPI = "http://hl7.org/fhir/sid/us-npi"
ENCOUNTER = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Claim.encounter"
ADMISSION_PRIORITY, EMERGENCY, URGENT = "https://www.nubc.org/CodeSystem/PriorityTypeOfAdmitOrVisit", "1", "2"
NOT_APPLICABLE = {"coding": [{"system": f"{TERMINOLOGY}data-absent-reason", "code": "not-applicable"}]}
REPORT = "PY"
"""X12 755, a report of the physician, as the guide's examples use it."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each resource of one Bundle stands."""

    case: Case

    def url(self, *name: str | int) -> str:
        """The fullUrl of a resource by what it is."""
        return f"urn:uuid:{uuid(self.case.world, *self.key(name[0]), *name)}"

    def key(self, kind: str | int) -> tuple[str | int, ...]:
        """Whose name a resource bears: parties keep theirs from one Bundle to the next, the rest is the case's."""
        case = self.case
        parties: Mapping[str | int, tuple[str | int, ...]] = {
            "Patient": (case.member.number,), "Coverage": (case.member.number,), "Insurer": (case.payer.slug,),
            "Requestor": (case.organization.slug,), "Practitioner": (case.clinician.npi,),
            "PractitionerRole": (case.clinician.npi,),
        }  # fmt: skip
        return parties.get(kind, (case.submission,))

    def to(self, *name: str | int) -> Json:
        """A Reference to it."""
        return {"reference": self.url(*name)}


def bundle_of(case: Case) -> Json:
    """The whole request Bundle."""
    places = _Places(case)
    about = About(places.url("Patient"), places.url("Practitioner"), case.sent_at.isoformat())
    evidence = list(_evidence(case, places, about))
    found = [("Claim", _claim(case, places, [url for url, _ in evidence])), *_parties(case, places)]
    entries = [(places.url(name), resource) for name, resource in found] + evidence
    return {
        "resourceType": "Bundle",
        "id": uuid(case.world, case.submission, "Bundle"),
        "meta": {"profile": [f"{PAS}profile-pas-request-bundle"]},
        "identifier": {"system": _system(case, "submission"), "value": case.submission},
        "type": "collection",
        "timestamp": case.sent_at.isoformat(),
        "entry": [{"fullUrl": url, "resource": _numbered(url, resource)} for url, resource in entries],
    }


def _numbered(url: str, resource: Json) -> Json:
    return {"resourceType": resource["resourceType"], "id": url.rpartition(":")[2], **resource}


def _system(case: Case, what: str) -> str:
    return f"https://{case.organization.slug}.example/{what}"


# ---- the Claim -------------------------------------------------------------------------------------------------


def _claim(case: Case, places: _Places, evidence: list[str]) -> Json:
    asking = case.asking
    return {
        "resourceType": "Claim",
        "meta": {"profile": [f"{PAS}profile-claim"]},
        **_levels(case, places),
        "identifier": [{"system": _system(case, "claim"), "value": f"{case.submission}-C"}],
        "status": "active",
        "type": {"coding": [{"system": f"{TERMINOLOGY}claim-type", "code": asking.claim_type}]},
        "use": "preauthorization",
        "patient": places.to("Patient"),
        "created": case.sent_at.isoformat(),
        "insurer": places.to("Insurer"),
        "provider": places.to("Requestor"),
        "priority": {"coding": [{"system": f"{TERMINOLOGY}processpriority", "code": _priority(asking)}]},
        "careTeam": [{
            "extension": [{"url": f"{PAS}extension-careTeamClaimScope", "valueBoolean": True}], "sequence": 1,
            "provider": places.to("PractitionerRole"),
        }],
        **({"supportingInfo": [_supporting(n, url) for n, url in enumerate(evidence, 1)]} if evidence else {}),
        "diagnosis": [_diagnosis(case, number, code) for number, code in enumerate(asking.diagnoses, 1)],
        "insurance": [{"sequence": 1, "focal": True, "coverage": places.to("Coverage")}],
        "item": [_item(case)],
    }  # fmt: skip


def _priority(asking: Asking) -> str:
    return "stat" if asking.urgent or asking.emergency else "normal"


def _levels(case: Case, places: _Places) -> Json:
    found = []
    if case.asking.urgent:
        found.append(_coded("extension-levelOfServiceCode", "1338", "U"))
    if case.has_encounter:
        found.append({"url": ENCOUNTER, "valueReference": places.to("Encounter")})
    return {"extension": found} if found else {}


def _coded(name: str, list_number: str, code: str) -> Json:
    return {"url": f"{PAS}{name}", "valueCodeableConcept": _x12(list_number, code)}


def _x12(list_number: str, code: str) -> Json:
    return {"coding": [{"system": f"https://codesystem.x12.org/005010/{list_number}", "code": code}]}


def _supporting(number: int, url: str) -> Json:
    return {
        "extension": [{
            "url": f"{PAS}extension-documentInformation",
            "extension": [{"url": "reportTypeCode", "valueCodeableConcept": _x12("755", REPORT)}],
        }],
        "sequence": number,
        "category": {"coding": [{"system": TEMP_CODES, "code": "additionalInformation"}]},
        "valueReference": {"reference": url},
    }  # fmt: skip


def _diagnosis(case: Case, number: int, code: str) -> Json:
    return {
        "extension": [{"url": f"{PAS}extension-diagnosisRecordedDate", "valueDate": case.sent_at.date().isoformat()}],
        "sequence": number,
        "diagnosisCodeableConcept": concept(Code("icd10cm", code, icd10cm().get(code, ""))),
    }


def _item(case: Case) -> Json:
    asking = case.asking
    revenue = asking.code.system == "revenue"
    found: Json = {
        "extension": [
            _coded("extension-serviceItemRequestType", "1525", asking.request_type),
            _coded("extension-certificationType", "1322", asking.certification),
            {
                "url": f"{PAS}extension-itemTraceNumber",
                "valueIdentifier": {"system": _system(case, "trace"), "value": f"{case.submission}-1"},
            },
        ],
        "sequence": 1,
        "diagnosisSequence": list(range(1, len(asking.diagnoses) + 1)),
        **({"revenue": {"coding": [coding(asking.code)]}} if revenue else {}),
        "category": _x12("1365", asking.category),
        "productOrService": _product(asking),
        **_days(asking),
        "locationCodeableConcept": {"coding": [{"system": PLACES, "code": asking.place}]},
    }
    if asking.quantity is not None:
        found["quantity"] = {"value": asking.quantity, "unit": asking.unit}
    return found


def _product(asking: Asking) -> Json:
    if asking.code.system == "revenue":
        return NOT_APPLICABLE
    return {"coding": [coding(code) for code in (asking.code, *packages(asking.code))]}


def _days(asking: Asking) -> Json:
    if asking.last is None:
        return {"servicedDate": asking.first.isoformat()}
    return {"servicedPeriod": {"start": asking.first.isoformat(), "end": asking.last.isoformat()}}


# ---- who is who ------------------------------------------------------------------------------------------------


def _parties(case: Case, places: _Places) -> Iterator[tuple[str, Json]]:
    payer, organization = case.payer, case.organization
    yield "Patient", _patient(case)
    yield "Coverage", _coverage(case, places)
    yield "Insurer", _organization("profile-insurer", "PR", payer.name, payer.npi)
    yield "Requestor", {
        **_organization("profile-requestor", "X3", organization.name, organization.npi),
        "telecom": [{"system": "phone", "value": organization.phone}], "address": [address(organization.address)],
    }  # fmt: skip
    yield "PractitionerRole", _role(case, places)
    yield "Practitioner", _practitioner(case)
    if case.has_encounter:
        yield "Encounter", _encounter(case, places)


def _patient(case: Case) -> Json:
    member = case.member
    return {
        "resourceType": "Patient",
        "meta": {"profile": [f"{PAS}profile-beneficiary"]},
        "identifier": [_member_identifier(case)],
        "name": [{"family": member.family, "given": [member.given]}],
        "gender": member.sex,
        "birthDate": member.birth_date.isoformat(),
        "address": [address(member.address)],
    }


def _member_identifier(case: Case) -> Json:
    return {
        "type": {"coding": [{"system": f"{TERMINOLOGY}v2-0203", "code": "MB"}]},
        "system": f"https://{case.payer.slug}.example/members",
        "value": case.member.number,
    }


def _role(case: Case, places: _Places) -> Json:
    clinician = case.clinician
    return {
        "resourceType": "PractitionerRole",
        "meta": {"profile": [f"{PAS}profile-practitionerrole"]},
        "practitioner": places.to("Practitioner"),
        "organization": places.to("Requestor"),
        "specialty": [concept(Code("nucc", clinician.taxonomy, clinician.specialty))],
        "telecom": [{"system": "phone", "value": case.organization.phone}],
    }


def _practitioner(case: Case) -> Json:
    clinician = case.clinician
    return {
        "resourceType": "Practitioner",
        "meta": {"profile": [f"{PAS}profile-practitioner"]},
        "identifier": [{"system": NPI, "value": clinician.npi}],
        "name": [{"family": clinician.family, "given": [clinician.given], "prefix": ["Dr."]}],
    }


def _organization(profile: str, entity: str, name: str, npi: str) -> Json:
    return {
        "resourceType": "Organization",
        "meta": {"profile": [f"{PAS}{profile}"]},
        "identifier": [{"system": NPI, "value": npi}],
        "active": True,
        "type": [_x12("98", entity)],
        "name": name,
    }


def _coverage(case: Case, places: _Places) -> Json:
    member = case.member
    return {
        "resourceType": "Coverage",
        "meta": {"profile": [f"{PAS}profile-coverage"]},
        "identifier": [_member_identifier(case)],
        "status": "active",
        "subscriberId": member.number,
        "beneficiary": places.to("Patient"),
        "relationship": {"coding": [
            {"system": f"{TERMINOLOGY}subscriber-relationship", "code": "self"},
            {"system": "https://codesystem.x12.org/005010/1069", "code": "18"},
        ]},
        "period": {"start": member.coverage_start.isoformat()},
        "payor": [places.to("Insurer")],
        "class": [{
            "type": {"coding": [{"system": f"{TERMINOLOGY}coverage-class", "code": "plan"}]},
            "value": case.plan.code, "name": case.plan.name,
        }],
    }  # fmt: skip


def _encounter(case: Case, places: _Places) -> Json:
    asking = case.asking
    end = asking.last or asking.first
    return {
        "resourceType": "Encounter",
        "meta": {"profile": [f"{PAS}profile-encounter"]},
        "status": "planned",
        "class": {
            "system": f"{TERMINOLOGY}v3-ActCode",
            "code": "EMER" if asking.emergency else "IMP" if asking.request_type == "AR" else "AMB",
        },
        "type": [{"coding": [{"system": ADMISSION_PRIORITY, "code": EMERGENCY if asking.emergency else URGENT}]}],
        "subject": places.to("Patient"),
        "period": {"start": asking.first.isoformat(), "end": end.isoformat()},
    }  # fmt: skip


# ---- the evidence ----------------------------------------------------------------------------------------------


def _evidence(case: Case, places: _Places, about: About) -> Iterator[tuple[str, dict[str, Any]]]:
    answers = [piece for piece in case.pieces if piece.kind == "answer"]
    if answers:
        yield places.url("QuestionnaireResponse"), form(case.policy_id, answers, about)
    for number, piece in enumerate((piece for piece in case.pieces if piece.kind != "answer"), 1):
        yield places.url("evidence", number), resource_of(piece, about)
    if case.note is not None:
        yield places.url("DocumentReference"), document(case.note, about)
