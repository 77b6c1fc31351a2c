"""Evidence: how exact, how complete and how fast the suggestions from notes are."""

from __future__ import annotations

import time

from bench.table import Row
from openum.core.facts import FactDefinition
from openum.evidence.document import read_document
from openum.evidence.find import suggest
from openum.evidence.tests.measured import KNOWN, PLAIN, UNOPENED, Tally, measure, notes, present
from openum.librarian.read import library

GROUP = "evidence: passages found in notes"
AIM = 0.9
"""Recall of what speaks against, on notes that the rules have not seen."""


def rows(*, seconds: float) -> list[Row]:
    """The figures on the key's notes, and notes per second; without the notes one row that says so."""
    if not present():
        return [Row(group=GROUP, work="not measured", figure="–", note="the notes stand beside the project, not in it")]
    return [*_part(measure(UNOPENED), "unseen", aim=AIM), *_part(measure(*KNOWN), "known", aim=None), _speed(seconds)]


def _part(tally: Tally, name: str, *, aim: float | None) -> list[Row]:
    given, spans = tally.given, tally.spans
    return [
        _row(f"{name}: quotes that resolve to the byte", 100 * tally.exact / tally.quotes, "%",
             note=f"of {tally.quotes}, {tally.notes} notes", at_least=100),
        _row(f"{name}: passages against that are found", tally.recall("against"), "recall",
             note=f"of {spans['against']}", at_least=aim),
        _row(f"{name}: passages for that are found", tally.recall("for"), "recall", note=f"of {spans['for']}"),
        _row(f"{name}: suggestions against that are right", tally.precision("against"), "precision",
             note=f"of {given['against']}, by one person's key"),
        _row(f"{name}: suggestions for that are right", tally.precision("for"), "precision", note=f"of {given['for']}"),
        _row(f"{name}: values read as keyed", tally.values_found, f"of {tally.values}"),
    ]  # fmt: skip


def _speed(seconds: float) -> Row:
    facts = _most_facts()
    contents = [text.encode() for text in list(notes("mtsamples").values())[:200]]
    suggest(facts, [])
    done, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        suggest(facts, [read_document(contents[done % len(contents)], PLAIN)])
        done += 1
    rate = done / (time.perf_counter() - began)
    mean = sum(map(len, contents)) / len(contents)
    return _row("notes read and searched", rate, "notes/s", note=f"{len(facts)} facts, notes of {mean:,.0f} bytes")


def _most_facts() -> tuple[FactDefinition, ...]:
    """The facts of the policy that asks most."""
    shelf = library()
    return max((shelf.questionnaire_facts(policy) for policy in shelf.policies), key=len)


def _row(work: str, figure: float, unit: str, *, note: str = "", at_least: float | None = None) -> Row:
    return Row(group=GROUP, work=work, figure=figure, unit=unit, note=note, at_least=at_least)
