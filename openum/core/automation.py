"""What software may do in utilization review, what must be disclosed of it, and what a person must do.

A rule is content (``library/automation``). Whatever the rules say, an act against a request is never allowed:
:func:`may_automate` can say yes only of the acts in ``HARMLESS``, so no rule, and no lack of rules, opens a path from
software to a denial (ADR 4).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

HARMLESS = frozenset(
    {"approve", "route", "summarize", "administrative_support", "find_evidence", "ask", "detect_fraud"}
)
"""The acts software may ever be allowed. Everything else, known or not, is a person's."""
AGAINST = frozenset(
    {
        "deny", "delay", "modify", "reduce", "downgrade", "downcode", "terminate", "end_coverage", "suggest_adverse",
        "recommend_adverse", "score_adverse", "rank_adverse", "prefill_adverse", "supersede_peer",
    }
)  # fmt: skip
"""Acts against a request, or towards one, that rules speak of."""
ACTS = HARMLESS | AGAINST
Part = Literal["none", "assisted", "partly", "sole"]
"""What part software had in an adverse decision: none, it gathered or sorted, it suggested, or it alone decided."""
Reach = Literal["sole", "partly"]
"""What a rule forbids: that software is the sole basis of an adverse decision, or any part in making it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """Something that must be told. ``where`` is notice, report, website, regulator or record.

    ``always``: also when no software was used.
    """

    where: str
    to: str
    what: str
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomationRule:
    """One rule about automation, with the days it is in force.

    ``binding`` is false for what was proposed and not adopted. ``plans_from``: it binds plans issued or renewed on or
    after this day. ``only`` are the only acts it leaves to software, where it lists them; ``forbids`` the acts it
    forbids by name.
    """

    id: str
    cite: str = ""
    states: frozenset[str] = frozenset()
    lines_of_business: frozenset[str] = frozenset()
    effective_from: date | None = None
    effective_to: date | None = None
    plans_from: date | None = None
    binding: bool = True
    only: frozenset[str] = frozenset()
    forbids: frozenset[str] = frozenset()
    reach: Reach = "sole"
    person_decides: bool = True
    individual_review: bool = False
    individual_data: bool = False
    discloses: tuple[Disclosure, ...] = ()
    keeps: tuple[str, ...] = ()

    def in_force(self, on: date, *, plan_from: date | None = None) -> bool:
        """Whether it binds on that day a plan issued or renewed on ``plan_from`` (not known: it does)."""
        return (
            self.binding
            and (self.effective_from is None or self.effective_from <= on)
            and (self.effective_to is None or on <= self.effective_to)
            and (self.plans_from is None or plan_from is None or self.plans_from <= plan_from)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Whether software may do an act; ``by`` names the rules that speak against it."""

    act: str
    allowed: bool
    why: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdverseUse:
    """How an adverse decision came about; ``None`` is not known."""

    part: Part | None = None
    person_decided: bool | None = None
    individually_reviewed: bool | None = None
    individual_data: bool | None = None
    disclosed: bool | None = None


def rules_for(
    rules: Iterable[AutomationRule],
    *,
    state: str | None,
    line_of_business: str | None,
    on: date,
    plan_from: date | None = None,
) -> tuple[AutomationRule, ...]:
    """The rules in force for a case. A state or line of business that is not known keeps every rule in: the
    strictest of all then holds."""
    return tuple(
        rule
        for rule in rules
        if rule.in_force(on, plan_from=plan_from)
        and (not rule.states or not state or state in rule.states)
        and (not rule.lines_of_business or not line_of_business or line_of_business in rule.lines_of_business)
    )


def may_automate(rules: Iterable[AutomationRule], act: str) -> Permission:
    """Whether software may do this act under these rules. Yes only for what is ``HARMLESS`` and no rule forbids."""
    against = tuple(rule.id for rule in rules if act in rule.forbids or (rule.only and act not in rule.only))
    if act not in HARMLESS:
        known = "acts against a request" if act in AGAINST else "this act is not among those software may do"
        return Permission(act=act, allowed=False, why=f"{known}: only people say no", by=against)
    if against:
        return Permission(act=act, allowed=False, why="a rule in force forbids it", by=against)
    return Permission(act=act, allowed=True, why="no rule in force forbids it, and it decides nothing against anybody")


def disclosures(rules: Iterable[AutomationRule], *, ai_used: bool | None) -> tuple[Disclosure, ...]:
    """What must be told, each once. Not known whether software was used: as if it was."""
    told = (one for rule in rules for one in rule.discloses if one.always or ai_used is not False)
    return tuple(dict.fromkeys(told))


def lacking(rules: Iterable[AutomationRule], use: AdverseUse) -> tuple[str, ...]:
    """What an adverse decision lacks under these rules, each with the rule's id; empty when nothing does.

    That a person decides is asked for whatever the rules say.
    """
    found = list(_asked("a person who decides", use.person_decided, "OpenUM"))
    for rule in rules:
        found += _under(rule, use)
    return tuple(dict.fromkeys(found))


def _under(rule: AutomationRule, use: AdverseUse) -> list[str]:
    found: list[str] = []
    forbidden: tuple[Part, ...] = ("partly", "sole") if rule.reach == "partly" else ("sole",)
    if use.part is None:
        found.append(f"not known: what part software had ({rule.id})")
    elif use.part in forbidden:
        words = "had any part in making it" if rule.reach == "partly" else "been its sole basis"
        found.append(f"a decision in which software has not {words} ({rule.id})")
    if rule.person_decides:
        found += _asked("a licensed person who decides", use.person_decided, rule.id)
    if rule.individual_review:
        found += _asked("an individual review of this case", use.individually_reviewed, rule.id)
    if rule.individual_data:
        found += _asked("a basis in this member's own data", use.individual_data, rule.id)
    if disclosures((rule,), ai_used=None if use.part is None else use.part != "none"):
        found += _asked("the disclosure", use.disclosed, rule.id)
    return found


def _asked(words: str, known: bool | None, rule: str) -> tuple[str, ...]:
    if known:
        return ()
    return (f"not known: {words} ({rule})" if known is None else f"{words} ({rule})",)
