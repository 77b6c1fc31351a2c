"""PAS Bundles for the journeys: home oxygen that meets its criteria, lacks a datum, or misses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from openum.payer.conftest import OXYGEN
from openum.payer.flow.tests.test_walk import NEAR
from openum.wire.fhir.tests.bundles import SELF, bundle, claim, item

MEMBER = "MBR-1001"
"""The member number of the Bundles, for a test that enrolls the member."""


def form(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers as a QuestionnaireResponse."""
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "qr1",
        "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-questionnaireresponse"]},
        "questionnaire": "https://openum.example/Questionnaire/dme-home-oxygen",
        "status": "completed",
        "subject": SELF,
        "authored": "2026-03-02T09:00:00-05:00",
        "item": [{"linkId": name, "answer": [_answer(value)]} for name, value in answers.items()],
    }


def met(**more: Any) -> dict[str, Any]:
    """Home oxygen whose criteria are all met."""
    return bundle(form(OXYGEN), number="met", **more)


def missing(**more: Any) -> dict[str, Any]:
    """The same without the oxygen saturation."""
    return bundle(form({k: v for k, v in OXYGEN.items() if k != "spo2_at_rest_awake"}), number="missing", **more)


def near(**more: Any) -> dict[str, Any]:
    """Normal oxygen: the criteria are not met."""
    return bundle(form(NEAR), number="near", **more)


def undated(**more: Any) -> dict[str, Any]:
    """No date of service."""
    line = {name: value for name, value in item().items() if name != "servicedDate"}
    return bundle(form(OXYGEN), about=claim(line), number="undated", **more)


def written(folder: Path, **bundles: dict[str, Any]) -> Path:
    """The Bundles as files ``<name>.json`` of the folder."""
    for name, made in bundles.items():
        (folder / f"{name}.json").write_text(json.dumps(made), encoding="utf-8")
    return folder


def _answer(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    return {"valueCoding": {"code": value}} if isinstance(value, str) else {"valueDecimal": value}
