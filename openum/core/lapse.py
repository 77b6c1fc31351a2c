"""What the law makes of a clock that ran out: an approval that issues itself, a denial nobody made, a case to hand on.

A lapse is not a determination. The one lapse that software carries out is the one in the member's favor; all others
are work items for a person, with rights that open for the member.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from openum.core.clocks import Proof

Effect = Literal["approve", "ask_person", "adverse_by_law", "forward", "late"]
_EFFECTS: dict[str, Effect] = {
    "auto_authorized": "approve",
    "deemed_approval": "approve",
    "deemed_denial": "adverse_by_law",
    "deemed_exhausted": "late",
    "forward_to_ire": "forward",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """One missed clock with a verdict of the law. ``on`` is the local day its time ended.

    ``starts`` is the clock that begins then. ``certain`` is whether every condition of the rule is known to hold.
    """

    rule: str
    version: str
    citation: str
    verdict: str
    words: str
    due_at: datetime
    on: date
    starts: str = ""
    certain: bool = True

    @property
    def effect(self) -> Effect:
        """What follows. An approval follows only from a rule that is known to apply; else a person looks at it."""
        effect = _EFFECTS.get(self.verdict, "late")
        return "ask_person" if effect == "approve" and not self.certain else effect


def lapses(proofs: Iterable[Proof], uncertain: Iterable[str] = ()) -> tuple[Lapse, ...]:
    """The lapses among these proofs, the first to have ended first.

    ``uncertain`` names the rules some condition of which is not known. A clock that was missed without a verdict of
    the law (because a decision was made in time, or the law says nothing) is no lapse.
    """
    doubtful = frozenset(uncertain)
    found = [
        Lapse(
            rule=proof.rule_id,
            version=proof.rule_version,
            citation=proof.citation,
            verdict=proof.on_miss.verdict,
            words=proof.on_miss.words,
            due_at=proof.due_at,
            on=proof.on_miss.on,
            starts=proof.on_miss.starts,
            certain=proof.rule_id not in doubtful,
        )
        for proof in proofs
        if proof.on_miss is not None and proof.due_at is not None
    ]
    return tuple(sorted(found, key=lambda lapse: (lapse.due_at.timestamp(), lapse.rule)))
