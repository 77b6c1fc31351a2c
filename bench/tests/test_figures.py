"""The figures themselves: percentiles, verdicts, and that every engine is asked the same question."""

import pytest
from cel import compile as cel_compile

from bench.chart import CONDITIONS, RESOURCES, Asked, cases, entries_of, gathered, policy_of
from bench.engines import cel_text
from bench.speaking import action
from bench.table import Row, plain, shown
from bench.timing import percentile
from openum.core.answers import NO, UNKNOWN, YES
from openum.core.criteria import evaluate, leaves
from openum.librarian.read import library

CASES = cases(library())


@pytest.mark.parametrize(("share", "found"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_the_nearest_rank(share: float, found: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == found


def test_the_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.99) == 7.0


@pytest.mark.parametrize(
    ("figure", "limits", "budget", "verdict"),
    [
        (25, {"at_most": 25}, "≤ 25", "met"),
        (25.1, {"at_most": 25}, "≤ 25", "missed"),
        (50_000, {"at_least": 50_000}, "≥ 50,000", "met"),
        (49_999, {"at_least": 50_000}, "≥ 50,000", "missed"),
        ("not run", {"at_most": 25}, "≤ 25", ""),
        (3, {}, "", ""),
    ],
)
def test_a_verdict_compares_the_figure_with_its_budget(
    figure: float | str, limits: dict[str, float], budget: str, verdict: str
) -> None:
    row = Row(group="g", work="w", figure=figure, **limits)
    assert (row.budget, row.verdict) == (budget, verdict)


@pytest.mark.parametrize(("figure", "text"), [(56020.4, "56,020"), (84.71, "84.7"), (0.531, "0.53"), (7.0, "7")])
def test_a_figure_shows_three_digits_that_count(figure: float, text: str) -> None:
    assert shown(figure) == text


def test_the_markdown_table_names_each_group_once() -> None:
    rows = [
        Row(group="a", work="w1", figure=1),
        Row(group="a", work="w2", figure=2),
        Row(group="b", work="w3", figure=3),
    ]
    lines = plain(rows).splitlines()
    assert [line for line in lines if "**" in line] == ["| **a** | | | | | |", "| **b** | | | | | |"]
    assert len(lines) == 2 + 2 + 3


def test_the_review_action_of_an_answer_is_found_and_nothing_where_there_is_none() -> None:
    assert action(b'{"system":"https://codesystem.x12.org/005010/306","code":"A1"}') == "A1"
    assert action(b'{"resourceType":"OperationOutcome"}') == ""


def test_the_measured_criterion_has_twelve_conditions_and_cases_of_every_answer() -> None:
    assert len(list(leaves(policy_of(library()).criteria))) == CONDITIONS
    assert {case.expect for case in CASES} == {YES, NO, UNKNOWN}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_chart_of_fifty_resources_gives_the_answer_the_worked_example_promises(case: Asked) -> None:
    assert len(case.bundle["entry"]) == RESOURCES + 1  # the Claim, which is no chart
    held, policy = library(), policy_of(library())
    chart = gathered(policy, case, entries_of(case.bundle), held.facts)
    assert evaluate(policy.criteria, chart).answer is case.expect


def test_cel_is_given_the_criterion_itself_and_a_missing_fact_raises() -> None:
    program = cel_compile(cel_text(policy_of(library()).criteria))
    facts = {"body_mass_index": 41.2, "type_2_diabetes": True, "medical_obesity_treatment_failed": True}
    assert program.execute({"facts": {**facts, "asked_code": "43644"}}) is True
    assert program.execute({"facts": {**facts, "asked_code": "43842"}}) is False
    with pytest.raises(KeyError):
        program.execute({"facts": {"asked_code": "43644", "type_2_diabetes": True, "body_mass_index": 41.2}})
