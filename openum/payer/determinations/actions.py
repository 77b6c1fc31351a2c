"""Writing determinations. Software enters by ``approve_met`` and ``close_unneeded`` alone; neither can be adverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from openum.core import determination as decide
from openum.core.actor import Actor, License, software
from openum.core.criteria import Finding
from openum.core.determination import ADVERSE
from openum.core.determination import Determination as Decided
from openum.core.lapse import Effect, Lapse
from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.core.request import Line
from openum.payer.determinations.models import Determination, LapseSettled
from openum.payer.determinations.models import Lapse as Lapse_
from openum.payer.intake import actions as intake
from openum.payer.intake.models import case_key, case_number
from openum.records.ledger.actions import record

CRITERIA = software("criteria")
TRIAGE = software("triage")
CLOCKS = software("clocks")


@dataclass(frozen=True, slots=True)
class Met:
    """A line whose criteria were all answered yes, with the finding that says so."""

    line_id: int
    line: Line
    policy: Policy
    finding: Finding


@dataclass(frozen=True, slots=True)
class Unneeded:
    """A line that needs no authorization, or has one, with the reason and its source."""

    line_id: int
    line: Line
    reason: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """A line that nobody had decided when its time ended."""

    line_id: int
    line: Line


def approve_met(*, tenant_id: int, number: str, met: Sequence[Met], at: datetime, first: bool = False) -> None:
    """Approve lines on their criteria. Refuses every finding but yes. ``first``: nothing can be decided yet."""
    decided = [
        (one.line_id, decide.approve_on_criteria(one.line, one.policy, one.finding, at=at), one.policy.digest)
        for one in met
    ]
    _write(tenant_id, number, decided, by=CRITERIA, at=at, first=first)


def close_unneeded(
    *, tenant_id: int, number: str, lines: Sequence[Unneeded], at: datetime, first: bool = False
) -> None:
    """Close lines for which nothing is needed."""
    decided = [(one.line_id, decide.not_required(one.line, one.reason, at=at), "") for one in lines]
    _write(tenant_id, number, decided, by=TRIAGE, at=at, first=first)


def deem_approved(*, tenant_id: int, number: str, lines: Sequence[Undecided], lapse: Lapse, at: datetime) -> None:
    """Write down that the law approved lines nobody decided in time. Refuses every lapse but that one."""
    decided = [(one.line_id, decide.deem_approved(one.line, lapse, at=at), "") for one in lines]
    _write(tenant_id, number, decided, by=CLOCKS, at=at)


def record_lapse(
    *, tenant_id: int, number: str, lines: Sequence[Undecided], lapse: Lapse, file_by: date | None, by: Actor,
    at: datetime,
) -> bool:  # fmt: skip
    """Write down what the law made of a missed clock, once for each clock; whether it was new.

    ``file_by`` is the last day to appeal where the law treats the silence as a denial. Never a determination.
    """
    with transaction.atomic(savepoint=False):
        row, new = Lapse_.unscoped.get_or_create(
            tenant_id=tenant_id, case_id=case_key(number), rule_id=lapse.rule,
            defaults={
                "rule_version": lapse.version, "citation": lapse.citation[:600], "verdict": lapse.verdict,
                "effect": lapse.effect, "words": lapse.words, "due_at": lapse.due_at, "on": lapse.on,
                "starts": lapse.starts, "lines": [one.line.sequence for one in lines], "file_by": file_by,
                "recorded_at": at,
            },
        )  # fmt: skip
        if new:
            record(
                tenant_id=tenant_id, kind=_LAPSED[lapse.effect], subject=number, by=by, at=at, lines=row.lines,
                rule=lapse.rule, lapse=row.pk,
            )  # fmt: skip
    return new


def settle_lapse(*, tenant_id: int, lapse_id: int, how: str, by: Actor, at: datetime) -> str:
    """A person did what the lapse asks for (forwarded the case, gave notice); returns the case's number.

    Raises:
        Refusal: ``person-must-decide``, ``nothing-said``, ``lapse-unknown``, ``lapse-settled``.
    """
    if by.kind != "person" or not by.name:
        raise Refusal("person-must-decide", "A named person settles this.", "Sign in and say what was done.")
    if not how.strip():
        raise Refusal("nothing-said", "It is not said what was done.", "Say where the case went and under what number.")
    with transaction.atomic():
        row = Lapse_.unscoped.select_for_update().filter(tenant_id=tenant_id, pk=lapse_id).first()
        if row is None:
            raise Refusal("lapse-unknown", "There is no such work item.", "Open it from the list of work items.")
        if LapseSettled.unscoped.filter(tenant_id=tenant_id, lapse=row).exists():
            raise Refusal("lapse-settled", "This was done before.", "Nothing is left to do; see the case's history.")
        LapseSettled.objects.create(
            tenant_id=tenant_id, lapse=row, at=at, person_id=int(by.id), person_name=by.name, how=how.strip()
        )
        number = case_number(row.case_id)
        record(
            tenant_id=tenant_id, kind="LapseSettled", subject=number, by=by, at=at, rule=row.rule_id, lapse=row.pk,
            lines=row.lines,
        )  # fmt: skip
    return number


_LAPSED: dict[Effect, str] = {
    "approve": "ApprovedByLaw",
    "ask_person": "PersonNeeded",
    "adverse_by_law": "AdverseByOperationOfLaw",
    "forward": "ForwardDue",
    "late": "LapseRecorded",
}


def decide_line(
    *, tenant_id: int, number: str, line_id: int, decided: Decided, policy_digest: str, by: Actor, at: datetime
) -> None:
    """Write what a person decided about one line; ``decided`` comes from ``openum.core.determination``."""
    if decided.by != by or by.kind != "person":
        raise Refusal("not-the-decider", "A decision is written by the person who made it.", "Sign in and decide.")
    _write(tenant_id, number, [(line_id, decided, policy_digest)], by=by, at=at)


def _write(
    tenant_id: int,
    number: str,
    decided: Sequence[tuple[int, Decided, str]],
    *,
    by: Actor,
    at: datetime,
    first: bool = False,
) -> None:
    with transaction.atomic(savepoint=False):
        current = {} if first else _current(tenant_id, [line_id for line_id, _, _ in decided])
        Determination.objects.bulk_create(
            _row(tenant_id, line_id, one, digest, current.get(line_id)) for line_id, one, digest in decided
        )
        intake.close(tenant_id=tenant_id, number=number, sequences=[one.line for _, one, _ in decided])
        for kind, lines in _announced([one for _, one, _ in decided]).items():
            record(
                tenant_id=tenant_id, kind=kind, subject=number, by=by, at=at, lines=lines,
                outcomes={str(one.line): one.outcome for _, one, _ in decided if one.line in lines},
                policies=sorted({one.policy for _, one, _ in decided if one.policy}),
            )  # fmt: skip


def _announced(decided: Sequence[Decided]) -> dict[str, list[int]]:
    """A modified line is both: a determination that leaves an authorization, and adverse for the rest."""
    groups = {
        "DeterminationMade": [one.line for one in decided if one.outcome in ("approved", "modified")],
        "NoAuthorizationRequired": [one.line for one in decided if one.outcome == "not_required"],
        "AdverseDeterminationMade": [one.line for one in decided if one.outcome in ADVERSE],
    }
    return {kind: lines for kind, lines in groups.items() if lines}


def _current(tenant_id: int, line_ids: Sequence[int]) -> dict[int, int]:
    rows = Determination.unscoped.filter(tenant_id=tenant_id, line_id__in=line_ids, replaced_by=None)
    return dict(rows.values_list("line_id", "pk"))


def _row(tenant_id: int, line_id: int, one: Decided, policy_digest: str, replaces: int | None) -> Determination:
    by = one.by
    return Determination(
        tenant_id=tenant_id, line_id=line_id, replaces_id=replaces, outcome=one.outcome, at=one.at,
        by=str(by) if by is not None else "software", person_id=int(by.id) if by is not None else None,
        person_name=by.name if by is not None else "", person_role=by.role if by is not None else "",
        license=_license(by.license) if by is not None else None, policy=one.policy, policy_digest=policy_digest,
        administrative_reason=one.administrative_reason, criterion_not_met=one.criterion_not_met,
        rationale=one.rationale, reasons=list(one.reasons), code_system=one.code.system, code=one.code.value,
        quantity=one.quantity, unit=one.unit,
    )  # fmt: skip


def _license(held: License | None) -> dict[str, Any] | None:
    if held is None:
        return None
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(held).items()}
