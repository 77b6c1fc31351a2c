"""Days between two events that do not count: the law leaves out the time the member took."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.tests.invented_clocks import DUE, RECEIVED, proof_of, rule

LEAVES_OUT = rule(leaves_out=("told", "asked_again"))


def test_the_days_between_the_two_events_do_not_count() -> None:
    others = {"told": RECEIVED, "asked_again": RECEIVED + timedelta(days=5)}
    proof = proof_of(LEAVES_OUT, others=others)
    assert proof.due_at == DUE + timedelta(days=5)
    assert "5 calendar days do not count: from when told happened to when asked again happened." in proof.steps


def test_while_one_of_them_is_not_known_nothing_is_left_out_and_the_proof_says_so() -> None:
    proof = proof_of(LEAVES_OUT, others={"told": RECEIVED})
    assert proof.due_at == DUE
    assert any(step.endswith("do not count; they are not known yet.") for step in proof.steps)


def test_events_the_wrong_way_round_take_nothing_away() -> None:
    others = {"told": RECEIVED + timedelta(days=5), "asked_again": RECEIVED}
    assert proof_of(LEAVES_OUT, others=others).due_at == DUE


@settings(max_examples=40)
@given(st.integers(0, 400), st.integers(0, 400))
def test_taking_longer_never_brings_the_end_nearer(fewer: int, more: int) -> None:
    first, last = sorted((fewer, more))
    ends = [
        proof_of(LEAVES_OUT, others={"told": RECEIVED, "asked_again": RECEIVED + timedelta(days=days)}).due_at
        for days in (first, last)
    ]
    assert ends[0] <= ends[1]
