"""How sensitive a sender says a resource is: HL7 security labels as our segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openum.core.chart import Segment
from openum.core.segments import stricter
from openum.wire.fhir.reading_values import obj, rows, text

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"

LABELS: Mapping[str, Segment] = {
    "42CFRPart2": "sud_part2",
    "ETH": "sud_part2",
    "ETHUD": "sud_part2",
    "OPIOIDUD": "sud_part2",
    "BH": "mental_health",
    "MH": "mental_health",
    "PSY": "mental_health",
    "PSYTHPN": "psychotherapy_notes",
    "HIV": "hiv",
    "SEX": "reproductive",
}
"""Codes of HL7 v3 ActCode (information sensitivity and privacy policies) that name one of our segments.

From knowledge of the HL7 terminology; the published code system would confirm it. The sender's label and the payer's
own code lists are both heeded, the stricter one holds (``openum.records.documents``).
"""


def segment(*elements: Any) -> Segment:
    """The strictest segment that ``meta.security`` or a ``securityLabel`` of these elements names."""
    found: Segment = "general"
    for element in elements:
        held = obj(element)
        concepts = [*rows(obj(held.get("meta")).get("security"))]
        concepts += [coding for label in rows(held.get("securityLabel")) for coding in rows(label.get("coding"))]
        for coding in concepts:
            if text(coding.get("system")) == ACT_CODE:
                found = stricter(found, LABELS.get(text(coding.get("code")), "general"))
    return found
