"""Which rule holds for a line of a request."""

from __future__ import annotations

from datetime import date

import pytest

from openum.core.codes import Code, CodeSet
from openum.core.policy import Authority, InForce
from openum.core.request import Line
from openum.core.requirement import Requirements, Rule, When, requirement_for

EMERGENCY = Rule(needs="never", what="Emergency services", when=When(emergency=True), cite="42 CFR 422.113(b)(2)")
OXYGEN = Rule(
    needs="authorization",
    what="Home oxygen",
    when=When(codes=CodeSet({"hcpcs": ["E1390"]}), places=("12",)),
    cite="List",
    policy="dme/home-oxygen",
)
ADMISSION = Rule(needs="notification", what="Admissions", when=When(request_types=("AR",), certifications=("I",)))
REFERRAL = Rule(needs="referral", what="Specialist visits", when=When(categories=("3",)))
PREGNANCY = Rule(needs="never", what="Maternity", when=When(diagnoses=CodeSet({"icd10cm": ["O*"]})))
LIST = Requirements(
    line_of_business="medicare-advantage",
    version="2026-01-01",
    title="The plan's list",
    in_force=InForce(date(2026, 1, 1)),
    rules=(EMERGENCY, PREGNANCY, OXYGEN, ADMISSION, REFERRAL),
    otherwise="never",
    authority=(Authority(cite="Own list", grade="own", checked_on=date(2026, 1, 1)),),
)


def line(code: str = "E1390", **fields: object) -> Line:
    return Line(sequence=1, code=Code("hcpcs", code), **fields)  # type: ignore[arg-type]


def test_the_first_rule_that_fits_holds_and_later_ones_do_not() -> None:
    assert requirement_for(LIST, line(place="12")) is OXYGEN
    assert requirement_for(LIST, line(place="12"), emergency=True) is EMERGENCY


def test_everything_a_rule_names_must_fit() -> None:
    assert requirement_for(LIST, line(place="21")).what == "Services on no rule"
    assert requirement_for(LIST, line("E0424", place="12")).what == "Services on no rule"


def test_a_service_on_no_rule_gets_what_the_plan_chose_otherwise() -> None:
    assert requirement_for(LIST, line("A0000")) == Rule(
        needs="never", what="Services on no rule", cite="The plan's list"
    )


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (line("X0000", request_type="AR"), ADMISSION),
        (line("X0000", request_type="AR", certification="R"), None),
        (line("X0000", category="3"), REFERRAL),
        (line("X0000", also=(Code("hcpcs", "E1390"),), place="12"), OXYGEN),
        (line("X0000", diagnoses=(Code("icd10cm", "O80"),)), PREGNANCY),
    ],
)
def test_request_type_category_further_codes_and_diagnoses_are_read(asked: Line, rule: Rule | None) -> None:
    found = requirement_for(LIST, asked)
    assert found == rule if rule else found.what == "Services on no rule"


def test_a_diagnosis_of_the_request_counts_as_one_of_the_line() -> None:
    assert requirement_for(LIST, line("X0000"), diagnoses=iter([Code("icd10cm", "O80")])) is PREGNANCY


def test_a_rule_for_what_is_not_an_emergency_leaves_emergencies_alone() -> None:
    rule = Rule(needs="referral", what="Planned visits", when=When(emergency=False))
    assert rule.when.fits(line(), emergency=False)
    assert not rule.when.fits(line(), emergency=True)


def test_a_version_is_cited_by_line_of_business_and_date() -> None:
    assert LIST.key == "medicare-advantage@2026-01-01"
