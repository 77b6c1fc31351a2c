"""The shelf of retention: how long a record is kept at least, by which rule, and what a legal hold does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import Answer
from openum.core.retention import Hold, Record, RetentionRule, keep_until, may_dispose, missing_parts
from openum.core.span import parse_span
from openum.librarian.kinds.beside import beside
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

TRUTH: Mapping[Answer, bool | str] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: "unknown"}
WORDS: Mapping[str, tuple[str, ...]] = {
    "record": ("kind", "document"),
    "line_of_business": ("lob", "program"),
    "holds": ("hold", "legal_hold"),
    "on": ("today", "asked_on"),
    "parts": ("kept",),
}
EVENT_WORDS: Mapping[str, tuple[str, ...]] = {
    "created": ("created_on", "date_created", "record_created", "record_date"),
    "last_effective": ("last_in_effect", "last_effective_date", "last_effective_on"),
    "contract_period_end": ("contract_end", "contract_ended", "contract_period_ended", "contract_ends"),
    "audit_completed": ("audit_end", "audit_ended"),
    "decided": ("decision", "decided_on"),
    "disclosed": ("disclosed_on", "disclosure_date"),
}
HOLD_WORDS: Mapping[str, tuple[str, ...]] = {"id": ("matter",), "placed": ("from",), "released": ("until",)}


@dataclass(frozen=True, slots=True)
class Rules:
    """The retention rules an item asks, alone or together with others of the shelf."""

    rules: tuple[RetentionRule, ...]

    @property
    def events(self) -> tuple[str, ...]:
        """Every event from which some rule counts."""
        return tuple(dict.fromkeys(name for rule in self.rules for name in rule.counted_from))


def build(provision: Provision) -> Rules:
    """The rules a file says; ``ValueError`` when a span cannot be read or a file it names is not there."""
    what = provision.what
    if what["form"] == "together":
        return Rules(tuple(_rule(data["id"], data["what"]) for data in beside(provision, what["of"])))
    return Rules((_rule(provision.id, what),))


def _rule(name: str, what: Mapping[str, Any]) -> RetentionRule:
    if what["form"] != "keep":
        raise ValueError(f"{name} keeps nothing itself: list items of the form keep.")
    return RetentionRule(
        id=name,
        span=parse_span(what["span"]),
        counted_from=tuple(what["counted_from"]),
        kinds=frozenset(what.get("records", ())),
        lines=frozenset(what.get("lines_of_business", ())),
        parts=tuple(what.get("parts", ())),
    )


def answer(value: Rules, given: Given) -> Answers:
    """Until when the record is kept at least, by which rule, and whether it may be destroyed on a day."""
    events = {name: EVENT_WORDS.get(name, ()) for name in value.events}
    words = CaseWords(given, {**WORDS, **events})
    record = Record(
        kind=words.text("record") or None,
        line=words.text("line_of_business") or None,
        events={name: words.day(name) for name in value.events if name in words},
    )
    kept = keep_until(record, value.rules, _holds(words))
    on = words.day("on")
    gaps = [part for rule in value.rules for part in missing_parts(rule, words.texts("parts"))]
    told: dict[str, Any] = {
        "keep_until_at_least": kept.until and kept.until.isoformat(),
        "keep_until": kept.until and kept.until.isoformat(),
        "by": list(kept.by),
        "applies": bool(kept.each),
        "held": bool(kept.held_by),
        "held_by": list(kept.held_by),
        "open": list(kept.open),
        "missing": list(kept.missing),
    }
    told |= {"may_dispose": TRUTH[may_dispose(kept, on)]} if on else {}
    return told | ({"missing_parts": gaps} if "parts" in words else {})


def _holds(words: CaseWords) -> tuple[Hold, ...]:
    said = words.get("holds")
    if said is None or said is False or said == "none":
        return ()
    if said is True:
        return (Hold("legal hold", date.min),)
    return tuple(_hold(one, number) for number, one in enumerate(said if isinstance(said, list) else [said], 1))


def _hold(said: Any, number: int) -> Hold:
    if not isinstance(said, Mapping):
        raise ValueError("A hold is true, none, or its own words: {placed: …, released: …}.")
    words = CaseWords(said, HOLD_WORDS)
    return Hold(words.text("id", f"hold {number}"), words.day("placed") or date.min, words.day("released"))


def rows(value: Rules) -> Iterable[tuple[str, str]]:
    """Each rule in a line, and the parts of a file it asks for."""
    for rule in value.rules:
        events = " or ".join(name.replace("_", " ") for name in rule.counted_from)
        later = ", whichever is later" if len(rule.counted_from) > 1 else ""
        yield rule.id, f"{rule.span} from {events}{later}"
        yield from (("keeps", part.replace("_", " ")) for part in rule.parts)


KIND = Kind(
    shelf="retention",
    title="Retention",
    summary="How long records are kept at least; the longest rule rules, and a legal hold never ends by itself.",
    build=build,
    answer=answer,
    rows=rows,
)
