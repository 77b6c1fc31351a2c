"""Rules of the PAS guide's text that no snapshot states."""

from __future__ import annotations

from openum.wire.fhir.checker_run import At, Json, Run


def bundle_rules(bundle: Json, at: At, run: Run) -> None:
    """Placeholder order: rules are added below with their requirement ids."""
