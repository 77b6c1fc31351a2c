"""The list of cases as a template wants it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings

from openum.doors.pages import words
from openum.doors.pages.words import Mark
from openum.librarian.titles import title_of
from openum.payer.flow.listing import CaseRow, Tally
from openum.payer.flow.queries import LineView
from openum.records.tenants.queries import TenantCard

BALLS = {"": "All cases", "payer": "Waiting for the plan", "provider": "Waiting for the practice", "nobody": "Decided"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One link among several, of which one is current."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it counts."""

    number: int
    label: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case."""

    number: str
    received: str
    received_at: str
    initials: str
    plan: str
    line_of_business: str
    urgent: str
    services: tuple[tuple[str, str, Mark], ...]
    due: str
    due_at: str
    holder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """Everything the list shows."""

    payer: str
    payers: tuple[Choice, ...]
    filters: tuple[Choice, ...]
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    heading: str
    older: str


def list_page(
    payer: TenantCard,
    payers: tuple[TenantCard, ...],
    rows: tuple[CaseRow, ...],
    counted: Tally,
    *,
    size: int,
    ball: str,
) -> ListPage:
    """The page; ``rows`` may hold one more than ``size``, which says that there are older cases."""
    shown = rows[:size]
    older = _address(payer=payer.slug, waiting=ball, before=shown[-1].case.number) if len(rows) > size else ""
    return ListPage(
        payer=payer.name,
        payers=tuple(Choice(one.name, _address(payer=one.slug), one == payer) for one in payers),
        filters=tuple(
            Choice(label, _address(payer=payer.slug, waiting=name), name == ball) for name, label in BALLS.items()
        ),
        figures=_figures(counted),
        rows=tuple(map(_row, shown)),
        heading=BALLS.get(ball, BALLS[""]),
        older=older,
    )  # fmt: skip


def _figures(counted: Tally) -> tuple[Figure, ...]:
    person = counted.approved_by_person + counted.against
    found = (
        Figure(counted.approved_by_software, "approved by criteria", "good"),
        Figure(counted.not_required, "needed no authorization", "calm"),
        Figure(counted.waiting["provider"], "wait for information from the practice", "open"),
        Figure(counted.waiting["payer"], "wait for a person at the plan", "open"),
        Figure(person, "decided by a person", ""),
    )
    return tuple(figure for figure in found if figure.number or figure.tone)


def _row(one: CaseRow) -> Row:
    case, clock = one.case, one.clock
    return Row(
        number=case.number,
        received=words.short_moment(case.received_at, case.time_zone),
        received_at=case.received_at.isoformat(timespec="seconds"),
        initials=one.initials,
        plan=case.plan_code,
        line_of_business=words.LINES_OF_BUSINESS[case.line_of_business],
        urgent="emergency" if case.emergency else "urgent" if case.priority == "expedited" else "",
        services=tuple(
            (
                line.line.asked.code.value,
                _title(line),
                words.standing(line, one.answers.get(line.line.asked.sequence, "")),
            )
            for line in one.lines
        ),
        due=words.short_moment(clock.due_at, clock.zone) if clock is not None else "",
        due_at=clock.due_at.isoformat(timespec="seconds") if clock is not None else "",
        holder=words.HOLDERS[min((line.line.ball for line in one.lines), key=_FIRST.index)],
    )


_FIRST = ("payer", "provider", "nobody")


def _title(line: LineView) -> str:
    """What the service is called: by its policy, else by the sender's word."""
    id = line.line.policy.partition("@")[0]
    return title_of(id, tuple(settings.OPENUM_LIBRARY)) or line.line.asked.code.display


def _address(**wanted: str) -> str:
    return "/?" + urlencode({name: value for name, value in wanted.items() if value})
