"""Many cases at a glance: one row each, a fixed number of queries for any number of rows."""

from __future__ import annotations

from dataclasses import dataclass

from openum.payer.determinations.queries import current_determinations, outcomes_counted
from openum.payer.flow.queries import LineView
from openum.payer.intake.queries import CaseCard, balls_counted, recent_cases
from openum.payer.reviews.queries import current_answers
from openum.records.clocks.queries import Deadline, ruling_clocks
from openum.records.parties.queries import initials_of
from openum.records.parties.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One case in a list: its lines without findings, the member's initials, the clock that rules while one is open.

    ``answers`` are what the criteria said of each line that was run through them, by its sequence.
    """

    case: CaseCard
    lines: tuple[LineView, ...]
    answers: dict[int, str]
    initials: str
    clock: Deadline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many lines stand where. ``waiting`` counts by whose move it is (``payer``, ``provider``)."""

    lines: int
    approved_by_software: int
    approved_by_person: int
    not_required: int
    against: int
    waiting: dict[str, int]


def case_rows(scope: Scope, *, limit: int, before: str = "", ball: str = "") -> tuple[CaseRow, ...]:
    """The newest cases first (``recent_cases``), each with its lines' outcomes and its ruling clock."""
    cases = recent_cases(scope, limit=limit, before=before, ball=ball)
    ids = tuple(line.id for case in cases for line in case.lines)
    decided, answers = current_determinations(scope.tenant_id, ids), current_answers(scope.tenant_id, ids)
    clocks = ruling_clocks(scope, (case.number for case in cases))
    initials = initials_of(scope, {case.member_id for case in cases})
    return tuple(
        CaseRow(
            case=case,
            lines=tuple(
                LineView(
                    line=line, review=None, determination=decided.get(line.id), authorization=None,
                    questions=(),
                )
                for line in case.lines
            ),
            answers={line.asked.sequence: answers[line.id] for line in case.lines if line.id in answers},
            initials=initials.get(case.member_id, ""),
            clock=clocks.get(case.number),
        )
        for case in cases
    )  # fmt: skip


def tally(scope: Scope) -> Tally:
    """Where all lines of a payer stand, in two queries."""
    decided, balls = outcomes_counted(scope.tenant_id), balls_counted(scope)
    against = ("modified", "adverse", "excluded")
    return Tally(
        lines=sum(balls.values()),
        approved_by_software=decided.get(("approved", False), 0),
        approved_by_person=decided.get(("approved", True), 0),
        not_required=decided.get(("not_required", False), 0),
        against=sum(count for (outcome, _), count in decided.items() if outcome in against),
        waiting={name: balls.get(name, 0) for name in ("payer", "provider")},
    )
