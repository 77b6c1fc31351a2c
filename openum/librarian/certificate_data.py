"""Clocks in a certificate: proofs, the events they were computed from and calendars, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from cattrs.preconf.json import make_converter

from openum.core.calendar import Calendar
from openum.core.certificate_clocks import Told
from openum.core.clock_events import ClockEvents
from openum.core.clock_proof import Proof


def _marked(others: Mapping[str, object]) -> dict[str, object]:
    return {name: {"day": one.isoformat()} if isinstance(one, date) else one for name, one in others.items()}


def _plain(others: Mapping[str, Any]) -> dict[str, object]:
    return {
        name: date.fromisoformat(one["day"]) if isinstance(one, Mapping) else one for name, one in others.items()
    }  # fmt: skip


_converter = make_converter(omit_if_default=True)
_converter.register_unstructure_hook(date, lambda day: day.isoformat())
_converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
_converter.register_structure_hook_func(lambda wanted: wanted is object, lambda value, _: value)


def proof_data(proof: Proof) -> dict[str, Any]:
    """A proof as the clocks room keeps it."""
    data: dict[str, Any] = _converter.unstructure(proof)
    return data


def told_data(told: Told) -> dict[str, Any]:
    """What a clock was computed from; circumstances that are days are marked as such."""
    events: dict[str, Any] = _converter.unstructure(told.events)
    if "circumstances" in events and "others" in events["circumstances"]:
        events["circumstances"]["others"] = _marked(told.events.circumstances.others)
    stopped = told.stopped_at.isoformat() if told.stopped_at is not None else None
    return {"events": events, "computed_at": told.computed_at.isoformat(), "stopped_at": stopped}


def told_of(data: Mapping[str, Any]) -> Told:
    """What those data were made of."""
    events = dict(data["events"])
    if "circumstances" in events:
        around = dict(events["circumstances"])
        around["others"] = _plain(around.get("others", {}))
        events["circumstances"] = around
    stopped = data["stopped_at"]
    return Told(
        events=_converter.structure(events, ClockEvents),
        computed_at=datetime.fromisoformat(data["computed_at"]),
        stopped_at=None if stopped is None else datetime.fromisoformat(stopped),
    )


def calendar_data(calendar: Calendar) -> dict[str, Any]:
    """A calendar with every holiday it knows."""
    return {
        "id": calendar.id, "covers_from": calendar.covers_from.isoformat(),
        "covers_to": calendar.covers_to.isoformat(), "holidays": [day.isoformat() for day in sorted(calendar.holidays)],
    }  # fmt: skip


def calendar_of(data: Mapping[str, Any]) -> Calendar:
    """The calendar those data were made of."""
    days = frozenset(map(date.fromisoformat, data["holidays"]))
    return Calendar(data["id"], days, date.fromisoformat(data["covers_from"]), date.fromisoformat(data["covers_to"]))
