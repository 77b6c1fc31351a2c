"""By the text of the module itself: no function that takes no person can construct a decision against a request."""

from __future__ import annotations

import ast
import inspect

from openum.core import determination
from openum.core.determination import ADVERSE, Outcome

TREE = ast.parse(inspect.getsource(determination))
FUNCTIONS = [node for node in TREE.body if isinstance(node, ast.FunctionDef)]
OUTCOMES = set(Outcome.__args__)  # type: ignore[attr-defined]
TAKE_A_PERSON = {"approve_by_person", "decide_adverse", "decide_excluded"}


def _constructions(node: ast.AST) -> list[ast.Call]:
    return [
        one
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in ("Determination", "replace")
    ]


def _outcomes(call: ast.Call) -> set[str]:
    """The outcomes a construction can have: written out, or one of two by a condition; anything else may be any."""
    given = next((word.value for word in call.keywords if word.arg == "outcome"), None)
    match given:
        case ast.Constant(value=str(one)):
            return {one}
        case ast.IfExp(body=ast.Constant(value=str(one)), orelse=ast.Constant(value=str(other))):
            return {one, other}
        case _:
            return set(OUTCOMES)


def _requires_a_person(function: ast.FunctionDef) -> bool:
    named = zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    return any(
        argument.arg == "by"
        and default is None
        and isinstance(argument.annotation, ast.Name)
        and argument.annotation.id == "Actor"
        for argument, default in named
    )


def _records_that_person(call: ast.Call) -> bool:
    return any(
        word.arg == "by" and isinstance(word.value, ast.Name) and word.value.id == "by" for word in call.keywords
    )


def test_only_a_function_with_a_required_keyword_by_can_construct_a_decision_against() -> None:
    against = [one for one in FUNCTIONS if any(_outcomes(call) & ADVERSE for call in _constructions(one))]
    assert [one.name for one in against] == ["decide_adverse", "decide_excluded"]
    for function in against:
        assert _requires_a_person(function), function.name
        assert all(_records_that_person(call) for call in _constructions(function)), function.name


def test_a_function_that_takes_no_person_constructs_only_approved_or_not_required() -> None:
    found = {
        one.name: set().union(*map(_outcomes, _constructions(one)))
        for one in FUNCTIONS
        if _constructions(one) and not _requires_a_person(one)
    }
    assert found == {
        "approve_on_criteria": {"approved"},
        "not_required": {"not_required"},
        "deem_approved": {"approved"},
    }


def test_every_construction_is_inside_a_named_function_of_the_module() -> None:
    assert len(_constructions(TREE)) == sum(len(_constructions(one)) for one in FUNCTIONS) == 6
    assert {one.name for one in FUNCTIONS if _requires_a_person(one)} == TAKE_A_PERSON


def test_a_person_is_never_a_default_and_the_license_is_checked_before_anything_is_constructed() -> None:
    for function in FUNCTIONS:
        if function.name in ("approve_by_person", "decide_adverse"):
            first = [one.value.func.id for one in function.body[1:3]]  # type: ignore[attr-defined]
            assert first == ["require", "_licensed"], function.name
