"""The shelf of appeals: what comes with OpenUM holds together, and what is wrong with a bad item."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.appeal import Level
from openum.core.appeal_filing import filing_window
from openum.core.clock_rule import ClockRule
from openum.core.clocks import ClockEvents, compute
from openum.core.tests.invented_clocks import moment
from openum.librarian.appeals_page import reference
from openum.librarian.clocks import calendars, read_clocks
from openum.librarian.kinds import appeals
from openum.librarian.kinds.appeals import ladder
from openum.librarian.law import Item
from openum.librarian.lawbook import check_items, named, shelf
from openum.librarian.shape import SHIPPED

LADDERS = {
    "medicare-advantage": ["MA-L1", "MA-L2", "MA-L3", "MA-L4", "MA-L5"],
    "part-d": ["PD-L1", "PD-L2", "PD-L3", "PD-L4", "PD-L5"],
    "medicaid-managed-care": ["MCD-L1", "MCD-L2"],
    "chip": ["CHIP-REV"],
    "erisa": ["ERISA-L", "XR-FED", "XR-FED-EXP", "XR-STATE-MIN"],
    "aca-individual": ["ACA-IND-L", "XR-FED", "XR-FED-EXP", "XR-STATE-MIN"],
    "qio": ["QIO-L2", "MA-L3", "MA-L4", "MA-L5"],
}
LEVEL = """\
id: X-L1
version: "1"
title: A level of a made-up ladder
what:
  kind: level
  ladder: made-up
  order: 1
  lines_of_business: [erisa]
  heard_as: appeal
  decided_by: plan
  filing: {how: request, clock: MA-RECON-FILE, who: [{who: member}]}
  decide: {standard: MA-RECON-STD}
since: {from: null, to: null}
authority: {cite: Our own, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}
"""
EXAMPLES = """\
examples:
  - {id: X-1, why: the member, in: {filer: member}, expected: {may_file: true}}
  - {id: X-2, why: the clock, in: {matter: preservice}, expected: {decide_clock: MA-RECON-STD}}
  - {id: X-3, why: the last level, in: {outcome: upheld}, expected: {do: [closed]}}
"""


def item(name: str) -> Item:
    (only,) = named(name, SHIPPED)
    return only


def told(root: Path, level: str = LEVEL, examples: str = EXAMPLES) -> list[str]:
    folder = root / "appeals" / "us" / "made-up"
    folder.mkdir(parents=True)
    (folder / "x-l1.yaml").write_text(level, encoding="utf-8")
    (folder / "x-l1.examples.yaml").write_text(examples, encoding="utf-8")
    return [fault.fault for fault in check_items(root, kinds=(appeals.KIND,))]


def test_the_shelf_that_comes_with_openum_has_no_fault() -> None:
    assert check_items(SHIPPED, kinds=(appeals.KIND,)) == ()


@pytest.mark.parametrize(("program", "levels"), LADDERS.items())
def test_each_program_has_its_ladder(program: str, levels: list[str]) -> None:
    assert [level.id for level in ladder(program, shelf("appeals", SHIPPED)).levels] == levels


def test_every_level_a_plan_decides_has_a_clock_for_each_matter_and_says_who_may_decide() -> None:
    levels = [each.value for each in shelf("appeals", SHIPPED) if isinstance(each.value, Level)]
    plans = [level for level in levels if level.decided_by == "plan"]
    assert sorted(level.id for level in plans) == ["ACA-IND-L", "ERISA-L", "MA-L1", "MCD-L1", "PD-L1"]
    for level in plans:
        assert {"standard", "expedited"} <= set(dict(level.decide))
        assert level.independence[0] == "IND-ENGINE"
        assert level.filing_clock


def test_an_item_without_fault_has_none(tmp_path: Path) -> None:
    assert told(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("MA-RECON-STD", "MA-RECON-STDD", "There is no clock MA-RECON-STDD."),
        ("  decide:", "  then: [{level: X-L2}]\n  decide:", "There is no item of appeals X-L2."),
        ("kind: level", "kind: ladder", '`kind` is "ladder", which cannot be.'),
        ("decided_by: plan", "decided_by: king", '`decided_by` is "king", which cannot be.'),
        ("  order: 1\n", "", "`order` is missing in `what`."),
        ("who: member", "whom: member", "`whom` is not a key of number 1 of `who`."),
    ],
)
def test_what_is_wrong_with_an_item_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert fault in told(tmp_path, LEVEL.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("filer: member", "filler: member", "Example X-1: filler is not a word of this kind."),
        ("matter: preservice", "matter: dental", "Example X-2: dental is no matter;"),
        ("outcome: upheld", "outcome: lost", "Example X-3: 'lost' is no outcome;"),
        ("may_file: true", "may_file: false", "Example X-1: may_file: expected False, computed True."),
    ],
)
def test_what_is_wrong_with_an_example_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert any(each.startswith(fault) for each in told(tmp_path, examples=EXAMPLES.replace(old, new)))


def test_a_word_an_item_does_not_know_is_refused_with_those_it_knows() -> None:
    with pytest.raises(ValueError, match=r"color is not a word of this kind\. Known are: .*prior_reviewers"):
        item("IND-ENGINE").answer({"color": "red"})
    with pytest.raises(ValueError, match="managers says whom each person answers to"):
        item("IND-ENGINE").answer({"managers": 7})


@pytest.mark.parametrize(
    ("managers", "wrong"),
    [
        ("dr-a", ["subordinate"]),
        ({"dr-b": ["dr-c", "dr-a"]}, ["subordinate"]),
        ({"dr-b": "dr-c"}, []),
        ({"dr-b": None}, []),
    ],
)
def test_whom_somebody_answers_to_may_be_told_in_several_ways(managers: Any, wrong: list[str]) -> None:
    given = {"reviewer": "dr-b", "prior_reviewers": "dr-a", "managers": managers, "expertise": True}
    assert item("IND-MCD-APPEAL").answer(given)["wrong"] == wrong


def test_the_window_of_a_shipped_level_is_computed_with_its_proof() -> None:
    notice = ClockEvents(others={"notice_sent": moment("2026-11-02T09:00:00-05:00")})
    at = moment("2026-11-22T09:00:00-05:00")
    clocks = read_clocks(SHIPPED)
    proof = filing_window(item("PD-L1").value, notice, clocks, calendars(), "America/New_York", at=at)
    assert proof is not None
    assert proof.rule_id == "PD-REDET-FILE"
    assert proof.due_at == moment("2027-01-06T23:59:59-05:00")


def test_the_page_prints_every_item_with_its_words() -> None:
    page = reference()
    for each in shelf("appeals", SHIPPED):
        assert f"#### {each.provision.id}\n" in page
    assert "- **When missed**: sent on by itself; by MA-AUTO-FORWARD; " in page
    assert "- **Amount in controversy**: 2026: $1,960\n" in page
    assert "- **Burden of proof**: plan\n" in page
    assert "- **Experience**: 5 years while pediatric case\n" in page


LEVELS = [each.value for each in shelf("appeals", SHIPPED) if isinstance(each.value, Level)]
BOTH = [level for level in LEVELS if {"standard", "expedited"} <= set(dict(level.decide))]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(BOTH), st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_expediting_an_appeal_never_lengthens_it(level: Level, begun: datetime) -> None:
    ends = []
    for matter in ("standard", "expedited"):
        rule = next(each for each in read_once() if each.id == level.clock_to_decide(matter))
        events = ClockEvents(received_at=begun, others={rule.start: begun} if rule.start != "receipt" else {})
        ends.append(compute(rule, events, calendars(), "America/New_York", at=begun).due_at)
    assert ends[1] <= ends[0]  # type: ignore[operator]


@cache
def read_once() -> tuple[ClockRule, ...]:
    return read_clocks(SHIPPED)
