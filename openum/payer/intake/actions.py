"""Taking a request in, and writing down where triage sends each line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from openum.core.actor import Actor
from openum.core.calendar import end_of_day
from openum.core.clock_proof import Proof
from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.core.request import Line as Asked
from openum.core.request import Request
from openum.core.routing import Triage, priority_of
from openum.payer.intake import kept
from openum.payer.intake.models import Case, Line, Received, case_key, case_number
from openum.payer.intake.queries import case_of
from openum.payer.intake.starting import Surroundings, again, start_clocks
from openum.records.clocks import actions as clocks
from openum.records.clocks.queries import clocks_of
from openum.records.documents.actions import keep_attachments, keep_evidence
from openum.records.ledger import inline
from openum.records.ledger.actions import record
from openum.records.ledger.locking import hold
from openum.records.parties.cards import MemberCard, OrganizationCard, PlanCard
from openum.records.parties.queries import find_member, find_organization
from openum.records.parties.scope import Scope, software_scope


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a submission: its case's number; a replay was taken before, and nothing was written."""

    number: str
    replayed: bool
    member: MemberCard | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Where one line goes: triage's verdict, and the policy that governs it where there is one."""

    sequence: int
    triage: Triage
    policy: Policy | None


def submit(
    *, scope: Scope, request: Request, body: bytes, content_type: str, door: str, by: Actor, at: datetime,
    covered_until: date | None = None,
) -> Taken:  # fmt: skip
    """Take a request in: one transaction writes the case, its lines and evidence, starts its clocks and announces it.

    The same sender, submission identifier and body digest a second time is a replay and writes nothing.
    ``covered_until`` is the last day of the authorization a concurrent request continues, where that is known.

    Raises:
        Refusal: ``no-lines``, ``unknown-member``, ``member-mismatch``, ``not-covered-on-date``,
            ``unknown-organization``, ``not-your-organization`` … nothing is written then.
    """
    with transaction.atomic(savepoint=inline.current() is None):
        known = _taken_before(scope, request, by)
        if known is not None:
            return Taken(known, replayed=True)
        if not request.lines:
            raise Refusal("no-lines", "The request asks for no service.", "Add at least one line (Claim.item).")
        organization = find_organization(scope, request.requester)
        on, assumed = _service_day(request, at)
        member = find_member(scope, request.member, on=on)
        if assumed and request.created_date is None:
            on = at.astimezone(ZoneInfo(member.plan.time_zone)).date()
        through = None if covered_until is None else end_of_day(covered_until, member.plan.time_zone)
        case = _write_case(
            scope, request, member, organization, on=on, assumed=assumed, through=through, door=door, by=by, at=at
        )
        _write_lines(case, request)
        Received.objects.create(tenant_id=scope.tenant_id, case=case, content_type=content_type, body=kept.packed(body))
        keep_evidence(scope, subject=case.number, entries=request.entries, at=at, first=True)
        keep_attachments(scope, subject=case.number, attachments=request.attachments, by=by, at=at)
        start_clocks(scope, case.number, request, member.plan, _around(member.plan, door, through), at=at)
        record(
            tenant_id=scope.tenant_id, kind="RequestSubmitted", subject=case.number, by=by, at=at, door=door,
            lines=[line.sequence for line in request.lines], submission=request.submission.value,
            attachments=len(request.attachments),
        )  # fmt: skip
        if request.attachments:
            record(
                tenant_id=scope.tenant_id, kind="DocumentsReceived", subject=case.number, by=by, at=at,
                documents=len(request.attachments),
            )  # fmt: skip
    return Taken(case.number, replayed=False, member=member)


def record_triage(
    *, tenant_id: int, number: str, ways: Iterable[Way], by: Actor, at: datetime
) -> dict[int, dict[str, Any]]:
    """Write down where each line goes, and announce each group of lines that goes the same way.

    Returns what was written on each line, by sequence.
    """
    groups: dict[str, list[int]] = {}
    written: dict[int, dict[str, Any]] = {}
    with transaction.atomic(savepoint=False):
        rows = Line.unscoped.filter(tenant_id=tenant_id, case_id=case_key(number))
        for way in ways:
            written[way.sequence] = _sent(way)
            rows.filter(sequence=way.sequence).update(**written[way.sequence])
            groups.setdefault(_ANNOUNCED[way.triage.step], []).append(way.sequence)
        for kind, lines in groups.items():
            record(tenant_id=tenant_id, kind=kind, subject=number, by=by, at=at, lines=lines)
    return written


def pend(*, tenant_id: int, number: str, lanes: Mapping[int, str], ball: str, reason: str = "") -> None:
    """Put lines into the lane of those who work on them next; ``ball`` says whose move it is."""
    rows = Line.unscoped.filter(tenant_id=tenant_id, case_id=case_key(number))
    said = {"reason": reason} if reason else {}
    for sequence, lane in lanes.items():
        rows.filter(sequence=sequence).update(state="pended", lane=lane, ball=ball, **said)


def close(*, tenant_id: int, number: str, sequences: Iterable[int]) -> None:
    """Mark lines as decided: nobody holds them any more."""
    rows = Line.unscoped.filter(tenant_id=tenant_id, case_id=case_key(number), sequence__in=tuple(sequences))
    rows.update(state="decided", lane="", ball="nobody")


def miss_clocks(*, tenant_id: int, number: str, by: Actor, at: datetime, decided_at: datetime | None = None) -> None:
    """Compute the case's open clocks again; what is past due is marked missed, with what the law makes of it.

    The verdict (deemed denial, forward to an independent entity …) is a work item for a person and never a
    determination. ``decided_at`` is when all of the case was decided, if it was: what the law measures by the decision
    was met then. Does nothing where no clock is newly missed.
    """
    with transaction.atomic(savepoint=False):
        hold(tenant_id, number)
        case = case_of(tenant_id, number)
        scope = software_scope(tenant_id, "clocks")
        known = [card for card in clocks_of(scope, number) if card.state in ("running", "tolled")]
        proofs = again(case, [card.proof for card in known], at=at, decided_at=decided_at)
        missed = [proof for proof in proofs if proof.verdict == "missed"]
        ended = [proof for proof in proofs if proof.verdict in ("met", "missed")]
        if ended:
            clocks.move(scope, subject=number, proofs=ended)
        if not missed:
            return
        record(
            tenant_id=tenant_id, kind="ClockMissed", subject=number, by=by, at=at,
            lines=[line.asked.sequence for line in case.lines if line.state != "decided"],
            rules=[_missed(proof) for proof in missed],
        )  # fmt: skip


def _missed(proof: Proof) -> dict[str, str]:
    verdict = proof.on_miss
    return {
        "rule": proof.rule_id,
        "citation": proof.citation,
        "verdict": verdict.verdict if verdict is not None else "",
        "words": verdict.words if verdict is not None else "",
    }


_ANNOUNCED = {
    "criteria": "CriteriaNeeded",
    "not_required": "NothingNeeded",
    "notified": "NothingNeeded",
    "already_authorized": "NothingNeeded",
    "duplicate": "PersonNeeded",
    "person": "PersonNeeded",
}


def _sent(way: Way) -> dict[str, Any]:
    triage, policy = way.triage, way.policy
    values: dict[str, Any] = {"reason": triage.reason, "cite": triage.cite, "refers_to": triage.refers_to}
    if triage.lane:
        values |= {"state": "pended", "lane": triage.lane}
    if policy is not None:
        values |= {
            "policy": policy.key, "mental_health": policy.mental_health, "classification": policy.classification,
            "nqtl": policy.nqtl,
        }  # fmt: skip
    return values


def _taken_before(scope: Scope, request: Request, by: Actor) -> str | None:
    known = Case.unscoped.filter(
        tenant_id=scope.tenant_id, sender=str(by), submission_system=request.submission.system,
        submission_value=request.submission.value, digest=request.digest,
    )  # fmt: skip
    key = known.values_list("pk", flat=True).first()
    return None if key is None else case_number(key)


def _around(plan: PlanCard, door: str, through: datetime | None) -> Surroundings:
    return Surroundings(
        line_of_business=plan.line_of_business, state=plan.state, rating_period_start=plan.rating_period_start,
        plan_settings=plan.settings, door=door, authorized_through=through,
    )  # fmt: skip


def _service_day(request: Request, at: datetime) -> tuple[date, bool]:
    """The first day of service asked for; without one the day the request was made, and that is said."""
    days = [line.service_from for line in request.lines if line.service_from is not None]
    if days:
        return min(days), False
    return request.created_date or at.date(), True


def _write_case(
    scope: Scope, request: Request, member: MemberCard, organization: OrganizationCard,
    *, on: date, assumed: bool, through: datetime | None, door: str, by: Actor, at: datetime,
) -> Case:  # fmt: skip
    said = f"No service date was stated; {on.isoformat()} is used." if assumed else ""
    case: Case = Case.objects.create(
        tenant_id=scope.tenant_id, organization_id=organization.id, member_id=member.id, plan_id=member.plan.id,
        sender=str(by), submission_system=request.submission.system, submission_value=request.submission.value,
        digest=request.digest, door=door, review_type=request.review_type, priority=priority_of(request),
        emergency=request.emergency, received_at=at, on=on, on_is_assumed=assumed,
        requester=kept.party_data(request.requester), ordering=kept.party_data(request.ordering),
        identifiers=kept.identifiers_data(request.identifiers), diagnoses=kept.codes_data(request.diagnoses),
        warnings=[*request.warnings, *([said] if said else [])], extends=request.extends,
        authorized_through=through,
    )  # fmt: skip
    return case


def _write_lines(case: Case, request: Request) -> None:
    Line.objects.bulk_create([_line(case, asked) for asked in request.lines])


def _line(case: Case, asked: Asked) -> Line:
    return Line(
        tenant_id=case.tenant_id, case=case, sequence=asked.sequence, code_system=asked.code.system,
        code=asked.code.value, service_from=asked.service_from, service_to=asked.service_to,
        asked=kept.line_data(asked),
    )  # fmt: skip
