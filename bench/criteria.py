"""The criteria by themselves: answers per second, facts gathered, distance to yes."""

from __future__ import annotations

import time

from bench.chart import CONDITIONS, RESOURCES, cases, entries_of, gathered, policy_of
from bench.table import Row
from bench.timing import rate
from openum.core.answers import YES
from openum.core.chart import Chart
from openum.core.criteria import compiled, leaves
from openum.core.distance import distance
from openum.core.policy import Policy
from openum.core.review import judge
from openum.librarian.examples import example_document, examples_of
from openum.librarian.library import Library
from openum.librarian.read import SHIPPED, library
from openum.librarian.shelf import read_shelves

GROUP = "criteria, one core"


def rows(*, seconds: float) -> list[Row]:
    """The figures; ``seconds`` is how long each is measured."""
    held = library()
    policy = policy_of(held)
    asked = cases(held)
    answer = compiled(policy.criteria)
    assert len(list(leaves(policy.criteria))) == CONDITIONS, "the measured criterion has twelve conditions"
    read = [(case, entries_of(case.bundle)) for case in asked]
    charts = [gathered(policy, case, entries, held.facts) for case, entries in read]
    for case, chart in zip(asked, charts, strict=True):
        assert answer(chart.facts, chart.on).answer is case.expect, case.name

    def evaluated() -> int:
        for chart in charts:
            answer(chart.facts, chart.on)
        return len(charts)

    def from_entries() -> int:
        for case, entries in read:
            answer(gathered(policy, case, entries, held.facts).facts, case.on)
        return len(read)

    def from_fhir() -> int:
        for case in asked:
            answer(gathered(policy, case, entries_of(case.bundle), held.facts).facts, case.on)
        return len(asked)

    def judged() -> int:
        for case, entries in read:
            judge(policy, case.line, entries, held.facts, on=case.on)
        return len(read)

    noted = f"{policy.key}, its {len(asked)} worked examples, every branch answered and kept"
    works = (
        (f"{CONDITIONS}-condition criterion over facts already read", evaluated, "evaluations/s", 50_000, noted),
        (f"facts gathered from {RESOURCES} chart entries, then the same", from_entries, "charts/s", None, ""),
        (f"{RESOURCES} FHIR resources read, gathered, the same", from_fhir, "charts/s", None, ""),
        ("chart entries judged: with the distance to yes", judged, "judgments/s", None, ""),
    )
    return [
        *(Row(group=GROUP, work=work, figure=rate(run, seconds=seconds), unit=unit, at_least=least, note=note)
          for work, run, unit, least, note in works),
        *_distances(held),
    ]  # fmt: skip


def _distances(held: Library) -> list[Row]:
    """Distance to yes over every shipped policy, for each worked example not met yet: the better of two passes."""
    known = _unmet(held)
    spent = [float("inf")] * len(known)
    for _ in range(2):
        for number, (policy, chart) in enumerate(known):
            start = time.process_time()
            distance(policy.criteria, chart, held.facts)
            spent[number] = min(spent[number], time.process_time() - start)
    slowest = max(range(len(known)), key=spent.__getitem__)
    policies = len({policy.key for policy, _ in known})
    return [
        Row(group=GROUP, work=f"distance to yes, {policies} shipped policies", unit="searches/s",
            figure=len(known) / sum(spent), note=f"{len(known)} worked examples that are not met"),
        Row(group=GROUP, work="… the slowest of them", figure=1000 * spent[slowest], unit="ms",
            note=known[slowest][0].key),
    ]  # fmt: skip


def _unmet(held: Library) -> list[tuple[Policy, Chart]]:
    found = []
    for written in (one for shelf in read_shelves(SHIPPED) for one in shelf.policies):
        document, faults = example_document(written)
        assert document is not None, faults
        examples = examples_of(document, written.policy, held.facts)
        found += [(written.policy, one.chart) for one in examples if one.expect is not YES]
    return found
