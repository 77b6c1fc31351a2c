"""Answers of the door: FHIR JSON, and refusals as exactly one OperationOutcome with a fitting status."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpResponse

from openum.core.refusal import Refusal
from openum.wire.fhir.outcomes import refusal_outcome

FHIR_JSON = "application/fhir+json; charset=utf-8"
JSON = "application/json"

STATUS: Mapping[str, tuple[int, str]] = {
    "not-signed-in": (401, "login"),
    "token-not-valid": (401, "login"),
    "scope-missing": (403, "forbidden"),
    "not-found": (404, "not-found"),
    "method-not-allowed": (405, "not-supported"),
    "not-acceptable": (406, "not-supported"),
    "body-cut-short": (400, "incomplete"),
    "too-large": (413, "too-long"),
    "attachment-too-large": (413, "too-long"),
    "attachments-too-many": (413, "too-long"),
    "content-type-not-taken": (415, "not-supported"),
    "xml-not-accepted": (415, "not-supported"),
    "attachment-type": (422, "not-supported"),
    "not-utf8": (400, "structure"),
    "not-json": (400, "structure"),
    "not-an-object": (400, "structure"),
    "too-deep": (400, "structure"),
    "duplicate-member": (400, "structure"),
    "null-character": (400, "structure"),
    "malformed-claim": (400, "structure"),
    "broken-entry": (400, "structure"),
    "wrong-resource": (400, "invalid"),
    "dangling-reference": (400, "not-found"),
    "duplicate-entry": (400, "duplicate"),
    "duplicate-sequence": (400, "duplicate"),
    "too-many-lines": (400, "too-costly"),
    "too-many-entries": (400, "too-costly"),
    "too-many-rows": (400, "too-costly"),
}
"""HTTP status and FHIR issue type by refusal code. What is not listed is a request that can be read but not taken."""
OTHERWISE = (422, "processing")

CHALLENGE = {
    "not-signed-in": 'Bearer realm="openum"',
    "token-not-valid": 'Bearer realm="openum", error="invalid_token"',
    "scope-missing": 'Bearer realm="openum", error="insufficient_scope"',
}


def fhir(resource: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A FHIR resource."""
    return HttpResponse(orjson.dumps(resource), status=status, content_type=FHIR_JSON)


def plain(data: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """JSON that is not FHIR (sign-in, discovery)."""
    return HttpResponse(orjson.dumps(data), status=status, content_type=JSON)


def refused(refusal: Refusal, *, allow: str = "") -> HttpResponse:
    """One OperationOutcome that says what is wrong, where, and what to do."""
    status, kind = STATUS.get(refusal.code, OTHERWISE)
    response = fhir(refusal_outcome(refusal, kind=kind), status=status)
    if refusal.code in CHALLENGE:
        response["WWW-Authenticate"] = CHALLENGE[refusal.code]
    if allow:
        response["Allow"] = allow
    return response
