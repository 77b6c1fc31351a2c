"""Triage: is authorization needed, is it already there, is it asked for twice, and where does a line go from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openum.core.answers import NO, YES
from openum.core.authorization import Authorization
from openum.core.benefits import BenefitFinding
from openum.core.criteria import Finding
from openum.core.policy import Policy
from openum.core.request import Line, Priority, Request
from openum.core.requirement import Rule

Step = Literal["not_required", "notified", "already_authorized", "duplicate", "criteria", "person"]
Lane = Literal["", "intake_coordinator", "um_nurse", "medical_director", "benefits_reviewer", "pharmacist"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """Where one line goes and why, with the rule or number it rests on."""

    step: Step
    reason: str
    cite: str = ""
    lane: Lane = ""
    refers_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A line of the same member that is still under review."""

    request_number: str
    code: str
    service_from: date | None
    requester_npi: str


def priority_of(request: Request) -> Priority:
    """How fast: the sender's word that waiting could harm is taken; care already given is never expedited.

    42 CFR 422.570(c)(2)(ii), 438.210(d)(2); 29 CFR 2560.503-1(m)(1): a treating provider's indication is decisive.
    """
    return "standard" if request.review_type == "retrospective" else request.priority


def triage(
    line: Line,
    *,
    rule: Rule,
    policy: Policy | None,
    benefit: BenefitFinding,
    active: Iterable[Authorization] = (),
    pending: Iterable[Pending] = (),
    requester_npi: str = "",
    on: date,
) -> Triage:
    """Decide the way of one line. Software ends it only where nothing is needed or all is already granted."""
    if rule.needs == "never":
        return Triage(step="not_required", reason=f"{rule.what} need no authorization.", cite=rule.cite)
    if rule.needs == "notification":
        return Triage(step="notified", reason=f"{rule.what}: notice is enough, and this is it.", cite=rule.cite)
    held = next((one for one in active if one.grants(line, on)), None)
    if held is not None:
        reason = f"Already authorized under {held.number} until {held.valid_until.isoformat()}."
        return Triage(step="already_authorized", reason=reason, refers_to=held.number)
    twin = next((one for one in pending if _same(one, line, requester_npi, on)), None)
    if twin is not None:
        reason = f"The same service for the same member is already under review as {twin.request_number}."
        return Triage(step="duplicate", reason=reason, lane="intake_coordinator", refers_to=twin.request_number)
    return _to_review(rule, policy, benefit)


def _to_review(rule: Rule, policy: Policy | None, benefit: BenefitFinding) -> Triage:
    if not benefit.settled:
        return Triage(step="person", reason=benefit.reason, cite=benefit.clause, lane="benefits_reviewer")
    if rule.needs == "referral":
        reason = f"{rule.what} need a referral from the member's primary-care clinician."
        return Triage(step="person", reason=reason, cite=rule.cite, lane="intake_coordinator")
    if rule.needs == "post_stabilization":
        reason = f"{rule.what}: a person answers within the post-stabilization clock."
        return Triage(step="person", reason=reason, cite=rule.cite, lane="um_nurse")
    if policy is None:
        reason = "Authorization is needed and no policy in force speaks about this service: a person decides."
        return Triage(step="person", reason=reason, cite=rule.cite, lane="um_nurse")
    if policy.to_person:
        return Triage(step="person", reason=policy.to_person, cite=policy.authority[0].cite, lane="um_nurse")
    return Triage(step="criteria", reason=f"{rule.what} need authorization.", cite=rule.cite)


def _same(one: Pending, line: Line, requester_npi: str, on: date) -> bool:
    return one.code == line.code.value and one.requester_npi == requester_npi and (one.service_from or on) == on


def lane_of(finding: Finding, policy: Policy) -> Lane:
    """Who takes a line that the criteria did not approve. Yes needs nobody: it has no lane."""
    if finding.answer is YES:
        return ""
    if policy.reviewer.role == "pharmacist":
        return "pharmacist"
    return "medical_director" if finding.answer is NO and policy.reviewer.role == "dentist" else "um_nurse"
