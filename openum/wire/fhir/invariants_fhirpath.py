"""Invariants that are not written by hand, evaluated by fhirpathpy.

fhirpathpy is imported and an expression parsed only when one of them is met: importing takes 0.3 s and parsing some
milliseconds. Its ``trace`` prints what it sees (patient references among it) and is silenced; the functions FHIR adds
to FHIRPath are supplied. It keeps state between evaluations, so one lock guards it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from openum.wire.fhir.checker_run import Json, Run
from openum.wire.fhir.terminology import any_in, value_set

SLICE = re.compile(r":[^.]+")

_LOCK = threading.Lock()


def fhirpath_test(expression: str, path: str) -> Callable[[Any, Run], bool | None]:
    """A test that evaluates the expression on the element with this id.

    ``path`` is the element's id. Without it ``value[x]`` is not found on an element that was cut out of its resource.
    """
    base = SLICE.sub("", path)

    def holds(value: Any, run: Run) -> bool | None:
        return evaluate(expression, value, run, base)

    return holds


def evaluate(expression: str, value: Any, run: Run, base: str) -> bool | None:
    """What an expression says about an element of the run's resource; None when fhirpathpy cannot tell.

    An empty answer is a no, as in the reference validator: an invariant must come out true.
    """
    context = {"resource": run.scope.resource, "rootResource": run.scope.container}
    try:
        with _LOCK:
            found = _compiled(expression, _Functions(run), base)(value, context)
    except Exception:  # fhirpathpy raises bare Exception for what it cannot evaluate: the answer is unknown
        return None
    return bool(found) and all(answer is not False for answer in found)


class _Functions:
    """The FHIR functions that fhirpathpy lacks, bound to the run they resolve in."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def table(self) -> dict[str, Json]:
        return {
            "hasValue": {"fn": lambda held: [bool(held)], "arity": {0: []}},
            "memberOf": {"fn": self.member_of, "arity": {1: ["String"]}},
            "resolve": {"fn": self.resolve, "arity": {0: []}},
            "conformsTo": {"fn": lambda _held, _url: [True], "arity": {1: ["String"]}},
            "htmlChecks": {"fn": lambda _held: [True], "arity": {0: []}},
        }

    def member_of(self, held: list[Any], name: str) -> list[bool]:
        answers = [value_set(name).holds_bare(h) if isinstance(h, str) else any_in(name, _plain(h)) for h in held]
        return [False not in answers] if answers else []

    def resolve(self, held: list[Any]) -> list[Any]:
        """The resources referred to, as nodes that know their type: ``is`` and ``ofType`` ask for it."""
        from fhirpathpy.engine.nodes import ResourceNode  # noqa: PLC0415

        literals = [h if isinstance(h, str) else (_plain(h) or {}).get("reference") for h in held]
        found = [self.run.resolve(literal) for literal in literals if isinstance(literal, str)]
        return [ResourceNode.create_node(t[0], t[0]["resourceType"]) for t in found if t]  # type: ignore[no-untyped-call]


def _plain(held: Any) -> Any:
    return getattr(held, "data", held)


def _compiled(expression: str, functions: _Functions, base: str) -> Callable[[Any, Json], list[Any]]:
    from fhirpathpy import apply_parsed_path  # noqa: PLC0415  (0.3 s that most checks never need)
    from fhirpathpy.engine.nodes import ResourceNode  # noqa: PLC0415
    from fhirpathpy.models import models  # noqa: PLC0415

    parsed = _parsed(expression)
    options = {"userInvocationTable": functions.table(), "traceFn": lambda *_: None}

    def run_it(value: Any, context: Json) -> list[Any]:
        node = ResourceNode.create_node(value, base)  # type: ignore[no-untyped-call]
        found: list[Any] = apply_parsed_path(node, parsed, context, models["r4"], options)  # type: ignore[no-untyped-call]
        return found

    return run_it


@cache
def _parsed(expression: str) -> Any:
    from fhirpathpy.parser import parse  # noqa: PLC0415

    return parse(expression)  # type: ignore[no-untyped-call]
