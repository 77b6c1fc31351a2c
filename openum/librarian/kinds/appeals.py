"""The shelf of appeals: levels, who may decide, continuation of benefits, and the fast track of covered care's end.

``what.kind`` says which of the four an item is. What each answers is in ``appeals_answers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from openum.core.appeal import After, Exhaustion, Filer, Ladder, Level, Next, ladder_of
from openum.core.appeal_continuation import ContinuationRule, FastTrack, Notice
from openum.core.appeal_independence import IndependenceRule
from openum.librarian.faults import Fault
from openum.librarian.kinds.appeals_answers import answer, clocks_of, names_of, rows
from openum.librarian.law import EXAMPLES, Item, Kind, Provision
from openum.librarian.marked import Document, Path_
from openum.librarian.shape import SHIPPED

Value = Level | IndependenceRule | ContinuationRule | FastTrack


def build(provision: Provision) -> Value:
    """The value an item's ``what:`` says, by its ``kind``."""
    what = provision.what
    match what["kind"]:
        case "level":
            return _level(provision.id, what)
        case "independence":
            return _independence(provision.id, what)
        case "continuation":
            return _continuation(provision.id, what)
    return _fast_track(provision.id, what)


def _level(id: str, what: Mapping[str, Any]) -> Level:
    filing, expedite = what["filing"], what.get("expedite", {})
    return Level(
        id=id,
        ladder=what["ladder"],
        order=what["order"],
        name=what["heard_as"],
        lines=frozenset(what["lines_of_business"]),
        decided_by=what["decided_by"],
        filed=filing["how"],
        filing_clock=filing.get("clock", ""),
        filed_when=filing.get("filed_when", ""),
        late=filing.get("late", "unstated"),
        late_words=filing.get("late_words", ""),
        filers=tuple(_filer(each) for each in filing.get("who", ())),
        forms=tuple((priority, tuple(forms)) for priority, forms in filing.get("form", {}).items()),
        only_when=tuple(what.get("only_when", ())),
        scope=tuple(what.get("scope", ())),
        decide=_pairs(what, "decide"),
        extends=frozenset(what.get("may_extend", ())),
        expedite=tuple(expedite.get("must_for", ())),
        expedite_refused_clock=expedite.get("refused", ""),
        **_what_follows(what),
        rounds=what.get("rounds", 1),
        amounts=tuple((each["year"], each["dollars"]) for each in what.get("amount_in_controversy", ())),
        independence=tuple(what.get("independence", ())),
        effectuate=_pairs(what, "effectuate"),
        continuation=tuple(what.get("continuation", ())),
        case_file=tuple(what.get("case_file", ())),
        clocks=_pairs(what, "clocks"),
        duties=tuple(what.get("duties", ())),
        bodies=tuple((each["name"], _day(each["from"]), _day(each["to"])) for each in what.get("bodies", ())),
    )


def _what_follows(what: Mapping[str, Any]) -> dict[str, Any]:
    said = what.get("exhaustion")
    exhaustion = said and Exhaustion(
        deemed_if=tuple(said["deemed_if"]),
        unless_all=tuple(said.get("unless_all", ())),
        explain_clock=said.get("explain_by", ""),
    )
    return {
        "upheld": After(**what.get("if_upheld", {})),
        "missed": After(**what.get("if_missed", {})),
        "dismissal_clock": what.get("if_dismissed", ""),
        "then": tuple(Next(level=each["level"], when=_pairs(each, "when")) for each in what.get("then", ())),
        "exhaustion": exhaustion,
    }


def _filer(said: Mapping[str, Any]) -> Filer:
    return Filer(who=said["who"], needs=tuple(said.get("needs", ())), matters=frozenset(said.get("matters", ())))


def _pairs(what: Mapping[str, Any], key: str) -> tuple[tuple[str, Any], ...]:
    return tuple(what.get(key, {}).items())


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _independence(id: str, what: Mapping[str, Any]) -> IndependenceRule:
    return IndependenceRule(
        id=id,
        lines=frozenset(what.get("lines_of_business", ())),
        levels=tuple(what["levels"]),
        not_involved=what.get("not_involved", False),
        not_subordinate=what.get("not_subordinate", False),
        professions=frozenset(what.get("professions", ())),
        specialty=what.get("specialty", ""),
        licensed_in_state=what.get("licensed_in_state", False),
        experience=tuple((each["while"], each["years"]) for each in what.get("experience", ())),
        must_hold=tuple(what.get("must_hold", ())),
        must_not_hold=tuple(what.get("must_not_hold", ())),
        consult_when=what.get("consult_when", ""),
        duties=tuple(what.get("duties", ())),
    )


def _continuation(id: str, what: Mapping[str, Any]) -> ContinuationRule:
    return ContinuationRule(
        id=id,
        lines=frozenset(what["lines_of_business"]),
        not_lines=frozenset(what.get("not_for", ())),
        conditions=tuple(what["conditions"]),
        never=tuple(what.get("never", ())),
        ends_on=tuple(what["ends_on"]),
        request_clock=what.get("request_by", ""),
        continue_clock=what.get("continue_by", ""),
        recoup_if=tuple(what.get("recoup_if", ())),
        recoup=what.get("recoup", ""),
    )


def _fast_track(id: str, what: Mapping[str, Any]) -> FastTrack:
    liability, late = what.get("liability", {}), what.get("late", {})
    return FastTrack(
        id=id,
        lines=frozenset(what["lines_of_business"]),
        settings=frozenset(what["settings"]),
        needs=tuple(what.get("needs", ())),
        notices=tuple(Notice(**{"form": "", "clock": "", **each}) for each in what["notices"]),
        request_clock=what["request"],
        decide_clock=what["decide"],
        records_clock=what.get("records", ""),
        burden=what["burden_of_proof"],
        liable_until=liability.get("until", ""),
        liability=liability.get("words", ""),
        late_to=late.get("to", ""),
        late_words=late.get("words", ""),
        effective_date=what.get("effective_date", ""),
        next_level=what["then"],
    )


def ladder(program: str, items: Iterable[Item]) -> Ladder:
    """The ladder of a program (``medicare-advantage``, ``erisa`` …) out of the items of this shelf.

    Raises:
        ValueError: there is no such ladder, or one of its levels leads nowhere.
    """
    return ladder_of(program, (item.value for item in items if isinstance(item.value, Level)))


def faults(document: Document, provision: Provision, value: Value) -> Iterator[Fault]:
    """Clocks and items of this shelf that it names and that nobody wrote."""
    root = provision.path.parents[len(Path(provision.jurisdiction).parts) + 1]
    where: Path_ = ("what",)
    for shelf, names, what in (("clocks", clocks_of(value), "clock"), ("appeals", names_of(value), "item of appeals")):
        written = _stems(root / shelf) | _stems(SHIPPED / shelf)
        for name in names:
            if name.lower() not in written:
                yield document.fault(where, f"There is no {what} {name}.", f"Write it in library/{shelf}.")


def _stems(folder: Path) -> frozenset[str]:
    return frozenset(path.stem for path in folder.rglob("*.yaml") if not path.name.endswith(EXAMPLES))


KIND = Kind(
    shelf="appeals",
    title="Appeals",
    summary="The levels of each program's appeal, who may file and decide, what goes on meanwhile and what follows.",
    build=build,
    answer=answer,
    rows=rows,
    faults=faults,
)
