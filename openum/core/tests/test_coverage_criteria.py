"""Whose criteria decide, what must be public, what may not need asking; not known is never held against a member."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.coverage_criteria import (
    Committee,
    CommitteeFacts,
    Hierarchy,
    InpatientTests,
    InternalCriteria,
    NoAuthorization,
    Publication,
    Purposes,
    UniformElection,
    Verdict,
    may_require_authorization,
)
from openum.core.span import Span

LEVELS = Hierarchy(levels=("statute", "NCD", "LCD", "own"))
OWN = InternalCriteria(when=("no_criteria", "expressly_allowed"), publish=("criteria", "evidence"))
COMMITTEE = Committee(
    seats={"independent_physician": 1}, majority="practicing_physicians", reviews_every=Span(months=12),
    not_enforced={"health_equity_expert": "rescinded"},
)  # fmt: skip
FIT = CommitteeFacts(
    members=7, practicing_physicians=4, seats={"independent_physician": 1}, approved_on=date(2026, 1, 10),
    used_from=date(2026, 1, 10), on=date(2026, 11, 22),
)  # fmt: skip
INPATIENT = InpatientTests(tests=("benchmark", "case_by_case"), midnights=2, presumption_applies=False)
NEVER = NoAuthorization(services=("emergency", "urgently_needed"))


def test_a_stronger_source_that_establishes_the_criteria_governs() -> None:
    assert LEVELS.may_use("own", {"statute": False, "NCD": True, "LCD": None}) == Verdict(NO, "NCD governs")
    assert LEVELS.may_use("LCD", {"statute": False, "NCD": True}).answer is NO


def test_own_criteria_wait_until_every_stronger_source_was_looked_at() -> None:
    assert LEVELS.may_use("own", {"statute": False}) == Verdict(UNKNOWN, "not known: what NCD, LCD says")
    assert LEVELS.may_use("own", {"statute": False, "NCD": False, "LCD": False}).answer is YES
    assert LEVELS.may_use("statute", {}).answer is YES


def test_a_source_nobody_knows_is_a_fault() -> None:
    with pytest.raises(ValueError, match="'blog' is no source"):
        LEVELS.may_use("blog", {})


def test_own_criteria_need_one_of_the_cases_and_are_then_published() -> None:
    assert OWN.may_use({"expressly_allowed": True}) == Verdict(YES, "expressly allowed", ("criteria", "evidence"))
    assert OWN.may_use({"no_criteria": False, "expressly_allowed": False}).publish == ()
    assert OWN.may_use({"no_criteria": False, "expressly_allowed": False}).answer is NO
    assert OWN.may_use({"no_criteria": False}).answer is UNKNOWN


def test_what_is_not_published_or_stands_behind_a_wall_is_told() -> None:
    rule = Publication(parts=("criteria", "evidence"), where="website", barriers=("paywall",))
    assert rule.lacking({"criteria": True, "evidence": True}, {"paywall": False}) == ()
    assert rule.lacking({"criteria": True}, {}) == ("evidence is not published", "paywall stands before it")


def test_an_election_is_told_so_many_days_before_the_bid() -> None:
    rule = UniformElection(days_before_bid=60, publish="internet")
    assert rule.in_time(date(2026, 4, 2), date(2026, 6, 1)) is YES
    assert rule.in_time(date(2026, 4, 3), date(2026, 6, 1)) is NO
    assert rule.in_time(None, date(2026, 6, 1)) is UNKNOWN
    assert rule.in_time(date(2026, 4, 3), None) is UNKNOWN


def test_a_committee_that_is_as_it_should_be_lets_a_policy_be_used() -> None:
    assert COMMITTEE.lacking(FIT) == ()
    assert COMMITTEE.lacking(replace(FIT, on=None, used_from=None)) == ()


def test_a_committee_lacks_majority_seats_and_approval_by_name() -> None:
    assert COMMITTEE.lacking(replace(FIT, members=8)) == ("a majority of practicing physicians",)
    assert COMMITTEE.lacking(replace(FIT, members=None)) == ("not known: how many members are practicing physicians",)
    assert COMMITTEE.lacking(replace(FIT, seats={})) == ("1 independent physician",)
    assert COMMITTEE.lacking(replace(FIT, approved_on=None)) == ("the committee's approval before use",)
    assert COMMITTEE.lacking(replace(FIT, used_from=date(2026, 1, 9))) == (
        "approval before use: used from 2026-01-09, approved on 2026-01-10",
    )
    assert replace(COMMITTEE, approves_before_use=False).lacking(replace(FIT, approved_on=None)) == ()


def test_a_year_without_a_review_is_too_long_and_a_day_less_is_not() -> None:
    assert COMMITTEE.lacking(replace(FIT, on=date(2027, 1, 10))) == ()
    assert COMMITTEE.lacking(replace(FIT, on=date(2027, 1, 11))) == ("a review since 2026-01-10",)
    assert COMMITTEE.lacking(replace(FIT, on=date(2027, 1, 11), reviewed_on=date(2026, 6, 1))) == ()


def test_authorization_has_one_of_the_purposes_allowed() -> None:
    rule = Purposes(allowed=("necessity",))
    assert (rule.allow("necessity"), rule.allow("steering"), rule.allow("")) == (YES, NO, UNKNOWN)


def test_one_inpatient_test_that_holds_is_enough() -> None:
    assert INPATIENT.must_cover({}, expected_midnights=2) == Verdict(YES, "benchmark")
    assert INPATIENT.must_cover({"case_by_case": True, "benchmark": False}) == Verdict(YES, "case by case")
    assert INPATIENT.must_cover({"case_by_case": False}, expected_midnights=1) == Verdict(
        NO, "no test holds: a physician decides"
    )
    assert INPATIENT.must_cover({}, expected_midnights=1) == Verdict(UNKNOWN, "not known")
    assert INPATIENT.must_cover({"benchmark": False}, expected_midnights=3).answer is UNKNOWN


def test_some_care_never_needs_asking() -> None:
    assert may_require_authorization(NEVER, {"urgently_needed": True}) == Verdict(
        NO, "urgently needed: no authorization may be required"
    )
    assert may_require_authorization(NEVER, {"emergency": False}) == Verdict(
        UNKNOWN, "not known whether it is urgently needed"
    )
    assert may_require_authorization(NEVER, {"emergency": False, "urgently_needed": False}).answer is YES


known = st.dictionaries(st.sampled_from(("emergency", "urgently_needed")), st.sampled_from((True, False, None)))


@settings(max_examples=50)
@given(known, st.lists(st.sampled_from(("dialysis", "hospice")), unique=True))
def test_one_more_service_on_the_list_never_makes_asking_easier(facts, further):
    more = NoAuthorization(services=(*NEVER.services, *further))
    assert more.may_require(facts).answer is not YES or NEVER.may_require(facts).answer is YES
