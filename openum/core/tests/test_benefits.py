"""Covered or not, by the plan's document: every threshold on it, one step beyond it, and with the datum absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.actor import Actor, License
from openum.core.benefits import (
    BenefitQuestion,
    ExclusionClause,
    LimitClause,
    Span,
    benefit,
    period_start,
)
from openum.core.codes import Code, CodeSet
from openum.core.segments import STRICTEST_FIRST, segment_of, stricter

ON = date(2026, 3, 2)
YEAR = Span(start=date(2026, 1, 1), end=date(2026, 12, 31))
THERAPY = CodeSet({"cpt": ["97110"]})
ASKED = BenefitQuestion(
    code=Code("cpt", "97110"), on=ON, quantity=Decimal(10), unit="visit", coverage=YEAR, network_required=False,
    in_network=None,
)  # fmt: skip
LIMIT = LimitClause(
    title="Physical therapy", codes=THERAPY, clause="EOC ch. 4 §2.1", amount=Decimal(30), unit="visit",
    period="calendar_year", in_force=YEAR, used=Decimal(20),
)  # fmt: skip
EXCLUDED = ExclusionClause(title="Therapy at sea", codes=THERAPY, clause="EOC ch. 4 §3", in_force=YEAR)


def status(
    question: BenefitQuestion = ASKED, *limits: LimitClause, exclusions: tuple[ExclusionClause, ...] = ()
) -> str:
    return benefit(question, exclusions=exclusions, limits=limits).status


def test_nothing_in_the_way_is_covered() -> None:
    found = benefit(ASKED, exclusions=(), limits=())
    assert (found.status, found.settled, found.clause) == ("covered", True, "")


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (Span(start=ON), "covered"),
        (Span(start=ON, end=ON), "covered"),
        (Span(start=date(2026, 3, 3)), "ineligible"),
        (Span(start=date(2025, 1, 1), end=date(2026, 3, 1)), "ineligible"),
        (None, "ineligible"),
    ],
)
def test_coverage_counts_its_first_and_last_day(coverage: Span | None, expected: str) -> None:
    assert status(replace(ASKED, coverage=coverage)) == expected


def test_an_exclusion_names_its_clause_and_holds_on_its_days_for_its_codes() -> None:
    found = benefit(ASKED, exclusions=(EXCLUDED,), limits=())
    assert (found.status, found.clause, found.settled) == ("excluded", "EOC ch. 4 §3", False)
    assert found.reason == "The plan does not cover this service: Therapy at sea."
    late = replace(EXCLUDED, in_force=Span(start=date(2026, 3, 3)))
    other = replace(EXCLUDED, codes=CodeSet({"cpt": ["97140"]}))
    assert status(exclusions=(late, other)) == "covered"


@pytest.mark.parametrize(
    ("required", "inside", "emergency", "expected"),
    [
        (True, True, False, "covered"), (True, False, False, "out_of_network"), (True, None, False, "unknown"),
        (False, False, False, "covered"), (True, False, True, "covered"), (True, None, True, "covered"),
    ],
)  # fmt: skip
def test_a_network_counts_where_the_plan_requires_it_and_never_in_an_emergency(
    required: bool, inside: bool | None, emergency: bool, expected: str
) -> None:
    assert status(replace(ASKED, network_required=required, in_network=inside, emergency=emergency)) == expected


@pytest.mark.parametrize(
    ("used", "asked", "unit", "expected"),
    [
        ("20", "10", "visit", "covered"),
        ("20.01", "10", "visit", "limit_exceeded"),
        ("20", "10.01", "visit", "limit_exceeded"),
        (None, "10", "visit", "unknown"),
        (None, "30", "visit", "unknown"),
        (None, "30.01", "visit", "limit_exceeded"),
        ("20", None, "visit", "unknown"),
        ("20", "10", "hour", "unknown"),
        ("29.99", None, "visit", "unknown"),
        ("30", None, "visit", "limit_exceeded"),
        ("35", "1", "hour", "limit_exceeded"),
    ],
)
def test_a_limit_is_met_exceeded_or_not_known(used: str | None, asked: str | None, unit: str, expected: str) -> None:
    limit = replace(LIMIT, used=None if used is None else Decimal(used))
    assert status(replace(ASKED, quantity=None if asked is None else Decimal(asked), unit=unit), limit) == expected


def test_a_limit_says_what_is_allowed_used_and_left() -> None:
    found = benefit(replace(ASKED, quantity=Decimal(11)), exclusions=(), limits=(LIMIT,))
    assert (found.allowed, found.used, found.left, found.unit) == (Decimal(30), Decimal(20), Decimal(10), "visit")
    assert (found.clause, found.title) == ("EOC ch. 4 §2.1", "Physical therapy")
    assert found.reason == "Physical therapy: 30 visit per calendar year; 10 left."
    beyond = benefit(ASKED, exclusions=(), limits=(replace(LIMIT, used=Decimal(40)),))
    assert beyond.left == 0


def test_a_limit_of_other_codes_or_other_days_does_not_count() -> None:
    full = replace(LIMIT, used=Decimal(30))
    assert status(ASKED, replace(full, codes=CodeSet({"cpt": ["97140"]}))) == "covered"
    assert status(ASKED, replace(full, in_force=Span(start=date(2026, 3, 3)))) == "covered"


def test_what_is_surely_in_the_way_comes_before_what_is_not_known() -> None:
    full, untold = replace(LIMIT, used=Decimal(30)), replace(LIMIT, used=None)
    outside = replace(ASKED, network_required=True, in_network=False)
    assert status(ASKED, untold, full) == "limit_exceeded"
    assert status(ASKED, LIMIT, untold) == "unknown"
    assert status(outside, full) == "out_of_network"
    assert status(outside, full, exclusions=(EXCLUDED,)) == "excluded"
    assert status(replace(outside, coverage=None), full, exclusions=(EXCLUDED,)) == "ineligible"


@pytest.mark.parametrize(
    ("period", "on", "year_starts", "expected"),
    [
        ("calendar_year", date(2026, 1, 1), "07-01", date(2026, 1, 1)),
        ("calendar_year", date(2026, 12, 31), "07-01", date(2026, 1, 1)),
        ("plan_year", date(2026, 6, 30), "07-01", date(2025, 7, 1)),
        ("plan_year", date(2026, 7, 1), "07-01", date(2026, 7, 1)),
        ("plan_year", date(2026, 2, 28), "02-29", date(2025, 3, 1)),
        ("plan_year", date(2028, 2, 29), "02-29", date(2027, 3, 1)),
        ("lifetime", date(2026, 7, 1), "07-01", date.min),
    ],
)
def test_a_period_begins_on_its_first_day(period: str, on: date, year_starts: str, expected: date) -> None:
    assert period_start(period, on, plan_year_start=year_starts) == expected  # type: ignore[arg-type]


amounts = st.none() | st.integers(0, 40).map(Decimal)


@given(used=amounts, more=st.integers(0, 5), asked=amounts)
def test_more_use_never_makes_a_line_more_covered(used: Decimal | None, more: int, asked: Decimal | None) -> None:
    order = ("covered", "unknown", "limit_exceeded")
    question = replace(ASKED, quantity=asked)
    now = status(question, replace(LIMIT, used=used))
    later = status(question, replace(LIMIT, used=None if used is None else used + more))
    assert order.index(now) <= order.index(later)


def test_only_a_person_holds_a_license() -> None:
    held = License(profession="physician", number="G1", state="TX")
    assert Actor(kind="person", id="1", name="Osei", license=held).license == held
    for kind in ("software", "client"):
        with pytest.raises(ValueError, match="license"):
            Actor(kind=kind, id="1", name="x", license=held)  # type: ignore[arg-type]


def test_the_strictest_segment_of_several_lists_holds() -> None:
    one, two = Code("icd10cm", "B20"), Code("icd10cm", "F10.20")
    lists = {"hiv": CodeSet({"icd10cm": ["B20"]}), "sud_part2": CodeSet({"icd10cm": ["F10.20"]})}
    assert segment_of([one], lists) == "hiv"  # type: ignore[arg-type]
    assert segment_of([one, two], lists) == "sud_part2"  # type: ignore[arg-type]
    assert segment_of([Code("icd10cm", "I10")], lists) == "general"  # type: ignore[arg-type]


@given(st.sampled_from(STRICTEST_FIRST), st.sampled_from(STRICTEST_FIRST))
def test_the_stricter_of_two_is_one_of_them_either_way_round(one, other) -> None:  # type: ignore[no-untyped-def]
    assert stricter(one, other) == stricter(other, one)
    assert STRICTEST_FIRST.index(stricter(one, other)) == min(STRICTEST_FIRST.index(one), STRICTEST_FIRST.index(other))
