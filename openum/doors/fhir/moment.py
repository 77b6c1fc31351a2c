"""What time it is: read here and nowhere below."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest

GIVEN = "openum.now"
"""A caller in this process (the demo world, a test) may put the moment into the WSGI environment under this name. No
HTTP header can: headers arrive there as ``HTTP_…``."""


def now_of(request: HttpRequest) -> datetime:
    """The moment of this request, with its zone."""
    given = request.META.get(GIVEN)
    return given if isinstance(given, datetime) else datetime.now(UTC)
