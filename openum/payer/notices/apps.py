"""The notices room."""

from __future__ import annotations

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Label ``payer_notices``."""

    name = "openum.payer.notices"
    label = "payer_notices"
