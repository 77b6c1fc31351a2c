"""Issues as an OperationOutcome: one resource, FHIR's severity and type, the place, and words without patient data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openum.core.refusal import Refusal
from openum.wire.fhir.checker_run import Issue

# Our stable issue codes in FHIR's vocabulary (R4 value set issue-type).
TYPES = {
    "cancelled-item": "business-rule",
    "dangling": "not-found",
    "duplicate-entry": "duplicate",
    "duplicate-sequence": "duplicate",
    "empty": "structure",
    "forbidden": "structure",
    "full-url": "value",
    "grandparent-claim": "business-rule",
    "invariant": "invariant",
    "missing": "required",
    "modified-without-add-item": "business-rule",
    "no-slice": "structure",
    "not-evaluated": "incomplete",
    "profile-not-held": "not-supported",
    "quantity-without-unit": "business-rule",
    "timing-without-frequency": "business-rule",
    "too-long": "too-long",
    "too-many": "structure",
    "unknown-element": "structure",
    "unknown-extension": "extension",
    "unknown-modifier": "extension",
    "unknown-resource": "not-supported",
    "unknown-sequence": "not-found",
    "unreachable": "business-rule",
    "wrong-code": "code-invalid",
    "wrong-echo": "business-rule",
    "wrong-fixed": "value",
    "wrong-json": "structure",
    "wrong-pattern": "value",
    "wrong-profile": "structure",
    "wrong-target": "value",
    "wrong-type": "value",
}

ORDER = {"error": 0, "warning": 1, "information": 2}


def operation_outcome(issues: Iterable[Issue], *, most: int = 50) -> dict[str, Any]:
    """One OperationOutcome for these issues, errors first, at most ``most`` of them; how many more there are is said.

    Without issues it says so: ``issue`` is mandatory.
    """
    found = sorted(issues, key=lambda issue: ORDER[issue.severity])
    rows = [_row(issue) for issue in found[:most]]
    if len(found) > most:
        rows.append(_plain("information", "incomplete", f"{len(found) - most} more issues are not listed."))
    if not rows:
        rows.append(_plain("information", "informational", "No issues."))
    return {"resourceType": "OperationOutcome", "issue": rows}


def refusal_outcome(refusal: Refusal, *, kind: str = "processing") -> dict[str, Any]:
    """One OperationOutcome for a refusal: its code, its words, what to do next. ``kind`` is a FHIR issue type."""
    row = _plain("error", kind, str(refusal))
    return {
        "resourceType": "OperationOutcome",
        "issue": [row | ({"expression": [refusal.where]} if refusal.where else {})],
    }


def _row(issue: Issue) -> dict[str, Any]:
    row = _plain(issue.severity, TYPES[issue.code], f"{issue.code}: {issue.message}")
    return row | {"expression": [issue.path]}


def _plain(severity: str, kind: str, text: str) -> dict[str, Any]:
    return {"severity": severity, "code": kind, "diagnostics": text}
