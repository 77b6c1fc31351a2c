"""Facts computed from other facts: the library's only escape hatch from comparisons, each with its own examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openum.core.chart import Chart, Fact, Value
from openum.core.segments import strictest


@dataclass(frozen=True, slots=True)
class Derivation:
    """``derive`` answers with an unknown fact as long as an input is unknown."""

    inputs: tuple[str, ...]
    compute: Callable[..., Value]
    what: str

    def derive(self, chart: Chart) -> Fact:
        """The fact, with the sources of its inputs; unknown when one of them is."""
        parts = [chart.facts.get(name) for name in self.inputs]
        known = [part for part in parts if part is not None and part.value is not None]
        if len(known) < len(self.inputs):
            return Fact("", None)
        source = "; ".join(dict.fromkeys(part.source for part in known if part.source))
        days = [part.date for part in known if part.date is not None]
        return Fact(
            "", self.compute(*(part.value for part in known)), source, max(days, default=None), self.what,
            segment=strictest(part.segment for part in known),
        )  # fmt: skip


def _bmi(height_cm: float, weight_kg: float) -> float:
    return round(weight_kg / (height_cm / 100) ** 2, 1)


DERIVATIONS: Mapping[str, Derivation] = {
    "bmi": Derivation(
        ("height_cm", "weight_kg"), _bmi, "weight in kg divided by the square of height in m, one decimal"
    ),
}
