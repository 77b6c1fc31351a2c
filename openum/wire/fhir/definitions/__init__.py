"""The compiled FHIR snapshots that the profile checker reads (see ``README.md`` for their sources)."""

from pathlib import Path

PATH = Path(__file__).with_name("snapshots.json.gz")
