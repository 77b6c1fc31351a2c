"""Members: people made of word pieces, with a birth date their plan could have, and what they used of its limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from openum.world.content import content
from openum.world.dice import Dice
from openum.world.identifiers import member_number
from openum.world.values import Member, Payer, Plan

LONGEST_MEMBERSHIP = 6
"""Years a member may have been with the plan."""


def member(seed: int, payer: Payer, as_of: date, serial: int) -> Member:
    """The payer's member of this serial number; everything about them depends on seed, payer and serial alone."""
    dice = Dice(seed, "member", payer.slug, serial)
    plan = dice.weighted([(plan, plan.share) for plan in payer.plans])
    sex: Literal["female", "male"] = "female" if dice.chance(0.53) else "male"
    words = content("words")
    birth = born(dice, plan, as_of)
    since = max(birth, date(as_of.year - dice.between(1, LONGEST_MEMBERSHIP), 1, 1))
    return Member(
        payer=payer.slug, plan=plan.code, number=member_number(payer.slug[0].upper(), serial),
        family=dice.pick(words["family_start"]) + dice.pick(words["family_end"]), given=dice.pick(words["given"][sex]),
        birth_date=birth, sex=sex, address=_address(dice, plan, words), coverage_start=since, used=_used(dice, plan),
    )  # fmt: skip


def born(dice: Dice, plan: Plan, as_of: date) -> date:
    """A birth date that gives an age within the plan's on the as-of day."""
    low, high = plan.ages
    return as_of - timedelta(days=round(365.25 * dice.between(low, high)) + dice.between(30, 330))


def _address(dice: Dice, plan: Plan, words: Mapping[str, Any]) -> dict[str, Any]:
    line = f"{dice.between(1, 240)} {dice.pick(words['streets'])}"
    return {"lines": [line], "city": plan.address["city"], "state": plan.state, "zip": plan.address["zip"]}


def _used(dice: Dice, plan: Plan) -> dict[str, Decimal]:
    """Most members used a little of a limit, some nearly all."""
    return {
        limit.title: Decimal(
            dice.between(int(limit.amount) - 6, int(limit.amount) - 1) if dice.chance(0.1)
            else dice.between(0, int(limit.amount) // 3)
        )
        for limit in plan.limits
    }  # fmt: skip
