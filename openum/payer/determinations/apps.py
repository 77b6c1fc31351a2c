"""The determinations room."""

from __future__ import annotations

from django.apps import AppConfig


class DeterminationsConfig(AppConfig):
    """Label ``payer_determinations``."""

    name = "openum.payer.determinations"
    label = "payer_determinations"
