"""Answers: yes, no, and the honest third one.

Kleene's strong three-valued logic (S. C. Kleene, *Introduction to Metamathematics*, 1952, §64). An answer
has no truth value of its own: writing ``if answer:`` raises, because that is how *unknown* becomes *no*.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Answer(Enum):
    """What is known about a question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("An answer is yes, no or unknown: compare it with `is Answer.YES`.")


YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def of_bool(value: bool | None) -> Answer:
    """Turn ``True``/``False``/``None`` into yes/no/unknown."""
    if value is None:
        return UNKNOWN
    return YES if value else NO


def negate(answer: Answer) -> Answer:
    """Yes becomes no and no becomes yes; unknown stays unknown."""
    if answer is UNKNOWN:
        return UNKNOWN
    return NO if answer is YES else YES


def at_least(needed: int, answers: Iterable[Answer]) -> Answer:
    """Yes when ``needed`` answers are yes, no when they can no longer be, otherwise unknown."""
    yes = unknown = 0
    for answer in answers:
        if answer is YES:
            yes += 1
        elif answer is UNKNOWN:
            unknown += 1
    if yes >= needed:
        return YES
    return UNKNOWN if yes + unknown >= needed else NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """Yes when every answer is yes (so also when there is none); no as soon as one is no."""
    given = tuple(answers)
    return at_least(len(given), given)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes as soon as one answer is yes; no when every answer is no."""
    return at_least(1, answers)
