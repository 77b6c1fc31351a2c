"""What this door offers, for machines: the CapabilityStatement and the SMART configuration. No more than there is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from openum import __version__
from openum.core.refusal import Refusal
from openum.doors.fhir import scopes
from openum.doors.fhir.addresses import base_url, token_url
from openum.doors.fhir.answering import fhir, plain, refused
from openum.doors.fhir.assertions import ALGORITHMS
from openum.doors.fhir.receiving import require_method

GUIDE = "http://hl7.org/fhir/us/davinci-pas"
WRITTEN = "2026-11-22"
"""The day this statement last changed."""


def readable(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers GET and refuses other methods as FHIR does."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            require_method(request, "GET")
        except Refusal as refusal:
            return refused(refusal, allow="GET, HEAD")
        return view(request)

    return answer


@readable
def metadata(_request: HttpRequest) -> HttpResponse:
    """The CapabilityStatement."""
    return fhir(statement())


@readable
def smart_configuration(_request: HttpRequest) -> HttpResponse:
    """Where and how to sign in (SMART App Launch 2, backend services only)."""
    return plain(
        {
            "token_endpoint": token_url(),
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
            "grant_types_supported": ["client_credentials"],
            "scopes_supported": list(scopes.OFFERED),
            "capabilities": ["client-confidential-asymmetric"],
        }
    )


def not_found(_request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001 - the address is not repeated
    """Whatever else is asked for under the base."""
    return refused(
        Refusal("not-found", "There is nothing at this address.", "See metadata for what this server offers.")
    )


def statement() -> dict[str, Any]:
    """The CapabilityStatement as a resource."""
    oauth = {
        "url": "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris",
        "extension": [{"url": "token", "valueUri": token_url()}],
    }
    service = {
        "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
        "code": "SMART-on-FHIR",
    }
    return {
        "resourceType": "CapabilityStatement",
        "id": "openum-pas",
        "status": "active",
        "date": WRITTEN,
        "kind": "instance",
        "software": {"name": "OpenUM", "version": __version__},
        "implementation": {"description": "Prior authorization (Da Vinci PAS 2.2.1)", "url": base_url()},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "implementationGuide": [f"{GUIDE}/ImplementationGuide/hl7.fhir.us.davinci-pas|2.2.1"],
        "rest": [
            {
                "mode": "server",
                "documentation": "New requests by $submit; their state by $inquire. No updates, no subscriptions yet.",
                "security": {"extension": [oauth], "service": [{"coding": [service]}]},
                "resource": [{"type": "Claim", "operation": _operations()}],
            }
        ],
    }


def _operations() -> list[dict[str, str]]:
    return [
        {"name": "submit", "definition": f"{GUIDE}/OperationDefinition/Claim-submit|2.2.1"},
        {"name": "inquire", "definition": f"{GUIDE}/OperationDefinition/Claim-inquiry|2.2.1"},
    ]
