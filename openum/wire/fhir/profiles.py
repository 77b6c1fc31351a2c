"""Profiles as trees of elements, read from the compiled snapshots (``definitions/``).

A canonical is ``url`` or ``url|version``. A version that was not compiled falls back to the newest stored one, because
PAS 2.2.1 names CRD 2.2.1 and the extensions pack 5.x, whose packages are not published as files we may carry; what
is stored under which version is listed in ``definitions/README.md``. Nothing is read before the first question.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import orjson

from openum.wire.fhir.definitions import PATH

R4 = "http://hl7.org/fhir/StructureDefinition/"
GUIDE = "http://hl7.org/fhir/us/"


@dataclass(frozen=True, slots=True)
class Kind:
    """One allowed type of an element, with the profiles it must meet and the targets a reference may have."""

    code: str
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Constraint:
    """An error-level invariant: its key, its FHIRPath expression and the sentence its authors wrote."""

    key: str
    expression: str
    human: str


@dataclass(frozen=True, slots=True)
class Slicing:
    """How the repetitions of an element are told apart: ``(type, path)`` discriminators; closed or open."""

    closed: bool
    by: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Element:
    """One element of a snapshot. ``most`` is None for ``*``; ``children`` and ``slices`` are filled while reading."""

    path: str
    name: str
    least: int = 0
    most: int | None = None
    repeats: bool = True
    kinds: tuple[Kind, ...] = ()
    fixed: Any = None
    pattern: Any = None
    slicing: Slicing | None = None
    required: str | None = None
    same_as: str | None = None
    longest: int | None = None
    constraints: tuple[Constraint, ...] = ()
    children: dict[str, Element] = field(default_factory=dict)
    slices: dict[str, Element] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A compiled StructureDefinition: canonical with version, the type it describes, and its tree."""

    canonical: str
    type: str
    kind: str
    constrains: bool
    root: Element


@lru_cache(maxsize=1)
def compiled() -> Mapping[str, Any]:
    """The compiled file, read once (about 70 ms)."""
    found: dict[str, Any] = orjson.loads(gzip.decompress(PATH.read_bytes()))
    return found


@lru_cache(maxsize=1)
def _versions() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key in compiled()["profiles"]:
        url, _, version = key.partition("|")
        found.setdefault(url, []).append(version)
    return {url: tuple(sorted(v, key=_version_key, reverse=True)) for url, v in found.items()}


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def versions(url: str) -> tuple[str, ...]:
    """The stored versions of a canonical url, newest first; empty when none is stored."""
    return _versions().get(url, ())


def stored(canonical: str) -> str | None:
    """``url|version`` of the stored profile a canonical means, or None."""
    url, _, version = canonical.partition("|")
    known = versions(url)
    if not known:
        return None
    return f"{url}|{version if version in known else known[0]}"


def profile(canonical: str) -> Profile | None:
    """The profile a canonical means, or None when it is not stored."""
    key = stored(canonical)
    return _read(key) if key else None


def core(type_name: str) -> Profile | None:
    """The R4 definition of a type or resource."""
    return profile(f"{R4}{type_name}|4.0.1")


def is_resource(type_name: str) -> bool:
    """Whether this names an R4 resource that ``definitions/`` holds: not a datatype, nor a resource left out there."""
    found = core(type_name) if type_name[:1].isupper() else None
    return found is not None and found.kind == "resource"


@cache
def _read(key: str) -> Profile:
    row = compiled()["profiles"][key]
    first, *rest = row["elements"]
    root = _element(first, row["type"])
    for element in rest:
        _place(root, element)
    return Profile(key, row["type"], row["kind"], bool(row["constraint"]), root)


def _place(root: Element, row: Mapping[str, Any]) -> None:
    """Hang an element into the tree by its id: ``Claim.item.extension:certificationType.value[x]``."""
    node = root
    *parents, last = row["i"].split(".")[1:]
    for segment in parents:
        name, _, slice_name = segment.partition(":")
        node = node.children.setdefault(name, Element(path="", name=name))
        node = node.slices.setdefault(slice_name, Element(path="", name=name)) if slice_name else node
    name, _, slice_name = last.partition(":")
    element = _element(row, name)
    if slice_name:
        node.children.setdefault(name, Element(path="", name=name)).slices[slice_name] = element
    else:
        node.children[name] = element


def _element(row: Mapping[str, Any], name: str) -> Element:
    constraints = compiled()["constraints"]
    slicing = row.get("s")
    return Element(
        path=row["i"],
        name=name,
        least=row.get("n", 0),
        most=row.get("x"),
        repeats="r" in row,
        kinds=tuple(_kind(*kind) for kind in row.get("t", ())),
        fixed=row.get("f"),
        pattern=row.get("p"),
        slicing=Slicing(slicing[0] == "closed", tuple((d[0], d[1]) for d in slicing[1])) if slicing else None,
        required=row.get("b"),
        same_as=row.get("ref"),
        longest=row.get("len"),
        constraints=tuple(Constraint(*constraints[i]) for i in row.get("c", ())),
    )


def _kind(code: str, profiles: tuple[str, ...] = (), targets: tuple[str, ...] = ()) -> Kind:
    return Kind(code, tuple(profiles), tuple(targets))
