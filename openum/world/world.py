"""The world: everything there is, from a seed, a day and the library. The same three give the same bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from openum.core.policy import Policy
from openum.core.refusal import Refusal
from openum.librarian.library import Library
from openum.librarian.read import library as shipped
from openum.world import people
from openum.world.case import Case
from openum.world.codes import single
from openum.world.content import content
from openum.world.deck import Slot, deck, every
from openum.world.dice import Dice
from openum.world.making import Maker, Occasion
from openum.world.members import member
from openum.world.pas import bundle_of
from openum.world.payers import payers
from openum.world.truth import JUDGED, Kind, Truth
from openum.world.values import Cast, Client, Member, Organization, Payer, Plan, PracticePerson

SIZE, ELSEWHERE = 2000, 20
"""Members of the payer of the cast, and of the other one."""
CANDIDATES = 60
MEMORY = 500
"""How many requests back one may be repeated; a stream of any length stays within it."""
FIRST_HOUR, HOURS = 8, 10
TWINS: tuple[Kind, ...] = ("duplicate", "already_authorized")
"""Kinds that repeat an earlier request; where there is none to repeat yet, another yes is made instead."""
Pool = dict[str, list[Member]]
"""The members of each plan, by its code, that have not asked for anything yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request as it goes out: by which system, at what moment, the Bundle, and (for the measurer) the truth."""

    number: int
    client_id: str
    sent_at: datetime
    bundle: dict[str, Any]
    truth: Truth

    @property
    def body(self) -> bytes:
        """The Bundle as UTF-8 JSON, always the same bytes."""
        return orjson.dumps(self.bundle)


class World:
    """A synthetic payer world as it stands on ``as_of``; ``size`` is how many members the cast's payer has."""

    def __init__(self, seed: int, as_of: date, *, library: Library | None = None, size: int = SIZE) -> None:
        self.seed, self.as_of, self.size = seed, as_of, size
        self.library = library if library is not None else shipped()
        self.payers: tuple[Payer, ...] = payers(self.library, as_of)
        self.organizations: tuple[Organization, ...] = people.organizations()
        self.practice_people: tuple[PracticePerson, ...] = people.practice_people()
        self.clients: tuple[Client, ...] = people.clients(seed)
        self._maker = Maker(seed, as_of, self.library, self.payers[0], self.organizations)
        self._able: dict[tuple[str, Kind], bool] = {}

    @property
    def cast(self) -> Cast:
        """Nora, Dr. Osei, Priya, Sam and Mallory."""
        return people.cast(self.payers, self.practice_people)

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Every member of every payer."""
        sizes = (self.size, *(ELSEWHERE for _ in self.payers[1:]))
        return tuple(
            member(self.seed, payer, self.as_of, serial)
            for payer, size in zip(self.payers, sizes, strict=True)
            for serial in range(1, size + 1)
        )

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The policies in force on the as-of day that one of the payer's plans can meet."""
        return tuple(
            policy for policy in self.library.policies if self.as_of in policy.in_force and self._plans(policy)
        )

    def client(self, case: Case) -> Client:
        """The system through which a case's organization speaks to its payer."""
        return next(
            one for one in self.clients if (one.payer, one.organization) == (case.payer.slug, case.organization.slug)
        )

    # ---- requests --------------------------------------------------------------------------------------------

    def requests(self, n: int) -> Iterator[Sent]:
        """``n`` requests in the order they are sent, over the days up to the as-of day; made as they are asked for.

        Raises:
            Refusal: ``world-too-small`` when the plans have no members left.
        """
        for case in self.cases(n):
            yield self.sent(case)

    def cases(self, n: int) -> Iterator[Case]:
        """The cases behind ``requests``."""
        yield from self._made(islice(self._slots(), n), n)

    def gallery(self) -> Iterator[Case]:
        """Every policy in every kind, and one of each other kind: what there is, each once."""
        slots = list(every(self.policies, self.possible))
        # A twin needs something to repeat, so these come last.
        yield from self._made(iter(slots), len(slots))

    def sent(self, case: Case) -> Sent:
        """A case as it goes out."""
        return Sent(
            number=case.truth.number, client_id=self.client(case).client_id, sent_at=case.sent_at,
            bundle=bundle_of(case), truth=case.truth,
        )  # fmt: skip

    def possible(self, policy: Policy | None, kind: Kind) -> bool:
        """Whether a case of this kind can be made at all: for the policy, where it is a kind that policies judge."""
        if kind in TWINS:
            return True
        key = (policy.key if policy is not None else "", kind)
        if key not in self._able:
            pool = {plan: list(found) for plan, found in self._pool().items()}
            slot = Slot(kind, policy)
            self._able[key] = (
                self._fill(slot, 1, self._moment(1, 1), pool, Dice(self.seed, "possible", *key)) is not None
            )
        return self._able[key]

    def _slots(self) -> Iterator[Slot]:
        turn = 0
        while True:
            yield from deck(self.policies, self.possible, Dice(self.seed, "deck", turn))
            turn += 1

    def _made(self, slots: Iterator[Slot], n: int) -> Iterator[Case]:
        pool, past = self._pool(), deque[Case](maxlen=MEMORY)
        for number, slot in enumerate(slots, 1):
            at, dice = self._moment(number, n), Dice(self.seed, "case", number)
            case = self._again(slot.kind, past, number, at, dice) or self._fill(slot, number, at, pool, dice)
            if case is None:
                raise Refusal(
                    "world-too-small",
                    f"There is no member left for request {number}.",
                    f"Make a larger world: its size is {self.size}, and {4 * max(n, self.size)} will do.",
                )
            past.append(case)
            yield case

    def _again(self, kind: Kind, past: Iterable[Case], number: int, at: datetime, dice: Dice) -> Case | None:
        """A twin of an earlier case, each repeated once at most."""
        if kind not in TWINS:
            return None
        past = tuple(past)
        repeated = {case.truth.twin_of for case in past}
        wanted = "pended" if kind == "duplicate" else "approved"
        fit = [
            case for case in past
            if case.truth.kind in JUDGED and case.truth.expected == wanted and case.truth.number not in repeated
        ]  # fmt: skip
        twins = (self._maker.twin(kind, case, number, at) for case in dice.shuffled(fit))
        return next((twin for twin in twins if twin is not None), None)

    def _fill(
        self, slot: Slot, number: int, at: datetime, pool: Pool, dice: Dice
    ) -> Case | None:  # fmt: skip
        """A case for the slot from the first members that fit; they are used up by it."""
        policy, kind = slot.policy, slot.kind
        if kind in TWINS:
            kind, policy = "yes", dice.pick(self.policies)
        if kind == "limit_exceeded":
            policy = self._limited(dice)
            if policy is None:
                return None
        for plan in self._plans_for(kind, policy, dice):
            for one in _candidates(kind, plan, pool[plan.code]):
                occasion = Occasion(number=number, sent_at=at, plan=plan, member=one)
                case = (
                    self._maker.judged(kind, policy, occasion, dice.named(one.number)) if policy is not None
                    else self._maker.unjudged(kind, occasion, dice.named(one.number))
                )  # fmt: skip
                if case is not None:
                    pool[plan.code].remove(one)
                    return case
        return None

    def _plans_for(self, kind: Kind, policy: Policy | None, dice: Dice) -> list[Plan]:
        """The plans to try, the likelier ones first."""
        plans = self._plans(policy) if policy is not None else self.payers[0].plans
        plans = tuple(plan for plan in plans if kind != "limit_exceeded" or plan.limits)
        first = dice.weighted([(plan, plan.share) for plan in plans]) if plans else None
        return [plan for plan in plans if plan == first] + [plan for plan in plans if plan != first]

    def _limited(self, dice: Dice) -> Policy | None:
        """A policy over services that a plan limits."""
        limits = [one.set for plan in self.payers[0].plans for one in plan.limits]
        fit = [p for p in self.policies if any(code in one for one in limits for code in single(p.covers))]
        return dice.pick(fit) if fit else None

    def _plans(self, policy: Policy) -> tuple[Plan, ...]:
        if policy.key not in self._reached:
            self._reached[policy.key] = self._maker.asker.plans(policy, self.payers[0].plans, self.as_of)
        return self._reached[policy.key]

    @cached_property
    def _reached(self) -> dict[str, tuple[Plan, ...]]:
        return {}

    def _pool(self) -> Pool:
        first = self.payers[0]
        found: Pool = {plan.code: [] for plan in first.plans}
        for one in self.members:
            if one.payer == first.slug:
                found[one.plan].append(one)
        return found

    def _moment(self, number: int, n: int) -> datetime:
        """Spread over the working hours of the days that end with the as-of day."""
        days = content("shares")["days"]
        share = (number - 1) / max(1, n)
        day = int(share * days)
        seconds = int((share * days - day) * HOURS * 3600)
        start = datetime.combine(self.as_of - timedelta(days=days - 1 - day), time(FIRST_HOUR))
        return (start + timedelta(seconds=seconds)).replace(tzinfo=ZoneInfo(self.payers[0].time_zone))


def _candidates(kind: Kind, plan: Plan, waiting: list[Member]) -> list[Member]:
    """The next members in line; for a limit that is to be exceeded, those who are near one."""
    if kind == "limit_exceeded":
        near = (one for one in waiting if any(one.used.get(limit.title, 0) > limit.amount / 2 for limit in plan.limits))
        return list(islice(near, CANDIDATES))
    return waiting[:CANDIDATES]
