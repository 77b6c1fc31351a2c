"""Small and plain: modules of at most 400 lines, functions of at most 40. Each exception is here with its reason."""

from __future__ import annotations

import ast

from tests.house.sources import functions, modules

MODULE_LINES = 400
FUNCTION_LINES = 40

LONGER_MODULES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function from ``def`` to its end, its docstring left out: words are not what makes it long."""
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def test_no_module_is_longer_than_its_idea() -> None:
    longer = {m.path: lines for m in modules(tests=True) if (lines := m.text.count("\n")) > MODULE_LINES}
    assert {path: lines for path, lines in longer.items() if path not in LONGER_MODULES} == {}
    assert sorted(LONGER_MODULES) == sorted(path for path in LONGER_MODULES if path in longer), (
        "an exception is not needed"
    )


def test_no_function_is_longer_than_a_screen() -> None:
    longer = {
        f"{module.path}:{function.name}": length(function)
        for module in modules()
        for function in functions(module.tree)
        if length(function) > FUNCTION_LINES
    }
    assert {name: lines for name, lines in longer.items() if name not in LONGER_FUNCTIONS} == {}
    assert sorted(LONGER_FUNCTIONS) == sorted(n for n in LONGER_FUNCTIONS if n in longer), "an exception is not needed"
