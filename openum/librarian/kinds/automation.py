"""What software may do in utilization review: laws on AI and automated decisions, and the platform's own rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from openum.core.automation import (
    ACTS,
    AGAINST,
    AdverseUse,
    AutomationRule,
    Disclosure,
    Part,
    disclosures,
    lacking,
    may_automate,
)
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

WORDS = {
    "act": ("action",),
    "outcome": ("decision",),
    "part": ("ai_part", "ai_role"),
    "ai_used": ("automated", "algorithm_used"),
    "ai_sole_basis": ("sole_basis", "ai_only"),
    "human_decided": (
        "person_decided",
        "physician_decided",
        "human_review",
        "human_reviewed",
        "reviewed_by_human",
        "clinician_decided",
        "licensed_professional_decided",
    ),
    "individually_reviewed": ("individual_review", "medical_director_reviewed"),
    "individual_data": ("individual_clinical_data", "individual_basis"),
    "disclosed": ("ai_disclosed",),
    "on": ("date", "decided_on", "at"),
    "plan_issued": ("plan_from", "plan_renewed", "plan_issued_or_renewed"),
    "state": (),
    "line_of_business": ("lob",),
}
ADVERSE = frozenset(
    {"adverse", "denied", "denial", "deny", "modified", "partial", "delayed", "terminated", "downgraded"}
)
SYNONYMS = {
    "approval": "approve",
    "auto_approve": "approve",
    "denial": "deny",
    "auto_deny": "deny",
    "fraud_detection": "detect_fraud",
}
PART_SYNONYMS = {
    "recommends": "partly",
    "recommends_denial": "partly",
    "suggests": "partly",
    "suggests_denial": "partly",
    "in_part": "partly",
    "wholly": "sole",
    "sole_denial": "sole",
    "sole_basis": "sole",
    "alone": "sole",
    "admin_support": "assisted",
    "administrative_support": "assisted",
    "not_used": "none",
}
STANDING = {
    "in_law": "in law",
    "guidance": "guidance of the regulator",
    "proposed_not_adopted": "proposed, not adopted: binds nobody",
    "accreditation": "accreditation",
    "our_choice": "our own choice",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """A rule and what it says beside its formal parts."""

    rule: AutomationRule
    standing: str
    said: Mapping[str, Any]


def _build(provision: Provision) -> Automation:
    said = provision.what
    if said["standing"] == "proposed_not_adopted" and ("forbids" in said or "only" in said):
        raise ValueError("What was not adopted forbids nothing; say under duties what was proposed.")
    rule = AutomationRule(
        id=provision.id,
        cite=provision.authority.cite,
        states=frozenset(said.get("states", ())),
        lines_of_business=frozenset(said.get("lines_of_business", ())),
        effective_from=provision.effective_from,
        effective_to=provision.effective_to,
        plans_from=CaseWords(said, dict.fromkeys(said, ())).day("plans_from"),
        binding=said["standing"] != "proposed_not_adopted",
        only=frozenset(said.get("only", ())),
        forbids=frozenset(said.get("forbids", ())),
        reach=said.get("reach", "sole"),
        person_decides=said["person_decides"],
        individual_review=said.get("individual_review", False),
        individual_data=said.get("individual_data", False),
        discloses=tuple(Disclosure(**one) for one in said.get("discloses", ())),
        keeps=tuple(said.get("keeps", ())),
    )
    return Automation(rule=rule, standing=said["standing"], said=said)


def _answer(value: Automation, given: Given) -> Answers:
    words, rule = CaseWords(given, WORDS), value.rule
    on = words.day("on")
    in_force = rule.binding if on is None else rule.in_force(on, plan_from=words.day("plan_issued"))
    rules = (rule,) if in_force and _concerns(rule, words) else ()
    return {"in_force": in_force, "applies": bool(rules), **dict(_verdicts(rules, words))}


def _concerns(rule: AutomationRule, words: CaseWords) -> bool:
    state, line = words.text("state"), words.text("line_of_business")
    return (not rule.states or not state or state in rule.states) and (
        not rule.lines_of_business or not line or line in rule.lines_of_business
    )


def _verdicts(rules: tuple[AutomationRule, ...], words: CaseWords) -> Iterator[tuple[str, Any]]:
    act = SYNONYMS.get(words.text("act"), words.text("act"))
    if act:
        if act not in ACTS:
            raise ValueError(f"{act} is not an act. Known are: {', '.join(sorted(ACTS))}.")
        may = may_automate(rules, act)
        yield from (("allowed", may.allowed), ("why", may.why), ("by", list(may.by)), ("person_needed", act in AGAINST))
    used = _used(words)
    told = disclosures(rules, ai_used=used)
    yield from (("disclose", [one.where for one in told]), ("disclose_to", [one.to for one in told]))
    yield "ai_flag", bool(rules) and used is not False
    if words.text("outcome") in ADVERSE:
        found = lacking(rules, _use(words))
        yield from (("lawful", not found), ("lacking", list(found)))


def _used(words: CaseWords) -> bool | None:
    known = words.flag("ai_used")
    if known is None and (words.text("part") or words.flag("ai_sole_basis") is not None):
        return _part(words) != "none"
    return known


def _part(words: CaseWords) -> str | None:
    said = words.text("part")
    return PART_SYNONYMS.get(said, said) or None


def _use(words: CaseWords) -> AdverseUse:
    part = _part(words)
    if part is None and words.flag("ai_used") is False:
        part = "none"
    if part is None and words.flag("ai_sole_basis") is not None:
        part = "sole" if words.flag("ai_sole_basis") else None
    if part is not None and part not in get_args(Part):
        raise ValueError(f"{part} is no part. Known are: {', '.join(get_args(Part))}.")
    return AdverseUse(
        part=next((one for one in get_args(Part) if one == part), None),
        person_decided=words.flag("human_decided"),
        individually_reviewed=words.flag("individually_reviewed"),
        individual_data=words.flag("individual_data"),
        disclosed=words.flag("disclosed"),
    )


def _rows(value: Automation) -> Iterator[tuple[str, str]]:
    rule, said = value.rule, value.said
    yield "Standing", STANDING[value.standing]
    if rule.states:
        yield "States", ", ".join(sorted(rule.states))
    if rule.plans_from is not None:
        yield "Plans", f"issued or renewed on or after {rule.plans_from}"
    if rule.binding:
        basis = "have any part in making an adverse decision" if rule.reach == "partly" else "be its sole basis"
        yield "Software may not", f"{basis}; in OpenUM it never decides against a request at all"
    for label, key in (("Only", "only"), ("Forbids", "forbids"), ("Allows", "allows"), ("Keeps", "keeps"),
                       ("Duties", "duties"), ("Not when", "exempt_when")):  # fmt: skip
        if key in said:
            yield label, "; ".join(one.replace("_", " ") for one in said[key])
    if rule.discloses:
        yield "To be told", "; ".join(f"{one.what} ({one.where}, to {one.to})" for one in rule.discloses)


KIND = Kind(
    shelf="automation",
    title="Software and AI in review",
    summary="What software may not do, what must be told of it, and what a person must do. It never says no.",
    build=_build,
    answer=_answer,
    rows=_rows,
)
