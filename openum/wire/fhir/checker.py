"""Does a resource conform to its profiles? ``check`` answers with every issue it finds.

The profiles are those of ``definitions/``: R4, US Core 3.1.1/6.1.0/7.0.0, Da Vinci PAS 2.2.1. Checked are JSON shape,
cardinality, types, fixed values and patterns, slices, extensions by url, required bindings as far as the packages
enumerate them, reference targets, the error-level invariants, and rules that stand in the text of PAS only
(``checker_guide.py``). Not checked: where an extension may stand (the published contexts forbid must-support elements
of PAS itself), display texts, extensible bindings, must-support.
Closure of a Bundle is another question: ``references.closure``.
"""

from __future__ import annotations

from openum.wire.fhir import profiles
from openum.wire.fhir.checker_elements import profile_check
from openum.wire.fhir.checker_guide import ONCE
from openum.wire.fhir.checker_resources import nearest, resource_check
from openum.wire.fhir.checker_run import Issue, Json, Promise, Run, Severity, first_scope
from openum.wire.fhir.references import Closure

__all__ = ["Issue", "Severity", "UnknownProfile", "check", "closure_issues", "conforms"]


class UnknownProfile(KeyError):
    """The caller named a profile that ``definitions/`` does not hold."""


def check(resource: Json, profile: str | None = None, *, invariants: bool = True) -> tuple[Issue, ...]:
    """Every issue of a resource against the profiles in ``meta.profile`` and the one named, if any.

    A claimed profile without a version may be met in any stored version; one that is not held is an ``information``.
    Never raises for what the resource contains. Raises ``UnknownProfile`` for a named profile that is not stored.
    """
    if profile is not None and profiles.stored(profile) is None:
        raise UnknownProfile(profile)
    type_name = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(type_name, str):
        return (Issue("error", "wrong-json", "$this", "A FHIR resource with a resourceType is expected."),)
    run = Run(invariants, first_scope(resource), profile_check)
    place = (None, type_name if profiles.is_resource(type_name) else "$this", -1)
    resource_check(resource, place, run, (profile,) if profile else ())
    _settle(run)
    return tuple(dict.fromkeys(run.issues))


def conforms(issues: tuple[Issue, ...]) -> bool:
    """Whether there is no error among the issues."""
    return not any(issue.severity == "error" for issue in issues)


def closure_issues(found: Closure) -> tuple[Issue, ...]:
    """What a door says about a Bundle that is not closed: refuse the Claim's own dangling references, warn of others.

    Duplicate entries are refused (spec-14); entries nothing refers to are a warning (spec-13, spec-20).
    """
    dangling = [
        Issue(
            "error" if d.from_claim else "warning", "dangling", d.from_path, "The Bundle does not hold this (spec-13)."
        )
        for d in found.dangling
    ]
    twice = [Issue("error", "duplicate-entry", path, ONCE) for path in found.duplicates]
    unused = [
        Issue("warning", "unreachable", path, "Nothing in the Bundle leads from the Claim to this entry (spec-13).")
        for path in found.unreachable
    ]
    return (*dangling, *twice, *unused)


def _settle(run: Run) -> None:
    """Look at the targets of references, now that the whole Bundle was walked. A target is checked once a profile."""
    while run.promises:
        promise = run.promises.pop()
        if not any(_meets(run, promise, key) for key in promise.profiles):
            run.error("wrong-target", promise.at, f"The target must meet {' or '.join(promise.profiles)}.")


def _meets(run: Run, promise: Promise, canonical: str) -> bool:
    key = (id(promise.target), canonical)
    if key not in run.verdicts:
        run.scope = promise.scope
        run.verdicts[key] = True  # a circle of references settles itself
        found = nearest(promise.target, (None, "target", -1), run, (canonical,))[1]
        run.verdicts[key] = not any(issue.severity == "error" for issue in found)
    return run.verdicts[key]
