"""The parties room."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Label ``records_parties``; holds the user model."""

    name = "openum.records.parties"
    label = "records_parties"
