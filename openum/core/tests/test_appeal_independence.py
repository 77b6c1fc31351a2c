"""Who may decide an appeal, and what stands against them. The rules here are made up."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.appeal_independence import (
    AppealMatter,
    AppealReviewer,
    IndependenceRule,
    Prior,
    chain_above,
    independent,
)

APART = IndependenceRule(id="APART", not_involved=True, not_subordinate=True)
PEER = IndependenceRule(
    id="PEER", professions=frozenset({"physician"}), specialty="same_or_similar", licensed_in_state=True,
    experience=(("pediatric_case", 5),),
)  # fmt: skip
FIELD = IndependenceRule(id="FIELD", specialty="appropriate")
CONSULT = IndependenceRule(
    id="CONSULT", not_involved=True, not_subordinate=True, consult_when="medical_judgment",
    must_hold=("accredited",), must_not_hold=("paid_by_denials",),
)  # fmt: skip
HEART = frozenset({"Cardiovascular Disease"})
OSEI = AppealReviewer(
    id="osei", profession="physician", specialty="Cardiovascular Disease", license_states=frozenset({"TX"}), years=5
)
PLAIN = AppealMatter(facts={})
CASE = AppealMatter(facts={"pediatric_case": True}, specialties=HEART, state="TX")


def codes(rule: IndependenceRule, reviewer: AppealReviewer, prior: Prior, matter: AppealMatter) -> list[str]:
    return [each.code for each in independent([rule], reviewer, prior, matter)]


def before(*who: str, **managers: tuple[str, ...]) -> Prior:
    return Prior(reviewers=frozenset(who), managers=managers)


def test_who_was_not_there_and_answers_to_nobody_who_was_may_decide() -> None:
    assert independent([APART], OSEI, before("adams", osei=("chief",), chief=()), PLAIN) == ()


def test_who_decided_before_may_not_decide_again() -> None:
    (only,) = independent([APART], OSEI, before("osei", osei=()), PLAIN)
    assert (only.code, only.rule, only.known) == ("involved-before", "APART", True)


def test_who_answers_to_an_earlier_reviewer_may_not_decide_at_any_remove() -> None:
    assert codes(APART, OSEI, before("chief", osei=("chief",)), PLAIN) == ["subordinate"]
    assert codes(APART, OSEI, before("chair", osei=("chief",), chief=("chair",)), PLAIN) == ["subordinate"]


def test_not_knowing_who_decided_before_is_not_independent() -> None:
    (only,) = independent([APART], OSEI, Prior(managers={}), PLAIN)
    assert (only.code, only.known) == ("prior-unknown", False)


def test_not_knowing_whom_they_answer_to_is_not_independent() -> None:
    (only,) = independent([APART], OSEI, before("adams"), PLAIN)
    assert (only.code, only.known) == ("manager-unknown", False)


def test_where_nobody_decided_before_nobody_is_bound() -> None:
    assert independent([APART], OSEI, before(), PLAIN) == ()


def test_a_rule_may_ask_only_that_they_were_not_involved() -> None:
    rule = IndependenceRule(id="R", not_involved=True)
    assert codes(rule, OSEI, before("chief", osei=("chief",)), PLAIN) == []


def test_a_circle_of_managers_ends() -> None:
    assert chain_above("a", {"a": ("b",), "b": ("a",)}) == (frozenset({"a", "b"}), False)


def test_a_fitting_peer_has_nothing_against_them() -> None:
    assert codes(PEER, OSEI, before(), CASE) == []


def test_what_is_known_not_to_fit_is_told_apart_from_what_is_not_known() -> None:
    nurse = AppealReviewer(
        id="n", profession="nurse", specialty="Dermatology", license_states=frozenset({"OK"}), years=4
    )
    assert codes(PEER, nurse, before(), CASE) == ["experience", "license", "profession", "specialty"]
    nobody = AppealReviewer(id="x")
    found = independent([PEER], nobody, before(), AppealMatter(facts={}))
    assert [each.code for each in found] == [
        "experience-unknown", "license-unknown", "profession-unknown", "specialty-unknown",
    ]  # fmt: skip
    assert not any(each.known for each in found)


def test_experience_is_asked_only_where_its_fact_holds() -> None:
    young = AppealReviewer(
        id="y", profession="physician", specialty="Cardiovascular Disease", license_states=frozenset({"TX"}), years=1
    )
    adult = AppealMatter(facts={"pediatric_case": False}, specialties=HEART, state="TX")
    assert codes(PEER, young, before(), adult) == []
    assert codes(PEER, young, before(), CASE) == ["experience"]


def test_expertise_is_attested_refuted_or_asked_for() -> None:
    assert codes(FIELD, AppealReviewer(id="x", expertise=True), before(), PLAIN) == []
    assert codes(FIELD, AppealReviewer(id="x", expertise=False), before(), PLAIN) == ["expertise"]
    assert codes(FIELD, AppealReviewer(id="x"), before(), PLAIN) == ["expertise-unknown"]


FREE = {"accredited": True, "paid_by_denials": False}


def test_further_facts_must_be_known_to_hold_or_not_to_hold() -> None:
    here = before(osei=())
    assert codes(CONSULT, OSEI, here, AppealMatter(facts={"medical_judgment": False})) == [
        "accredited-unknown", "paid-by-denials-unknown",
    ]  # fmt: skip
    wrong = AppealMatter(facts={"medical_judgment": False, "accredited": False, "paid_by_denials": True})
    assert codes(CONSULT, OSEI, here, wrong) == ["accredited", "paid-by-denials"]
    assert codes(CONSULT, OSEI, here, AppealMatter(facts={"medical_judgment": False, **FREE})) == []


def test_medical_judgment_asks_for_an_expert_who_was_not_asked_before() -> None:
    judged = {"medical_judgment": True, **FREE}
    expert = AppealReviewer(id="expert", expertise=True)
    fresh = Prior(reviewers=frozenset(), managers={"expert": ()}, consultants=frozenset({"first"}))
    assert codes(CONSULT, OSEI, fresh, AppealMatter(facts=judged)) == ["consultant-missing"]
    assert codes(CONSULT, OSEI, fresh, AppealMatter(facts=FREE)) == ["medical-judgment-unknown"]
    assert codes(CONSULT, OSEI, fresh, AppealMatter(facts=judged, consultant=expert)) == []
    again = Prior(reviewers=frozenset(), managers={"expert": ()}, consultants=frozenset({"expert"}))
    assert codes(CONSULT, OSEI, again, AppealMatter(facts=judged, consultant=expert)) == ["consultant-involved-before"]
    under = Prior(reviewers=frozenset(), managers={"expert": ("first",)}, consultants=frozenset({"first"}))
    assert codes(CONSULT, OSEI, under, AppealMatter(facts=judged, consultant=expert)) == ["consultant-subordinate"]


def test_the_consultants_training_and_history_must_be_known() -> None:
    judged = {"medical_judgment": True, **FREE}
    nobody = Prior(reviewers=frozenset(), managers={})
    lay = AppealMatter(facts=judged, consultant=AppealReviewer(id="lay", expertise=False))
    assert codes(CONSULT, OSEI, nobody, lay) == ["consultant-expertise", "consultant-prior-unknown"]
    unseen = AppealMatter(facts=judged, consultant=AppealReviewer(id="lay"))
    assert codes(CONSULT, OSEI, nobody, unseen) == ["consultant-expertise-unknown", "consultant-prior-unknown"]


people = st.sampled_from("abcd")
charts = st.dictionaries(people, st.lists(people, max_size=2).map(tuple), max_size=4)


@settings(max_examples=150)
@given(people, st.frozensets(people), people, charts)
def test_one_more_earlier_reviewer_never_makes_anyone_newly_independent(
    who: str, earlier: frozenset[str], one_more: str, managers: dict[str, tuple[str, ...]]
) -> None:
    reviewer = AppealReviewer(id=who)
    few = independent([APART], reviewer, Prior(reviewers=earlier, managers=managers), PLAIN)
    more = independent([APART], reviewer, Prior(reviewers=earlier | {one_more}, managers=managers), PLAIN)
    assert {each.code for each in few} <= {each.code for each in more}


@settings(max_examples=60)
@given(st.lists(st.sampled_from([APART, PEER, FIELD, CONSULT])), st.sampled_from([APART, PEER, FIELD, CONSULT]))
def test_one_more_rule_never_takes_an_objection_away(rules: list[IndependenceRule], one_more: IndependenceRule) -> None:
    here = before("adams")
    assert set(independent(rules, OSEI, here, CASE)) <= set(independent([*rules, one_more], OSEI, here, CASE))
