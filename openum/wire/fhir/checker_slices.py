"""Telling repetitions apart: from a slicing's discriminators to a function that names the slice of a value.

Supported are the discriminators that occur in the compiled profiles: ``value`` and ``pattern`` (by fixed value,
pattern or required value set at a path, also through ``extension('url')`` and ``ofType()``), ``type`` (of a resource),
and ``url`` of extensions. Anything else raises ``CannotTellApart`` when the profile is first used, and a test compiles
every stored profile, so that a new package cannot bring a slicing that is silently not checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openum.wire.fhir import profiles
from openum.wire.fhir.checker_values import fits, same
from openum.wire.fhir.profiles import Element
from openum.wire.fhir.terminology import any_in, value_set

Sort = Callable[[Any], str | None]
Test = Callable[[Any], bool]

STEP = re.compile(r"extension\('(?P<url>[^']+)'\)|ofType\((?P<type>\w+)\)|(?P<name>[A-Za-z]+)")


class CannotTellApart(Exception):
    """A slicing whose discriminators this module does not read."""


def sorter(element: Element) -> Sort:
    """A function from a repetition's value to the name of its slice, None when it is in none."""
    slicing = element.slicing
    by = slicing.by if slicing else ()
    if by == (("value", "url"),):
        return _by_url(element)
    if not by:
        raise CannotTellApart(element.path)
    tests = [(name, [_test(piece, *rule) for rule in by]) for name, piece in element.slices.items()]

    def sort(value: Any) -> str | None:
        return next((name for name, rules in tests if all(rule(value) for rule in rules)), None)

    return sort


def url_of(element: Element) -> str | None:
    """The url of the extensions an element (a slice of ``extension``) is about."""
    inline = element.children.get("url")
    if inline is not None and isinstance(inline.fixed, str):
        return inline.fixed
    named = [p for kind in element.kinds for p in kind.profiles]
    return named[0].partition("|")[0] if named else None


def _by_url(element: Element) -> Sort:
    names = {url_of(piece): name for name, piece in element.slices.items()}

    def sort(value: Any) -> str | None:
        url = value.get("url") if isinstance(value, dict) else None
        return names.get(url) if isinstance(url, str) else None

    return sort


def _test(piece: Element, kind: str, path: str) -> Test:
    if kind == "type":
        return _type_test(piece, path)
    if kind in {"value", "pattern"}:
        return _value_test(piece, path)
    raise CannotTellApart(f"{piece.path}: {kind} {path}")


def _type_test(piece: Element, path: str) -> Test:
    at = piece if path == "$this" else piece.children.get(path)
    if at is None:
        raise CannotTellApart(f"{piece.path}: type {path}")
    names = tuple(kind.code for kind in at.kinds)

    def is_type(value: Any) -> bool:
        held = value if path == "$this" else value.get(path) if isinstance(value, dict) else None
        return isinstance(held, dict) and held.get("resourceType") in names

    return is_type


def _value_test(piece: Element, path: str) -> Test:
    steps = [] if path == "$this" else [m.groupdict() for m in STEP.finditer(path) if m.group(0) != "$this"]
    expect = _expectation(piece, steps)
    if expect is None:
        raise CannotTellApart(f"{piece.path}: value {path}")

    def is_value(value: Any) -> bool:
        return any(expect(held) for held in _reach([value], steps))

    return is_value


def _reach(values: list[Any], steps: list[dict[str, Any]]) -> list[Any]:
    """The values found by following a discriminator path; ``value`` also finds ``valueCode``."""
    for step in steps:
        if step["type"]:
            continue
        name, url = step["name"] or "extension", step["url"]
        held = [item for v in values if isinstance(v, dict) for key, item in v.items() if _named(key, name)]
        values = [x for item in held for x in (item if isinstance(item, list) else [item])]
        if url:
            values = [x for x in values if isinstance(x, dict) and x.get("url") == url]
    return values


def _named(key: str, name: str) -> bool:
    return key == name or (key.startswith(name) and key[len(name)].isupper())


def _expectation(piece: Element, steps: list[dict[str, Any]]) -> Test | None:
    """What the slice demands at the end of the path: a fixed value, a pattern, or a required value set."""
    at: Element | None = piece
    inherited: Any = None
    for step in steps:
        if at is None:
            return None
        if step["type"]:
            continue
        pattern = at.pattern if at.pattern is not None else inherited
        inherited = pattern.get(step["name"]) if isinstance(pattern, dict) and step["name"] else None
        at = _slice_at(at, step["url"]) if step["url"] else _child(at, step["name"])
    return _demand(at, inherited) if at is not None else _fits(inherited) if inherited is not None else None


def _child(at: Element, name: str) -> Element | None:
    found = at.children.get(name) or at.children.get(f"{name}[x]")
    if found is None:
        types = [core for kind in at.kinds if (core := profiles.core(kind.code)) is not None]
        found = next((c for t in types if (c := t.root.children.get(name)) is not None), None)
    if found is not None and len(found.slices) == 1 and found.name.endswith("[x]"):
        return next(iter(found.slices.values()))
    return found


def _slice_at(at: Element, url: str) -> Element | None:
    """The slice of ``extension`` with this url: as the profile writes it out, or the extension's own definition."""
    held = at.children.get("extension")
    piece = next((s for s in held.slices.values() if url_of(s) == url), None) if held is not None else None
    if piece is not None and not piece.children:
        own = profiles.profile(url)
        return own.root if own is not None else piece
    return piece


def _demand(at: Element, inherited: Any) -> Test | None:
    if at.fixed is not None:
        fixed = at.fixed
        return lambda value: same(value, fixed)
    if at.pattern is not None or inherited is not None:
        return _fits(at.pattern if at.pattern is not None else inherited)
    if at.required is not None:
        return _in_set(at.required)
    return None


def _fits(pattern: Any) -> Test:
    wanted = pattern[0] if isinstance(pattern, list) and len(pattern) == 1 else pattern
    return lambda value: fits(value, wanted)


def _in_set(name: str) -> Test:
    def holds(value: Any) -> bool:
        if isinstance(value, str):
            return value_set(name).holds_bare(value) is True
        return any_in(name, value) is True

    return holds
