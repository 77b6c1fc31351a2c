"""Facts computed from other facts: the library's only escape hatch from comparisons, each with its own examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openum.core.chart import Chart, Fact, Value
from openum.core.segments import strictest


@dataclass(frozen=True, slots=True)
class Derivation:
    """``derive`` answers with an unknown fact as long as an input is unknown.

    Unless it tells what is on ``record``: whether an input is known at all. That is answered from nothing, too.
    ``compute`` is then given ``None`` for an unknown input.
    """

    inputs: tuple[str, ...]
    compute: Callable[..., Value]
    what: str
    record: bool = False

    def derive(self, chart: Chart) -> Fact:
        """The fact, with the sources of its inputs; unknown when one of them is."""
        parts = [chart.facts.get(name) for name in self.inputs]
        known = [part for part in parts if part is not None and part.value is not None]
        if len(known) < len(self.inputs) and not self.record:
            return Fact("", None)
        source = "; ".join(dict.fromkeys(part.source for part in known if part.source))
        days = [part.date for part in known if part.date is not None]
        values = (part.value if part is not None else None for part in parts)
        return Fact(
            "", self.compute(*values), source, max(days, default=None), self.what,
            segment=strictest(part.segment for part in known) if known else "general",
        )  # fmt: skip


def _bmi(height_cm: float, weight_kg: float) -> float:
    return round(weight_kg / (height_cm / 100) ** 2, 1)


def _known(value: Value | None) -> bool:
    return value is not None


def _on_record(name: str, words: str) -> Derivation:
    return Derivation((name,), _known, f"whether {words} is known", record=True)


DERIVATIONS: Mapping[str, Derivation] = {
    "bmi": Derivation(
        ("height_cm", "weight_kg"), _bmi, "weight in kg divided by the square of height in m, one decimal"
    ),
    "blood_gas_at_rest": _on_record("pao2_at_rest_awake", "an arterial oxygen pressure at rest and awake"),
    "blood_gas_during_sleep": _on_record("pao2_during_sleep", "an arterial oxygen pressure during sleep"),
    "blood_gas_during_exercise": _on_record("pao2_during_exercise", "an arterial oxygen pressure during exercise"),
}
