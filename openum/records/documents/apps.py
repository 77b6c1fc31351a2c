"""The documents room."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Label ``records_documents``."""

    name = "openum.records.documents"
    label = "records_documents"
