"""Reading members of JSON resources the way invariants need it: present or not, all values at a path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openum.wire.fhir.checker_run import Json


def has(value: Any, name: str) -> bool:
    """Whether a member is there, with its value or with what stands beside it; ``value[x]`` is any ``valueCode``."""
    if not isinstance(value, dict):
        return False
    if not name.endswith("[x]"):
        return value.get(name) not in (None, []) or f"_{name}" in value
    stem = name[:-3]
    return any(
        key.lstrip("_").startswith(stem) and key.lstrip("_")[len(stem) : len(stem) + 1].isupper() for key in value
    )


def items(value: Any, *names: str) -> list[Any]:
    """All values at a path of plain names, lists flattened; a name ``value[x]`` finds every choice."""
    held = [value]
    for name in names:
        found = [v for h in held if isinstance(h, dict) for v in _members(h, name)]
        held = [x for f in found for x in (f if isinstance(f, list) else [f]) if x is not None]
    return held


def _members(value: Json, name: str) -> list[Any]:
    if not name.endswith("[x]"):
        return [value[name]] if name in value else []
    stem = name[:-3]
    return [v for k, v in value.items() if k.startswith(stem) and k[len(stem) : len(stem) + 1].isupper()]


def coding(value: Any, *names: str, code: str, system: str | None = None) -> bool:
    """Whether a concept at a path has a coding with this code (and system)."""
    found = (c for c in items(value, *names, "coding") if isinstance(c, dict))
    return any(c.get("code") == code and system in (None, c.get("system")) for c in found)


def parts(extension: Any, *urls: str) -> list[Json]:
    """The sub-extensions with one of these urls."""
    return [e for e in items(extension, "extension") if isinstance(e, dict) and e.get("url") in urls]


def values(found: Iterable[Json]) -> list[Any]:
    """The values of these extensions, whatever their type, in order; one without a value adds nothing."""
    return [v for part in found for v in items(part, "value[x]")]
