"""Which profiles a resource has to meet, and what is wrong when there are several to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openum.wire.fhir import profiles
from openum.wire.fhir.checker_run import At, Check, Issue, Json, Run
from openum.wire.fhir.profiles import Kind

ANY_RESOURCE = frozenset({"Resource", "DomainResource"})


def no_check(_value: Any, _at: At, _run: Run) -> None:
    """Where nothing is said about a value."""


def any_profile(canonicals: list[str]) -> Check:
    """The value must meet at least one of the profiles; the faults of the nearest one are reported."""
    if len(canonicals) == 1:
        only = canonicals[0]
        return lambda value, at, run: (run.check_of(only) or no_check)(value, at, run)

    def check(value: Any, at: At, run: Run) -> None:
        run.issues += nearest(value, at, run, canonicals)[1]

    return check


def nearest(value: Any, at: At, run: Run, canonicals: Iterable[str]) -> tuple[str, list[Issue]]:
    """The profile a value comes nearest to, and what is still wrong with it."""
    kept, best = run.issues, None
    for canonical in canonicals:
        run.issues = []
        (run.check_of(canonical) or no_check)(value, at, run)
        wrong = run.errors_since(0)
        if best is None or wrong < best[0]:
            best = (wrong, canonical, run.issues)
        if not wrong:
            break
    run.issues = kept
    return (best[1], best[2]) if best else ("", [])


def resource_check(value: Json, at: At, run: Run, demanded: tuple[str, ...] = ()) -> None:
    """Check a resource against every profile it claims and at least one of those demanded here."""
    type_name = str(value.get("resourceType"))
    if type_name in ANY_RESOURCE or not profiles.is_resource(type_name):
        run.error("unknown-resource", at, "This resourceType is not one the checker holds a definition of.")
        return
    outer = run.enter(value)
    for group in _groups(value, type_name, at, run, demanded):
        mark = len(run.issues)
        met, found = nearest(value, at, run, group)
        run.issues += found
        run.verdicts[id(value), met] = run.errors_since(mark) == 0
    run.scope = outer


def _groups(value: Json, type_name: str, at: At, run: Run, demanded: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Alternatives to meet: each claimed profile (any version where none is named), one of those demanded."""
    groups = [g for canonical in _claimed(value) if (g := _alternatives(canonical, type_name, at, run))]
    must = tuple(dict.fromkeys(key for canonical in demanded if (key := profiles.stored(canonical))))
    if must and not any(set(group) & set(must) for group in groups):
        groups.append(must)
    return groups or [(f"{profiles.R4}{type_name}|4.0.1",)]


def _claimed(value: Json) -> list[str]:
    meta = value.get("meta")
    named = meta.get("profile") if isinstance(meta, dict) else None
    return list(dict.fromkeys(n for n in named if isinstance(n, str))) if isinstance(named, list) else []


def _alternatives(canonical: str, type_name: str, at: At, run: Run) -> tuple[str, ...]:
    found = profiles.profile(canonical)
    if found is None:
        run.note("profile-not-held", at, "A claimed profile is not held here and was not checked.")
        return ()
    if found.type != type_name:
        run.error("wrong-profile", at, f"A claimed profile is about {found.type}, not about this resource.")
        return ()
    if "|" in canonical:
        return (found.canonical,)
    return tuple(f"{canonical}|{version}" for version in profiles.versions(canonical))


def inner_resource(kind: Kind) -> Check:
    """A resource inside another: contained, in a Bundle entry, in a parameter."""

    def check(value: Any, at: At, run: Run) -> None:
        if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
            run.error("wrong-json", at, "A resource with a resourceType is expected.")
            return
        if kind.code not in ANY_RESOURCE and value["resourceType"] != kind.code:
            run.error("wrong-type", at, f"A {kind.code} is expected.")
            return
        resource_check(value, at, run, kind.profiles)

    return check
