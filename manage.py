#!/usr/bin/env python3
"""Django's own commands (migrate, shell, check). Everything a user needs is in ``openum``."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; a fault in the settings is said in plain words, exit code 2."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openum.site.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"{fault}")


if __name__ == "__main__":
    main()
