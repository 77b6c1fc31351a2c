"""What a reference may point to: the target's type, and the profile its target meets when the Bundle holds it."""

from __future__ import annotations

import re
from typing import Any

from openum.wire.fhir import profiles
from openum.wire.fhir.checker_run import At, Check, Promise, Run
from openum.wire.fhir.profiles import Kind

TYPE_IN = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?$")


def target_types(kind: Kind) -> frozenset[str] | None:
    """The resource types a reference may name; None when one target is any resource or is not held here."""
    held = [profiles.profile(target) for target in kind.targets]
    types = frozenset(p.type for p in held if p is not None)
    return None if None in held or "Resource" in types else types


def target_profiles(kind: Kind) -> dict[str, tuple[str, ...]]:
    """For each target type the profiles one of which must be met; empty when the bare type is enough.

    Every stored version of a US Core profile will do: servers must handle 3.1.1, 6.1.0 and 7.0.0 (CRD conf-2).
    """
    wanted: dict[str, list[str]] = {}
    bare: set[str] = set()
    for found in filter(None, map(profiles.profile, kind.targets)):
        url = found.canonical.partition("|")[0]
        if not found.constrains:
            bare.add(found.type)
        wanted.setdefault(found.type, []).extend(f"{url}|{version}" for version in profiles.versions(url))
    return {name: tuple(keys) for name, keys in wanted.items() if name not in bare}


def reference_check(kind: Kind) -> Check:
    """The check of a Reference against the targets of its type entry (FHIR R4 §2.3.0, ``targetProfile``).

    The type is that of the resource the reference means, else the one it names: one that is not allowed is
    ``wrong-target``, one that nobody can tell passes. Whether a resource that was found meets its profile is left as a
    ``Promise`` for the end of the run.
    """
    types, wanted = target_types(kind), target_profiles(kind)

    def check(value: Any, at: At, run: Run) -> None:
        literal = value.get("reference") if isinstance(value, dict) else None
        found = run.resolve(literal) if isinstance(literal, str) else None
        named = found[0].get("resourceType") if found else _named_type(value, literal)
        if isinstance(named, str) and types is not None and named not in types:
            run.error("wrong-target", at, f"Only a reference to {' or '.join(sorted(types))} is allowed here.")
        elif found is not None and isinstance(named, str) and named in wanted:
            run.promises.append(Promise(at, *found, wanted[named]))

    return check


def _named_type(value: Any, literal: Any) -> str | None:
    """The type a reference names without being resolved: in its text, or in ``Reference.type``."""
    if isinstance(literal, str):
        found = TYPE_IN.search(literal)
        if found:
            return found.group(1)
    stated = value.get("type") if isinstance(value, dict) else None
    return stated if isinstance(stated, str) else None
