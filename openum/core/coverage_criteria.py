"""Which criteria a Medicare Advantage plan may use, what it must publish of them, and what may need asking at all.

The rules are content (``library/coverage-criteria``; 42 CFR 422.101(b), 422.137, 422.138(b), 412.3). Answers are yes,
no or not known; what is not known is never taken for a yes that would burden a member.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openum.core.answers import NO, UNKNOWN, YES, Answer, any_of, of_bool
from openum.core.span import Span

Known = Mapping[str, bool | None]
"""Yes/no facts by name; absent and ``None`` are not known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer, why, and what must be published with it."""

    answer: Answer
    why: str
    publish: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hierarchy:
    """The sources of criteria, strongest first. The last one is the plan's own."""

    levels: tuple[str, ...]

    def may_use(self, level: str, fully_established: Known) -> Verdict:
        """Whether criteria of ``level`` may decide, given which stronger sources fully establish the criteria.

        Raises:
            ValueError: the level is not one of the hierarchy.
        """
        if level not in self.levels:
            raise ValueError(f"{level!r} is no source of criteria. Known are: {', '.join(self.levels)}.")
        stronger = self.levels[: self.levels.index(level)]
        for one in stronger:
            if fully_established.get(one):
                return Verdict(NO, f"{one.replace('_', ' ')} governs")
        unknown = [one for one in stronger if fully_established.get(one) is None]
        if unknown:
            return Verdict(UNKNOWN, f"not known: what {', '.join(unknown).replace('_', ' ')} says")
        return Verdict(YES, "no stronger source fully establishes the criteria")


@dataclass(frozen=True, slots=True, kw_only=True)
class InternalCriteria:
    """The only cases in which a plan may use criteria of its own; ``publish`` is what must then be public."""

    when: tuple[str, ...]
    publish: tuple[str, ...]

    def may_use(self, known: Known) -> Verdict:
        """Yes when one case holds, no when none does, otherwise not known."""
        answer = any_of(of_bool(known.get(case)) for case in self.when)
        if answer is YES:
            case = next(case for case in self.when if known.get(case))
            return Verdict(YES, case.replace("_", " "), self.publish)
        if answer is NO:
            return Verdict(NO, "none of the cases holds in which own criteria are allowed")
        return Verdict(UNKNOWN, "not known whether own criteria are allowed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What must be public with criteria, and where; ``barriers`` may not stand before it."""

    parts: tuple[str, ...]
    where: str
    barriers: tuple[str, ...] = ()

    def lacking(self, published: Known, barriers: Known) -> tuple[str, ...]:
        """What is not published, or stands behind a barrier; what is not known is lacking."""
        parts = [f"{part.replace('_', ' ')} is not published" for part in self.parts if not published.get(part)]
        walls = [f"{one.replace('_', ' ')} stands before it" for one in self.barriers if barriers.get(one) is not False]
        return (*parts, *walls)


@dataclass(frozen=True, slots=True, kw_only=True)
class UniformElection:
    """A plan over several contractors' areas may elect one uniform local determination if it tells in time."""

    days_before_bid: int
    publish: str

    def in_time(self, told_on: date | None, bid_on: date | None) -> Answer:
        """Whether the regulator was told early enough before the bid."""
        if told_on is None or bid_on is None:
            return UNKNOWN
        return YES if (bid_on - told_on).days >= self.days_before_bid else NO


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeFacts:
    """What is known of a committee and of one policy it answers for."""

    practicing_physicians: int | None = None
    members: int | None = None
    seats: Mapping[str, int | None] = field(default_factory=dict)
    approved_on: date | None = None
    used_from: date | None = None
    reviewed_on: date | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """The utilization management committee: who sits on it, and what it must do before and every so often."""

    seats: Mapping[str, int]
    majority: str
    reviews_every: Span
    approves_before_use: bool = True
    not_enforced: Mapping[str, str] = field(default_factory=dict)

    def lacking(self, facts: CommitteeFacts) -> tuple[str, ...]:
        """What keeps a policy from being used; empty when nothing does. Not known is lacking."""
        return (*self._sitting(facts), *self._acting(facts))

    def _sitting(self, facts: CommitteeFacts) -> list[str]:
        found = []
        if facts.members is None or facts.practicing_physicians is None:
            found.append(f"not known: how many members are {self.majority.replace('_', ' ')}")
        elif facts.practicing_physicians * 2 <= facts.members:
            found.append(f"a majority of {self.majority.replace('_', ' ')}")
        return found + [
            f"{count} {seat.replace('_', ' ')}" for seat, count in self.seats.items()
            if (facts.seats.get(seat) or 0) < count
        ]  # fmt: skip

    def _acting(self, facts: CommitteeFacts) -> list[str]:
        if not self.approves_before_use:
            return []
        if facts.approved_on is None:
            return ["the committee's approval before use"]
        found = []
        if facts.used_from is not None and facts.used_from < facts.approved_on:
            found.append(f"approval before use: used from {facts.used_from}, approved on {facts.approved_on}")
        last = max(facts.approved_on, facts.reviewed_on or facts.approved_on)
        if facts.on is not None and self.reviews_every.after(last) < facts.on:
            found.append(f"a review since {last}")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Purposes:
    """The only purposes for which authorization may be required."""

    allowed: tuple[str, ...]

    def allow(self, purpose: str) -> Answer:
        """Whether this is one of them; an empty purpose is not known."""
        return UNKNOWN if not purpose else of_bool(purpose in self.allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class InpatientTests:
    """The tests by which an inpatient admission must be covered. One that holds is enough; a presumption is not."""

    tests: tuple[str, ...]
    midnights: int
    presumption_applies: bool

    def must_cover(self, known: Known, *, expected_midnights: int | None = None) -> Verdict:
        """Whether the admission must be covered as inpatient by one of the tests."""
        facts = dict(known)
        if expected_midnights is not None:
            facts.setdefault(self.tests[0], expected_midnights >= self.midnights)
        answer = any_of(of_bool(facts.get(test)) for test in self.tests)
        if answer is YES:
            return Verdict(YES, next(test for test in self.tests if facts.get(test)).replace("_", " "))
        return Verdict(answer, "no test holds: a physician decides" if answer is NO else "not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAuthorization:
    """Services for which authorization may never be required."""

    services: tuple[str, ...]

    def may_require(self, known: Known) -> Verdict:
        """No as soon as one of them is this service; not known while one may be; otherwise yes."""
        for service in self.services:
            if known.get(service):
                return Verdict(NO, f"{service.replace('_', ' ')}: no authorization may be required")
        unknown = [service for service in self.services if known.get(service) is None]
        if unknown:
            return Verdict(UNKNOWN, f"not known whether it is {' or '.join(unknown).replace('_', ' ')}")
        return Verdict(YES, "none of the services that may not need it")


CriteriaRule = (
    Hierarchy | InternalCriteria | Publication | UniformElection | Committee | Purposes | InpatientTests
    | NoAuthorization
)  # fmt: skip


def may_require_authorization(rule: NoAuthorization, known: Known) -> Verdict:
    """Whether authorization may be required for a service with these facts."""
    return rule.may_require(known)
