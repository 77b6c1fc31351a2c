"""Who may decide against a request, jurisdiction by jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from openum.core.actor import Actor, License, Profession
from openum.core.deciders import DeciderFacts, DeciderRule, fits
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

WORDS = {
    "profession": ("reviewer_profession", "license", "reviewer"),
    "license_state": ("licensed_in", "reviewer_state"),
    "license_active": ("active",),
    "specialty": ("reviewer_specialty",),
    "ordering_specialty": ("wanted_specialty", "service_specialty", "requester_specialty"),
    "similar_specialties": ("similar",),
    "requester": ("requester_profession", "ordered_by", "requested_by"),
    "state": ("member_state",),
    "medical_necessity": ("clinical",),
    "expertise": ("appropriate_expertise", "competent"),
    "paid_for_denials": ("denial_incentive", "incentives"),
    "individually_reviewed": ("individual_review",),
    "administrative_license_only": ("administrative_medicine_only",),
    "software": ("automated",),
    "on": ("date", "decided_on"),
}
ANY_DAY = date.max
"""Stands for a day of a case that none was given for: every version is in force then."""
RELATIONS = {
    "none": "",
    "appropriate": "expertise in the field appropriate to the service",
    "same_or_similar": "the same or a similar specialty",
    "same": "the same specialty",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """A rule, its first day, and what it says beside its formal parts."""

    rule: DeciderRule
    starts: date | None
    said: Mapping[str, Any]


def _build(provision: Provision) -> Decider:
    said = provision.what
    rule = DeciderRule(
        id=provision.id,
        states=frozenset(said.get("states", ())),
        lines_of_business=frozenset(said.get("lines_of_business", ())),
        professions=frozenset(said.get("professions", ())),
        license_states=frozenset(said.get("license_states", ())),
        licensed_where_member_is=said.get("licensed_where_member_is", False),
        relation=said["relation"],
        physician_when_physician_asks=said.get("physician_when_physician_asks", False),
        no_pay_for_denials=said.get("no_pay_for_denials", False),
        individual_review=said.get("individual_review", False),
        full_license=said.get("full_license", False),
        administrative_allowed=said.get("administrative_allowed", False),
        criteria_named_by_law=said.get("criteria_named_by_law", ""),
        words=said["words"],
    )
    return Decider(rule=rule, starts=provision.effective_from, said=said)


def _answer(value: Decider, given: Given) -> Answers:
    words = CaseWords(given, WORDS)
    on = words.day("on") or value.starts or ANY_DAY
    if value.starts is not None and on < value.starts:
        return {"applies": False, "may_deny": None, "lacking": []}
    lack = fits(value.rule, _actor(words, on), _facts(words, on))
    return {"applies": True, "may_deny": not lack, "lacking": list(lack)}


def _actor(words: CaseWords, on: date) -> Actor:
    if words.flag("software"):
        return Actor(kind="software", id="review", name="review")
    profession = words.text("profession")
    if not profession or profession == "none":
        return Actor(kind="person", id="1", name="A person")
    if profession not in get_args(Profession):
        raise ValueError(f"{profession} is no profession. Known are: {', '.join(get_args(Profession))}.")
    active = words.flag("license_active")
    license_ = License(
        profession=next(one for one in get_args(Profession) if one == profession),
        number="1",
        state=words.text("license_state"),
        specialty=words.text("specialty"),
        active_from=None if active is False else on,
    )
    return Actor(kind="person", id="1", name="A clinician", license=license_)


def _facts(words: CaseWords, on: date) -> DeciderFacts:
    requester = words.text("requester")
    return DeciderFacts(
        on=on,
        state=words.text("state"),
        medical_necessity=words.flag("medical_necessity"),
        requester=next((one for one in get_args(Profession) if one == requester), None),
        specialty=words.text("ordering_specialty"),
        similar=frozenset(words.texts("similar_specialties")),
        expertise=words.flag("expertise"),
        paid_for_denials=words.flag("paid_for_denials"),
        individually_reviewed=words.flag("individually_reviewed"),
        administrative_license_only=words.flag("administrative_license_only"),
    )


def _rows(value: Decider) -> Iterator[tuple[str, str]]:
    rule, said = value.rule, value.said
    yield "Who may deny", rule.words
    for label, names in (
        ("States", rule.states),
        ("Professions", rule.professions),
        ("Licensed in", rule.license_states),
    ):
        if names:
            yield label, ", ".join(sorted(names))
    if rule.relation != "none":
        yield "Field", RELATIONS[rule.relation]
    flags = {
        "licensed in the member's state": rule.licensed_where_member_is,
        "a physician when a physician asked": rule.physician_when_physician_asks,
        "pay that does not depend on denials": rule.no_pay_for_denials,
        "an individual review of each case": rule.individual_review,
        "not a license for administrative medicine only": rule.full_license,
    }
    if asked := [words for words, is_asked in flags.items() if is_asked]:
        yield "Also", "; ".join(asked)
    if rule.administrative_allowed:
        yield "Administrative denials", "a named person may decide what is not about medical necessity"
    if rule.criteria_named_by_law:
        yield "Criteria", rule.criteria_named_by_law
    if "duties" in said:
        yield "Duties", "; ".join(said["duties"])


KIND = Kind(
    shelf="deciders",
    title="Who may deny",
    summary="Profession, license, specialty and independence of the person who decides against a request.",
    build=_build,
    answer=_answer,
    rows=_rows,
)
