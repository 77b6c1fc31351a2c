"""Every refusal of a decision says what is wrong and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from openum.core.actor import Actor
from openum.core.criteria import evaluate
from openum.core.determination import (
    Determination,
    approve_on_criteria,
    decide_adverse,
    decide_excluded,
)
from openum.core.policy import Reviewer
from openum.core.refusal import Refusal
from openum.core.tests.invented_policies import AT, LOW, OWN_WORDS, a_line, a_person, a_policy, chart

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


def excluded(**changes: Any) -> Determination:
    given: dict[str, Any] = {
        "by": BEATRIZ,
        "clause": " Section 4.2 ",
        "rationale": f" {OWN_WORDS} ",
        "at": AT,
    } | changes
    return decide_excluded(LINE, **given)


DERMATOLOGIST = a_person("medical_director", "physician", specialty="Dermatology")
EVERY_REFUSAL: dict[str, tuple[dict[str, Any], str, str]] = {
    "no-license": (
        {"by": a_person("medical_director")},
        "This decision needs a licensed clinician.",
        "Refer the line to a licensed reviewer.",
    ),
    "license-not-active": (
        {"at": datetime(2027, 1, 1, tzinfo=UTC)},
        "The reviewer's license is not active on this day.",
        "Reassign the line.",
    ),
    "reviewer-does-not-fit": (
        {"by": a_person("pharmacist", "pharmacist")},
        "This policy asks for a physician.",
        "Refer the line to one.",
    ),
    "profession-does-not-fit": (
        {"by": a_person("medical_director", "nurse")},
        "This policy asks for a licensed physician.",
        "Refer the line to one.",
    ),
    "specialty-does-not-fit": (
        {"by": DERMATOLOGIST, "policy": a_policy(reviewer=Reviewer(specialties=("Pulmonary Disease",)))},
        "This policy asks for Pulmonary Disease.",
        "Refer the line to that specialty.",
    ),
    "license-state-does-not-fit": (
        {"license_states": frozenset({"OH"})},
        "A license of OH is needed.",
        "Reassign the line.",
    ),
    "criteria-are-met": (
        {"finding": MET},
        "Every criterion is answered yes.",
        "Correct a fact with its source, or approve.",
    ),
    "not-a-part": (
        {"quantity": 10},
        "A part is more than nothing and less than was asked.",
        "State the amount approved.",
    ),
    "criterion-missing": (
        {"criterion_not_met": ""},
        "Name the criterion that is not met.",
        "Criteria answered no: Saturation at or below 88 %.",
    ),
    "rationale-missing": (
        {"rationale": "No."},
        "A decision against a request needs a rationale in the reviewer's own words.",
        "Say in at least 40 characters why, for this member.",
    ),
}


@pytest.mark.parametrize("code", EVERY_REFUSAL)
def test_every_refusal_of_a_decision_against_says_what_is_wrong_and_what_to_do_next(code: str) -> None:
    changes, message, next = EVERY_REFUSAL[code]
    refusal = refused(**changes)
    assert (refusal.code, refusal.message, refusal.next) == (code, message, next)


@pytest.mark.parametrize(
    ("changes", "message", "next"),
    [
        ({"clause": ""}, "A benefit denial cites the plan's clause.", "Name the clause of the plan document."),
        (
            {"by": Actor(kind="client", id="x", name="x", role="benefits_reviewer")},
            "A benefit denial needs a named person.",
            "Refer the line to a benefits reviewer.",
        ),
    ],
)
def test_every_refusal_of_a_benefit_denial_says_what_is_wrong_and_what_to_do_next(
    changes: dict[str, Any], message: str, next: str
) -> None:
    with pytest.raises(Refusal) as caught:
        excluded(**changes)
    assert (caught.value.message, caught.value.next) == (message, next)


def test_what_software_refuses_to_approve_is_given_to_a_clinician() -> None:
    with pytest.raises(Refusal) as caught:
        approve_on_criteria(LINE, a_policy(to_person="Texas names other criteria."), MET, at=AT)
    assert (caught.value.message, caught.value.next) == ("Texas names other criteria.", "Give the line to a clinician.")
    with pytest.raises(Refusal) as caught:
        approve_on_criteria(LINE, a_policy(), UNSETTLED, at=AT)
    assert caught.value.next.startswith("Ask for what is missing or give the line to a clinician")
