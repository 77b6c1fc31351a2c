"""Is a code in a value set? Yes, no, or unknown: only enumerable sets of the published packages can say yes or no.

X12 sets (``valueset.x12.org``) are licensed and in no package, so every code in them is unknown here and only its
shape is checked. A set that takes a whole system we do not hold (ICD-10-CM, HCPCS, CPT …) knows its systems and not
their codes: another system is a no, one of its own is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from openum.wire.fhir.profiles import compiled


@dataclass(frozen=True, slots=True)
class ValueSet:
    """``codes[system]`` is the set of its codes, or None for any code; ``open`` when a part of the set is absent."""

    codes: Mapping[str, frozenset[str] | None]
    open: bool

    def holds(self, system: str | None, code: str | None) -> bool | None:
        """Whether a coding is in the set; None when the packages cannot tell."""
        if system is not None and system in self.codes:
            known = self.codes[system]
            if known is None or code in known:
                return True if known is not None else None
        return None if self.open else False

    def holds_bare(self, code: str) -> bool | None:
        """The same for an element of type ``code``, which carries no system."""
        if any(known is not None and code in known for known in self.codes.values()):
            return True
        return None if self.open or None in self.codes.values() else False


@cache
def value_set(canonical: str) -> ValueSet:
    """The value set as far as the packages hold it; an absent one is open and empty."""
    rows = compiled()["value_sets"].get(canonical, [[None, None]])
    codes: dict[str, frozenset[str] | None] = {}
    for system, listed in rows:
        if system is None:
            continue
        before = codes.get(system, frozenset())
        codes[system] = None if listed is None or before is None else before | frozenset(listed)
    return ValueSet(codes, any(system is None for system, _ in rows))


def codings(value: Any) -> Iterable[tuple[str | None, str | None]]:
    """The (system, code) pairs of a CodeableConcept or a Coding."""
    if not isinstance(value, dict):
        return ()
    held = value.get("coding", ()) if "system" not in value and "code" not in value else (value,)
    found = (
        [(c.get("system"), c.get("code")) for c in held if isinstance(c, dict)] if isinstance(held, Iterable) else []
    )
    return [(s if isinstance(s, str) else None, c if isinstance(c, str) else None) for s, c in found]


def any_in(canonical: str, value: Any) -> bool | None:
    """Whether some coding of the value is in the set: Kleene *or* over its codings, no codings is a no."""
    found = value_set(canonical)
    answers = [found.holds(system, code) for system, code in codings(value)]
    if True in answers:
        return True
    return None if None in answers else False
