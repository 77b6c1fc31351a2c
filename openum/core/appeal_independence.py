"""Who may decide an appeal: apart from those who decided before, and fit for the matter.

What each program asks is content (``library/appeals``, kind ``independence``). Unknown is not independent: a reviewer
is free to decide only when everything asked is known, so every objection says what to find out or whom to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openum.core.appeal import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class IndependenceRule:
    """What one law or standard asks of the person who decides.

    ``not_involved``: no part in any earlier decision of the case. ``not_subordinate``: answers to nobody who had one.
    ``professions``: one of these (empty: any). ``specialty``: ``""`` (none asked), ``appropriate`` (expertise in the
    field, which a person attests) or ``same_or_similar`` (a specialty among those of the case). ``experience``: years
    asked for while a fact holds. ``must_hold`` and ``must_not_hold`` are further facts. While ``consult_when`` holds,
    an expert must be consulted who is apart from the experts consulted before. ``duties`` is what the reviewer must do.
    """

    id: str
    lines: frozenset[str] = frozenset()
    levels: tuple[str, ...] = ()
    not_involved: bool = False
    not_subordinate: bool = False
    professions: frozenset[str] = frozenset()
    specialty: str = ""
    licensed_in_state: bool = False
    experience: tuple[tuple[str, int], ...] = ()
    must_hold: tuple[str, ...] = ()
    must_not_hold: tuple[str, ...] = ()
    consult_when: str = ""
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealReviewer:
    """The person proposed to decide (or to be consulted), as the plan knows them.

    ``license_states`` and ``expertise`` are ``None`` while nobody has verified them; ``years`` is experience in the
    specialty.
    """

    id: str
    profession: str = ""
    specialty: str = ""
    license_states: frozenset[str] | None = None
    expertise: bool | None = None
    years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """What came before. ``reviewers`` had part in an earlier decision; ``None``: not known.

    ``managers`` names whom each person answers to, directly; somebody who is not in it has a manager nobody knows,
    somebody with none has an empty tuple. ``consultants`` were consulted before.
    """

    reviewers: frozenset[str] | None = None
    managers: Mapping[str, tuple[str, ...]]
    consultants: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealMatter:
    """What is decided: the specialties that fit (empty: not known), the member's state, and further facts."""

    specialties: frozenset[str] = frozenset()
    state: str = ""
    facts: Facts
    consultant: AppealReviewer | None = None


@dataclass(frozen=True, slots=True, order=True)
class Objection:
    """Why somebody may not decide, or may not yet: ``code`` is stable; ``known`` is false where a fact is missing."""

    code: str
    rule: str
    words: str
    known: bool = True


def independent(
    rules: Iterable[IndependenceRule], reviewer: AppealReviewer, prior: Prior, matter: AppealMatter
) -> tuple[Objection, ...]:
    """Everything that stands against this reviewer under these rules; empty means that they may decide."""
    found: set[Objection] = set()
    for rule in rules:
        found.update(_apart(rule, reviewer.id, prior.reviewers, prior.managers, ""))
        found.update(_fit(rule, reviewer, matter))
        found.update(_facts(rule, matter.facts))
        found.update(_consulted(rule, prior, matter))
    return tuple(sorted(found))


def _apart(
    rule: IndependenceRule, who: str, before: frozenset[str] | None, managers: Mapping[str, tuple[str, ...]], as_: str
) -> Iterable[Objection]:
    """``as_`` is empty for the reviewer and ``consultant-`` for the expert consulted."""
    if not (rule.not_involved or rule.not_subordinate):
        return
    if before is None:
        yield Objection(f"{as_}prior-unknown", rule.id, "It is not known who decided before.", known=False)
        return
    if rule.not_involved and who in before:
        yield Objection(f"{as_}involved-before", rule.id, "They had part in an earlier decision of this case.")
    if rule.not_subordinate and before:
        yield from _subordinate(rule, who, before, managers, as_)


def _subordinate(
    rule: IndependenceRule, who: str, before: frozenset[str], managers: Mapping[str, tuple[str, ...]], as_: str
) -> Iterable[Objection]:
    above, open_ends = chain_above(who, managers)
    if above & before:
        yield Objection(f"{as_}subordinate", rule.id, "They answer to somebody who decided this case before.")
    if open_ends:
        yield Objection(f"{as_}manager-unknown", rule.id, "It is not known whom they answer to.", known=False)


def chain_above(who: str, managers: Mapping[str, tuple[str, ...]]) -> tuple[frozenset[str], bool]:
    """Everybody this person answers to, at any remove, and whether the first step up is not known.

    Only the first step must be known: a chain that is written down so far is followed as far as it goes.
    """
    above: set[str] = set()
    waiting = list(managers.get(who, ()))
    while waiting:
        one = waiting.pop()
        if one not in above:
            above.add(one)
            waiting.extend(managers.get(one, ()))
    return frozenset(above), who not in managers


def _fit(rule: IndependenceRule, reviewer: AppealReviewer, matter: AppealMatter) -> Iterable[Objection]:
    if rule.professions and reviewer.profession not in rule.professions:
        known = reviewer.profession != ""
        wants = " or ".join(sorted(rule.professions))
        yield Objection("profession" if known else "profession-unknown", rule.id, f"The law asks for a {wants}.", known)
    yield from _specialty(rule, reviewer, matter)
    if rule.licensed_in_state:
        yield from _license(rule, reviewer, matter.state)
    for fact, years in rule.experience:
        yield from _experience(rule, reviewer, matter.facts.get(fact), years)


def _specialty(rule: IndependenceRule, reviewer: AppealReviewer, matter: AppealMatter) -> Iterable[Objection]:
    if rule.specialty == "appropriate" and reviewer.expertise is not True:
        known = reviewer.expertise is False
        code = "expertise" if known else "expertise-unknown"
        yield Objection(code, rule.id, "The law asks for expertise in the field of the service.", known)
    if rule.specialty != "same_or_similar" or reviewer.specialty in matter.specialties:
        return
    known = bool(matter.specialties and reviewer.specialty)
    code = "specialty" if known else "specialty-unknown"
    yield Objection(code, rule.id, "The law asks for the same or a similar specialty.", known)


def _license(rule: IndependenceRule, reviewer: AppealReviewer, state: str) -> Iterable[Objection]:
    if reviewer.license_states is None or not state:
        yield Objection("license-unknown", rule.id, "The license for this state is not verified.", known=False)
    elif state not in reviewer.license_states:
        yield Objection("license", rule.id, "They hold no license for this state.")


def _experience(
    rule: IndependenceRule, reviewer: AppealReviewer, holds: bool | None, years: int
) -> Iterable[Objection]:
    if holds is False or (reviewer.years is not None and reviewer.years >= years):
        return
    known = holds is True and reviewer.years is not None
    code = "experience" if known else "experience-unknown"
    yield Objection(code, rule.id, f"The law asks for {years} years of experience here.", known)


def _facts(rule: IndependenceRule, facts: Facts) -> Iterable[Objection]:
    for names, wanted in ((rule.must_hold, True), (rule.must_not_hold, False)):
        for name in names:
            known = facts.get(name)
            if known is not wanted:
                code = name.replace("_", "-") + ("-unknown" if known is None else "")
                words = f"It must{'' if wanted else ' not'} hold: {name.replace('_', ' ')}."
                yield Objection(code, rule.id, words, known is not None)


def _consulted(rule: IndependenceRule, prior: Prior, matter: AppealMatter) -> Iterable[Objection]:
    """The expert whom the law has the reviewer ask, where the decision rests on medical judgment."""
    if not rule.consult_when or matter.facts.get(rule.consult_when) is False:
        return
    expert = matter.consultant
    if expert is None:
        known = matter.facts.get(rule.consult_when) is True
        code = "consultant-missing" if known else f"{rule.consult_when.replace('_', '-')}-unknown"
        yield Objection(code, rule.id, "An expert in the field must be consulted.", known)
        return
    if expert.expertise is not True:
        known = expert.expertise is False
        code = "consultant-expertise" if known else "consultant-expertise-unknown"
        yield Objection(code, rule.id, "The consultant must have training and experience in the field.", known)
    yield from _apart(rule, expert.id, prior.consultants, prior.managers, "consultant-")
