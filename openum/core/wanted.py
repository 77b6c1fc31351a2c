"""What a fact would have to be, in words: the bounds of several comparisons drawn together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.chart import Value
from openum.core.criteria import Asked, Leaf
from openum.core.span import Span

OPS = {"is": "is", "at_least": "at least", "at_most": "at most", "above": "above", "below": "below"}
NEGATED = {"at_least": "below", "at_most": "above", "above": "at_most", "below": "at_least"}
UNITS: Mapping[str, str] = {
    "mm[Hg]": "mm Hg", "kg/m2": "kg/m²", "[lb_av]": "lb", "[in_i]": "in", "a": "years", "mo": "months", "wk": "weeks",
    "d": "days", "h": "hours", "1": "",
}  # fmt: skip
"""UCUM units that nobody says as UCUM writes them; a unit in braces is an annotation and is said by its words."""


@dataclass(frozen=True, slots=True)
class _Bound:
    """One end of what is wanted; ``op`` says whether the value itself is still in."""

    op: str
    value: Any

    def text(self, unit: str) -> str:
        return f"{OPS[self.op]} {worded(self.value)}{f' {unit}' if unit else ''}"

    def admits(self, value: Any) -> bool:
        """Whether a value lies on the right side of this end."""
        inside = value >= self.value if self.op in ("at_least", "above") else value <= self.value
        return bool(inside and (value != self.value or self.op in ("at_least", "at_most")))


def wanted_words(must: Iterable[tuple[Leaf, bool]], unit: str) -> str:
    """All that one fact has to answer at once, with nothing said twice; empty when any value would do.

    ``at most 55 and not at least 56`` is ``at most 55 mm Hg``: only the tightest bounds are said.
    """
    bounds: list[_Bound] = []
    others: list[tuple[Leaf, bool]] = []
    for leaf, wanted in must:
        if leaf.op in NEGATED and isinstance(leaf.value, int | float | date) and not isinstance(leaf.value, bool):
            bounds.append(_Bound(leaf.op if wanted else NEGATED[leaf.op], leaf.value))
        else:
            others.append((leaf, wanted))
    exact = any(leaf.op == "is" and wanted and not isinstance(leaf.value, bool) for leaf, wanted in others)
    ends = [] if exact else _tightest(bounds)
    said = [bound.text(unit_words(unit)) for bound in ends]
    said += [leaf_words(leaf, wanted, unit) for leaf, wanted in others if wanted or not _outside(leaf, ends)]
    return " and ".join(dict.fromkeys(said))


def leaf_words(leaf: Leaf, wanted: bool, unit: str) -> str:
    """What one comparison asks of its fact (``wanted``), or that it must not hold."""
    if isinstance(leaf.value, bool) and leaf.op == "is":
        return "yes" if leaf.value is wanted else "no"
    if isinstance(leaf.value, Span):
        text = f"within {leaf.value} before the service date"
    elif isinstance(leaf.value, tuple):
        text = "one of " + ", ".join(worded(value) for value in leaf.value)
    elif isinstance(leaf.value, Asked):
        text = f"{OPS[leaf.op]} the {leaf.value.name} asked for"
    else:
        said = unit_words(unit)
        text = f"{OPS[leaf.op]} {worded(leaf.value)}{f' {said}' if said else ''}"
    return text if wanted else f"not {text}"


def worded(value: Value) -> str:
    """One value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def unit_words(unit: str) -> str:
    """A UCUM unit as a reader would write it."""
    return UNITS.get(unit, unit.strip("{}"))


def _tightest(bounds: list[_Bound]) -> list[_Bound]:
    """The highest lower end and the lowest upper one; where two stand at one value, the one that leaves it out."""
    lower = [bound for bound in bounds if bound.op in ("at_least", "above")]
    upper = [bound for bound in bounds if bound.op in ("at_most", "below")]
    found = []
    if lower:
        found.append(max(lower, key=lambda bound: (bound.value, bound.op == "above")))
    if upper:
        found.append(min(upper, key=lambda bound: (bound.value, bound.op != "below")))
    return found


def _outside(leaf: Leaf, ends: list[_Bound]) -> bool:
    """Whether the bounds already rule out the value that must not be."""
    if leaf.op != "is" or isinstance(leaf.value, bool | str) or not isinstance(leaf.value, int | float | date):
        return False
    return not all(bound.admits(leaf.value) for bound in ends)
