"""The shelf of the formulary: rules of law about drugs, by ``form``, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import Answer
from openum.core.pharmacy_exceptions import (
    EVERYWHERE,
    STANDARD,
    URGENT,
    EmergencySupply,
    ExceptionRule,
    SafetyProgram,
    clock_of,
    deemed_approved,
    exception_for,
    ground_stated,
    holds_until,
)
from openum.core.pharmacy_rules import (
    Fill,
    FirstSupplyRule,
    NoticeBeforeEnd,
    StepAsked,
    StepRule,
    TransitionRule,
    Verdict,
    first_supply,
    may_end,
    new_start,
    step_allowed,
    transition,
)
from openum.librarian.law import Answers, Given, Kind, Provision

Rule = TransitionRule | StepRule | FirstSupplyRule | NoticeBeforeEnd | ExceptionRule | EmergencySupply | SafetyProgram
TRUTH: Mapping[Answer, bool | None] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}
SPOKEN: Mapping[str, str] = {
    name: word
    for word, names in {
        "starts": (
            "coverage_start", "coverage_effective", "effective_date", "enrollment_date", "enrollment_effective",
            "enrolled_on", "enrolled", "enrollment", "plan_year_start", "level_of_care_change_on",
            "level_of_care_changed_on",
        ),
        "on": (
            "fill_date", "filled_on", "date_of_fill", "fill", "filled", "request_date", "requested_on", "requested",
            "asked_on",
        ),
        "group": ("member", "who", "enrollee", "member_group"),
        "restriction": ("reason_for_restriction", "edit_type", "um_type", "type"),
        "setting": ("place", "pharmacy_setting"),
        "supplied": ("days_supplied", "already_supplied_days"),
        "last_taken": (
            "last_claim", "last_use", "last_used", "last_fill", "last_given", "last_dose", "last_administered",
        ),
        "history_known": ("claims_history_known", "never_taken", "history_checked"),
        "committee_approved": ("pt_approved", "p_and_t_approved", "pt_committee_approved"),
        "crosses_benefits": ("cross_benefit", "cross_b_d"),
        "plan": ("plan_type",),
        "state": ("jurisdiction",),
        "urgent": ("expedited", "exigent"),
        "grounds": ("ground", "reasons"),
        "missed": ("deadline_missed", "late"),
        "days": ("days_supply", "supply_days", "days_requested"),
        "long_term_care": ("ltc", "ltc_resident"),
        "sickle_cell": ("sickle_cell_disease",),
        "cancer": ("active_cancer", "cancer_pain"),
        "new_to_it": ("opioid_naive", "naive"),
        "noticed": ("notice_date", "notice_on", "noticed_on"),
        "ends": ("end_date", "ends_on", "discontinue_on", "discontinued_on", "stops_on"),
        "have": ("records", "on_file"),
        "plan_year_ends": ("plan_year_end",),
    }.items()
    for name in names
}  # fmt: skip
"""Other words for the same thing, so that a case need not know ours."""
MEANT: Mapping[str, tuple[str, ...]] = {
    "pa": ("prior_authorization",),
    "st": ("step_therapy",),
    "ql": ("quantity_limit", "quantity_limit_below_prescribed"),
    "quantity_limit": ("quantity_limit_below_prescribed",),
    "nf": ("nonformulary",),
    "non_formulary": ("nonformulary",),
    "new": ("new_enrollee",),
    "lis": ("lis_auto_assigned",),
    "ltc": ("long_term_care",),
    "b_vs_d": ("part_b_or_d",),
    "ma-pd": ("ma_pd",),
    "mapd": ("ma_pd",),
}
"""Short forms of values; the first that the rule knows is meant."""


@dataclass(frozen=True, slots=True)
class _Case:
    """The words of a case under our names; every word must be taken by the rule or it is a mistake."""

    words: Mapping[str, Any]

    @classmethod
    def of(cls, given: Given, known: Iterable[str]) -> _Case:
        words = {SPOKEN.get(name, name): value for name, value in given.items() if name not in known}
        words |= {name: value for name, value in given.items() if name in known}
        strange = sorted(set(words) - set(known))
        if strange:
            raise ValueError(f"{', '.join(strange)} is not a word of this rule; its words are {', '.join(known)}.")
        return cls(words)

    def day(self, name: str) -> date | None:
        value = self.words.get(name)
        return date.fromisoformat(str(value)[: len("2026-11-19")]) if value is not None else None

    def day_needed(self, name: str) -> date:
        day = self.day(name)
        if day is None:
            raise ValueError(f"`{name}` is needed.")
        return day

    def flag(self, name: str) -> bool | None:
        value = self.words.get(name)
        if value is not None and not isinstance(value, bool):
            raise ValueError(f"`{name}` is true or false, not {value!r}.")
        return value

    def text(self, name: str) -> str | None:
        value = self.words.get(name)
        return None if value is None else str(value)

    def among(self, name: str, known: Collection[str]) -> str | None:
        """A value by a word the rule knows, where it is a short form of one."""
        value = self.text(name)
        if value is None or value in known:
            return value
        return next((one for one in MEANT.get(value.lower(), ()) if one in known), value)

    def listed(self, name: str) -> tuple[str, ...]:
        value = self.words.get(name, ())
        return (value,) if isinstance(value, str) else tuple(value)


def build(provision: Provision) -> Rule:
    """The value a file says, by its ``form``."""
    return FORMS[provision.what["form"]].build(provision.what)


def answer(rule: Rule, given: Given) -> Answers:
    """What a rule makes of a case; unknown is ``null``, with what is ``missing``."""
    return next(form.answer(rule, given) for form in FORMS.values() if isinstance(rule, form.value))


def rows(rule: Rule) -> Iterator[tuple[str, str]]:
    """The rule in lines for the law book."""
    for name in rule.__dataclass_fields__:
        value = getattr(rule, name)
        if value not in ("", (), {}, False):
            yield name.replace("_", " "), _words(value)


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{_word(key)}: {_words(each)}" for key, each in value.items())
    if isinstance(value, frozenset | tuple):
        return ", ".join(_word(each) for each in sorted(value)) or "nothing further"
    return "yes" if value is True else _word(value)


def _word(value: object) -> str:
    return "everywhere else" if value == EVERYWHERE else str(value).replace("_", " ")


def _told(verdict: Verdict, *names: str) -> dict[str, Any]:
    return dict.fromkeys(names, TRUTH[verdict.answer]) | {
        "reason": verdict.reason,
        "missing": list(verdict.missing),
    }


def _transition(what: Mapping[str, Any]) -> TransitionRule:
    return TransitionRule(
        window_days=what["window_days"],
        supply_days=what["supply_days"],
        many_fills=frozenset(what["many_fills"]),
        groups=frozenset(what["groups"]),
        restrictions=frozenset(what["restrictions"]),
        edits_kept=frozenset(what["edits_kept"]),
        notice_clock=what["notice_clock"],
    )


def _answer_transition(rule: TransitionRule, given: Given) -> Answers:
    known = (
        "on", "group", "starts", "restriction", "ongoing", "new_prescription", "setting", "long_term_care", "edit",
        "supplied",
    )  # fmt: skip
    case = _Case.of(given, known)
    new = case.flag("new_prescription")
    fill = Fill(
        on=case.day_needed("on"),
        group=case.among("group", rule.groups),
        starts=case.day("starts"),
        restriction=case.among("restriction", rule.restrictions),
        ongoing=case.flag("ongoing") if new is None else not new,
        setting="long_term_care" if case.flag("long_term_care") else case.among("setting", rule.supply_days),
        edit=case.among("edit", rule.edits_kept),
        supplied=int(case.words.get("supplied", 0)),
    )
    found = transition(rule, fill)
    end = None if found.last_day is None else found.last_day.isoformat()
    told = _told(found.verdict, "applies", "transition_supply", "transition_applies")
    told |= {"supply_days": found.supply_days, "window_end": end, "last_day": end}
    return told | ({"notice_clock": rule.notice_clock} if found.verdict.answer is Answer.YES else {})


def _step(what: Mapping[str, Any]) -> StepRule:
    return StepRule(
        lookback_days=what["lookback_days"],
        committee_needed=what["committee_needed"],
        cross_benefit_plans=frozenset(what["cross_benefit_plans"]),
        exception_clocks=what["exception_clocks"],
    )


def _answer_step(rule: StepRule, given: Given) -> Answers:
    known = ("on", "last_taken", "history_known", "committee_approved", "crosses_benefits", "plan")
    case = _Case.of(given, known)
    step = StepAsked(
        on=case.day_needed("on"),
        last_taken=case.day("last_taken"),
        history_known=case.flag("history_known"),
        committee_approved=case.flag("committee_approved"),
        crosses_benefits=bool(case.flag("crosses_benefits")),
        plan=case.among("plan", rule.cross_benefit_plans),
    )
    told = _told(step_allowed(rule, step), "allowed", "step_allowed") | {"new_start": TRUTH[new_start(rule, step)]}
    return told | {"exception_clocks": dict(rule.exception_clocks)}


def _first_supply(what: Mapping[str, Any]) -> FirstSupplyRule:
    return FirstSupplyRule(most_days=what["most_days"], exempt=frozenset(what["exempt"]))


def _answer_first_supply(rule: FirstSupplyRule, given: Given) -> Answers:
    case = _Case.of(given, ("days", "new_to_it", *sorted(rule.exempt)))
    if "days" not in case.words:
        raise ValueError("`days` is needed.")
    exemptions = {name: case.flag(name) for name in rule.exempt}
    found = first_supply(rule, int(case.words["days"]), case.flag("new_to_it"), exemptions)
    return _told(found.verdict, "over_limit", "limit_applies") | {
        "days_without_asking": found.days,
        "allowed_days": found.days,
    }


def _notice(what: Mapping[str, Any]) -> NoticeBeforeEnd:
    return NoticeBeforeEnd(days=what["days"], applies_to=frozenset(what["applies_to"]))


def _answer_notice(rule: NoticeBeforeEnd, given: Given) -> Answers:
    case = _Case.of(given, ("noticed", "ends", "service"))
    noticed, ends = case.day("noticed"), case.day("ends")
    told: dict[str, Any] = {}
    if ends is not None:
        told |= _told(may_end(rule, noticed, ends, case.text("service")), "may_end", "allowed")
        told |= {"notice_by": rule.notice_by(ends).isoformat()}
    if noticed is not None:
        told |= {"first_end": rule.first_end(noticed).isoformat(), "earliest_end": rule.first_end(noticed).isoformat()}
    if not told:
        raise ValueError("`noticed` or `ends` is needed.")
    return told


def _exceptions(what: Mapping[str, Any]) -> ExceptionRule:
    return ExceptionRule(
        lifts=what.get("lifts", {}),
        grounds=frozenset(what.get("grounds", ())),
        clocks=what["clocks"],
        deemed={place: tuple(facts) for place, facts in what.get("deemed", {}).items()},
        lasts=what.get("lasts", ""),
        while_so=tuple(what.get("while_so", ())),
        external_review=what.get("external_review", False),
    )


def _answer_exceptions(rule: ExceptionRule, given: Given) -> Answers:
    facts = sorted({*rule.while_so, *(name for needed in rule.deemed.values() for name in needed)})
    case = _Case.of(given, ("restriction", "grounds", "state", "urgent", "missed", "plan_year_ends", *facts))
    place, known = case.text("state"), {name: case.flag(name) for name in facts}
    told: dict[str, Any] = {}
    if "restriction" in case.words:
        told["exception"] = exception_for(rule, str(case.among("restriction", rule.lifts)))
    if "grounds" in case.words:
        told |= _told(ground_stated(rule, case.listed("grounds")), "ground_stated")
    if "urgent" in case.words or "state" in case.words:
        told["clock"] = clock_of(rule, place, URGENT if case.flag("urgent") else STANDARD)
    if "missed" in case.words:
        told |= _told(deemed_approved(rule, place, missed=case.flag("missed"), facts=known), "deemed_approved")
    if "plan_year_ends" in case.words:
        until = holds_until(rule, case.day("plan_year_ends"), known)
        told["approved_through"] = None if until is None else until.isoformat()
    if not told:
        raise ValueError("Ask with restriction, grounds, state, urgent, missed or plan_year_ends.")
    return told | {"external_review": rule.external_review}


def _emergency(what: Mapping[str, Any]) -> EmergencySupply:
    return EmergencySupply(hours=what["hours"], needs=tuple(what["needs"]), clocks=what["clocks"])


def _answer_emergency(rule: EmergencySupply, given: Given) -> Answers:
    case = _Case.of(given, (*rule.needs, "program"))
    verdict = rule.applies({name: case.flag(name) for name in rule.needs})
    hours = rule.hours if verdict.answer is Answer.YES else None
    told = _told(verdict, "emergency_supply", "applies") | {"supply_hours": hours}
    program = case.text("program")
    return told | ({"clock": rule.clocks.get(program, "")} if program else {})


def _program(what: Mapping[str, Any]) -> SafetyProgram:
    return SafetyProgram(records=tuple(what["records"]))


def _answer_program(rule: SafetyProgram, given: Given) -> Answers:
    case = _Case.of(given, ("have", "fda_restricts_distribution"))
    told = _told(rule.ready(case.listed("have")), "may_dispense")
    told |= {"ground_to_deny": TRUTH[rule.is_ground_to_deny()]}
    limits = rule.may_limit_pharmacies(case.flag("fda_restricts_distribution"))
    return told | {"other_than_retail_allowed": TRUTH[limits]}


@dataclass(frozen=True, slots=True)
class _Form:
    value: type
    build: Callable[[Mapping[str, Any]], Rule]
    answer: Callable[[Any, Given], Answers]


FORMS: Mapping[str, _Form] = {
    "transition": _Form(TransitionRule, _transition, _answer_transition),
    "step": _Form(StepRule, _step, _answer_step),
    "first_supply": _Form(FirstSupplyRule, _first_supply, _answer_first_supply),
    "notice_before_end": _Form(NoticeBeforeEnd, _notice, _answer_notice),
    "exceptions": _Form(ExceptionRule, _exceptions, _answer_exceptions),
    "emergency_supply": _Form(EmergencySupply, _emergency, _answer_emergency),
    "safety_program": _Form(SafetyProgram, _program, _answer_program),
}
KIND = Kind(
    shelf="formulary",
    title="Drugs: transition, steps, exceptions, limits",
    summary="What the law says of authorization, step therapy and quantity limits of drugs, and of exceptions.",
    build=build,
    answer=answer,
    rows=rows,
)
