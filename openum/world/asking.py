"""What is asked for: a service that one policy governs in one plan, in the way a practice asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from openum.core.chart import Value
from openum.core.codes import Code
from openum.core.criteria import Asked, leaves
from openum.core.facts import FactDefinition
from openum.core.policy import Policy, Question
from openum.core.request import Line
from openum.core.requirement import Need, requirement_for
from openum.core.span import Span
from openum.librarian.library import Library
from openum.world.codes import askable, single
from openum.world.content import content
from openum.world.dice import Dice
from openum.world.payers import reaches
from openum.world.values import Plan

TRIES = 40
NEW = ("I",)
EXTENDING = ("R", "4")
"""X12 1322 as the library uses it; other certification types are not asks for something new."""
LONGEST_LEAD = 14
QUANTITY = "asked.quantity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One service asked for. ``first`` and ``last`` are the days of service (``last`` ``None``: one day)."""

    code: Code
    place: str
    category: str
    request_type: str
    claim_type: str
    first: date
    last: date | None = None
    quantity: int | None = None
    unit: str = ""
    certification: str = "I"
    diagnoses: tuple[str, ...] = ()
    urgent: bool = False
    emergency: bool = False
    needs: Need = "authorization"

    def facts(self) -> dict[str, Value]:
        """What the request itself says, by the names criteria know it under."""
        days = ((self.last or self.first) - self.first).days + 1
        said: dict[str, Value | None] = {
            "asked.code": self.code.value, QUANTITY: self.quantity, "asked.unit": self.unit or None,
            "asked.place": self.place, "asked.days": days, "asked.date": self.first,
            "asked.certification": self.certification, "asked.category": self.category,
        }  # fmt: skip
        return {name: value for name, value in said.items() if value is not None}


def service(policy: str, family: str) -> Mapping[str, Any]:
    """How a policy's services are asked for: the policy's own entry over its family's over the default."""
    held = content("services")
    return {**held["default"], **held["families"].get(family, {}), **held["policies"].get(policy, {})}


def quantity_is_open(policy: Policy) -> bool:
    """Whether the criteria judge the quantity by itself, so that they rule how much is asked for."""
    found = list(leaves(policy.criteria))
    other = any(isinstance(leaf.value, Asked) or leaf.fact == "asked.days" for leaf in found)
    return not other and any(leaf.fact == QUANTITY for leaf in found)


QUANTITY_FACT = FactDefinition(id=QUANTITY, type="number", question="How much is asked for?", least=1)


class Asker:
    """Draws what is asked for, from the library's policies and rules."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def plans(self, policy: Policy, plans: tuple[Plan, ...], on: date) -> tuple[Plan, ...]:
        """The plans in which the policy governs what somebody asks; those that make one ask first come alone."""
        drawn = [
            (plan, found)
            for plan in plans
            if reaches(plan, policy) and (found := self.draw(policy, plan, on, Dice("plans", policy.key, plan.code)))
        ]
        asked = tuple(plan for plan, found in drawn if found.needs == "authorization")
        return asked or tuple(plan for plan, _ in drawn)

    def draw(self, policy: Policy, plan: Plan, on: date, dice: Dice) -> Asking | None:
        """A service of the policy for the plan; one that needs authorization, when there is one."""
        tries = list(self._tries(policy, plan, on, dice))
        return next((one for one in tries if one.needs == "authorization"), tries[0] if tries else None)

    def _tries(self, policy: Policy, plan: Plan, on: date, dice: Dice) -> Iterator[Asking]:
        how = service(policy.id, policy.family)
        certifications = [one for one in policy.certifications if one in (*NEW, *EXTENDING)] or [*NEW]
        if not policy.certifications and any(leaf.fact == "asked.certification" for leaf in leaves(policy.criteria)):
            certifications = [*NEW, *EXTENDING]
        diagnoses = [code.value for code in single(policy.diagnoses)] or [str(code) for code in how["diagnoses"]]
        found = 0
        for _ in range(TRIES):
            asking = Asking(
                code=dice.pick(askable(policy.covers)), place=dice.pick(policy.places or how["places"]),
                category=how["category"], request_type=how["request_type"], claim_type=how["claim"], first=on,
                certification=dice.pick(certifications), diagnoses=(dice.pick(diagnoses),),
            )  # fmt: skip
            if self._library.select(question(asking, plan)) is not policy:
                continue
            found += 1
            needs = self.needs(asking, plan)
            yield replace(asking, needs=needs)
            if needs == "authorization" or found > TRIES // 4:
                return

    def needs(self, asking: Asking, plan: Plan) -> Need:
        """What the plan's list of requirements says of it."""
        held = self._library.requirements_on(plan.line_of_business, asking.first)
        if held is None:
            return "authorization"
        return requirement_for(held, line(asking), emergency=asking.emergency).needs

    def unneeded(self, plan: Plan, on: date, dice: Dice) -> Asking | None:
        """A service that the plan's list names as needing nothing."""
        held = self._library.requirements_on(plan.line_of_business, on)
        rules = [rule for rule in held.rules if rule.needs == "never" and rule.when.codes] if held else []
        how = service("", "")
        for rule in dice.shuffled(rules):
            asking = Asking(
                code=dice.pick(askable(rule.when.codes)), place=dice.pick(rule.when.places or how["places"]),
                category=how["category"], request_type=how["request_type"], claim_type=how["claim"], first=on,
                diagnoses=(dice.pick([str(code) for code in how["diagnoses"]]),), quantity=1, unit="unit",
            )  # fmt: skip
            if self.needs(asking, plan) == "never":
                return replace(asking, needs="never")
        return None


def question(asking: Asking, plan: Plan) -> Question:
    """What a policy is chosen by."""
    return Question(
        line_of_business=plan.line_of_business, code=asking.code, on=asking.first, place=asking.place,
        state=plan.state, diagnoses=tuple(Code("icd10cm", code) for code in asking.diagnoses),
        certification=asking.certification,
    )  # fmt: skip


def line(asking: Asking) -> Line:
    """The request line as the payer's rules see it."""
    return Line(
        sequence=1, code=asking.code, place=asking.place, category=asking.category, request_type=asking.request_type,
        certification=asking.certification, diagnoses=tuple(Code("icd10cm", code) for code in asking.diagnoses),
        service_from=asking.first, service_to=asking.last,
    )  # fmt: skip


def amount(policy: Policy | None, dice: Dice) -> tuple[int, str]:
    """How much is asked for and in which unit, where the criteria do not rule it."""
    unit = policy.grant.unit if policy is not None else ""
    low, high = content("services")["quantities"].get(unit, (1, 1))
    return dice.between(low, high), unit.strip("{}") or "unit"


def last_day(first: date, quantity: int, unit: str) -> date | None:
    """The last day of a service that is asked for over several days."""
    days = content("services")["spans"].get(unit)
    return None if days is None else first + timedelta(days=max(0, int(days * quantity) - 1))


def lead(policy: Policy, definitions: Iterable[FactDefinition], dice: Dice) -> int:
    """Days between the request and the service: few where criteria or facts look back only a little."""
    windows = [leaf.value for leaf in leaves(policy.criteria) if isinstance(leaf.value, Span)]
    windows += [definition.window for definition in definitions if definition.window is not None]
    shortest = min((one.days + 30 * one.months for one in windows), default=2 * LONGEST_LEAD)
    return dice.between(0, min(LONGEST_LEAD, shortest // 2))
