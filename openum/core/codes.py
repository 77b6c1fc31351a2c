"""Codes and sets of codes, under short system names instead of URIs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SYSTEMS: Mapping[str, str] = {
    "http://www.ama-assn.org/go/cpt": "cpt",
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "hcpcs",
    "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets": "hcpcs",
    "http://terminology.hl7.org/CodeSystem/HCPCS": "hcpcs",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10-pcs": "icd10pcs",
    "http://www.cms.gov/Medicare/Coding/ICD10": "icd10pcs",
    "http://hl7.org/fhir/sid/icd-9-cm": "icd9cm",
    "http://snomed.info/sct": "snomed",
    "http://loinc.org": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://hl7.org/fhir/sid/ndc": "ndc",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "https://www.nubc.org/CodeSystem/RevenueCodes": "revenue",
    "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set": "pos",
    "http://nucc.org/provider-taxonomy": "nucc",
}
"""Code-system URI to the short name the library uses. Not listed here: the URI itself is the name."""

BILLING = frozenset({"cpt", "hcpcs"})
"""CPT is level I of HCPCS, and senders mix the two URIs up (even the PAS guide's own examples do)."""


def short_system(uri: str) -> str:
    """The short name of a code system, or the URI itself when it has none."""
    return SYSTEMS.get(uri, uri)


@dataclass(frozen=True, slots=True, order=True)
class Code:
    """One code: ``system`` is a short name (``hcpcs``), ``value`` as published, upper case where letters occur."""

    system: str
    value: str
    display: str = ""

    def __str__(self) -> str:
        return f"{self.system} {self.value}"


class CodeSet:
    """A set of codes by system; a value ending in ``*`` stands for everything that begins so; ``A..B`` is a range.

    Dots do not matter for ICD-10-CM (G47.33 = G4733). CPT and HCPCS are searched as one system.
    """

    __slots__ = ("_exact", "_prefixes", "_ranges", "_source")

    def __init__(self, by_system: Mapping[str, Iterable[str]]) -> None:
        self._source = {system: tuple(values) for system, values in by_system.items()}
        self._exact: set[tuple[str, str]] = set()
        self._prefixes: list[tuple[str, str]] = []
        self._ranges: list[tuple[str, str, str]] = []
        for system, values in self._source.items():
            for value in values:
                self._add(_family(system), _plain(value))

    def _add(self, system: str, value: str) -> None:
        low, dots, high = value.partition("..")
        if dots:
            self._ranges.append((system, low, high))
        elif value.endswith("*"):
            self._prefixes.append((system, value[:-1]))
        else:
            self._exact.add((system, value))

    def __contains__(self, code: object) -> bool:
        if not isinstance(code, Code):
            return False
        system, value = _family(code.system), _plain(code.value)
        return (
            (system, value) in self._exact
            or any(s == system and value.startswith(p) for s, p in self._prefixes)
            or any(s == system and len(value) == len(low) and low <= value <= high for s, low, high in self._ranges)
        )

    def __bool__(self) -> bool:
        return bool(self._exact or self._prefixes or self._ranges)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CodeSet) and self._source == other._source

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._source.items())))

    def __repr__(self) -> str:
        return f"CodeSet({self._source!r})"

    @property
    def by_system(self) -> Mapping[str, tuple[str, ...]]:
        """The set as written: short system name to its values."""
        return dict(self._source)


NO_CODES = CodeSet({})


def _family(system: str) -> str:
    return "billing" if system in BILLING else system


def _plain(value: str) -> str:
    low, dots, high = value.partition("..")
    return f"{low.replace('.', '')}{dots}{high.replace('.', '')}".upper()
