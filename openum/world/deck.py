"""Which requests there are and in what order: a shuffled deck with a typical plan's shares, every policy in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openum.core.policy import Policy
from openum.world.asking import service
from openum.world.content import content
from openum.world.dice import Dice
from openum.world.truth import JUDGED, KINDS, Kind


@dataclass(frozen=True, slots=True)
class Slot:
    """One request to be made: of which kind, and for kinds that a policy judges, by which."""

    kind: Kind
    policy: Policy | None = None


EACH: tuple[Kind, ...] = ("yes", "no", "unknown")
"""Kinds of which every policy has at least one in every deck."""


def every(policies: Sequence[Policy], possible: Callable[[Policy, Kind], bool]) -> Iterator[Slot]:
    """Every policy in every kind it can be in, then one of each other kind."""
    for policy in policies:
        yield from (Slot(kind, policy) for kind in KINDS if kind in JUDGED and possible(policy, kind))
    yield from (Slot(kind) for kind in KINDS if kind not in JUDGED)


def deck(policies: Sequence[Policy], possible: Callable[[Policy, Kind], bool], dice: Dice) -> list[Slot]:
    """One deck, shuffled."""
    size, shares = content("shares")["deck"], content("shares")["shares"]
    weights = [(policy, float(service(policy.id, policy.family)["weight"])) for policy in policies]
    slots = [Slot(kind, policy) for policy in policies for kind in EACH if possible(policy, kind)]
    for kind in KINDS:
        wanted = round(size * shares[kind] / sum(shares.values())) - sum(slot.kind == kind for slot in slots)
        able = [(policy, weight) for policy, weight in weights if possible(policy, kind)] if kind in JUDGED else []
        slots += [Slot(kind, dice.weighted(able) if able else None) for _ in range(max(0, wanted))]
    return dice.shuffled(slots)
