"""Which door answers which address."""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from openum.site.health import health

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", health)]
for _door in ("fhir", "pages"):  # while the doors are being built; then two plain lines
    if apps.is_installed(f"openum.doors.{_door}"):
        urlpatterns.append(path("", include(f"openum.doors.{_door}.urls")))
