"""The library's clocks: read them, check them, name the calendars they count on, print them as a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import holidays
import jsonschema

from openum.core.calendar import Calendar, Roll
from openum.core.clock_rule import (
    ClockAuthority,
    ClockRule,
    Condition,
    DateCondition,
    Duty,
    ExtensionRule,
    FlagCondition,
    InformationRule,
    LeadCondition,
    Length,
    OnMiss,
    parse_length,
)
from openum.librarian.clock_examples import ExampleFault, differences, run_example
from openum.librarian.clock_files import Place, Sheet, read_sheet
from openum.librarian.faults import Fault

_EXAMPLES = ".examples.yaml"
_FEWEST_EXAMPLES = 3
_COVERED = (date(2020, 1, 1), date(2040, 12, 31))


def read_clocks(root: Path) -> tuple[ClockRule, ...]:
    """Read every clock rule under ``root/clocks`` (``root`` is the library), ordered by id and version.

    Raises:
        ValueError: a file is faulty; the message lists file, line, fault and mend. ``check_clocks`` says more.
    """
    rules: list[ClockRule] = []
    faults: list[Fault] = []
    schema = _schema(root)
    for path in _rule_files(root):
        sheet = read_sheet(path, root)
        wrong = sheet.faults or tuple(_schema_faults(sheet, schema))
        faults += wrong
        if not wrong:
            rules.append(_rule(sheet.content, path.relative_to(root / "clocks")))
    if faults:
        raise ValueError("\n".join(str(fault) for fault in faults))
    return tuple(sorted(rules, key=lambda rule: (rule.id, rule.version)))


def examples_of(root: Path) -> Iterator[tuple[ClockRule, Mapping[str, Any]]]:
    """Yield each rule with each of its worked examples, as written beside it."""
    for path in _rule_files(root):
        rule = _rule(read_sheet(path, root).content, path.relative_to(root / "clocks"))
        for example in read_sheet(_examples_file(path), root).content["examples"]:
            yield rule, example


@cache
def calendars() -> Mapping[str, Calendar]:
    """The calendars known by name: ``us-federal`` and ``us-XX`` for every state and territory, 2020 to 2040."""
    years = range(_COVERED[0].year, _COVERED[1].year + 1)
    known = {"us-federal": holidays.country_holidays("US", years=years)}
    for state in holidays.list_supported_countries()["US"]:
        known[f"us-{state}"] = holidays.country_holidays("US", subdiv=state, years=years)
    return {name: Calendar(name, frozenset(days), *_COVERED) for name, days in known.items()}


def check_clocks(root: Path) -> tuple[Fault, ...]:
    """Check every clock rule with its examples; empty when all is well. Never raises for what is written."""
    faults: list[Fault] = []
    seen: dict[tuple[str, str], str] = {}
    sources = _sources(root)
    for path in _rule_files(root):
        sheet = read_sheet(path, root)
        wrong = [*sheet.faults, *(_schema_faults(sheet, _schema(root)) if not sheet.faults else ())]
        if not wrong:
            rule = _rule(sheet.content, path.relative_to(root / "clocks"))
            wrong = [*_content_faults(sheet, rule, path, sources, seen), *_example_faults(rule, path, root)]
        faults += wrong
    return tuple(sorted(faults))


def stale_clocks(rules: Iterable[ClockRule], *, on: date) -> tuple[ClockRule, ...]:
    """The rules nobody compared with their source for a year before ``on``."""
    return tuple(rule for rule in rules if (on - rule.authority.checked_on).days > 365)


def _rule_files(root: Path) -> list[Path]:
    files = sorted((root / "clocks").glob("*/*/*.yaml"))
    return [path for path in files if not path.name.endswith(_EXAMPLES)]


def _examples_file(path: Path) -> Path:
    return path.with_name(path.name.removesuffix(".yaml") + _EXAMPLES)


def _schema(root: Path) -> jsonschema.Draft202012Validator:
    text = (root / "schema" / "clock.schema.json").read_text(encoding="utf-8")
    return jsonschema.Draft202012Validator(json.loads(text))


def _sources(root: Path) -> frozenset[str]:
    return frozenset(read_sheet(root / "clocks" / "sources.yaml", root).content["sources"])


def _schema_faults(sheet: Sheet, schema: jsonschema.Draft202012Validator) -> Iterator[Fault]:
    for error in schema.iter_errors(sheet.content):
        place: Place = tuple(error.absolute_path)
        where = ".".join(str(step) for step in place) or "the file"
        yield sheet.fault(place, f"{where}: {error.message}.", "See library/clocks/README.md for the form.")


def _content_faults(
    sheet: Sheet, rule: ClockRule, path: Path, sources: frozenset[str], seen: dict[tuple[str, str], str]
) -> Iterator[Fault]:
    """What the schema cannot say: names, days, sources, calendars."""
    stem = rule.id.lower() + ("" if rule.version == "1" else f".v{rule.version}")
    if path.name != f"{stem}.yaml":
        yield sheet.fault(("id",), f"{rule.id} version {rule.version} is in {path.name}.", f"Name it {stem}.yaml.")
    first = seen.setdefault((rule.id, rule.version), sheet.file)
    if first != sheet.file:
        yield sheet.fault(("id",), f"{rule.id} version {rule.version} is in {first} too.", "Give it the next version.")
    if rule.effective_from and rule.effective_to and rule.effective_to < rule.effective_from:
        yield sheet.fault(("since",), "It ends before it begins.", "Swap from and to.")
    for source in rule.authority.sources:
        if source not in sources:
            mend = "Add it to clocks/sources.yaml, or mend the key."
            yield sheet.fault(("authority", "sources"), f"Source {source} is not listed.", mend)
    if "from knowledge" in rule.authority.grading and not rule.authority.confirm:
        mend = "Say under confirm what would confirm it."
        yield sheet.fault(("authority",), "A part is from knowledge.", mend)
    yield from _calendar_faults(sheet, rule)


def _calendar_faults(sheet: Sheet, rule: ClockRule) -> Iterator[Fault]:
    counts = {length.unit for length in (rule.within, *(duty.within for duty in rule.duties)) if length}
    needed = bool(counts & {"bd", "wd"}) or rule.roll is not Roll.NONE
    if (needed or rule.calendar) and rule.calendar not in calendars():
        mend = "Name us-federal or us-XX under what.calendar."
        yield sheet.fault(("what",), f"Calendar “{rule.calendar}” is not known.", mend)
    if rule.before and (rule.within is None or rule.within.unit not in ("h", "cd")):
        yield sheet.fault(("what",), "Only hours and calendar days count back.", "Use h or cd.")


def _example_faults(rule: ClockRule, path: Path, root: Path) -> Iterator[Fault]:
    beside = _examples_file(path)
    if not beside.exists():
        file = path.relative_to(root).as_posix()
        yield Fault(file, 1, "It has no worked examples.", f"Write {beside.name} beside it.")
        return
    sheet = read_sheet(beside, root)
    yield from sheet.faults
    examples = sheet.content.get("examples") if isinstance(sheet.content, dict) else None
    if not isinstance(examples, list) or len(examples) < _FEWEST_EXAMPLES:
        yield sheet.fault(
            (), f"Fewer than {_FEWEST_EXAMPLES} worked examples.", "On time, one step late, and one more."
        )
        return
    for index, example in enumerate(examples):
        yield from _one_example(rule, sheet, index, example)


def _one_example(rule: ClockRule, sheet: Sheet, index: int, example: Any) -> Iterator[Fault]:
    place: Place = ("examples", index)
    if not isinstance(example, dict) or {"id", "in", "expected", "why"} - set(example):
        yield sheet.fault(place, "An example has id, in, expected and why.", "Add what is missing.")
        return
    try:
        actual = run_example(rule, example["in"], calendars=calendars(), zone=example.get("tz", ""))
    except ExampleFault as fault:
        yield sheet.fault((*place, "in"), f"Example {example['id']}: {fault}", "Mend the words.")
        return
    for difference in differences(actual, example["expected"]):
        yield sheet.fault((*place, "expected"), f"Example {example['id']}: {difference}", "Mend rule or example.")


def _rule(content: Mapping[str, Any], path: Path) -> ClockRule:
    what, since = content["what"], content["since"]
    jurisdiction, program = path.parts[:2]
    return ClockRule(
        id=content["id"],
        version=content["version"],
        title=content["title"],
        jurisdiction=jurisdiction,
        program=program,
        lines_of_business=frozenset(what["lines_of_business"]),
        request_types=frozenset(what["request_types"]),
        priorities=frozenset(what["priorities"]),
        within=_length(what["answer_within"]),
        start=what["counted_from"],
        stops_at=what["satisfied_by"],
        authority=_authority(content["authority"]),
        effective_from=_day(since["from"]),
        effective_to=_day(since["to"]),
        since_note=since.get("note", ""),
        before=what.get("before_event", False),
        backstop=_length(what.get("starts_without_it_after")),
        calendar=what.get("calendar", ""),
        roll=Roll(what.get("roll", "none")),
        oral_notice_counts=what.get("oral_notice_counts", False),
        notice_to=tuple(what.get("notice_to", ())),
        conditions=tuple(_condition(each) for each in what.get("when", ())),
        extension=_extension(what["extension"]) if "extension" in what else None,
        information=_information(what.get("missing_information", {"effect": "none"})),
        duties=tuple(Duty(**{**each, "within": parse_length(each["within"])}) for each in what.get("duties", ())),
        on_miss=OnMiss(**what["if_missed"]) if "if_missed" in what else None,
        also=tuple(content.get("also", ())),
        note=content.get("note", ""),
    )


def _authority(said: Mapping[str, Any]) -> ClockAuthority:
    checked = date.fromisoformat(said["checked_on"])
    return ClockAuthority(**{**said, "sources": tuple(said["sources"]), "checked_on": checked})


def _extension(said: Mapping[str, Any]) -> ExtensionRule:
    notice = said["notice"]
    return ExtensionRule(
        adds=parse_length(said["adds"]),
        grounds=frozenset(said["grounds"]),
        interest_needed_for=frozenset(said.get("interest_needed_for", ())),
        times=said.get("times", 1),
        notice_before_expiry=notice["before_expiry"],
        notice_to=tuple(notice["to"]),
        notice_content=tuple(notice.get("content", ())),
    )


def _information(said: Mapping[str, Any]) -> InformationRule:
    return InformationRule(
        effect=said["effect"],
        allow=_length(said.get("allow")),
        ask_within=_length(said.get("ask_within")),
        decide_within=_length(said.get("decide_within")),
    )


def _condition(said: Mapping[str, Any]) -> Condition:
    if "is" in said:
        return FlagCondition(datum=said["datum"], value=said["is"])
    if "at_least" in said or "less_than" in said:
        hours = parse_length(said.get("at_least") or said["less_than"]).amount
        return LeadCondition(hours=hours, at_least="at_least" in said)
    return DateCondition(datum=said["datum"], starts=_day(said.get("from")), before=_day(said.get("before")))


def _length(text: str | None) -> Length | None:
    return None if text is None else parse_length(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
