"""How chart entries are kept in a JSON column and read back, and which code lists make one sensitive."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from openum.core.chart import Entry, Segment, Value
from openum.core.codes import Code, CodeSet


def entry_data(entry: Entry) -> dict[str, Any]:
    """An entry as JSON data; what is empty is left out. Days and codes among values are marked as such."""
    data: dict[str, Any] = {"kind": entry.kind, "codes": [code_data(code) for code in entry.codes]}
    if entry.value is not None:
        data["value"] = _value(entry.value)
    for name in ("date", "at", "ended"):
        moment = getattr(entry, name)
        if moment is not None:
            data[name] = moment.isoformat()
    for name in ("link", "unit", "source", "quote"):
        if getattr(entry, name):
            data[name] = clean(getattr(entry, name))
    if entry.denied:
        data["denied"] = True
    return {**data, "segment": entry.segment}


def entry_of(data: Mapping[str, Any]) -> Entry:
    """The entry those data were made of."""
    return Entry(
        kind=data["kind"], codes=tuple(Code(*code) for code in data["codes"]), link=data.get("link", ""),
        value=_value_of(data.get("value")), unit=data.get("unit", ""), date=_day(data.get("date")),
        at=datetime.fromisoformat(data["at"]) if "at" in data else None, ended=_day(data.get("ended")),
        denied=data.get("denied", False), source=data.get("source", ""), quote=data.get("quote", ""),
        segment=data["segment"],
    )  # fmt: skip


def sensitive_codes() -> Mapping[Segment, CodeSet]:
    """The library's code lists by segment: ``codes/part2`` on every shelf of this installation."""
    return _lists(tuple(Path(shelf) for shelf in settings.OPENUM_LIBRARY))


@cache
def _lists(shelves: tuple[Path, ...]) -> Mapping[Segment, CodeSet]:
    found: dict[str, list[str]] = {}
    for file in _files(shelves):
        with file.open(encoding="utf-8", newline="") as rows:
            found.setdefault(file.stem, []).extend(row["code"] for row in csv.DictReader(rows))
    return {"sud_part2": CodeSet(found)}


def _files(shelves: Iterable[Path]) -> list[Path]:
    return [file for shelf in shelves for file in sorted((shelf / "codes" / "part2").glob("*.csv"))]


def clean(text: str) -> str:
    """The text as both databases keep it: PostgreSQL takes no NUL and no lone surrogate."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def code_data(code: Code) -> list[str]:
    """A code as JSON data: system, value and, where there is one, display."""
    parts = [clean(part) for part in (code.system, code.value, code.display)]
    return parts if parts[2] else parts[:2]


def _value(value: Value | Code) -> Any:
    if isinstance(value, Code):
        return {"code": code_data(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return clean(value) if isinstance(value, str) else value


def _value_of(data: Any) -> Value | Code | None:
    if not isinstance(data, dict):
        plain: Value | None = data
        return plain
    return Code(*data["code"]) if "code" in data else date.fromisoformat(data["date"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
