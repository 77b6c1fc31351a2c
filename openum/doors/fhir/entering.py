"""The frame of every operation: who asks, may they, what did they send, and every refusal as one OperationOutcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from openum.core.refusal import Refusal
from openum.doors.fhir import scopes, tokens
from openum.doors.fhir.answering import refused
from openum.doors.fhir.moment import now_of
from openum.doors.fhir.receiving import body_of, require_json, require_method
from openum.records.parties.queries import client_scope, find_client
from openum.records.parties.scope import Scope
from openum.wire.fhir.reading import Json, read_body


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One operation's request: by whose system (``scope.actor``), what, in which bytes, when."""

    scope: Scope
    body: bytes
    content_type: str
    resource: Json
    clock: Callable[[], datetime]

    @property
    def at(self) -> datetime:
        """The moment."""
        return self.clock()


View = Callable[[Sent], HttpResponse]


def operation(name: scopes.Operation) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """A view for ``POST`` of a FHIR resource by a client whose token allows the operation."""

    def frame(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponse:
            try:
                return view(_sent(request, name))
            except Refusal as refusal:
                return refused(refusal, allow="POST" if refusal.code == "method-not-allowed" else "")

        return answer

    return frame


def _sent(request: HttpRequest, name: scopes.Operation) -> Sent:
    require_method(request, "POST")
    scope = _who(request, name)
    require_json(request)
    body = body_of(request)
    return Sent(
        scope=scope, body=body, content_type=request.content_type or "", resource=read_body(body, most_bytes=len(body)),
        clock=lambda: now_of(request),
    )  # fmt: skip


def _who(request: HttpRequest, name: scopes.Operation) -> Scope:
    """What the caller may see, by its access token.

    Raises:
        Refusal: ``not-signed-in``, ``token-not-valid``, ``scope-missing``.
    """
    kind, _, held = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not held.strip():
        raise Refusal("not-signed-in", "No access token was sent.", "Send Authorization: Bearer and a token.")
    token = tokens.read(held.strip(), at=now_of(request))
    client = find_client(token.client_id)
    if client is None:
        raise Refusal("token-not-valid", "The client of this token is not active.", "Ask the payer.")
    if not scopes.allows(token.scopes, name) or not scopes.allows(client.scopes, name):
        raise Refusal("scope-missing", f"The token does not allow ${name}.", f"Ask for system/Claim.${name}.")
    return client_scope(client)
