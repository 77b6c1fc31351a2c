"""A kept finding shows what the finding it was made of says."""

from __future__ import annotations

import json
from datetime import date

from openum.core.answers import NO, UNKNOWN, YES
from openum.core.chart import Chart, Fact
from openum.core.criteria import All, AnyOf, AtLeast, Criterion, Leaf, Not, evaluate
from openum.core.explain import as_data
from openum.core.kept import Branch, flat, kept_fact, kept_tree

ON = date(2026, 6, 1)
LOW = Leaf("saturation", "at_most", 88, label="Saturation at or below 88 %", cite="240.2 B(1)")
VISITS = Leaf("visits", "at_least", 3, label="Three visits")
SEEN = Leaf("seen", "is", True)
FACTS = {
    "saturation": Fact("saturation", 86, "Observation/o1", date(2026, 5, 30), "SpO2 86 %"),
    "smokes": Fact("smokes", False, "QuestionnaireResponse/q1#smokes", ON, "smokes: no on 2026-06-01"),
    "visits": Fact("visits", 2, "Procedure/p1", floor=True),
    "seen": Fact("seen", None, note="no entry in the window"),
}


def tree(criterion: Criterion) -> Branch:
    """The criterion evaluated, kept as JSON and read back."""
    return kept_tree(json.loads(json.dumps(as_data(evaluate(criterion, Chart(ON, FACTS))))))


def test_a_comparison_shows_what_was_found_and_where() -> None:
    assert tree(LOW) == Branch(
        answer=YES, text="Saturation at or below 88 %", cite="240.2 B(1)", found="86", source="Observation/o1",
        day="2026-05-30", quote="SpO2 86 %",
    )  # fmt: skip


def test_a_count_that_may_be_higher_is_shown_as_a_floor_and_answers_unknown() -> None:
    assert tree(VISITS) == Branch(answer=UNKNOWN, text="Three visits", found="at least 2", source="Procedure/p1")


def test_a_comparison_without_a_label_is_called_by_its_fact_and_an_unknown_fact_says_why() -> None:
    assert tree(SEEN) == Branch(answer=UNKNOWN, text="seen", found="not known (no entry in the window)")


def test_a_comparison_without_a_fact_is_not_known() -> None:
    data = {"answer": "unknown", "label": "", "test": {"fact": "bmi_now", "op": "is", "value": True}, "fact": {}}
    assert kept_tree(data) == Branch(answer=UNKNOWN, text="bmi now", found="not known")


def test_not_over_one_comparison_is_one_branch_that_answers_as_the_not_does() -> None:
    smokes = Leaf("smokes", "is", True, label="The member smokes", cite="§2")
    found = Branch(
        answer=YES, text="The member does not smoke", cite="§2", found="no", source="QuestionnaireResponse/q1#smokes",
        day="2026-06-01",
    )  # fmt: skip
    assert tree(Not(smokes, label="The member does not smoke")) == found
    assert tree(Not(smokes)).text == "not: The member smokes"


def test_a_quote_that_says_more_than_question_and_value_is_kept() -> None:
    fact = {"name": "seen", "value": True, "source": "Claim#diagnosis.1", "quote": "J44.9 Chronic lung disease"}
    found = kept_tree({"answer": "yes", "label": "Seen", "test": {"fact": "seen", "op": "is"}, "fact": fact})
    assert found.quote == "J44.9 Chronic lung disease"


def test_long_ids_are_cut_where_a_source_is_read_by_people() -> None:
    source = "QuestionnaireResponse/2a875a96-7abb-4d2f-ab92-0b2d578bb833#smokes"
    branch = Branch(answer=YES, text="x", source=source, day="2026-06-01")
    assert branch.place == "QuestionnaireResponse/2a875a96…#smokes, 2026-06-01"
    assert Branch(answer=YES, text="x", source="request line 1").place == "request line 1"
    assert Branch(answer=YES, text="x").place == ""


def test_not_over_a_group_keeps_the_group() -> None:
    found = tree(Not(All((LOW, VISITS)), label="Neither"))
    assert (found.answer, found.group, len(found.below)) == (UNKNOWN, "not", 1)
    assert found.below[0].text == "all of these"
    assert [one.needed for one in found.below] == [True]


def test_ways_not_taken_are_marked_where_another_way_met_the_group() -> None:
    found = tree(AnyOf((LOW, All((VISITS, SEEN), label="Seen often")), label="Low or seen often"))
    assert (found.answer, [one.needed for one in found.below]) == (YES, [True, False])
    assert [(depth, branch.text) for depth, branch in flat(found)] == [
        (0, "Low or seen often"), (1, "Saturation at or below 88 %"), (1, "Seen often"),
    ]  # fmt: skip
    assert found.below[1].size == 2
    assert found.size == 4


def test_no_way_is_left_out_where_the_group_is_not_met() -> None:
    found = tree(AtLeast(2, (LOW, VISITS, All((SEEN,), label="Seen")), label="Two of them"))
    assert (found.answer, found.group) == (UNKNOWN, "at least 2 of these")
    assert [one.needed for one in found.below] == [True, True, True]
    assert [branch.text for _, branch in flat(found)][-1] == "seen"


def test_a_criterion_that_fails_keeps_all_its_branches() -> None:
    found = tree(All((Not(LOW, label="Saturation above 88 %"), LOW), label="Both"))
    assert (found.answer, [one.answer for one in found.below]) == (NO, [NO, YES])
    assert [one.needed for one in found.below] == [True, True]


def test_a_kept_fact_has_every_part_it_was_kept_with() -> None:
    data = {"name": "a", "value": "x", "source": "Observation/o1", "date": "2026-01-02", "quote": "quoted"}
    fact = Fact("a", "x", "Observation/o1", date(2026, 1, 2), "quoted", floor=True, note="a note", segment="hiv")
    assert kept_fact({**data, "note": "a note", "floor": True, "segment": "hiv"}) == fact
