"""Which door answers which address."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from openum.site.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health),
    path("", include("openum.doors.fhir.urls")),
    path("", include("openum.doors.library.urls")),
    path("", include("openum.doors.pages.urls")),
]
