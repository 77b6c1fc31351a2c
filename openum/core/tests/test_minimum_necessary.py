"""What a payer asks for by routine, what never, what needs a person, and which role sees what."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.minimum_necessary import (
    NEVER_ROUTINE,
    Asked,
    Exemption,
    Roles,
    Routine,
    Standard,
    Template,
    exempt,
    may_ask,
    may_see,
)
from openum.core.span import parse_span

TEMPLATE = Template(
    id="T",
    family="imaging",
    routine=(Routine("order", "what is ordered"), Routine("notes", "the visit", parse_span("6mo"))),
    never={"whole_record": "Only when justified."},
    under_consent=frozenset({"sud_part2"}),
)
SERVICE = date(2026, 8, 31)


def ask(item: str, **more: Any) -> tuple[object, tuple[str, ...]]:
    found = may_ask(TEMPLATE, Asked(item=item, **more))
    return found.answer, found.needs


@pytest.mark.parametrize("segment", sorted(NEVER_ROUTINE))
@pytest.mark.parametrize("item", ["order", "whole_record", "anything"])
def test_notes_of_their_own_are_never_asked_for_whatever_the_template_says(segment: Any, item: str) -> None:
    assert ask(item, segment=segment) == (NO, ())


def test_a_routine_item_may_be_asked_for_and_says_what_for() -> None:
    found = may_ask(TEMPLATE, Asked(item="order"))
    assert (found.answer, found.why, found.needs) == (YES, "what is ordered", ())


def test_what_is_never_asked_for_says_why() -> None:
    found = may_ask(TEMPLATE, Asked(item="whole_record"))
    assert (found.answer, found.why) == (NO, "Only when justified.")


def test_what_is_on_no_list_needs_a_person() -> None:
    assert ask("diary") == (UNKNOWN, ("individual_review",))


def test_an_item_of_unknown_segment_waits_until_somebody_says() -> None:
    assert ask("order", segment=None) == (UNKNOWN, ("segment",))


def test_a_segment_under_consent_is_asked_for_with_it() -> None:
    assert ask("order", segment="sud_part2") == (YES, ("consent",))
    assert ask("order", segment="hiv") == (YES, ())


@pytest.mark.parametrize(
    ("since", "answer"),
    [(date(2026, 2, 28), (YES, ())), (date(2026, 2, 27), (UNKNOWN, ("individual_review",))), (None, (YES, ()))],
)
def test_routine_reaches_back_so_far_and_not_a_day_further(since: date | None, answer: object) -> None:
    assert ask("notes", since=since, service_date=SERVICE) == answer


def test_how_far_back_is_not_known_without_the_day_of_service() -> None:
    assert ask("notes", since=date(2026, 8, 1)) == (UNKNOWN, ("service_date",))


def test_an_item_without_a_limit_reaches_as_far_as_it_goes() -> None:
    assert ask("order", since=date(2001, 1, 1)) == (YES, ())


def test_a_template_does_not_contradict_itself() -> None:
    with pytest.raises(ValueError, match="order stands under routine and under never"):
        Template(id="T", family="dme", routine=(Routine("order", "…"),), never={"order": "…"})


STANDARD = Standard(
    id="S",
    exemptions=(
        Exemption(id="care", words="…", acts=frozenset({"request"}), requesters=frozenset({"provider"})),
        Exemption(id="member", words="…", recipients=frozenset({"patient"}), purposes=frozenset({"access"})),
    ),
)


def test_a_provider_s_request_is_exempt_and_a_payer_s_is_not() -> None:
    found = exempt(STANDARD, act="request", requester="provider")
    assert found is not None
    assert found.id == "care"
    assert exempt(STANDARD, act="request", requester="plan") is None
    assert exempt(STANDARD, act="disclose", requester="provider") is None


def test_what_is_not_known_exempts_nothing() -> None:
    assert exempt(STANDARD, act="request") is None
    assert exempt(STANDARD, recipient="patient", purpose=None) is None


ROLES = Roles("R", frozenset({"clinical", "audit"}), {"nurse": frozenset({"clinical"})})


@pytest.mark.parametrize(
    ("role", "category", "answer"),
    [
        ("nurse", "clinical", YES),
        ("nurse", "audit", NO),
        ("visitor", "clinical", UNKNOWN),
        ("nurse", "payroll", UNKNOWN),
    ],
)
def test_a_role_sees_what_its_work_needs(role: str, category: str, answer: object) -> None:
    assert may_see(ROLES, role, category) is answer


def test_a_role_cannot_see_a_category_that_is_not_one() -> None:
    with pytest.raises(ValueError, match="payroll is not among the categories"):
        Roles("R", frozenset({"clinical"}), {"nurse": frozenset({"payroll"})})
