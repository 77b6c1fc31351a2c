"""The FHIR door."""

from __future__ import annotations

from django.apps import AppConfig


class FhirConfig(AppConfig):
    """Label ``doors_fhir``."""

    name = "openum.doors.fhir"
    label = "doors_fhir"
