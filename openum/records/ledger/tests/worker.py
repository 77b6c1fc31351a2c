"""A worker process for the tests: drains a route of scribbling steps until nothing is due, or dies on the way.

    python -m openum.records.ledger.tests.worker JOURNAL [die]

The settings find the test database through ``DATABASE_URL``. Every run of a step is written to JOURNAL outside the
database, so that what ran can be compared with what remained. With ``die`` the second step of subject R-3 kills the
process with SIGKILL after it has written its event and before its transaction ends.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys

import django


def main(journal: str, die: bool) -> None:
    django.setup()
    from openum.core.actor import software
    from openum.records.ledger.actions import record
    from openum.records.ledger.queue import drain
    from openum.records.ledger.values import Happened

    at = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)

    def note(step: str, event: Happened) -> None:
        with open(journal, "a") as file:
            file.write(f"{step} {event.subject}\n")

    def first(event: Happened, *, at: dt.datetime) -> None:
        record(tenant_id=event.tenant_id, kind="First", subject=event.subject, by=software("first"), at=at)
        note("first", event)

    def second(event: Happened, *, at: dt.datetime) -> None:
        record(tenant_id=event.tenant_id, kind="Second", subject=event.subject, by=software("second"), at=at)
        note("second", event)
        if die and event.subject == "R-3":
            os.kill(os.getpid(), signal.SIGKILL)

    now = at + dt.timedelta(minutes=0 if die else 30)
    drain({"Asked": (first,), "First": (second,)}, wing="payer", clock=lambda: now)


if __name__ == "__main__":
    main(sys.argv[1], die="die" in sys.argv[2:])
