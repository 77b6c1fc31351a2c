"""The floor plan is held by the machine: imports point down, and nothing hides from the linter."""

from __future__ import annotations

import ast
import configparser
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import PROJECT, Module, modules, tracked

# What the standard library offers and the core may not touch: clocks, files, the network, processes, logs.
OUTSIDE = {"asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"}
OUTSIDE |= {"shutil", "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib"}


def contracts() -> configparser.ConfigParser:
    """The contracts as import-linter reads them."""
    parser = configparser.ConfigParser()
    parser.read(PROJECT / ".importlinter")
    return parser


def imported(module: Module) -> set[str]:
    """The full names of what a module imports."""
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_every_contract_of_the_floor_plan_is_kept() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_layer_loses_its_brackets_when_it_is_built() -> None:
    parser = contracts()
    bracketed = [
        f"{parser.get(section, 'containers').replace('.', '/')}/{layer.strip('()')}"
        for section in parser.sections()
        for layer in parser.get(section, "layers", fallback="").split()
        if layer.startswith("(")
    ]
    assert [room for room in bracketed if f"{room}/__init__.py" in tracked()] == []


def test_every_folder_with_modules_is_a_package_that_the_linter_sees() -> None:
    folders = {str(Path(path).parent) for path in tracked("openum/*.py")}
    assert [folder for folder in sorted(folders) if not (PROJECT / folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("module", [m for m in modules() if m.floor() == "core"], ids=lambda m: m.path)
def test_the_core_imports_only_itself_and_the_pure_part_of_the_standard_library(module: Module) -> None:
    foreign = {
        name
        for name in imported(module)
        if not name.startswith("openum.core")
        and (name.split(".")[0] not in sys.stdlib_module_names or name.split(".")[0] in OUTSIDE)
    }
    assert foreign == set()
