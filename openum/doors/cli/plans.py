"""Which plan ``--plan`` means: one of the demo world, one of this installation, or just a line of business.

Values only: nothing is written here. ``set_up.py`` puts a plan into a tenant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from openum.core.refusal import Refusal
from openum.core.request import LINES_OF_BUSINESS, LineOfBusiness
from openum.librarian.library import Library
from openum.records.parties.cards import PlanCard
from openum.world.payers import payers
from openum.world.values import Plan

ZONES = {"TX": "America/Chicago", "CA": "America/Los_Angeles", "CO": "America/Denver", "IL": "America/Chicago"}
"""A zone for the states that are asked for most; elsewhere Eastern time. A real plan is set up with its own."""


def plan_named(name: str, library: Library, *, on: date, installed: Iterable[PlanCard] = ()) -> Plan:
    """The plan a user means by ``FH-ADVANTAGE``, ``medicare-advantage``, or ``erisa:TX`` (with the plan's state).

    Raises:
        Refusal: ``unknown-plan``, with the names there are.
    """
    known = {plan.code.lower(): plan for payer in payers(library, on) for plan in payer.plans}
    own = {plan.code.lower(): plan for plan in installed}
    wanted = name.strip().lower()
    if wanted in own:
        return _installed(own[wanted], known)
    if wanted in known:
        return known[wanted]
    line, _, state = wanted.partition(":")
    for offered in LINES_OF_BUSINESS:
        if line == offered and len(state) in (0, 2):
            return _plain(offered, state.upper(), tuple(known.values()))
    codes = sorted([*(plan.code for plan in own.values()), *(plan.code for plan in known.values())])
    raise Refusal(
        "unknown-plan",
        "There is no plan of that name.",
        f"Use a line of business ({', '.join(LINES_OF_BUSINESS)}), with a state where it matters (erisa:TX), "
        f"or a plan's code ({', '.join(dict.fromkeys(codes))}).",
    )


def _plain(line: LineOfBusiness, state: str, known: tuple[Plan, ...]) -> Plan:
    """A plan of that line without exclusions, limits or a closed network; its letters speak as a demo plan's."""
    like = next((plan for plan in known if plan.line_of_business == line), known[0])
    zone = ZONES.get(state, "America/New_York") if state else like.time_zone
    return replace(
        like, code=f"{line}{f':{state}' if state else ''}", name=f"Plan for {line.replace('-', ' ')}",
        line_of_business=line, state=state or like.state, time_zone=zone, network_required=False, exclusions=(),
        limits=(),
    )  # fmt: skip


def _installed(card: PlanCard, known: dict[str, Plan]) -> Plan:
    """A plan as this installation has it. Exclusions and limits of a demo plan are known; others stay behind."""
    like = known.get(card.code.lower(), next(iter(known.values())))
    same = like.code == card.code
    return replace(
        like, code=card.code, name=card.name, line_of_business=card.line_of_business, state=card.state,
        time_zone=card.time_zone, network_required=card.network_required, phone=card.phone, address=card.address,
        rating_period_start=card.rating_period_start or like.rating_period_start, settings=card.settings,
        notice_texts=card.notice_texts, exclusions=like.exclusions if same else (), limits=like.limits if same else (),
    )  # fmt: skip
