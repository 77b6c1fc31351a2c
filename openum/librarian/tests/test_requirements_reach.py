"""The lists of what needs asking and the policies fit together: no policy that no list knows, none named in vain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from openum.core.codes import Code
from openum.core.policy import Policy, Question
from openum.core.request import Line, LineOfBusiness
from openum.core.requirement import Need, Requirements, Rule, requirement_for
from openum.librarian.read import library

SHELF = library()
ON = date(2026, 11, 22)
"""A day on which every list and every policy of the shelf is in force."""
LISTS: tuple[Requirements, ...] = tuple(
    found for name in SHELF.requirements if (found := SHELF.requirements_on(name, ON)) is not None
)
STATES = ("OH", "TX", "NY")
OPEN_TYPE = {True: "AR", False: "HS"}
"""A stay is asked for as an admission, everything else as a service (X12 1525)."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a list says of one service that a policy judges."""

    line_of_business: LineOfBusiness
    line: Line
    rule: Rule


def in_force() -> tuple[Policy, ...]:
    """The versions that hold on the day."""
    return tuple(policy for policy in SHELF.policies if ON in policy.in_force)


def services(policy: Policy) -> Iterator[Line]:
    """Every code of the policy as a line, in each way of asking that the policy speaks of."""
    diagnoses = tuple(
        Code(system, value.rstrip("*")) for system, found in policy.diagnoses.by_system.items() for value in found
    )
    for system, values in policy.covers.by_system.items():
        for value in values:
            for certification in policy.certifications or ("I", "R"):
                yield Line(
                    sequence=1, code=Code(system, value), service_from=ON, place=(policy.places or ("",))[0],
                    request_type=OPEN_TYPE[policy.classification == "inpatient_in"], certification=certification,
                    diagnoses=diagnoses[:1],
                )  # fmt: skip


def met(policy: Policy) -> Iterator[Met]:
    """What every list the policy is for says of its services; Part D is for drugs and pays for nothing else."""
    drug = any(system in policy.covers.by_system for system in ("rxnorm", "ndc"))
    for held in LISTS:
        meant = held.line_of_business in policy.lines_of_business or not policy.lines_of_business
        if meant and (drug or held.line_of_business != "part-d"):
            for line in services(policy):
                yield Met(held.line_of_business, line, requirement_for(held, line))


def by_name(line_of_business: LineOfBusiness) -> Requirements:
    """The list of a line of business."""
    return next(held for held in LISTS if held.line_of_business == line_of_business)


def selected(found: Met, policy: Policy) -> bool:
    """Whether the shelf judges the line by this policy in some state."""
    states = policy.states or tuple(state for state in STATES if state not in policy.except_states)
    return any(
        SHELF.select(
            Question(
                line_of_business=found.line_of_business, code=found.line.code, on=ON, place=found.line.place,
                state=state, diagnoses=found.line.diagnoses, certification=found.line.certification,
            )
        )
        is policy
        for state in states
    )  # fmt: skip


@pytest.mark.parametrize("policy", in_force(), ids=lambda policy: policy.key)
def test_every_policy_is_asked_for_by_some_list_or_the_list_says_why_not(policy: Policy) -> None:
    found = list(met(policy))
    assert found, "no list is in force for any line of business of the policy"
    asked = [one for one in found if one.rule.needs == "authorization" and selected(one, policy)]
    reasons = [one for one in found if one.rule.needs == "never" and "policy" in one.rule.note.lower()]
    assert asked or len(reasons) == len(found), [(one.line_of_business, one.line.code.value) for one in found[:4]]


@pytest.mark.parametrize("policy", in_force(), ids=lambda policy: policy.key)
def test_no_code_of_a_policy_falls_through_a_list_of_its_line_of_business(policy: Policy) -> None:
    through = [one for one in met(policy) if one.rule not in by_name(one.line_of_business).rules]
    assert [(one.line_of_business, one.line.code.value) for one in through] == []


@pytest.mark.parametrize("held", LISTS, ids=lambda held: held.line_of_business)
def test_a_rule_names_a_policy_that_its_services_are_judged_by(held: Requirements) -> None:
    by_id = {policy.id: policy for policy in in_force()}
    wrong = []
    for rule in (rule for rule in held.rules if rule.policy):
        policy = by_id[rule.policy]
        fit = [one for one in met(policy) if one.line_of_business == held.line_of_business and one.rule == rule]
        if not any(selected(one, policy) for one in fit):
            wrong.append((rule.what, rule.policy))
    assert wrong == []


@pytest.mark.parametrize("held", LISTS, ids=lambda held: held.line_of_business)
def test_emergencies_are_never_asked_for_whatever_the_service(held: Requirements) -> None:
    for policy in in_force():
        for line in services(policy):
            extends = line.certification in ("R", "4") and line.request_type == "AR"
            if not extends:
                assert requirement_for(held, line, emergency=True).needs != "authorization", line.code


ASKED: tuple[tuple[LineOfBusiness, Code, dict[str, str], Need, str], ...] = (
    ("medicare-advantage", Code("hcpcs", "E1390"), {"place": "12"}, "authorization", "dme/home-oxygen"),
    ("medicare-advantage", Code("revenue", "0120"), {"place": "31", "as": "AR"}, "authorization",
     "post-acute/skilled-nursing-facility"),
    ("medicare-advantage", Code("revenue", "0120"), {"place": "21", "as": "AR"}, "authorization",
     "inpatient/two-midnight"),
    ("medicare-advantage", Code("revenue", "0128"), {"place": "61", "as": "AR"}, "authorization",
     "post-acute/inpatient-rehabilitation"),
    ("medicare-advantage", Code("revenue", "0124"), {"place": "51", "as": "AR"}, "authorization",
     "behavioral/inpatient-psychiatric-medicare"),
    ("medicare-advantage", Code("revenue", "0126"), {"place": "21", "as": "AR"}, "authorization",
     "behavioral/withdrawal-management-medicare"),
    ("medicare-advantage", Code("hcpcs", "G0299"), {"place": "12"}, "authorization",
     "home-health/home-health-services"),
    ("medicare-advantage", Code("hcpcs", "A0428"), {"place": "41"}, "authorization",
     "transport/non-emergency-ambulance"),
    ("medicare-advantage", Code("hcpcs", "A0427"), {"place": "41"}, "never", ""),
    ("medicare-advantage", Code("cpt", "74177"), {"place": "22"}, "authorization", "imaging/ct"),
    ("medicare-advantage", Code("cpt", "71271"), {"place": "22"}, "never", "imaging/lung-cancer-screening-ct"),
    ("medicare-advantage", Code("cpt", "93000"), {"dx": "Z01.810"}, "never", "testing/preoperative"),
    ("medicare-advantage", Code("cpt", "27447"), {"place": "21"}, "authorization", "surgery/planned-surgery-setting"),
    ("medicare-advantage", Code("cpt", "99284"), {"place": "23"}, "never", ""),
    ("erisa", Code("cpt", "97153"), {"dx": "F84.0"}, "authorization", "behavioral/applied-behavior-analysis"),
    ("erisa", Code("rxnorm", "835726"), {"dx": "F10.20"}, "authorization", "drugs/acamprosate"),
    ("aca-individual", Code("hcpcs", "J2315"), {"dx": "F11.20"}, "never", "drugs/naltrexone-extended-release"),
    ("medicaid-managed-care", Code("revenue", "0114"), {"place": "51", "as": "AR", "dx": "F32.2"}, "authorization",
     "behavioral/inpatient-psychiatric"),
    ("part-d", Code("ndc", "65597-407-20"), {}, "authorization", "drugs/pexidartinib"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "code", "how", "needs", "policy"), ASKED)
def test_typical_services_are_asked_for_and_judged_as_a_plan_would(
    name: LineOfBusiness, code: Code, how: dict[str, str], needs: Need, policy: str
) -> None:
    held = SHELF.requirements_on(name, ON)
    assert held is not None
    diagnoses = (Code("icd10cm", how["dx"]),) if "dx" in how else ()
    line = Line(
        sequence=1, code=code, service_from=ON, place=how.get("place", ""), request_type=how.get("as", "HS"),
        certification="I", diagnoses=diagnoses,
    )  # fmt: skip
    rule = requirement_for(held, line)
    assert rule.needs == needs
    judged = SHELF.select(
        Question(
            line_of_business=name, code=code, on=ON, place=line.place, state="OH", diagnoses=diagnoses,
            certification="I",
        )
    )  # fmt: skip
    assert (judged.id if judged else "") == policy
    if needs == "authorization" and rule.policy:
        assert rule.policy == policy
