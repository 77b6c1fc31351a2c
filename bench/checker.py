"""How well the profile checker sees: broken copies of the official examples it refuses, good ones it lets pass."""

from __future__ import annotations

from rich.console import Console
from rich.progress import track

from bench.table import Row
from openum.wire.fhir.checker import check, conforms
from openum.wire.fhir.tests.mutants import examples, mutants, separate_resources

GROUP = "the profile checker"


def rows(*, every: int, console: Console) -> list[Row]:
    """The figures over every ``every``-th single-defect copy of the official PAS examples (1: all of them)."""
    good = examples()
    alarms = [name for name, resource in good.items() if not conforms(check(resource))]
    tried = caught = 0
    for resource in track(list(separate_resources().values()), "broken copies", console=console, transient=True):
        for number, mutant in enumerate(mutants(resource)):
            if number % every == 0:
                tried += 1
                caught += not conforms(check(mutant.resource))
    return [
        Row(group=GROUP, work="broken copies refused", figure=f"{caught:,} of {tried:,}", unit="mutants",
            note="each has one defect its profile forbids" + (f"; every {every}th" if every > 1 else "")),
        Row(group=GROUP, work="false alarms on the official PAS 2.2.1 examples", figure=len(alarms),
            unit=f"of {len(good)}", note=", ".join(alarms)),
    ]  # fmt: skip
