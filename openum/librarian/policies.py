"""A policy's folder (about, versions, examples) as policy versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from openum.core.codes import CodeSet
from openum.core.facts import FactDefinition
from openum.core.policy import Alternative, Authority, Grant, InForce, Omission, Policy, Reviewer
from openum.core.span import parse_span
from openum.librarian.marked import Document
from openum.librarian.tree import read_tree

DEFAULT_NQTL = ("prior_authorization", "medical_necessity_criteria")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenPolicy:
    """A policy version, the files it is written in, and the file its worked examples should be in."""

    policy: Policy
    about: Document
    version: Document

    @property
    def examples(self) -> Path:
        """Where its worked examples are."""
        return self.version.path.with_suffix(".examples.yaml")


def policy_of(id_: str, about: Document, version: Document, facts: Mapping[str, FactDefinition]) -> Policy:
    """One version whose two files have the right shape. What the version says of itself goes before ``about``."""
    raw = {**about.data, **version.data}
    return Policy(
        id=id_,
        version=version.path.stem,
        title=raw["title"],
        family=about.data["family"],
        in_force=in_force_of(raw["in_force"]),
        authority=authority_of(raw["authority"]),
        covers=CodeSet(raw["covers"]),
        criteria=read_tree(raw["criteria"], facts),
        lines_of_business=tuple(raw.get("lines_of_business", ())),
        states=tuple(raw.get("states", ())),
        except_states=tuple(raw.get("except_states", ())),
        places=tuple(raw.get("places", ())),
        diagnoses=CodeSet(raw.get("diagnoses", {})),
        certifications=tuple(raw.get("certifications", ())),
        grant=_grant(raw["grant"]),
        alternatives=tuple(Alternative(**one) for one in raw.get("alternatives", ())),
        omitted=tuple(Omission(**one) for one in raw.get("omitted", ())),
        reviewer=_reviewer(raw.get("reviewer", {})),
        to_person=raw.get("to_person", ""),
        mental_health=raw.get("mental_health", False),
        classification=raw["classification"],
        nqtl=tuple(raw.get("nqtl", DEFAULT_NQTL)),
        summary=raw["summary"],
        digest=sha256(about.content + version.content).hexdigest(),
    )


def closed_by_the_next(versions: Sequence[Policy]) -> tuple[Policy, ...]:
    """The versions of one policy, oldest first, each open one closed on the eve of the next.

    An adopted file is never edited, so the file of a version cannot say when it was replaced: its successor does.
    """
    ordered = sorted(versions, key=lambda policy: policy.in_force.start)
    return tuple(
        replace(policy, in_force=until_the_next(policy.in_force, [one.in_force for one in ordered[place + 1 :]]))
        for place, policy in enumerate(ordered)
    )


def until_the_next(own: InForce, later: Sequence[InForce]) -> InForce:
    """``own``, closed on the eve of the first of ``later`` when it has no end of its own."""
    following = next((one.start for one in later if one.start > own.start), None)
    if own.until is not None or following is None:
        return own
    return InForce(own.start, following - timedelta(days=1))


def in_force_of(raw: Mapping[str, str]) -> InForce:
    """``{from: …, until: …}`` as days."""
    return InForce(date.fromisoformat(raw["from"]), date.fromisoformat(raw["until"]) if "until" in raw else None)


def authority_of(raw: Sequence[Mapping[str, Any]]) -> tuple[Authority, ...]:
    """The authorities of an item."""
    return tuple(Authority(**{**one, "checked_on": date.fromisoformat(one["checked_on"])}) for one in raw)


def _grant(raw: Mapping[str, str]) -> Grant:
    review = raw.get("review_every")
    return Grant(
        lasts=parse_span(raw["lasts"]), unit=raw.get("unit", ""), review_every=parse_span(review) if review else None
    )


def _reviewer(raw: Mapping[str, Any]) -> Reviewer:
    return Reviewer(role=raw.get("role", "physician"), specialties=tuple(raw.get("specialties", ())))
