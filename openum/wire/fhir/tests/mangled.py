"""Bundles with random nodes removed, replaced, doubled or swapped: what a fuzzer sends to a door."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Steps = tuple[str | int, ...]

JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**63, 1e300, 0.1, "", " ", "x" * 300, "2026-03", "2026-13-45", "0000-00-00",
    "9999-12-31",
    "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "urn:uuid:x", "#", "#x", "Patient/", "Ünïcode ☃",
    "' OR 1=1 --", [], [[]], [None], [{}], {}, {"a": 1}, {"reference": "#"}, {"coding": "x"}, {"coding": [1]},
    {"value": -1}, {"value": 1e308}, {"value": "1"}, {"start": "2026-01-02", "end": "2026-01-01"},
)  # fmt: skip


def nodes(value: Any, steps: Steps = ()) -> list[Steps]:
    """The way to every node below a value."""
    found: list[Steps] = []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        found += [(*steps, key), *nodes(inner, (*steps, key))]
    return found


@st.composite
def mangled(draw: st.DrawFn, good: Json, *, most: int = 4) -> Json:
    """One to ``most`` changes of a good Bundle, each at a random node."""
    made = copy.deepcopy(good)
    for _ in range(draw(st.integers(1, most))):
        ways = nodes(made)
        if ways:
            _change(draw, made, draw(st.sampled_from(ways)), ways)
    return made


def _change(draw: st.DrawFn, made: Json, steps: Steps, ways: list[Steps]) -> None:
    place: Any = made
    for step in steps[:-1]:
        place = place[step]
    kind, last = draw(st.sampled_from(("delete", "replace", "double", "swap", "key"))), steps[-1]
    if kind == "delete":
        del place[last]
    elif kind == "replace":
        place[last] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    elif kind == "double" and isinstance(place, list):
        place.append(copy.deepcopy(place[last]))
    elif kind == "key" and isinstance(place, dict):
        place[draw(st.sampled_from(("valueString", "extension", "x", "item", "resourceType")))] = place.pop(last)
    else:
        other: Any = made
        for step in draw(st.sampled_from(ways)):
            other = other[step]
        place[last] = copy.deepcopy(other)
