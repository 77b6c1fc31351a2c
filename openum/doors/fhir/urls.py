"""The addresses of the FHIR door."""

from __future__ import annotations

from django.urls import path

from openum.doors.fhir.addresses import BASE, TOKEN
from openum.doors.fhir.capability import metadata, not_found, smart_configuration
from openum.doors.fhir.inquiring import inquire
from openum.doors.fhir.sign_in import token
from openum.doors.fhir.submitting import submit

urlpatterns = [
    path(TOKEN, token),
    path(f"{BASE}/metadata", metadata),
    path(f"{BASE}/.well-known/smart-configuration", smart_configuration),
    path(f"{BASE}/Claim/$submit", submit),
    path(f"{BASE}/Claim/$inquire", inquire),
    path(f"{BASE}/<path:rest>", not_found),
]
