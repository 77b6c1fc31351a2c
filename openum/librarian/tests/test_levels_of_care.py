"""The shelf of levels of care: the ladders that come with OpenUM, and what is wrong with a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from openum.core.answers import YES
from openum.core.codes import Code
from openum.core.criteria import leaves
from openum.core.levels import Ladder, is_lower, levels_of
from openum.librarian.kinds import levels_of_care
from openum.librarian.law import written
from openum.librarian.lawbook import check_items, named
from openum.librarian.read import library
from openum.librarian.shape import SHIPPED

LADDER = """\
id: LOC-TEST
version: "1"
title: Levels of care of a made-up plan
what:
  levels:
    - {id: visits, what: Single visits, unit: visit}
    - {id: days, what: Whole days, unit: day, %s}
since: {from: 2026-01-01, to: null}
authority: {cite: Our own, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}
"""
EXAMPLES = """\
examples:
  - {id: T-1, why: the first step, in: {level: days}, expected: {next_lower: [visits]}}
  - {id: T-2, why: below it, in: {level: visits, than: days}, expected: {is_lower: true}}
  - {id: T-3, why: no guess, in: {amount: 1, from: days, to: visits}, expected: {converted: null}}
"""
POLICY = """\
title: Days
grant: {lasts: 1mo, review_every: 7d}
covers: {hcpcs: [H0035]}
"""


def shelf(root: Path, days: str) -> Path:
    folder = root / "levels-of-care" / "us"
    folder.mkdir(parents=True)
    (folder / "loc-test.yaml").write_text(LADDER % days, encoding="utf-8")
    (folder / "loc-test.examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    policy = root / "policies" / "behavioral" / "days"
    policy.mkdir(parents=True)
    (policy / "2026-01-01.yaml").write_text(POLICY, encoding="utf-8")
    return root


def told(root: Path) -> list[str]:
    return [fault.fault for fault in check_items(root, kinds=(levels_of_care.KIND,))]


def test_a_sound_ladder_has_no_fault(tmp_path: Path) -> None:
    days = "review_every: 7d, policies: [behavioral/days], codes: {hcpcs: [H0035]}"
    assert told(shelf(tmp_path, days)) == []


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        ("policies: [behavioral/nights]", "There is no policy behavioral/nights."),
        ("continued: [behavioral/nights]", "There is no policy behavioral/nights."),
        ("policies: [behavioral/days]", "behavioral/days is reviewed every 7d, this level every nothing."),
        (
            "review_every: 3d, policies: [behavioral/days]",
            "behavioral/days is reviewed every 7d, this level every 3 days.",
        ),
        (
            "review_every: 7d, policies: [behavioral/days], codes: {hcpcs: [H0019]}",
            "behavioral/days covers no code of this level.",
        ),
        ("step_down: [attic]", "days steps down to attic, which does not stand before it."),
        (
            "comparable: {ladder: LOC-OTHER, level: bed}",
            "days is compared with the ladder LOC-OTHER, which is not known.",
        ),
        (
            "comparable: {ladder: LOC-TEST, level: bed}",
            "LOC-TEST has no level bed; its levels are visits, days.",
        ),
        (
            "review_every: 7d, comparable: {ladder: LOC-TEST, level: visits}",
            "days is reviewed every 7 days, but visits every nothing: a stricter review needs a reason "
            "(parity, 45 CFR 146.136).",
        ),
        (
            "comparable: {ladder: LOC-TEST, level: visits}, reason: we like it",
            "days gives a reason, but is not reviewed more often than its comparable level.",
        ),
        ("reason: we like it", "days gives a reason, but is not reviewed more often than its comparable level."),
    ],
)
def test_a_bad_ladder_is_told(tmp_path: Path, days: str, fault: str) -> None:
    assert told(shelf(tmp_path, days)) == [fault]


def test_a_stricter_review_with_a_reason_stands(tmp_path: Path) -> None:
    assert (
        told(shelf(tmp_path, "review_every: 7d, comparable: {ladder: LOC-TEST, level: visits}, reason: why so")) == []
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lvl": "days"}, "lvl is not a word of a ladder; its words are level, than, code, system, amount, from, to."),
        ({"than": "days"}, "`than` needs `level`"),
        ({"amount": 3}, "`amount` needs `from` and `to`"),
        ({}, "Ask for one of level"),
        ({"level": "attic"}, "LOC-MEDICAL has no level attic"),
    ],
)
def test_a_question_the_ladder_does_not_understand_is_refused(given: dict[str, object], words: str) -> None:
    (ladder,) = named("LOC-MEDICAL", SHIPPED)
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        ladder.answer(given)


def test_the_shipped_ladders_stand_in_the_law_book_with_every_level() -> None:
    for name, levels in (("LOC-BEHAVIORAL", 6), ("LOC-MEDICAL", 7)):
        (item,) = named(name, SHIPPED)
        printed = list(item.kind.rows(item.value))
        assert len(printed) == levels
        assert item.provision.authority.checked_on.isoformat() == "2026-11-22"


def test_residential_care_has_no_citation_because_medicare_has_no_words_for_it() -> None:
    (item,) = named("LOC-BEHAVIORAL", SHIPPED)
    cites = {level.id: level.cite for level in item.value.levels}
    assert cites["residential"] == ""
    assert "410.43" in cites["partial-hospitalization"]
    assert "410.44" in cites["intensive-outpatient"]


def test_no_shipped_policy_offers_a_higher_level_of_care_as_its_alternative() -> None:
    ladders: list[Ladder] = [file.item.value for file in written(SHIPPED, levels_of_care.PLAIN) if file.item]
    compared = 0
    for policy in library(SHIPPED).policies:
        for alternative in policy.alternatives:
            if alternative.kind != "level" or "code" not in alternative.change:
                continue
            for ladder in ladders:
                offered = levels_of(ladder, Code("hcpcs", str(alternative.change["code"])))
                own = [level for level in ladder.levels if policy.id in (*level.policies, *level.continued)]
                for lower, higher in ((low, high) for low in offered for high in own):
                    assert is_lower(ladder, lower.id, higher.id) is YES, f"{policy.id} offers {lower.id}"
                    compared += 1
    assert compared >= 5


def test_the_most_a_first_approval_holds_is_what_a_policy_of_the_level_says() -> None:
    known = library(SHIPPED)
    compared = 0
    for ladder in (named(name, SHIPPED)[0].value for name in ("LOC-BEHAVIORAL", "LOC-MEDICAL")):
        for level in ladder.levels:
            if level.first is None:
                continue
            limits = {
                leaf.value
                for policy in known.policies
                if policy.id in level.policies
                for leaf in leaves(policy.criteria)
                if leaf.fact == "asked.quantity" and leaf.op == "at_most"
            }
            assert level.first in limits, f"{level.id} holds {level.first} at first, its policies {limits}"
            compared += 1
    assert compared >= 5
