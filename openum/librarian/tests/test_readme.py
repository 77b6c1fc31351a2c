"""The page for authors shows files that pass the check as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from openum.core.requirement import Requirements
from openum.librarian.check import check_library
from openum.librarian.read import SHIPPED, read_library
from openum.librarian.tests.shelves import write

BLOCK = re.compile(r"```yaml\n# (\S+)\n(.*?)```", re.DOTALL)


def test_the_files_of_the_page_for_authors_make_a_shelf_without_faults(tmp_path: Path) -> None:
    page = (SHIPPED / "README.md").read_text(encoding="utf-8")
    blocks = BLOCK.findall(page)
    for name, text in blocks:
        write(tmp_path, name, text)
    assert [name for name, _ in blocks] == [
        "facts/walking.yaml",
        "policies/dme/walker/about.yaml",
        "policies/dme/walker/2027-01-01.yaml",
        "policies/dme/walker/2027-01-01.examples.yaml",
        "requirements/erisa.yaml",
    ]
    assert page.count("```yaml") == len(blocks)
    assert check_library(tmp_path) == ()
    read = read_library(tmp_path)
    assert [policy.key for policy in read.policies] == ["dme/walker@2027-01-01"]
    assert isinstance(read.requirements["erisa"], Requirements)
