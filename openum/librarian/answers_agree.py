"""Hold what was computed against what a worked example expects, at the precision the example is written in.

A day agrees with any moment of that day on the wall clock the answer was computed on; a moment without a zone agrees
with the same reading of that wall clock; a moment with a zone agrees with the same instant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

_DAY = len("2026-11-19")
_LAST_SECOND = time(23, 59, 59)


def differences(actual: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[str, ...]:
    """What ``expected:`` says otherwise than was computed, one sentence for each word; empty when all agree."""
    found = []
    for word, value in expected.items():
        if word not in actual:
            if value is not None:
                found.append(f"{word}: expected {value}, but it does not arise.")
        elif not agree(actual[word], value):
            found.append(f"{word}: expected {value}, computed {actual[word]}.")
    return tuple(found)


def agree(actual: Any, expected: Any) -> bool:
    """Whether a computed value is the expected one, at the expected one's precision."""
    if isinstance(expected, date):
        expected = expected.isoformat()
    if isinstance(actual, bool) or isinstance(expected, bool):
        return actual is expected
    if isinstance(expected, str) and isinstance(actual, str):
        return actual == expected or _same_moment(actual, expected)
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return all(key in actual and agree(actual[key], value) for key, value in expected.items())
    if _listed(expected) and _listed(actual):
        return len(actual) == len(expected) and all(map(agree, actual, expected))
    return bool(actual == expected)


def at_precision(actual: Any, expected: Any) -> Any:
    """A computed value as it reads at the precision the expected one is written in."""
    if _listed(actual) and _listed(expected) and len(actual) == len(expected):
        return [at_precision(one, other) for one, other in zip(actual, expected, strict=True)]
    if not isinstance(actual, str) or not isinstance(expected, str):
        return actual
    try:
        computed, wanted = datetime.fromisoformat(actual), datetime.fromisoformat(expected)
    except ValueError:
        return actual
    if len(expected) == _DAY:
        return computed.date().isoformat()
    if len(actual) == _DAY:
        return actual
    return computed.replace(tzinfo=None).isoformat() if wanted.tzinfo is None else actual


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _same_moment(actual: str, expected: str) -> bool:
    try:
        computed, wanted = datetime.fromisoformat(actual), datetime.fromisoformat(expected)
    except ValueError:
        return False
    if len(expected) == _DAY:
        return computed.date() == wanted.date()
    if len(actual) == _DAY:  # a day computed is the end of that day
        return computed.date() == wanted.date() and wanted.time() == _LAST_SECOND
    if wanted.tzinfo is None or computed.tzinfo is None:
        return computed.replace(tzinfo=None) == wanted.replace(tzinfo=None)
    return computed.astimezone(UTC) == wanted.astimezone(UTC)
