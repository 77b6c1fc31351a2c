"""The steps that write letters: what each letter is told is gathered here from the rooms that know it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from openum.core.actor import software
from openum.core.clock_events import Extension
from openum.core.notice import LANGUAGES, Language, Letter
from openum.core.notice_plain import stricter
from openum.core.notice_reason import reason_of
from openum.core.notice_shelf import Letters
from openum.core.notice_terms import Terms, promises
from openum.core.notice_words import Element, Elements, Wording
from openum.core.refusal import Refusal
from openum.librarian.notices import read_notices
from openum.librarian.terms import read_terms
from openum.payer.determinations.queries import lapses_of
from openum.payer.flow import desk
from openum.payer.flow.queries import LineView, line_views
from openum.payer.intake.extending import told
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
    """The letter that says what was approved, for how long, and under which number.

    A part approval has its own letter, which is a denial notice for the rest too.
    """
    case = desk.case(event)
    decided = (one for one in _lines(case, event, decided_only=True) if one.authorization is not None)
    lines = [one for one in decided if one.standing == "approved"]
    if not lines:
        return
    names = ", ".join(one.line.asked.code.value for one in lines)

    def special(wording: Wording) -> Elements:
        return {
            "decision_summary": wording.phrases["approved_summary"].format(names=names),
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

    def special(wording: Wording) -> Elements:
        return {
            "missing_items": [_item(item, due, wording) for one in lines for item in one.questions[-1].items],
            "due_date": due,
            "decision_due_date": _day(rule.due_at, case) if rule is not None else due,
            "if_nothing_comes": wording.phrases["if_nothing_comes"],
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

    def special(wording: Wording) -> Elements:
        return {
            "decision_word": "partially approved" if partly else "denied",
            "decision_summary": wording.phrases["partly_summary" if partly else "denied_summary"],
            "decided_date": day,
            "reviewer_name": decided.person_name,
            "reviewer_credentials": _credentials(decided.person_role, held, wording),
            "reviewer_specialty": str(held.get("specialty") or decided.person_role.replace("_", " ")),
            "clinical_judgment": decided.rationale,
            "urgent": case.priority == "expedited",
            "administrative": all(one.standing == "excluded" for one in lines),
        }

    _send("partial-approval" if partly else "adverse-determination", event, case, lines, special, at=at)


def send_adverse_by_law(event: Happened, *, at: datetime) -> None:
    """The letter due on the day the time to decide passed: what the law makes of it, and that the decision is owed."""
    case = desk.case(event)
    whole = software_scope(case.tenant_id, "notices")
    lapse = next(one for one in lapses_of(whole, case.number) if one.id == event.body["lapse"])

    def special(_: Wording) -> Elements:
        told: dict[str, Element] = {"missed_due_date": lapse.on, "missed_law": lapse.citation}
        return told | ({"appeal_deadline": lapse.file_by} if lapse.file_by is not None else {})

    _send("adverse-by-operation-of-law", event, case, _lines(case, event), special, at=at)


def send_extension(event: Happened, *, at: datetime) -> None:
    """The letter that more time is taken: why, until when, what it may help, and the right to complain."""
    case = desk.case(event)

    def special(_: Wording) -> Elements:
        return {
            "extension_reason": event.body["reason"],
            "extension_benefit": event.body["benefit"],
            "extension_until": date.fromisoformat(event.body["until"]),
            "original_due_date": date.fromisoformat(event.body["was_due"]),
        }

    _send("extension", event, case, _lines(case, event), special, at=at)
    taken = Extension(
        taken_at=event.at, ground=event.body["ground"], days=event.body["days"],
        in_member_interest=event.body["in_member_interest"],
    )  # fmt: skip
    told(tenant_id=case.tenant_id, number=case.number, taken=taken, at=at)


@cache
def letters(*roots: Path) -> Letters:
    """The letters of these shelves, read once per process; a later shelf's go first."""
    known = Letters()
    for root in roots:
        if (root / "notices").is_dir():
            known = read_notices(root).before(known)
    return known


@cache
def terms(*roots: Path) -> tuple[Terms, ...]:
    """What the law promises next, read once per process."""
    return tuple(found for root in roots for found in read_terms(root))


def _send(
    kind: str, event: Happened, case: CaseCard, lines: Sequence[LineView],
    special: Callable[[Wording], Elements], *, at: datetime,
) -> None:  # fmt: skip
    member, day = desk.member(case), _day(at, case)
    letter = _letter(kind, case, member, day)
    elements = {
        **_common(case, member, letter.language, at=at),
        **promises(terms(*settings.OPENUM_LIBRARY), letter.jurisdiction, letter.kind, on=day, language=letter.language),
        **special(letter.wording),
        "lines": [_line(one, case, letter) for one in lines],
    }
    issue(
        tenant_id=case.tenant_id, number=case.number, letter=letter, lines=[one.line.asked.sequence for one in lines],
        elements=elements, key=f"{case.number}:{kind}:{event.number}", by=NOTICES, at=at, first=desk.fresh(),
    )  # fmt: skip


def _letter(kind: str, case: CaseCard, member: MemberCard, day: date) -> Letter:
    """The letter in force for the member's program, in the member's language where letter and plan have it, with what
    the state and the plan's accreditations add and under the plan's own reading limits."""
    shelf, own = letters(*settings.OPENUM_LIBRARY), member.plan.settings.get("letters", {})
    program = shelf.program_of(case.line_of_business)
    language: Language = "es" if member.language[:2] == "es" and member.plan.notice_texts.get("es") else "en"
    for one in dict.fromkeys((kind, STANDS_IN.get(kind, kind))):
        found = shelf.find(
            one, program, on=day, language=language, state=member.plan.state,
            accreditations=member.plan.settings.get("accreditation", ()),
        )  # fmt: skip
        if found is not None:
            return stricter(found, own)
    raise Refusal(
        "no-letter",
        f"The library holds no {kind} letter for {case.line_of_business}.",
        "Add one under library/notices, then retry this step.",
    )


def _lines(case: CaseCard, event: Happened, *, decided_only: bool = False) -> list[LineView]:
    views = line_views(case, decided_only=decided_only)
    return [one for one in views if one.line.asked.sequence in event.body["lines"]]


def _day(at: datetime, case: CaseCard) -> date:
    return at.astimezone(ZoneInfo(case.time_zone)).date()


def _common(case: CaseCard, member: MemberCard, language: Language, *, at: datetime) -> dict[str, Element]:
    """What every letter is told; the plan's own texts (appeal address, TTY …) come from its set-up.

    ``es`` among the plan's texts holds the Spanish ones. What people and policies say stays in English, and a letter in
    another language says so.
    """
    plan = member.plan
    texts = {name: words for name, words in plan.notice_texts.items() if name not in LANGUAGES}
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
    taglines = letters(*settings.OPENUM_LIBRARY).language_help(phone=plan.phone, tty=str(texts.get("plan_tty", "")))
    unless_said = {"language_help": taglines, "grievance_how": plan.phone}
    own = {**unless_said, **texts, **plan.notice_texts.get(language, {})}
    return {**own, **told, "untranslated": language != "en"}


def _line(one: LineView, case: CaseCard, letter: Letter) -> dict[str, Element]:
    asked, granted, decided, phrases = one.line.asked, one.authorization, one.determination, letter.wording.phrases
    policy = in_force().policy(decided.policy if decided is not None and decided.policy else one.line.policy)
    told: dict[str, Element] = {
        "number": asked.sequence,
        "service": f"{asked.code.display or (policy.title if policy else phrases['service'])} ({asked.code.value})",
        "quantity": asked.quantity if asked.quantity is not None else 1,
        "unit": asked.unit or (policy.grant.unit if policy else "") or phrases["unit"],
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
        code = "benefit_code" if one.standing == "excluded" else "clinical_code"
        told |= {
            "reason": decided.rationale,
            "criterion_not_met": decided.administrative_reason,
            "criteria_source": _source(policy, decided.administrative_reason),
            "criteria_description": (policy.summary or policy.title) if policy else decided.administrative_reason,
            "what_would_change_it": phrases["excluded_change"],
            "reason_code": phrases[code],
            "reason_code_meaning": phrases[f"{code}_meaning"],
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


def _item(item: Mapping[str, Any], due: date, wording: Wording) -> dict[str, Element]:
    why = str(item["why"] or wording.phrases["rule_asks"])
    others = "; ".join(item.get("or") or ())
    return {
        "what": str(item["what"]),
        "document": str(item["document"]) or wording.phrases["any_document"],
        "why": wording.phrases["or_instead"].format(why=why, others=others) if others else f"{why}.",
        "due_date": due,
    }


def _credentials(role: str, held: Mapping[str, Any], wording: Wording) -> str:
    words = {"physician": "MD", "pharmacist": "PharmD", "nurse": "RN"}
    title = words.get(str(held.get("profession", "")), role.replace("_", " "))
    state = held.get("state")
    return wording.phrases["licensed_in"].format(title=title, state=state) if state else title


def address_words(address: Mapping[str, Any]) -> str:
    """An address in one line."""
    lines = [*address.get("lines", ()), address.get("city", "")]
    last = f"{address.get('state', '')} {address.get('zip', '')}".strip()
    return ", ".join(part for part in (*lines, last) if part)
