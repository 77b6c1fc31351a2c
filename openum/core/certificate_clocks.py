"""Run the clocks of a certificate again, and what the law made of those that ran out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from openum.core.calendar import Calendar
from openum.core.clock_events import ClockEvents
from openum.core.clock_rule import ClockRule
from openum.core.clocks import Proof, compute
from openum.core.lapse import Lapse, lapses


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a clock was computed from: the case's events, when it was last computed, and when an answer stopped it."""

    events: ClockEvents
    computed_at: datetime
    stopped_at: datetime | None = None


def run_again(rule: ClockRule, told: Told, calendars: Mapping[str, Calendar], zone: str) -> Proof:
    """The proof as the clocks room keeps it: computed, and stopped by the answer that came later."""
    proof = compute(rule, told.events, calendars, zone, at=told.computed_at)
    if told.stopped_at is None:
        return proof
    late = proof.due_at is not None and told.stopped_at > proof.due_at
    return replace(
        proof, at=told.stopped_at, stopped_at=told.stopped_at, verdict="missed" if late else "met"
    )  # fmt: skip


def lapses_again(clocks: Mapping[str, tuple[ClockRule, Told, Proof]]) -> dict[str, Lapse]:
    """What the law makes of the clocks that ran out, by rule; a rule whose conditions are not all known is doubtful."""
    doubtful = [rule.id for rule, told, _ in clocks.values() if rule.unknown_conditions(told.events)]
    return {one.rule: one for one in lapses((proof for _, _, proof in clocks.values()), doubtful)}
