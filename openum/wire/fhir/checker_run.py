"""What a check carries from element to element: issues so far, the place in the resource, the Bundle around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from openum.wire.fhir.references import Entries, entries_of

Severity = Literal["error", "warning", "information"]
Json = dict[str, Any]

# A place as a chain (parent, name, index); the text is only built for an issue. Index -1 means "does not repeat".
At = tuple[Any, str, int]

# Issues after which an invariant could only stumble over the same fault again.
MISSHAPEN = frozenset({"wrong-json", "wrong-type"})

Check = Callable[[Any, At, "Run"], None]


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding. ``code`` is stable (see docs/reference/fhir-checker.md), ``path`` is simple FHIRPath.

    The message names what was expected and never repeats what was found: found values may be about a patient.
    """

    severity: Severity
    code: str
    path: str
    message: str


def path_of(at: At) -> str:
    """``Bundle.entry[0].resource.item[2].category`` for a chain of places."""
    parts: list[str] = []
    place: At | None = at
    while place is not None:
        parent, name, index = place
        parts.append(name if index < 0 else f"{name}[{index}]")
        place = parent
    return ".".join(reversed(parts))


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the walk is: the resource, the one that contains it (itself, mostly), and the Bundle around them."""

    resource: Json
    container: Json
    entries: Entries | None = None
    full_url: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A reference whose target must meet one of these profiles; settled when the whole Bundle was walked."""

    at: At
    target: Json
    scope: Scope
    profiles: tuple[str, ...]


@dataclass(slots=True)
class Run:
    """One call of ``check``."""

    invariants: bool
    scope: Scope
    check_of: Callable[[str], Check | None]
    issues: list[Issue] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    verdicts: dict[tuple[int, str], bool] = field(default_factory=dict)

    def error(self, code: str, at: At, message: str) -> None:
        """Report what does not conform; ``code`` and ``message`` as ``Issue`` promises them."""
        self.issues.append(Issue("error", code, path_of(at), message))

    def warn(self, code: str, at: At, message: str) -> None:
        """Report what conforms and is still doubtful."""
        self.issues.append(Issue("warning", code, path_of(at), message))

    def note(self, code: str, at: At, message: str) -> None:
        """Report what could not be checked, as information."""
        self.issues.append(Issue("information", code, path_of(at), message))

    def errors_since(self, mark: int) -> int:
        """How many errors were reported since there were ``mark`` issues."""
        return sum(issue.severity == "error" for issue in self.issues[mark:])

    def misshapen_since(self, mark: int) -> bool:
        """Whether something that is not even the right kind of JSON was found."""
        return any(issue.code in MISSHAPEN for issue in self.issues[mark:])

    def enter(self, resource: Json) -> Scope:
        """Step into a resource; answers the scope to return to."""
        outer = self.scope
        if resource is not outer.resource:
            self.scope = inner_scope(outer, resource)
        return outer

    def resolve(self, reference: str) -> tuple[Json, Scope] | None:
        """The resource a reference from here means (contained, or the one entry it names), and its own scope."""
        here = self.scope
        if reference.startswith("#"):
            held = here.container.get("contained")
            own = [c for c in held if isinstance(c, dict)] if isinstance(held, list) else []
            found = next((c for c in own if c.get("id") == reference[1:]), None)
        else:
            found = here.entries.one(reference, here.full_url) if here.entries else None
        return (found, inner_scope(here, found)) if found is not None else None


def inner_scope(outer: Scope, resource: Json) -> Scope:
    """The scope of a resource met inside another one."""
    url = outer.entries.url_of(resource) if outer.entries else None
    container = outer.container if url is None else resource
    own = entries_of(resource) if resource.get("resourceType") == "Bundle" else outer.entries
    return Scope(resource, container, own, outer.full_url if url is None else url)


def first_scope(resource: Json) -> Scope:
    """The scope a check begins in: the resource is its own container, and a Bundle brings its entries."""
    own = entries_of(resource) if resource.get("resourceType") == "Bundle" else None
    return Scope(resource, resource, own)
