"""More time to decide: what the law allows moves the clock and is told to the member; all else is refused in words."""

from datetime import date, timedelta

import pytest

from openum.core.refusal import Refusal
from openum.payer.conftest import AT
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import watch, work
from openum.payer.intake.extending import Asked, extend
from openum.payer.notices.models import Notice

SOON = AT + timedelta(days=2)
MEMBER_ASKED = Asked(ground="enrollee_request", reason="You asked us to wait.", benefit="A report may help you.")


def waiting(ask):
    """A request that waits for an answer from the practice."""
    return ask({"signs_that_oxygen_can_relieve": True})


def test_an_extension_the_member_asked_for_moves_the_clock_and_is_told(payer, ask):
    taken = waiting(ask)
    due = extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=payer.nora, at=SOON)
    assert due == date(2026, 6, 23)
    work(clock=lambda: SOON)
    view = case_view(payer.whole, taken.number, history=True)
    clock = view.ruling_clock
    assert clock.due_at.date() == date(2026, 6, 24)  # the last second of June 23 in New York, in UTC
    assert clock.proof.extensions[0].notice_sent_at == SOON
    letter = view.notices[-1]
    assert letter.kind == "extension"
    assert "June 23, 2026" in letter.html
    assert "A report may help you." in letter.html
    assert "ClockExtended" in [event.kind for event in view.events]
    assert watch(clock=lambda: AT + timedelta(days=10)) == 0
    assert watch(clock=lambda: AT + timedelta(days=23)) == 1


def test_an_extension_nobody_was_told_of_moves_no_clock(payer, ask):
    taken = waiting(ask)
    extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=payer.nora, at=SOON)
    assert case_view(payer.whole, taken.number).ruling_clock.due_at.date() == date(2026, 6, 10)
    assert not Notice.unscoped.filter(kind="extension").exists()
    late = AT + timedelta(days=8)
    assert watch(clock=lambda: late) == 1
    work(clock=lambda: late)
    assert case_view(payer.whole, taken.number).ruling_clock.state == "missed"
    assert not Notice.unscoped.filter(kind="extension").exists()  # too late: the step waits with its trouble


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"ground": "need_records_contract_provider"}, "extension-ground-not-allowed"),
        ({"days": 15}, "extension-length"),
        (
            {"ground": "extraordinary_exigent_nonroutine", "in_member_interest": False},
            "extension-not-in-member-interest",
        ),
        ({"reason": " "}, "nothing-said"),
        ({"benefit": ""}, "nothing-said"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_and_the_clock_stays(payer, ask, asked, code):
    taken = waiting(ask)
    before = case_view(payer.whole, taken.number).ruling_clock.due_at
    plain = {"ground": "enrollee_request", "reason": "You asked.", "benefit": "It may help."}
    with pytest.raises(Refusal) as refused:
        extend(tenant_id=payer.tenant_id, number=taken.number, asked=Asked(**(plain | asked)), by=payer.nora, at=SOON)
    assert refused.value.code == code
    assert case_view(payer.whole, taken.number).ruling_clock.due_at == before


def test_an_ended_clock_is_not_extended(payer, ask):
    taken = waiting(ask)
    late = AT + timedelta(days=8)
    with pytest.raises(Refusal) as refused:
        extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=payer.nora, at=late)
    assert refused.value.code == "extension-after-expiry"


def test_a_second_extension_is_refused(payer, ask):
    taken = waiting(ask)
    extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=payer.nora, at=SOON)
    work(clock=lambda: SOON)
    with pytest.raises(Refusal) as refused:
        extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=payer.nora, at=SOON)
    assert refused.value.code == "extension-used-up"


def test_software_and_a_benefits_reviewer_take_no_extension(payer, ask):
    taken = waiting(ask)
    for by in (payer.whole.actor, payer.bea):
        with pytest.raises(Refusal) as refused:
            extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=by, at=SOON)
        assert refused.value.code == "role-may-not"


def test_a_decided_case_needs_no_more_time(payer, ask):
    taken = ask()
    with pytest.raises(Refusal) as refused:
        extend(tenant_id=payer.tenant_id, number=taken.number, asked=MEMBER_ASKED, by=payer.nora, at=SOON)
    assert refused.value.code == "no-open-clock"
