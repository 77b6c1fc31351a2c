"""Where this door stands. One base per incompatible version of the guide (PAS conf-1)."""

from __future__ import annotations

from django.conf import settings

BASE = "fhir/pas/2.2.1"
TOKEN = "token"  # noqa: S105 - a path


def base_url() -> str:
    """The FHIR base as the world writes it; also the URI under which the payer's own numbers are given."""
    return f"{settings.OPENUM_BASE_URL}/{BASE}"


def token_url() -> str:
    """The token endpoint: the audience of sign-in assertions."""
    return f"{settings.OPENUM_BASE_URL}/{TOKEN}"
