"""What leaves the ledger room: events and errands as frozen values, and how an event becomes a digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple


class Subject(NamedTuple):
    """What events are about: a case number within its tenant."""

    tenant_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event. ``number`` counts per subject from 1; ``by`` is an actor as text (``person:12``)."""

    id: int
    tenant_id: int
    subject: str
    number: int
    kind: str
    at: datetime
    by: str
    body: Mapping[str, Any]
    previous: str
    digest: str


def plain(value: object) -> Any:
    """The value as JSON keeps it on both databases: days and moments as ISO text, whole floats as integers.

    PostgreSQL's jsonb writes 1e22 as an integer and knows no NaN; a digest must survive that journey.

    Raises:
        TypeError: not a JSON value. ValueError: NaN, infinity, a NUL character, or a moment without a zone.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(name): plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    raise TypeError(f"{type(value).__name__} cannot be kept in an event: give text, numbers, days, lists or mappings.")


def moment(at: datetime) -> str:
    """A moment as ISO text in UTC with microseconds. Raises ``ValueError`` when it carries no zone."""
    if at.utcoffset() is None:
        raise ValueError("A moment carries a zone.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def canonical(value: object) -> bytes:
    """The one way a JSON value is written for hashing: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


def digest_of(
    *, tenant_id: int, subject: str, number: int, kind: str, at: datetime, by: str, body: object, previous: str
) -> str:
    """SHA-256 (hex) over the event and the digest of the event before it in the same subject."""
    fields = {
        "tenant": tenant_id, "subject": subject, "number": number, "kind": kind,
        "at": moment(at), "by": by, "body": body, "previous": previous,
    }  # fmt: skip
    return hashlib.sha256(canonical(fields)).hexdigest()


def _text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("A text in an event holds no NUL character.")
    value.encode()  # a lone surrogate is no text; PostgreSQL refuses it too
    return str(value)


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise ValueError("A number in an event is finite.")
    return int(value) if value.is_integer() else value


def _key(name: object) -> str:
    if not isinstance(name, str):
        raise TypeError("A mapping in an event has text for keys.")
    return _text(name)
