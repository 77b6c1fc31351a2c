"""What people decided, as the command line and the pages tell it: by name, with their reasons, never as software's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from openum.core import determination as decide
from openum.core.criteria import Finding
from openum.core.policy import Policy
from openum.core.review import judge
from openum.doors.cli.main import main
from openum.payer.conftest import AT, DAY, OXYGEN, Payer, oxygen_request, set_up_payer
from openum.payer.determinations.actions import decide_line
from openum.payer.flow.listing import tally
from openum.payer.flow.queries import LineView, case_view
from openum.payer.flow.running import advance, take_in
from openum.payer.flow.tests.test_walk import NEAR
from openum.payer.intake.shelf import in_force
from openum.records.documents.queries import evidence_of

pytestmark = pytest.mark.django_db
RATIONALE = "At rest, asleep and walking the oxygen measured for this member is above what the criterion allows."


@pytest.fixture
def payer() -> Payer:
    """A payer with its people."""
    return set_up_payer("alder-health")


def asked(payer: Payer, answers: dict[str, Any]) -> tuple[str, LineView]:
    """A request for home oxygen; its number and its line."""
    taken = take_in(
        scope=payer.priya, request=oxygen_request(answers), body=b"{}", content_type="application/fhir+json",
        door="test", by=payer.priya.actor, clock=lambda: AT,
    )  # fmt: skip
    view = case_view(payer.whole, taken.number)
    assert view is not None
    return taken.number, view.lines[0]


def judged(payer: Payer, number: str, line: LineView) -> tuple[Policy, Finding]:
    """The policy that governs the line, and what its criteria say."""
    policy = in_force().policy(line.line.policy)
    assert policy is not None
    entries = evidence_of(payer.whole, number)
    return policy, judge(policy, line.line.asked, entries, in_force().facts, on=DAY).finding


def settle(payer: Payer, number: str, line: LineView, decided: decide.Determination) -> None:
    """Write a person's decision down and let what follows happen."""
    assert decided.by is not None
    policy = in_force().policy(decided.policy)
    decide_line(
        tenant_id=payer.tenant_id, number=number, line_id=line.line.id, decided=decided,
        policy_digest=policy.digest if policy else "", by=decided.by, at=AT,
    )  # fmt: skip
    advance(payer.tenant_id, number, clock=lambda: AT)


def told(client: Client, capsys: pytest.CaptureFixture[str], number: str) -> tuple[str, str, str]:
    """What `openum explain`, the case's page and the list say."""
    assert main(["explain", number]) == 0
    pages = [client.get(path).content.decode() for path in (f"/cases/{number}", "/")]
    case, listed = (" ".join(re.sub(r"<[^>]+>", " ", page).split()) for page in pages)
    return capsys.readouterr().out, case, listed


def test_a_clinicians_decision_against_is_told_with_name_criterion_and_letter(
    client: Client, capsys: pytest.CaptureFixture[str], payer: Payer
) -> None:
    number, line = asked(payer, NEAR)
    policy, finding = judged(payer, number, line)
    settle(payer, number, line, decide.decide_adverse(
        line.line.asked, policy, finding, by=payer.osei, rationale=RATIONALE, at=AT,
        criterion_not_met="Oxygen saturation at or below 88 % at rest",
    ))  # fmt: skip
    shown, case, listed = told(client, capsys, number)
    assert "NOT APPROVED by Dr. Kwame Osei" in shown
    assert f"Because: {RATIONALE}" in shown
    assert "Letter: adverse-determination" in shown
    assert "✗ Not approved" in case
    assert f"Decided by Dr. Kwame Osei. {RATIONALE}" in case
    assert "Decision against the request" in case
    assert "✗ Not approved" in listed
    assert "1 decided by a person" in listed
    found = tally(payer.whole)
    assert (found.against, found.approved_by_software) == (1, 0)


def test_a_nurses_approval_is_told_as_hers_and_not_as_softwares(
    client: Client, capsys: pytest.CaptureFixture[str], payer: Payer
) -> None:
    lacks = {name: value for name, value in OXYGEN.items() if name != "spo2_at_rest_awake"}
    number, line = asked(payer, lacks)
    policy, _ = judged(payer, number, line)
    words = "The discharge summary that came by fax states a saturation of 86 % at rest."
    settle(payer, number, line, decide.approve_by_person(
        line.line.asked, policy, by=payer.nora, rationale=words, at=AT,
    ))  # fmt: skip
    shown, case, listed = told(client, capsys, number)
    assert "APPROVED by Nora Lindqvist A" in shown
    assert f"Because: {words}" in shown
    assert "✓ Approved by a person" in case
    assert f"Approved by Nora Lindqvist: {words}" in case
    assert "✓ Approved by a person" in listed
    assert tally(payer.whole).approved_by_person == 1
