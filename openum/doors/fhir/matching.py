"""Does a case fit an inquiry? What the example says must be so, what it leaves out may be anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from openum.core.codes import Code, CodeSet
from openum.payer.flow.queries import CaseView, LineView
from openum.wire.fhir.pas_inquiry import AskedAbout, Days, Inquiry
from openum.wire.fhir.pas_response import ACTIONS


def matches(view: CaseView, asked: Inquiry) -> bool:
    """Whether the case is one of those asked about."""
    diagnoses = [*view.case.diagnoses, *(code for one in view.lines for code in one.line.asked.diagnoses)]
    return (
        _by_number(view, asked)
        and _in_period(view, asked.period)
        and _any_code(asked.diagnoses, diagnoses)
        and (not asked.items or any(_line(view, one, item) for item in asked.items for one in view.lines))
    )


def speaks_of(view: CaseView, providers: frozenset[str]) -> bool:
    """Whether one of these NPIs ordered the case's services, or is to perform them (spec-53)."""
    case = view.case
    performers = {one.line.asked.performer.npi for one in view.lines if one.line.asked.performer is not None}
    ordering = {case.ordering.npi} if case.ordering is not None else set()
    return not providers.isdisjoint((performers | ordering) - {""})


def _by_number(view: CaseView, asked: Inquiry) -> bool:
    if not asked.references and not asked.authorizations:
        return True
    return view.case.number in asked.references or not _numbers(view).isdisjoint(asked.authorizations)


def _in_period(view: CaseView, period: Days) -> bool:
    if period.open:
        return True
    lines = [one.line.asked for one in view.lines]
    first = [line.service_from for line in lines if line.service_from is not None]
    last = [day for line in lines if (day := line.service_to or line.service_from) is not None]
    return period.meets(min(first, default=view.case.on), max(last, default=view.case.on))


def _line(view: CaseView, one: LineView, asked: AskedAbout) -> bool:
    line, held = one.line.asked, one.authorization
    number = held.held.number if held is not None else ""
    decided = one.determination.at.astimezone(ZoneInfo(view.case.time_zone)).date() if one.determination else None
    return (
        _any_code(asked.codes, [line.code, *line.also])
        and (not asked.references or view.case.number in asked.references)
        and (not asked.authorizations or number in asked.authorizations)
        and (not asked.traces or not set(asked.traces).isdisjoint(line.trace_numbers))
        and (not asked.action or asked.action == ACTIONS[one.standing][0])
        and _on(asked.issued, decided)
        and _on(asked.effective, held.held.valid_from if held is not None else None)
        and _on(asked.expires, held.held.valid_until if held is not None else None)
        and asked.service.meets(line.service_from, line.service_to)
    )


def _on(wanted: Days, day: date | None) -> bool:
    return wanted.open or wanted.meets(day, None)


def _any_code(wanted: tuple[Code, ...], held: Iterable[Code]) -> bool:
    """Whether one of the codes is wanted (several are a union); no code wanted is any code."""
    by_system: dict[str, list[str]] = {}
    for one in wanted:
        by_system.setdefault(one.system, []).append(one.value)
    listed = CodeSet(by_system)
    return not listed or any(code in listed for code in held)


def _numbers(view: CaseView) -> frozenset[str]:
    return frozenset(one.authorization.held.number for one in view.lines if one.authorization is not None)
