"""The steps of the payer's wing: each gathers values through the rooms' queries and passes them to one action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openum.core.actor import software
from openum.core.answers import YES
from openum.core.codes import SYSTEMS
from openum.core.determination import Determination as Decided
from openum.core.explain import need_sentence, way_sentence
from openum.core.facts import FactDefinition
from openum.core.policy import Grant, Policy, Question
from openum.core.requirement import requirement_for
from openum.core.review import Judgment, judge, proposals
from openum.core.routing import Pending, Triage, lane_of
from openum.core.routing import triage as triage_line
from openum.core.span import Span
from openum.librarian.library import Library
from openum.payer.authorizations import actions as authorizations
from openum.payer.authorizations.queries import active_for_member, of_determinations
from openum.payer.determinations import actions as determinations
from openum.payer.determinations.queries import DeterminationCard, current_determinations
from openum.payer.flow import desk
from openum.payer.intake import actions as intake
from openum.payer.intake.queries import CaseCard, LineCard, pending_elsewhere
from openum.payer.intake.shelf import in_force
from openum.payer.reviews import actions as reviews
from openum.records.clocks.queries import next_clock
from openum.records.documents.actions import extract_text
from openum.records.documents.queries import unread
from openum.records.ledger.values import Happened
from openum.records.parties.benefit_rows import benefits_for
from openum.records.parties.scope import Scope, software_scope

TRIAGE, CRITERIA = software("triage"), software("criteria")
UNRULED = "No list of what needs authorization is in force on the day of service: a person decides."
"""Whether anything is needed is unknown then; unknown is neither a yes nor a no."""
UNREAD = "The service is named in a code system that is not known here: a person reads it."
KNOWN_SYSTEMS = frozenset(SYSTEMS.values())
UNGOVERNED = Grant(lasts=Span(months=3))
"""How long an approval by a person holds where no policy says so."""


def triage(event: Happened, *, at: datetime) -> None:
    """Find each line's way: needed, twice, already granted, covered, and by which policy."""
    case = desk.case(event)
    library, scope = in_force(), software_scope(event.tenant_id, "triage")
    pending = pending_elsewhere(case.tenant_id, case.member_id, case.number)
    ways = [_way(case, line, library, scope, pending) for line in _lines(case, event)]
    written = intake.record_triage(tenant_id=case.tenant_id, number=case.number, ways=ways, by=TRIAGE, at=at)
    desk.sent_on(event, written)


def read_documents(event: Happened, *, at: datetime) -> None:
    """Read the text of every document that came with the case and was not read yet."""
    for document in unread(software_scope(event.tenant_id, "documents"), event.subject):
        extract_text(document, at=at)


def close_unneeded(event: Happened, *, at: datetime) -> None:
    """Close lines for which nothing is needed, or that are already authorized."""
    case = desk.case(event)
    lines = [
        determinations.Unneeded(line.id, line.asked, f"{line.reason}{f' [{line.cite}]' if line.cite else ''}")
        for line in _lines(case, event)
    ]
    if lines:
        determinations.close_unneeded(
            tenant_id=case.tenant_id, number=case.number, lines=lines, at=at, first=desk.fresh()
        )


def run_criteria(event: Happened, *, at: datetime) -> None:
    """Run each line's policy over the chart that came with the request, and keep the whole finding."""
    case, library = desk.case(event), in_force()
    judged = [
        reviews.Judged(line.id, line.asked.sequence, judgment, _proposals(judgment, case, line, library))
        for line, judgment in _judgments(case, _lines(case, event), library)
    ]
    if not judged:
        return
    reviews.record_reviews(
        tenant_id=case.tenant_id, number=case.number, judged=judged, definitions=library.facts,
        library_digest=library.digest, by=CRITERIA, at=at, first=desk.fresh(),
    )  # fmt: skip


def approve(event: Happened, *, at: datetime) -> None:
    """Approve lines whose criteria are all met. The finding is computed again, so that nothing stale is approved."""
    case, library = desk.case(event), in_force()
    met = [
        determinations.Met(line.id, line.asked, judgment.policy, judgment.finding)
        for line, judgment in _judgments(case, _lines(case, event), library)
    ]
    if met:
        determinations.approve_met(tenant_id=case.tenant_id, number=case.number, met=met, at=at, first=desk.fresh())


def ask(event: Happened, *, at: datetime) -> None:
    """Ask for the smallest set of facts that would make each line approvable; a nurse holds the line meanwhile."""
    case, library = desk.case(event), in_force()
    judged = list(_judgments(case, _lines(case, event), library))
    if not judged:
        return
    items = {(line.id, line.asked.sequence): missing_items(judgment, library.facts) for line, judgment in judged}
    lanes = {line.asked.sequence: lane_of(judgment.finding, judgment.policy) for line, judgment in judged}
    intake.pend(
        tenant_id=case.tenant_id, number=case.number, lanes=lanes, ball="provider",
        reason="Something the criteria ask for is not known.",
    )  # fmt: skip
    due = answer_due(case, at)
    reviews.ask(
        tenant_id=case.tenant_id, number=case.number, items=items, due_date=due.date(), by=CRITERIA, at=at,
        first=desk.fresh(),
    )  # fmt: skip


def assign_clinician(event: Happened, *, at: datetime) -> None:  # noqa: ARG001 - every step takes the moment
    """Put lines with an unmet criterion before a person: they may approve, correct a fact, or refer."""
    case, library = desk.case(event), in_force()
    judged = _judgments(case, _lines(case, event), library)
    lanes = {line.asked.sequence: lane_of(judgment.finding, judgment.policy) for line, judgment in judged}
    reason = "A criterion is not met: a clinician decides."
    intake.pend(tenant_id=case.tenant_id, number=case.number, lanes=lanes, ball="payer", reason=reason)


def authorize(event: Happened, *, at: datetime) -> None:
    """Issue a number for every line that was approved, whole or in part."""
    case, library = desk.case(event), in_force()
    lines = [case.line(sequence) for sequence in event.body["lines"]]
    cards = current_determinations(case.tenant_id, tuple(line.id for line in lines))
    numbered = {} if desk.fresh() else of_determinations(case.tenant_id, tuple(card.id for card in cards.values()))
    approved = [
        _approved(case, line, cards[line.id], library)
        for line in lines
        if cards[line.id].outcome in ("approved", "modified") and cards[line.id].id not in numbered
    ]
    if approved:
        authorizations.issue(
            tenant_id=case.tenant_id, number=case.number, member_id=case.member_id,
            organization_id=case.organization_id, approved=approved, by=software("authorizations"), at=at,
        )  # fmt: skip


def missing_items(judgment: Judgment, definitions: Mapping[str, FactDefinition]) -> list[dict[str, Any]]:
    """The named items of a question: the facts of the first smallest way, with what each is for and would do.

    ``or`` are up to three other ways of the same size: one of them instead is enough.
    """
    ways = judgment.distance.ways
    needs = ways[0].needs if ways else ()
    others = [way_sentence(way, definitions) for way in ways[1:4]]
    return [
        {
            "fact": need.fact,
            "what": definitions[need.fact].question if need.fact in definitions else need.fact,
            "document": definitions[need.fact].document if need.fact in definitions else "",
            "why": "; ".join(dict.fromkeys(leaf.label for leaf, _ in need.must if leaf.label)),
            "sentence": need_sentence(need, definitions),
            "or": others,
        }
        for need in needs
        if need.kind == "supply"
    ]


def answer_due(case: CaseCard, at: datetime) -> datetime:
    """When an answer is wanted: half of what is left of the earliest clock, so that a person can still decide in time.

    A policy choice of ours, not law: no federal clock stops for a question (facts/regulation.md §1.7).
    """
    clock = next_clock(software_scope(case.tenant_id, "criteria"), case.number)
    half = (clock.due_at - at) / 2 if clock is not None and clock.due_at > at else timedelta(0)
    return (at + half).astimezone(ZoneInfo(case.time_zone))


def _lines(case: CaseCard, event: Happened) -> list[LineCard]:
    """The event's lines that are still open: what a person decided meanwhile is not worked on again."""
    wanted: Sequence[int] = event.body["lines"]
    return [line for line in map(case.line, wanted) if line.state != "decided"]


def _question(case: CaseCard, line: LineCard) -> Question:
    asked = line.asked
    return Question(
        line_of_business=case.line_of_business, code=asked.code, on=asked.service_from or case.on, place=asked.place,
        state=case.state, diagnoses=(*asked.diagnoses, *case.diagnoses), certification=asked.certification,
        also=asked.also,
    )  # fmt: skip


def _way(
    case: CaseCard, line: LineCard, library: Library, scope: Scope, pending: Iterable[Pending]
) -> intake.Way:  # fmt: skip
    on = line.asked.service_from or case.on
    if line.asked.code.system not in KNOWN_SYSTEMS:
        return intake.Way(line.asked.sequence, Triage(step="person", reason=UNREAD, lane="intake_coordinator"), None)
    requirements = library.requirements_on(case.line_of_business, on)
    if requirements is None:
        return intake.Way(line.asked.sequence, Triage(step="person", reason=UNRULED, lane="um_nurse"), None)
    rule = requirement_for(requirements, line.asked, emergency=case.emergency, diagnoses=case.diagnoses)
    policy = library.select(_question(case, line))
    member = desk.member(case)
    found = triage_line(
        line.asked,
        rule=rule,
        policy=policy,
        benefit=benefits_for(
            scope, member, line.asked, on=on, requester_id=case.organization_id, emergency=case.emergency
        ),
        active=active_for_member(case.tenant_id, case.member_id, on),
        pending=pending,
        requester_npi=case.requester.npi,
        on=on,
    )
    return intake.Way(line.asked.sequence, found, policy)


def _judgments(case: CaseCard, lines: Iterable[LineCard], library: Library) -> Iterable[tuple[LineCard, Judgment]]:
    entries = desk.evidence(case)
    for line in lines:
        policy = library.policy(line.policy)
        assert policy is not None  # noqa: S101 - triage chose it from this library
        on = line.asked.service_from or case.on
        yield line, judge(policy, line.asked, entries, library.facts, on=on)


def _proposals(judgment: Judgment, case: CaseCard, line: LineCard, library: Library) -> tuple[Any, ...]:
    if judgment.finding.answer is YES or not judgment.policy.alternatives:
        return ()
    ids = {alternative.policy or judgment.policy.id for alternative in judgment.policy.alternatives}
    on = judgment.chart.on
    policies: dict[str, Policy] = {id: found for id in ids if (found := library.policy_on(id, on)) is not None}
    entries = desk.evidence(case)
    return proposals(judgment, line.asked, entries, library.facts, policies)


def _approved(case: CaseCard, line: LineCard, card: DeterminationCard, library: Library) -> authorizations.Approved:
    """What a number is issued for: the amount approved. Of a part approval that is the part."""
    policy = library.policy(card.policy) if card.policy else None
    decided = Decided(
        line=line.asked.sequence, outcome="approved", by=None, at=card.at, policy=card.policy, code=line.asked.code,
        quantity=card.quantity, unit=card.unit,
    )  # fmt: skip
    return authorizations.Approved(
        determination_id=card.id, decided=decided, line=line.asked,
        grant=policy.grant if policy is not None else UNGOVERNED, on=line.asked.service_from or case.on,
    )  # fmt: skip
