"""What the measuring side says to the FHIR door, and how it reads an answer."""

from __future__ import annotations

FHIR = "application/fhir+json"
SUBMIT, METADATA, TOKEN = "/fhir/pas/2.2.1/Claim/$submit", "/fhir/pas/2.2.1/metadata", "/token"
_ACTION = b'"code":"A'


def action(body: bytes) -> str:
    """The review action (X12 306: ``A1`` certified …) that a response Bundle names first; empty where there is none."""
    at = body.find(_ACTION)
    return body[at + 8 : at + 10].decode() if at >= 0 else ""
