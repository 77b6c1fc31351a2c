"""What a certificate of one line holds, part by part, as the rooms keep it; and how sensitive each part is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from openum.core.automation import disclosures, may_automate, rules_for
from openum.core.certificate_rerun import code_data, line_data
from openum.core.chart import Segment
from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.core.segments import segment_of, strictest
from openum.librarian.certificate_texts import fact_texts, policy_texts
from openum.librarian.lawbook import shelf
from openum.payer.flow import desk
from openum.payer.flow.certifying_clocks import clock_parts, lapse_parts
from openum.payer.flow.queries import CaseView, LineView
from openum.payer.intake.shelf import in_force
from openum.payer.reviews.queries import ReviewCard, reviews_of
from openum.records.documents.entries import sensitive_codes
from openum.records.ledger.values import Happened, moment

LOOKS = frozenset({"CaseOpened", "CertificateExported"})
"""Looking moves nothing: events of these kinds after the last other one are left out, so that a second export is the
same as the first."""
DERIVED = ("finding", "distance", "proposals", "reasons")
"""Parts that repeat what several facts say."""


def contents_of(view: CaseView, one: LineView) -> dict[str, Any]:
    """Every part by name.

    Raises:
        Refusal: ``policy-text-gone``, ``rule-text-gone``.
    """
    events = _moving(view.events)
    found: dict[str, Any] = {
        "request": _request(view, one),
        "member": _member(view),
        "automation": _automation(view, one, events),
        "chain": _chain(view, events),
        "events": [{"by": event.by, "body": dict(event.body)} for event in events],
    }
    review = _review(view, one)
    found |= _judged(one, review) | _decided(one) | _granted(one) | _notices(view, one)
    return found | clock_parts(view, one) | lapse_parts(view, one)


def pieces_of(view: CaseView, one: LineView, contents: Mapping[str, Any]) -> dict[str, Segment]:
    """How sensitive each part about the member is; parts that say nothing about them are left out."""
    asked = one.line.asked
    codes = (asked.code, *asked.also, *asked.diagnoses, *view.case.diagnoses)
    request = segment_of(codes, sensitive_codes())
    if one.line.mental_health:
        request = strictest((request, "mental_health"))
    facts = {name: part.get("segment", "general") for name, part in contents.items() if name.startswith("fact/")}
    every = strictest((request, *facts.values()))
    derived = dict.fromkeys((name for name in DERIVED if name in contents), every)
    return {"member": "general", "request": request, **facts, **derived}


def _request(view: CaseView, one: LineView) -> dict[str, Any]:
    case, asked = view.case, one.line.asked
    return {
        "line": line_data(asked),
        "also": [code_data(code) for code in asked.also],
        "diagnoses": [code_data(code) for code in (*asked.diagnoses, *case.diagnoses)],
        "modifiers": list(asked.modifiers),
        "received_at": _at(case.received_at),
        "door": case.door,
        "requester": {"name": case.requester.name, "npi": case.requester.npi},
        "line_of_business": case.line_of_business,
        "plan": case.plan_code,
        "state": case.state,
        "zone": case.time_zone,
        "review_type": case.review_type,
        "priority": case.priority,
        "emergency": case.emergency,
        "triage": {"reason": one.line.reason, "cite": one.line.cite},
        "questions": [
            {"asked_at": _at(each.asked_at), "due_date": each.due_date.isoformat(),
             "answered_at": _at(each.answered_at) if each.answered_at else None, "items": list(each.items)}
            for each in one.questions
        ],
    }  # fmt: skip


def _member(view: CaseView) -> dict[str, Any]:
    member = desk.member(view.case)
    return {"number": member.number, "name": member.name, "birth_date": member.birth_date.isoformat()}


def _review(view: CaseView, one: LineView) -> ReviewCard | None:
    """The review the decision was made on: the newest before it, of the policy it cites where it cites one."""
    decided = one.determination
    known = reviews_of(view.case.tenant_id, one.line.id)
    fitting = [
        each
        for each in known
        if decided is None or (each.at <= decided.at and (not decided.policy or each.policy == decided.policy))
    ]
    return fitting[-1] if fitting else None


def _judged(one: LineView, review: ReviewCard | None) -> dict[str, Any]:
    """The policy's text, its facts and what the criteria said; nothing where no policy spoke."""
    decided = one.determination
    key = decided.policy if decided is not None and decided.policy else review.policy if review is not None else ""
    if not key:
        return {}
    digests = {decided.policy_digest if decided is not None and decided.policy else "", review.policy_digest if review
               else ""} - {""}  # fmt: skip
    policy = _policy(key, digests)
    roots = tuple(map(Path, settings.OPENUM_LIBRARY))
    about, text = policy_texts(in_force(), policy)
    found: dict[str, Any] = {"policy/about": about, "policy/version": text}
    found |= {f"definition/{n:02d}": each for n, each in enumerate(fact_texts(in_force(), policy, *roots), 1)}
    return found if review is None else found | _reviewed(review)


def _policy(key: str, digests: set[str]) -> Policy:
    policy = in_force().policy(key)
    if policy is None or digests - {policy.digest}:
        raise Refusal(
            "policy-text-gone",
            f"The text of {key} on the shelf is not the one that was decided by, or is gone.",
            "Put the text back: what was decided by it must stay readable.",
        )
    return policy


def _reviewed(review: ReviewCard) -> dict[str, Any]:
    facts = {f"fact/{n:03d}": review.chart[name] for n, name in enumerate(sorted(review.chart), 1)}
    return facts | {
        "finding": {
            "tree": review.finding, "answer": review.answer, "on": review.on.isoformat(), "at": _at(review.at),
            "by": review.by, "policy": review.policy, "policy_digest": review.policy_digest,
            "library_digest": review.library_digest,
        },
        "distance": review.distance,
        "proposals": list(review.proposals),
    }  # fmt: skip


def _decided(one: LineView) -> dict[str, Any]:
    decided = one.determination
    if decided is None:
        return {}
    found: dict[str, Any] = {
        "decision": {
            "outcome": decided.outcome, "at": _at(decided.at), "by": decided.by, "policy": decided.policy,
            "policy_digest": decided.policy_digest, "quantity": decided.quantity, "unit": decided.unit,
            "code": {"system": decided.code_system, "value": decided.code},
        },
        "reasons": {
            "administrative_reason": decided.administrative_reason, "criterion_not_met": decided.criterion_not_met,
            "rationale": decided.rationale, "reasons": list(decided.reasons),
        },
    }  # fmt: skip
    if decided.human:
        found["reviewer"] = {
            "id": decided.by.partition(":")[2], "name": decided.person_name, "role": decided.person_role,
            "license": dict(decided.license) if decided.license is not None else None,
        }  # fmt: skip
    return found


def _granted(one: LineView) -> dict[str, Any]:
    if one.authorization is None:
        return {}
    held = one.authorization.held
    return {
        "authorization": {
            "number": held.number, "quantity": held.quantity, "valid_from": held.valid_from.isoformat(),
            "valid_until": held.valid_until.isoformat(),
            "next_review": held.next_review.isoformat() if held.next_review else None,
        }
    }  # fmt: skip


def _notices(view: CaseView, one: LineView) -> dict[str, Any]:
    """Each letter about the line by its kind, its wording and the SHA-256 of its text; never the text."""
    own = [each for each in view.notices if one.line.asked.sequence in each.lines]
    return {
        f"notice/{n:02d}": {
            "kind": each.kind, "letter": each.letter, "sha256": sha256(each.html.encode()).hexdigest(),
            "to": list(each.recipients), "channel": each.channel,
            "sent_at": _at(each.sent_at) if each.sent_at is not None else None,
        }
        for n, each in enumerate(own, 1)
    }  # fmt: skip


def _automation(view: CaseView, one: LineView, events: Sequence[Happened]) -> dict[str, Any]:
    """What software did, who decided, and the rules about software that were in force on that day."""
    case, decided = view.case, one.determination
    on = (decided.at if decided is not None else case.received_at).date()
    known = {item.provision.id: item for item in shelf("automation", *map(Path, settings.OPENUM_LIBRARY))}
    rules = rules_for(
        (item.value.rule for item in known.values()), state=case.state, line_of_business=case.line_of_business, on=on
    )
    did: dict[str, list[str]] = {}
    for event in events:
        if event.by.startswith("software:"):
            did.setdefault(event.by, []).append(event.kind)
    return {
        "decided_by": "nobody" if decided is None else "person" if decided.human else "software",
        "software_did": [{"by": by, "events": kinds} for by, kinds in sorted(did.items())],
        "method": "Written criteria over named facts, answered yes, no or unknown. No learned model, no score.",
        "may_approve": may_automate(rules, "approve").allowed,
        "suggested": "see the part proposals; nothing suggests a decision against a request",
        "rules": [
            {"id": rule.id, "version": known[rule.id].provision.version, "cite": rule.cite} for rule in rules
        ],
        "to_be_told": [
            {"where": each.where, "to": each.to, "what": each.what} for each in disclosures(rules, ai_used=True)
        ],
    }  # fmt: skip


def _moving(events: Sequence[Happened]) -> Sequence[Happened]:
    last = max((place for place, event in enumerate(events, 1) if event.kind not in LOOKS), default=0)
    return events[:last]


def _chain(view: CaseView, events: Sequence[Happened]) -> dict[str, Any]:
    return {
        "tenant": view.case.tenant_id,
        "subject": view.case.number,
        "events": [
            {"number": event.number, "kind": event.kind, "at": moment(event.at), "previous": event.previous,
             "digest": event.digest}
            for event in events
        ],
    }  # fmt: skip


def _at(at: datetime) -> str:
    return moment(at)
