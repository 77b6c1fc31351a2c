"""Whether the examples stand on every threshold, one step beyond it, and without the datum.

An example counts only where the threshold decides: another value of the same fact must change the whole answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from openum.core.answers import UNKNOWN
from openum.core.chart import Chart, Fact, Value
from openum.core.criteria import Asked, Criterion, Leaf, compiled, leaves
from openum.core.facts import FactDefinition
from openum.core.span import Span
from openum.librarian.examples import Example
from openum.librarian.faults import Fault
from openum.librarian.policies import WrittenPolicy
from openum.librarian.tree import fact_type, walk

TOWARDS: Mapping[str, tuple[int, ...]] = {
    "at_least": (-1,), "at_most": (1,), "above": (1,), "below": (-1,), "is": (-1, 1), "within": (-1,),
}  # fmt: skip
"""In which direction the next value lies that is answered otherwise than the threshold itself."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A threshold on one day: the value on it, and the values one step beyond it."""

    on: Value
    beyond: tuple[Value, ...]

    def beyond_holds(self, value: Value) -> bool:
        """Whether a value lies beyond, by one step at most."""
        return any(_between(self.on, value, far) for far in self.beyond)


def threshold_faults(
    written: WrittenPolicy, examples: Sequence[Example], facts: Mapping[str, FactDefinition]
) -> Iterator[Fault]:
    """A fault for each threshold that has no case on it, none beyond it, or none without the datum."""
    criteria = written.policy.criteria
    places = [where for raw, where in walk(written.version.data["criteria"], ("criteria",)) if "fact" in raw]
    told: set[tuple[object, ...]] = set()
    for leaf, where in zip(leaves(criteria), places, strict=True):
        key = (leaf.fact, leaf.op, leaf.value)
        if key in told or not is_threshold(leaf, facts):
            continue
        told.add(key)
        for fault, mend in _missing(leaf, criteria, examples, facts):
            yield written.version.fault(where, fault, f"{mend} in {written.examples.name}.")


def is_threshold(leaf: Leaf, facts: Mapping[str, FactDefinition]) -> bool:
    """Whether a leaf draws a line through numbers or days."""
    kind = fact_type(leaf.fact, facts)
    return leaf.op in TOWARDS and kind in ("number", "date")


def _missing(
    leaf: Leaf, criteria: Criterion, examples: Sequence[Example], facts: Mapping[str, FactDefinition]
) -> Iterator[tuple[str, str]]:
    on = beyond = absent = False
    for example in examples:
        edge = edge_of(leaf, example.chart)
        fact = example.chart.facts.get(leaf.fact)
        value = fact.value if fact else None
        lacks = value is None and example.expect is UNKNOWN
        stands = edge is not None and value is not None and value == edge.on
        passes = edge is not None and value is not None and edge.beyond_holds(value)
        if (lacks or stands or passes) and _decides(leaf, criteria, example.chart):
            on, beyond, absent = on or stands, beyond or passes, absent or lacks
    line = f"`{leaf.fact}` {leaf.op} {_shown(leaf)}"
    where = "Where everything else is fit for it, add a case"
    if not on:
        yield f"No example stands on {line} and depends on it.", f"{where} with exactly that value"
    if not beyond and _possible(leaf, facts):
        yield f"No example stands one step beyond {line} and depends on it.", f"{where} with {_step_words(leaf)}"
    if not absent:
        fault = f"No example that lacks `{leaf.fact}` is unknown because of it."
        yield fault, f"{where} without it, expect: unknown,"


def edge_of(leaf: Leaf, chart: Chart) -> Edge | None:
    """The threshold as it stands for a chart; none while what is asked for is not stated."""
    value = leaf.value
    if isinstance(value, Asked):
        asked = chart.facts.get(value.fact)
        value = asked.value if asked and asked.value is not None else ()
    if isinstance(value, Span):
        value = value.before(chart.on)
    if isinstance(value, date):
        return Edge(value, tuple(value + timedelta(days=way) for way in TOWARDS[leaf.op]))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return Edge(value, tuple(value + way * step_of(value) for way in TOWARDS[leaf.op]))


def step_of(value: float) -> float:
    """One step of a threshold: one for 88, a tenth for 55.5."""
    exponent = Decimal(str(value)).as_tuple().exponent
    return 1 if isinstance(value, int) or not isinstance(exponent, int) else 10.0**exponent


def _between(edge: Value, value: Value, far: Value) -> bool:
    if isinstance(value, date):
        return value == far
    if not isinstance(edge, int | float) or not isinstance(value, int | float) or not isinstance(far, int | float):
        return False
    slack = 1e-9
    return edge < value <= far + slack if far > edge else far - slack <= value < edge


def _decides(leaf: Leaf, criteria: Criterion, chart: Chart) -> bool:
    """Whether another value of the leaf's fact, or none, changes the whole answer."""
    run = compiled(criteria)
    answer = run(chart.facts, chart.on).answer
    for value in _others(leaf.fact, criteria, chart):
        if run(chart.with_facts(Fact(leaf.fact, value)).facts, chart.on).answer is not answer:
            return True
    return False


def _others(name: str, criteria: Criterion, chart: Chart) -> Iterator[Value | None]:
    """No value, and values on and on both sides of each of the fact's thresholds."""
    yield None
    for leaf in leaves(criteria):
        edge = edge_of(leaf, chart) if leaf.fact == name and leaf.op in TOWARDS else None
        if edge is None:
            continue
        yield edge.on
        if isinstance(edge.on, date):
            yield from (edge.on + timedelta(days=way) for way in (-1, 1))
        elif isinstance(edge.on, int | float):
            yield from (edge.on + way * step_of(edge.on) for way in (-1, 1))


def _possible(leaf: Leaf, facts: Mapping[str, FactDefinition]) -> bool:
    """Whether there is a value one step beyond: the fact's range may end on the threshold."""
    definition, value = facts.get(leaf.fact), leaf.value
    if definition is None or isinstance(value, bool) or not isinstance(value, int | float):
        return True
    least, most = definition.least, definition.most
    far = [value + way * step_of(value) for way in TOWARDS[leaf.op]]
    return any((least is None or one >= least) and (most is None or one <= most) for one in far)


def _shown(leaf: Leaf) -> str:
    return f"the asked {leaf.value.name}" if isinstance(leaf.value, Asked) else str(leaf.value)


def _step_words(leaf: Leaf) -> str:
    """What one step beyond is, in words."""
    if leaf.op == "within":
        return "the day before that span"
    if isinstance(leaf.value, date):
        return f"{' or '.join(str(leaf.value + timedelta(days=way)) for way in TOWARDS[leaf.op])}"
    if isinstance(leaf.value, int | float):
        return " or ".join(f"{leaf.value + way * step_of(leaf.value):g}" for way in TOWARDS[leaf.op])
    return "one less" if TOWARDS[leaf.op] == (-1,) else "one more"
