"""A chart made fit to be sent with a PAS Claim: what the profiles ask for is added, what leads out is cut.

A sender's system does the same when it maps its record: a Condition gets its US Core category, an order its requester,
a code loses a stray space. No finding, value, status or day is touched.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]

TERMS = "http://terminology.hl7.org/CodeSystem"
POINTED_AT = frozenset({"Condition", "MedicationRequest", "Observation", "Procedure"})
"""What PAS lets Claim.supportingInfo point at; the rest of a chart goes in a Bundle of its own, or hangs on these."""
STATUSES = (
    ("clinicalStatus", "condition-clinical", "active"),
    ("verificationStatus", "condition-ver-status", "confirmed"),
)


def fitted(chart: Iterable[Json], person: Json) -> tuple[Json, ...]:
    """The resources a Claim points at, the last of them a Bundle with those that it may not point at itself."""
    held = [one for one in map(_fit, chart) if _says_what(one)]
    own = f"Patient/{person['id']}"
    pointed = _closed([one for one in held if one["resourceType"] in POINTED_AT], own)
    rest = _closed([one for one in held if one["resourceType"] not in POINTED_AT], own)
    return (*pointed, *([_bundled(rest, person)] if rest else []))


def _closed(held: list[Json], own: str) -> list[Json]:
    within = {own, "Practitioner/prac-1", *(f"{one['resourceType']}/{one['id']}" for one in held)}
    return [{name: value for name, value in one.items() if _leads_nowhere_else(value, within)} for one in held]


def _leads_nowhere_else(value: Any, within: set[str]) -> bool:
    return all(one in within or one.startswith("#") for one in references(value))


def _bundled(held: list[Json], person: Json) -> Json:
    base = "http://ehr.example.org/fhir"
    bare = {name: person[name] for name in ("resourceType", "id", "birthDate", "gender")}
    entries = [
        {"fullUrl": f"{base}/{one['resourceType']}/{one['id']}", "resource": _without_practice(one)}
        for one in (bare, *held)
    ]
    return {"resourceType": "Bundle", "id": "chart-rest", "type": "collection", "entry": entries}


def _says_what(resource: Json) -> bool:
    """Whether a drug is named in the resource itself; one that stands in a record of its own is not sent along."""
    if not resource["resourceType"].startswith("Medication"):
        return True
    return "medicationCodeableConcept" in resource or _reference(resource).startswith("#")


def _reference(resource: Json) -> str:
    return str(resource.get("medicationReference", {}).get("reference", ""))


def _without_practice(resource: Json) -> Json:
    return {name: value for name, value in resource.items() if "Practitioner/prac-1" not in references(value)}


def _fit(resource: Json) -> Json:
    made = _without_stray_space(copy.deepcopy(resource))
    if made["resourceType"] == "Condition":
        made["category"] = [{"coding": [{"system": f"{TERMS}/condition-category", "code": "problem-list-item"}]}]
        for name, system, usual in STATUSES:
            said = made.get(name, {"coding": [{"code": usual}]})
            made[name] = {"coding": [{"system": f"{TERMS}/{system}", "code": said["coding"][0]["code"]}]}
    contained = {one["id"] for one in made.pop("contained", []) if _reference(made) == f"Medication/{one['id']}"}
    if contained:
        made["contained"] = [one for one in copy.deepcopy(resource["contained"]) if one["id"] in contained]
        made["medicationReference"] = {"reference": f"#{made['contained'][0]['id']}"}
    if made["resourceType"] == "Observation" and isinstance(made.get("interpretation"), dict):
        made["interpretation"] = [made["interpretation"]]
    if made["resourceType"] == "MedicationDispense":
        made.pop("intent", None)  # no element of R4; a slip of the seed
    if made["resourceType"] == "MedicationRequest":
        made["requester"] = {"reference": "Practitioner/prac-1"}
    return made


def _without_stray_space(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_stray_space(one) for one in value]
    if isinstance(value, dict):
        return {
            name: one.strip() if name == "code" and isinstance(one, str) else _without_stray_space(one)
            for name, one in value.items()
        }
    return value


def references(value: Any) -> Iterator[str]:
    """Every literal reference under a value."""
    if isinstance(value, list):
        for one in value:
            yield from references(one)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for one in value.values():
            yield from references(one)
