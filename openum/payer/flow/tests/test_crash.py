"""A crash at any point loses nothing and doubles nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from openum.core.request import Identifier
from openum.payer.authorizations.models import Authorization
from openum.payer.conftest import AT, OXYGEN, oxygen_request, set_up_payer
from openum.payer.determinations.models import Determination
from openum.payer.flow.queries import case_view
from openum.payer.flow.running import advance, take_in, work
from openum.payer.intake.actions import submit
from openum.payer.intake.models import Case
from openum.payer.notices.models import Notice
from openum.payer.reviews.models import Review
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import verify_chain

TABLES = (Case, Review, Determination, Authorization, Notice, Event)


class Crash(BaseException):
    """The machine stops here."""


class CrashAt:
    """Lets so many statements pass, then stops the machine before the next."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute, sql, params, many, context):
        if self.left == 0:
            raise Crash
        self.left -= 1
        return execute(sql, params, many, context)


def counts():
    return {table.__name__: table.unscoped.count() for table in TABLES}


def send(payer, number, *, queue):
    request = oxygen_request(OXYGEN, submission=Identifier("urn:crash", str(number)), digest=f"{number:064d}")
    sent = {
        "scope": payer.priya, "request": request, "body": b"{}", "content_type": "x", "door": "t",
        "by": payer.priya.actor,
    }  # fmt: skip
    if not queue:
        return take_in(**sent, clock=lambda: AT)
    taken = submit(**sent, at=AT)
    advance(payer.tenant_id, taken.number, clock=lambda: AT)
    return taken


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("queue", [False, True], ids=["inline", "queue"])
@pytest.mark.parametrize("offset", range(4))
def test_wherever_the_machine_stops_the_sender_tries_again_and_the_case_ends_the_same(queue, offset):
    done = stopped = 0
    for after in range(offset, 140, 12):
        payer = set_up_payer(f"crash-{queue}-{offset}-{after}".lower())
        before = counts()
        try:
            with connection.execute_wrapper(CrashAt(after)):
                taken = send(payer, after, queue=queue)
            done += 1
        except Crash:
            stopped += 1
            taken = send(payer, after, queue=queue)
        work(clock=lambda: AT + timedelta(hours=1))
        view = case_view(payer.whole, taken.number)
        assert view.lines[0].standing == "approved"
        assert view.notices[0].sent_at is not None
        assert {clock.state for clock in view.clocks} == {"met"}
        assert verify_chain(payer.tenant_id, taken.number).sound
        added = {name: count - before[name] for name, count in counts().items()}
        assert added == {"Case": 1, "Review": 1, "Determination": 1, "Authorization": 1, "Notice": 1, "Event": 6}
        assert not Errand.unscoped.filter(done_at=None).exists()
    assert stopped >= 3
    assert done >= 1
