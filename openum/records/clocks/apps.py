"""The clocks room."""

from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Label ``records_clocks``."""

    name = "openum.records.clocks"
    label = "records_clocks"
