"""How a request's values are kept in JSON columns and read back."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from cattrs.preconf.json import make_converter

from openum.core.codes import Code
from openum.core.request import Identifier, Line, PartyRef

_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(date, lambda day: day.isoformat())
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))


def line_data(line: Line) -> dict[str, Any]:
    """A line as JSON data."""
    data: dict[str, Any] = _converter.unstructure(line)
    return data


def line_of(data: dict[str, Any]) -> Line:
    """The line those data were made of."""
    return _converter.structure(data, Line)


def codes_data(codes: Iterable[Code]) -> list[dict[str, Any]]:
    """Codes as JSON data."""
    return [_converter.unstructure(code) for code in codes]


def codes_of(data: Iterable[dict[str, Any]]) -> tuple[Code, ...]:
    """The codes those data were made of."""
    return tuple(_converter.structure(one, Code) for one in data)


def identifiers_data(identifiers: Iterable[Identifier]) -> list[dict[str, Any]]:
    """Identifiers as JSON data."""
    return [_converter.unstructure(one) for one in identifiers]


def identifiers_of(data: Iterable[dict[str, Any]]) -> tuple[Identifier, ...]:
    """The identifiers those data were made of."""
    return tuple(_converter.structure(one, Identifier) for one in data)


def party_data(party: PartyRef | None) -> dict[str, Any] | None:
    """A party as JSON data."""
    return None if party is None else _converter.unstructure(party)


def party_of(data: dict[str, Any] | None) -> PartyRef | None:
    """The party those data were made of."""
    return None if data is None else _converter.structure(data, PartyRef)


def packed(body: bytes) -> bytes:
    """Bytes compressed for keeping."""
    return zlib.compress(body, 6)


def unpacked(body: bytes | memoryview) -> bytes:
    """The bytes that were packed."""
    return zlib.decompress(bytes(body))
