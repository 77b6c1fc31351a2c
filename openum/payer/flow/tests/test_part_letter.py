"""A part is approved: the letter of that part is a whole denial notice for the rest, and stands on its own number."""

from __future__ import annotations

import pytest

from openum.core import determination as decide
from openum.core.review import judge
from openum.payer.conftest import AT, DAY
from openum.payer.determinations.actions import decide_line
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import advance
from openum.payer.flow.tests.test_walk import NEAR
from openum.payer.intake.shelf import in_force
from openum.records.documents.queries import evidence_of

pytestmark = pytest.mark.django_db


def test_a_part_approval_is_told_in_one_letter_with_its_number_and_every_right_for_the_rest(payer, ask, see):
    taken = ask(NEAR)
    line = case_view(payer.whole, taken.number).lines[0]
    policy = in_force().policy(line.line.policy)
    entries = evidence_of(payer.whole, taken.number)
    finding = judge(policy, line.line.asked, entries, in_force().facts, on=DAY).finding
    part = (line.line.asked.quantity or 0) / 2
    decided = decide.decide_adverse(
        line.line.asked, policy, finding, by=payer.osei, criterion_not_met="Oxygen saturation at or below 88 % at rest",
        rationale="Half of the time is approved as a trial; the tests do not support oxygen for all of it.", at=AT,
        quantity=part,
    )  # fmt: skip
    decide_line(
        tenant_id=payer.tenant_id, number=taken.number, line_id=line.line.id, decided=decided,
        policy_digest=policy.digest, by=payer.osei, at=AT,
    )  # fmt: skip
    advance(payer.tenant_id, taken.number, clock=lambda: AT)
    view = see(taken)
    held = view.lines[0].authorization.held
    (letter,) = view.notices
    assert letter.kind == "partial-approval"
    assert {clock.state for clock in view.clocks} == {"met"}
    assert f"Approved: {part:g} " in letter.html
    assert f"approval number {held.number}" in letter.html
    assert "Decision: partly approved" in letter.html
    assert "An appeal about the rest does not take it away" in letter.html
    assert "You have the right to appeal our decision" in letter.html
    assert "What was not met: Oxygen saturation at or below 88 % at rest" in letter.html
    assert letter.letter.startswith("partial-approval/us/medicare-advantage@")
