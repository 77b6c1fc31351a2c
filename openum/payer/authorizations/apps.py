"""The authorizations room."""

from __future__ import annotations

from django.apps import AppConfig


class AuthorizationsConfig(AppConfig):
    """Label ``payer_authorizations``."""

    name = "openum.payer.authorizations"
    label = "payer_authorizations"
