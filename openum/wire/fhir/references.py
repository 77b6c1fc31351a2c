"""References inside a Bundle: what resolves, what dangles, what stands twice, what nothing points to.

PAS 2.2.1 asks for closure: the Bundle holds everything the Claim refers to, transitively (spec-13, spec-18), each
resource once (spec-14). Closure is apart from profile conformance: seven of the twelve official example Bundles
dangle somewhere. A door refuses a dangling reference of the Claim itself and warns of a deeper one.

Resolution (FHIR R4 §2.36.4.1): an absolute reference or urn equals a ``fullUrl``; a relative one is read against the
base of the entry it stands in; ``#id`` is a contained resource. A reference may name a version (``/_history/n``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

RESTFUL = re.compile(r"^(?P<base>.*/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})$")
VERSIONED = re.compile(r"/_history/[A-Za-z0-9\-.]{1,64}$")

# The response need not carry the Claim it answers; its URL or identifier is enough (PAS 2.2.1 specification.md).
OUTSIDE = frozenset({("ClaimResponse", "request")})

# What a PAS Bundle begins with, and therefore what closure is about.
FIRST = frozenset({"Claim", "ClaimResponse"})


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference that no entry answers, or more than one. ``from_claim``: it stands in the first entry itself.

    ``reference`` may identify a patient: show ``from_path``, keep the reference out of logs and outcomes.
    """

    from_path: str
    reference: str
    from_claim: bool


@dataclass(frozen=True, slots=True)
class Closure:
    """``duplicates`` and ``unreachable`` are paths of entries: the second of a pair; never reached from the first."""

    dangling: tuple[Dangling, ...]
    duplicates: tuple[str, ...]
    unreachable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A Bundle's resources by fullUrl."""

    by_url: dict[str, list[int]]
    resources: tuple[Json | None, ...]
    urls: tuple[str, ...]
    places: dict[int, int]

    def find(self, reference: str, full_url: str) -> list[int]:
        """Positions of the entries a reference standing in the entry ``full_url`` names."""
        wanted = VERSIONED.sub("", reference)
        if ":" not in wanted:
            here = RESTFUL.match(full_url)
            base = here.group("base") if here else None
            wanted = f"{base}{wanted}" if base else wanted
        return self.by_url.get(wanted, [])

    def url_of(self, resource: Json) -> str | None:
        """The fullUrl of the entry that holds this very object; None when it is not an entry's resource."""
        position = self.places.get(id(resource))
        return None if position is None else self.urls[position]

    def one(self, reference: str, full_url: str) -> Json | None:
        """The resource, when exactly one entry answers."""
        found = self.find(reference, full_url)
        return self.resources[found[0]] if len(found) == 1 else None


def entries_of(bundle: Json) -> Entries:
    """Index a Bundle; entries that are not objects keep their position and hold nothing."""
    held = bundle.get("entry")
    rows = [row if isinstance(row, dict) else {} for row in held] if isinstance(held, list) else []
    urls = tuple(url if isinstance(url := row.get("fullUrl"), str) else "" for row in rows)
    resources = tuple(r if isinstance(r := row.get("resource"), dict) else None for row in rows)
    by_url: dict[str, list[int]] = {}
    for position, url in enumerate(urls):
        if url:
            by_url.setdefault(url, []).append(position)
    places = {id(resource): position for position, resource in enumerate(resources) if resource is not None}
    return Entries(by_url, resources, urls, places)


def references_in(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every ``(path of the Reference, literal reference)`` under a value, in order."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from references_in(item, f"{path}[{index}]")
    elif isinstance(value, dict):
        literal = value.get("reference")
        if isinstance(literal, str):
            yield path, literal
        for name, item in value.items():
            if isinstance(item, (dict, list)):
                yield from references_in(item, f"{path}.{name}")


def closure(bundle: Json, path: str = "Bundle") -> Closure:
    """Check that a Bundle is closed under its own references. Total: any JSON object is answered.

    A Bundle inside the Bundle (a notification carries its response so) is closed for itself.
    """
    entries = entries_of(bundle)
    dangling: list[Dangling] = []
    pointed: list[set[int]] = []
    for position, resource in enumerate(entries.resources):
        place = f"{path}.entry[{position}]"
        if resource and resource.get("resourceType") == "Bundle":
            dangling += closure(resource, f"{place}.resource").dangling
            pointed.append(set())
            continue
        found, targets = _walk(entries, position, resource or {}, f"{place}.resource")
        dangling += found
        pointed.append(targets)
    return Closure(tuple(dangling), _duplicates(entries, path), _unreachable(pointed, path))


def _walk(entries: Entries, position: int, resource: Json, place: str) -> tuple[list[Dangling], set[int]]:
    """The dangling references of one entry, and the entries it points to."""
    kind = str(resource.get("resourceType"))
    from_claim = position == 0 and kind in FIRST
    held = resource.get("contained")
    contained = [c.get("id") for c in held if isinstance(c, dict)] if isinstance(held, list) else []
    dangling: list[Dangling] = []
    targets: set[int] = set()
    for path, reference in references_in(resource, place):
        if reference.startswith("#"):
            resolved = reference == "#" or reference[1:] in contained
        else:
            found = entries.find(reference, entries.urls[position])
            targets.update(found)
            resolved = len(found) == 1 or (not found and (kind, path.rpartition(".")[2]) in OUTSIDE)
        if not resolved:
            dangling.append(Dangling(path, reference, from_claim))
    return dangling, targets


def _duplicates(entries: Entries, path: str) -> tuple[str, ...]:
    """Second and further entries with one fullUrl, or with one type, id and content under another fullUrl."""
    first: dict[tuple[str, str], int] = {}
    contents: dict[tuple[str, str], set[bytes]] = {}
    found: list[str] = []
    for position, resource in enumerate(entries.resources):
        url = entries.urls[position]
        key = (str((resource or {}).get("resourceType")), str((resource or {}).get("id") or ""))
        same_url = bool(url) and entries.by_url[url][0] < position
        if not key[1] or first.setdefault(key, position) == position:
            twin = False
        else:
            # Only where type and id agree are contents compared, by their bytes: never one by one.
            seen = contents.setdefault(key, {_content(entries.resources[first[key]])})
            own = _content(resource)
            twin = own in seen
            seen.add(own)
        if same_url or twin:
            found.append(f"{path}.entry[{position}]")
    return tuple(found)


def _content(resource: Json | None) -> bytes:
    return json.dumps(resource, sort_keys=True).encode()


def _unreachable(pointed: list[set[int]], path: str) -> tuple[str, ...]:
    reached, waiting = set(), [0]
    while waiting:
        position = waiting.pop()
        if position not in reached and position < len(pointed):
            reached.add(position)
            waiting += pointed[position]
    return tuple(f"{path}.entry[{p}]" for p in range(len(pointed)) if p not in reached)
