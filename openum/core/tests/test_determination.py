"""Who decides: software approves on a plain yes and nothing else, and every decision against is a fitting person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from openum.core import determination
from openum.core.actor import Actor, License, software
from openum.core.answers import NO, UNKNOWN, YES
from openum.core.criteria import All, AnyOf, Finding, Leaf, evaluate
from openum.core.determination import (
    ADVERSE,
    PROFESSIONS_FIT,
    ROLES_FIT,
    SHORTEST_RATIONALE,
    Determination,
    approve_by_person,
    approve_on_criteria,
    decide_adverse,
    decide_excluded,
    not_required,
)
from openum.core.lapse import Lapse
from openum.core.policy import Reviewer
from openum.core.refusal import Refusal
from openum.core.tests.invented_policies import AT, LOW, ON, OWN_WORDS, OXYGEN, a_line, a_person, a_policy, chart

MET, NOT_MET, UNSETTLED = (evaluate(LOW, chart(saturation=value)) for value in (86, 93, None))
OSEI = a_person("medical_director", "physician")
NORA = a_person("um_nurse", "nurse")
BEATRIZ = a_person("benefits_reviewer")
LINE = a_line(quantity=10, unit="month")


def against(**changes: Any) -> Determination:
    """A decision against the whole line, lawful unless changed."""
    given: dict[str, Any] = {
        "line": LINE, "policy": a_policy(), "finding": NOT_MET, "by": OSEI, "at": AT,
        "criterion_not_met": LOW.label, "rationale": OWN_WORDS,
    } | changes  # fmt: skip
    return decide_adverse(given.pop("line"), given.pop("policy"), given.pop("finding"), **given)


def refused(**changes: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        against(**changes)
    return caught.value


def test_software_approves_a_line_whose_criteria_are_all_answered_yes() -> None:
    assert approve_on_criteria(LINE, a_policy(), MET, at=AT) == Determination(
        line=1, outcome="approved", by=None, at=AT, policy="dme/oxygen@2026-01-01",
        reasons=("Saturation at or below 88 %: met (86) [1(a)]",), code=OXYGEN, quantity=10, unit="month",
    )  # fmt: skip
    assert not approve_on_criteria(LINE, a_policy(), MET, at=AT).human


@pytest.mark.parametrize(("finding", "word"), [(NOT_MET, "no"), (UNSETTLED, "unknown")])
def test_software_refuses_to_decide_on_no_and_on_unknown_and_does_not_deny(finding: Finding, word: str) -> None:
    with pytest.raises(Refusal) as caught:
        approve_on_criteria(LINE, a_policy(), finding, at=AT)
    assert caught.value.code == "criteria-not-met"
    assert caught.value.message == f"The criteria of dme/oxygen@2026-01-01 are answered {word}, not yes."
    assert caught.value.next.endswith("software does not decide against a request.")


def test_software_does_not_approve_where_a_law_names_other_criteria() -> None:
    reason = "Texas names the ASAM criteria for this service."
    with pytest.raises(Refusal, match=reason) as caught:
        approve_on_criteria(LINE, a_policy(to_person=reason), MET, at=AT)
    assert caught.value.code == "person-must-decide"


def test_a_yes_to_other_criteria_approves_nothing_under_this_policy() -> None:
    easy = evaluate(Leaf("saturation", "at_most", 100), chart(saturation=93))
    assert easy.answer is YES
    with pytest.raises(ValueError, match="does not answer the criteria of dme/oxygen@2026-01-01"):
        approve_on_criteria(LINE, a_policy(), easy, at=AT)


def test_nothing_is_required_and_the_reason_is_kept() -> None:
    assert not_required(LINE, "On no list [list 1].", at=AT) == Determination(
        line=1, outcome="not_required", by=None, at=AT, administrative_reason="On no list [list 1].",
        reasons=("On no list [list 1].",), code=OXYGEN, quantity=10, unit="month",
    )  # fmt: skip


def test_a_nurse_approves_all_that_was_asked() -> None:
    assert approve_by_person(LINE, a_policy(), by=NORA, rationale=" Seen. ", at=AT) == Determination(
        line=1, outcome="approved", by=NORA, at=AT, policy="dme/oxygen@2026-01-01", rationale="Seen.",
        reasons=("Seen.",), code=OXYGEN, quantity=10, unit="month",
    )  # fmt: skip
    assert approve_by_person(LINE, a_policy(), by=NORA, rationale="Seen.", at=AT).human


def test_an_approval_without_a_policy_says_that_there_was_none() -> None:
    decided = approve_by_person(LINE, None, by=OSEI, rationale="Seen.", at=AT)
    assert (decided.policy, decided.administrative_reason) == ("", "no policy in force speaks about this service")


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (a_person("intake_coordinator", "nurse"), "role-may-not"),
        (BEATRIZ, "role-may-not"),
        (a_person("", "nurse"), "role-may-not"),
        (software("criteria"), "role-may-not"),
        (Actor(kind="software", id="criteria", name="criteria", role="um_nurse"), "no-license"),
        (Actor(kind="client", id="ehr", name="ehr", role="medical_director"), "no-license"),
        (a_person("um_nurse"), "no-license"),
        (replace(NORA, name=""), "no-license"),
    ],
)
def test_only_a_named_licensed_person_in_a_fitting_role_approves_in_person(by: Actor, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        approve_by_person(LINE, a_policy(), by=by, rationale="Seen.", at=AT)
    assert caught.value.code == code


def test_a_physician_decides_against_a_line_in_words_of_their_own() -> None:
    assert against(rationale=f"  {OWN_WORDS}\n") == Determination(
        line=1, outcome="adverse", by=OSEI, at=AT, policy="dme/oxygen@2026-01-01", criterion_not_met=LOW.label,
        rationale=OWN_WORDS, reasons=(OWN_WORDS,), code=OXYGEN, quantity=None, unit="month",
    )  # fmt: skip
    assert against().human


def test_a_part_is_approved_and_the_rest_decided_against() -> None:
    part = against(quantity=4)
    assert (part.outcome, part.quantity, part.unit) == ("modified", 4, "month")
    assert part.outcome in ADVERSE


@pytest.mark.parametrize(
    ("amount", "kept"), [(-1, False), (0, False), (0.5, True), (9.5, True), (10, False), (11, False)]
)
def test_a_part_is_more_than_nothing_and_less_than_was_asked(amount: float, kept: bool) -> None:
    if kept:
        assert against(quantity=amount).quantity == amount
    else:
        assert refused(quantity=amount).code == "not-a-part"


@pytest.mark.parametrize("amount", [0.5, 1, 2])
def test_there_is_no_part_of_an_amount_that_was_not_stated(amount: float) -> None:
    assert refused(line=a_line(quantity=None), quantity=amount).code == "not-a-part"


@pytest.mark.parametrize("role", ["um_nurse", "intake_coordinator", "benefits_reviewer", "delegate", "", "physician"])
def test_a_role_that_may_not_deny_is_turned_down_whatever_the_license(role: str) -> None:
    assert refused(by=a_person(role, "physician")).code == "role-may-not"


def test_a_nurse_is_told_to_whom_the_case_goes() -> None:
    refusal = refused(by=NORA)
    assert refusal.message == "A um nurse may not deny."
    assert refusal.next == "Refer the case to one of: medical director, pharmacist."


@pytest.mark.parametrize("kind", ["software", "client"])
def test_software_and_other_systems_cannot_decide_against_even_under_a_clinicians_role(kind: Any) -> None:
    assert refused(by=software("criteria")).code == "role-may-not"
    assert refused(by=Actor(kind=kind, id="x", name="x", role="medical_director")).code == "no-license"


def test_a_decision_against_needs_a_license_and_a_name() -> None:
    assert refused(by=a_person("medical_director")).code == "no-license"
    assert refused(by=replace(OSEI, name="")).code == "no-license"


def test_a_yes_cannot_be_denied_and_an_unknown_can_by_a_person() -> None:
    assert refused(finding=MET).code == "criteria-are-met"
    assert against(finding=UNSETTLED).outcome == "adverse"


@pytest.mark.parametrize(
    ("day", "active"),
    [((2025, 12, 31), False), ((2026, 1, 1), True), ((2026, 12, 31), True), ((2027, 1, 1), False)],
)
def test_a_license_is_active_on_its_first_and_its_last_day(day: tuple[int, int, int], active: bool) -> None:
    at = datetime(*day, 12, tzinfo=UTC)
    if active:
        assert against(at=at).at == at
        assert approve_by_person(LINE, None, by=NORA, rationale="", at=at).at == at
        return
    assert refused(at=at).code == "license-not-active"
    with pytest.raises(Refusal, match="not active on this day"):
        approve_by_person(LINE, None, by=NORA, rationale="", at=at)


@pytest.mark.parametrize(
    ("wanted", "role", "profession", "code"),
    [
        ("physician", "medical_director", "physician", ""),
        ("physician", "pharmacist", "pharmacist", "reviewer-does-not-fit"),
        ("physician", "pharmacist", "physician", "reviewer-does-not-fit"),
        ("physician", "medical_director", "nurse", "profession-does-not-fit"),
        ("physician", "medical_director", "pharmacist", "profession-does-not-fit"),
        ("pharmacist", "pharmacist", "pharmacist", ""),
        ("pharmacist", "medical_director", "physician", ""),
        ("pharmacist", "pharmacist", "nurse", "profession-does-not-fit"),
        ("behavioral", "medical_director", "behavioral", ""),
        ("behavioral", "medical_director", "physician", ""),
        ("behavioral", "medical_director", "dentist", "profession-does-not-fit"),
        ("behavioral", "pharmacist", "pharmacist", "reviewer-does-not-fit"),
        ("dentist", "medical_director", "dentist", ""),
        ("dentist", "medical_director", "physician", "profession-does-not-fit"),
        ("dentist", "pharmacist", "dentist", "reviewer-does-not-fit"),
    ],
)
def test_role_and_licensed_profession_fit_what_the_policy_asks_for(
    wanted: Any, role: str, profession: str, code: str
) -> None:
    policy, by = a_policy(reviewer=Reviewer(role=wanted)), a_person(role, profession)
    if code:
        assert refused(policy=policy, by=by).code == code
    else:
        assert against(policy=policy, by=by).outcome == "adverse"


def test_every_kind_of_reviewer_has_fitting_roles_and_professions_and_no_nurse_is_among_them() -> None:
    assert set(ROLES_FIT) == set(PROFESSIONS_FIT) == {"physician", "behavioral", "dentist", "pharmacist"}
    assert set().union(*ROLES_FIT.values()) == {"medical_director", "pharmacist"}
    assert "nurse" not in set().union(*PROFESSIONS_FIT.values())


def test_a_policy_that_names_specialties_takes_one_of_them_and_no_other() -> None:
    policy = a_policy(reviewer=Reviewer(specialties=("Pulmonary Disease", "Internal Medicine")))
    assert against(policy=policy).outcome == "adverse"
    other = a_person("medical_director", "physician", specialty="Dermatology")
    refusal = refused(policy=policy, by=other)
    assert refusal.code == "specialty-does-not-fit"
    assert refusal.message == "This policy asks for Pulmonary Disease or Internal Medicine."
    assert refused(policy=policy, by=a_person("medical_director", "physician", specialty="")).code == refusal.code


def test_a_state_that_wants_its_own_license_takes_no_other() -> None:
    assert against(license_states=frozenset({"TX", "MD"})).outcome == "adverse"
    refusal = refused(license_states=frozenset({"OH", "MD"}))
    assert (refusal.code, refusal.message) == ("license-state-does-not-fit", "A license of MD, OH is needed.")


def test_the_criterion_not_met_is_named_and_the_refusal_lists_those_answered_no() -> None:
    refusal = refused(criterion_not_met=" ")
    assert (refusal.code, refusal.next) == ("criterion-missing", "Criteria answered no: Saturation at or below 88 %.")
    assert refused(criterion_not_met="", finding=UNSETTLED).next == "Criteria answered no: see the tree."


def test_all_branches_answered_no_are_listed() -> None:
    edema = Leaf("edema", "is", True, "Edema")
    tree = AnyOf((LOW, All((edema,))))
    finding = evaluate(tree, chart(saturation=93, edema=False))
    refusal = refused(policy=a_policy(criteria=tree), finding=finding, criterion_not_met="")
    assert refusal.next == "Criteria answered no: Saturation at or below 88 %; Edema."


def test_a_finding_on_other_criteria_supports_no_decision_under_this_policy() -> None:
    with pytest.raises(ValueError, match="does not answer the criteria"):
        against(policy=a_policy(criteria=Leaf("edema", "is", True)))


@pytest.mark.parametrize("length", [0, 1, SHORTEST_RATIONALE - 1])
def test_a_label_is_no_rationale(length: int) -> None:
    refusal = refused(rationale=f"   {'x' * length}   ")
    assert refusal.code == "rationale-missing"
    assert refusal.next == "Say in at least 40 characters why, for this member."


def test_a_rationale_may_be_exactly_as_short_as_allowed_and_may_not_repeat_the_criterion() -> None:
    assert against(rationale="x" * SHORTEST_RATIONALE).rationale == "x" * 40
    long = "The saturation was not shown to be at or below 88 percent."
    assert refused(criterion_not_met=long, rationale=f" {long} ").code == "rationale-missing"
    assert refused(criterion_not_met=f" {long} ", rationale=long).code == "rationale-missing"


def excluded(**changes: Any) -> Determination:
    given: dict[str, Any] = {
        "by": BEATRIZ,
        "clause": " Section 4.2 ",
        "rationale": f" {OWN_WORDS} ",
        "at": AT,
    } | changes
    return decide_excluded(LINE, **given)


def test_a_named_person_finds_a_service_excluded_and_cites_the_clause() -> None:
    assert excluded() == Determination(
        line=1, outcome="excluded", by=BEATRIZ, at=AT, administrative_reason="Section 4.2", rationale=OWN_WORDS,
        reasons=(OWN_WORDS,), code=OXYGEN, quantity=None, unit="month",
    )  # fmt: skip
    assert excluded(by=OSEI).by == OSEI
    assert excluded(rationale="x" * SHORTEST_RATIONALE).outcome == "excluded"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": NORA}, "role-may-not"),
        ({"by": a_person("pharmacist", "pharmacist")}, "role-may-not"),
        ({"by": software("benefits")}, "role-may-not"),
        (
            {"by": Actor(kind="software", id="benefits", name="benefits", role="benefits_reviewer")},
            "person-must-decide",
        ),
        ({"by": Actor(kind="client", id="tpa", name="tpa", role="benefits_reviewer")}, "person-must-decide"),
        ({"by": replace(BEATRIZ, name="")}, "person-must-decide"),
        ({"clause": "  "}, "clause-missing"),
        ({"rationale": f" {'x' * (SHORTEST_RATIONALE - 1)} "}, "rationale-missing"),
    ],
)
def test_a_benefit_denial_is_refused_without_a_named_person_a_clause_and_a_rationale(
    changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        excluded(**changes)
    assert caught.value.code == code


@pytest.mark.parametrize("outcome", sorted(ADVERSE))
def test_a_determination_against_a_request_cannot_even_be_written_down_without_a_person(outcome: Any) -> None:
    with pytest.raises(ValueError, match="Only a person decides against a request"):
        Determination(line=1, outcome=outcome, by=None, at=AT, code=OXYGEN)


@pytest.mark.parametrize("outcome", ["approved", "modified", "adverse", "excluded", "not_required"])
def test_what_is_no_person_is_never_named_as_the_one_who_decided(outcome: Any) -> None:
    with pytest.raises(ValueError, match="Only a person is named"):
        Determination(line=1, outcome=outcome, by=software("criteria"), at=AT, code=OXYGEN)


def test_partial_and_excluded_are_adverse_and_approved_and_not_required_are_not() -> None:
    assert sorted(ADVERSE) == ["adverse", "excluded", "modified"]


def test_a_license_that_nobody_verified_or_that_has_no_end() -> None:
    held = License(profession="physician", number="1", state="TX")
    assert not held.active_on(ON)
    assert replace(held, active_from=ON).active_on(ON)
    assert not replace(held, active_from=None, active_to=ON).active_on(ON)


def test_an_actor_has_an_id_and_is_kept_as_kind_and_id() -> None:
    with pytest.raises(ValueError, match="An actor has an id"):
        Actor(kind="person", id="", name="Nobody")
    assert str(software("criteria")) == "software:criteria"
    assert str(OSEI) == "person:7"
    assert (software("criteria").role, software("criteria").license) == ("", None)


def test_a_refusal_reads_as_code_message_and_what_to_do_next() -> None:
    refusal = Refusal("clause-missing", "No clause.", "Name it.", where="line 2")
    assert str(refusal) == "clause-missing: No clause. Name it."
    assert (refusal.code, refusal.message, refusal.next, refusal.where) == (
        "clause-missing", "No clause.", "Name it.", "line 2",
    )  # fmt: skip
    assert Refusal("a", "b", "c").where == ""


def test_the_three_findings_used_here_are_yes_no_and_unknown() -> None:
    assert [one.answer for one in (MET, NOT_MET, UNSETTLED)] == [YES, NO, UNKNOWN]


LAPSE = Lapse(
    rule="ND-STD", version="1", citation="N.D. Cent. Code 26.1", verdict="auto_authorized", words="it is approved.",
    due_at=AT, on=AT.date(),
)  # fmt: skip


def test_an_approval_by_law_names_the_law_and_no_person() -> None:
    decided = determination.deem_approved(LINE, LAPSE, at=AT)
    assert (decided.outcome, decided.by, decided.policy) == ("approved", None, "")
    assert decided.administrative_reason == (
        "Approved by operation of law: it is approved. [ND-STD version 1, N.D. Cent. Code 26.1]"
    )


@pytest.mark.parametrize(
    "changes", [{"verdict": "deemed_denial"}, {"verdict": "forward_to_ire"}, {"certain": False}, {"verdict": "late"}]
)
def test_no_other_lapse_decides_anything(changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused_:
        determination.deem_approved(LINE, replace(LAPSE, **changes), at=AT)
    assert refused_.value.code == "law-does-not-approve"
