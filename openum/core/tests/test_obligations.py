"""Which duties bind whom and when, and which day a report is due."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES, Answer
from openum.core.obligations import (
    PLAN_YEAR,
    RATING_PERIOD,
    Begin,
    Payer,
    Report,
    Standard,
    Watched,
    binds,
    due_days,
    duties_of,
    lacking,
    next_due,
    next_yearly,
    required,
)

FIRST = date(2026, 1, 1)
PLAN = Payer(
    id="PLAN",
    kind="MCO",
    names=("medicaid",),
    clocks=Begin(FIRST, RATING_PERIOD),
    denial_reason=Begin(FIRST),
    apis=Begin(date(2027, 1, 1), PLAN_YEAR),
    metrics_level="plan",
    first_report=date(2026, 3, 31),
    cites={"clocks": "…"},
)
NOBODY = Payer(id="NOBODY", kind="ERISA", names=("erisa",), cites={})


@pytest.mark.parametrize(
    ("begin", "on", "start", "answer"),
    [
        (Begin(FIRST), date(2025, 12, 31), None, NO),
        (Begin(FIRST), FIRST, None, YES),
        (Begin(FIRST, RATING_PERIOD), date(2025, 12, 31), None, NO),
        (Begin(FIRST, RATING_PERIOD), FIRST, None, UNKNOWN),
        (Begin(FIRST, RATING_PERIOD), date(2026, 6, 30), date(2025, 7, 1), NO),
        (Begin(FIRST, RATING_PERIOD), date(2026, 7, 1), date(2026, 7, 1), YES),
        (Begin(FIRST, RATING_PERIOD), date(2026, 6, 30), date(2026, 7, 1), NO),
    ],
)
def test_a_duty_begins_with_its_day_or_its_period(begin: Begin, on: date, start: date | None, answer: Answer) -> None:
    assert begin.holds(on, {} if start is None else {RATING_PERIOD: start}) is answer


def test_the_duties_of_a_plan_on_a_day_and_what_must_still_be_asked() -> None:
    duties = duties_of(PLAN, date(2027, 4, 1), {RATING_PERIOD: date(2026, 7, 1)})
    assert (duties.clocks, duties.denial_reason, duties.apis) == (YES, YES, UNKNOWN)
    assert (duties.payer, duties.covered, duties.metrics_level) == ("MCO", True, "plan")
    assert (duties.post_by, duties.covers, duties.missing) == (date(2028, 3, 31), 2027, (PLAN_YEAR,))


def test_a_drug_has_none_of_the_duties() -> None:
    duties = duties_of(PLAN, date(2027, 4, 1), {}, drug=True)
    assert (duties.clocks, duties.denial_reason, duties.apis) == (NO, NO, NO)
    assert (duties.covered, duties.metrics_level, duties.post_by, duties.covers, duties.missing) == (
        False, "", None, None, (),
    )  # fmt: skip


def test_who_is_not_covered_has_none_either() -> None:
    duties = duties_of(NOBODY, date(2030, 1, 1), {})
    assert (duties.clocks, duties.denial_reason, duties.apis, duties.covered) == (NO, NO, NO, False)
    assert (duties.post_by, duties.missing) == (None, ())


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2024, 2, 8), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2028, 2, 29), date(2028, 3, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_the_next_yearly_day(on: date, due: date) -> None:
    assert next_yearly(date(2026, 3, 31), on) == due


METRICS = Report(id="R", to="website", contents={"M1": "…", "M2": "…"}, due=((3, 31),), first=date(2026, 3, 31))
QUARTERS = Report(id="Q", to="state", contents={"a": "…"}, due=((10, 31), (4, 30)), lag=0)
ON_REQUEST = Report(id="A", to="auditors", contents={"a": "…"})


@pytest.mark.parametrize(
    ("report", "year", "days"),
    [
        (METRICS, 2024, ()),
        (METRICS, 2025, (date(2026, 3, 31),)),
        (QUARTERS, 2026, (date(2026, 4, 30), date(2026, 10, 31))),
        (ON_REQUEST, 2026, ()),
    ],
)
def test_the_days_on_which_a_year_s_data_are_due(report: Report, year: int, days: tuple[date, ...]) -> None:
    assert due_days(report, year) == days


@pytest.mark.parametrize(
    ("report", "on", "found"),
    [
        (METRICS, date(2020, 1, 1), (date(2026, 3, 31), 2025)),
        (METRICS, date(2026, 3, 31), (date(2026, 3, 31), 2025)),
        (METRICS, date(2026, 4, 1), (date(2027, 3, 31), 2026)),
        (QUARTERS, date(2026, 5, 1), (date(2026, 10, 31), 2026)),
        (QUARTERS, date(2026, 11, 1), (date(2027, 4, 30), 2027)),
        (ON_REQUEST, date(2026, 5, 1), None),
    ],
)
def test_the_next_due_day_and_the_year_of_its_data(report: Report, on: date, found: tuple[date, int] | None) -> None:
    assert next_due(report, on) == found


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)), st.sampled_from([METRICS, QUARTERS]))
def test_the_next_due_day_is_never_past_and_less_than_a_year_off_once_reports_began(on: date, report: Report) -> None:
    found = next_due(report, on)
    assert found is not None
    assert found[0] >= on
    assert report.first is None or found[0] >= report.first
    if report.first is None or on >= report.first:
        assert (found[0] - on).days <= 366


BILL = Watched(id="B", status="bill", flag="f", would_change=("…",))
FINAL = Watched(id="F", status="final", flag="f", would_change=("…",), final_from=date(2027, 10, 1))
PLEDGE = Watched(id="P", status="voluntary", flag="f", would_change=("…",), pledged_from=FIRST)


@given(st.dates())
def test_a_bill_never_binds(on: date) -> None:
    assert binds(BILL, on, signatory=True) is NO


@pytest.mark.parametrize(
    ("watched", "on", "signatory", "answer"),
    [
        (FINAL, date(2027, 9, 30), None, NO),
        (FINAL, date(2027, 10, 1), None, YES),
        (PLEDGE, date(2025, 12, 31), True, NO),
        (PLEDGE, FIRST, True, YES),
        (PLEDGE, FIRST, False, NO),
        (PLEDGE, FIRST, None, UNKNOWN),
    ],
)
def test_a_final_rule_binds_from_its_day_and_a_pledge_those_who_signed(
    watched: Watched, on: date, signatory: bool | None, answer: Answer
) -> None:
    assert binds(watched, on, signatory=signatory) is answer


ATTACHMENTS = Standard(
    id="S", standard="275", transactions={"claim": date(2028, 5, 26), "other": None}, not_for=frozenset({"pa"})
)


@pytest.mark.parametrize(
    ("transaction", "on", "answer"),
    [
        ("claim", date(2028, 5, 25), NO),
        ("claim", date(2028, 5, 26), YES),
        ("other", date(2030, 1, 1), NO),
        ("pa", date(2030, 1, 1), NO),
        ("eligibility", date(2030, 1, 1), UNKNOWN),
    ],
)
def test_a_standard_is_required_from_its_day_for_what_it_speaks_of(transaction: str, on: date, answer: Answer) -> None:
    assert required(ATTACHMENTS, transaction, on) is answer


def test_what_is_lacking_is_told_in_the_order_of_the_rule() -> None:
    assert lacking({"a": "…", "b": "…", "c": "…"}, ["c", "x"]) == ("a", "b")
