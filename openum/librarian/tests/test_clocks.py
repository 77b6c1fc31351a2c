"""The library's clocks: every worked example holds, every fault is named with its line, the page is up to date."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from openum.core.clocks import ClockEvents, applicable
from openum.librarian.clock_examples import ExampleFault, differences, rule_for, run_example
from openum.librarian.clocks import calendars, check_clocks, examples_of, read_clocks, stale_clocks

PROJECT = Path(__file__).parents[3]
LIBRARY = PROJECT / "library"
VECTORS = PROJECT / ".." / "shared" / "facts" / "deadline-examples.yaml"
RULES = read_clocks(LIBRARY)
EXAMPLES = [(rule, example) for rule, example in examples_of(LIBRARY)]
NAMED = ("MA-01 MA-04 MA-07 MA-10 MA-13 MA-16 MA-28 PD-03 MCD-01 MCD-04 MCD-07 MCD-16 ER-02 ER-05 ER-08 ER-11").split()


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[f"{r.id}.{r.version}:{e['id']}" for r, e in EXAMPLES])
def test_every_worked_example_of_the_library_holds(rule, example):
    actual = run_example(rule, example["in"], calendars=calendars(), zone=example.get("tz", ""))
    assert differences(actual, example["expected"]) == ()


@pytest.mark.parametrize("name", [*NAMED, "QHP-02"])
def test_the_rows_of_the_table_of_deadlines_hold(name):
    if not VECTORS.exists():
        pytest.skip("../shared/facts/deadline-examples.yaml is not here; its rows stand beside each rule too.")
    row = next(row for row in yaml.safe_load(VECTORS.read_text(encoding="utf-8"))["vectors"] if row["id"] == name)
    given = row["in"] | ({"tz": row["tz"]} if "tz" in row else {})
    rule = rule_for(RULES, row["rule"], given)
    assert differences(run_example(rule, given, calendars=calendars()), row["expected"]) == ()


def test_the_named_rows_are_restated_beside_their_rules_word_for_word():
    beside = {example["id"]: example for _, example in EXAMPLES}
    assert [name for name in NAMED if name not in beside] == []
    if not VECTORS.exists():
        pytest.skip("../shared/facts/deadline-examples.yaml is not here to compare with.")
    rows = {row["id"]: row for row in yaml.safe_load(VECTORS.read_text(encoding="utf-8"))["vectors"]}
    for name in NAMED:
        assert beside[name]["in"] == rows[name]["in"], name
        assert rows[name]["expected"].items() <= beside[name]["expected"].items(), name


def test_the_library_has_no_faults():
    assert check_clocks(LIBRARY) == ()
