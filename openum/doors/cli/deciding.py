"""Deciding files one by one and answering each: as text for a person, as JSON for a machine."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from rich.text import Text

from openum.core.actor import software
from openum.core.refusal import Refusal
from openum.core.request import Request
from openum.doors.cli import files, speech
from openum.doors.cli.case_text import case_text
from openum.doors.cli.payers import payer_named
from openum.doors.cli.plans import plan_named
from openum.doors.cli.scratch import enroll_parties, open_payer, scratch_database
from openum.doors.cli.start import require_database
from openum.payer.flow.queries import CaseView, case_view, view_data
from openum.payer.flow.running import take_in
from openum.payer.intake.shelf import in_force
from openum.records.ledger.queries import in_trouble
from openum.records.parties.scope import Scope, software_scope
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.reading import read_body

BY = software("command-line")
MORNING = time(9, 0)
"""When a request of ``--as-of`` is received, in the plan's zone."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """Where a request is received: whose rows, by which clock, and what was done so that it could be."""

    scope: Scope
    clock: Callable[[], datetime]
    notes: tuple[str, ...] = ()


class House(Protocol):
    """Who takes requests in."""

    def welcome(self, request: Request) -> Welcome:
        """Make ready for one request. Raises ``Refusal``."""


class Installed:
    """This installation, by the clock on the wall: the payer named, or the only one."""

    def __init__(self, payer: str) -> None:
        self.scope = software_scope(payer_named(payer).id, "command-line")

    def welcome(self, request: Request) -> Welcome:  # noqa: ARG002 - whom the request names is looked up by intake
        """Nothing is made ready: who is unknown here is refused."""
        return Welcome(self.scope, lambda: datetime.now().astimezone())


class Scratch:
    """A payer of its own for every file, on the day given (or today)."""

    def __init__(self, plan: str, now: datetime, as_of: date | None) -> None:
        self.plan = plan_named(plan, in_force(), on=as_of or now.date())
        self.at = datetime.combine(as_of, MORNING, ZoneInfo(self.plan.time_zone)) if as_of else now
        self.opened = 0

    def welcome(self, request: Request) -> Welcome:
        """A payer that knows everybody the request names."""
        self.opened += 1
        scope = open_payer(f"scratch-{self.opened}", self.plan)
        enrolled = enroll_parties(
            scope, self.plan, request, on=self.at.astimezone(ZoneInfo(self.plan.time_zone)).date()
        )
        return Welcome(scope, lambda: self.at, enrolled.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of one file: a case, or a refusal (then ``request`` is set where the Bundle could be read)."""

    file: str
    request: Request | None = None
    view: CaseView | None = None
    refused: Refusal | None = None
    replayed: bool = False
    notes: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


def run(asked: argparse.Namespace) -> int:
    """Decide every file; 0 when all were decided, 2 when at least one was refused."""
    if asked.as_of and not asked.plan:
        raise Refusal(
            "as-of-needs-plan",
            "A case of this installation is received when it is received.",
            "Give --plan as well: then the request is decided in a scratch payer, as of that day.",
        )
    named = files.gathered(asked.files)
    if asked.plan:
        with scratch_database():
            return decide_all(named, Scratch(asked.plan, datetime.now().astimezone(), asked.as_of), asked)
    require_database()
    return decide_all(named, Installed(asked.payer or ""), asked)


def decide_all(named: tuple[str, ...], house: House, asked: argparse.Namespace) -> int:
    """Decide every file and print as it goes; 2 when one was refused."""
    out, write = speech.output(), (print_json if asked.json else print_text)
    found = speech.counted((decide(name, house) for name in named), total=len(named), what="Deciding")
    if out.is_terminal and len(named) > 1:
        found = list(found)  # on a terminal the bar and the answers would write over each other
    refused = 0
    for one in found:
        write(one, brief=asked.brief)
        refused += one.refused is not None
    if len(named) > 1 and not asked.json:
        out.print(f"{len(named)} files: {len(named) - refused} decided, {refused} refused.")
    return 2 if refused else 0


def decide(name: str, house: House) -> Decided:
    """Read one file, take it in and run it as far as it goes without a person."""
    try:
        data = files.read(name)
        files.refuse_x12(data)
        request = read_request(read_body(data))
    except Refusal as refused:
        return Decided(file=name, refused=refused)
    try:
        here = house.welcome(request)
        taken = take_in(
            scope=here.scope, request=request, body=data, content_type="application/fhir+json", door="cli", by=BY,
            clock=here.clock,
        )  # fmt: skip
    except Refusal as refused:
        return Decided(file=name, request=request, refused=refused)
    view = case_view(here.scope, taken.number)
    assert view is not None  # noqa: S101 - it was just taken in within this scope
    troubles = tuple(
        f"{one.step or 'the next step'}: {one.trouble}" for one in in_trouble(here.scope) if one.subject == taken.number
    )
    return Decided(
        file=name, request=request, view=view, replayed=taken.replayed, notes=here.notes, troubles=troubles
    )  # fmt: skip


def print_json(one: Decided, *, brief: bool) -> None:  # noqa: ARG001 - machines get everything
    """One object on one line."""
    speech.machine(as_data(one))


def as_data(one: Decided) -> dict[str, Any]:
    """``file``, ``request``, ``lines`` and ``refusals``, as the manual describes them."""
    data: dict[str, Any] = {"file": one.file, "request": None, "lines": [], "refusals": []}
    if one.view is not None:
        data |= view_data(one.view)
        data |= {
            "replayed": one.replayed, "received_at": one.view.case.received_at.isoformat(),
            "plan": one.view.case.plan_code, "service_day": one.view.case.on.isoformat(),
            "service_day_is_assumed": one.view.case.on_is_assumed, "warnings": list(one.view.case.warnings),
            "troubles": list(one.troubles),
        }  # fmt: skip
    if one.refused is not None:
        said = {"code": one.refused.code, "message": one.refused.message, "next": one.refused.next}
        data["refusals"] = [said | ({"where": one.refused.where} if one.refused.where else {})]
        data["lines"] = list(refused_lines(one))
    return data


def refused_lines(one: Decided) -> Iterator[dict[str, Any]]:
    """The lines of a request that could be read but not taken in."""
    if one.request is None or one.refused is None:
        return
    for line in one.request.lines:
        yield {
            "sequence": line.sequence, "outcome": "refused", "reasons": [one.refused.message], "policy": None,
            "finding": None, "distance": None, "clock": None,
        }  # fmt: skip


def print_text(one: Decided, *, brief: bool) -> None:
    """The answer for a person."""
    if one.refused is not None:
        speech.refusal(one.refused, about=one.file)
        return
    out = speech.output()
    for row in text_of(one, brief=brief):
        out.print(row)
    out.print()


def text_of(one: Decided, *, brief: bool) -> Iterable[Text]:
    """File, notes, and the case."""
    assert one.view is not None  # noqa: S101 - asked only of what was decided
    yield Text(one.file + (" (sent before; this is the same answer again)" if one.replayed else ""), "bold")
    yield from (Text(f"  {note}", "dim") for note in (() if brief else one.notes))
    yield from case_text(one.view, brief=brief)
    for trouble in one.troubles:
        yield Text.assemble(("  Stopped: ", "bold red"), trouble)
