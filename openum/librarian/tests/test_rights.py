"""Section 3 of the rulebook, id by id: peer-to-peer, gold cards, AI, deciders, coverage criteria, durability."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from openum.core.refusal import Refusal
from openum.librarian.answers_agree import differences
from openum.librarian.freeze import _refuse_without_committee, adopt
from openum.librarian.kinds import (
    automation,
    coverage_criteria,
    deciders,
    durability,
    gold_card,
    peer_to_peer,
)
from openum.librarian.law import Item, Kind, written
from openum.librarian.lawbook import check_items, named, read_items
from openum.librarian.lock import LOCK, needs_committee
from openum.librarian.read import SHIPPED
from openum.librarian.shelf import read_shelves

KINDS = (peer_to_peer.KIND, gold_card.KIND, automation.KIND, deciders.KIND, durability.KIND, coverage_criteria.KIND)
READ = read_items(SHIPPED, kinds=KINDS)
ITEMS = {item.provision.id: item for item in READ}
DEADLINES = SHIPPED.parents[1] / "shared/facts/deadline-examples.yaml"
V, K, P = "verified", "from_knowledge", "policy_choice"
RULEBOOK = {
    "peer-to-peer": {
        "P2P-LEGAL-NATURE": K, "P2P-TYPICAL": V, "P2P-MA": V, "P2P-TX": V, "P2P-MO": V, "P2P-URAC": V, "P2P-WISER": V,
        "P2P-HOSPITAL-UR": V, "P2P-RECORD": P, "P2P-DEFAULT": P,
    },
    "gold-card": {
        "TX-GOLD": V, "TX-GOLD-RESCIND": V, "WV-GOLD": V, "AR-GOLD": V, "CO-GOLD": V, "WY-GOLD": V, "VT-GOLD": V,
        "MA-GOLD": V, "OTHERS": K,
    },
    "automation": {
        "CMS-FAQ-2024-02-06": V, "CMS-CY2026": V, "CA-SB1120": V, "TX-SB815": V, "AZ-HB2175": V, "MD-HB820": V,
        "NE-LB77": V, "WA-E2SSB5395": V, "AL-SB63": V, "IN-HB1271": V, "IA-HF2635": V, "GA-SB444": V,
        "IL-PA103-0656": K, "NCQA-2026": K, "PLATFORM-AI": P, "platform_default": P,
    },
    "deciders": {
        "DECIDER-MA": V, "DECIDER-MCO": V, "DECIDER-CA": V, "DECIDER-NY": V, "DECIDER-IL": V, "DECIDER-DC": V,
        "DECIDER-TX": V, "DECIDER-AZ": V, "NCQA-UM4": V, "DECIDER-PLATFORM": P,
    },
    "coverage-criteria": {
        "ma_criteria.hierarchy": V, "ma_criteria.internal_criteria_allowed_when": V, "ma_criteria.must_publish": V,
        "ma_criteria.uniform_LCD_election": V, "um_committee_422_137": V, "pa_purpose_422_138b": V, "two_midnight": V,
        "no_PA_allowed": V,
    },
    "durability": {
        "MA_422_138c": V, "MA_inpatient_2026": V, "MA_course_of_treatment": V, "MA_new_enrollee": V, "GA_33-46-23": V,
        "WA_5395": V, "AK-RETRO": V, "AZ-RETRO": V, "AK_AZ": V, "AHIP": V, "DURABILITY-PLATFORM": P,
    },
}  # fmt: skip
EVERY = [(shelf, name, tag) for shelf, names in RULEBOOK.items() for name, tag in names.items()]


def kind_of(shelf: str) -> Kind:
    return next(kind for kind in KINDS if kind.shelf == shelf)


def items_named(name: str) -> list[Item]:
    return [item for item in READ if name in item.names]


def test_the_six_shelves_have_no_faults_and_all_their_examples_come_out() -> None:
    assert check_items(SHIPPED, kinds=KINDS) == ()


@pytest.mark.parametrize(("shelf", "name", "tag"), EVERY)
def test_every_id_of_the_section_stands_on_its_shelf_with_its_tag_and_at_least_three_examples(
    shelf: str, name: str, tag: str
) -> None:
    found = items_named(name)
    assert {item.provision.shelf for item in found} == {shelf}
    assert {item.provision.authority.tag for item in found} == {tag}
    for item in found:
        beside = item.provision.path.with_name(item.provision.path.stem + ".examples.yaml")
        assert len(yaml.safe_load(beside.read_text(encoding="utf-8"))["examples"]) >= 3


def test_no_item_of_the_shelves_is_left_out_of_the_table() -> None:
    listed = {item.provision.id for _, name, _ in EVERY for item in items_named(name)}
    assert set(ITEMS) == listed


@pytest.mark.parametrize("name", sorted(ITEMS))
def test_every_item_prints_rows_with_a_label_and_words(name: str) -> None:
    rows = list(ITEMS[name].kind.rows(ITEMS[name].value))
    assert rows
    assert all(label and words and "_" not in label for label, words in rows)


@pytest.mark.parametrize("name", sorted(ITEMS))
def test_a_word_nobody_knows_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"moon_phase is not a word of this kind\. Known are: "):
        ITEMS[name].answer({"moon_phase": "full"})


@pytest.mark.skipif(not DEADLINES.exists(), reason="the shared vectors are not beside this checkout")
@pytest.mark.parametrize("id_", ["GC-01", "GC-04"])
def test_the_shared_vectors_of_gold_cards_pass_by_name(id_: str) -> None:
    vectors = yaml.safe_load(DEADLINES.read_text(encoding="utf-8"))["vectors"]
    vector = next(one for one in vectors if one["id"] == id_)
    answers = [item.answer(vector["in"]) for item in named(vector["rule"], SHIPPED)]
    current = [answer for answer in answers if answer.get("applies", True)]
    assert len(current) == 1
    assert differences(current[0], vector["expected"]) == ()


def test_traps_of_the_rulebook_are_not_repeated() -> None:
    texas = max(items_named("TX-GOLD"), key=lambda item: item.provision.version)
    assert "HB 3459" in texas.provision.authority.cite
    assert "HB 3812" in texas.provision.authority.cite
    assert texas.answer({"evaluation_on": "2026-01-05"})["evaluation_months"] == 12
    assert "422.112(b)(8)" in ITEMS["MA_new_enrollee"].provision.authority.cite
    assert "422.112(b)(8)(i)(A)" in ITEMS["MA_course_of_treatment"].provision.authority.cite
    assert ITEMS["CMS-CY2026"].answer({"on": "2027-01-01"})["in_force"] is False


def test_no_item_on_automation_answers_that_software_may_act_against_a_request() -> None:
    against = automation.AGAINST
    rules = [item for item in ITEMS.values() if item.kind.shelf == "automation"]
    assert {item.answer({"act": act})["allowed"] for item in rules for act in against} == {False}


def test_where_a_law_names_the_criteria_the_decider_points_to_policies_that_exist() -> None:
    for state in ("CA", "NY", "IL"):
        for policy in ITEMS[f"DECIDER-{state}"].provision.what["criteria_policies"]:
            assert (SHIPPED / "policies" / policy / "about.yaml").exists()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.shelf)
def test_every_shelf_says_how_an_author_writes_one(kind: Kind) -> None:
    assert len(kind.summary) > 20
    assert (SHIPPED / kind.shelf / "README.md").exists()


def test_no_policy_for_medicare_advantage_is_adopted_without_the_committees_day(tmp_path: Path) -> None:
    copy = tmp_path / "library"
    shutil.copytree(SHIPPED, copy)
    before = (copy / LOCK).read_bytes()
    with pytest.raises(Refusal) as caught:
        adopt([copy / "policies"], by="Policy", on=date(2026, 11, 22), roots=[copy])
    assert caught.value.code == "committee_approval_missing"
    assert (copy / LOCK).read_bytes() == before


def test_the_committee_is_asked_for_each_policy_that_may_decide_for_medicare_advantage() -> None:
    versions = [one for shelf in read_shelves(SHIPPED) for one in shelf.policies]
    advantage = [
        one for one in versions
        if not one.policy.lines_of_business or "medicare-advantage" in one.policy.lines_of_business
    ]  # fmt: skip
    assert len(advantage) >= 10
    for version in versions:
        assert needs_committee(version.policy) is (version in advantage)
    day = date(2026, 11, 22)
    for version in advantage:
        with pytest.raises(Refusal):
            _refuse_without_committee(version, None, day)
        with pytest.raises(Refusal):
            _refuse_without_committee(version, date(2026, 11, 23), day)
        _refuse_without_committee(version, day, day)


RETRO = "later_information_for: [materially_incomplete_or_inaccurate_information]"
BROKEN = [
    ("gold-card/us/tx/tx-gold.v2.yaml", "against: [adverse]", "against: [approved]", "counts both as approved and"),
    ("automation/us/medicare-advantage/cms-cy2026.yaml", "person_decides: false",
     "person_decides: false\n  only: [ask]", "What was not adopted forbids nothing"),
    ("peer-to-peer/us/tx/p2p-tx.yaml", "held_at, outcome]", "held_at, mood]", "mood is not part of the record"),
    ("peer-to-peer/us/tx/p2p-tx.yaml", "afterwards: [appeal]", "afterwards: [peer_to_peer]", "changes nothing after"),
    ("durability/us/ga/ga_33-46-23.yaml", "  calendar: us-GA\n", "", "Business days name a calendar"),
    ("durability/us/ak/ak-retro.yaml", RETRO, "later_information_for: [rumor]", "rumor is no ground"),
    ("coverage-criteria/us/medicare-advantage/ma-um-committee.yaml", "not_enforced: {health_equity_expert",
     "not_enforced: {independent_physician", "A seat that is not enforced"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "there", "instead", "words"), BROKEN)
def test_what_cannot_be_is_told_at_the_files_own_line(
    tmp_path: Path, path: str, there: str, instead: str, words: str
) -> None:
    text = (SHIPPED / path).read_text(encoding="utf-8")
    assert there in text
    copy = tmp_path / path
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(there, instead), encoding="utf-8")
    (file,) = written(tmp_path, kind_of(path.split("/", 1)[0]))
    assert file.item is None
    assert [words in fault.fault for fault in file.faults] == [True]
    assert file.faults[0].line > 1
