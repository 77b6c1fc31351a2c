"""The items of the shelf of appeals in words, for the law book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openum.core.appeal import After, Filer, Level
from openum.core.appeal_continuation import ContinuationRule, FastTrack
from openum.core.appeal_independence import IndependenceRule

BODIES = {
    "plan": "the plan",
    "ire": "the independent review entity",
    "iro": "an independent review organization",
    "qio": "the quality improvement organization",
    "alj": "an administrative law judge",
    "council": "the Medicare Appeals Council",
    "court": "a federal court",
    "state": "the state",
}
AFTER = {"forward": "sent on by itself", "deemed_exhausted": "", "nothing": ""}


def rows(value: Level | IndependenceRule | ContinuationRule | FastTrack) -> Iterable[tuple[str, str]]:
    """Each part of an item as (label, words)."""
    match value:
        case Level():
            parts = _level(value)
        case IndependenceRule():
            parts = _independence(value)
        case ContinuationRule():
            parts = _continuation(value)
        case _:
            parts = _fast_track(value)
    return ((label, words) for label, words in parts if words)


def _plain(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _table(pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name.replace('_', ' ')}: {clock}" for name, clock in pairs)


def _filer(filer: Filer) -> str:
    needs = f" with {_plain(filer.needs)}" if filer.needs else ""
    return filer.who.replace("_", " ") + needs + (f" (for {_plain(sorted(filer.matters))})" if filer.matters else "")


def _after(after: After) -> str:
    told = [AFTER[after.do], after.clock and f"by {after.clock}", after.words]
    return "; ".join(part for part in told if part)


def _level(level: Level) -> Iterator[tuple[str, str]]:
    yield "Ladder", f"{level.ladder}, level {level.order}: {level.name}"
    yield "For", _plain(sorted(level.lines))
    yield "Decided by", BODIES[level.decided_by]
    bodies = (f"{name} ({first or 'before'} to {last or 'now'})" for name, first, last in level.bodies)
    yield "Which is", "; ".join(bodies)
    yield "Open only when one holds", _plain(level.only_when)
    yield "Scope", " ".join(level.scope)
    arrives = "arrives by itself" if level.filed == "automatic" else "on request"
    yield "Filed", "; ".join(part for part in (arrives, level.filing_clock, level.filed_when) if part)
    yield "May be filed by", "; ".join(map(_filer, level.filers))
    yield "Form", "; ".join(f"{priority}: {_plain(forms)}" for priority, forms in level.forms)
    yield "Filed late", level.late_words or level.late.replace("_", " ")
    yield "Amount in controversy", "; ".join(f"{year}: ${dollars:,}" for year, dollars in level.amounts)
    yield "Decided within", _table(level.decide)
    yield "May be extended for", _plain(sorted(level.extends))
    yield "Must be expedited for", _plain(level.expedite)
    yield "When not expedited", level.expedite_refused_clock
    yield "Heard at this level", f"up to {level.rounds} times" if level.rounds > 1 else ""
    yield from _what_follows(level)
    yield "Further clocks", _table(level.clocks)
    yield "Who may decide", _plain(level.independence)
    yield "Meanwhile", _plain(level.continuation)
    yield "The case file holds", _plain(level.case_file)
    yield "Duties", " ".join(level.duties)


def _what_follows(level: Level) -> Iterator[tuple[str, str]]:
    yield "When upheld", _after(level.upheld)
    yield "When missed", _after(level.missed)
    yield "When dismissed", level.dismissal_clock and f"review of the dismissal: {level.dismissal_clock}"
    yield "When reversed", _table(level.effectuate)
    rule = level.exhaustion
    if rule:
        excuse = f", unless all of: {_plain(rule.unless_all)}" if rule.unless_all else ""
        explained = f"; explained by {rule.explain_clock}" if rule.explain_clock else ""
        yield "Counts as gone through when", f"any of: {_plain(rule.deemed_if)}{excuse}{explained}"
    leads = []
    for each in level.then:
        when = " and ".join(f"{name.replace('_', ' ')} is {'yes' if wanted else 'no'}" for name, wanted in each.when)
        leads.append(each.level + (f" when {when}" if when else ""))
    yield "Then", "; ".join(leads)


def _independence(rule: IndependenceRule) -> Iterator[tuple[str, str]]:
    yield "For", _plain((*sorted(rule.lines), *rule.levels))
    yield "Not involved before", "yes" if rule.not_involved else ""
    yield "Not subordinate to anybody who was", "yes" if rule.not_subordinate else ""
    yield "Profession", _plain(sorted(rule.professions))
    yield "Specialty", rule.specialty.replace("_", " ")
    yield "Licensed in the member's state", "yes" if rule.licensed_in_state else ""
    experience = (f"{years} years while {fact.replace('_', ' ')}" for fact, years in rule.experience)
    yield "Experience", "; ".join(experience)
    yield "Must hold", _plain(rule.must_hold)
    yield "Must not hold", _plain(rule.must_not_hold)
    yield "Consults an expert when", rule.consult_when.replace("_", " ")
    yield "Duties", " ".join(rule.duties)


def _continuation(rule: ContinuationRule) -> Iterator[tuple[str, str]]:
    yield "For", _plain(sorted(rule.lines))
    yield "Not for", _plain((*sorted(rule.not_lines), *rule.never))
    yield "When all hold", _plain(rule.conditions)
    yield "Asked for by", rule.request_clock
    yield "Asked for again by", rule.continue_clock
    yield "Ends on any of", _plain(rule.ends_on)
    yield "Cost asked back only if all", _plain(rule.recoup_if)
    yield "Cost", rule.recoup


def _fast_track(track: FastTrack) -> Iterator[tuple[str, str]]:
    yield "For", f"{_plain(sorted(track.lines))}: {_plain(sorted(track.settings))}"
    yield "Only when", _plain(track.needs)
    for notice in track.notices:
        parts = (notice.form, f"given by {notice.giver}", notice.clock, notice.words)
        yield notice.name, "; ".join(part for part in parts if part)
    yield "Effective date", track.effective_date
    yield "Asked for by", track.request_clock
    yield "Records by", track.records_clock
    yield "Decided by", track.decide_clock
    yield "Burden of proof", track.burden.replace("_", " ")
    yield "Liability", "; ".join(part for part in (track.liable_until, track.liability) if part)
    yield "Asked for late", f"{track.late_to}: {track.late_words}" if track.late_to else ""
    yield "Then", track.next_level
