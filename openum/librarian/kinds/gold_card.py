"""Gold cards: state programs that exempt a provider, and how an exemption may be taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from openum.core.gold_card import PastRequest, Program, Standing, Unit, evaluate, protected_until, standing_of
from openum.core.gold_card_rescission import RescissionRule
from openum.core.span import Span, parse_span
from openum.librarian.kinds.case_words import CaseWords
from openum.librarian.law import Answers, Given, Kind, Provision

PROGRAM_WORDS = {
    "eligible_requests": ("eligible", "requests", "total_requests", "decided_requests"),
    "approved": ("approvals", "approved_requests"),
    "denied": ("denials", "adverse"),
    "approval_rate": ("rate",),
    "requests_in_year": ("volume", "procedures", "procedures_per_year", "requests_per_year"),
    "history": ("past_requests",),
    "evaluation_on": ("evaluated_on", "evaluation_date", "evaluation_completed", "evaluated", "on"),
    "period_start": ("evaluation_period_start",),
    "period_end": ("evaluation_period_end",),
    "notice_on": ("notice_date", "notice_sent", "notice_sent_on"),
    "last_evaluation_on": ("last_evaluation",),
    "granted_on": ("exempt_since", "exemption_granted", "exemption_starts"),
    "service_kind": ("kind_of_service",),
    "needs_authorization": ("pa_required",),
    "state": (),
    "npi": (),
    "service": (),
    "issuer": (),
}
RESCISSION_WORDS = {
    "proposed_rescission_month": ("rescission_month",),
    "proposed_rescission_date": ("rescission_date", "proposed_rescission_on"),
    "sample_size": ("claims_sampled", "sample"),
    "sample_met": ("met_criteria", "would_have_met"),
    "notice_on": ("notice_date", "notice_sent", "notice_sent_on", "rescission_notice"),
    "iro_requested": ("iro_appeal", "iro_review_requested"),
    "iro_affirmed_on": ("iro_affirmed", "iro_decision_on"),
    "protected_until": (),
    "state": (),
    "npi": (),
    "service": (),
    "issuer": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCard:
    """A program or a rescission rule, with the days its version is in force and what it says beside its numbers."""

    program: Program | None
    rescission: RescissionRule | None
    starts: date | None
    ends: date | None
    said: Mapping[str, Any]

    def holds_on(self, day: date | None) -> bool:
        """Whether this version governs an evaluation on that day; without a day, whether it is open."""
        if day is None:
            return self.ends is None
        return (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


def _build(provision: Provision) -> GoldCard:
    said = provision.what
    is_program = said["sort"] == "program"
    return GoldCard(
        program=_program(provision.id, said) if is_program else None,
        rescission=None if is_program else _rescission(provision.id, said["rescission"]),
        starts=provision.effective_from,
        ends=provision.effective_to,
        said=said,
    )


def _program(id_: str, said: Mapping[str, Any]) -> Program:
    test, gives = said.get("test") or {}, said.get("exemption") or {}
    approved, against = frozenset(test.get("approved", ())), frozenset(test.get("against", ()))
    if approved & against:
        raise ValueError(f"{', '.join(sorted(approved & against))} counts both as approved and as decided against.")
    return Program(
        id=id_,
        rate=Fraction(test["approved_of_100"], 100) if test else None,
        period=_span(test.get("period")),
        fewest=test.get("fewest", 0),
        fewest_within=_span(test.get("fewest_in")),
        needed=test.get("needed", "exact"),
        approved=approved,
        against=against,
        lasts=_span(gives.get("lasts")),
        protected_after_evaluation=_span(gives.get("protected_after_evaluation")),
        evaluated_every=_span(said.get("evaluated_every")),
        last_day_gap=_span(said.get("last_day_gap")),
        notice_days=said.get("notice_days"),
        excluded=frozenset(said.get("excluded", ())),
        mandated=said.get("mandated", True),
    )


def _rescission(id_: str, said: Mapping[str, Any]) -> RescissionRule:
    least, most = said["sample"]
    return RescissionRule(
        id=id_,
        months=frozenset(said["months"]),
        sample_least=least,
        sample_most=most,
        rate=Fraction(said["met_of_100_below"], 100),
        advance_days=said["advance_notice_days"],
        after_notice_days=said["effective_days_after_notice"],
        after_affirmed_days=said["effective_days_after_iro_affirms"],
        reviewer=said["reviewer"],
    )


def _span(text: str | None) -> Span | None:
    return None if text is None else parse_span(text)


def _answer(value: GoldCard, given: Given) -> Answers:
    if value.rescission is not None:
        return dict(_rescinding(value.rescission, CaseWords(given, RESCISSION_WORDS)))
    assert value.program is not None  # noqa: S101 - one of the two is there
    words = CaseWords(given, PROGRAM_WORDS)
    day = words.day("evaluation_on") or words.day("period_end")
    if not value.holds_on(day):
        return {"applies": False, "reason": "another version governs an evaluation on this day"}
    return {"applies": True, **dict(_standing_words(value.program, words)), **dict(_days(value.program, words))}


def _standing_words(program: Program, words: CaseWords) -> Iterator[tuple[str, Any]]:
    if words.text("service_kind") in program.excluded:
        yield from (("exempt", False), ("reason", f"{words.text('service_kind')} is left out of the program"))
        return
    standing = _standing(program, words)
    if standing is None:
        return
    yield from (("exempt", standing.exempt), ("reason", standing.reason), ("missing", list(standing.missing)))
    if "approval_rate" not in words:
        yield from (("eligible", standing.eligible), ("approved", standing.approved))
    if standing.rate is not None:
        yield "rate", f"{standing.rate.numerator}/{standing.rate.denominator}"
    needs = words.flag("needs_authorization")
    if needs is not None:
        yield "authorization_required", needs and not standing.exempt


def _standing(program: Program, words: CaseWords) -> Standing | None:
    if "history" in words:
        on = words.day("evaluation_on") or words.day("period_end")
        if on is None:
            raise ValueError("A history needs evaluation_on, the last day of the period.")
        return evaluate(program, [_past(one) for one in words.get("history")], on=on)
    volume = words.whole("requests_in_year")
    eligible = words.whole("eligible_requests")
    if eligible is None and "approved" in words:
        eligible = volume  # all that was asked for in the year is what was judged, unless somebody says otherwise
    if eligible is None:
        return standing_of(program, 0, 0) if program.rate is None else None
    approved, of = _approved(words, eligible)
    return standing_of(program, of, approved, decided=eligible if volume is None else volume)


def _approved(words: CaseWords, eligible: int) -> tuple[int, int]:
    """How many of how many were approved; a rate alone is kept exact by counting in its own parts."""
    approved, denied = words.whole("approved"), words.whole("denied")
    if approved is not None:
        return approved, eligible
    if denied is not None:
        return eligible - denied, eligible
    if "approval_rate" not in words:
        raise ValueError("Say how many were approved, or denied.")
    text = str(words.get("approval_rate")).strip()
    share = Fraction(text.removesuffix("%").strip()) / (100 if text.endswith("%") else 1)
    return share.numerator * eligible, share.denominator * eligible


def _past(said: Mapping[str, Any]) -> PastRequest:
    words = CaseWords(said, {"decided_on": ("on", "decided"), "outcome": (), "eligible": (), "npi": (), "service": (),
                             "issuer": ()})  # fmt: skip
    eligible = words.flag("eligible") if "eligible" in words else True
    unit = Unit(words.text("npi"), words.text("service"), words.text("issuer"))
    return PastRequest(unit=unit, decided_on=words.day("decided_on"), outcome=words.text("outcome"), eligible=eligible)


def _days(program: Program, words: CaseWords) -> Iterator[tuple[str, Any]]:
    evaluated, start, end = words.day("evaluation_on"), words.day("period_start"), words.day("period_end")
    if program.period is not None:
        yield from (("evaluation_period", str(program.period)), ("evaluation_months", program.period.months))
        last = end or evaluated
        period = None if last is None else program.period_ending(last)
        if period is not None:
            yield from (("period_start", period[0].isoformat()), ("period_end", period[1].isoformat()))
            if end is not None and evaluated is not None:
                fits = program.within_gap(end, evaluated)
                yield "last_day_in_time", fits
                yield "period_valid", fits and start in (None, period[0])
    if evaluated is not None and program.notice_days is not None:
        yield "notice_by", (evaluated + timedelta(days=program.notice_days)).isoformat()
    if (notice := words.day("notice_on")) is not None:
        yield "exemption_starts", notice.isoformat()
    starts = words.day("granted_on") or words.day("notice_on")
    least = protected_until(program, last_evaluation_on=words.day("last_evaluation_on"), starts_on=starts)
    if least is not None:
        yield "protected_until", least.isoformat()


def _rescinding(rule: RescissionRule, words: CaseWords) -> Iterator[tuple[str, Any]]:
    verdicts = []
    month = words.day("proposed_rescission_date") or words.day("proposed_rescission_month")
    if month is not None:
        verdicts.append(rule.open_in(month))
        yield "next_window", f"{rule.next_window(month):%Y-%m}"
    size, met = words.whole("sample_size"), words.whole("sample_met")
    if size is not None and met is not None:
        verdicts.append(rule.sample_allows(size, met))
        yield from (("may_rescind", verdicts[-1]), ("sample_large_enough", size >= rule.sample_least))
    proposed, notice = words.day("proposed_rescission_date"), words.day("notice_on")
    if proposed is not None and notice is not None:
        verdicts.append(rule.told_in_time(notice_on=notice, proposed_on=proposed))
        yield "notice_in_time", verdicts[-1]
    if proposed is not None and rule.advance_days is not None:
        yield "notice_by", (proposed - timedelta(days=rule.advance_days)).isoformat()
    asked, affirmed = words.flag("iro_requested"), words.day("iro_affirmed_on")
    if notice is not None or affirmed is not None:
        day = rule.effective_on(notice_on=notice or date.min, asked_iro=bool(asked), affirmed_on=affirmed)
        yield "effective_on", None if day is None else day.isoformat()
    protected = words.day("protected_until")
    if month is not None and protected is not None:
        verdicts.append(month > protected)
    if verdicts:
        yield "allowed", all(verdicts)
    yield from (("person_needed", True), ("reviewer", rule.reviewer))


def _rows(value: GoldCard) -> Iterator[tuple[str, str]]:
    program, rule = value.program, value.rescission
    if program is not None:
        yield "Test", _test_words(program)
        if program.evaluated_every is not None:
            yield "Evaluated", f"at least every {program.evaluated_every}"
        if program.notice_days is not None:
            yield "Notice", f"within {program.notice_days} days of the evaluation"
    if rule is not None:
        yield "When", f"in the months {', '.join(map(str, sorted(rule.months)))}"
        yield "Sample", f"{rule.sample_least} to {rule.sample_most} claims, fewer than {rule.rate} met"
        yield "Notice", f"at least {rule.advance_days} days before"
        yield (
            "Effective",
            (
                f"{rule.after_notice_days} days after notice, or {rule.after_affirmed_days} days after the "
                "independent reviewer affirms"
            ),
        )
        yield "Reviewer", rule.reviewer
    for key in ("unit", "applies_to", "not_to", "excluded", "during", "reports"):
        if said := value.said.get(key):
            yield key.replace("_", " ").capitalize(), said if isinstance(said, str) else "; ".join(said)


def _test_words(program: Program) -> str:
    if program.rate is None:
        return "none by law" if not program.mandated else "not known here: a person decides"
    share = program.rate * 100
    fewest = f", at least {program.fewest} requests" if program.fewest else ""
    within = f" in {program.fewest_within}" if program.fewest_within else ""
    down = ", rounded down to a whole request" if program.needed == "down" else ", never rounded"
    return f"at least {share} of 100 approved in {program.period}{fewest}{within}{down}"


KIND = Kind(
    shelf="gold-card",
    title="Gold cards",
    summary="Exemptions from prior authorization that a provider earns by past approvals, and how they are lost.",
    build=_build,
    answer=_answer,
    rows=_rows,
)
