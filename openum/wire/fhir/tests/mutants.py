"""Single-defect copies of a good resource, made from its profile: what a checker must refuse.

The walk reads the element trees and not the compiled checks, so that a fault of the checks does not hide its mutants.
Every mutant carries exactly one change that its profile forbids.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openum.wire.fhir import profiles
from openum.wire.fhir.profiles import Element, Kind
from openum.wire.fhir.terminology import value_set

EXAMPLES = Path(__file__).with_name("examples")
Json = dict[str, Any]
Steps = tuple[str | int, ...]

TEXT_TYPES = {"string", "code", "uri", "url", "canonical", "id", "date", "dateTime", "instant", "markdown", "time"}


@dataclass(frozen=True, slots=True)
class Mutant:
    kind: str
    path: str
    resource: Json


@dataclass(frozen=True, slots=True)
class Spot:
    """A member of the resource: where its owner is, its JSON name, its element and its type."""

    owner: Steps
    key: str
    element: Element
    kind: Kind | None


def examples() -> dict[str, Json]:
    return {path.name: json.loads(path.read_text()) for path in sorted(EXAMPLES.glob("*.json"))}


def separate_resources() -> dict[str, Json]:
    """Every different resource of the examples, standing alone or in a Bundle entry; Bundles without duplicates."""
    found: dict[str, Json] = {}
    for resource in examples().values():
        found.setdefault(json.dumps(resource, sort_keys=True), resource | {})
        for entry in resource.get("entry", ()):
            found.setdefault(json.dumps(entry["resource"], sort_keys=True), entry["resource"])
    return {f"{n}:{r['resourceType']}/{r.get('id')}": r for n, r in enumerate(found.values())}


def reach(resource: Any, steps: Steps) -> Any:
    for step in steps:
        resource = resource[step]
    return resource


def changed(resource: Json, steps: Steps) -> tuple[Json, Any]:
    copied = copy.deepcopy(resource)
    return copied, reach(copied, steps)


def dotted(steps: Steps) -> str:
    return ".".join(map(str, steps))


# ---- walking ---------------------------------------------------------------------------------------------------


def spots(resource: Json) -> Iterator[Spot]:
    """Every member of a resource that its claimed profile (else its core type) describes."""
    claimed = [p for p in resource.get("meta", {}).get("profile", ()) if profiles.stored(p)]
    root = profiles.profile(claimed[0]) if claimed else profiles.core(resource["resourceType"])
    if root is not None:
        yield from _spots(resource, (), root.root)


def _spots(value: Json, steps: Steps, element: Element) -> Iterator[Spot]:
    for key, held in value.items():
        child, kind = _child(element, key)
        if child is None:
            continue
        yield Spot(steps, key, child, kind)
        many = held if isinstance(held, list) else [held]
        for index, item in enumerate(many):
            if not isinstance(item, dict) or "resourceType" in item:
                continue
            below = _members_of(child, kind, item)
            if below is not None:
                where = (*steps, key, index) if isinstance(held, list) else (*steps, key)
                yield from _spots(item, where, below)


def _child(element: Element, key: str) -> tuple[Element | None, Kind | None]:
    found = element.children.get(key)
    if found is not None:
        return found, found.kinds[0] if found.kinds else None
    for name, child in element.children.items():
        for kind in child.kinds if name.endswith("[x]") else ():
            if key == name[:-3] + kind.code[0].upper() + kind.code[1:]:
                piece = [s for s in child.slices.values() if any(k.code == kind.code for k in s.kinds)]
                return (piece or [child])[0], kind
    return None, None


def _members_of(child: Element, kind: Kind | None, item: Json) -> Element | None:
    """The element whose children describe an object: written out, by slice url, by profile, or by type."""
    if child.name in {"extension", "modifierExtension"}:
        known = profiles.profile(str(item.get("url")))
        inline = [s for s in child.slices.values() if s.children and s.children["url"].fixed == item.get("url")]
        return inline[0] if inline else known.root if known else None
    if child.children:
        return child
    named = [p for p in (profiles.profile(c) for c in (kind.profiles if kind else ())) if p is not None]
    if len(named) == 1:
        return named[0].root
    core = profiles.core(kind.code) if kind and kind.code[:1].isupper() and not named else None
    return core.root if core else None


# ---- changing --------------------------------------------------------------------------------------------------


def mutants(resource: Json) -> Iterator[Mutant]:
    for spot in spots(resource):
        if spot.key in {"resourceType", "fhir_comments"}:
            continue
        for make in (dropped, wrong_fixed, wrong_json, wrong_type, wrong_code, wrong_target, repeated, emptied):
            yield from make(resource, spot)
    yield from with_unknown(resource)
    yield from without_slices(resource)


def dropped(resource: Json, spot: Spot) -> Iterator[Mutant]:
    if spot.element.least < 1:
        return
    copied, owner = changed(resource, spot.owner)
    owner.pop(spot.key)
    owner.pop(f"_{spot.key}", None)
    yield Mutant("mandatory element dropped", dotted((*spot.owner, spot.key)), copied)


def without_optional(resource: Json) -> Iterator[Mutant]:
    """Not a defect by itself: each optional member dropped. An invariant may mind."""
    for spot in spots(resource):
        if spot.element.least == 0 and spot.key not in {"resourceType", "meta"}:
            copied, owner = changed(resource, spot.owner)
            owner.pop(spot.key)
            owner.pop(f"_{spot.key}", None)
            yield Mutant("optional element dropped", dotted((*spot.owner, spot.key)), copied)


def wrong_fixed(resource: Json, spot: Spot) -> Iterator[Mutant]:
    demanded = spot.element.fixed if spot.element.fixed is not None else spot.element.pattern
    held = reach(resource, spot.owner)[spot.key]
    if demanded is None or isinstance(held, list):
        return
    copied, owner = changed(resource, spot.owner)
    owner[spot.key] = (
        not held if isinstance(held, bool) else "another" if isinstance(held, str) else {"text": "another"}
    )
    yield Mutant("wrong fixed value", dotted((*spot.owner, spot.key)), copied)


def wrong_json(resource: Json, spot: Spot) -> Iterator[Mutant]:
    copied, owner = changed(resource, spot.owner)
    held = owner[spot.key]
    owner[spot.key] = held[0] if isinstance(held, list) else [held]
    yield Mutant("list and single value swapped", dotted((*spot.owner, spot.key)), copied)


def wrong_type(resource: Json, spot: Spot) -> Iterator[Mutant]:
    held = reach(resource, spot.owner)[spot.key]
    first = held[0] if isinstance(held, list) else held
    wrong = {str: 7, bool: "true", int: "7", float: "7.5", dict: "an object was here"}.get(type(first))
    if wrong is None:
        return
    copied, owner = changed(resource, spot.owner)
    owner[spot.key] = [wrong, *held[1:]] if isinstance(held, list) else wrong
    yield Mutant("wrong type", dotted((*spot.owner, spot.key)), copied)
    if spot.kind and spot.kind.code in {"date", "dateTime", "instant"} and isinstance(first, str):
        copied, owner = changed(resource, spot.owner)
        owner[spot.key] = "2026-02-30"
        yield Mutant("day that does not exist", dotted((*spot.owner, spot.key)), copied)


def wrong_code(resource: Json, spot: Spot) -> Iterator[Mutant]:
    """Only where the packages enumerate the required set, so that the fault can be known."""
    name = spot.element.required
    if name is None or (held := reach(resource, spot.owner)[spot.key]) is None or isinstance(held, list):
        return
    bound = value_set(name)
    enumerated = not bound.open and None not in bound.codes.values()
    copied, owner = changed(resource, spot.owner)
    if isinstance(held, str) and enumerated:
        owner[spot.key] = "no-such-code"
        yield Mutant("code outside an enumerated set", dotted((*spot.owner, spot.key)), copied)
    elif isinstance(held, dict) and not bound.open and ("coding" in held or "system" in held):
        for coding in owner[spot.key].get("coding", [owner[spot.key]]):
            coding["system"] = "http://example.org/another-system"
        yield Mutant("system outside a required set", dotted((*spot.owner, spot.key)), copied)


def wrong_target(resource: Json, spot: Spot) -> Iterator[Mutant]:
    targets = [profiles.profile(t) for t in (spot.kind.targets if spot.kind else ())]
    if not targets or None in targets or any(t.type == "Resource" for t in targets if t):
        return
    held = reach(resource, spot.owner)[spot.key]
    if isinstance((held[0] if isinstance(held, list) else held).get("reference"), str):
        copied, owner = changed(resource, spot.owner)
        first = owner[spot.key][0] if isinstance(held, list) else owner[spot.key]
        first["reference"] = "Basic/another"
        yield Mutant("reference to a wrong type", dotted((*spot.owner, spot.key)), copied)


def repeated(resource: Json, spot: Spot) -> Iterator[Mutant]:
    held = reach(resource, spot.owner)[spot.key]
    if isinstance(held, list) and spot.element.most is not None:
        copied, owner = changed(resource, spot.owner)
        owner[spot.key] = [copy.deepcopy(held[0]) for _ in range(spot.element.most + 1)]
        yield Mutant("more than allowed", dotted((*spot.owner, spot.key)), copied)


def emptied(resource: Json, spot: Spot) -> Iterator[Mutant]:
    copied, owner = changed(resource, spot.owner)
    held = owner[spot.key]
    owner[spot.key] = [] if isinstance(held, list) else {} if isinstance(held, dict) else None
    yield Mutant("empty value", dotted((*spot.owner, spot.key)), copied)


def with_unknown(resource: Json) -> Iterator[Mutant]:
    owners = dict.fromkeys(spot.owner for spot in spots(resource))
    for steps in owners:
        copied, owner = changed(resource, steps)
        owner["unexpected"] = "x"
        yield Mutant("unknown element", dotted(steps), copied)
        if "url" in owner and any(isinstance(e, dict) for e in owner.get("extension", ())):
            copied, owner = changed(resource, steps)
            owner["extension"].append({"url": "no-such-part", "valueString": "x"})
            yield Mutant("undeclared sub-extension", dotted(steps), copied)
        choices = [key for key in owner if key.startswith("value") and key[5:6].isupper()]
        if "url" in owner and choices:
            copied, owner = changed(resource, steps)
            owner["valueOid"] = "urn:oid:1.2.3"
            yield Mutant("second or forbidden choice type", dotted(steps), copied)


def without_slices(resource: Json) -> Iterator[Mutant]:
    """Drop each mandatory extension, and repeat each one that may stand once."""
    for spot in spots(resource):
        for piece in spot.element.slices.values() if spot.key == "extension" else ():
            url = (
                piece.children["url"].fixed if "url" in piece.children else piece.kinds[0].profiles[0].partition("|")[0]
            )
            held = reach(resource, spot.owner)["extension"]
            mine = [e for e in held if e.get("url") == url]
            copied, owner = changed(resource, spot.owner)
            if mine and piece.least:
                owner["extension"] = [e for e in held if e.get("url") != url] or None
                owner.update({} if owner["extension"] else {"extension": []})
                yield Mutant("mandatory slice dropped", f"{dotted(spot.owner)}.extension {url}", copied)
            copied, owner = changed(resource, spot.owner)
            if mine and piece.most is not None:
                owner["extension"] += [copy.deepcopy(mine[0])] * piece.most
                yield Mutant("slice more often than allowed", f"{dotted(spot.owner)}.extension {url}", copied)
