"""The rows measures are computed from: record types with typed columns, and what was known at a past instant.

A measure reads one record type, one row for each thing it is about (a request, an appeal, a service rendered). Which
columns a row has, of which type and with which meaning is content (``library/measures/records.yaml``).

Rows are kept in versions: ``known_from`` and ``known_to`` say between which moments the plan held that version to be
true. A computation for a past instant sees what was known then and gives the same number for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, Literal, get_args

ColumnType = Literal["text", "choice", "boolean", "number", "date", "moment"]
Value = str | bool | Decimal | date | datetime
"""A known value of a column; what is not known is ``None`` or missing."""
Row = Mapping[str, Value | None]
KEYS: Mapping[str, ColumnType] = {"id": "text", "known_from": "moment", "known_to": "moment"}
"""Columns every record type has: the row's id, and between which moments this version of it was known."""
_DAY = len("2026-01-31")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its type, what it says, its choices when it has any, and the unit of a number."""

    name: str
    type: ColumnType
    means: str
    choices: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """A record type: what one row is, and its columns by name (the keys of every row among them)."""

    name: str
    one_row_is: str
    columns: Mapping[str, Column]

    def column(self, name: str) -> Column:
        """The column of that name; ``ValueError`` names the nearest ones."""
        if name not in self.columns:
            near = ", ".join(get_close_matches(name, self.columns, 3)) or ", ".join(sorted(self.columns))
            raise ValueError(f"{self.name} has no column {name}; it has {near}.")
        return self.columns[name]


def read_records(data: Mapping[str, Any]) -> dict[str, Records]:
    """The record types of ``records.yaml`` as read; ``ValueError`` says what is wrong with one."""
    return {name: _records(name, said) for name, said in data.items()}


def _records(name: str, said: Mapping[str, Any]) -> Records:
    columns = {key: Column(name=key, type=kind, means="") for key, kind in KEYS.items()}
    for key, column in said["columns"].items():
        if key in columns:
            raise ValueError(f"{name}: every record type has {key}; leave it out.")
        columns[key] = _column(f"{name}.{key}", key, column)
    return Records(name=name, one_row_is=said["one_row_is"], columns=columns)


def _column(where: str, name: str, said: Mapping[str, Any]) -> Column:
    kind, choices = said["type"], tuple(said.get("choices", ()))
    if kind not in get_args(ColumnType):
        raise ValueError(f"{where} is of type {kind}; write one of {', '.join(get_args(ColumnType))}.")
    if bool(choices) != (kind == "choice"):
        raise ValueError(f"{where}: a choice, and nothing else, lists its choices.")
    if not said.get("means"):
        raise ValueError(f"{where} says not what it means.")
    return Column(name=name, type=kind, means=said["means"], choices=choices, unit=said.get("unit", ""))


def read_row(records: Records, said: Mapping[str, Any]) -> dict[str, Value | None]:
    """One row as written in an example or exported by a system, typed; ``ValueError`` for what does not fit."""
    if not said.get("id"):
        raise ValueError(f"A row of {records.name} has no id.")
    return {name: read_value(records.column(name), value) for name, value in said.items()}


def read_value(column: Column, said: Any) -> Value | None:
    """One value by the type of its column; ``None`` stays unknown."""
    if said is None:
        return None
    value = _typed(column, said)
    if value is None or (column.choices and value not in column.choices):
        wanted = f"one of {', '.join(column.choices)}" if column.choices else _FORMS[column.type]
        raise ValueError(f"{column.name}: {said!r} is not {wanted}.")
    return value


_FORMS: Mapping[ColumnType, str] = {
    "text": "text",
    "boolean": "true or false",
    "number": "a number",
    "date": "a day (2026-01-31)",
    "moment": "a moment with its zone (2026-01-31T10:00:00-05:00)",
}


def _typed(column: Column, said: Any) -> Value | None:
    match column.type:
        case "boolean":
            return said if isinstance(said, bool) else None
        case "number":
            return _number(said)
        case "date":
            return _date(said)
        case "moment":
            return _moment(said)
        case _:
            return said if isinstance(said, str) else None


def _number(said: Any) -> Decimal | None:
    if isinstance(said, bool):
        return None
    try:
        number = Decimal(str(said))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _date(said: Any) -> date | None:
    if isinstance(said, datetime):
        return None
    if isinstance(said, date):
        return said
    try:
        return date.fromisoformat(said) if isinstance(said, str) and len(said) == _DAY else None
    except ValueError:
        return None


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else said
    except ValueError:
        return None
    return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo is not None else None


def known_at(rows: Iterable[Row], at: datetime | None) -> tuple[Row, ...]:
    """The version of each row that was known at ``at`` (``None``: the newest), by id.

    A version without ``known_from`` was always known, one without ``known_to`` still is.

    Raises:
        ValueError: two versions of one row are known at the same moment, so that a number would count it twice.
    """
    kept: dict[str, Row] = {}
    for row in rows:
        if not _known(row, at):
            continue
        name = str(row["id"])
        if name in kept:
            raise ValueError(f"Two versions of row {name} are known at the same moment; close one with known_to.")
        kept[name] = row
    return tuple(kept[name] for name in sorted(kept))


def _known(row: Row, at: datetime | None) -> bool:
    since, until = row.get("known_from"), row.get("known_to")
    if at is None:
        return until is None
    begun = since is None or (isinstance(since, datetime) and since <= at)
    ended = isinstance(until, datetime) and until <= at
    return begun and not ended
