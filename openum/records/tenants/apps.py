"""The tenants room."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Label ``records_tenants``."""

    name = "openum.records.tenants"
    label = "records_tenants"
