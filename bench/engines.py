"""The same criterion through other engines, in the same run: CEL over the facts, CQL over the facts and over the chart.

Every engine must give the answers the worked examples promise, unknown included, before its time is taken. CEL has no
unknown: a fact left out raises, and ``&&`` and ``||`` absorb the error where the other side decides, as Kleene does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cel import compile as cel_compile

from bench.chart import Asked, cases, entries_of, gathered, policy_of
from bench.table import Row
from bench.timing import rate
from openum.core.criteria import All, AnyOf, AtLeast, Criterion, Leaf, Not, compiled
from openum.librarian.read import library

GROUP = "side by side"
HERE = Path(__file__).with_name("cql")
CEL_OPS = {"is": "==", "at_least": ">=", "at_most": "<=", "above": ">", "below": "<", "one_of": "in"}


class Unavailable(Exception):
    """Node or npm is not on this machine; the text says what to do."""


def cel_text(criterion: Criterion) -> str:
    """The criterion as a CEL expression over ``facts``, for the operations this criterion uses."""
    match criterion:
        case Leaf(fact, op, value):
            literal = json.dumps(float(value) if isinstance(value, int) and not isinstance(value, bool) else value)
            return f"facts.{fact.replace('.', '_')} {CEL_OPS[op]} {literal}"
        case Not(of):
            return f"!({cel_text(of)})"
        case All(of):
            return "(" + " && ".join(map(cel_text, of)) + ")"
        case AnyOf(of):
            return "(" + " || ".join(map(cel_text, of)) + ")"
        case AtLeast():
            raise NotImplementedError("CEL has no word for it, and the measured criterion does not need it")


def rows(*, seconds: float) -> list[Row]:
    """The figures, with how many times as fast OpenUM is."""
    held = library()
    policy, asked = policy_of(held), cases(held)
    run = compiled(policy.criteria)
    read = [(case, entries_of(case.bundle)) for case in asked]
    charts = [gathered(policy, case, entries, held.facts) for case, entries in read]

    def facts_only() -> int:
        for chart in charts:
            run(chart.facts, chart.on)
        return len(charts)

    def whole_chart() -> int:
        for case in asked:
            run(gathered(policy, case, entries_of(case.bundle), held.facts).facts, case.on)
        return len(asked)

    ours, ours_of_charts = rate(facts_only, seconds=seconds), rate(whole_chart, seconds=seconds)
    cel = rate(_cel(asked, policy.criteria), seconds=seconds)
    found = [
        Row(group=GROUP, work="OpenUM, over facts", figure=ours, unit="evaluations/s", note="every leaf explained"),
        _compared(
            "CEL (Rust), over facts", cel, ours, "evaluations/s", "the answer alone, stops at the first that decides"
        ),
    ]
    try:
        cql = _cql(asked, seconds=seconds)
    except Unavailable as missing:
        return [*found, Row(group=GROUP, work="CQL (cql-execution)", figure="not run", note=str(missing))]
    return [
        *found,
        _compared("CQL (cql-execution), over facts", cql["facts"], ours, "evaluations/s", "Node; ELM made beforehand"),
        Row(group=GROUP, work="OpenUM, 50 FHIR resources read and judged", figure=ours_of_charts, unit="charts/s"),
        _compared("CQL (cql-execution), 50 FHIR resources", cql["chart"], ours_of_charts, "charts/s", "cql-exec-fhir"),
    ]


def _compared(work: str, figure: float, ours: float, unit: str, note: str) -> Row:
    return Row(group=GROUP, work=work, figure=figure, unit=unit, note=f"OpenUM is {ours / figure:,.1f} × that; {note}")


def _facts(case: Asked) -> dict[str, Any]:
    """What is given, as engines without a chart take it."""
    numbers = {name: float(value) for name, value in case.given.items() if isinstance(value, int | float)}
    return {name: value if isinstance(value, bool) else numbers.get(name, value) for name, value in case.given.items()}


def _cel(asked: tuple[Asked, ...], criterion: Criterion) -> Callable[[], int]:
    program = cel_compile(cel_text(criterion))
    contexts = [{"facts": {**_facts(case), "asked_code": case.code}} for case in asked]

    def answer(context: dict[str, Any]) -> bool | None:
        try:
            return bool(program.execute(context))
        except KeyError:
            return None

    for case, context in zip(asked, contexts, strict=True):
        assert answer(context) is case.met, case.name

    def run() -> int:
        for context in contexts:
            answer(context)
        return len(contexts)

    return run


def _cql(asked: tuple[Asked, ...], *, seconds: float) -> dict[str, float]:
    """Evaluations per second by way, from a Node process of its own; raises where an answer differs."""
    _install()
    # What is not known is said as null: cql-execution takes a parameter left out for false.
    unknown = dict.fromkeys(name for case in asked for name in case.given)
    told = [
        {"facts": {**unknown, **_facts(case)}, "asked_code": case.code, "service_day": case.on.isoformat(),
         "met": case.met, "bundle": case.bundle}
        for case in asked
    ]  # fmt: skip
    done = subprocess.run(
        ["node", "run.mjs"], cwd=HERE, input=json.dumps({"seconds": seconds, "cases": told}), text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"CQL answers otherwise, or does not run:\n{done.stderr}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _install() -> None:
    """The locked packages, once; npm's own settings say from where."""
    if (HERE / "node_modules/cql-exec-fhir").is_dir():
        return
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise Unavailable("Node is not installed. On Debian or Ubuntu: sudo apt-get install -y nodejs npm")
    done = subprocess.run(["npm", "ci", "--omit=dev"], cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable("npm could not install bench/cql: " + done.stderr.strip().splitlines()[-1])
