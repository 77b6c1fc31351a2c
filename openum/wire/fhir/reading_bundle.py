"""A Bundle opened for reading: its resources by reference, how each is cited as a source, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openum.core.refusal import Refusal
from openum.wire.fhir.reading_values import Json, rows, text
from openum.wire.fhir.references import RESTFUL, Entries, entries_of

MOST_ENTRIES = 5000
"""A whole life of a synthetic patient has some 1,500 resources."""


@dataclass(frozen=True, slots=True)
class Held:
    """One resource and where it was found.

    ``source`` is how a fact cites it (``Observation/o1``, or the fullUrl where it has no id), ``path`` where it stands
    (``Bundle.entry[3].resource``), ``entry`` the place its references are read from.
    """

    resource: Json
    source: str
    path: str
    entry: int

    @property
    def type(self) -> str:
        """The resource's type."""
        return text(self.resource.get("resourceType"))


@dataclass(frozen=True, slots=True)
class Opened:
    """A Bundle whose entries can be read; ``first`` is the resource it is about."""

    entries: Entries
    first: Held

    def entry(self, index: int) -> Held | None:
        """The resource of one entry."""
        resource = self.entries.resources[index]
        if resource is None:
            return None
        return Held(resource, _source(resource, self.entries.urls[index]), f"Bundle.entry[{index}].resource", index)

    def all(self) -> Iterator[Held]:
        """Every resource of the Bundle, in order."""
        for index in range(len(self.entries.resources)):
            held = self.entry(index)
            if held is not None:
                yield held

    def target(self, reference: Any, at: Held, *types: str) -> Held | None:
        """What a Reference standing in ``at`` names, if the Bundle holds exactly one such, of one of these types."""
        literal = reference.get("reference") if isinstance(reference, dict) else None
        if not isinstance(literal, str):
            return None
        found = self._contained(literal, at) if literal.startswith("#") else self._entry(literal, at)
        return found if found is not None and (not types or found.type in types) else None

    def same(self, reference: Any, at: Held, who: Held) -> bool:
        """Whether a Reference means that very resource; a relative one that no entry
        answers is read by type and id."""
        found = self.target(reference, at)
        if found is not None:
            return found.resource is who.resource
        literal = reference.get("reference") if isinstance(reference, dict) else None
        named = RESTFUL.match(literal) if isinstance(literal, str) else None
        return named is not None and not named["base"] and literal == f"{who.type}/{who.resource.get('id')}"

    def _entry(self, literal: str, at: Held) -> Held | None:
        found = self.entries.find(literal, self.entries.urls[at.entry])
        return self.entry(found[0]) if len(found) == 1 else None

    def _contained(self, literal: str, at: Held) -> Held | None:
        for row in rows((self.entries.resources[at.entry] or {}).get("contained")):
            if row.get("id") == literal[1:]:
                whole = self.entry(at.entry)
                source = f"{whole.source}{literal}" if whole is not None else literal
                return Held(row, source, f"{at.path}.contained", at.entry)
        return None


def open_bundle(bundle: Json, first_type: str) -> Opened:
    """Open a collection Bundle whose first entry is a ``first_type``.

    Raises:
        Refusal: ``wrong-resource``, ``wrong-bundle-type``, ``empty-bundle``, ``too-many-entries``, ``broken-entry``,
            ``first-entry-not-claim``.
    """
    if bundle.get("resourceType") != "Bundle":
        raise Refusal(
            "wrong-resource",
            "The body is not a Bundle.",
            f"Send a Bundle of type collection whose first entry is the {first_type}.",
            where="resourceType",
        )
    if bundle.get("type") != "collection":
        raise Refusal(
            "wrong-bundle-type",
            "The Bundle is not of type collection.",
            "Set Bundle.type to collection; nothing in it is stored by itself.",
            where="Bundle.type",
        )
    held = bundle.get("entry")
    if not isinstance(held, list) or not held:
        raise Refusal(
            "empty-bundle",
            "The Bundle has no entries.",
            f"Send the {first_type} first, and everything it refers to after it.",
            where="Bundle.entry",
        )
    if len(held) > MOST_ENTRIES:
        raise Refusal(
            "too-many-entries",
            f"The Bundle has {len(held)} entries; at most {MOST_ENTRIES} are taken.",
            "Send the part of the chart that bears on the request.",
            where="Bundle.entry",
        )
    return _opened(entries_of(bundle), first_type)


def _opened(entries: Entries, first_type: str) -> Opened:
    for index, resource in enumerate(entries.resources):
        if resource is None or not text(resource.get("resourceType")):
            raise Refusal(
                "broken-entry",
                "An entry holds no resource with a resourceType.",
                "Give every entry a fullUrl and a resource.",
                where=f"Bundle.entry[{index}]",
            )
    resource = entries.resources[0]
    assert resource is not None  # noqa: S101 - looked at above
    if resource["resourceType"] != first_type:
        raise Refusal(
            "first-entry-not-claim",
            f"The first entry of the Bundle is not a {first_type}.",
            f"Put the {first_type} first (PAS 2.2.1, ClaimFirst).",
            where="Bundle.entry[0]",
        )
    return Opened(entries, Held(resource, _source(resource, entries.urls[0]), "Bundle.entry[0].resource", 0))


def _source(resource: Json, url: str) -> str:
    own = text(resource.get("id"), 64)
    return f"{resource.get('resourceType')}/{own}" if own else url
