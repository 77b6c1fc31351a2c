"""How firm an approval is: on which grounds it may be reopened, and until when it cannot be touched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openum.core.answers import Answer
from openum.core.calendar import Calendar
from openum.core.clock_rule import parse_length
from openum.core.durability import GROUNDS, Approval, DurabilityRule, locked_until, may_reopen, still_valid
from openum.librarian.clock_reading import calendars
from openum.librarian.faults import Fault
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.kinds.clock_reference import clock_faults
from openum.librarian.law import Answers, Given, Kind, Provision
from openum.librarian.marked import Document

WORDS = {
    "ground": ("reopen_ground", "reason", "reopening_ground", "reopened_for", "reopen_reason", "reopening_reason"),
    "found_after_approval": (
        "information_after_approval",
        "new_information",
        "gathered_after_approval",
        "later_information",
    ),
    "approved_on": ("approved", "approval_date", "authorized_on", "approved_admission", "decided_on"),
    "started_on": ("service_started", "service_start", "started", "service_began", "service_begun", "care_began"),
    "enrolled_on": ("enrollment_effective", "enrolled"),
    "kind": ("service_kind", "what"),
    "line_of_business": ("lob",),
    "state": (),
    "on": ("date", "proposed_on", "reopened_on"),
    "in_network": (),
    "months": ("months_late",),
    "medically_necessary": ("medically_reasonable_and_necessary",),
    "avoids_disruption": ("needed_to_avoid_disruption",),
    "active_course": ("active_course_of_treatment",),
}
GROUND_SYNONYMS = {
    "new_information": "new_and_material_evidence",
    "new_evidence": "new_and_material_evidence",
    "new_clinical_information": "new_and_material_evidence",
    "error": "obvious_error",
    "obvious_error_on_the_face": "obvious_error",
    "medical_necessity": "reassessed_necessity",
    "not_medically_necessary": "reassessed_necessity",
    "inaccurate_information": "materially_incomplete_or_inaccurate_information",
    "incomplete_information": "materially_incomplete_or_inaccurate_information",
    "misrepresentation": "materially_incomplete_or_inaccurate_information",
    "ineligible": "not_eligible",
}
KIND_SYNONYMS = {
    "inpatient": "inpatient_admission",
    "admission": "inpatient_admission",
    "course": "course_of_treatment",
    "item": "service",
}
TRUTH = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Durability:
    """A rule and what it says beside its formal parts."""

    rule: DurabilityRule
    voluntary: bool
    said: Mapping[str, Any]

    @property
    def calendar(self) -> Calendar | None:
        """The calendar its business days are counted on."""
        return calendars()[self.rule.calendar] if self.rule.calendar else None


def _build(provision: Provision) -> Durability:
    said = provision.what
    grounds = frozenset(said["grounds"]) if "grounds" in said else None
    later = frozenset(said["later_information_for"]) if "later_information_for" in said else None
    if strangers := sorted((later or frozenset()) - GROUNDS):
        raise ValueError(f"{', '.join(strangers)} is no ground. Known are: {', '.join(sorted(GROUNDS))}.")
    within = parse_length(said["started_within"]) if "started_within" in said else None
    if within is not None and within.unit in ("bd", "wd") and said.get("calendar") not in calendars():
        raise ValueError("Business days name a calendar: us-federal, us-GA ….")
    rule = DurabilityRule(
        id=provision.id,
        words=said["words"],
        lines_of_business=frozenset(said.get("lines_of_business", ())),
        states=frozenset(said.get("states", ())),
        kinds=frozenset(said.get("kinds", ())),
        effective_from=provision.effective_from,
        effective_to=provision.effective_to,
        grounds=grounds,
        later_information_for=later,
        started_within=within,
        calendar=said.get("calendar", ""),
        holds_for=parse_length(said["holds_for"]) if "holds_for" in said else None,
        clock=said.get("clock", ""),
        valid_while=tuple(said.get("valid_while", ())),
        record=tuple(said.get("record", ())),
        interest_percent_a_month=said.get("interest_percent_a_month"),
    )
    return Durability(rule=rule, voluntary=said.get("voluntary", False), said=said)


def _answer(value: Durability, given: Given) -> Answers:
    words, rule = CaseWords(given, WORDS), value.rule
    approval = Approval(
        line_of_business=words.text("line_of_business"),
        state=words.text("state"),
        kind=KIND_SYNONYMS.get(words.text("kind"), words.text("kind")),
        approved_on=words.day("approved_on"),
        started_on=words.day("started_on"),
        enrolled_on=words.day("enrolled_on"),
    )
    if not rule.applies(approval):
        return {"applies": False, "reason": "the rule does not bind this approval"}
    return {"applies": True, **dict(_grounds(value, approval, words)), **dict(_times(value, approval, words))}


def _grounds(value: Durability, approval: Approval, words: CaseWords) -> Iterator[tuple[str, Any]]:
    said = words.text("ground")
    if not said and "found_after_approval" in words:
        said = "new_and_material_evidence"
    if not said:
        return
    ground = GROUND_SYNONYMS.get(said, said)
    on = words.day("on") or approval.approved_on or date.max
    found = may_reopen(
        approval, ground, words.flag("found_after_approval"), on=on, rules=(value.rule,), calendar=value.calendar
    )
    yield from (("may_reopen", found.allowed), ("reopen_allowed", found.allowed), ("why", found.why))
    yield from (("by", list(found.by)), ("record", list(found.record)), ("person_needed", True))


def _times(value: Durability, approval: Approval, words: CaseWords) -> Iterator[tuple[str, Any]]:
    rule = value.rule
    end = locked_until(approval, (rule,), calendar=value.calendar)
    if approval.approved_on is not None or rule.holds_for is not None:
        if end == date.max:
            yield from (("locked", True), ("locked_until", None), ("may_revoke", False))
        elif end is not None:
            yield from (("locked_until", end.isoformat()), ("protected_through", end.isoformat()))
            on = words.day("on")
            if on is not None:
                yield from (("locked", on <= end), ("may_revoke", on > end))
        elif rule.started_within is not None:
            yield from (("locked", False), ("may_revoke", True))
        if rule.started_within is not None and approval.approved_on is not None:
            begins_by = locked_until(replace(approval, started_on=None), (rule,), calendar=value.calendar)
            yield "start_by", None if begins_by is None else begins_by.isoformat()
    if rule.clock:
        yield "clock", rule.clock
    if rule.valid_while:
        known = {name: words.flag(name) for name in rule.valid_while}
        yield "still_valid", TRUTH[still_valid(rule, known)]
    months = words.whole("months")
    if rule.interest_percent_a_month is not None:
        yield "interest_percent_a_month", rule.interest_percent_a_month
        if months is not None:
            yield "interest_percent", rule.interest_percent_a_month * months


def _rows(value: Durability) -> Iterator[tuple[str, str]]:
    rule = value.rule
    yield "Rule", rule.words
    if value.voluntary:
        yield "Standing", "a promise that no law enforces"
    if rule.kinds:
        yield "Approvals of", ", ".join(sorted(rule.kinds)).replace("_", " ")
    if rule.grounds is not None:
        yield "May be reopened for", ", ".join(sorted(rule.grounds)).replace("_", " ") or "nothing"
    if rule.later_information_for is not None:
        words = ", ".join(sorted(rule.later_information_for)).replace("_", " ") or "nothing"
        yield "Information found later counts for", words
    if rule.started_within is not None:
        yield "Locked when care begins within", rule.started_within.words
    if rule.holds_for is not None:
        yield "Holds for", f"{rule.holds_for.words} from enrollment, that day counted"
    if rule.valid_while:
        yield "Valid while", ", ".join(rule.valid_while).replace("_", " ")
    for label, words in (("Clock", rule.clock), ("Record", "; ".join(rule.record).replace("_", " "))):
        if words:
            yield label, words
    if rule.interest_percent_a_month is not None:
        yield "Interest", f"{rule.interest_percent_a_month} of 100 for each month"


def _faults(document: Document, provision: Provision, value: Durability) -> Iterator[Fault]:  # noqa: ARG001 - a kind's form
    yield from clock_faults(document, provision, "clock")


KIND = Kind(
    shelf="durability",
    title="How firm an approval is",
    summary="Whether an approval may be reopened, on which grounds, and until when it cannot be touched at all.",
    build=_build,
    answer=_answer,
    rows=_rows,
    faults=_faults,
)
