"""Anybody can install this anywhere: locked, with hashes, from any mirror, and nothing knows our machines."""

from __future__ import annotations

import ast
import importlib.metadata
import itertools
import re
import subprocess
import sys

import pytest

from tests.house.sources import PROJECT, modules, text_of, tracked

PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)==(\S+)( ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PACKAGES = {name: sorted(made_by) for name, made_by in importlib.metadata.packages_distributions().items()}
LOCKS = ("uv", "base", "dev")

# Written in two halves, so that this file does not name what it forbids.
MACHINE_PATH = re.compile(r"/(wo" + r"rk|fa" + r"rm|tm" + r"p|ro" + r"ot)/[a-z.]|\.\./\.lib" + r"rary")
REGISTRY = re.compile(
    "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "npmjs" + r"\.(org|com)", "deb" + r"\.debian"))
)


def pins(name: str) -> dict[str, str]:
    """Package to version, as a lock file pins them."""
    return dict(match.groups()[:2] for line in lock_lines(name) if (match := PIN.fullmatch(line)))


def lock_lines(name: str) -> list[str]:
    """The lines of a lock file."""
    return text_of(f"requirements/{name}.lock").splitlines()


def wanted(name: str) -> set[str]:
    """The packages a person asked for in ``requirements/<name>.in``."""
    lines = [line for line in text_of(f"requirements/{name}.in").splitlines() if line and not line.startswith("#")]
    return {match.group().lower() for line in lines if (match := NAME.match(line))}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_no_address(name: str) -> None:
    lines = lock_lines(name)
    assert [line for line in lines if not PIN.fullmatch(line) and not HASH.fullmatch(line)] == []
    for line, following in itertools.pairwise(lines):
        assert not PIN.fullmatch(line) or HASH.fullmatch(following), f"{line} has no hash"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_everything_that_was_asked_for(name: str) -> None:
    assert wanted(name) - set(pins(name)) == set()


def test_the_tests_run_on_the_versions_that_are_installed_for_users() -> None:
    base, dev = pins("base"), pins("dev")
    assert {
        package: (base[package], dev[package]) for package in base.keys() & dev if base[package] != dev[package]
    } == {}


def foreign_imports(*paths: str) -> set[str]:
    """The packages, by the name one installs, whose modules these files import directly."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(text_of(path))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    ours = {"openum", "tests", "docs", "bench"} | set(sys.stdlib_module_names)
    return {PACKAGES.get(name, [name])[0].lower().replace("_", "-").replace(".", "-") for name in found - ours}


def test_what_the_product_imports_is_asked_for_by_name_and_not_by_luck() -> None:
    assert foreign_imports(*(m.path for m in modules())) - wanted("base") == set()
    assert foreign_imports(*tracked("*.py")) - wanted("base") - wanted("dev") == set()


def test_every_dependency_is_explained_once() -> None:
    page = text_of("docs/adr/0012-dependencies.md")
    explained = re.findall(r"^\| `([a-z0-9-]+)` ", page, re.MULTILINE)
    assert sorted(explained) == sorted(set.union(*map(wanted, LOCKS)))


def test_no_file_names_a_path_of_some_machine_or_a_registry() -> None:
    found = [
        f"{path}:{number}: {match.group()}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        for match in [*MACHINE_PATH.finditer(line), *REGISTRY.finditer(line)]
    ]
    assert found == []


def test_the_script_is_plain_sh_and_tells_its_verbs() -> None:
    assert subprocess.run(["sh", "-n", "dev"], cwd=PROJECT, check=False).returncode == 0
    shown = subprocess.run(["./dev", "help"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert shown.returncode == 0
    offered = re.findall(r"^\./dev (\w+)", shown.stdout, re.MULTILINE)
    assert list(dict.fromkeys(offered)) == ["demo", "test", "check", "bench", "docs", "lock", "run", "setup"]


def test_the_script_refuses_a_verb_it_does_not_know() -> None:
    done = subprocess.run(["./dev", "tset"], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.endswith("dev: there is no 'tset'\n")


def test_continuous_integration_runs_what_a_person_runs_and_nothing_else() -> None:
    lines = [line for line in text_of(".ci/run").splitlines() if line and not line.startswith("#")]
    assert lines[-2:] == ["./dev check </dev/null", "./dev test </dev/null"]
    assert lines[:-2] == ["set -euo pipefail", 'cd "$(dirname "${BASH_SOURCE[0]}")/.."', "export CI=true"]
