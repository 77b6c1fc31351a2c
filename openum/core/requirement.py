"""What needs asking at all: the rules of one line of business, read from top to bottom; the first that matches holds.

The rules are library content (``library/requirements``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from openum.core.codes import NO_CODES, Code, CodeSet
from openum.core.policy import Authority, InForce
from openum.core.request import Line, LineOfBusiness

Need = Literal["never", "notification", "referral", "authorization", "post_stabilization"]
"""``never``: pay without asking · ``notification``: be told · ``referral``: the primary-care clinician refers ·
``authorization``: ask first · ``post_stabilization``: ask from the emergency department, on its own short clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When a rule holds. Everything that is named must fit; what is empty (or ``None``) does not matter.

    ``places`` are CMS place-of-service codes, ``categories`` X12 1365, ``request_types`` X12 1525 and
    ``certifications`` X12 1322. A diagnosis set fits when one diagnosis of the line or request is in it.
    """

    codes: CodeSet = NO_CODES
    diagnoses: CodeSet = NO_CODES
    places: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    request_types: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    emergency: bool | None = None

    def fits(self, line: Line, *, emergency: bool, diagnoses: Iterable[Code] = ()) -> bool:
        """Whether the line is one the rule speaks of."""
        return (
            (self.emergency is None or self.emergency == emergency)
            and (not self.codes or any(code in self.codes for code in (line.code, *line.also)))
            and (not self.places or line.place in self.places)
            and (not self.categories or line.category in self.categories)
            and (not self.request_types or line.request_type in self.request_types)
            and (not self.certifications or line.certification in self.certifications)
            and (not self.diagnoses or any(code in self.diagnoses for code in (*line.diagnoses, *diagnoses)))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what is needed for which services, and by whose word. ``policy`` judges what needs authorization."""

    needs: Need
    what: str
    when: When = When()
    cite: str = ""
    policy: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """The rules of one line of business in one version.

    ``otherwise`` holds for services on no rule: the plan's choice.
    """

    line_of_business: LineOfBusiness
    version: str
    title: str
    in_force: InForce
    rules: tuple[Rule, ...]
    otherwise: Literal["never", "authorization"]
    authority: tuple[Authority, ...]
    summary: str = ""

    @property
    def key(self) -> str:
        """``line-of-business@version``: what a triage event cites."""
        return f"{self.line_of_business}@{self.version}"


def requirement_for(
    requirements: Requirements, line: Line, *, emergency: bool = False, diagnoses: Iterable[Code] = ()
) -> Rule:
    """The rule that holds for a line: the first that fits, or one made of ``otherwise``.

    Whether the version is in force on the service date is the caller's question (``Library.requirements_on``).
    """
    known = tuple(diagnoses)
    for rule in requirements.rules:
        if rule.when.fits(line, emergency=emergency, diagnoses=known):
            return rule
    return Rule(needs=requirements.otherwise, what="Services on no rule", cite=requirements.title)
