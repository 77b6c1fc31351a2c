"""The words and marks of the pages: one sign, one color name and one phrase for each thing that can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.clock_words import moment_words
from openum.payer.flow.queries import LineView

LANES = {
    "intake_coordinator": "the intake coordinator",
    "um_nurse": "a nurse",
    "medical_director": "a medical director",
    "benefits_reviewer": "a benefits reviewer",
    "pharmacist": "a pharmacist",
}
HOLDERS = {"payer": "the plan", "provider": "the practice", "nobody": "nobody"}
LINES_OF_BUSINESS = {
    "medicare-advantage": "Medicare Advantage",
    "part-d": "Part D",
    "medicaid-managed-care": "Medicaid managed care",
    "medicaid-ffs": "Medicaid fee-for-service",
    "chip": "CHIP",
    "erisa": "Employer plan (ERISA)",
    "aca-individual": "Individual market (ACA)",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign with its tone (a CSS class) and its word: never color alone."""

    sign: str
    tone: str
    word: str


MARKS: Mapping[Answer, Mark] = {
    YES: Mark("✓", "good", "met"),
    NO: Mark("✗", "bad", "not met"),
    UNKNOWN: Mark("?", "open", "not known"),
}


def standing(one: LineView, answer: str) -> Mark:
    """Where a line stands, in a word or two; ``answer`` is what its criteria said, empty where none were run."""
    match one.standing:
        case "approved":
            by = " by a person" if one.determination is not None and one.determination.human else ""
            return Mark("✓", "good", f"Approved{by}")
        case "not_required":
            return Mark("–", "calm", "No authorization needed")
        case "modified":
            return Mark("◐", "bad", "Approved in part")
        case "adverse" | "excluded":
            return Mark("✗", "bad", "Not approved")
        case _:
            return waiting(one, answer)


def waiting(one: LineView, answer: str) -> Mark:
    """An open line: with whom it is. Criteria that are not met are a clinician's to decide about."""
    if answer == "no":
        return Mark("→", "open", "To a clinician: not met")
    if one.line.ball == "provider":
        return Mark("?", "open", "Information asked for")
    if one.line.lane:
        return Mark("→", "open", f"With {LANES.get(one.line.lane, 'a person')}")
    return Mark("…", "open", "Received")


def moment(at: datetime, zone: str) -> str:
    """``Thu Nov 26 2026 23:59`` on the plan's wall clock."""
    return moment_words(at.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0))


def short_moment(at: datetime, zone: str) -> str:
    """``Nov 26, 23:59`` on the plan's wall clock, for lists."""
    parts = moment(at, zone).split()
    return f"{parts[1]} {parts[2]}, {parts[4]}"
