"""A reason names a criterion that is unmet, what was found on it, and what would change it; it never says more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from openum.core.notice_reason import Found, changes_of, in_the_way, reason_of
from openum.core.refusal import Refusal
from openum.core.tests.test_notice import ENGLISH

WORDING = replace(
    ENGLISH,
    phrases={"found": "{value}", "not_found": "nothing says this", "no_change": "Nothing would.", "records": "records"},
    sources={"Observation": "test result"},
)


def leaf(label: str, answer: str, value: object = None, **fact: object) -> dict[str, Any]:
    test = {"fact": label.lower().replace(" ", "_"), "op": "is", "value": True}
    held = {"name": test["fact"], "value": value, **fact} if value is not None else {}
    return {"answer": answer, "label": label, "test": test, "fact": held}


def group(label: str, answer: str, *of: dict[str, Any], how: str = "all of these") -> dict[str, Any]:
    return {"answer": answer, "label": label, "group": how, "of": list(of)}


LOW = leaf("Low oxygen", "no", 93, source="Observation/1#x", date="2026-03-02")
SEEN = leaf("Seen by a doctor", "yes", True, source="Form/1")
ORDER = leaf("Order on file", "unknown")
ASLEEP = leaf("Low while asleep", "yes", True, source="Note/1")
NOT_ASLEEP = group("Not only asleep", "no", ASLEEP, how="not")
TREE = group("All criteria", "no", LOW, SEEN, ORDER, NOT_ASLEEP)
DISTANCE = {
    "ways": [[{"sentence": "A test at rest: now 93, at most 88"}, {"sentence": "The order"}], [{"sentence": "x"}]]
}


def reason(criterion: str, finding: dict[str, Any] = TREE, **more: Any) -> Any:
    return reason_of(criterion, "  In  my view no. ", finding, more.pop("distance", DISTANCE), WORDING, **more)


def test_the_block_holds_criterion_evidence_changes_and_the_clinicians_words() -> None:
    block = reason("low  OXYGEN.", units={"low_oxygen": "%"})
    assert block.criterion == "Low oxygen"
    assert block.rationale == "In my view no."
    assert block.evidence == (Found("Low oxygen", "93 %", "test result, March 2, 2026"),)
    assert block.changes == ("A test at rest: now 93, at most 88", "The order")
    assert block.elements() == {
        "reason": "In my view no.",
        "criterion_not_met": "Low oxygen",
        "evidence": ({"criterion": "Low oxygen", "found": "93 %", "source": "test result, March 2, 2026"},),
        "changes": ({"text": "A test at rest: now 93, at most 88"}, {"text": "The order"}),
        "what_would_change_it": "A test at rest: now 93, at most 88; The order",
    }


@pytest.mark.parametrize("criterion", ["Seen by a doctor", "Low while asleep", "Something else", ""])
def test_a_criterion_that_is_met_or_unknown_to_the_finding_is_refused_with_those_that_are_not_met(
    criterion: str,
) -> None:
    with pytest.raises(Refusal) as caught:
        reason(criterion)
    assert caught.value.code == "criterion-not-unmet"
    for label in ("Low oxygen", "Order on file", "Not only asleep", "All criteria"):
        assert label in caught.value.next


def test_a_finding_that_is_met_bears_no_reason_at_all() -> None:
    with pytest.raises(Refusal) as caught:
        reason("Low oxygen", leaf("Low oxygen", "yes", 80))
    assert caught.value.next.endswith("known now: none.")


def test_a_group_tells_what_was_found_and_not_what_is_merely_unknown_or_met() -> None:
    assert [(one.criterion, one.found) for one in reason("All criteria").evidence] == [
        ("Low oxygen", "93"), ("Not only asleep", "yes"),
    ]  # fmt: skip


def test_what_nothing_says_is_told_as_that() -> None:
    assert reason("Order on file").evidence == (Found("Order on file", "nothing says this"),)
    only = group("Papers", "unknown", ORDER, leaf("Note on file", "unknown"))
    assert [one.found for one in reason("Papers", only).evidence] == ["nothing says this"]


def test_a_negation_shows_the_fact_under_its_own_label_and_a_record_of_no_known_kind_is_a_record() -> None:
    assert reason("Not only asleep").evidence == (Found("Not only asleep", "yes", "records"),)


def test_where_no_change_of_facts_helps_the_letter_says_so() -> None:
    assert reason("Low oxygen", distance={"ways": []}).would_change == "Nothing would."
    assert changes_of({}) == ()


def test_what_stands_in_the_way_is_every_branch_not_met_and_nothing_inside_a_negation() -> None:
    assert [one["label"] for one in in_the_way(TREE)] == [
        "All criteria", "Low oxygen", "Order on file", "Not only asleep",
    ]  # fmt: skip


def test_a_branch_without_a_label_goes_by_its_fact_or_its_group() -> None:
    bare = leaf("Low oxygen", "no", 93) | {"label": ""}
    assert reason("low oxygen", bare).criterion == "low oxygen"
    assert reason("one of these", group("", "no", LOW, how="one of these")).criterion == "one of these"
    alternatives = group("Either", "no", group("Both", "yes", ASLEEP), LOW, how="one of these")
    negated = group("Neither", "no", group("Both", "yes", ASLEEP, SEEN), how="not")
    assert [one.criterion for one in reason("Either", alternatives).evidence] == ["Low oxygen"]
    assert [(one.criterion, one.found) for one in reason("Neither", negated).evidence] == [("Neither", "yes")]
