"""The lock of adopted files: what was adopted, by whom, when, and the hash that proves it is unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from openum.core.criteria import fact_names
from openum.core.policy import Policy
from openum.librarian.definitions import with_inputs
from openum.librarian.faults import Fault
from openum.librarian.marked import read_document
from openum.librarian.shape import shape_faults
from openum.librarian.shelf import Shelf

LOCK = "adopted.lock"
HEAD = """\
# What was adopted: one line per file, with the hash of its content. Written by `openum library adopt`, never by hand.
# An adopted file is never edited: write the next version beside it. `facts` is the hash of the facts a policy asks for.
"""
COMMITTEE = "42 CFR 422.137"
COMMITTEE_LINE = "medicare-advantage"
MEANING = ("id", "type", "unit", "range", "choices", "window", "ever", "pick", "derived", "question")
"""What a fact's value means. Further readers and words may be added to a fact that an adopted policy asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """One line of the lock. ``path`` is relative to the shelf's root; ``facts`` is set for policy versions only.

    ``line`` is where it stands in the lock, once it is written.
    """

    path: str
    sha256: str
    by: str
    on: date
    approved_by_committee: date | None = None
    facts: str = ""
    line: int = field(default=0, compare=False)

    def __str__(self) -> str:
        parts = {"path": self.path, "sha256": self.sha256, "by": self.by, "on": self.on.isoformat()}
        if self.approved_by_committee:
            parts["approved_by_committee"] = self.approved_by_committee.isoformat()
        if self.facts:
            parts["facts"] = self.facts
        return "- {" + ", ".join(f"{key}: {json.dumps(text, ensure_ascii=False)}" for key, text in parts.items()) + "}"


def write_lock(root: Path, adoptions: Iterable[Adoption]) -> None:
    """Write the lock of a shelf, in order of path: the same adoptions, the same bytes."""
    lines = [str(one) for one in sorted(adoptions, key=lambda one: one.path)]
    (root / LOCK).write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_lock(root: Path) -> tuple[tuple[Adoption, ...], tuple[Fault, ...]]:
    """The adoptions of a shelf, or the faults of its lock; neither when there is no lock."""
    path = root / LOCK
    if not path.exists() or not _said(path):
        return (), ()
    document, faults = read_document(path)
    wrong = faults or (shape_faults(document, "lock") if document else ())
    if document is None or wrong:
        return (), wrong
    return tuple(_adoption(raw, document.line(index)) for index, raw in enumerate(document.data)), ()


def _said(path: Path) -> bool:
    return any(line.strip() and not line.startswith("#") for line in path.read_text(encoding="utf-8").splitlines())


def _adoption(raw: Mapping[str, str], line: int) -> Adoption:
    committee = raw.get("approved_by_committee")
    return Adoption(
        path=raw["path"],
        sha256=raw["sha256"],
        by=raw["by"],
        on=date.fromisoformat(raw["on"]),
        approved_by_committee=date.fromisoformat(committee) if committee else None,
        facts=raw.get("facts", ""),
        line=line,
    )


def frozen_faults(shelf: Shelf, facts: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Adopted files of a shelf that were changed, moved or adopted without the approval they need.

    ``facts`` are the definitions of every shelf as they are written.
    """
    lock = str(shelf.root / LOCK)
    adoptions, faults = read_lock(shelf.root)
    yield from faults
    versions = {one.version.path: one for one in shelf.policies}
    seen: set[str] = set()
    for adoption in adoptions:
        if adoption.path in seen:
            fault = f"{adoption.path} is adopted twice."
            yield Fault(lock, adoption.line, fault, "Keep the line that was there first.")
        seen.add(adoption.path)
        path = shelf.root / adoption.path
        if not path.is_file():
            mend = "Put the file back: what was decided by it must stay readable."
            yield Fault(lock, adoption.line, f"{adoption.path} was adopted and is gone.", mend)
            continue
        if file_hash(path) != adoption.sha256:
            fault = f"Adopted on {adoption.on} by {adoption.by}, and changed since."
            mend = "Put the adopted text back (git shows it), and write the change as the next version beside it."
            yield Fault(str(path), 1, fault, mend)
        if path in versions:
            yield from _version(versions[path].policy, adoption, lock, facts)


def _version(policy: Policy, adoption: Adoption, lock: str, facts: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    if needs_committee(policy) and adoption.approved_by_committee is None:
        fault = f"{policy.key} applies to Medicare Advantage, and no committee approval is recorded."
        mend = f"Adopt it with the day the utilization management committee approved it ({COMMITTEE})."
        yield Fault(lock, adoption.line, fault, mend)
    if adoption.facts and facts_hash(policy, facts) != adoption.facts:
        fault = f"A fact that {policy.key} asks for means something else than when the policy was adopted."
        mend = f"Put back {', '.join(MEANING[1:])} of its facts, and give what changed a new id."
        yield Fault(lock, adoption.line, fault, mend)


def needs_committee(policy: Policy) -> bool:
    """Whether a Medicare Advantage plan would decide by this policy: its committee approves each before use."""
    return not policy.lines_of_business or COMMITTEE_LINE in policy.lines_of_business


def file_hash(path: Path) -> str:
    """The SHA-256 (hex) of a file's bytes."""
    return sha256(path.read_bytes()).hexdigest()


def facts_hash(policy: Policy, facts: Mapping[str, Mapping[str, Any]]) -> str:
    """The SHA-256 (hex) of what the facts of a policy mean."""
    derived = {name: str(fact.get("derived", "")) for name, fact in facts.items()}
    names = with_inputs(fact_names(policy.criteria), derived)
    asked = [facts[name] for name in sorted(names) if name in facts]
    meant = [{key: fact[key] for key in MEANING if key in fact} for fact in asked]
    return sha256(json.dumps(meant, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
