"""The clocks and lapses of a certificate: what each was computed from, found by computing it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from openum.core.certificate_clocks import Told, run_again
from openum.core.clock_events import ClockEvents
from openum.core.clocks import ClockRule, Proof
from openum.core.refusal import Refusal
from openum.librarian.certificate_data import calendar_data, proof_data, told_data
from openum.librarian.certificate_texts import clock_text
from openum.librarian.clocks import calendars
from openum.payer.determinations.queries import LapseCard, all_decided_at
from openum.payer.flow.lapsing import filing_clocks
from openum.payer.flow.queries import CaseView, LineView
from openum.payer.intake.queries import CaseCard
from openum.payer.intake.starting import clock_events, rule_in_force, rules, surroundings
from openum.records.clocks.queries import ClockCard


def clock_parts(view: CaseView, one: LineView) -> dict[str, Any]:
    """Every clock of the line with its rule's text, what it was computed from, its proof and its calendar.

    Raises:
        Refusal: ``rule-text-gone``.
    """
    found: dict[str, Any] = {}
    for card in view.clocks:
        if card.line not in (None, one.line.asked.sequence):
            continue
        rule = _rule(card.proof)
        name = _free(f"{rule.id}@{rule.version}", found)
        told = _told(rule, card, view)
        found[f"rule/{name}"] = clock_text(rule, *_roots())
        found[f"clock/{name}"] = {
            "state": card.state, "complete": told is not None, "event_words": dict(rule.event_words),
            "told": told_data(told or _first(view, card.proof.at)), "proof": proof_data(card.proof),
            "superseded_at": card.superseded_at.isoformat() if card.superseded_at is not None else None,
        }  # fmt: skip
        found |= _calendar(rule)
    return found


def lapse_parts(view: CaseView, one: LineView) -> dict[str, Any]:
    """What the law made of the line's clocks that ran out."""
    found: dict[str, Any] = {}
    for card in view.lapses:
        if one.line.asked.sequence not in card.lines:
            continue
        filing, parts = _filing(view.case, card)
        found |= parts
        found[f"lapse/{card.rule}"] = {
            "rule": card.rule, "version": card.version, "citation": card.citation, "verdict": card.verdict,
            "effect": card.effect, "words": card.words, "due_at": _due(view, card).isoformat(),
            "on": card.on.isoformat(), "starts": card.starts,
            "file_by": card.file_by.isoformat() if card.file_by is not None else None, "filing": filing,
            "settled_at": card.settled_at.isoformat() if card.settled_at is not None else None,
            "settled_by": card.settled_by, "how": card.how,
        }  # fmt: skip
    return found


def _due(view: CaseView, card: LapseCard) -> datetime:
    """The end as its clock's proof writes it, on the plan's wall clock; the row keeps the same instant in UTC."""
    proofs = [clock.proof.due_at for clock in view.clocks if clock.proof.rule_id == card.rule]
    return next((due for due in proofs if due == card.due_at), card.due_at) or card.due_at


def _filing(case: CaseCard, card: LapseCard) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """How the last day to appeal was counted, with the text of the rule that counts it."""
    name = filing_clocks(*settings.OPENUM_LIBRARY).get(case.line_of_business, "")
    rule = rule_in_force(name, card.on) if name and card.file_by is not None else None
    if rule is None:
        return None, {}
    key = f"{rule.id}@{rule.version}"
    told = Told(events=ClockEvents(others={rule.start: card.due_at}), computed_at=card.due_at)
    filing = {
        "rule": key, "zone": case.time_zone, "told": told_data(told), "event_words": dict(rule.event_words)
    }  # fmt: skip
    return filing, {f"rule/{key}": clock_text(rule, *_roots()), **_calendar(rule)}


def _told(rule: ClockRule, card: ClockCard, view: CaseView) -> Told | None:
    """What gives the kept proof to the byte when it is computed again; ``None`` where nothing known here does."""
    kept = proof_data(card.proof)
    for told in _candidates(rule, card.proof, view):
        if proof_data(run_again(rule, told, calendars(), card.proof.zone)) == kept:
            return told
    return None


def _candidates(rule: ClockRule, proof: Proof, view: CaseView) -> Iterator[Told]:
    """As it was when the request came in, then with the decision, then as a lapse started it; stopped and not."""
    first = _first(view, view.case.received_at).events
    decided = all_decided_at(view.case.tenant_id, view.case.number)
    started = [
        ClockEvents(received_at=view.case.received_at, others={rule.start: card.due_at})
        for card in view.lapses
        if card.starts in (rule.id, *rule.also)
    ]
    told = [first, *([replace(first, decided_at=decided)] if decided is not None else []), *started]
    moments = dict.fromkeys(
        [view.case.received_at, proof.at, *(card.due_at for card in view.lapses), *_looked_at(view)]
    )
    for stopped in dict.fromkeys([proof.stopped_at, None]):
        for events in told:
            for at in moments:
                yield Told(events=events, computed_at=at, stopped_at=stopped)


def _looked_at(view: CaseView) -> Iterator[datetime]:
    """When clocks of the case were found to have run out."""
    yield from (event.at for event in view.events if event.kind == "ClockMissed")


def _first(view: CaseView, at: datetime) -> Told:
    around = surroundings(view.case)
    return Told(events=clock_events(around, at=view.case.received_at), computed_at=at)


def _rule(proof: Proof) -> ClockRule:
    known = {(rule.id, rule.version): rule for rule in rules(*settings.OPENUM_LIBRARY)}
    found = known.get((proof.rule_id, proof.rule_version))
    if found is None:
        raise Refusal(
            "rule-text-gone", f"The shelves hold no {proof.rule_id} version {proof.rule_version}.", "Put its file back."
        )
    return found


def _calendar(rule: ClockRule) -> dict[str, Any]:
    return {f"calendar/{rule.calendar}": calendar_data(calendars()[rule.calendar])} if rule.calendar else {}


def _free(name: str, taken: dict[str, Any]) -> str:
    """The name, with a number behind it where a clock of the same rule was there before."""
    several = sum(1 for one in taken if one == f"clock/{name}" or one.startswith(f"clock/{name}."))
    return f"{name}.{several + 1}" if several else name


def _roots() -> tuple[Path, ...]:
    return tuple(map(Path, settings.OPENUM_LIBRARY))
