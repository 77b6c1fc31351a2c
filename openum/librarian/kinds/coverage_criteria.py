"""Which criteria a Medicare Advantage plan may use, what it must publish, and what may need asking at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openum.core.answers import Answer
from openum.core.coverage_criteria import (
    Committee,
    CommitteeFacts,
    CriteriaRule,
    Hierarchy,
    InpatientTests,
    InternalCriteria,
    NoAuthorization,
    Publication,
    Purposes,
    UniformElection,
    Verdict,
)
from openum.core.span import parse_span
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

TRUTH = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}
Build = Callable[[Mapping[str, Any]], CriteriaRule]
BUILDS: Mapping[str, Build] = {
    "hierarchy": lambda said: Hierarchy(levels=tuple(said["levels"])),
    "internal_criteria": lambda said: InternalCriteria(when=tuple(said["when"]), publish=tuple(said["publish"])),
    "publication": lambda said: Publication(
        parts=tuple(said["parts"]), where=said["where"], barriers=tuple(said.get("barriers", ()))
    ),
    "uniform_election": lambda said: UniformElection(days_before_bid=said["days_before_bid"], publish=said["publish"]),
    "committee": lambda said: Committee(
        seats=dict(said["seats"]),
        majority=said["majority"],
        reviews_every=parse_span(said["reviews_every"]),
        approves_before_use=said.get("approves_before_use", True),
        not_enforced=dict(said.get("not_enforced", {})),
    ),
    "purposes": lambda said: Purposes(allowed=tuple(said["allowed"])),
    "inpatient_tests": lambda said: InpatientTests(
        tests=tuple(said["tests"]), midnights=said["midnights"], presumption_applies=said["presumption_applies"]
    ),
    "no_authorization": lambda said: NoAuthorization(services=tuple(said["services"])),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """A rule and what it says beside its formal parts."""

    rule: CriteriaRule
    said: Mapping[str, Any]


def _build(provision: Provision) -> Coverage:
    said = provision.what
    if said["sort"] == "committee" and set(said["seats"]) & set(said.get("not_enforced", ())):
        raise ValueError("A seat that is not enforced is not asked for: take it out of seats.")
    return Coverage(rule=BUILDS[said["sort"]](said), said=said)


def _flags(names: tuple[str, ...], given: Given, *more: str) -> tuple[CaseWords, dict[str, bool | None]]:
    words = CaseWords(given, dict.fromkeys((*names, *more), ()))
    return words, {name: words.flag(name) for name in names}


def _answer(value: Coverage, given: Given) -> Answers:
    match value.rule:
        case Hierarchy() as rule:
            words, known = _flags(rule.levels, given, "source", "use")
            return _told(rule.may_use(words.text("source") or words.text("use"), known), "may_use")
        case InternalCriteria() as rule:
            _, known = _flags(rule.when, given)
            verdict = rule.may_use(known)
            return {**_told(verdict, "may_use"), "publish": list(verdict.publish)}
        case Publication() as rule:
            _, known = _flags((*rule.parts, *rule.barriers), given)
            lack = rule.lacking(known, known)
            return {"lacking": list(lack), "published": not lack, "where": rule.where}
        case UniformElection() as rule:
            words, _ = _flags((), given, "told_on", "bid_on")
            return {"in_time": TRUTH[rule.in_time(words.day("told_on"), words.day("bid_on"))], "publish": rule.publish}
        case Committee() as rule:
            lack = rule.lacking(_committee(rule, given))
            return {"lacking": list(lack), "may_be_used": not lack}
        case Purposes() as rule:
            words, _ = _flags((), given, "purpose")
            return {"allowed": TRUTH[rule.allow(words.text("purpose"))], "purposes": list(rule.allowed)}
        case InpatientTests() as rule:
            words, known = _flags(rule.tests, given, "expected_midnights", "presumption")
            known = {name: flag for name, flag in known.items() if name in words}
            verdict = rule.must_cover(known, expected_midnights=words.whole("expected_midnights"))
            return {**_told(verdict, "must_cover_as_inpatient"), "presumption_applies": rule.presumption_applies}
        case NoAuthorization() as rule:
            _, known = _flags(rule.services, given)
            return _told(rule.may_require(known), "may_require_authorization")


def _told(verdict: Verdict, word: str) -> dict[str, Any]:
    return {word: TRUTH[verdict.answer], "why": verdict.why}


def _committee(rule: Committee, given: Given) -> CommitteeFacts:
    own = ("practicing_physicians", "members", "approved_on", "used_from", "reviewed_on", "on")
    words = CaseWords(given, dict.fromkeys((*rule.seats, *rule.not_enforced, *own), ()))
    return CommitteeFacts(
        practicing_physicians=words.whole("practicing_physicians"),
        members=words.whole("members"),
        seats={seat: words.whole(seat) for seat in rule.seats},
        approved_on=words.day("approved_on"),
        used_from=words.day("used_from"),
        reviewed_on=words.day("reviewed_on"),
        on=words.day("on"),
    )


def _rows(value: Coverage) -> Iterator[tuple[str, str]]:
    said = value.said
    if "words" in said:
        yield "Rule", said["words"]
    labels = {
        "levels": "Strongest first", "when": "Own criteria only when", "publish": "To publish", "parts": "To publish",
        "where": "Where", "barriers": "Not behind", "days_before_bid": "Days before the bid", "seats": "Seats",
        "majority": "Majority", "reviews_every": "Reviews every", "not_enforced": "Not enforced", "allowed": "Only for",
        "tests": "Covered as inpatient by any of", "midnights": "Midnights", "services": "Never for",
    }  # fmt: skip
    for key, label in labels.items():
        if key in said:
            yield label, _shown(said[key])


def _shown(said: Any) -> str:
    if isinstance(said, Mapping):
        return "; ".join(f"{key}: {one}" for key, one in said.items()).replace("_", " ")
    return ("; ".join(said) if isinstance(said, list) else str(said)).replace("_", " ")


KIND = Kind(
    shelf="coverage-criteria",
    title="Coverage criteria",
    summary="Whose criteria decide in Medicare Advantage, what must be public, and what may never need asking.",
    build=_build,
    answer=_answer,
    rows=_rows,
)
