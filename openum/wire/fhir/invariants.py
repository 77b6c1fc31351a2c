"""The error-level invariants of the compiled profiles.

Most are small Python functions (``invariants_core.py``, ``invariants_guides.py``), found by the exact text of their
FHIRPath expression, so that a published profile that changes an expression falls back to FHIRPath instead of keeping
yesterday's meaning. What is not written by hand is evaluated by fhirpathpy (``invariants_fhirpath.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openum.wire.fhir.checker_run import At, Check, Run
from openum.wire.fhir.invariants_fhirpath import fhirpath_test
from openum.wire.fhir.invariants_guides import CODED
from openum.wire.fhir.profiles import Constraint

__all__ = ["CODED", "rule_check"]


def rule_check(constraints: Iterable[Constraint], path: str) -> Check | None:
    """One check for several invariants of the element with this id, None for none."""
    rules = [(c, CODED.get(c.expression) or fhirpath_test(c.expression, path)) for c in constraints]
    if not rules:
        return None

    def check(value: Any, at: At, run: Run) -> None:
        for constraint, holds in rules:
            answer = holds(value, run)
            if answer is None:
                run.note("not-evaluated", at, f"The invariant {constraint.key} could not be evaluated.")
            elif not answer:
                run.error("invariant", at, f"{constraint.human} ({constraint.key})")

    return check
