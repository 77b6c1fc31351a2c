"""An eligibility file enrolls as one by one does, at a fixed number of statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openum.core.actor import software
from openum.core.refusal import Refusal
from openum.core.request import MemberRef
from openum.records.parties import actions
from openum.records.parties.eligibility import Enrollment, load
from openum.records.parties.models import Accumulator, Coverage, Member
from openum.records.parties.queries import find_member, initials_of
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

pytestmark = pytest.mark.django_db
ON, AT, BY = date(2026, 6, 1), datetime(2026, 6, 1, 12, tzinfo=UTC), software("eligibility")
ROW = Enrollment(
    plan="P", number="M1", family="Quarrigg", given="Adela", birth_date=date(1960, 1, 2), start=date(2026, 1, 1)
)


@pytest.fixture
def scope() -> Scope:
    """A payer with one plan."""
    made = software_scope(open_tenant(slug="p", name="P", kind="payer", time_zone="America/New_York").id, "test")
    actions.set_up_plan(made, code="P", name="P", line_of_business="erisa", time_zone="America/New_York")
    return made


def limit(scope: Scope) -> int:
    """A limit of the plan; its id."""
    return actions.limit(
        scope, plan="P", title="Visits", codes={"cpt": ["97110"]}, clause="6.4", amount=Decimal(60), unit="visit",
        period="calendar_year", in_force_from=date(2026, 1, 1),
    )  # fmt: skip


def test_a_file_enrolls_members_who_are_then_found_with_their_coverage(scope: Scope) -> None:
    load(scope, [ROW, replace(ROW, number="M2", given="", family="Tarnwick")], on=ON, by=BY, at=AT)
    card = find_member(scope, MemberRef(member_id="M1", birth_date=date(1960, 1, 2)), on=ON)
    assert (card.name, card.plan.code, card.coverage_start, card.coverage_end) == (
        "Adela Quarrigg", "P", date(2026, 1, 1), None,
    )  # fmt: skip
    assert sorted(initials_of(scope, Member.unscoped.values_list("pk", flat=True)).values()) == ["A.Q.", "T."]


def test_the_same_file_again_adds_nobody_and_brings_changes_in(scope: Scope) -> None:
    load(scope, [ROW], on=ON, by=BY, at=AT)
    load(scope, [replace(ROW, family="Tarnwick", end=date(2026, 3, 31))], on=ON, by=BY, at=AT)
    assert (Member.unscoped.count(), Coverage.unscoped.count()) == (1, 1)
    assert Member.unscoped.get().family == "Tarnwick"
    with pytest.raises(Refusal, match="not-covered-on-date"):
        find_member(scope, MemberRef(member_id="M1"), on=ON)


def test_use_of_a_limit_is_told_for_the_period_of_the_day_and_replaced_when_told_again(scope: Scope) -> None:
    visits = limit(scope)
    load(scope, [replace(ROW, used={visits: Decimal(40)})], on=ON, by=BY, at=AT)
    load(scope, [replace(ROW, used={visits: Decimal(41)})], on=ON, by=BY, at=AT)
    told = Accumulator.unscoped.get()
    assert (told.period_start, told.used, told.told_by) == (date(2026, 1, 1), Decimal(41), "software:eligibility")


def test_a_line_for_a_plan_that_is_not_there_enrolls_nobody(scope: Scope) -> None:
    with pytest.raises(Refusal, match="unknown-plan"):
        load(scope, [ROW, replace(ROW, number="M2", plan="Q")], on=ON, by=BY, at=AT)
    assert Member.unscoped.count() == 0


def test_members_of_another_payer_are_left_alone(scope: Scope) -> None:
    load(scope, [ROW], on=ON, by=BY, at=AT)
    other = software_scope(open_tenant(slug="q", name="Q", kind="payer", time_zone="America/New_York").id, "test")
    actions.set_up_plan(other, code="P", name="P", line_of_business="erisa", time_zone="America/New_York")
    load(other, [replace(ROW, family="Tarnwick")], on=ON, by=BY, at=AT)
    assert sorted(Member.unscoped.values_list("family", flat=True)) == ["Quarrigg", "Tarnwick"]
    assert initials_of(other, Member.unscoped.values_list("pk", flat=True)).values() != {}
    assert len(initials_of(other, Member.unscoped.values_list("pk", flat=True))) == 1


def test_a_hundred_members_take_a_handful_of_statements(scope: Scope) -> None:
    rows = [replace(ROW, number=f"M{number}") for number in range(100)]
    with CaptureQueriesContext(connection) as queries:
        load(scope, rows, on=ON, by=BY, at=AT)
    assert Member.unscoped.count() == 100
    assert (
        len(queries) <= 8
    )  # plan, savepoint and its release, members, their ids, coverages in one or two batches, uses
