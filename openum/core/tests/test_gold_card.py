"""Gold cards: counted exactly, nothing unknown held against a provider, nothing rounded up."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.gold_card import (
    Exemption,
    PastRequest,
    Program,
    Unit,
    evaluate,
    granted,
    must_ask,
    needed_approvals,
    protected_until,
    standing_of,
)
from openum.core.span import Span

UNIT = Unit("1234567893", "97110", "Acme Health")
ON = date(2026, 6, 30)
PROGRAM = Program(
    id="XX-GOLD",
    rate=Fraction(90, 100),
    period=Span(months=12),
    fewest=5,
    approved=frozenset({"approved"}),
    against=frozenset({"adverse"}),
)


def past(outcome: str, decided_on: date | None = date(2026, 1, 5), eligible: bool | None = True) -> PastRequest:
    return PastRequest(unit=UNIT, decided_on=decided_on, outcome=outcome, eligible=eligible)


def test_nine_of_ten_is_at_least_ninety_of_a_hundred() -> None:
    standing = evaluate(PROGRAM, [past("approved")] * 9 + [past("adverse")], on=ON)
    assert (standing.eligible, standing.approved, standing.rate) == (10, 9, Fraction(9, 10))
    assert standing.exempt
    assert standing.reason == "9 of 10 approved: at least 9 of 10"
    assert standing.period == (date(2025, 7, 1), ON)
    assert standing.missing == ()


def test_89_99_of_a_hundred_is_never_rounded_up() -> None:
    standing = standing_of(PROGRAM, 10_000, 8_999)
    assert not standing.exempt
    assert standing.reason == "8999 of 10000 approved: fewer than 9 of 10"
    assert standing_of(PROGRAM, 10_000, 9_000).exempt


def test_too_few_requests_are_said_before_the_rate() -> None:
    standing = standing_of(PROGRAM, 4, 4)
    assert not standing.exempt
    assert standing.reason == "4 requests are fewer than the 5 needed"
    assert standing.rate == Fraction(1)


def test_no_request_at_all_is_no_rate_even_without_a_least_number() -> None:
    standing = standing_of(replace(PROGRAM, fewest=0), 0, 0)
    assert (standing.exempt, standing.rate) == (False, None)
    assert standing.reason == "no request was decided in the evaluation period"


def test_what_is_not_known_counts_neither_way_and_is_told() -> None:
    known = [past("approved")] * 5
    unknown = [
        past(""),
        past("modified"),
        past("approved", None),
        past("adverse", None),
        past("adverse", eligible=None),
    ]
    standing = evaluate(PROGRAM, [*known, *unknown], on=ON)
    assert (standing.eligible, standing.approved, standing.exempt) == (5, 5, True)
    assert standing.missing == (
        "outcome of 2 request(s)", "day of decision of 2 request(s)", "eligibility of 1 request(s)",
    )  # fmt: skip


def test_an_ineligible_denial_and_one_outside_the_period_do_not_count() -> None:
    outside = [past("adverse", date(2025, 6, 30)), past("adverse", ON + timedelta(days=1))]
    standing = evaluate(PROGRAM, [past("approved")] * 5 + [past("adverse", eligible=False), *outside], on=ON)
    assert (standing.eligible, standing.exempt) == (5, True)
    edge = evaluate(PROGRAM, [past("approved")] * 4 + [past("approved", date(2025, 7, 1))], on=ON)
    assert edge.eligible == 5


def test_the_least_number_may_be_counted_over_another_span_than_the_rate() -> None:
    program = replace(PROGRAM, period=Span(months=6), fewest=10, fewest_within=Span(months=12))
    early = [past("adverse", date(2025, 8, 1))] * 6
    standing = evaluate(program, early + [past("approved")] * 4, on=ON)
    assert (standing.eligible, standing.approved, standing.exempt) == (4, 4, True)
    assert not evaluate(program, early + [past("approved")] * 3, on=ON).exempt


def test_a_program_without_a_known_test_exempts_nobody_by_computation() -> None:
    unknown = replace(PROGRAM, rate=None, period=None)
    standing = evaluate(unknown, [past("approved")] * 50, on=ON)
    assert (standing.exempt, standing.missing, standing.period) == (False, ("the program's test",), None)
    assert standing.reason == "the program's test is not known here: a person decides"
    nobody = standing_of(replace(unknown, mandated=False), 50, 50)
    assert (nobody.exempt, nobody.missing) == (False, ())
    assert nobody.reason.startswith("no law asks for a program")


def test_providers_and_issuers_are_never_mixed() -> None:
    other = PastRequest(unit=replace(UNIT, issuer="Other"), decided_on=ON, outcome="approved")
    with pytest.raises(ValueError, match="one provider, one service and one issuer"):
        evaluate(PROGRAM, [past("approved"), other], on=ON)


@pytest.mark.parametrize(("eligible", "approved"), [(3, 4), (3, -1)])
def test_counts_that_cannot_be_are_a_fault(eligible: int, approved: int) -> None:
    with pytest.raises(ValueError, match="cannot have been approved"):
        standing_of(PROGRAM, eligible, approved)


def test_a_law_may_round_the_number_needed_down_but_never_the_rate_up() -> None:
    down = replace(PROGRAM, needed="down")
    assert needed_approvals(Fraction(9, 10), 5, "down") == 4
    assert needed_approvals(Fraction(9, 10), 5, "exact") == Fraction(9, 2)
    assert standing_of(down, 5, 4).exempt
    assert not standing_of(PROGRAM, 5, 4).exempt
    assert not standing_of(down, 10, 8).exempt


def test_an_exemption_begins_with_its_notice_and_only_takes_a_need_away() -> None:
    exemption = granted(standing_of(PROGRAM, 10, 10), UNIT, notice_on=ON)
    assert exemption == Exemption(program="XX-GOLD", unit=UNIT, starts_on=ON)
    assert granted(standing_of(PROGRAM, 10, 1), UNIT, notice_on=ON) is None
    assert not must_ask(True, exemption, on=ON)
    assert must_ask(True, exemption, on=ON - timedelta(days=1))
    assert must_ask(True, None, on=ON)
    assert must_ask(True, replace(exemption, ends_on=ON), on=ON)
    assert not must_ask(True, replace(exemption, ends_on=ON + timedelta(days=1)), on=ON)
    assert not must_ask(False, None, on=ON)


def test_the_least_duration_is_the_later_of_what_the_program_sets() -> None:
    program = replace(PROGRAM, lasts=Span(months=6), protected_after_evaluation=Span(months=12))
    assert protected_until(program, last_evaluation_on=date(2025, 6, 30), starts_on=date(2025, 7, 5)) == date(
        2026, 6, 29
    )
    assert protected_until(program, last_evaluation_on=None, starts_on=date(2025, 7, 5)) == date(2026, 1, 4)
    assert protected_until(program, last_evaluation_on=None, starts_on=None) is None
    assert protected_until(PROGRAM, last_evaluation_on=ON, starts_on=ON) is None


def test_the_gap_after_the_periods_last_day_is_kept() -> None:
    gap = replace(PROGRAM, last_day_gap=Span(months=12))
    assert gap.within_gap(date(2025, 9, 30), date(2026, 9, 30))
    assert not gap.within_gap(date(2025, 9, 30), date(2026, 10, 1))
    assert not gap.within_gap(date(2026, 9, 30), date(2026, 9, 29))
    assert PROGRAM.within_gap(date(2020, 1, 1), date(2026, 1, 1))


programs = st.builds(
    Program,
    id=st.just("P"),
    rate=st.fractions(0, 1),
    period=st.just(Span(months=12)),
    fewest=st.integers(0, 6),
    needed=st.sampled_from(("exact", "down")),
    approved=st.just(frozenset({"approved"})),
    against=st.just(frozenset({"adverse"})),
)
histories = st.lists(
    st.builds(
        past,
        st.sampled_from(("approved", "adverse", "")),
        st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        st.sampled_from((True, False, None)),
    ),
    max_size=14,
)


@settings(max_examples=200)
@given(programs, histories, st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_one_more_approval_never_takes_an_exemption_away(program, history, day):
    before = evaluate(program, history, on=ON)
    after = evaluate(program, [*history, past("approved", day)], on=ON)
    assert after.exempt or not before.exempt


@settings(max_examples=100)
@given(programs, histories)
def test_an_unknown_outcome_never_changes_the_verdict(program, history):
    assert evaluate(program, [*history, past("")], on=ON).exempt is evaluate(program, history, on=ON).exempt


@settings(max_examples=50)
@given(st.booleans(), st.dates(), st.dates(), st.none() | st.dates())
def test_an_exemption_never_makes_a_need_to_ask(needs, on, starts, ends):
    exemption = Exemption(program="P", unit=UNIT, starts_on=starts, ends_on=ends)
    assert needs or not must_ask(needs, exemption, on=on)
