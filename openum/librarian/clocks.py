"""The library's clocks: check them, list the ones nobody looked at, print them as a page.

Reading them is in ``clock_reading``, running their worked examples in ``clock_examples``; both are named here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from openum.core.calendar import OutsideCalendar, Roll
from openum.core.clock_rule import ClockRule, Duty, Length, Point
from openum.librarian.answers_agree import differences
from openum.librarian.clock_examples import ExampleFault, answers_of, events_of, proof_for, rule_for, run_example
from openum.librarian.clock_reading import ClockFile, calendars, clock_files, examples_of, read_clocks, shaped
from openum.librarian.clock_vocabulary import Vocabulary, vocabulary, vocabulary_faults
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_
from openum.librarian.shape import SHIPPED
from openum.librarian.source_list import source_list

__all__ = [
    "ExampleFault",
    "calendars",
    "check_clocks",
    "differences",
    "events_of",
    "examples_of",
    "read_clocks",
    "reference",
    "reference_page",
    "rule_for",
    "run_example",
    "stale_clocks",
]

_YEAR = 365


def check_clocks(*roots: Path) -> tuple[Fault, ...]:
    """Check every clock rule of these shelves (libraries by path) with its examples; empty when all is well.

    A shelf may cite the sources of the shelf that comes with OpenUM beside its own ``clocks/sources.yaml``. Never
    raises for what is written in a file.
    """
    faults: list[Fault] = []
    sources: set[str] = set()
    for root in dict.fromkeys((SHIPPED, *roots)):
        listed, wrong = source_list(root)
        sources |= listed
        faults += (*wrong, *vocabulary_faults(root)) if root in roots else ()
    seen: dict[tuple[str, str], Path] = {}
    if faults:
        return tuple(sorted(faults))
    words = vocabulary(*roots)
    for file in (file for root in roots for file in clock_files(root)):
        faults += file.faults
        if file.rule is not None and file.document is not None:
            faults += _content_faults(file.document, file.rule, file.path, sources, seen)
            unfit = tuple(_unfit(file.document, file.rule, words))
            faults += unfit or _example_faults(file, file.rule, words)
    return tuple(sorted(faults))


def stale_clocks(rules: Iterable[ClockRule], *, on: date) -> tuple[ClockRule, ...]:
    """The rules nobody compared with their source for more than a year before ``on``."""
    return tuple(rule for rule in rules if (on - rule.authority.checked_on).days > _YEAR)


def _content_faults(
    document: Document, rule: ClockRule, path: Path, sources: set[str], seen: dict[tuple[str, str], Path]
) -> Iterator[Fault]:
    """What a schema cannot say: names, days, sources, calendars."""
    stem = rule.id.lower() + ("" if rule.version == "1" else f".v{rule.version}")
    if path.name != f"{stem}.yaml":
        wrong = f"{rule.id} version {rule.version} stands in {path.name}."
        yield document.fault(("id",), wrong, f"Name the file {stem}.yaml.")
    first = seen.setdefault((rule.id, rule.version), path)
    if first != path:
        wrong = f"{rule.id} version {rule.version} stands in {first} too."
        yield document.fault(("id",), wrong, "Give it the next version, or another id.")
    if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
        yield document.fault(("since",), "It ends before it begins.", "Put the earlier day into from.")
    for source in rule.authority.sources:
        if source not in sources:
            mend = "Add it to clocks/sources.yaml, or mend the key."
            yield document.fault(("authority", "sources"), f"Source {source} is not listed.", mend)
    if "from knowledge" in rule.authority.grading and not rule.authority.confirm:
        mend = "Say under `confirm:` what would confirm it."
        yield document.fault(("authority",), "A part of it is from knowledge.", mend)


def _unfit(document: Document, rule: ClockRule, words: Vocabulary) -> Iterator[Fault]:
    """What keeps a rule from being computed at all, so that its examples cannot run."""
    yield from _word_faults(document, rule, words)
    yield from _counting_faults(document, rule)
    yield from _moving_faults(document, rule)


def _counting_faults(document: Document, rule: ClockRule) -> Iterator[Fault]:
    told = [*rule.not_before, *(each for duty in rule.duties for each in _points(duty))]
    units = {length.unit for length in (rule.within, *(each.within for each in told)) if length}
    needs_calendar = bool(units & {"bd", "wd", "nd"}) or rule.roll is not Roll.NONE
    if (needs_calendar or rule.calendar) and rule.calendar not in calendars():
        mend = "Name us-federal or us-XX (a state) under `calendar:`."
        yield document.fault(("what", "calendar"), f"The calendar “{rule.calendar}” is not known.", mend)
    counted_back = [rule.within] if rule.before else []
    counted_back += [each.within for each in told if each.back]
    if any(length is None or length.unit in ("bd", "wd", "nd") for length in counted_back):
        mend = "Write the length in h, cd, mo or y."
        yield document.fault(("what", "answer_within"), "Only hours, calendar days, months and years count back.", mend)


def _points(duty: Duty) -> tuple[Point, ...]:
    return (*duty.points, *([duty.since] if duty.since else []))


def _word_faults(document: Document, rule: ClockRule, words: Vocabulary) -> Iterator[Fault]:
    """Events and circumstances that are not in the vocabulary, and conditions that ask one in the wrong way."""
    known = {*words.events, "start", "expiry", "first_expiry", "notice", "decision", "response"}
    told = [rule.start, rule.stops_at, *(each.anchor for each in rule.not_before)]
    told += [each.anchor for duty in rule.duties for each in _points(duty)]
    told += rule.leaves_out or ()
    for event in dict.fromkeys(each for each in told if each not in known):
        mend = f"{_near(event, words.events)}Or add it to clocks/events.yaml."
        yield document.fault(("what",), f"The event `{event}` is not in the vocabulary.", mend)
    for where, said in _written_conditions(document):
        yield from _condition_faults(document, where, said, words)


def _written_conditions(document: Document) -> Iterator[tuple[Path_, Mapping[str, Any]]]:
    what = document.data["what"]
    for at, said in enumerate(what.get("when", ())):
        yield ("what", "when", at), said
    for duty_at, duty in enumerate(what.get("duties", ())):
        for at, said in enumerate(duty.get("when", ())):
            yield ("what", "duties", duty_at, "when", at), said


def _condition_faults(document: Document, where: Path_, said: Mapping[str, Any], words: Vocabulary) -> Iterator[Fault]:
    datum, keys = said["datum"], set(said) - {"datum"}
    kind = "hours" if datum == "authorized_through" else words.data.get(datum)
    if kind is None:
        mend = f"{_near(datum, words.data)}Or add it to clocks/events.yaml."
        yield document.fault(where, f"The circumstance `{datum}` is not in the vocabulary.", mend)
        return
    takes, types = _TAKES[kind]
    values = [each for key in keys for each in (said[key] if key == "one_of" else [said[key]])]
    fits = keys and any(keys <= each for each in takes) and all(isinstance(each, types) for each in values)
    if not fits or (kind != "flag" and any(isinstance(each, bool) for each in values)):
        mend = "A day takes from or before, a flag is: true, a word is or one_of, a number also at_least or less_than."
        yield document.fault(where, f"`{datum}` is a {kind}; it does not take these words.", mend)


_TAKES: Mapping[str, tuple[tuple[set[str], ...], type | tuple[type, ...]]] = {
    "day": (({"from", "before"},), str),
    "flag": (({"is"},), bool),
    "word": (({"is"}, {"one_of"}), str),
    "number": (({"is"}, {"one_of"}, {"at_least", "less_than"}), int),
    "hours": (({"at_least"}, {"less_than"}), str),
}
"""What a condition on each type of circumstance may be written with, and the type of its values."""


def _near(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), 1)
    return f"Did you mean `{close[0]}`? " if close else ""


def _moving_faults(document: Document, rule: ClockRule) -> Iterator[Fault]:
    moves = rule.extension is not None or rule.information.effect != "none"
    if rule.before and moves:
        mend = "Take extension and missing_information out."
        yield document.fault(("what",), "A clock that counts back cannot be moved.", mend)
    if rule.extension is not None and rule.extension.interest_needed_for - rule.extension.grounds:
        mend = "List them under grounds too."
        where: Path_ = ("what", "extension", "interest_needed_for")
        yield document.fault(where, "It names grounds the extension does not have.", mend)


def _example_faults(file: ClockFile, rule: ClockRule, words: Vocabulary) -> Iterator[Fault]:
    beside = file.examples_path
    if not beside.exists():
        yield Fault(str(file.path), 1, "It has no worked examples.", f"Write {beside.name} beside it.")
        return
    document, faults = shaped(beside, "clock-examples")
    yield from faults
    if document is None or faults:
        return
    for index, example in enumerate(document.data["examples"]):
        yield from _one_example(rule, document, index, example, words)


def _one_example(
    rule: ClockRule, document: Document, index: int, example: Mapping[str, Any], words: Vocabulary
) -> Iterator[Fault]:
    place: Path_ = ("examples", index)
    try:
        told, proof = proof_for(rule, example["in"], calendars=calendars(), zone=example.get("tz", ""), words=words)
        actual = answers_of(rule, example["in"], told, proof)
    except (ExampleFault, OutsideCalendar, OverflowError) as fault:
        yield document.fault((*place, "in"), f"Example {example['id']}: {fault}", "Mend the words.")
        return
    for assumed in told.assumed:
        yield document.fault((*place, "in"), f"Example {example['id']}: {assumed}", "Use a word of clocks/events.yaml.")
    for difference in differences(actual, example["expected"]):
        yield document.fault(
            (*place, "expected"), f"Example {example['id']}: {difference}", "Mend the rule or the example."
        )


PAGE_HEAD = """\
# Clocks

*Generated from `library/clocks`; do not edit. `./dev docs` prints it anew.*

How long the law gives for an answer, by program. `h` hours (through nights, weekends and holidays, counted in UTC),
`cd` calendar days (day of receipt is day 0; the last day ends 23:59:59 on the plan's clock), `bd` business days,
`wd` working days. A rule is **verified** when supporting text was read; **from knowledge** waits for confirmation.
How a clock is computed: [explanation](../explanation/clocks.md). How a rule is written:
[library/clocks](../../library/clocks/README.md).
"""


def reference_page(rules: Iterable[ClockRule]) -> str:
    """Print every rule as a row of a Markdown page, by jurisdiction and program."""
    groups: dict[str, list[ClockRule]] = {}
    for rule in rules:
        groups.setdefault(f"{rule.jurisdiction} · {rule.program.replace('-', ' ')}", []).append(rule)
    return PAGE_HEAD + "".join(_section(name, groups[name]) for name in sorted(groups))


def reference() -> str:
    """The page of the clocks that come with OpenUM, as ``docs/reference/clocks.md`` must read."""
    return reference_page(read_clocks(SHIPPED))


def _section(name: str, rules: list[ClockRule]) -> str:
    titles = ("rule", "question", "holds for", "answer", "moved by", "if missed", "authority")
    head = f"| {' | '.join(titles)} |\n|{' --- |' * len(titles)}\n"
    return f"\n## {name}\n\n{head}" + "".join(_row(rule) for rule in rules)


def _row(rule: ClockRule) -> str:
    version = "" if rule.version == "1" else f", version {rule.version}"
    priorities = [] if len(rule.priorities) > 1 else list(rule.priorities)
    cells = (
        f"{rule.id}{version}",
        rule.title,
        "; ".join([", ".join(sorted(rule.request_types)), *priorities, *_limits(rule)]),
        _answer(rule),
        "; ".join(_moves(rule)) or "nothing",
        rule.on_miss.verdict if rule.on_miss else "",
        f"{rule.authority.cite}; {rule.authority.tag}, checked {rule.authority.checked_on}",
    )
    return f"| {' | '.join(cell.replace('_', ' ') for cell in cells)} |\n"


def _limits(rule: ClockRule) -> Iterator[str]:
    if rule.effective_from:
        yield f"received since {rule.effective_from}"
    if rule.effective_to:
        yield f"received until {rule.effective_to}"
    yield from (f"when {condition.words}" for condition in rule.conditions)


def _answer(rule: ClockRule) -> str:
    if rule.within is None:
        return "the law names no number"
    until = f", at the latest from the end of {rule.backstop.words}" if rule.backstop else ""
    return f"{rule.within.words} {'before' if rule.before else 'from'} {rule.start}{until}"


def _moves(rule: ClockRule) -> Iterator[str]:
    asked = rule.information
    if rule.extension is not None:
        yield f"extension of {rule.extension.adds.words} ({', '.join(sorted(rule.extension.grounds))})"
    if asked.effect == "tolls_extension":
        yield f"standstill within an extension, time to answer {_words(asked.allow)}"
    if asked.effect == "decide_after":
        yield (
            f"a question within {_words(asked.ask_within)}: {_words(asked.allow)} to answer, "
            f"then {_words(asked.decide_within)} to decide"
        )


def _words(length: Length | None) -> str:
    return length.words if length else ""
