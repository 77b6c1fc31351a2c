"""What is true of a request, by construction: the label a measurement compares decisions with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from openum.core.chart import Value
from openum.world.situations import Hinge, TruthAnswer

Kind = Literal[
    "yes", "no", "unknown", "notes_only", "not_required", "excluded", "limit_exceeded", "duplicate",
    "already_authorized", "emergency", "notified", "post_stabilization",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "yes", "no", "unknown", "notes_only", "not_required", "excluded", "limit_exceeded", "duplicate",
    "already_authorized", "emergency", "notified", "post_stabilization",
)  # fmt: skip
JUDGED: frozenset[Kind] = frozenset({"yes", "no", "unknown", "notes_only"})
"""Kinds whose answer the criteria of a policy give."""
Outcome = Literal["approved", "pended", "not_required"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The label of one request.

    ``policy`` (``id@version``) judges it, empty where none does. ``answer`` is what its criteria say of the member as
    the member is; ``structured`` what they can say on chart and form alone (they differ where a datum stands only in
    the note). ``facts`` is what chart and form state, ``hinge`` the one fact between this and a yes. ``expected`` is
    what software may do with the request by itself; ``pended`` means that a person decides or is asked.
    ``twin_of`` is the number of the request this one repeats.
    """

    number: int
    submission: str
    kind: Kind
    expected: Outcome
    plan: str
    member: str
    organization: str
    code: str
    service_date: date
    policy: str = ""
    answer: TruthAnswer | Literal[""] = ""
    structured: TruthAnswer | Literal[""] = ""
    needs: str = "authorization"
    to_person: bool = False
    expedited: bool = False
    retrospective: bool = False
    facts: Mapping[str, Value] = field(default_factory=dict)
    hinge: Hinge | None = None
    twin_of: int | None = None

    @property
    def structured_yes(self) -> bool:
        """Whether software should approve this without a person: all is met, and all of it is in chart and form."""
        return self.expected == "approved"

    def data(self) -> dict[str, Any]:
        """The label as plain data for a JSON file; days as ISO text."""
        plain = {name: getattr(self, name) for name in self.__slots__ if name not in ("facts", "hinge")}
        hinge = self.hinge
        return {
            **{name: _plain(value) for name, value in plain.items()},
            "facts": {name: _plain(value) for name, value in sorted(self.facts.items())},
            "hinge": hinge and {"fact": hinge.fact, "given": _plain(hinge.given), "needed": _plain(hinge.needed)},
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
