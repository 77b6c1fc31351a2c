"""The worker's loop: drain, wait a little longer each time nothing was due, and end cleanly when asked to."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from datetime import datetime
from types import FrameType

from django.db import OperationalError, close_old_connections

from openum.doors.cli import speech
from openum.doors.cli.start import require_database
from openum.payer.flow.running import work
from openum.records.ledger.queue import Drained

SHORTEST_WAIT, LONGEST_WAIT = 0.2, 5.0
"""Seconds between two looks at an empty queue."""
AT_ONCE = 20
"""Steps between two looks at whether to stop."""

log = logging.getLogger("openum.worker")


def run(asked: argparse.Namespace) -> int:
    """Work until told to stop; with ``--once`` until nothing is due."""
    require_database()
    return work_once() if asked.once else work_always()


def work_once() -> int:
    """Do what is due now; 1 when a step failed and stays queued."""
    done = failed = 0
    while True:
        drained = _drain()
        done, failed = done + drained.done, failed + drained.failed
        if not drained.done and not drained.failed:
            break
    speech.error().print(f"{done} steps done, {failed} failed.")
    return 1 if failed else 0


def work_always(stop: threading.Event | None = None) -> int:
    """Work until SIGTERM or Ctrl-C (or until ``stop`` is set)."""
    asked = stop or threading.Event()
    if stop is None:
        _stop_on_signals(asked)
    log.info("worker started")
    wait = SHORTEST_WAIT
    while not asked.is_set():
        drained = _patiently()
        if drained.done or drained.failed:
            wait = SHORTEST_WAIT
            continue
        asked.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT)
    log.info("worker ended")
    return 0


def _patiently() -> Drained:
    """One pass; a database that is away for a while ends no worker."""
    close_old_connections()
    try:
        drained = _drain()
    except OperationalError:
        log.warning("the database cannot be reached or is busy; trying again")
        return Drained(0, 0)
    if drained.done or drained.failed:
        log.info("steps done: %s, failed: %s", drained.done, drained.failed)
    return drained


def _drain() -> Drained:
    return work(clock=lambda: datetime.now().astimezone(), limit=AT_ONCE)


def _stop_on_signals(asked: threading.Event) -> None:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
