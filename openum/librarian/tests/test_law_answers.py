"""The law asked by name: clocks and other items, files of worked examples, and all clocks of a request together."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from openum.core.refusal import Refusal
from openum.librarian.law_answers import all_clocks, answer, jurisdictions, run_rows

LIBRARY = Path(__file__).parents[3] / "library"
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 15, tzinfo=UTC)


def test_a_clock_answers_with_every_date_and_the_sentences_that_prove_it():
    found = answer("MA-OD-EXP+EXT", {"received": "2026-11-25T17:30:00-05:00"}, LIBRARY, today=TODAY)
    assert (found.id, found.citation) == ("MA-OD-EXP", "42 CFR 422.572(a)(1), (b), (c), (d)")
    assert found.computed["deadline"] == "2026-11-28T17:30:00-05:00"
    assert found.computed["max_with_extension"] == "2026-12-12T17:30:00-05:00"
    assert found.computed["extension_allowed"] is True
    assert found.proof[0].startswith("The request reached the department responsible for it Wed Nov 25 2026 17:30")


def test_a_name_nobody_knows_is_refused_with_the_nearest_ones():
    with pytest.raises(Refusal) as refused:
        answer("MA-OD-EXPE", {}, LIBRARY, today=TODAY)
    assert refused.value.code == "law-unknown"
    assert "MA-OD-EXP" in refused.value.next


def test_words_that_cannot_be_read_are_refused_and_nothing_is_guessed():
    with pytest.raises(Refusal) as refused:
        answer("MA-OD-EXP", {"received": 7}, LIBRARY, today=TODAY)
    assert refused.value.code == "law-words"
    assert "7 is not a moment" in refused.value.message


def test_a_file_of_examples_says_for_each_what_was_computed_and_whether_it_is_the_same():
    rows = [
        {"id": "A", "rule": "MA-OD-EXP", "in": {"received": "2026-11-25"}, "expected": {"due_by": "2026-11-28"}},
        {"id": "B", "rule": "MA-OD-EXP", "in": {"received": "2026-11-25"}, "expected": {"deadline": "2026-11-29"}},
        {"id": "C", "rule": "NO-SUCH-RULE", "in": {}, "expected": {"deadline": "2026-11-29"}},
    ]
    first, second, third = run_rows(rows, LIBRARY, today=TODAY)
    assert (first.same, first.computed, first.differences) == (True, {"due_by": "2026-11-28"}, ())
    assert (second.same, second.computed) == (False, {"deadline": "2026-11-28"})
    assert second.differences == ("deadline: expected 2026-11-29, computed 2026-11-28.",)
    assert (third.same, third.computed) == (False, {"refused_to_compute": "law-unknown"})


def test_all_clocks_of_a_request_are_kept_and_the_earliest_is_worked_to():
    given = {"line_of_business": "medicare-advantage", "request_type": "service", "received": "2026-11-19"}
    proofs, first = all_clocks(given | {"expedited": True}, LIBRARY, now=NOW)
    assert "MA-OD-EXP" in {proof.rule_id for proof in proofs}
    assert first is not None
    assert first.work_by == min(proof.work_by for proof in proofs if proof.work_by)


@pytest.mark.parametrize("missing", ["line_of_business", "request_type", "received"])
def test_all_clocks_need_to_know_which_request_it_is(missing):
    given = {"line_of_business": "erisa", "request_type": "service", "received": "2026-11-19"}
    del given[missing]
    with pytest.raises(Refusal) as refused:
        all_clocks(given, LIBRARY, now=NOW)
    assert missing in refused.value.message


def test_a_plan_answers_to_federal_law_its_states_and_its_accreditation():
    assert jurisdictions(["TX"], ["NCQA"]) == {"us", "us-tx", "ncqa"}
    assert jurisdictions([], []) == {"us"}


def test_a_name_of_a_clock_and_of_another_item_is_answered_by_the_one_that_knows_the_words():
    clock = answer("PD-TRANSITION", {"temporary_fill": "2026-11-20"}, LIBRARY, today=TODAY)
    assert "deadline" in clock.computed
    words = {"group": "new_enrollee", "coverage_start": "2026-01-01", "fill_date": "2026-03-31", "ongoing": True}
    item = answer("PD-TRANSITION", words | {"restriction": "step_therapy"}, LIBRARY, today=TODAY)
    assert item.computed["applies"] is True
    assert item.computed["window_end"] == "2026-03-31"
