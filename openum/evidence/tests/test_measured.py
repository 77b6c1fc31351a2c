"""How good the suggestions are. The aim, nine of ten passages against on unseen notes, is not reached."""

from __future__ import annotations

import pytest

from openum.evidence.tests.measured import DATA, KNOWN, UNOPENED, Tally, keyed, measure, present

pytestmark = pytest.mark.skipif(
    not present(), reason=f"the notes are not ours to ship: ../shared/{DATA.name} is absent"
)


@pytest.fixture(scope="module")
def unopened() -> Tally:
    return measure(UNOPENED)


def test_every_part_of_the_key_has_thirty_notes_of_its_own() -> None:
    parts = [{note.name for note in keyed(part)} for part in (*KNOWN, UNOPENED)]
    assert [len(part) for part in parts] == [30] * 4
    assert len(set.union(*parts)) == 120


def test_every_quote_is_exact_to_the_byte(unopened: Tally) -> None:
    known = measure(*KNOWN)
    assert (unopened.exact, known.exact) == (unopened.quotes, known.quotes)
    assert unopened.quotes > 300


def test_on_unseen_notes_two_of_three_passages_against_are_found_and_nine_of_ten_suggestions_are_right(
    unopened: Tally,
) -> None:
    assert unopened.recall("against") >= 0.67
    assert unopened.precision("against") >= 0.9


def test_what_was_found_in_known_notes_is_still_found() -> None:
    assert measure("held_out").recall("against") >= 0.9
    assert measure(*KNOWN).recall("against") >= 0.96
