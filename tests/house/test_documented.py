"""What is public is described, what is generated is fresh, and every link leads somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from docs import generate
from openum.site.environment import VARIABLES
from tests.house.sources import PROJECT, Module, modules, text_of, tracked

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def undescribed(module: Module) -> list[str]:
    """Public classes, functions and methods without a docstring, and the module itself."""
    found = [] if ast.get_docstring(module.tree) or not module.tree.body else ["(the module)"]
    for node in module.tree.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            found.append(node.name)
        if isinstance(node, ast.ClassDef):
            found += [f"{node.name}.{name}" for name in undescribed_methods(node)]
    return found


def undescribed_methods(owner: ast.ClassDef) -> list[str]:
    """Public methods without a docstring; what a base class already describes (``save``, ``__str__``) may be silent."""
    methods = [node for node in owner.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return [node.name for node in methods if not ast.get_docstring(node) and not (owner.bases and len(node.body) < 3)]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.path)
def test_everything_public_says_what_it_promises(module: Module) -> None:
    assert undescribed(module) == []


def test_every_generated_page_is_fresh() -> None:
    assert generate.stale() == [], "run ./dev docs"


def test_every_setting_named_anywhere_is_in_the_list() -> None:
    names = {variable.name for variable in VARIABLES}
    named = {
        (path, name)
        for path in tracked()
        if "/tests/" not in path and not path.startswith("tests/")
        for name in re.findall(r"\bOPENUM_[A-Z_]+[A-Z]\b", text_of(path))
    }
    assert sorted((path, name) for path, name in named if name not in names) == []


def anchors(page: Path) -> set[str]:
    """The anchors a page offers: its headings, as code hosts make them."""
    heads = re.findall(r"^#{1,6} +(.+?) *$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", head) for head in heads)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in plain}


def broken(path: str) -> list[str]:
    """The relative links of a page that lead nowhere."""
    page = PROJECT / path
    links = [a or b for a, b in LINK.findall(FENCE.sub("", text_of(path)))]
    found = []
    for link in links:
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        target, _, anchor = link.partition("#")
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            found.append(link)
    return found


@pytest.mark.parametrize("path", tracked("*.md"))
def test_every_relative_link_leads_somewhere(path: str) -> None:
    assert broken(path) == []
