"""``openum library load-licensed``: what it writes, says again, refuses and leaves alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openum.doors.cli.main import main
from openum.librarian.read import SHIPPED

BUNDLE = SHIPPED.parent / "docs/how-to/example-criteria-co.yaml"
VERSION = "behavioral/example-day-program@2026-01-01"


def test_a_bundle_is_loaded_once_and_every_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shelf = tmp_path / "shelf"
    assert main(["library", "load-licensed", str(BUNDLE), "--shelf", str(shelf)]) == 0
    shown = capsys.readouterr()
    written = sorted(str(path) for path in shelf.rglob("*.yaml"))
    assert sorted(shown.out.replace("\n", " ").split()) == written
    assert len(written) == 4
    assert f"Loaded {VERSION}." in shown.err

    assert main(["library", "load-licensed", str(BUNDLE), "--shelf", str(shelf)]) == 0
    again = capsys.readouterr()
    assert again.out == ""
    assert "was loaded already" in again.err


def test_a_faulty_bundle_is_refused_with_file_and_line_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle, shelf = tmp_path / "bundle.yaml", tmp_path / "shelf"
    text = BUNDLE.read_text(encoding="utf-8")
    assert "at_least: " in text
    bundle.write_text(text.replace("at_least: ", "at_least: not-", 1), encoding="utf-8")
    assert main(["library", "load-licensed", str(bundle), "--shelf", str(shelf)]) == 1
    shown = capsys.readouterr()
    line = text[: text.index("at_least: ")].count("\n") + 1
    assert f"{bundle}:{line}:" in shown.out.replace("\n", "")
    assert "nothing was written" in shown.err
    assert not shelf.exists()


def test_the_shelf_that_comes_with_openum_is_no_place_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", "load-licensed", str(BUNDLE), "--shelf", str(SHIPPED)]) == 2
    assert "licensed_on_public_shelf" in capsys.readouterr().err


def test_a_private_shelf_that_is_part_of_the_library_may_be_loaded_onto_again(tmp_path: Path, settings: Any) -> None:
    shelf = tmp_path / "shelf"
    settings.OPENUM_LIBRARY = (SHIPPED, shelf)
    assert main(["library", "load-licensed", str(BUNDLE), "--shelf", str(shelf)]) == 0
    assert main(["library", "load-licensed", str(BUNDLE), "--shelf", str(shelf)]) == 0
