"""The clocks of a library as pages of the law book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from openum.core.calendar import Roll
from openum.core.clock_rule import ClockRule, Condition, Duty, Length, Point
from openum.librarian.answers_agree import at_precision
from openum.librarian.book.entry import Entry
from openum.librarian.book.law_words import (
    TAGS,
    Case,
    Source,
    authority_blocks,
    case_blocks,
    since_blocks,
    since_words,
)
from openum.librarian.clock_examples import canonical, run_example
from openum.librarian.clock_reading import ClockFile, calendars, clock_files
from openum.librarian.clock_vocabulary import Vocabulary, vocabulary
from openum.librarian.marked import read_document
from openum.librarian.page import Block, Heading, Paragraph, Rows, Table

ROLLS = {Roll.NEXT_BUSINESS_DAY: "moves to the next business day"}


def clock_entries(roots: Sequence[Path], sources: Mapping[str, Source]) -> Iterator[Entry]:
    """Every clock of these shelves that can be read."""
    words = vocabulary(*roots)
    for root in roots:
        for file in clock_files(root):
            if file.rule is not None:
                yield clock_entry(file, file.rule, words, sources)


def clock_entry(file: ClockFile, rule: ClockRule, words: Vocabulary, sources: Mapping[str, Source]) -> Entry:
    """One clock: what it says, since when, by whose authority; its examples are run when they are asked for."""
    body = (
        Heading("What it says"),
        Rows(tuple((label, text) for label, text in clock_rows(rule, words.events) if text)),
        *_duties(rule, words.events),
        *([Paragraph(rule.note)] if rule.note else []),
        *since_blocks(rule.effective_from, rule.effective_to, rule.since_note),
        *authority_blocks([rule.authority], sources),
    )
    return Entry(
        shelf="clocks",
        name=rule.id,
        version=rule.version,
        title=rule.title,
        group=f"{rule.jurisdiction} · {plain(rule.program)}",
        since=since_words(rule.effective_from, rule.effective_to),
        tag=TAGS[rule.authority.tag],
        cites=(rule.authority.cite,),
        also=rule.also,
        body=body,
        worked=lambda: tuple(case_blocks(_cases(file, rule, words))),
    )


def clock_rows(rule: ClockRule, events: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each part of a clock as (label, words); a part it does not have is empty."""
    yield "For", ", ".join(plain(one) for one in sorted(rule.lines_of_business))
    asked = ", ".join(plain(one) for one in sorted(rule.request_types))
    yield "Requests", f"{asked}; {', '.join(sorted(rule.priorities))}"
    yield "Only when", "; ".join(condition.words for condition in rule.conditions)
    yield "Answer within", _within(rule)
    yield "Counted from", _event(rule.start, events)
    yield "Starts without it", f"at the end of {rule.backstop.words} after receipt" if rule.backstop else ""
    yield "Never before", "; ".join(_point(each, events) for each in rule.not_before)
    left = rule.leaves_out
    yield "Days left out", f"from {_event(left[0], events)} to {_event(left[1], events)}" if left else ""
    yield "Calendar", rule.calendar
    yield "An end on a closed day", ROLLS.get(rule.roll, "")
    yield "Answered by", _stop(rule, events)
    yield "Notice goes to", ", ".join(map(plain, rule.notice_to))
    yield "May be extended", _extension(rule)
    yield "Missing information", _information(rule)
    yield "When it is missed", _missed(rule)


def plain(word: str) -> str:
    """A name of the library as words."""
    return word.replace("_", " ").replace("-", " ")


def _event(name: str, events: Mapping[str, str]) -> str:
    clause = events.get(name, "")
    return f"{plain(name)} ({clause})" if clause and clause != plain(name) else plain(name)


def _within(rule: ClockRule) -> str:
    if rule.within is None:
        return "the law names no number"
    first = "; the day of the start is day 1" if rule.first_day_counts else ""
    at = f", at {rule.at:%H:%M} of that day" if rule.at else ""
    return f"{rule.within.words}{' before' if rule.before else ''}{at}{first}"


def _point(point: Point, events: Mapping[str, str]) -> str:
    at = f" at {point.at:%H:%M}" if point.at else ""
    return f"{point.within.words} {'before' if point.back else 'after'} {_event(point.anchor, events)}{at}"


def _stop(rule: ClockRule, events: Mapping[str, str]) -> str:
    return _event(rule.stops_at, events) + ("; a notice by voice counts" if rule.oral_notice_counts else "")


def _extension(rule: ClockRule) -> str:
    one = rule.extension
    if one is None:
        return ""
    times = f", up to {one.times} times" if one.times > 1 else ""
    told = "; told before the end that is moved" if one.notice_before_expiry else ""
    content = f"; the notice names {', '.join(map(plain, one.notice_content))}" if one.notice_content else ""
    return f"by {one.adds.words}{times} for {', '.join(plain(each) for each in sorted(one.grounds))}{told}{content}"


def _information(rule: ClockRule) -> str:
    asked = rule.information
    match asked.effect:
        case "tolls_extension":
            return f"stands still within an extension; time to answer {_words(asked.allow)}"
        case "decide_after":
            told = f"asked within {_words(asked.ask_within)}; {_words(asked.allow)} to answer"
            return f"{told}; then {_words(asked.decide_within)} to decide"
    return "does not move it"


def _words(length: Length | None) -> str:
    return length.words if length else "no stated time"


def _missed(rule: ClockRule) -> str:
    missed = rule.on_miss
    if missed is None:
        return ""
    starts = f" Then {missed.starts} begins." if missed.starts else ""
    return f"{plain(missed.verdict)}, unless the {missed.unless} came in time: {missed.words}{starts}"


def _duties(rule: ClockRule, events: Mapping[str, str]) -> Iterator[Block]:
    if rule.duties:
        rows = tuple((duty.id, duty.words, _due(duty, events), _when(duty.conditions)) for duty in rule.duties)
        yield Table("Further dates the same law sets", ("Name", "What", "By", "When"), rows)


def _due(duty: Duty, events: Mapping[str, str]) -> str:
    points = [_point(each, events) for each in duty.points]
    by = f"the {duty.pick} of: {'; '.join(points)}" if len(points) > 1 else points[0]
    return by + (f"; not before {_point(duty.since, events)}" if duty.since else "")


def _when(conditions: Sequence[Condition]) -> str:
    return "; ".join(condition.words for condition in conditions) or "always"


def _cases(file: ClockFile, rule: ClockRule, words: Vocabulary) -> Iterator[Case]:
    document = read_document(file.examples_path)[0] if file.examples_path.exists() else None
    for example in document.data["examples"] if document else ():
        found = run_example(rule, example["in"], calendars=calendars(), zone=example.get("tz", ""), words=words)
        expected = example["expected"]
        yield Case(example["id"], example["why"], given_in(example), expected, _asked(found, expected, words))


def given_in(example: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an example gives, its zone included."""
    zone = example.get("tz")
    return {**example["in"], **({"zone": zone} if zone else {})}


def _asked(found: Mapping[str, Any], expected: Mapping[str, Any], words: Vocabulary) -> dict[str, Any]:
    """Of what was computed that which is expected, under the words it is expected by."""
    names = canonical(expected, found, words)
    return {word: at_precision(found[name], expected[word]) for word, name in names.items() if name in found}
