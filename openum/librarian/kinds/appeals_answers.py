"""What the items of the shelf of appeals make of a case, in the words of examples and of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from openum.core.answers import Answer
from openum.core.appeal import (
    OUTCOMES,
    Facts,
    Ladder,
    Level,
    Outcome,
    Step,
    deemed_exhausted,
    missing_for_exhaustion,
    next_level,
)
from openum.core.appeal_continuation import ContinuationRule, FastTrack, continuation, open_to
from openum.core.appeal_filing import may_file
from openum.core.appeal_independence import AppealMatter, AppealReviewer, IndependenceRule, Prior, independent
from openum.librarian.clock_vocabulary import vocabulary
from openum.librarian.kinds.appeals_dates import dates_of, moments_of
from openum.librarian.kinds.appeals_rows import rows
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given

__all__ = ["answer", "clocks_of", "names_of", "rows"]

MATTERS = {
    "standard": ("preservice", "preservice_std", "pre_service", "benefit", "benefit_std", "non_urgent", "nonurgent"),
    "expedited": ("urgent", "exigent", "fast"),
    "payment": ("post", "post_service", "postservice", "claim", "reimbursement"),
    "part_b": ("part_b_std", "part_b_drug", "partb", "part_b_standard"),
    "part_b_expedited": ("part_b_exp", "partb_exp"),
}
FILERS = {
    "member": ("enrollee", "beneficiary", "claimant", "patient"),
    "representative": ("authorized_representative", "appointed_representative"),
    "treating_physician": ("physician", "doctor"),
    "provider": ("treating_provider",),
}
LEVEL_WORDS: Mapping[str, tuple[str, ...]] = {
    "filer": ("who", "filed_by", "by", "requester"),
    "matter": ("type", "kind", "request_type", "priority"),
    "outcome": ("decision", "result"),
    "amount": ("amount_in_controversy", "dollars"),
    "year": ("calendar_year",),
    "round": ("round_heard",),
    "levels": ("rounds", "appeal_levels", "internal_levels"),
    "on": ("day", "case_forwarded", "forwarded", "forwarded_on"),
}
PEOPLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "reviewer": ("reviewed_by", "decided_by"),
    "prior_reviewers": ("original_reviewer", "original_reviewers", "prior_reviewer", "initial_reviewer"),
    "managers": ("manager", "reports_to"),
    "profession": ("reviewer_profession",),
    "specialty": ("reviewer_specialty",),
    "specialties": ("case_specialty", "case_specialties", "fitting_specialties", "treating_specialty"),
    "license_states": ("licensed_in", "reviewer_states"),
    "state": ("member_state",),
    "expertise": ("appropriate_expertise",),
    "years": ("years_of_experience", "experience_years"),
    "consultant": ("expert",),
    "consultant_expertise": ("expert_expertise",),
    "prior_consultants": ("initial_consultant", "prior_consultant", "initial_consultants"),
}


def answer(value: Level | IndependenceRule | ContinuationRule | FastTrack, given: Given) -> Answers:
    """What the item says of a case. ``unknown`` stands where a fact is missing."""
    match value:
        case Level():
            return _level(value, given)
        case IndependenceRule():
            return _independence(value, given)
        case ContinuationRule():
            return _continuation(value, given)
    return _fast_track(value, given)


def _said(answer: Answer) -> bool | str:
    return {Answer.YES: True, Answer.NO: False}.get(answer, "unknown")


def _facts(words: CaseWords, names: tuple[str, ...]) -> Facts:
    return {name: words.flag(name) for name in names if name in words}


def _with_facts(known: Mapping[str, tuple[str, ...]], names: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return {**dict.fromkeys(names, ()), **known}


def _plain(word: str, known: Mapping[str, tuple[str, ...]]) -> str:
    return next((name for name, more in known.items() if word in more), word)


def facts_of_level(level: Level) -> tuple[str, ...]:
    """Every fact a level may ask about."""
    rule = level.exhaustion
    asked = [need for filer in level.filers for need in filer.needs]
    asked += [name for each in level.then for name, _ in each.when]
    asked += [*rule.deemed_if, *rule.unless_all] if rule else []
    return tuple(dict.fromkeys((*asked, *level.only_when)))


def _level(level: Level, given: Given) -> Answers:
    names = facts_of_level(level)
    known = _with_facts(LEVEL_WORDS, names)
    own = frozenset(word for name, more in known.items() for word in (name, *more))
    moments = moments_of(given, own)
    words = CaseWords({word: said for word, said in given.items() if word in own or word not in moments}, known)
    facts, matter = _facts(words, names), _matter(words, given)
    found: dict[str, Any] = {"decided_by": level.decided_by, "file_clock": level.filing_clock or None}
    found["applies"] = _said(level.open_to(facts))
    if matter:
        found |= _about(level, matter)
    if "filer" in words:
        found |= _filing(level, _plain(words.text("filer"), FILERS), facts, matter)
    if level.exhaustion:
        found["deemed_exhausted"] = _said(deemed_exhausted(level, facts))
        found["exhaustion_missing"] = list(missing_for_exhaustion(level, facts))
    if "outcome" in words:
        found |= _after(level, words, facts, matter)
    amount = _amount(level, words, given)
    return {**found, **amount, **_body(level, words), **dates_of(level, matter, moments)}


def _matter(words: CaseWords, given: Given) -> str:
    said = _plain(words.text("matter"), MATTERS)
    if said and said not in MATTERS:
        raise ValueError(f"{said} is no matter; known are {', '.join(MATTERS)}.")
    if not said and True in (given.get("expedited"), given.get("urgent")):
        return "expedited"
    return said


def _about(level: Level, matter: str) -> Mapping[str, Any]:
    return {
        "decide_clock": dict(level.decide).get(matter),
        "effectuate_clock": level.clock_to_effectuate(matter) or None,
        "extension_allowed": level.may_extend(matter),
    }


def _filing(level: Level, who: str, facts: Facts, matter: str) -> Mapping[str, Any]:
    may = may_file(level, who, facts, matter=matter)
    return {"may_file": _said(may.answer), "missing": list(may.unknown), "lacking": list(may.lacking)}


def _after(level: Level, words: CaseWords, facts: Facts, matter: str) -> Mapping[str, Any]:
    outcome = words.text("outcome")
    if outcome not in OUTCOMES:
        raise ValueError(f"{outcome!r} is no outcome; known are {', '.join(OUTCOMES)}.")
    # The neighbours' own clocks are not at hand here: a level by itself knows only their names.
    near = Ladder(program=level.ladder, levels=(level, *(_named_only(each.level) for each in level.then)))
    heard, planned = words.whole("round") or 1, words.whole("levels") or 1
    which: Outcome = next(each for each in OUTCOMES if each == outcome)
    steps = next_level(near, level, which, matter=matter, facts=facts, round_heard=heard, rounds_planned=planned)
    return {
        "do": [step.do for step in steps],
        "next": [name for step in steps for name in step.levels],
        "clock": next((step.clock for step in steps if step.clock), None),
        "unsettled": _unsettled(steps),
    }


def _unsettled(steps: tuple[Step, ...]) -> list[str]:
    return sorted({name for step in steps for name in step.unsettled})


def _named_only(id: str) -> Level:
    return Level(id=id, ladder="", order=0, name="", lines=frozenset(), decided_by="plan", filed="request")


def _amount(level: Level, words: CaseWords, given: Given) -> dict[str, Any]:
    """Whether the amount in controversy is reached: that of the year the request was filed in."""
    if not level.amounts:
        return {}
    year = words.whole("year") or _year_filed(given)
    reached = level.amount_reached(_whole_dollars(words.get("amount")), year)
    return {"amount_needed": dict(level.amounts).get(year or 0), "amount_reached": _said(reached)}


def _year_filed(given: Given) -> int | None:
    filed = [given[word] for word, event in vocabulary().event_of.items() if event == "filed" and word in given]
    day = CaseWords({"filed": filed[0]}, {"filed": ()}).day("filed") if filed else None
    return None if day is None else day.year


def _whole_dollars(said: Any) -> int | None:
    """An amount without its cents; the amounts the law asks for are whole dollars."""
    if said is None:
        return None
    try:
        amount = Decimal(str(said).replace(",", "").removeprefix("$"))
        return int(amount) if amount >= 0 and not isinstance(said, bool) else int("")
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"amount is dollars such as 200 or 199.99, not {said!r}.") from None


def _body(level: Level, words: CaseWords) -> dict[str, Any]:
    day = words.day("on")
    if day is None or not level.bodies:
        return {}
    return {"body": level.body_on(day) or None}


def facts_of_rule(rule: IndependenceRule) -> tuple[str, ...]:
    """Every further fact a rule of independence asks about."""
    asked = [*rule.must_hold, *rule.must_not_hold, *(fact for fact, _ in rule.experience)]
    return tuple(dict.fromkeys([*asked, *([rule.consult_when] if rule.consult_when else [])]))


def _independence(rule: IndependenceRule, given: Given) -> Answers:
    names = facts_of_rule(rule)
    words = CaseWords(given, _with_facts(PEOPLE_WORDS, names))
    matter = AppealMatter(
        specialties=frozenset(words.texts("specialties")),
        state=words.text("state"),
        facts=_facts(words, names),
        consultant=_consultant(words),
    )
    found = independent([rule], _reviewer(words), _prior(words), matter)
    may: bool | str = not found
    if found and not any(each.known for each in found):
        may = "unknown"
    return {
        "may_review": may,
        "may_decide_now": not found,
        "wrong": [each.code for each in found if each.known],
        "missing": [each.code for each in found if not each.known],
    }


def _reviewer(words: CaseWords) -> AppealReviewer:
    states = frozenset(words.texts("license_states")) if words.get("license_states") is not None else None
    return AppealReviewer(
        id=words.text("reviewer", "the reviewer"),
        profession=words.text("profession"),
        specialty=words.text("specialty"),
        license_states=states,
        expertise=words.flag("expertise"),
        years=words.whole("years"),
    )


def _consultant(words: CaseWords) -> AppealReviewer | None:
    who = words.text("consultant")
    return AppealReviewer(id=who, expertise=words.flag("consultant_expertise")) if who else None


def _prior(words: CaseWords) -> Prior:
    said = words.get("managers")
    if isinstance(said, str):
        said = {words.text("reviewer", "the reviewer"): said}
    if said is not None and not isinstance(said, Mapping):
        raise ValueError("managers says whom each person answers to: {dr-b: dr-c}; null where there is nobody.")
    return Prior(
        reviewers=_people(words, "prior_reviewers"),
        managers={str(who): _bosses(whom) for who, whom in (said or {}).items()},
        consultants=_people(words, "prior_consultants"),
    )


def _people(words: CaseWords, name: str) -> frozenset[str] | None:
    return frozenset(words.texts(name)) if words.get(name) is not None else None


def _bosses(whom: Any) -> tuple[str, ...]:
    if whom is None:
        return ()
    return tuple(map(str, whom)) if isinstance(whom, list) else (str(whom),)


def _continuation(rule: ContinuationRule, given: Given) -> Answers:
    names = (*rule.conditions, *rule.never, *rule.ends_on, *rule.recoup_if)
    words = CaseWords(given, _with_facts({"line_of_business": ("lob", "program")}, names))
    found = continuation(rule, _facts(words, names), line_of_business=words.text("line_of_business"))
    return {
        "continues": _said(found.answer),
        "missing": list(found.unknown),
        "lacking": list(found.lacking),
        "ended_by": list(found.ended_by),
        "may_recoup": _said(found.may_recoup),
        "request_clock": rule.request_clock or None,
    }


def _fast_track(track: FastTrack, given: Given) -> Answers:
    known = {"setting": ("place", "care"), "line_of_business": ("lob", "program"), "late": ("late_request", "untimely")}
    words = CaseWords(given, _with_facts(known, track.needs))
    setting, line = words.text("setting").lower(), words.text("line_of_business")
    applies = open_to(track, setting=setting, line_of_business=line, facts=_facts(words, track.needs))
    return {
        "applies": _said(applies),
        "notices": [notice.id for notice in track.notices],
        "request_clock": track.request_clock,
        "decide_clock": track.decide_clock,
        "burden_of_proof": track.burden,
        "request_to": track.late_to if words.flag("late") else "qio",
        "liable_until": track.liable_until or None,
        "next": track.next_level,
    }


def clocks_of(value: Level | IndependenceRule | ContinuationRule | FastTrack) -> tuple[str, ...]:
    """The clocks an item names, each once."""
    match value:
        case Level():
            named = [value.filing_clock, value.dismissal_clock, value.expedite_refused_clock, value.upheld.clock]
            named += [value.missed.clock, value.exhaustion.explain_clock if value.exhaustion else ""]
            named += [clock for table in (value.decide, value.effectuate, value.clocks) for _, clock in table]
        case ContinuationRule():
            named = [value.request_clock, value.continue_clock]
        case FastTrack():
            named = [value.request_clock, value.decide_clock, value.records_clock, value.liable_until]
            named += [notice.clock for notice in value.notices]
        case _:
            named = []
    return tuple(dict.fromkeys(name for name in named if name))


def names_of(value: Level | IndependenceRule | ContinuationRule | FastTrack) -> tuple[str, ...]:
    """The other items of the shelf an item names, each once."""
    match value:
        case Level():
            return (*(each.level for each in value.then), *value.independence, *value.continuation)
        case FastTrack():
            return (value.next_level,)
    return ()
