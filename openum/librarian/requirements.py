"""Files of ``library/requirements`` as the rules of a line of business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openum.core.codes import CodeSet
from openum.core.request import LineOfBusiness
from openum.core.requirement import Requirements, Rule, When
from openum.librarian.marked import Document
from openum.librarian.policies import authority_of, in_force_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRequirements:
    """The rules of a line of business and where they are written."""

    requirements: Requirements
    document: Document


def requirements_of(document: Document, line_of_business: LineOfBusiness) -> WrittenRequirements:
    """One file whose shape is right; its version is the day it came into force."""
    raw = document.data
    requirements = Requirements(
        line_of_business=line_of_business,
        version=raw["in_force"]["from"],
        title=raw["title"],
        in_force=in_force_of(raw["in_force"]),
        rules=tuple(_rule(one) for one in raw["rules"]),
        otherwise=raw["otherwise"],
        authority=authority_of(raw["authority"]),
        summary=raw.get("summary", ""),
    )
    return WrittenRequirements(requirements=requirements, document=document)


def _rule(raw: Mapping[str, Any]) -> Rule:
    when = raw["when"]
    return Rule(
        needs=raw["needs"],
        what=raw["what"],
        cite=raw["cite"],
        policy=raw.get("policy", ""),
        note=raw.get("note", ""),
        when=When(
            codes=CodeSet(when.get("codes", {})),
            diagnoses=CodeSet(when.get("diagnoses", {})),
            places=tuple(when.get("places", ())),
            categories=tuple(when.get("categories", ())),
            request_types=tuple(when.get("request_types", ())),
            certifications=tuple(when.get("certifications", ())),
            emergency=when.get("emergency"),
        ),
    )
