"""Habits the house rules forbid and a machine can see. Each exception stands here with its reason."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.sources import Module, functions, modules

# path: why it may catch everything
CATCHES_EVERYTHING = {
    "openum/wire/fhir/invariants_fhirpath.py": "fhirpathpy raises bare Exception for what it cannot tell: unknown",
    "openum/doors/cli/main.py": "the outermost edge: a fault of ours becomes an apology, a log entry and exit code 70",
    "openum/records/ledger/queue.py": "the one place: a failing step is written down as trouble, the worker goes on",
}
# path or folder: why it may import inside a function
IMPORTS_LATE = {
    "openum/wire/fhir/invariants_fhirpath.py": "a foreign parser of 0.3 s that most checks never need; nothing of ours",
}
# path: why it may read the clock
READS_THE_CLOCK: dict[str, str] = {}
# class: why it bears a name that says nothing
NAMED_BY_OTHERS = {
    "UserManager": "Django looks for the thing that makes users under this name",
}
DOORS = ("doors", "site")
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now")}
CLOCKS |= {("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime")}
NO_NAMES = ("utils", "util", "helpers", "helper", "common", "services", "managers", "misc")
NO_SUFFIX = re.compile(r"(Manager|Handler|Processor|Service|Util|Utils|Helper)$")

every_module = pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)


def listed(module: Module, reasons: dict[str, str]) -> bool:
    """Whether an exception covers this module."""
    return any(module.path == path or (path.endswith("/") and module.path.startswith(path)) for path in reasons)


def late_imports(module: Module) -> list[int]:
    """Lines of imports inside functions, but for ``AppConfig.ready``, where Django wants them."""
    owners = [f for f in functions(module.tree) if not (f.name == "ready" and module.path.endswith("/apps.py"))]
    return [n.lineno for f in owners for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]


def catches_everything(node: ast.AST) -> bool:
    """Whether this is ``except:``, ``except Exception`` or ``except BaseException`` and does not end in a raise."""
    if not isinstance(node, ast.ExceptHandler) or isinstance(node.body[-1], ast.Raise):
        return False
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException")) for kind in kinds
    )


def clock_readings(module: Module) -> list[str]:
    """Calls such as ``datetime.now()`` and fields with ``auto_now``."""
    found = []
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in CLOCKS
        ):
            found.append(f"{node.lineno}: {node.value.id}.{node.attr}")
        if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
            found.append(f"{node.value.lineno}: {node.arg}")
    return found


@every_module
def test_nothing_catches_everything(module: Module) -> None:
    if not listed(module, CATCHES_EVERYTHING):
        assert [node.lineno for node in ast.walk(module.tree) if catches_everything(node)] == []


@every_module
def test_no_import_hides_in_a_function_or_behind_type_checking(module: Module) -> None:
    assert "TYPE_CHECKING" not in module.text
    if not listed(module, IMPORTS_LATE):
        assert late_imports(module) == []


def signals(module: Module) -> set[str]:
    """The signals a module imports."""
    return {
        f"{node.module}.{alias.name}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("signals", "django.dispatch"))
        for alias in node.names
    }


@every_module
def test_no_signals_but_the_one_after_a_migration(module: Module) -> None:
    assert signals(module) <= {"django.db.models.signals.post_migrate"}


@pytest.mark.parametrize("module", [m for m in modules() if m.floor() not in DOORS], ids=lambda m: m.path)
def test_below_the_doors_nobody_asks_what_time_it_is(module: Module) -> None:
    if not listed(module, READS_THE_CLOCK):
        assert clock_readings(module) == []


@pytest.mark.parametrize("module", modules(tests=True), ids=lambda module: module.path)
def test_names_say_what_a_thing_is(module: Module) -> None:
    parts = module.path.removesuffix(".py").split("/")
    assert [part for part in parts if part in NO_NAMES] == []
    classes = [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if NO_SUFFIX.search(name) and name not in NAMED_BY_OTHERS] == []


@every_module
def test_only_the_site_reads_the_environment(module: Module) -> None:
    if module.floor() != "site":
        assert re.findall(r"os\.environ\[|os\.environ\.get|os\.getenv", module.text) == []


PLANTED = """
from django.db.models.signals import post_save
from datetime import datetime

def work():
    from openum.payer import flow
    try:
        return datetime.now()
    except (KeyError, Exception):
        return None
"""


def test_the_nets_above_catch_what_they_are_for() -> None:
    planted = Module("openum/core/planted.py", PLANTED, ast.parse(PLANTED))
    assert late_imports(planted) == [6]
    assert clock_readings(planted) == ["8: datetime.now"]
    assert [node.lineno for node in ast.walk(planted.tree) if catches_everything(node)] == [9]
    assert signals(planted) == {"django.db.models.signals.post_save"}
