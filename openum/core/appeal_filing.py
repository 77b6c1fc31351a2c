"""Filing an appeal: who may, whether it came in time, and what goes along with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from openum.core.answers import NO, UNKNOWN, Answer, all_of, of_bool
from openum.core.appeal import Facts, Level
from openum.core.calendar import Calendar
from openum.core.clock_events import ClockEvents
from openum.core.clock_proof import Proof
from openum.core.clock_rule import ClockRule
from openum.core.clocks import compute


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingAnswer:
    """Whether somebody may file; what is not known yet, and what is known to be lacking."""

    answer: Answer
    unknown: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    words: str = ""


def may_file(level: Level, who: str, facts: Facts, *, matter: str = "") -> FilingAnswer:
    """Whether ``who`` may file at this level for this matter.

    Unknown is not no: an authorization or a consent nobody has seen is asked for, and the filing kept meanwhile.
    """
    if level.filed == "automatic":
        return FilingAnswer(answer=NO, words="Nobody files here: the case arrives by itself.")
    fitting = [each for each in level.filers if each.who == who]
    if not fitting:
        known = ", ".join(each.who.replace("_", " ") for each in level.filers)
        return FilingAnswer(answer=NO, words=f"May file here: {known}.")
    rule = next((each for each in fitting if not each.matters or matter in each.matters), None)
    if rule is None:
        matters = ", ".join(sorted({name.replace("_", " ") for each in fitting for name in each.matters}))
        if not matter:
            return FilingAnswer(answer=UNKNOWN, unknown=("matter",), words=f"They may file only for: {matters}.")
        return FilingAnswer(answer=NO, words=f"They may file only for: {matters}.")
    return FilingAnswer(
        answer=all_of(of_bool(facts.get(need)) for need in rule.needs),
        unknown=tuple(need for need in rule.needs if facts.get(need) is None),
        lacking=tuple(need for need in rule.needs if facts.get(need) is False),
    )


def filing_window(
    level: Level,
    notice: ClockEvents,
    clocks: Iterable[ClockRule],
    calendars: Mapping[str, Calendar],
    zone: str,
    *,
    at: datetime,
) -> Proof | None:
    """The clock of the time to file, with its proof: ``due_at`` is the last second in which a filing is in time.

    ``notice`` holds what is known of the notice (``notice_sent``, ``notice_received``) and, once it came, the filing
    (``filed``). Receipt is presumed by the rule itself; evidence of a later one moves the end. Where several versions
    of the clock can be counted, the one that gives the member longest counts. ``None`` while none can be counted.
    """
    named = (rule for rule in clocks if level.filing_clock and level.filing_clock in (rule.id, *rule.also))
    proofs = [compute(rule, notice, calendars, zone, at=at) for rule in named]
    ends = [(proof.due_at, proof.rule_id, proof) for proof in proofs if proof.due_at is not None]
    return max(ends, key=lambda end: end[:2])[2] if ends else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """Whether a filing came in time, and what a person has still to decide. Software never turns one away."""

    status: Literal["in_time", "person_decides_good_cause", "person_decides_dismissal", "window_unknown"]
    words: str


def timeliness(level: Level, file_by: datetime | None, filed_at: datetime, *, reason: str = "") -> Timeliness:
    """Hold a filing against the end of its window (``file_by``, ``None`` while it is not known).

    A late filing always goes to a person: for good cause where the law knows it, otherwise to decide on dismissal.
    """
    if file_by is None:
        return Timeliness(
            status="window_unknown", words="The day of the notice is not known: take the filing, and ask."
        )
    if filed_at <= file_by:
        return Timeliness(status="in_time", words="It was filed in time.")
    if level.late == "good_cause":
        told = "The reason for the delay is on file." if reason.strip() else "Ask for the reason of the delay."
        return Timeliness(
            status="person_decides_good_cause", words=f"A person decides whether there is good cause. {told}"
        )
    return Timeliness(
        status="person_decides_dismissal", words=level.late_words or "A person decides whether to dismiss."
    )


@dataclass(frozen=True, slots=True, order=True)
class Paper:
    """One document of a case file: its kind (content says which are needed), its number, and its SHA-256."""

    kind: str
    number: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenFile:
    """What goes to the next level, fixed: papers in a stable order, one digest over them, the kinds still missing."""

    level: str
    papers: tuple[Paper, ...]
    digest: str
    missing: tuple[str, ...]


def frozen_file(level: Level, papers: Iterable[Paper]) -> FrozenFile:
    """Freeze a case file: whoever has the same papers computes the same digest, in whatever order they lie."""
    kept = tuple(sorted(set(papers)))
    lines = "\n".join(f"{one.kind}\t{one.number}\t{one.sha256}" for one in kept)
    present = {one.kind for one in kept}
    return FrozenFile(
        level=level.id,
        papers=kept,
        digest=hashlib.sha256(lines.encode()).hexdigest(),
        missing=tuple(kind for kind in level.case_file if kind not in present),
    )
