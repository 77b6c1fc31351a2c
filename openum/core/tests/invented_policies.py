"""An invented policy and the people around it, for the tests of the core. No number here is law or medicine."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from openum.core.actor import Actor, License
from openum.core.chart import Chart, Fact, Value
from openum.core.codes import Code, CodeSet
from openum.core.criteria import Leaf
from openum.core.policy import Authority, Grant, InForce, Policy
from openum.core.request import Line
from openum.core.span import Span

ON = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 15, 30, tzinfo=UTC)
OXYGEN = Code("hcpcs", "E1390", "Oxygen concentrator")
LOW = Leaf("saturation", "at_most", 88, "Saturation at or below 88 %", "1(a)")
OWN_WORDS = "The saturation measured on May 30 is above what the criterion allows for this member."


def a_policy(**changes: Any) -> Policy:
    """One criterion, for every line of business, state and place."""
    given: dict[str, Any] = {
        "id": "dme/oxygen", "version": "2026-01-01", "title": "Oxygen", "family": "dme",
        "in_force": InForce(date(2026, 1, 1)), "authority": (Authority(cite="Invented 1", checked_on=ON),),
        "covers": CodeSet({"hcpcs": ["E1390"]}), "criteria": LOW, "grant": Grant(lasts=Span(months=12), unit="month"),
    }  # fmt: skip
    return Policy(**{**given, **changes})


def a_line(**changes: Any) -> Line:
    """One concentrator from the day of service, at home."""
    given: dict[str, Any] = {"sequence": 1, "code": OXYGEN, "quantity": 1, "service_from": ON, "place": "12"}
    return Line(**{**given, **changes})


def a_person(role: str, profession: Any = None, **changes: Any) -> Actor:
    """A named person; with a profession, licensed for it in Texas through 2026."""
    held = None
    if profession is not None:
        terms = {"state": "TX", "specialty": "Pulmonary Disease"} | changes
        held = License(
            profession=profession, number="1", active_from=date(2026, 1, 1), active_to=date(2026, 12, 31), **terms
        )
    return Actor(kind="person", id="7", name="A. Person", role=role, license=held)


def chart(**values: Value | None) -> Chart:
    """A chart of stated facts, judged for the day of service."""
    return Chart(ON, {name: Fact(name, value) for name, value in values.items()})
