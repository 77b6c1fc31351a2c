"""The public law book."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """Label ``doors_library``."""

    name = "openum.doors.library"
    label = "doors_library"
