"""A policy's title is found without the library."""

from __future__ import annotations

from pathlib import Path

from openum.librarian.read import SHIPPED, library
from openum.librarian.titles import title_of


def test_the_title_is_the_one_of_the_about_file(tmp_path: Path) -> None:
    folder = tmp_path / "policies" / "dme" / "lift"
    folder.mkdir(parents=True)
    (folder / "about.yaml").write_text("title: Patient lifts\nfamily: dme\n", encoding="utf-8")
    assert title_of("dme/lift", (SHIPPED, tmp_path)) == "Patient lifts"


def test_what_no_shelf_has_or_cannot_be_read_has_no_title(tmp_path: Path) -> None:
    folder = tmp_path / "policies" / "dme" / "lift"
    folder.mkdir(parents=True)
    (folder / "about.yaml").write_text("- not\n- a mapping\n", encoding="utf-8")
    assert title_of("dme/lift", (tmp_path,)) == ""
    assert title_of("dme/none", (tmp_path,)) == ""
    assert title_of("", (tmp_path,)) == ""


def test_every_policy_that_is_shipped_has_a_title() -> None:
    assert [policy.id for policy in library().policies if not title_of(policy.id, (SHIPPED,))] == []
