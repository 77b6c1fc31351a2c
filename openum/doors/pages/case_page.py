"""One case as a template wants it: lines with trees, ways to yes and alternatives; clocks, letters, events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openum.core.answers import Answer
from openum.core.kept import Branch, kept_tree
from openum.doors.pages import words
from openum.doors.pages.words import Mark
from openum.librarian.library import Library
from openum.payer.flow.queries import CaseView, LineView, lapse_sentence
from openum.payer.intake.shelf import in_force
from openum.records.clocks.queries import ClockCard
from openum.records.ledger.values import Happened
from openum.records.tenants.queries import TenantCard

MOST_WAYS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """One branch of a criteria tree. ``folded`` branches are ways not taken: shown closed."""

    mark: Mark
    text: str
    cite: str
    group: str
    found: str
    source: str
    quote: str
    folded: bool
    below: tuple[TreeNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another service that meets the need."""

    mark: Mark
    why: str
    asked: str
    policy: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePart:
    """One line of the request."""

    sequence: int
    title: str
    asked: tuple[tuple[str, str], ...]
    mark: Mark
    sentence: str
    policy: str
    cite: str
    reasons: tuple[str, ...]
    distance: str
    ways: tuple[tuple[str, ...], ...]
    more_ways: int
    tree: tuple[TreeNode, ...]
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockPart:
    """One clock with its proof."""

    title: str
    rule: str
    citation: str
    state: Mark
    due: str
    due_at: str
    zone: str
    steps: tuple[str, ...]
    rules: bool


@dataclass(frozen=True, slots=True)
class LapsePart:
    """What the law made of a missed clock. ``open`` is whether somebody still has to act."""

    title: str
    sentence: str
    citation: str
    open: bool


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One letter."""

    id: int
    title: str
    letter: str
    sent: str


@dataclass(frozen=True, slots=True)
class EventPart:
    """One event."""

    number: int
    at: str
    iso: str
    kind: str
    by: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything the page shows."""

    payer: str
    payer_slug: str
    number: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    lines: tuple[LinePart, ...]
    clocks: tuple[ClockPart, ...]
    lapses: tuple[LapsePart, ...]
    letters: tuple[LetterPart, ...]
    events: tuple[EventPart, ...]


STATES = {
    "waiting": Mark("…", "calm", "not started"),
    "running": Mark("▸", "open", "running"),
    "tolled": Mark("‖", "open", "stands still"),
    "met": Mark("✓", "good", "met"),
    "missed": Mark("!", "bad", "missed"),
    "superseded": Mark("–", "calm", "replaced"),
}
LAPSES = {
    "approve": "Approved by law",
    "ask_person": "Perhaps approved by law",
    "adverse_by_law": "Denied by law, by nobody",
    "forward": "To forward",
    "late": "Late",
}
LETTERS = {
    "approval": "Approval",
    "request-for-information": "Request for information",
    "adverse-determination": "Decision against the request",
}


def case_page(payer: TenantCard, view: CaseView) -> CasePage:
    """The page of one case."""
    library = in_force()
    return CasePage(
        payer=payer.name, payer_slug=payer.slug, number=view.case.number, facts=_facts(view),
        warnings=view.case.warnings, lines=tuple(_line(one, library) for one in view.lines),
        clocks=tuple(map(_clock, view.clocks)),
        lapses=tuple(
            LapsePart(
                LAPSES[lapse.effect], lapse_sentence(lapse), f"{lapse.citation} · {lapse.rule}",
                lapse.effect not in ("approve", "late") and lapse.settled_at is None,
            )
            for lapse in view.lapses
        ),
        letters=tuple(
            LetterPart(
                one.id, LETTERS.get(one.kind, one.kind), one.letter,
                words.moment(one.sent_at, view.case.time_zone) if one.sent_at else "not sent",
            )
            for one in view.notices
        ),
        events=tuple(_event(one, view.case.time_zone) for one in view.events),
    )  # fmt: skip


def _facts(view: CaseView) -> tuple[tuple[str, str], ...]:
    case = view.case
    urgency = "emergency" if case.emergency else "urgent (expedited)" if case.priority == "expedited" else "standard"
    diagnoses = ", ".join(f"{code.value}{f' {code.display}' if code.display else ''}" for code in case.diagnoses)
    ordering = case.ordering.name or case.ordering.npi if case.ordering is not None else ""
    found = (
        ("Received", f"{words.moment(case.received_at, case.time_zone)} ({case.time_zone})"),
        ("Kind", f"{case.review_type}, {urgency}"),
        ("Plan", f"{case.plan_code}, {words.LINES_OF_BUSINESS[case.line_of_business]}, {case.state}"),
        ("Service day", f"{case.on.isoformat()}{' (assumed)' if case.on_is_assumed else ''}"),
        ("Asked by", case.requester.name or case.requester.npi),
        ("Ordered by", ordering),
        ("Diagnoses", diagnoses),
        ("Came in by", _door(case.door)),
    )
    return tuple((name, value) for name, value in found if value)


def _door(name: str) -> str:
    return {"cli": "command line"}.get(name, name.replace("fhir-pas-", "FHIR PAS "))


def _line(one: LineView, library: Library) -> LinePart:
    asked, review = one.line.asked, one.review
    key = (one.determination.policy if one.determination is not None else "") or one.line.policy
    policy = library.policy(key) if key else None
    ways = [tuple(str(need["sentence"]) for need in way) for way in review.distance["ways"]] if review else []
    return LinePart(
        sequence=asked.sequence,
        title=asked.code.display or (policy.title if policy else "Service"),
        asked=_asked(one),
        mark=words.standing(one, review.answer if review else ""),
        sentence=_sentence(one),
        policy=f"{policy.title} ({key})" if policy else key,
        cite="; ".join(cite.cite for cite in policy.authority) if policy else one.line.cite,
        reasons=_reasons(one),
        distance=str(review.distance["sentence"]) if review else "",
        ways=tuple(ways[:MOST_WAYS]),
        more_ways=max(0, len(ways) - MOST_WAYS),
        tree=(_node(kept_tree(review.finding)),) if review else (),
        alternatives=tuple(map(_alternative, review.proposals)) if review else (),
    )


def _asked(one: LineView) -> tuple[tuple[str, str], ...]:
    asked = one.line.asked
    last = asked.service_to if asked.service_to != asked.service_from else None
    found = (
        ("Code", f"{asked.code.system.upper()} {asked.code.value}"),
        ("Quantity", f"{asked.quantity:g} {asked.unit}".strip() if asked.quantity is not None else ""),
        ("Days", f"{asked.service_from}{f' to {last}' if last else ''}" if asked.service_from else ""),
        ("Place", asked.place),
    )
    return tuple((name, value) for name, value in found if value)


def _sentence(one: LineView) -> str:
    """What happened to the line and what comes next. Software approves or asks; it never says no."""
    granted, decided = one.authorization, one.determination
    if granted is not None:
        held = granted.held
        by = f" Approved by {decided.person_name}: {decided.rationale}" if decided is not None and decided.human else ""
        return f"Authorization {held.number}, valid from {held.valid_from} to {held.valid_until}.{by}"
    if decided is not None and decided.human:
        return f"Decided by {decided.person_name}. {decided.rationale}"
    if decided is not None:
        return one.reasons[0] if one.reasons else ""
    if one.review is not None and one.review.answer == "no":
        return "A criterion is not met. Software does not decide against a request: a clinician does."
    return one.line.reason


def _reasons(one: LineView) -> tuple[str, ...]:
    """Reasons that neither the sentence above nor the tree says."""
    if one.review is not None or one.determination is None:
        return ()
    return one.reasons[1:] if not one.determination.human else one.reasons


def _node(branch: Branch) -> TreeNode:
    return TreeNode(
        mark=words.MARKS[branch.answer], text=branch.text, cite=branch.cite,
        group=branch.group if branch.below and branch.group != branch.text else "", found=branch.found,
        source=branch.place, quote=branch.quote, folded=not branch.needed, below=tuple(map(_node, branch.below)),
    )  # fmt: skip


def _alternative(proposal: Mapping[str, Any]) -> Alternative:
    amount = proposal["quantity"]
    parts = (
        str(proposal["code"]),
        f"quantity {amount:g}" if amount is not None else "",
        f"place {proposal['place']}" if proposal["place"] else "",
    )
    return Alternative(
        mark=words.MARKS[Answer(proposal["answer"])], why=str(proposal["why"]),
        asked=", ".join(part for part in parts if part), policy=str(proposal["policy"]),
        missing=str(proposal["missing"]),
    )  # fmt: skip


def _clock(card: ClockCard) -> ClockPart:
    proof = card.proof
    return ClockPart(
        title=proof.title, rule=f"{proof.rule_id}@{proof.rule_version}", citation=proof.citation,
        state=STATES[card.state], due=words.moment(card.due_at, proof.zone) if card.due_at else "",
        due_at=card.due_at.isoformat() if card.due_at else "", zone=proof.zone, steps=proof.steps, rules=card.earliest,
    )  # fmt: skip


def _event(event: Happened, zone: str) -> EventPart:
    held = "; ".join(f"{name} {_short(value)}" for name, value in event.body.items() if value not in ("", [], None))
    return EventPart(
        event.number,
        words.moment(event.at, zone),
        event.at.isoformat(timespec="seconds"),
        _CAPITAL.sub(" ", event.kind).capitalize(),
        event.by,
        held,
    )


_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _short(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
