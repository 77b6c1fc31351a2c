"""What ``openum clock`` does."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import yaml

from openum.core.clocks import Proof
from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.doors.cli.shelving import shelves, today
from openum.librarian.law_answers import Answer, Row, all_clocks, answer, run_rows

_FILES = (".yaml", ".yml", ".json")
_ENDLESS = 10**9


def run(asked: argparse.Namespace) -> int:
    """Answer one rule, all that apply, or a file of examples."""
    roots = shelves(asked)
    if asked.rule.endswith(_FILES):
        return _file(run_rows(vectors(Path(asked.rule)), *roots, today=today()), as_json=asked.json)
    given = words(asked.given)
    if asked.rule == "all":
        proofs, first = all_clocks(given, *roots, zone=asked.tz, now=datetime.now(UTC))
        _print([_clock_row(proof, first) for proof in proofs], as_json=asked.json)
        return 0
    _one(answer(asked.rule, given, *roots, zone=asked.tz, today=today()), as_json=asked.json)
    return 0


def words(text: str) -> Mapping[str, Any]:
    """The words of ``--in``. Raises ``Refusal`` ``not-json``."""
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError as wrong:
        raise Refusal("not-json", f"--in is not JSON: {wrong}.", 'Write {"received": "2026-11-19"}.') from None
    if not isinstance(given, dict):
        raise Refusal("not-json", "--in is not a JSON object.", 'Write {"received": "2026-11-19"}.')
    return given


def vectors(path: Path) -> list[Mapping[str, Any]]:
    """The worked examples of a file (``vectors:`` or ``examples:``). Raises ``Refusal`` ``no-examples``."""
    form = "Write `vectors:` and under it {id, rule, in, expected} for each."
    try:
        data = yaml.safe_load(path.read_bytes())
    except (OSError, yaml.YAMLError) as wrong:
        raise Refusal("no-examples", f"{path} cannot be read: {type(wrong).__name__}.", form) from None
    rows = (data.get("vectors") or data.get("examples")) if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "rule" in row for row in rows):
        raise Refusal("no-examples", f"{path} holds no worked examples.", form)
    return [_plain(row) for row in rows]


def _plain(value: Any) -> Any:
    """Days and moments that YAML read as such, as text again."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _file(rows: Iterable[Row], *, as_json: bool) -> int:
    total = wrong = 0
    for row in rows:
        total, wrong = total + 1, wrong + (not row.same)
        said = {"id": row.id, "rule": row.rule, "computed": row.computed, "expected": row.expected, "same": row.same}
        _print([said | ({"differences": row.differences} if row.differences else {})], as_json=as_json)
    speech.error().print(f"{total - wrong} of {total} the same.")
    return 1 if wrong else 0


def _one(found: Answer, *, as_json: bool) -> None:
    said = asdict(found)
    if as_json:
        speech.machine(said)
        return
    sys.stdout.write(yaml.safe_dump(_plain_lists(said), sort_keys=False, allow_unicode=True, width=110))


def _clock_row(proof: Proof, first: Proof | None) -> dict[str, Any]:
    return {
        "rule": proof.rule_id,
        "version": proof.rule_version,
        "deadline": proof.due_at.isoformat() if proof.due_at else None,
        "work_to_this_first": first is not None and proof.rule_id == first.rule_id,
        "citation": proof.citation,
        "grading": proof.grading,
        "proof": list(proof.steps),
    }


def _print(rows: Iterable[Mapping[str, Any]], *, as_json: bool) -> None:
    for row in rows:
        if as_json:
            speech.machine(row)
        else:
            line = yaml.safe_dump(
                [_plain_lists(row)], default_flow_style=None, sort_keys=False, allow_unicode=True, width=_ENDLESS
            )
            sys.stdout.write(line)


def _plain_lists(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain_lists(one) for key, one in value.items()}
    return [_plain_lists(one) for one in value] if isinstance(value, list | tuple) else value
