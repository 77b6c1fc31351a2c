"""The project's own files, as the house tests read them."""

from __future__ import annotations

import ast
import functools
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path from the checkout, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        """Whether it lies in a tests folder or configures the tests."""
        return "tests/" in self.path or self.path.endswith("conftest.py")

    def floor(self) -> str:
        """The first folder below ``openum``."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""


@functools.cache
def tracked(pattern: str = "") -> tuple[str, ...]:
    """Paths of the files under version control that exist, optionally only those that match a git pathspec."""
    command = ["git", "ls-files", "-z", "--", *([pattern] if pattern else [])]
    listed = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return tuple(path for path in listed.split("\0") if path and (PROJECT / path).is_file())


@functools.cache
def text_of(path: str) -> str:
    """A file's text; empty for a binary file."""
    content = (PROJECT / path).read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


@functools.cache
def modules(*, tests: bool = False) -> tuple[Module, ...]:
    """The Python modules of the product, migrations left out; with ``tests``, the tests beside them too."""
    paths = [path for path in tracked("openum/*.py") if "/migrations/" not in path]
    found = (Module(path, text_of(path), ast.parse(text_of(path))) for path in paths)
    return tuple(module for module in found if tests or not module.is_test)


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a tree, methods and nested ones too."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
