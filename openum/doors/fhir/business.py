"""Which refusals are answers of the business (200, ``outcome`` error) and not faults of the message (4xx)."""

from __future__ import annotations

from collections.abc import Mapping

from openum.core.refusal import Refusal
from openum.wire.fhir.pas_answer import Problem
from openum.wire.fhir.pas_request import BUSINESS

PARTIES = frozenset({
    "unknown-member", "member-mismatch", "not-covered-on-date", "unknown-organization", "not-your-organization",
    "unknown-insurer",
})  # fmt: skip

PLACES: Mapping[str, str] = {
    "member": "Bundle.entry[0].resource.patient",
    "requester": "Bundle.entry[0].resource.provider",
    "insurer": "Bundle.entry[0].resource.insurer",
}
"""FHIRPath of what a room calls by a plain name."""


def is_business(refusal: Refusal) -> bool:
    """Whether a refusal says that a readable request is not taken."""
    return refusal.code in PARTIES or refusal.code in BUSINESS


def problem_of(refusal: Refusal) -> Problem:
    """The refusal as the wire writes it."""
    where = PLACES.get(refusal.where, refusal.where)
    return Problem(code=refusal.code, message=refusal.message, next=refusal.next, where=where)
