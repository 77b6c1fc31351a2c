"""Rebuild the compiled snapshots: ``python -m openum.wire.fhir.definitions --help``."""

import sys

from openum.wire.fhir.definitions.build import main

sys.stdout.write(main() + "\n")
