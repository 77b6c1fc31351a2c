"""The pages."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Label ``doors_pages``."""

    name = "openum.doors.pages"
    label = "doors_pages"
