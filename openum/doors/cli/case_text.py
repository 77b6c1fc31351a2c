"""A case in words for a terminal: lines with their trees, sources and ways to yes; clocks with proof; letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from rich.text import Text

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.clock_words import moment_words
from openum.core.explain import WORDS
from openum.core.kept import Branch, flat, kept_tree
from openum.doors.cli.letter_text import letter_rows
from openum.payer.flow.queries import CaseView, LineView, lapse_sentence
from openum.records.clocks.queries import ClockCard

MARKS: Mapping[Answer, tuple[str, str]] = {YES: ("✓", "green"), NO: ("✗", "red"), UNKNOWN: ("?", "yellow")}
LANES = {
    "intake_coordinator": "intake coordinator", "um_nurse": "nurse", "medical_director": "medical director",
    "benefits_reviewer": "benefits reviewer", "pharmacist": "pharmacist",
}  # fmt: skip
MOST_WAYS = 5
"""Ways to yes that are printed; ``--json`` has all of them."""
BRIEF = 220
"""Characters of a sentence where there is little room."""


def case_text(view: CaseView, *, brief: bool = False) -> Iterator[Text]:
    """The whole case. ``brief`` leaves out trees, proofs and the letters' text."""
    yield head(view)
    for warning in () if brief else view.case.warnings:
        yield Text(f"  noted: {warning}", "dim")
    for one in view.lines:
        yield from line_text(one, brief=brief)
    if brief:
        return
    for clock in view.clocks:
        yield from clock_text(clock)
    for lapse in view.lapses:
        yield Text.assemble(("  Missed: ", "bold yellow"), f"{lapse.rule}@{lapse.version}, {lapse.citation}")
        yield Text(f"    {lapse_sentence(lapse)}")
    for notice in view.notices:
        state = "sent" if notice.sent_at is not None else "draft"
        yield Text(f"  Letter: {notice.kind} ({notice.letter}), {state} by {notice.channel}", "bold")
        yield from (Text(f"    | {row}".rstrip()) for row in letter_rows(notice.html))


def head(view: CaseView) -> Text:
    """Number, receipt, kind, plan and day of service in one line."""
    case = view.case
    received = moment_words(case.received_at.astimezone(ZoneInfo(case.time_zone)))
    day = f"service day {case.on}{' (assumed)' if case.on_is_assumed else ''}"
    kind = f"{case.priority} {case.review_type}{', emergency' if case.emergency else ''}"
    plan = case.plan_code if case.plan_code == case.line_of_business else f"{case.plan_code}, {case.line_of_business}"
    return Text.assemble(
        (case.number, "bold"), f": received {received} ({case.time_zone}), {kind}, {plan}, {day}"
    )  # fmt: skip


def line_text(one: LineView, *, brief: bool) -> Iterator[Text]:
    """One line: what is asked, where it stands, and everything that led there."""
    yield Text.assemble(f"  Line {one.line.asked.sequence}: {asked_words(one)}  ", standing(one))
    if brief:
        yield from (Text(f"      {reason}") for reason in short_reasons(one))
        return
    policy = (one.determination.policy if one.determination else "") or one.line.policy
    if policy:
        yield Text(f"    Policy: {policy}")
    yield from (Text(f"    Because: {reason}") for reason in reasons(one))
    if one.line.cite:
        yield Text(f"    By: {one.line.cite}")
    if one.review is not None:
        yield Text("    Criteria:")
        yield from tree_text(one.review.finding)
        yield from distance_text(one)
        yield from (alternative(each) for each in one.review.proposals)


def asked_words(one: LineView) -> str:
    """``HCPCS E1390, 1 month, from 2026-06-02, place 12``."""
    asked = one.line.asked
    parts = [f"{asked.code.system.upper()} {asked.code.value}"]
    if asked.quantity is not None:
        parts.append(f"{asked.quantity:g} {asked.unit}".strip())
    if asked.service_from is not None:
        last = f" to {asked.service_to}" if asked.service_to not in (None, asked.service_from) else ""
        parts.append(f"{asked.service_from}{last}")
    if asked.place:
        parts.append(f"place {asked.place}")
    return ", ".join(parts)


def standing(one: LineView) -> Text:
    """Where the line stands. What the criteria do not carry is never called denied: a person decides."""
    granted, decided = one.authorization, one.determination
    by = f" by {decided.person_name}" if decided is not None and decided.person_name else ""
    if one.standing == "approved" and granted is not None:
        held = granted.held
        return Text.assemble(
            ("APPROVED", "bold green"), f"{by} {held.number}, valid {held.valid_from} to {held.valid_until}"
        )  # fmt: skip
    if one.standing == "pended":
        return pended(one)
    if one.standing == "not_required":
        return Text("NO AUTHORIZATION NEEDED", "bold green")
    word = {"approved": "APPROVED", "modified": "APPROVED IN PART"}.get(one.standing, "NOT APPROVED")
    return Text.assemble((word, "bold"), by)


def pended(one: LineView) -> Text:
    """Whom an open line waits for."""
    lane = LANES.get(one.line.lane, "person")
    if one.review is not None and one.review.answer == "no":
        return Text.assemble(("TO A CLINICIAN", "bold yellow"), f" a criterion is not met; a person decides ({lane})")
    if one.review is not None and one.review.answer == "unknown":
        return Text.assemble(("PENDED", "bold yellow"), f" something is not known; asked for, and a {lane} watches it")
    if one.line.lane:
        return Text.assemble(("TO A PERSON", "bold yellow"), f" ({lane})")
    return Text("RECEIVED", "bold yellow")


def reasons(one: LineView) -> tuple[str, ...]:
    """The sentences that the tree and the distance below do not say already."""
    by_person = one.determination is not None and one.determination.human
    if one.review is None or by_person or one.standing not in ("approved", "pended"):
        return one.reasons
    return (one.line.reason,) if one.standing == "pended" else ()


def short_reasons(one: LineView) -> tuple[str, ...]:
    """What a brief answer says: nothing about what is approved, else what it waits for."""
    if one.standing == "approved":
        return ()
    if one.standing == "pended" and one.review is not None:
        first = tuple(cut(way(each)) for each in ways(one)[:1])
        return (f"Distance to yes: {one.review.distance['sentence']}", *first)
    return one.reasons[:1]


def tree_text(finding: Mapping[str, Any]) -> Iterator[Text]:
    """The tree, a line a branch: mark, word, criterion, what was found and where. Ways not taken are one line each."""
    for depth, branch in flat(kept_tree(finding)):
        mark, color = MARKS[branch.answer]
        group = f" ({branch.group})" if branch.below and branch.needed and branch.group != branch.text else ""
        found = f": {branch.found}" if branch.found else ""
        unused = " (not needed)" if not branch.needed else ""
        yield Text.assemble(
            "      " + "  " * depth, (f"{mark} {WORDS[branch.answer]}", color), f"  {branch.text}{group}{found}",
            (f"{unused}{where(branch)}", "dim"), (f"  {branch.cite}" if branch.cite else "", "dim"),
        )  # fmt: skip


def where(branch: Branch) -> str:
    """Where a comparison found its fact, with the day and the words that say it."""
    quote = f': "{branch.quote}"' if branch.quote else ""
    return f"  [{branch.place}{quote}]" if branch.place else ""


def distance_text(one: LineView) -> Iterator[Text]:
    """How far from yes, and every smallest way there."""
    assert one.review is not None  # noqa: S101 - asked only of reviewed lines
    far = one.review.distance
    yield Text(f"    Distance to yes: {far['sentence']}")
    found = ways(one)
    for number, each in enumerate(found[:MOST_WAYS], 1):
        yield Text(f"      way {number}: {way(each)}")
    if len(found) > MOST_WAYS:
        yield Text(f"      and {len(found) - MOST_WAYS} more ways as short as these (--json lists them)")


def ways(one: LineView) -> list[list[Mapping[str, Any]]]:
    """The smallest ways to yes of a reviewed line."""
    return list(one.review.distance["ways"]) if one.review is not None else []


def cut(words: str) -> str:
    """A long sentence cut at a word."""
    return words if len(words) <= BRIEF else f"{words[:BRIEF].rpartition(' ')[0]} …"


def way(needs: list[Mapping[str, Any]]) -> str:
    """One way in words."""
    return "; ".join(str(need["sentence"]) for need in needs)


def alternative(proposal: Mapping[str, Any]) -> Text:
    """Another service that meets the same need, and whether the same facts carry it."""
    asked = ", ".join(
        f"{name} {proposal[name]:g}" if name == "quantity" else f"{name} {proposal[name]}"
        for name in ("code", "quantity", "place")
        if proposal.get(name)
    )
    answer = Answer(proposal["answer"])
    missing = f"; {proposal['missing']}" if proposal["missing"] else ""
    return Text(f"    Alternative: {proposal['why']} ({asked}; {proposal['policy']}): {WORDS[answer]}{missing}")


def clock_text(clock: ClockCard) -> Iterator[Text]:
    """A clock with its proof: rule, citation, end, and the sentences that lead there."""
    proof = clock.proof
    end = moment_words(clock.due_at.astimezone(ZoneInfo(proof.zone))) if clock.due_at else "no date"
    rules = ", rules the case" if clock.earliest else ""
    yield Text.assemble(
        (f"  Clock: {proof.title}", "bold"), f", due {end} ({proof.zone}), {clock.state}{rules}"
    )  # fmt: skip
    yield Text(f"    {proof.rule_id}@{proof.rule_version}, {proof.citation}", "dim")
    yield from (Text(f"    {step}") for step in proof.steps)
