"""The shelf of receipt: what starts a clock, what does not stop it, and when an answer counts as given.

A rule of receipt has no number of its own. It is shown on clocks of the library, and answers by computing them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openum.core.clock_rule import ClockRule, parse_length
from openum.librarian.clock_examples import ExampleFault, rule_for, run_example
from openum.librarian.clock_reading import EXAMPLES, calendars, clock_of, shaped
from openum.librarian.clock_vocabulary import vocabulary
from openum.librarian.law import Answers, Given, Kind, Provision
from openum.librarian.shape import SHIPPED

CLOCK = ("clock", "shown_on")
LINE = ("line_of_business", "lob", "program")
STAMPS = ("stamps", "receipt_stamps")
LENGTHS = {"hours": "h", "days": "cd"}
"""Words for how long the clock meant is: ``hours: 24`` chooses one of 24 hours."""


@dataclass(frozen=True, slots=True)
class ReceiptRule:
    """What counts as receipt or as an answer, for whom, and the clocks it is shown on (the first that fits rules)."""

    says: str
    lines_of_business: tuple[str, ...]
    shown_on: tuple[str, ...]
    clocks: tuple[ClockRule, ...]


def build(provision: Provision) -> ReceiptRule:
    """The rule a file says; ``ValueError`` when a clock it is shown on is not in the library."""
    what = provision.what
    shelf = next(folder for folder in provision.path.parents if folder.name == provision.shelf)
    roots = tuple(dict.fromkeys((shelf.parent, SHIPPED)))
    clocks: list[ClockRule] = []
    for name in what["shown_on"]:
        found = [rule for root in roots for rule in _clocks(root, name)]
        if not found:
            raise ValueError(f"There is no clock {name}.")
        clocks += {rule.version: rule for rule in reversed(found)}.values()
    return ReceiptRule(what["says"], tuple(what["lines_of_business"]), tuple(what["shown_on"]), tuple(clocks))


def _clocks(root: Path, name: str) -> Iterator[ClockRule]:
    """Every version of one clock of a library; its files are named after it."""
    for path in sorted((root / "clocks").glob(f"*/*/{name.lower()}*.yaml")):
        document, faults = (None, ()) if path.name.endswith(EXAMPLES) else shaped(path, "clock")
        if document is None or faults or document.data["id"] != name:
            continue
        jurisdiction, program = path.parts[-3:-1]
        words = vocabulary(root).events
        yield clock_of(document.data, jurisdiction=jurisdiction, program=program, event_words=words)


def answer(value: ReceiptRule, given: Given) -> Answers:
    """What a clock it is shown on makes of the case, and which ``clock`` that was.

    Takes every word a clock takes, and: ``clock`` or ``line_of_business`` to choose one; ``stamps`` (moments, in a list
    or by place) of which the earliest is the receipt, as it is of several words for receipt; ``hours`` or ``days``, how
    long the clock is.
    """
    clock, line = _one_of(given, CLOCK), _one_of(given, LINE)
    rest = {word: said for word, said in given.items() if word not in (*CLOCK, *LINE, *STAMPS)}
    stamps, several = _one_of(given, STAMPS), [word for word in rest if _is_receipt(word) and rest[word] is not None]
    if stamps is not None:
        rest["received"] = _earliest(stamps)
    elif len(several) > 1:
        rest["received"] = _earliest([rest.pop(word) for word in several])
    length = next((f"{rest.pop(word)}{unit}" for word, unit in LENGTHS.items() if word in rest), None)
    for name in value.shown_on:
        rules = [rule for rule in value.clocks if rule.id == name and (line is None or line in rule.lines_of_business)]
        rules = [rule for rule in rules if length is None or _as_long(rule, length)]
        if clock in (None, name) and rules and (rule := _fitting(rules, name, rest)) is not None:
            return {"clock": rule.id, **run_example(rule, rest, calendars=calendars())}
    raise ValueError(f"No clock it is shown on fits: {', '.join(value.shown_on)}.")


def _one_of(given: Given, words: tuple[str, ...]) -> Any:
    return next((given[word] for word in words if word in given), None)


def _is_receipt(word: str) -> bool:
    return vocabulary().event_of.get(word) == "receipt"


def _as_long(rule: ClockRule, length: str) -> bool:
    try:
        return rule.within == parse_length(length)
    except ValueError:
        raise ValueError("hours and days are whole numbers: how long the clock is.") from None


def _fitting(rules: Iterable[ClockRule], name: str, given: Given) -> ClockRule | None:
    try:
        return rule_for(rules, name, given)
    except ExampleFault as fault:
        if "applies to the example" in str(fault):
            return None
        raise


def _earliest(stamps: Any) -> str:
    moments = [str(each) for each in (stamps.values() if isinstance(stamps, Mapping) else stamps)]
    try:
        return min(moments, key=datetime.fromisoformat)
    except (ValueError, TypeError):
        wrong = "stamps are at least one moment such as 2026-11-20T08:00:00-05:00: all with their zone, or all days."
        raise ValueError(wrong) from None


def rows(value: ReceiptRule) -> Iterator[tuple[str, str]]:
    """The rule for the law book."""
    yield "says", value.says
    yield "lines of business", ", ".join(value.lines_of_business)
    yield "shown on", ", ".join(value.shown_on)


KIND = Kind(
    shelf="receipt",
    title="What counts as receipt",
    summary="What starts a clock and what does not stop it, and when an answer counts as given.",
    build=build,
    answer=answer,
    rows=rows,
)
