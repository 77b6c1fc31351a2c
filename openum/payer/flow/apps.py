"""The flow room."""

from __future__ import annotations

from django.apps import AppConfig


class FlowConfig(AppConfig):
    """Label ``payer_flow``."""

    name = "openum.payer.flow"
    label = "payer_flow"
