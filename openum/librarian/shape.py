"""The shape of library files, by the JSON Schemas of ``library/schema``, told in words an author can act on.

A schema carries its own advice in ``x-mend``: what to write where this part of the file does not fit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_

SHIPPED = Path(__file__).resolve().parents[2] / "library"
"""The shelf that comes with OpenUM."""
TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "`key: value` lines",
}


@dataclass(frozen=True, slots=True)
class _Misfit:
    """One error of the schema checker: where, which keyword wanted what in which schema, and what is there."""

    where: Path_
    keyword: str
    wanted: Any
    schema: Any
    value: Any


def shape_faults(document: Document, kind: str) -> tuple[Fault, ...]:
    """What does not fit the schema ``kind`` (``fact``, ``about``, ``policy``, ``examples``, ``requirements``)."""
    errors = (
        _Misfit(tuple(error.absolute_path), str(error.validator), error.validator_value, error.schema, error.instance)
        for error in _validator(kind).iter_errors(document.data)
    )
    found = [fault for error in errors for fault in _told(document, error)]
    return tuple(sorted(set(found), key=lambda fault: (fault.line, fault.fault)))


@cache
def _validator(kind: str) -> Draft202012Validator:
    folder = SHIPPED / "schema"
    common = _schema(folder / "common.schema.json")
    schema = _schema(folder / f"{kind}.schema.json")
    registry: Registry[Any] = Registry().with_resources(
        (one["$id"], Resource.from_contents(one)) for one in (common, schema)
    )
    return Draft202012Validator(schema, registry=registry, format_checker=FormatChecker(["date"]))


def _schema(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _told(document: Document, error: _Misfit) -> Iterator[Fault]:
    where = error.where
    if error.keyword == "additionalProperties" and error.wanted is False:
        yield from _strangers(document, error)
    elif error.keyword == "required":
        yield from _missing(document, error)
    elif error.keyword == "oneOf":
        yield document.fault(where, _not_one(error), _mend(error))
    else:
        yield document.fault(where, f"{_name(where)} {_wrong(error)}.", _mend(error))


def _strangers(document: Document, error: _Misfit) -> Iterator[Fault]:
    known = list(error.schema.get("properties", {}))
    for key in error.value:
        if key in known:
            continue
        close = get_close_matches(str(key), known, 1)
        mend = f"Did you mean `{close[0]}`?" if close else f"Known here: {', '.join(known)}."
        yield document.fault((*error.where, key), f"`{key}` is not a key of {_name(error.where)}.", mend)


def _missing(document: Document, error: _Misfit) -> Iterator[Fault]:
    """One fault per missing key; the checker reports each missing key anew, so the faults are made unique."""
    advice = error.schema.get("properties", {})
    for key in error.wanted:
        if key in error.value:
            continue
        own, whole = advice.get(key, {}).get("x-mend"), error.schema.get("x-mend", "")
        mend = f"Add `{key}:`. {own}" if own and key != "label" else whole or f"Add `{key}:`."
        yield document.fault(error.where, f"`{key}` is missing in {_name(error.where)}.", mend)


def _not_one(error: _Misfit) -> str:
    keys = [key for part in error.wanted for key in part.get("required", ())]
    present = [f"`{key}`" for key in keys if isinstance(error.value, dict) and key in error.value]
    if len(present) > 1:
        return f"{_name(error.where)} has {' and '.join(present)} at once."
    return f"{_name(error.where)} has none of {', '.join(keys)}."


def _wrong(error: _Misfit) -> str:
    value, wanted = error.value, error.wanted
    if value is None or value in ("", [], {}):
        return "is empty"
    match error.keyword:
        case "type":
            kinds = [wanted] if isinstance(wanted, str) else wanted
            return f"is {_shown(value)}, not {' or '.join(TYPES[kind] for kind in kinds)}"
        case "minLength":
            return f"is {_shown(value)}, which says too little"
        case "minItems":
            return "holds too little"
        case "maxItems":
            return "holds too much"
        case "uniqueItems":
            twice = next(item for item in value if value.count(item) > 1)
            return f"lists {_shown(twice)} twice"
    return f"is {_shown(value)}, which cannot be"


def _mend(error: _Misfit) -> str:
    mend = error.schema.get("x-mend") if isinstance(error.schema, dict) else None
    return str(mend or "See library/README.md.")


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return TYPES["object" if isinstance(value, dict) else "array"]
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _name(where: Path_) -> str:
    """The value at ``where`` as an author would point at it."""
    if not where:
        return "the file"
    last = where[-1]
    if isinstance(last, str):
        return f"`{last}`"
    keys = [part for part in where if isinstance(part, str)]
    return f"number {last + 1} of `{keys[-1]}`" if keys else f"example {last + 1}"
