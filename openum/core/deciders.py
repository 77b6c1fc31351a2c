"""Who may decide against a request, as law and accreditation say it: profession, license, specialty, independence.

A rule is content (``library/deciders``). :func:`fits` says what an actor lacks for one case; it stands beside the
guard of ``openum.core.determination``, which always asks for a named, licensed person, whatever a rule says.
Unknown is not yes: what is not known is lacking, in those words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openum.core.actor import Actor, License, Profession

Relation = Literal["none", "appropriate", "same_or_similar", "same"]
"""How the reviewer's field stands to the field of the service or of the clinician who ordered it."""
UNKNOWN = "not known: "


@dataclass(frozen=True, slots=True, kw_only=True)
class DeciderRule:
    """One jurisdiction's rule. Empty sets do not restrict.

    ``license_states`` are the only states whose license counts; ``licensed_where_member_is`` adds the state of the
    case. ``full_license`` shuts out a license for administrative medicine only. ``administrative_allowed``: a person
    without a clinical license may decide what is not about medical necessity.
    """

    id: str
    states: frozenset[str] = frozenset()
    lines_of_business: frozenset[str] = frozenset()
    professions: frozenset[Profession] = frozenset()
    license_states: frozenset[str] = frozenset()
    licensed_where_member_is: bool = False
    relation: Relation = "none"
    physician_when_physician_asks: bool = False
    no_pay_for_denials: bool = False
    individual_review: bool = False
    full_license: bool = False
    administrative_allowed: bool = False
    criteria_named_by_law: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeciderFacts:
    """What is known of a case on the day ``on``; ``None`` and empty mean not known.

    ``specialty`` is the field of the service or of the ordering clinician, ``similar`` further fields the plan holds
    to be similar or appropriate; ``expertise`` an attested competence in the clinical issues.
    """

    on: date
    state: str = ""
    medical_necessity: bool | None = None
    requester: Profession | None = None
    specialty: str = ""
    similar: frozenset[str] = frozenset()
    expertise: bool | None = None
    paid_for_denials: bool | None = None
    individually_reviewed: bool | None = None
    administrative_license_only: bool | None = None


def rules_for(
    rules: Iterable[DeciderRule], *, state: str | None, line_of_business: str | None
) -> tuple[DeciderRule, ...]:
    """The rules that may bind a case; a state or line of business that is not known keeps every rule in."""
    return tuple(
        rule
        for rule in rules
        if (not rule.states or not state or state in rule.states)
        and (not rule.lines_of_business or not line_of_business or line_of_business in rule.lines_of_business)
    )


def fits(rule: DeciderRule, actor: Actor, facts: DeciderFacts) -> tuple[str, ...]:
    """What the actor lacks to decide against the request under this rule; empty when nothing does."""
    if actor.kind != "person" or not actor.name:
        return ("a named person: software and systems do not decide against a request",)
    if rule.administrative_allowed and facts.medical_necessity is False:
        return ()
    license_ = actor.license
    if license_ is None:
        return ("a professional license",)
    found = [*_license(rule, license_, facts), *_profession(rule, license_, facts)]
    found += specialty_lacking(
        rule.relation, license_.specialty, facts.specialty, similar=facts.similar, expertise=facts.expertise
    )
    return (*found, *_independence(rule, facts))


def fits_all(rules: Iterable[DeciderRule], actor: Actor, facts: DeciderFacts) -> tuple[str, ...]:
    """What the actor lacks under any of the rules, each said once. A further rule never makes this shorter."""
    return tuple(dict.fromkeys(lack for rule in rules for lack in fits(rule, actor, facts)))


def specialty_lacking(
    relation: Relation, specialty: str, wanted: str, *, similar: frozenset[str] = frozenset(), expertise: bool | None
) -> tuple[str, ...]:
    """What is lacking in the reviewer's ``specialty`` so that it stands to the ``wanted`` one as the law asks."""
    if relation == "none":
        return ()
    known = frozenset({wanted} if wanted else ()) | (frozenset() if relation == "same" else similar)
    if specialty and specialty in known:
        return ()
    if relation == "appropriate":
        return _attested(expertise)
    words = "the same specialty" if relation == "same" else "the same or a similar specialty"
    if not known:
        return (f"{UNKNOWN}the specialty of the clinician who ordered or usually manages the care",)
    return (f"{UNKNOWN}the reviewer's specialty",) if not specialty else (f"{words}: {' or '.join(sorted(known))}",)


def _attested(expertise: bool | None) -> tuple[str, ...]:
    if expertise:
        return ()
    words = "expertise in the field of the service"
    return (f"{UNKNOWN}{words}",) if expertise is None else (words,)


def _license(rule: DeciderRule, held: License, facts: DeciderFacts) -> list[str]:
    found = []
    if not held.active_on(facts.on):
        found.append(f"a license active on {facts.on}")
    if rule.license_states and held.state not in rule.license_states:
        found.append(f"a license of {' or '.join(sorted(rule.license_states))}")
    if rule.licensed_where_member_is and held.state != facts.state:
        found.append(f"a license of {facts.state}" if facts.state else f"{UNKNOWN}the state of the case")
    if rule.full_license and facts.administrative_license_only is not False:
        known = facts.administrative_license_only is None
        words = "a license that is not for administrative medicine only"
        found.append(f"{UNKNOWN}{words}" if known else words)
    return found


def _profession(rule: DeciderRule, held: License, facts: DeciderFacts) -> list[str]:
    if rule.professions and held.profession not in rule.professions:
        return [f"a license as {' or '.join(sorted(rule.professions))}"]
    if not rule.physician_when_physician_asks or held.profession == "physician":
        return []
    if facts.requester is None:
        return [f"{UNKNOWN}whether a physician asked"]
    return ["a physician: a physician asked"] if facts.requester == "physician" else []


def _independence(rule: DeciderRule, facts: DeciderFacts) -> list[str]:
    found = []
    if rule.no_pay_for_denials and facts.paid_for_denials is not False:
        words = "pay that does not depend on denials"
        found.append(words if facts.paid_for_denials else f"{UNKNOWN}{words}")
    if rule.individual_review and facts.individually_reviewed is not True:
        words = "a review of this case by this person"
        found.append(f"{UNKNOWN}{words}" if facts.individually_reviewed is None else words)
    return found
