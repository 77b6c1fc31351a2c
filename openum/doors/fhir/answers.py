"""A case as the payer's rooms show it, as the answer the wire writes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from openum.core.codes import Code
from openum.doors.fhir.addresses import base_url
from openum.payer.flow.queries import CaseView, LineView
from openum.wire.fhir.pas_answer import Answer, AnsweredLine


def answer_of(view: CaseView) -> Answer:
    """The answer to a case as it stands. While nothing changes, it is the same to the byte."""
    return Answer(
        issuer=base_url(), number=view.case.number, at=_since(view),
        lines=tuple(_line(one, view.case.time_zone) for one in view.lines), human=view.human,
        reviewer_specialty=_specialty(view), identifiers=view.case.identifiers, requester=view.case.requester,
    )  # fmt: skip


def _since(view: CaseView) -> datetime:
    """When the case came to stand as it does: its receipt, or the last thing decided or asked."""
    decided = [one.determination.at for one in view.lines if one.determination is not None]
    asked = [question.asked_at for one in view.lines for question in one.questions]
    return max([view.case.received_at, *decided, *asked])


def _line(one: LineView, zone: str) -> AnsweredLine:
    asked, decided, held = one.line.asked, one.determination, one.authorization
    granted = held.held if held is not None else None
    return AnsweredLine(
        sequence=asked.sequence, standing=one.standing, reasons=one.reasons if decided is not None else _why(one),
        missing=one.missing, code=Code(decided.code_system, decided.code) if decided is not None else asked.code,
        quantity=granted.quantity if granted is not None else None, unit=granted.unit if granted is not None else "",
        decided_date=decided.at.astimezone(ZoneInfo(zone)).date() if decided is not None else None,
        authorization=granted.number if granted is not None else "",
        valid_from=granted.valid_from if granted is not None else None,
        valid_until=granted.valid_until if granted is not None else None, service_from=asked.service_from,
        service_to=asked.service_to, trace_numbers=asked.trace_numbers,
    )  # fmt: skip


def _why(one: LineView) -> tuple[str, ...]:
    """Why a line is pended; what is missing is written apart."""
    return (one.line.reason,) if one.line.reason else ("The request is under review.",)


def _specialty(view: CaseView) -> str:
    """The specialty of the license under which a person decided, where one is known."""
    decided = [one.determination for one in view.lines if one.determination is not None]
    held = [one.license for one in decided if one.human and one.license]
    return next((str(found) for one in held if (found := one.get("specialty"))), "")
