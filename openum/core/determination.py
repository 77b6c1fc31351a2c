"""Determinations: who decided what about a line, on which policy, for which reason.

There is no code path from software to an adverse outcome: ``approve_on_criteria`` judges and takes no person, and it
refuses everything but a plain yes; ``deem_approved`` only says what a law already made of a silence.
42 CFR 422.566(d), 438.210(b)(3); Texas Ins. Code 4201.156.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from openum.core.actor import Actor, Profession
from openum.core.answers import YES
from openum.core.codes import Code
from openum.core.criteria import Finding
from openum.core.explain import reasons, unmet
from openum.core.lapse import Lapse
from openum.core.policy import Policy, Reviewer
from openum.core.refusal import Refusal
from openum.core.request import Line
from openum.core.review import require

Outcome = Literal["approved", "modified", "adverse", "excluded", "not_required"]
ADVERSE: frozenset[Outcome] = frozenset({"modified", "adverse", "excluded"})
"""Partial is adverse for the rest; a benefit exclusion is adverse too."""

ROLES_FIT: dict[str, frozenset[str]] = {
    "physician": frozenset({"medical_director"}),
    "behavioral": frozenset({"medical_director"}),
    "dentist": frozenset({"medical_director"}),
    "pharmacist": frozenset({"medical_director", "pharmacist"}),
}
PROFESSIONS_FIT: dict[str, frozenset[Profession]] = {
    "physician": frozenset({"physician"}),
    "behavioral": frozenset({"behavioral", "physician"}),
    "dentist": frozenset({"dentist"}),
    "pharmacist": frozenset({"pharmacist", "physician"}),
}
"""A role is what the plan calls a person; the license is what the person is."""
SHORTEST_RATIONALE = 40
"""Characters. Shorter than this is a label, not a rationale of one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Determination:
    """One line's outcome. ``by`` is ``None`` only for software, which only approves or finds nothing needed.

    ``policy`` is ``id@version`` or empty, and then ``administrative_reason`` names why none applies.

    Raises:
        ValueError: it is against the request and no person made it, or something other than a person is named.
    """

    line: int
    outcome: Outcome
    by: Actor | None
    at: datetime
    policy: str = ""
    administrative_reason: str = ""
    criterion_not_met: str = ""
    rationale: str = ""
    reasons: tuple[str, ...] = ()
    code: Code
    quantity: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        if self.by is not None and self.by.kind != "person":
            raise ValueError("Only a person is named as the one who decided.")
        if self.outcome in ADVERSE and self.by is None:
            raise ValueError("Only a person decides against a request.")

    @property
    def human(self) -> bool:
        """Whether a person decided."""
        return self.by is not None


def approve_on_criteria(line: Line, policy: Policy, finding: Finding, *, at: datetime) -> Determination:
    """The only decision of software about need: every criterion answered yes. All else is refused, never denied."""
    if finding.answer is not YES:
        raise Refusal(
            "criteria-not-met",
            f"The criteria of {policy.key} are answered {finding.answer.value}, not yes.",
            "Ask for what is missing or give the line to a clinician: software does not decide against a request.",
        )
    _answers(finding, policy)
    if policy.to_person:
        raise Refusal("person-must-decide", policy.to_person, "Give the line to a clinician.")
    return Determination(
        line=line.sequence, outcome="approved", by=None, at=at, policy=policy.key, reasons=reasons(finding),
        code=line.code, quantity=line.quantity, unit=line.unit,
    )  # fmt: skip


def not_required(line: Line, reason: str, *, at: datetime) -> Determination:
    """No authorization is needed, or one is already held; ``reason`` cites the list or the number."""
    return Determination(
        line=line.sequence, outcome="not_required", by=None, at=at, administrative_reason=reason,
        reasons=(reason,), code=line.code, quantity=line.quantity, unit=line.unit,
    )  # fmt: skip


def deem_approved(line: Line, lapse: Lapse, *, at: datetime) -> Determination:
    """The law approves what nobody decided in time; nothing is judged. Refused for every other lapse."""
    if lapse.effect != "approve":
        raise Refusal(
            "law-does-not-approve",
            f"{lapse.rule} does not make the silence an approval.",
            "Give the line to a person: software does not decide against a request.",
        )
    reason = f"Approved by operation of law: {lapse.words} [{lapse.rule} version {lapse.version}, {lapse.citation}]"
    return Determination(
        line=line.sequence, outcome="approved", by=None, at=at, administrative_reason=reason, reasons=(reason,),
        code=line.code, quantity=line.quantity, unit=line.unit,
    )  # fmt: skip


def approve_by_person(line: Line, policy: Policy | None, *, by: Actor, rationale: str, at: datetime) -> Determination:
    """A nurse, pharmacist or physician approves all that was asked."""
    require(by.role, "approve")
    _licensed(by, at)
    return Determination(
        line=line.sequence, outcome="approved", by=by, at=at, policy=policy.key if policy else "",
        administrative_reason="" if policy else "no policy in force speaks about this service",
        rationale=rationale.strip(), reasons=(rationale.strip(),), code=line.code, quantity=line.quantity,
        unit=line.unit,
    )  # fmt: skip


def decide_adverse(
    line: Line,
    policy: Policy,
    finding: Finding,
    *,
    by: Actor,
    criterion_not_met: str,
    rationale: str,
    at: datetime,
    license_states: frozenset[str] = frozenset(),
    quantity: float | None = None,
) -> Determination:
    """A fitting clinician decides against all of a line, or (``quantity`` given) against what exceeds that amount.

    Needs the unmet criterion by its label and a rationale of the clinician's own. Raises ``Refusal`` with what to do.
    """
    require(by.role, "deny")
    _licensed(by, at)
    _fits(by, policy.reviewer, license_states)
    _answers(finding, policy)
    if finding.answer is YES:
        raise Refusal(
            "criteria-are-met", "Every criterion is answered yes.", "Correct a fact with its source, or approve."
        )
    if quantity is not None and not 0 < quantity < (line.quantity or 0):
        raise Refusal(
            "not-a-part", "A part is more than nothing and less than was asked.", "State the amount approved."
        )
    _own_words(criterion_not_met, rationale, finding)
    return Determination(
        line=line.sequence, outcome="adverse" if quantity is None else "modified", by=by, at=at, policy=policy.key,
        criterion_not_met=criterion_not_met, rationale=rationale.strip(), reasons=(rationale.strip(),), code=line.code,
        quantity=quantity, unit=line.unit,
    )  # fmt: skip


def decide_excluded(line: Line, *, by: Actor, clause: str, rationale: str, at: datetime) -> Determination:
    """A named person finds that the plan does not cover the service, and cites the plan's clause."""
    require(by.role, "deny_benefit")
    if by.kind != "person" or not by.name:
        raise Refusal(
            "person-must-decide", "A benefit denial needs a named person.", "Refer the line to a benefits reviewer."
        )
    if not clause.strip():
        raise Refusal(
            "clause-missing", "A benefit denial cites the plan's clause.", "Name the clause of the plan document."
        )
    if len(rationale.strip()) < SHORTEST_RATIONALE:
        raise _too_short()
    return Determination(
        line=line.sequence, outcome="excluded", by=by, at=at, administrative_reason=clause.strip(),
        rationale=rationale.strip(), reasons=(rationale.strip(),), code=line.code, quantity=None, unit=line.unit,
    )  # fmt: skip


def _answers(finding: Finding, policy: Policy) -> None:
    """A finding on other criteria says nothing here; to bring one is a bug, not a case."""
    if finding.criterion != policy.criteria:
        raise ValueError(f"This finding does not answer the criteria of {policy.key}.")


def _licensed(by: Actor, at: datetime) -> None:
    if by.license is None or not by.name:
        raise Refusal(
            "no-license", "This decision needs a licensed clinician.", "Refer the line to a licensed reviewer."
        )
    if not by.license.active_on(at.date()):
        raise Refusal("license-not-active", "The reviewer's license is not active on this day.", "Reassign the line.")


def _fits(by: Actor, wanted: Reviewer, license_states: frozenset[str]) -> None:
    assert by.license is not None  # noqa: S101 - checked by _licensed
    if by.role not in ROLES_FIT[wanted.role]:
        raise Refusal("reviewer-does-not-fit", f"This policy asks for a {wanted.role}.", "Refer the line to one.")
    if by.license.profession not in PROFESSIONS_FIT[wanted.role]:
        raise Refusal(
            "profession-does-not-fit", f"This policy asks for a licensed {wanted.role}.", "Refer the line to one."
        )
    if wanted.specialties and by.license.specialty not in wanted.specialties:
        wants = " or ".join(wanted.specialties)
        raise Refusal("specialty-does-not-fit", f"This policy asks for {wants}.", "Refer the line to that specialty.")
    if license_states and by.license.state not in license_states:
        states = ", ".join(sorted(license_states))
        raise Refusal("license-state-does-not-fit", f"A license of {states} is needed.", "Reassign the line.")


def _own_words(criterion_not_met: str, rationale: str, finding: Finding) -> None:
    if not criterion_not_met.strip():
        known = "; ".join(unmet(finding)) or "see the tree"
        raise Refusal("criterion-missing", "Name the criterion that is not met.", f"Criteria answered no: {known}.")
    if len(rationale.strip()) < SHORTEST_RATIONALE or rationale.strip() == criterion_not_met.strip():
        raise _too_short()


def _too_short() -> Refusal:
    return Refusal(
        "rationale-missing",
        "A decision against a request needs a rationale in the reviewer's own words.",
        f"Say in at least {SHORTEST_RATIONALE} characters why, for this member.",
    )
