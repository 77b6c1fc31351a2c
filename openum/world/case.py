"""One request of the world before it is written down: who asks whom for what, with which chart, and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openum.world.asking import Asking
from openum.world.charting import Piece
from openum.world.notes import Note
from openum.world.truth import Truth
from openum.world.values import Clinician, Member, Organization, Payer, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request. ``world`` is the seed its ids are made from, ``sent_at`` has the practice's own offset."""

    world: int
    submission: str
    payer: Payer
    plan: Plan
    member: Member
    organization: Organization
    clinician: Clinician
    sent_at: datetime
    asking: Asking
    pieces: tuple[Piece, ...]
    note: Note | None
    truth: Truth

    @property
    def policy_id(self) -> str:
        """The policy whose form was answered; empty where none speaks."""
        return self.truth.policy.partition("@")[0]

    @property
    def has_encounter(self) -> bool:
        """Whether the request is about a stay or an emergency."""
        return self.asking.emergency or self.asking.request_type == "AR"
