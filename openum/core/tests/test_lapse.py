"""What follows from a clock that ran out, and what never does."""

from dataclasses import replace
from datetime import date

import pytest

from openum.core.clock_rule import OnMiss
from openum.core.lapse import Lapse, lapses
from openum.core.tests.invented_clocks import DUE, RECEIVED, SECOND, proof_of, rule

LATE = DUE + SECOND
LAPSE = Lapse(
    rule="R", version="1", citation="1 CFR 1.1", verdict="deemed_denial", words="so", due_at=DUE, on=date(2026, 11, 26)
)


@pytest.mark.parametrize(
    ("verdict", "certain", "effect"),
    [
        ("auto_authorized", True, "approve"),
        ("deemed_approval", True, "approve"),
        ("auto_authorized", False, "ask_person"),
        ("deemed_approval", False, "ask_person"),
        ("deemed_denial", True, "adverse_by_law"),
        ("deemed_denial", False, "adverse_by_law"),
        ("forward_to_ire", True, "forward"),
        ("deemed_exhausted", True, "late"),
        ("plan_financially_responsible", True, "late"),
    ],
)
def test_a_verdict_of_the_law_has_one_effect_and_an_approval_only_where_the_rule_surely_applies(
    verdict, certain, effect
):
    assert replace(LAPSE, verdict=verdict, certain=certain).effect == effect


def test_a_missed_clock_with_a_verdict_is_a_lapse_since_the_day_its_time_ended():
    missed = OnMiss(verdict="auto_authorized", unless="decision", words="it is approved.", starts="NEXT")
    proof = proof_of(rule(on_miss=missed), at=LATE)
    assert lapses([proof]) == (
        Lapse(
            rule="PLAIN", version="1", citation="1 CFR 1.1", verdict="auto_authorized", words="it is approved.",
            due_at=DUE, on=date(2026, 11, 26), starts="NEXT",
        ),
    )  # fmt: skip
    assert lapses([proof], ["PLAIN"])[0].certain is False


def test_a_decision_in_time_a_running_clock_and_a_law_that_says_nothing_are_no_lapses():
    missed = OnMiss(verdict="deemed_denial", unless="decision", words="denied.")
    assert lapses([proof_of(rule(on_miss=missed), at=LATE, decided_at=RECEIVED)]) == ()
    assert lapses([proof_of(rule(on_miss=missed), at=DUE)]) == ()
    assert lapses([proof_of(rule(), at=LATE)]) == ()


def test_the_first_clock_to_have_ended_comes_first():
    first, second = (
        replace(proof_of(rule(id=name, on_miss=OnMiss(verdict="v", unless="answer", words="w")), at=LATE), due_at=due)
        for name, due in (("B", DUE), ("A", LATE))
    )
    assert [lapse.rule for lapse in lapses([second, first])] == ["B", "A"]
