"""Record types and measures made up for tests: one small table of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from openum.core.measure import Measure
from openum.core.measure_compute import Question
from openum.core.measure_reading import read_measure
from openum.core.measure_rows import Records, Row, read_records, read_row

NEW_YORK = ZoneInfo("America/New_York")
UTC = ZoneInfo("UTC")
TYPES: Mapping[str, Records] = read_records({
    "requests": {
        "one_row_is": "One request",
        "columns": {
            "line_of_business": {"type": "choice", "choices": ["erisa", "chip"], "means": "The program."},
            "plan": {"type": "text", "means": "The plan."},
            "state": {"type": "text", "means": "The state."},
            "speed": {"type": "choice", "choices": ["standard", "expedited"], "means": "The clock."},
            "outcome": {"type": "choice", "choices": ["approved", "denied", "voided"], "means": "The answer."},
            "second": {"type": "choice", "choices": ["approved", "denied", "voided"], "means": "The second answer."},
            "extended": {"type": "boolean", "means": "Whether extended."},
            "units": {"type": "number", "means": "Units asked.", "unit": "d"},
            "hours": {"type": "number", "means": "Hours of work."},
            "asked_on": {"type": "date", "means": "The day."},
            "ended_on": {"type": "date", "means": "The last day."},
            "received_at": {"type": "moment", "means": "Receipt."},
            "decided_at": {"type": "moment", "means": "The decision."},
        },
    }
})  # fmt: skip
REQUESTS = TYPES["requests"]
FRAME: Mapping[str, Any] = {
    "population": "requests",
    "unit": "percent",
    "kind": "process",
    "level": "plan",
    "direction": [{"for": "plan", "better": "higher", "reads": "Better."}],
    "target": {"none": "Made up."},
}


def measure(**what: Any) -> Measure:
    """A measure of the made-up requests; a ratio of approvals when no form is given."""
    forms = {"numerator", "value", "quotient", "shares", "agreement", "listing"}
    form = {} if forms & set(what) else {"numerator": {"column": "outcome", "is": "approved"}}
    return read_measure("MADE-UP", "1", {**FRAME, **form, **what}, TYPES)


def rows(*said: Mapping[str, Any]) -> tuple[Row, ...]:
    """Typed rows; ids A, B, C … where none is given."""
    return tuple(read_row(REQUESTS, {"id": chr(ord("A") + place), **one}) for place, one in enumerate(said))


def ask(**said: Any) -> Question:
    """A question on the wall clock of UTC unless another is given."""
    return Question(**{"zone": UTC, **said})
