"""Who may decide against a request: what is not known is lacking, and software lacks everything."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.actor import Actor, License, software
from openum.core.deciders import DeciderFacts, DeciderRule, fits, fits_all, rules_for, specialty_lacking

ON = date(2026, 11, 22)
FACTS = DeciderFacts(on=ON, state="DC", specialty="Psychiatry", requester="physician")
LICENSE = License(profession="physician", number="1", state="DC", specialty="Psychiatry", active_from=ON)
PLAIN = DeciderRule(id="X")


def person(license_: License | None = LICENSE) -> Actor:
    return Actor(kind="person", id="7", name="Dr. Osei", license=license_)


def test_a_licensed_person_fits_a_rule_that_asks_no_more() -> None:
    assert fits(PLAIN, person(), FACTS) == ()


@pytest.mark.parametrize(
    "actor", [software("criteria"), Actor(kind="client", id="1", name="EHR"), replace(person(), name="")]
)
def test_software_systems_and_the_unnamed_never_fit(actor: Actor) -> None:
    lack = ("a named person: software and systems do not decide against a request",)
    assert fits(PLAIN, actor, FACTS) == lack
    assert fits(replace(PLAIN, administrative_allowed=True), actor, replace(FACTS, medical_necessity=False)) == lack


def test_a_denial_outside_medicine_may_be_administrative_only_where_it_is_known_to_be_one() -> None:
    rule = replace(PLAIN, administrative_allowed=True)
    assert fits(rule, person(None), replace(FACTS, medical_necessity=False)) == ()
    assert fits(rule, person(None), FACTS) == ("a professional license",)
    assert fits(PLAIN, person(None), replace(FACTS, medical_necessity=False)) == ("a professional license",)


def test_the_license_is_active_and_of_the_right_state() -> None:
    late = replace(LICENSE, active_from=date(2026, 11, 23))
    assert fits(PLAIN, person(late), FACTS) == ("a license active on 2026-11-22",)
    rule = replace(PLAIN, license_states=frozenset({"MD", "VA"}))
    assert fits(rule, person(), FACTS) == ("a license of MD or VA",)
    home = replace(PLAIN, licensed_where_member_is=True)
    assert fits(home, person(), FACTS) == ()
    assert fits(home, person(), replace(FACTS, state="TX")) == ("a license of TX",)
    assert fits(home, person(), replace(FACTS, state="")) == ("not known: the state of the case",)


def test_a_license_for_administrative_medicine_only_is_none_where_a_full_one_is_asked() -> None:
    rule = replace(PLAIN, full_license=True)
    words = "a license that is not for administrative medicine only"
    assert fits(rule, person(), replace(FACTS, administrative_license_only=True)) == (words,)
    assert fits(rule, person(), FACTS) == (f"not known: {words}",)
    assert fits(rule, person(), replace(FACTS, administrative_license_only=False)) == ()


def test_the_profession_is_one_of_those_named() -> None:
    rule = replace(PLAIN, professions=frozenset({"dentist", "physician"}))
    assert fits(rule, person(replace(LICENSE, profession="nurse")), FACTS) == ("a license as dentist or physician",)
    assert fits(rule, person(), FACTS) == ()


def test_a_physician_decides_when_a_physician_asked() -> None:
    rule = replace(PLAIN, physician_when_physician_asks=True)
    pharmacist = person(replace(LICENSE, profession="pharmacist"))
    assert fits(rule, person(), FACTS) == ()
    assert fits(rule, pharmacist, FACTS) == ("a physician: a physician asked",)
    assert fits(rule, pharmacist, replace(FACTS, requester="dentist")) == ()
    assert fits(rule, pharmacist, replace(FACTS, requester=None)) == ("not known: whether a physician asked",)


def test_pay_and_individual_review_are_asked_and_not_known_is_lacking() -> None:
    rule = replace(PLAIN, no_pay_for_denials=True, individual_review=True)
    assert fits(rule, person(), FACTS) == (
        "not known: pay that does not depend on denials", "not known: a review of this case by this person",
    )  # fmt: skip
    wrong = replace(FACTS, paid_for_denials=True, individually_reviewed=False)
    assert fits(rule, person(), wrong) == (
        "pay that does not depend on denials", "a review of this case by this person",
    )  # fmt: skip
    assert fits(rule, person(), replace(FACTS, paid_for_denials=False, individually_reviewed=True)) == ()


def test_a_specialty_stands_to_another_as_the_law_asks() -> None:
    similar = frozenset({"Addiction Psychiatry"})

    def lack(relation, specialty, wanted="Psychiatry", expertise=None):
        return specialty_lacking(relation, specialty, wanted, similar=similar, expertise=expertise)

    assert lack("none", "") == ()
    assert lack("same", "Psychiatry") == ()
    assert lack("same", "Addiction Psychiatry") == ("the same specialty: Psychiatry",)
    assert lack("same_or_similar", "Addiction Psychiatry") == ()
    assert lack("same_or_similar", "Dermatology") == (
        "the same or a similar specialty: Addiction Psychiatry or Psychiatry",
    )
    assert lack("same_or_similar", "") == ("not known: the reviewer's specialty",)
    assert lack("same", "Psychiatry", wanted="") == (
        "not known: the specialty of the clinician who ordered or usually manages the care",
    )
    assert lack("appropriate", "Dermatology") == ("not known: expertise in the field of the service",)
    assert lack("appropriate", "Dermatology", expertise=False) == ("expertise in the field of the service",)
    assert lack("appropriate", "Dermatology", expertise=True) == ()
    assert lack("appropriate", "Psychiatry") == ()


def test_a_state_or_line_that_is_not_known_keeps_every_rule_in() -> None:
    here = DeciderRule(id="DC", states=frozenset({"DC"}))
    line = DeciderRule(id="MA", lines_of_business=frozenset({"medicare-advantage"}))
    assert rules_for((here, line), state=None, line_of_business=None) == (here, line)
    assert rules_for((here, line), state="TX", line_of_business="erisa") == ()
    assert rules_for((here, line), state="DC", line_of_business="medicare-advantage") == (here, line)


rules = st.builds(
    DeciderRule,
    id=st.sampled_from("AB"),
    professions=st.frozensets(st.sampled_from(("physician", "dentist"))),
    license_states=st.frozensets(st.sampled_from(("DC", "MD"))),
    relation=st.sampled_from(("none", "appropriate", "same_or_similar", "same")),
    full_license=st.booleans(),
    individual_review=st.booleans(),
    administrative_allowed=st.booleans(),
)


@settings(max_examples=100)
@given(st.lists(rules, max_size=3), rules)
def test_one_more_rule_never_lets_a_person_in(some, further):
    before, after = fits_all(some, person(), FACTS), fits_all([*some, further], person(), FACTS)
    assert set(before) <= set(after)


@settings(max_examples=50)
@given(rules)
def test_no_rule_whatever_lets_software_decide(rule):
    assert fits(rule, software("x"), replace(FACTS, medical_necessity=False)) != ()
