"""``POST /token``: SMART Backend Services (client_credentials with private_key_jwt, RS384 or ES384)."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from openum.core.refusal import Refusal
from openum.doors.fhir import scopes, tokens
from openum.doors.fhir.answering import plain
from openum.doors.fhir.assertions import ALGORITHMS, client_of
from openum.doors.fhir.moment import now_of
from openum.doors.fhir.receiving import length_of

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
FORM = "application/x-www-form-urlencoded"
MOST_BYTES = 64 * 1024

ERRORS: Mapping[str, tuple[int, str]] = {
    "not-a-token-request": (400, "invalid_request"),
    "grant-not-taken": (400, "unsupported_grant_type"),
    "assertion-missing": (400, "invalid_request"),
    "scope-not-granted": (400, "invalid_scope"),
}
"""Status and RFC 6749 error by refusal code; whatever is wrong with the assertion is ``invalid_client``."""
NOT_PROVEN = (401, "invalid_client")


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """An access token for a client that proves itself. Refusals are RFC 6749 errors."""
    try:
        return _issued(request)
    except Refusal as refusal:
        status, error = ERRORS.get(refusal.code, NOT_PROVEN)
        words = f"{refusal.code}: {refusal.message} {refusal.next}"
        return _unkept(plain({"error": error, "error_description": words}, status=status))


def _issued(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if form.get("grant_type") != "client_credentials":
        raise Refusal("grant-not-taken", "Only client_credentials is taken.", "Send grant_type=client_credentials.")
    if form.get("client_assertion_type") != ASSERTION_TYPE or not form.get("client_assertion"):
        raise Refusal(
            "assertion-missing",
            "The request proves no client.",
            f"Send client_assertion_type={ASSERTION_TYPE} and an assertion signed with {' or '.join(ALGORITHMS)}.",
        )
    at = now_of(request)
    client = client_of(form["client_assertion"], at=at)
    given = scopes.granted(form.get("scope", "").split(), client.scopes)
    if not given:
        raise Refusal(
            "scope-not-granted",
            "None of the scopes asked for is open to this client.",
            f"Ask for one of {', '.join(scopes.OFFERED)}, as this client is registered.",
        )
    answer = {
        "access_token": tokens.issue(client.client_id, given, at=at),
        "token_type": "bearer",
        "expires_in": int(tokens.LIFETIME.total_seconds()),
        "scope": " ".join(given),
    }
    return _unkept(plain(answer))


def _form(request: HttpRequest) -> dict[str, str]:
    if request.method != "POST" or request.content_type != FORM or length_of(request) > MOST_BYTES:
        raise Refusal("not-a-token-request", "This is no token request.", f"POST a form ({FORM}).")
    return {name: str(values[-1]) for name, values in request.POST.lists() if values}


def _unkept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response
