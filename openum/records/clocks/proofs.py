"""How a clock's proof is kept in a JSON column and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from cattrs.preconf.json import make_converter

from openum.core.clocks import Proof

_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(date, lambda day: day.isoformat())
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))


def proof_data(proof: Proof) -> dict[str, Any]:
    """A proof as JSON data; moments keep their offset from UTC."""
    data: dict[str, Any] = _converter.unstructure(proof)
    return data


def proof_of(data: dict[str, Any]) -> Proof:
    """The proof those data were made of."""
    return _converter.structure(data, Proof)


def utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC, as columns keep it."""
    return None if moment is None else moment.astimezone(UTC)
