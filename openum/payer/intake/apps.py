"""The intake room."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Label ``payer_intake``."""

    name = "openum.payer.intake"
    label = "payer_intake"
