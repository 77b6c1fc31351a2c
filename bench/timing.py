"""How figures are taken.

A rate is the best of several rounds, because whatever disturbs a round makes it slower. Its seconds are seconds of
processor time: on an idle core they are those of the wall, on a shared one they leave the others' work out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

ROUNDS = 5


def rate(work: Callable[[], int], *, seconds: float) -> float:
    """How many things per second of processor time ``work`` gets done (it returns how many it did), best of five."""
    work()  # once without a watch: imports, caches
    return max(_round(work, seconds / ROUNDS) for _ in range(ROUNDS))


def _round(work: Callable[[], int], seconds: float) -> float:
    done, start = 0, time.process_time()
    while True:
        done += work()
        spent = time.process_time() - start
        if spent >= seconds:
            return done / spent


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that is not exceeded by this share of them (nearest rank)."""
    ordered = sorted(values)
    rank = max(1, -(-int(share * 10_000) * len(ordered) // 10_000))
    return ordered[rank - 1]


def yardstick() -> float:
    """Million turns of an empty loop per second of processor time: what this machine gives Python at the moment.

    A busy neighbor on the same physical core slows processor time too; figures of two runs compare as these do.
    """
    return rate(_turns, seconds=0.5) / 1e6


def _turns() -> int:
    total = 0
    for number in range(200_000):
        total += number
    return 200_000
