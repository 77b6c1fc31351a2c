"""Single codes out of sets of codes, and the URIs FHIR knows their systems by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from openum.core.codes import SYSTEMS, Code, CodeSet
from openum.world.content import content, icd10cm

URIS: Mapping[str, str] = {
    **{short: uri for uri, short in reversed(tuple(SYSTEMS.items()))},
    "icd10pcs": "http://www.cms.gov/Medicare/Coding/ICD10",
}
"""Short system name to the first URI that the core lists for it; for procedures the one PAS names."""


def uri(system: str) -> str:
    """The URI of a short system name, or the name itself."""
    return URIS.get(system, system)


ASKABLE = frozenset({"cpt", "hcpcs", "icd10pcs", "ndc", "revenue"})
"""Systems a PAS item can ask in (value set X12278RequestedServiceType, and the revenue code beside it)."""


@lru_cache(maxsize=4096)
def askable(codes: CodeSet) -> tuple[Code, ...]:
    """The codes of a set that a request can carry; all of them, where it can carry none."""
    found = single(codes)
    return tuple(code for code in found if code.system in ASKABLE) or found


def packages(code: Code) -> tuple[Code, ...]:
    """The codes an item carries beside one that it cannot ask in by itself: for an RxNorm drug the NDC of a package."""
    package = content("services")["packages"].get(code.value) if code.system == "rxnorm" else None
    return (Code("ndc", package),) if package is not None else ()


@lru_cache(maxsize=4096)
def single(codes: CodeSet) -> tuple[Code, ...]:
    """Codes of a set, as written: a prefix of ICD-10-CM gives the codes the world has for it, a range its first."""
    return tuple(dict.fromkeys(_single(codes.by_system.items())))


def _single(rows: Iterable[tuple[str, Iterable[str]]]) -> Iterator[Code]:
    for system, values in rows:
        for value in values:
            if not value.endswith("*"):
                yield Code(system, value.partition("..")[0])
            elif system == "icd10cm":
                yield from _of_prefix(value)
            else:
                yield Code(system, value.rstrip("*."))


def _of_prefix(value: str) -> Iterator[Code]:
    start = value.rstrip("*").replace(".", "")
    found = [code for code in icd10cm() if code.replace(".", "").startswith(start)]
    # A family the table does not hold is named by its category, which is a code too.
    for code in found or [value.rstrip("*.")]:
        yield Code("icd10cm", code, icd10cm().get(code, ""))
