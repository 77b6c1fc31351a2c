"""The world itself: its people, its plans, its order, its limits."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from openum.core.notice_terms import promises
from openum.core.notice_text import render
from openum.core.refusal import Refusal
from openum.librarian.notices import read_notices
from openum.librarian.read import SHIPPED
from openum.librarian.terms import read_terms
from openum.world.__main__ import main
from openum.world.content import HERE
from openum.world.identifiers import BLOCK
from openum.world.tests.conftest import AS_OF, small_world
from openum.world.world import Sent, World

DIGEST = "5dccdfb2ddef248df885c1933337c200eedcb92ce36182938354e79ee406b7ed"
"""SHA-256 over the first sixty requests of the small shelf's world: it changes with the generator, on purpose only."""


def test_the_cast_is_there_with_fitting_roles_and_licenses(world: World) -> None:
    cast = world.cast
    assert (cast.nora.role, cast.nora.payer) == ("um_nurse", "fernhollow")
    assert cast.osei.license is not None
    assert (cast.osei.role, cast.osei.license.profession) == ("medical_director", "physician")
    assert cast.osei.license.active_on(AS_OF)
    assert cast.mallory.payer == "gravelstone"
    assert (cast.priya.organization, cast.sam.organization) == ("alderbrook", "saltmarsh")


def test_there_are_two_tenants_three_plans_for_the_cast_three_organizations_and_two_thousand_members(
    world: World,
) -> None:
    assert [payer.slug for payer in world.payers] == ["fernhollow", "gravelstone"]
    lines = [plan.line_of_business for plan in world.payers[0].plans]
    assert lines[:3] == ["medicare-advantage", "erisa", "medicaid-managed-care"]
    assert len(world.organizations) == 3
    assert sum(member.payer == "fernhollow" for member in world.members) == 2000


def test_members_have_numbers_of_their_own_and_ages_of_their_plan(world: World) -> None:
    assert len({(one.payer, one.number) for one in world.members}) == len(world.members)
    ages = {plan.code: plan.ages for payer in world.payers for plan in payer.plans}
    for member in world.members:
        low, high = ages[member.plan]
        years = (AS_OF - member.birth_date).days / 365.25
        assert low <= years <= high + 1
        assert member.birth_date <= member.coverage_start < AS_OF - timedelta(days=30)


def test_every_system_speaks_for_one_organization_at_one_payer_and_sam_has_no_part_in_priyas(world: World) -> None:
    by_id = {client.client_id: client for client in world.clients}
    assert len(by_id) == len(world.clients)
    assert (by_id["alderbrook-ehr"].person, by_id["alderbrook-ehr"].organization) == ("priya", "alderbrook")
    assert (by_id["saltmarsh-ehr"].person, by_id["saltmarsh-ehr"].organization) == ("sam", "saltmarsh")
    for client in world.clients:
        organization = next(one for one in world.organizations if one.slug == client.organization)
        assert client.payer in organization.known_to


def test_every_request_goes_out_through_its_own_practices_system(world: World, requests: tuple[Sent, ...]) -> None:
    owner = {client.client_id: client.organization for client in world.clients}
    assert {sent.client_id for sent in requests} == {"alderbrook-ehr", "saltmarsh-ehr", "nettlefield-ehr"}
    assert all(owner[sent.client_id] == sent.truth.organization for sent in requests)


def test_requests_come_in_order_in_working_hours_and_none_after_the_as_of_day(requests: tuple[Sent, ...]) -> None:
    moments = [sent.sent_at for sent in requests]
    assert moments == sorted(moments)
    assert all(moment.tzinfo is not None and 8 <= moment.hour < 18 for moment in moments)
    assert moments[0].date() == AS_OF - timedelta(days=13)
    assert moments[-1].date() == AS_OF
    assert [sent.number for sent in requests] == list(range(1, len(requests) + 1))


def test_no_member_asks_twice_but_for_twins(requests: tuple[Sent, ...]) -> None:
    asking = [sent.truth.member for sent in requests if sent.truth.twin_of is None]
    assert len(set(asking)) == len(asking)


def test_requests_that_a_limit_stops_are_beyond_what_is_left_and_no_other_is(
    world: World, requests: tuple[Sent, ...]
) -> None:
    members = {member.number: member for member in world.members}
    plans = {plan.code: plan for plan in world.payers[0].plans}
    beyond = []
    for sent in requests:
        truth, (item,) = sent.truth, sent.bundle["entry"][0]["resource"]["item"]
        for limit in plans[truth.plan].limits:
            if any(truth.code in codes for codes in limit.codes.values()) and item["quantity"]["unit"] == limit.unit:
                left = limit.amount - members[truth.member].used[limit.title]
                beyond += [truth.kind] if item["quantity"]["value"] > left else []
    assert beyond
    assert set(beyond) == {"limit_exceeded"}


def test_excluded_requests_are_for_what_the_plan_excludes_and_no_other_is(
    world: World, requests: tuple[Sent, ...]
) -> None:
    plans = {plan.code: plan for plan in world.payers[0].plans}
    for truth in (sent.truth for sent in requests):
        codes = {code for one in plans[truth.plan].exclusions for held in one.codes.values() for code in held}
        assert (truth.code in codes) is (truth.kind == "excluded")


def test_a_policy_that_no_plan_could_meet_gets_a_plan_that_can(world: World) -> None:
    small = small_world()
    assert [plan.code for plan in small.payers[0].plans][3:] == ["FH-CHIP-WY"]
    # A local coverage text of other states, and withdrawal management where no state names the criteria.
    assert [plan.code for plan in world.payers[0].plans][3:] == ["FH-MEDICARE-ADVANTAGE-AR", "FH-ERISA-OH"]
    found = {case.truth.policy for case in small.gallery()}
    assert {"dme/air@2020-01-01", "imaging/far@2020-01-01"} <= found


def test_a_world_that_is_too_small_says_so() -> None:
    with pytest.raises(Refusal) as refused:
        list(small_world(size=12).requests(200))
    assert refused.value.code == "world-too-small"
    assert "its size is 12, and 800 will do" in refused.value.next


def test_the_same_seed_and_day_give_the_same_bytes_and_others_do_not() -> None:
    first, again, other = (digest(small_world(seed)) for seed in (7, 7, 8))
    assert first == again
    assert first != other
    assert first == DIGEST


def digest(world: World) -> str:
    """One digest of sixty requests and their labels."""
    total = sha256()
    for sent in world.requests(60):
        total.update(sent.body)
        total.update(json.dumps(sent.truth.data(), sort_keys=True).encode())
    return total.hexdigest()


def test_two_processes_that_hash_differently_write_the_same_files(tmp_path: Path) -> None:
    for name, salt in (("a", "1"), ("b", "2")):
        command = [sys.executable, "-m", "openum.world", "--seed", "7", "--as-of", "2026-06-01", "--requests", "40"]
        subprocess.run([*command, "--out", str(tmp_path / name)], check=True, env={"PYTHONHASHSEED": salt},
                       capture_output=True, cwd=Path(__file__).parents[3])  # fmt: skip
    files = [sorted(one.relative_to(tmp_path / name) for one in (tmp_path / name).rglob("*.json")) for name in "ab"]
    assert files[0] == files[1]
    assert len(files[0]) == 43
    for path in files[0]:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


def test_the_command_writes_what_it_says_and_no_private_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--seed", "3", "--as-of", "2026-06-01", "--requests", "6", "--members", "300", "--out", str(tmp_path)]
    assert main(arguments) == 0
    assert capsys.readouterr().out.startswith("6 requests, 320 members, ")
    plans = json.loads((tmp_path / "plans.json").read_text())
    assert plans["as_of"] == "2026-06-01"
    assert [client["jwks"]["keys"][0]["crv"] for client in plans["clients"]] == ["P-384"] * 4
    assert not any("d" in key for client in plans["clients"] for key in client["jwks"]["keys"])
    truths = json.loads((tmp_path / "truth.json").read_text())
    assert [truth["number"] for truth in truths] == [1, 2, 3, 4, 5, 6]
    assert len(json.loads((tmp_path / "members.json").read_text())) == 320


def test_the_command_refuses_a_world_that_is_too_small_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--seed", "3", "--as-of", "2026-06-01", "--requests", "50", "--members", "5", "--out", str(tmp_path)]
    assert main(arguments) == 2
    assert capsys.readouterr().err.strip().endswith("Make a larger world: its size is 5, and 200 will do.")


def test_every_provider_number_anywhere_is_of_the_synthetic_block(requests: tuple[Sent, ...]) -> None:
    text = json.dumps([sent.bundle for sent in requests])
    numbers = set(re.findall(r'us-npi", "value": "(\d+)"', text))
    assert len(numbers) > 10
    assert all(number.startswith(BLOCK) for number in numbers)


def test_every_phone_number_is_one_kept_for_fiction_and_every_address_of_the_web_is_nobodys() -> None:
    text = "".join(path.read_text() for path in HERE.glob("*.yaml"))
    phones = re.findall(r"\b1-\d{3}-\d{3}-\d{4}\b", text)
    assert len(phones) > 40
    assert all(re.fullmatch(r"1-\d{3}-555-01\d\d", phone) for phone in phones)
    hosts = re.findall(r"www\.[\w.-]+", text)
    assert hosts
    assert all(re.search(r"\.example\.?$", host) for host in hosts)


@pytest.mark.parametrize("folder", [SHIPPED])
def test_the_plans_own_words_and_the_law_fill_every_letter_but_for_what_a_case_brings(
    world: World, folder: Path
) -> None:
    """What the notices room tells of a case is listed here; whatever else a letter names, the plan has."""
    jurisdictions = {
        "medicare-advantage": "us/medicare-advantage", "erisa": "us/erisa", "medicaid-managed-care": "us/medicaid"
    }  # fmt: skip
    letters = read_notices(folder)
    for plan in (plan for payer in world.payers for plan in payer.plans):
        held = jurisdictions[plan.line_of_business]
        for letter in (
            one for one in letters.letters
            if one.jurisdiction == held and one.language == "en" and one.kind in SENT_BY_THE_FLOW
        ):  # fmt: skip
            case = {name: f"<{name}>" for name in BY_CASE}
            lists = {name: [] for name in ("lines", "missing_items")}
            terms = promises(read_terms(folder), held, letter.kind, on=AS_OF)
            given = {**dict.fromkeys(letter.names), **case, **lists, **terms, **plan.notice_texts}
            text = render(letter.template, given, letter.wording)
            wanted = {one.element for one in letter.required if one.element and "." not in one.element}
            told = {*BY_CASE, *terms, *lists, *(name for name, words in plan.notice_texts.items() if words)}
            assert wanted - told == set(), letter.key
            assert plan.notice_texts["plan_tty"] in text


SENT_BY_THE_FLOW = ("approval", "partial-approval", "adverse-determination", "request-for-information")
BY_CASE = (
    "notice_date", "member_name", "member_id", "plan_name", "plan_address", "plan_phone", "request_number",
    "received_date", "requester_name", "priority", "decision_word", "decision_summary", "administrative",
    "decided_date",
    "reviewer_name", "reviewer_credentials", "reviewer_specialty", "clinical_judgment", "due_date",
    "decision_due_date", "if_nothing_comes", "standards", "extension_reason", "extension_until", "urgent",
    "continuation_request_by",
)  # fmt: skip
