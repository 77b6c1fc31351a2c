"""What ``openum verify`` does."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import orjson
from rich.text import Text

from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.librarian.certificate import Report, verify

STYLES = {"agrees": "green", "differs": "bold red", "withheld": "yellow", "not_rerun": "yellow"}
WORDS = {"agrees": "agrees", "differs": "DIFFERS", "withheld": "withheld", "not_rerun": "not run"}


def run(asked: argparse.Namespace) -> int:
    """Check the file and say how it came out."""
    jwks = _keys(asked.key) if asked.key is not None else None
    report = verify(_bytes(asked.file), jwks)
    if asked.json:
        speech.machine(as_data(report))
    else:
        _print(report)
    return 0 if report.sound else 1


def as_data(report: Report) -> dict[str, Any]:
    """The report for machines."""
    head = report.certificate.head if report.certificate is not None else {"of": None, "for": "", "withheld": {}}
    return {
        "sound": report.sound,
        "of": head["of"],
        "for": head["for"] or "whole",
        "withheld": head["withheld"],
        "checks": [{"name": one.name, "state": one.state, "words": one.words} for one in report.checks],
    }


def _print(report: Report) -> None:
    out = speech.output()
    if report.certificate is not None:
        out.print(_title(report.certificate.head))
    for check in report.checks:
        state = (f"{WORDS[check.state]:<9}", STYLES[check.state])
        out.print(Text.assemble("  ", state, _shown(f"{check.name}: {check.words}")))
    out.print(Text(_verdict(report), "bold" if report.sound else "bold red"))


def _title(head: Any) -> Text:
    """What the file says it is; only strings and numbers of the head are shown."""
    of = {name: str(one) for name, one in head["of"].items()}
    reader = f", copy for the {head['for']}" if head["for"] else ""
    said = (of.get(name, "?") for name in ("kind", "number", "line", "issuer_name", "software"))
    kind, number, line, issuer, software = said
    text = f"Certificate of a {kind}: case {number}, line {line}, by {issuer}, {software}{reader}"
    return Text(_shown(text), "bold")


def _shown(text: str) -> str:
    """The text without what could steer a terminal: a stranger may have written the file."""
    return "".join(letter for letter in text if letter.isprintable())


def _verdict(report: Report) -> str:
    wrong, open_ = report.of("differs"), (*report.of("withheld"), *report.of("not_rerun"))
    if wrong:
        return f"It does not verify: {len(wrong)} of {len(report.checks)} checks differ."
    rest = f"; {len(open_)} could not be made, as said above" if open_ else ""
    return f"It verifies: {len(report.of('agrees'))} checks agree and none differs{rest}."


def _keys(path: Path) -> dict[str, Any]:
    try:
        found = orjson.loads(_bytes(path))
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise Refusal("not-a-jwks", f"{path} is not a JWKS.", "Use what `openum certificate keys` printed at the plan.")
    return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as wrong:
        raise Refusal("file-unreadable", f"{path}: {wrong.strerror}.", "Name the certificate's file.") from None
