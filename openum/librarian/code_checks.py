"""Codes of the library held against published code tables, where a checkout of those tables is at hand."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_
from openum.librarian.overlap import plain
from openum.librarian.shelf import read_shelves

LOOK_UP = "Look the code up in the current release; leave it out rather than guess."


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTables:
    """Published codes by system, without dots, and the specialty names of the provider taxonomy."""

    codes: Mapping[str, frozenset[str]]
    specialties: frozenset[str]


def read_tables(folder: Path) -> CodeTables | None:
    """The tables under ``folder`` (HCPCS, CPT numbers, ICD-10-CM, places of service, NUCC); ``None`` without them."""
    hcpcs, diagnoses = folder / "codes_hcpcs2", folder / "codes_icd10cm"
    if not hcpcs.is_dir() or not diagnoses.is_dir():
        return None
    with gzip.open(_newest(diagnoses, "icd10cm_*_codelist.txt.gz"), "rt", encoding="utf-8") as lines:
        icd10cm = frozenset(line.strip() for line in lines)
    taxonomy = _column(_newest(folder / "codes_nucc", "nucc_taxonomy_*_codes.csv"))
    names = {row[key] for row in taxonomy for key in ("classification", "specialization", "display_name")}
    return CodeTables(
        codes={
            "hcpcs": frozenset(row["code"] for row in _column(hcpcs / "hcpcs2.csv.gz")),
            "cpt": frozenset(
                row["code"] for row in _column(_newest(hcpcs, "opps_addendum_b_*_cpt_status_only.csv.gz"))
            ),
            "icd10cm": icd10cm,
            "nucc": frozenset(row["code"] for row in taxonomy),
        },
        specialties=frozenset(name for name in names if name),
    )


def check_codes(*roots: Path, tables: CodeTables) -> tuple[Fault, ...]:
    """Codes that no table holds, and reviewer specialties the taxonomy does not know. Prefixes must begin a code."""
    documents: dict[Path, Document] = {}
    for shelf in read_shelves(*roots):
        documents |= {fact.document.path: fact.document for fact in shelf.facts}
        documents |= {one.version.path: one.version for one in shelf.policies}
        documents |= {one.document.path: one.document for one in shelf.requirements}
    found = [fault for document in documents.values() for fault in _walk(document, document.data, (), tables)]
    return tuple(sorted(set(found), key=lambda fault: (fault.file, fault.line, fault.fault)))


def _newest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern))


def _column(path: Path) -> list[dict[str, str]]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(text.decode("utf-8-sig").splitlines()))


def _walk(document: Document, data: Any, where: Path_, tables: CodeTables) -> Iterator[Fault]:
    if isinstance(data, list):
        for index, one in enumerate(data):
            yield from _walk(document, one, (*where, index), tables)
    if not isinstance(data, dict):
        return
    for key, one in data.items():
        if key in tables.codes and isinstance(one, list):
            yield from _codes(document, key, one, (*where, key), tables)
        elif key == "specialties":
            for index, name in enumerate(one):
                if name not in tables.specialties:
                    fault = f'"{name}" is not a name of the NUCC taxonomy.'
                    yield document.fault((*where, key, index), fault, "Write a classification or specialization of it.")
        else:
            yield from _walk(document, one, (*where, key), tables)


def _codes(document: Document, system: str, codes: list[str], where: Path_, tables: CodeTables) -> Iterator[Fault]:
    known = tables.codes[system]
    for index, written in enumerate(codes):
        code = plain(written)
        low, _, high = code.partition("..")
        if code.endswith("*"):
            there = any(one.startswith(code[:-1]) for one in known)
        else:
            there = low in known and (not high or high in known)
        if not there:
            yield document.fault((*where, index), f"{system} {written} is not in the published table.", LOOK_UP)
