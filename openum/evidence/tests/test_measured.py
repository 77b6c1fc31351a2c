"""How good the suggestions are, on the notes that nobody opened while the rules were written."""

from __future__ import annotations

import pytest

from openum.evidence.tests.measured import DATA, Tally, keyed, measure, present

pytestmark = pytest.mark.skipif(
    not present(), reason=f"the notes are not ours to ship; put them in {DATA.name}/ of ../shared"
)
LEAST_RECALL_AGAINST = 0.9


@pytest.fixture(scope="module")
def held_out() -> Tally:
    return measure("held_out")


def test_thirty_notes_are_held_out_and_thirty_others_are_not() -> None:
    halves = [{note.name for note in keyed(half)} for half in ("development", "held_out")]
    assert [len(half) for half in halves] == [30, 30]
    assert halves[0] & halves[1] == set()


def test_every_quote_is_exact_to_the_byte(held_out: Tally) -> None:
    assert held_out.quotes > 300
    assert held_out.exact == held_out.quotes


def test_nine_of_ten_passages_that_speak_against_a_fact_are_found(held_out: Tally) -> None:
    assert held_out.recall("against") >= LEAST_RECALL_AGAINST
