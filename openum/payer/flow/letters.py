"""The steps that write letters: what each letter is told is gathered here from the rooms that know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from openum.core.actor import software
from openum.core.notice import Letter
from openum.core.notice_reason import reason_of
from openum.core.notice_shelf import Letters
from openum.core.notice_words import Element
from openum.core.refusal import Refusal
from openum.librarian.notices import read_notices
from openum.librarian.terms import read_terms
from openum.payer.flow import desk
from openum.payer.flow.queries import LineView, line_views
from openum.payer.intake.queries import CaseCard
from openum.payer.intake.shelf import in_force
from openum.payer.notices.actions import answer_at_the_door, issue
from openum.records.clocks.queries import next_clock
from openum.records.ledger.values import Happened
from openum.records.parties.cards import MemberCard
from openum.records.parties.queries import organization_card
from openum.records.parties.scope import software_scope

NOTICES = software("notices")
STANDS_IN = {"partial-approval": "adverse-determination"}
"""The kind that is sent where the shelves hold none of the first: a partial approval is adverse for the rest."""
OUTCOME_WORDS = {"approved": "approved", "modified": "partly approved", "adverse": "denied", "excluded": "denied"}


def send_approval(event: Happened, *, at: datetime) -> None:
    """The letter that says what was approved, for how long, and under which number."""
    case = desk.case(event)
    lines = [one for one in _lines(case, event, decided_only=True) if one.authorization is not None]
    names = ", ".join(one.line.asked.code.value for one in lines)
    special: dict[str, Element] = {
        "decision_summary": f"We approved what was asked for: {names}.",
        "decided_date": _day(at, case),
    }
    _send("approval", event, case, lines, special, at=at)


def tell_sender(event: Happened, *, at: datetime) -> None:
    """Nothing was needed: the answer at the door is the notice, and no letter is owed."""
    answer_at_the_door(tenant_id=event.tenant_id, number=event.subject, lines=event.body["lines"], by=NOTICES, at=at)


def send_request_for_information(event: Happened, *, at: datetime) -> None:
    """The letter that asks for named items, and for nothing that is not needed."""
    case = desk.case(event)
    lines, rule = _lines(case, event), next_clock(software_scope(case.tenant_id, "notices"), case.number)
    due = date.fromisoformat(event.body["due_date"])
    special: dict[str, Element] = {
        "missing_items": [_item(item, due) for one in lines for item in one.questions[-1].items],
        "due_date": due,
        "decision_due_date": _day(rule.due_at, case) if rule is not None else due,
        "if_nothing_comes": "If nothing comes, a nurse or doctor decides with the facts we have.",
        "standards": "; ".join(dict.fromkeys(one.review.policy for one in lines if one.review is not None)),
    }
    _send("request-for-information", event, case, lines, special, at=at)


def send_adverse_determination(event: Happened, *, at: datetime) -> None:
    """The letter of a decision against a request: the person's reasons, the criterion, and every right that follows."""
    case = desk.case(event)
    lines = _lines(case, event)
    decided = next(one.determination for one in lines if one.determination is not None)
    held = decided.license or {}
    day = _day(at, case)
    partly = any(one.standing == "modified" for one in lines)
    word = "partially approved" if partly else "denied"
    special: dict[str, Element] = {
        "decision_word": word,
        "decision_summary": f"We {'approved only a part of' if partly else 'did not approve'} what was asked for.",
        "decided_date": day,
        "reviewer_name": decided.person_name,
        "reviewer_credentials": _credentials(decided.person_role, held),
        "reviewer_specialty": str(held.get("specialty") or decided.person_role.replace("_", " ")),
        "clinical_judgment": decided.rationale,
        "urgent": case.priority == "expedited",
        "administrative": all(one.standing == "excluded" for one in lines),
    }
    _send("partial-approval" if partly else "adverse-determination", event, case, lines, special, at=at)


@cache
def letters(*roots: Path) -> Letters:
    """The letters of these shelves, read once per process; a later shelf's go first."""
    known = Letters()
    for root in roots:
        known = read_notices(root).before(known)
    return known


@cache
def terms(*roots: Path) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """What the law promises next, by jurisdiction and element."""
    return {name: found for root in roots for name, found in read_terms(root).items()}


def _send(
    kind: str, event: Happened, case: CaseCard, lines: Sequence[LineView],
    special: Mapping[str, Element], *, at: datetime,
) -> None:  # fmt: skip
    shelf, day = letters(*settings.OPENUM_LIBRARY), _day(at, case)
    program = shelf.program_of(case.line_of_business)
    letter = next(filter(None, (shelf.find(one, program, on=day) for one in (kind, STANDS_IN.get(kind, kind)))), None)
    if letter is None:
        raise Refusal(
            "no-letter",
            f"The library holds no {kind} letter for {case.line_of_business}.",
            "Add one under library/notices, then retry this step.",
        )
    elements = {
        **_common(case, desk.member(case), at=at),
        **_terms(letter.jurisdiction, day),
        **special,
        "lines": [_line(one, case, letter) for one in lines],
    }
    issue(
        tenant_id=case.tenant_id, number=case.number, letter=letter, lines=[one.line.asked.sequence for one in lines],
        elements=elements, key=f"{case.number}:{kind}:{event.number}", by=NOTICES, at=at, first=desk.fresh(),
    )  # fmt: skip


def _lines(case: CaseCard, event: Happened, *, decided_only: bool = False) -> list[LineView]:
    views = line_views(case, decided_only=decided_only)
    return [one for one in views if one.line.asked.sequence in event.body["lines"]]


def _day(at: datetime, case: CaseCard) -> date:
    return at.astimezone(ZoneInfo(case.time_zone)).date()


def _common(case: CaseCard, member: MemberCard, *, at: datetime) -> dict[str, Element]:
    """What every letter is told; the plan's own texts (appeal address, TTY …) come from its set-up."""
    plan = member.plan
    told: dict[str, Element] = {
        "notice_date": _day(at, case),
        "member_name": member.name,
        "member_id": member.number,
        "plan_name": plan.name,
        "plan_address": address_words(plan.address),
        "plan_phone": plan.phone,
        "request_number": case.number,
        "received_date": _day(case.received_at, case),
        "requester_name": case.requester.name or organization_card(
            software_scope(case.tenant_id, "notices"), case.organization_id
        ).name,
        "priority": "fast" if case.priority == "expedited" else "standard",
    }  # fmt: skip
    return {**plan.notice_texts, **told}


def _terms(jurisdiction: str, day: date) -> dict[str, Element]:
    known = terms(*settings.OPENUM_LIBRARY).get(jurisdiction, {})
    return {
        name: day + timedelta(days=term["days"]) if "days" in term else str(term["text"])
        for name, term in known.items()
    }


def _line(one: LineView, case: CaseCard, letter: Letter) -> dict[str, Element]:
    asked, granted, decided = one.line.asked, one.authorization, one.determination
    policy = in_force().policy(decided.policy if decided is not None and decided.policy else one.line.policy)
    told: dict[str, Element] = {
        "number": asked.sequence,
        "service": f"{asked.code.display or (policy.title if policy else 'Service')} ({asked.code.value})",
        "quantity": asked.quantity if asked.quantity is not None else 1,
        "unit": asked.unit or (policy.grant.unit if policy else "") or "unit",
        "from_date": asked.service_from or case.on,
        "to_date": asked.service_to or asked.service_from or case.on,
        "provider_name": (asked.performer.name if asked.performer else "") or case.requester.name,
        "outcome": OUTCOME_WORDS.get(one.standing, "waiting for information"),
    }
    if granted is not None:
        told |= {
            "approved_quantity": granted.held.quantity if granted.held.quantity is not None else told["quantity"],
            "authorization_number": granted.held.number,
            "valid_from": granted.held.valid_from,
            "valid_until": granted.held.valid_until,
            "next_review_date": granted.held.next_review,
        }
    if decided is not None and one.standing in ("adverse", "modified", "excluded"):
        told |= {
            "reason": decided.rationale,
            "criterion_not_met": decided.administrative_reason,
            "criteria_source": _source(policy, decided.administrative_reason),
            "what_would_change_it": "Facts or records that show that what is named above is met.",
        }
        if decided.criterion_not_met and one.review is not None:
            units = {name: fact.unit for name, fact in in_force().facts.items()}
            told |= reason_of(
                decided.criterion_not_met, decided.rationale, one.review.finding, one.review.distance, letter.wording,
                units,
            ).elements()  # fmt: skip
    known = {name.partition(".")[2] for name in letter.names if name.startswith("lines.")}
    return {**dict.fromkeys(known), **told}


def _source(policy: Any, clause: str) -> str:
    return clause if policy is None else f"{policy.title} ({policy.authority[0].cite}; policy {policy.key})"


def _item(item: Mapping[str, Any], due: date) -> dict[str, Element]:
    instead = " Or instead: " + " Or: ".join(item["or"]) if item.get("or") else ""
    return {
        "what": str(item["what"]),
        "document": str(item["document"]) or "a form answer or a note that states it",
        "why": f"{item['why'] or 'The rule asks for it'}.{instead}",
        "due_date": due,
    }


def _credentials(role: str, held: Mapping[str, Any]) -> str:
    words = {"physician": "MD", "pharmacist": "PharmD", "nurse": "RN"}
    title = words.get(str(held.get("profession", "")), role.replace("_", " "))
    return f"{title}, licensed in {held['state']}" if held.get("state") else title


def address_words(address: Mapping[str, Any]) -> str:
    """An address in one line."""
    lines = [*address.get("lines", ()), address.get("city", "")]
    last = f"{address.get('state', '')} {address.get('zip', '')}".strip()
    return ", ".join(part for part in (*lines, last) if part)
