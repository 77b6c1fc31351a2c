"""The tutorial is true: its file, its commands and its answers."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from openum.doors.cli.main import main, parser
from openum.wire.fhir.checker import check

DOCS = Path(__file__).resolve().parents[2] / "docs"
TUTORIAL = (DOCS / "tutorial" / "first-decision.md").read_text(encoding="utf-8")
PAGES = [
    DOCS / "tutorial" / "first-decision.md",
    DOCS / "how-to" / "decide-files.md",
    DOCS / "how-to" / "run-the-worker.md",
]
FILE = DOCS / "tutorial" / "home-oxygen.json"


def commands(page: Path) -> list[list[str]]:
    """Every ``openum …`` and ``./dev run …`` of a page's shell blocks, as arguments."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = re.findall(r"^(?:openum|\./dev run) (.+?)(?:\s*\|)?$", "\n".join(blocks), re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def block(kind: str, *, number: int = 0) -> str:
    """A fenced block of the tutorial."""
    return str(re.findall(rf"```{kind}\n(.*?)```", TUTORIAL, re.DOTALL)[number])


def with_saturation(folder: Path, value: int) -> Path:
    """The tutorial's file with the answer the tutorial adds."""
    bundle = json.loads(FILE.read_text(encoding="utf-8"))
    answer: dict[str, Any] = json.loads(block("json").replace("86", str(value)))
    form = next(
        row["resource"] for row in bundle["entry"] if row["resource"]["resourceType"] == "QuestionnaireResponse"
    )
    form["item"].append(answer)
    changed = folder / "changed.json"
    changed.write_text(json.dumps(bundle), encoding="utf-8")
    return changed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_the_guides_can_be_read(page: Path) -> None:
    found = commands(page)
    assert found
    for arguments in found:
        parser().parse_args(arguments)


def test_the_tutorials_request_conforms_to_the_guide() -> None:
    assert [one for one in check(json.loads(FILE.read_text(encoding="utf-8"))) if one.severity == "error"] == []


@pytest.mark.django_db
def test_the_tutorial_tells_what_happens(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = [part if part != "docs/tutorial/home-oxygen.json" else str(FILE) for part in commands(PAGES[0])[0]]
    assert main(asked) == 0
    first = capsys.readouterr().out
    assert block("text").strip() in first
    assert "Distance to yes: 1 fact to be supplied" in first

    asked[1] = str(with_saturation(tmp_path, 86))
    assert main(asked) == 0
    assert block("text", number=1).strip() in capsys.readouterr().out

    asked[1] = str(with_saturation(tmp_path, 95))
    assert main(asked) == 0
    third = capsys.readouterr().out
    assert "PENDED" in third
    assert "way 1: What was the arterial oxygen pressure (PO2)" in third.partition("Distance to yes")[2]
    assert "denied" not in third.lower()
