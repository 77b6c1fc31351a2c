"""One case seen whole: what doors answer with, pages show and `openum explain` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from openum.core.clock_words import day_words
from openum.payer.authorizations.queries import AuthorizationCard, of_determinations
from openum.payer.determinations.queries import DeterminationCard, LapseCard, current_determinations, lapses_of
from openum.payer.intake.queries import CaseCard, LineCard, find_case
from openum.payer.notices.queries import NoticeCard, notices_of
from openum.payer.reviews.queries import QuestionCard, ReviewCard, current_reviews, questions_of
from openum.records.clocks.queries import ClockCard, clocks_of
from openum.records.ledger.queries import events_of
from openum.records.ledger.values import Happened
from openum.records.parties.scope import Scope, software_scope

Standing = Literal["approved", "modified", "adverse", "excluded", "not_required", "pended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line with everything known about it. ``standing`` is its current outcome, or ``pended``."""

    line: LineCard
    review: ReviewCard | None
    determination: DeterminationCard | None
    authorization: AuthorizationCard | None
    questions: tuple[QuestionCard, ...]

    @property
    def standing(self) -> Standing:
        """The one current outcome of the line; software never says more than approved, not required or pended."""
        return "pended" if self.determination is None else self.determination.outcome  # type: ignore[return-value]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The sentences the standing rests on."""
        if self.determination is not None:
            return self.determination.reasons
        return tuple(text for text in (self.line.reason, *self.unmet, self.missing) if text)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The criteria answered no, each by its label; empty where none is."""
        return tuple(f"Not met: {label}." for label in unmet_labels(self.review.finding)) if self.review else ()

    @property
    def missing(self) -> str:
        """What the newest open question asks for, in one sentence; empty when nothing is asked."""
        asked = [question for question in self.questions if question.answered_at is None]
        return "; ".join(str(item["sentence"]) for item in asked[-1].items) if asked else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """One case with its lines, clocks, what the law made of missed ones, letters and events."""

    case: CaseCard
    lines: tuple[LineView, ...]
    clocks: tuple[ClockCard, ...]
    lapses: tuple[LapseCard, ...]
    notices: tuple[NoticeCard, ...]
    events: tuple[Happened, ...]

    @property
    def human(self) -> bool:
        """Whether a person decided at least one line."""
        return any(one.determination is not None and one.determination.human for one in self.lines)

    @property
    def ruling_clock(self) -> ClockCard | None:
        """The clock that rules: the open one that ends first, or the first to have ended when none is open."""
        return next((clock for clock in self.clocks if clock.earliest), None) or next(iter(self.clocks), None)

    @property
    def decided_at(self) -> datetime | None:
        """When the last line was decided, once all are."""
        moments = [one.determination.at for one in self.lines if one.determination is not None]
        return max(moments) if moments and len(moments) == len(self.lines) else None


def case_view(scope: Scope, number: str, *, history: bool = False) -> CaseView | None:
    """The case with this number, if this scope may see it; ``history`` adds every event."""
    case = find_case(scope, number)
    return None if case is None else view_of(case, history=history)


def view_of(case: CaseCard, *, history: bool = False) -> CaseView:
    """A case the caller already holds, seen whole."""
    whole = software_scope(case.tenant_id, "view")  # the case itself was found within the caller's scope
    clocks = clocks_of(whole, case.number)
    return CaseView(
        case=case,
        lines=line_views(case),
        clocks=clocks,
        lapses=lapses_of(whole, case.number) if any(clock.state == "missed" for clock in clocks) else (),
        notices=notices_of(whole, case.number),
        events=events_of(whole, case.number) if history else (),
    )


def line_views(case: CaseCard, *, decided_only: bool = False) -> tuple[LineView, ...]:
    """The lines of a case; ``decided_only`` leaves reviews and questions out, which an approval's letter needs not."""
    ids = tuple(line.id for line in case.lines)
    decided = current_determinations(case.tenant_id, ids)
    granted = of_determinations(case.tenant_id, tuple(card.id for card in decided.values())) if decided else {}
    reviews: Mapping[int, ReviewCard] = {} if decided_only else current_reviews(case.tenant_id, ids)
    asked: Mapping[int, tuple[QuestionCard, ...]] = {} if decided_only else questions_of(case.tenant_id, ids)
    return tuple(_line(line, reviews, decided, granted, asked) for line in case.lines)


def _line(
    line: LineCard,
    reviews: Mapping[int, ReviewCard],
    decided: Mapping[int, DeterminationCard],
    granted: Mapping[int, AuthorizationCard],
    asked: Mapping[int, tuple[QuestionCard, ...]],
) -> LineView:
    determination = decided.get(line.id)
    return LineView(
        line=line, review=reviews.get(line.id), determination=determination,
        authorization=granted.get(determination.id) if determination is not None else None,
        questions=asked.get(line.id, ()),
    )  # fmt: skip


def unmet_labels(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """The labels of the smallest branches of a kept finding that answer no (``core.explain.unmet``, as kept)."""
    if finding.get("answer") != "no":
        return ()
    below = tuple(label for one in finding.get("of", ()) for label in unmet_labels(one))
    return below or (str(finding.get("label", "")),)


def view_data(view: CaseView) -> dict[str, Any]:
    """A case as plain data, for machines (`openum decide --json`, `openum explain --json`)."""
    found = {"request": view.case.number, "lines": [line_data(one, view) for one in view.lines]}
    return found | ({"lapses": [lapse_data(lapse) for lapse in view.lapses]} if view.lapses else {})


def lapse_data(lapse: LapseCard) -> dict[str, Any]:
    """What the law made of a missed clock as plain data."""
    return {
        "rule": lapse.rule,
        "version": lapse.version,
        "citation": lapse.citation,
        "verdict": lapse.verdict,
        "effect": lapse.effect,
        "on": lapse.on.isoformat(),
        "lines": list(lapse.lines),
        "appeal_by": lapse.file_by.isoformat() if lapse.file_by is not None else None,
        "settled_at": lapse.settled_at.isoformat() if lapse.settled_at is not None else None,
        "settled_by": lapse.settled_by or None,
        "how": lapse.how or None,
    }


def lapse_sentence(lapse: LapseCard) -> str:
    """What the law made of a missed clock, and what is owed now, in one sentence or two."""
    owed = {
        "approve": "The approval issued by itself.",
        "ask_person": "It is not known whether this law applies: a person settles it.",
        "adverse_by_law": "Nobody decided anything: notice is due that day, and the decision is still owed.",
        "forward": "The case goes to the independent review entity: a person sends it.",
        "late": "A person sees to it.",
    }[lapse.effect]
    done = f"Done by {lapse.settled_by}: {lapse.how}" if lapse.settled_at is not None else ""
    window = f"The member may appeal until {day_words(lapse.file_by)}." if lapse.file_by is not None else ""
    return " ".join(part for part in (f"Since {day_words(lapse.on)}, {lapse.words}", owed, window, done) if part)


def clock_data(clock: ClockCard) -> dict[str, Any]:
    """A clock with its proof as plain data."""
    proof = clock.proof
    return {
        "rule": proof.rule_id,
        "version": proof.rule_version,
        "citation": proof.citation,
        "state": clock.state,
        "start_event": proof.start_event,
        "start": proof.start.isoformat() if proof.start is not None else None,
        "due_at": proof.due_at.isoformat() if proof.due_at is not None else None,
        "zone": proof.zone,
        "calendar": proof.calendar,
        "steps": list(proof.steps),
    }


def line_data(one: LineView, view: CaseView) -> dict[str, Any]:
    """One line as plain data."""
    review, determination, clock = one.review, one.determination, view.ruling_clock
    policy = determination.policy if determination is not None and determination.policy else one.line.policy
    return {
        "sequence": one.line.asked.sequence,
        "outcome": one.standing,
        "reasons": list(one.reasons),
        "policy": policy or None,
        "finding": review.finding if review is not None else None,
        "distance": review.distance if review is not None else None,
        "clock": clock_data(clock) if clock is not None else None,
        "authorization": one.authorization.held.number if one.authorization is not None else None,
        "alternatives": [dict(proposal) for proposal in review.proposals] if review is not None else [],
        "lane": one.line.lane or None,
        "ball": one.line.ball,
    }
