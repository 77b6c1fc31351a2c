"""Read the library's clocks: files to rules, and the calendars they count on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from typing import Any

import holidays

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
    NumberCondition,
    OnMiss,
    Point,
    WordCondition,
    parse_length,
)
from openum.core.refusal import Refusal
from openum.librarian.clock_vocabulary import vocabulary
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, read_document
from openum.librarian.shape import shape_faults

EXAMPLES = ".examples.yaml"
_COVERED = (date(2020, 1, 1), date(2040, 12, 31))


@dataclass(frozen=True, slots=True)
class ClockFile:
    """One file of the library: the rule it holds, or what is wrong with it."""

    path: Path
    document: Document | None
    rule: ClockRule | None
    faults: tuple[Fault, ...]

    @property
    def examples_path(self) -> Path:
        """Where its worked examples belong."""
        return self.path.with_name(self.path.name.removesuffix(".yaml") + EXAMPLES)


def clock_files(root: Path) -> Iterator[ClockFile]:
    """Yield every clock file under ``root/clocks/<jurisdiction>/<program>`` (``root`` is the library), by path."""
    for path in sorted((root / "clocks").glob("*/*/*.yaml")):
        if path.name.endswith(EXAMPLES):
            continue
        document, faults = shaped(path, "clock")
        if document is None or faults:
            yield ClockFile(path, document, None, faults)
            continue
        jurisdiction, program = path.parts[-3:-1]
        words = vocabulary(root).events
        rule = clock_of(document.data, jurisdiction=jurisdiction, program=program, event_words=words)
        yield ClockFile(path, document, rule, ())


def shaped(path: Path, kind: str) -> tuple[Document | None, tuple[Fault, ...]]:
    """Read a file and hold it against its schema."""
    document, faults = read_document(path)
    return document, faults if document is None else (*faults, *shape_faults(document, kind))


def read_clocks(*roots: Path) -> tuple[ClockRule, ...]:
    """Read every clock rule of these shelves (libraries by path), ordered by id and version.

    Raises:
        Refusal: ``library_faulty`` when a file cannot be read as a rule; ``check_clocks`` names every fault.
    """
    rules: list[ClockRule] = []
    for file in (file for root in roots for file in clock_files(root)):
        if file.rule is None:
            more = f"The clocks cannot be read: {file.faults[0]}"
            raise Refusal("library_faulty", more, "Run `openum library check` and mend what it names.")
        rules.append(file.rule)
    return tuple(sorted(rules, key=lambda rule: (rule.id, rule.version)))


def examples_of(root: Path) -> Iterator[tuple[ClockRule, Mapping[str, Any]]]:
    """Yield each readable rule with each of its worked examples, as written beside it."""
    for file in clock_files(root):
        document = read_document(file.examples_path)[0] if file.examples_path.exists() else None
        if file.rule is not None and document is not None:
            for example in document.data["examples"]:
                yield file.rule, example


class _Calendars(Mapping[str, Calendar]):
    """Every calendar by name, each made when it is first asked for: all of them take a second, one case needs two."""

    def __getitem__(self, name: str) -> Calendar:
        if name not in _regions():
            raise KeyError(name)
        return _calendar(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_regions())

    def __len__(self) -> int:
        return len(_regions())


_CALENDARS = _Calendars()


def calendars() -> Mapping[str, Calendar]:
    """The calendars known by name: ``us-federal`` and ``us-XX`` for every state and territory, 2020 to 2040."""
    return _CALENDARS


@cache
def _regions() -> Mapping[str, str | None]:
    """Each calendar's state or territory, ``None`` for the federal one."""
    return {"us-federal": None, **{f"us-{state}": state for state in holidays.list_supported_countries()["US"]}}


@cache
def _calendar(name: str) -> Calendar:
    years = range(_COVERED[0].year, _COVERED[1].year + 1)
    days = holidays.country_holidays("US", subdiv=_regions()[name], years=years)
    return Calendar(name, frozenset(days), *_COVERED)


def clock_of(
    content: Mapping[str, Any], *, jurisdiction: str, program: str, event_words: Mapping[str, str]
) -> ClockRule:
    """Build a clock rule from a file's content; its shape has been checked before."""
    what = content["what"]
    duties = tuple(_duty(each) for each in what.get("duties", ()))
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
        **_since(content["since"]),
        before=what.get("before_event", False),
        first_day_counts=what.get("first_day_counts", False),
        at=_time(what.get("at")),
        not_before=tuple(_point(each) for each in what.get("not_before", ())),
        leaves_out=(left["from"], left["to"]) if (left := what.get("leaves_out")) else None,
        result=what.get("result", ""),
        event_words=_events_named(what, duties, event_words),
        backstop=_length(what.get("starts_without_it_after")),
        calendar=what.get("calendar", ""),
        roll=Roll(what.get("roll", "none")),
        oral_notice_counts=what.get("oral_notice_counts", False),
        notice_to=tuple(what.get("notice_to", ())),
        conditions=tuple(_condition(each) for each in what.get("when", ())),
        extension=_extension(what["extension"]) if "extension" in what else None,
        information=_information(what.get("missing_information", {"effect": "none"})),
        duties=duties,
        on_miss=OnMiss(**what["if_missed"]) if "if_missed" in what else None,
        also=tuple(content.get("also", ())),
        note=content.get("note", ""),
    )


def _since(said: Mapping[str, Any]) -> dict[str, Any]:
    days = {"effective_from": _day(said["from"]), "effective_to": _day(said["to"])}
    return {**days, "since_note": said.get("note", "")}


def _events_named(what: Mapping[str, Any], duties: Iterable[Duty], event_words: Mapping[str, str]) -> dict[str, str]:
    """Of the events of the vocabulary those that the rule names, with their clauses."""
    named = {what["counted_from"], what["satisfied_by"], *what.get("leaves_out", {}).values()} | {
        each.anchor for duty in duties for each in (*duty.points, *([duty.since] if duty.since else []))
    }
    return {name: words for name, words in event_words.items() if name in named}


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
    datum = said["datum"]
    if isinstance(said.get("is"), bool):
        return FlagCondition(datum=datum, value=said["is"])
    if "is" in said or "one_of" in said:
        return WordCondition(datum=datum, one_of=tuple(said.get("one_of", [said.get("is")])))
    if datum == "authorized_through" and set(said) & {"at_least", "less_than"}:
        hours = parse_length(str(said.get("at_least") or said.get("less_than"))).amount
        return LeadCondition(hours=hours, at_least="at_least" in said)
    if "at_least" in said or "less_than" in said:
        return NumberCondition(datum=datum, at_least=said.get("at_least"), less_than=said.get("less_than"))
    return DateCondition(datum=datum, starts=_day(said.get("from")), before=_day(said.get("before")))


def _duty(said: Mapping[str, Any]) -> Duty:
    several = said.get("latest_of") or said.get("earliest_of")
    return Duty(
        id=said["id"],
        words=said["words"],
        points=tuple(_point(each) for each in several) if several else (_point(said),),
        pick="earliest" if "earliest_of" in said else "latest",
        since=_point(said["since"]) if "since" in said else None,
        conditions=tuple(_condition(each) for each in said.get("when", ())),
    )


def _point(said: Mapping[str, Any]) -> Point:
    back = "before" in said
    anchor = said["before"] if back else said["after"]
    return Point(within=parse_length(said["within"]), anchor=anchor, back=back, at=_time(said.get("at")))


def _time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _length(text: str | None) -> Length | None:
    return None if text is None else parse_length(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
