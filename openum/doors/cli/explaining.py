"""One case with its history, found at whichever payer it belongs to."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from rich.text import Text

from openum.core.refusal import Refusal
from openum.doors.cli import speech
from openum.doors.cli.case_text import case_text
from openum.doors.cli.letter_text import letter_rows
from openum.doors.cli.start import require_database
from openum.payer.flow.queries import CaseView, case_view, clock_data, view_data
from openum.records.ledger.queries import Chain, in_trouble, verify_chain
from openum.records.ledger.values import Happened
from openum.records.parties.scope import software_scope
from openum.records.tenants.queries import all_tenants


def run(asked: argparse.Namespace) -> int:
    """Print the case of that number. Raises ``Refusal`` ``unknown-case``."""
    require_database()
    view = _found(asked.request.strip().upper())
    chain = verify_chain(view.case.tenant_id, view.case.number)
    out = speech.output()
    if asked.json:
        speech.machine(as_data(view, chain))
        return 0
    for row in as_text(view, chain):
        out.print(row)
    return 0


def _found(number: str) -> CaseView:
    for tenant in all_tenants():
        view = case_view(software_scope(tenant.id, "command-line"), number, history=True)
        if view is not None:
            return view
    raise Refusal(
        "unknown-case",
        "No case of this number is kept here.",
        "Check the number: it begins with R, and its last digit is a check digit.",
    )


def as_text(view: CaseView, chain: Chain) -> Iterator[Text]:
    """The case, then what happened to it."""
    yield from case_text(view)
    yield Text("  Events:", "bold")
    yield from (Text(event_row(event)) for event in view.events)
    broken = "unbroken" if chain.sound else f"broken at event {chain.broken_at}"
    yield Text(f"    {chain.events} events, chain {broken}", "" if chain.sound else "bold red")
    for trouble in _troubles(view):
        yield Text(f"  Stopped: {trouble['step']}: {trouble['trouble']}", "bold red")


def event_row(event: Happened) -> str:
    """Number, moment, kind, by whom, and what the event holds."""
    held = "  ".join(f"{name}={_short(value)}" for name, value in event.body.items())
    return (
        f"    {event.number:>3}  {event.at.isoformat(timespec='seconds')}  {event.kind} by {event.by}  {held}".rstrip()
    )


def as_data(view: CaseView, chain: Chain) -> dict[str, Any]:
    """The case with clocks, letters and events as plain data."""
    return view_data(view) | {
        "received_at": view.case.received_at.isoformat(),
        "plan": view.case.plan_code,
        "warnings": list(view.case.warnings),
        "clocks": [clock_data(clock) for clock in view.clocks],
        "letters": [
            {
                "kind": notice.kind, "letter": notice.letter, "lines": list(notice.lines), "channel": notice.channel,
                "sent_at": notice.sent_at.isoformat() if notice.sent_at else None,
                "text": "\n".join(letter_rows(notice.html)),
            }
            for notice in view.notices
        ],
        "events": [
            {
                "number": event.number, "at": event.at.isoformat(), "kind": event.kind, "by": event.by,
                "body": dict(event.body), "digest": event.digest,
            }
            for event in view.events
        ],
        "chain": {"events": chain.events, "sound": chain.sound, "broken_at": chain.broken_at},
        "troubles": _troubles(view),
    }  # fmt: skip


def _troubles(view: CaseView) -> list[dict[str, Any]]:
    scope = software_scope(view.case.tenant_id, "command-line")
    return [
        {"step": one.step, "trouble": one.trouble, "tries": one.tries, "next_try_at": one.next_try_at.isoformat()}
        for one in in_trouble(scope)
        if one.subject == view.case.number
    ]


def _short(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value)
