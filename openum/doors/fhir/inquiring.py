"""``Claim/$inquire``: how stands a member's request? For who sent it, and for who ordered or will perform."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse

from openum.core.refusal import Refusal
from openum.doors.fhir.addresses import base_url
from openum.doors.fhir.answering import fhir
from openum.doors.fhir.answers import answer_of
from openum.doors.fhir.business import is_business, problem_of
from openum.doors.fhir.entering import Sent, operation
from openum.doors.fhir.insurers import require_insurer
from openum.doors.fhir.matching import matches, speaks_of
from openum.doors.fhir.submitting import DOOR
from openum.payer.flow.queries import CaseView, view_of
from openum.payer.intake.queries import cases_of_member
from openum.records.documents.queries import evidence_of
from openum.records.ledger.actions import record
from openum.records.parties.queries import all_plans, find_organization, known_member
from openum.records.parties.scope import Scope, software_scope
from openum.wire.fhir.pas_inquiry import Inquiry, read_inquiry, write_inquiry_error, write_inquiry_response


@dataclass(frozen=True, slots=True)
class Found:
    """The cases that may be shown, newest first, and whether others that fit were withheld."""

    shown: tuple[CaseView, ...]
    withheld: bool


@operation("inquire")
def inquire(sent: Sent) -> HttpResponse:
    """Answer an inquiry with the current state of every case that fits; each look is written in the case's ledger."""
    try:
        asked = read_inquiry(sent.resource)
        found = _look(sent.scope, asked)
    except Refusal as refusal:
        if not is_business(refusal):
            raise
        return fhir(write_inquiry_error([problem_of(refusal)], sent.resource, issuer=base_url(), at=sent.at))
    _record(sent, found)
    withheld = _sentence(sent.scope) if found.withheld else ""
    answers = [answer_of(view) for view in found.shown]
    return fhir(write_inquiry_response(answers, sent.resource, issuer=base_url(), at=sent.at, withheld=withheld))


def _look(scope: Scope, asked: Inquiry) -> Found:
    """The member's cases that fit: those of the asker's own organization, and those that name it or its clinicians.

    Another organization's case with sensitive content is withheld (spec-49): the asker did not send it, and nothing
    says that the member agreed.
    """
    require_insurer(scope, asked.insurer)
    find_organization(scope, asked.requester)
    member = known_member(scope, asked.member)
    whole = software_scope(scope.tenant_id, "inquiry")  # a member's case may be another organization's
    shown, withheld = [], False
    for case in cases_of_member(whole, member):
        view = view_of(case)
        own = scope.sees_organization(case.organization_id)
        if not (own or speaks_of(view, asked.providers)) or not matches(view, asked):
            continue
        if own or not _sensitive(whole, view):
            shown.append(view)
        else:
            withheld = True
    return Found(tuple(shown), withheld)


def _sensitive(whole: Scope, view: CaseView) -> bool:
    """Whether a line is about mental health or substance use, or a piece of the chart is labeled or listed so."""
    if any(one.line.mental_health for one in view.lines):
        return True
    return any(entry.segment != "general" for entry in evidence_of(whole, view.case.number))


def _record(sent: Sent, found: Found) -> None:
    with transaction.atomic():
        for view in found.shown:
            record(
                tenant_id=sent.scope.tenant_id, kind="CaseOpened", subject=view.case.number, by=sent.scope.actor,
                at=sent.at, why="inquiry", door=DOOR,
            )  # fmt: skip


def _sentence(scope: Scope) -> str:
    phone = next((plan.phone for plan in all_plans(scope) if plan.phone), "")
    ask = f"Call the payer at {phone}." if phone else "Call the payer."
    return f"Requests of other organizations fit this inquiry and are not shown here. {ask}"
