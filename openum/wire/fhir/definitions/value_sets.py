"""Value sets as rows: which codes of which systems, as far as the archives can tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openum.wire.fhir.definitions.shelf import Json, Shelf


def _concepts(codes: Iterable[Json], parent: tuple[str, ...] = ()) -> Iterator[tuple[Json, tuple[str, ...]]]:
    for concept in codes:
        yield concept, parent
        yield from _concepts(concept.get("concept", ()), (*parent, concept["code"]))


def ancestors(system: Json) -> dict[str, set[str]]:
    """Code -> every code above it, by nesting and by ``subsumedBy`` properties."""
    up: dict[str, set[str]] = {}
    for concept, parents in _concepts(system.get("concept", ())):
        mine = up.setdefault(concept["code"], set())
        mine.update(parents)
        mine.update(p["valueCode"] for p in concept.get("property", ()) if p.get("code") == "subsumedBy")
    changed = True
    while changed:
        changed = False
        for mine in up.values():
            more = set().union(*(up.get(code, set()) for code in mine)) - mine
            mine.update(more)
            changed = changed or bool(more)
    return up


def filtered(up: Mapping[str, set[str]], filters: Iterable[Json]) -> list[str] | None:
    """Codes that pass the filters; None when a filter is not one that nesting can answer."""
    kept = set(up)
    for rule in filters:
        below = {code for code, above in up.items() if rule["value"] in above}
        if rule["op"] == "is-a" and rule["property"] == "concept":
            kept &= below | {rule["value"]}
        elif rule["op"] == "descendent-of" and rule["property"] == "concept":
            kept &= below
        else:
            return None
    return sorted(kept)


def include_rows(shelf: Shelf, include: Json, seen: frozenset[str]) -> list[list[Any]]:
    """Rows ``[system, codes]``: codes None means any code of that system, system None means nobody knows."""
    url = include.get("system")
    if not url:
        return [row for name in include.get("valueSet", ()) for row in value_set_rows(shelf, name, seen)]
    if include.get("valueSet"):
        return [[url, None]]  # an intersection with another set: only the system is certain
    if include.get("concept"):
        return [[url, sorted({c["code"] for c in include["concept"]})]]
    system = shelf.get(url)
    if not system or system["resourceType"] != "CodeSystem" or system.get("content") != "complete":
        return [[url, None]]
    return [[url, filtered(ancestors(system), include.get("filter", ()))]]


def value_set_rows(shelf: Shelf, canonical: str, seen: frozenset[str] = frozenset()) -> list[list[Any]]:
    """Rows ``[system, codes]`` of a value set, read as in ``include_rows``.

    A set that is not on the shelf, does not say what it is composed of, or includes itself (``seen`` are the urls on
    the way to it) is the row ``[None, None]``. Only codes that an exclusion lists are taken out again.
    """
    url = canonical.partition("|")[0]
    found = shelf.get(canonical)
    if url in seen or not found or found["resourceType"] != "ValueSet" or "compose" not in found:
        return [[None, None]]
    compose = found["compose"]
    rows = [row for inc in compose["include"] for row in include_rows(shelf, inc, seen | {url})]
    for exclude in compose.get("exclude", ()):
        for system, codes in include_rows(shelf, exclude, seen | {url}):
            rows = [[s, sorted(set(c) - set(codes or ())) if s == system and c else c] for s, c in rows]
    return rows
