"""How sensitive a piece of information is, judged by its codes. The code lists are content and are passed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openum.core.chart import Segment
from openum.core.codes import Code, CodeSet

STRICTEST_FIRST: tuple[Segment, ...] = (
    "sud_counseling_notes",
    "psychotherapy_notes",
    "sud_part2",
    "hiv",
    "reproductive",
    "mental_health",
    "general",
)
"""Where codes of several segments meet, the first of these holds: it is the one that is released least easily."""


def segment_of(codes: Iterable[Code], lists: Mapping[Segment, CodeSet]) -> Segment:
    """The strictest segment whose list holds one of the codes; ``general`` when none does."""
    given = tuple(codes)
    for segment in STRICTEST_FIRST:
        listed = lists.get(segment)
        if listed is not None and any(code in listed for code in given):
            return segment
    return "general"


def strictest(several: Iterable[Segment]) -> Segment:
    """The strictest of several, ``general`` when there is none: what is drawn from them is as sensitive as they are."""
    return min(several, key=STRICTEST_FIRST.index, default="general")


def stricter(one: Segment, other: Segment) -> Segment:
    """The stricter of the two: what the sender says and what the codes say are both heeded."""
    return min(one, other, key=STRICTEST_FIRST.index)
