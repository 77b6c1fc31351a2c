"""Which requests there are and in what order: a shuffled deck with a typical plan's shares, every policy in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from openum.core.policy import Policy
from openum.world.asking import service
from openum.world.content import content
from openum.world.dice import Dice
from openum.world.truth import JUDGED, KINDS, Kind

Possible = Callable[[Policy | None, Kind], bool]
"""Whether a kind of request can be made, for a policy or without one."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One request to be made: of which kind, and for kinds that a policy judges, by which."""

    kind: Kind
    policy: Policy | None = None


EACH: tuple[Kind, ...] = ("yes", "no", "unknown")
"""Kinds of which every policy has at least one in every deck."""


def size(policies: int) -> int:
    """How many requests a deck has: so many that one of each kind for every policy fits into the kind's own share."""
    held = content("shares")
    rarest: float = min(held["shares"][kind] for kind in EACH) / sum(held["shares"].values())
    return max(int(held["deck"]), ceil(policies / rarest))


def every(policies: Sequence[Policy], possible: Possible) -> Iterator[Slot]:
    """Every policy in every kind it can be in, then one of each other kind."""
    for policy in policies:
        yield from (Slot(kind, policy) for kind in KINDS if kind in JUDGED and possible(policy, kind))
    yield from (Slot(kind) for kind in KINDS if kind not in JUDGED and possible(None, kind))


def deck(policies: Sequence[Policy], possible: Possible, dice: Dice) -> list[Slot]:
    """One deck, shuffled."""
    full, shares = size(len(policies)), content("shares")["shares"]
    slots = [Slot(kind, policy) for policy in policies for kind in EACH if possible(policy, kind)]
    for kind in KINDS:
        wanted = round(full * shares[kind] / sum(shares.values())) - sum(slot.kind == kind for slot in slots)
        able = _able(kind, policies, possible)
        slots += [Slot(kind, dice.weighted(able)) for _ in range(wanted if able else 0)]
    return dice.shuffled(slots)


def _able(kind: Kind, policies: Sequence[Policy], possible: Possible) -> list[tuple[Policy | None, float]]:
    """The policies a kind can be made for, by how often their services are asked for; none for kinds none judges."""
    if kind not in JUDGED:
        return [(None, 1.0)] if possible(None, kind) else []
    return [(one, float(service(one.id, one.family)["weight"])) for one in policies if possible(one, kind)]
