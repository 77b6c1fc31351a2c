"""Whatever order things happen in: events never change, chains and seals hold, every step is done once in the end."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from openum.core.actor import software
from openum.records.ledger.actions import record, seal
from openum.records.ledger.models import Errand, Event
from openum.records.ledger.queries import events_of, verify_chain, verify_seals
from openum.records.ledger.queue import LEASE, LONGEST_WAIT, Route, claim, drain
from openum.records.ledger.values import Happened, Subject
from openum.records.parties.scope import software_scope
from openum.records.tenants.actions import open_tenant

SUBJECTS = ("R-1", "R-2", "R-3")
FOLLOWS = {"Asked": ("one", "two"), "Answered": ("three",), "Closed": ()}
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5)
facts = st.dictionaries(
    st.sampled_from(["lines", "why", "amount", "on"]),
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.dates() | texts,
)


class Ledger(RuleBasedStateMachine):
    """Doors write, workers work, fail and die, somebody tampers, time passes."""

    count = 0

    def __init__(self) -> None:
        super().__init__()
        Errand.unscoped.all().delete()  # of the example before; its tenant is not this one's
        Ledger.count += 1
        self.tenant = open_tenant(slug=f"t{Ledger.count}", name="T", kind="payer", time_zone="UTC").id
        self.now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
        self.written: list[Happened] = []
        self.owed: Counter[tuple[int, str]] = Counter()
        self.done: Counter[tuple[int, str]] = Counter()
        self.broken: set[str] = set()

    @rule(subject=st.sampled_from(SUBJECTS), kind=st.sampled_from(sorted(FOLLOWS)), facts=facts)
    def write(self, subject: str, kind: str, facts: dict[str, object]) -> None:
        with transaction.atomic():
            self._written(
                record(tenant_id=self.tenant, kind=kind, subject=subject, by=software("door"), at=self.now, **facts)
            )

    @rule(subject=st.sampled_from(SUBJECTS))
    def write_and_fall(self, subject: str) -> None:
        with transaction.atomic():
            record(tenant_id=self.tenant, kind="Asked", subject=subject, by=software("door"), at=self.now)
            transaction.set_rollback(True)

    @rule(broken=st.sets(st.sampled_from(["one", "two", "three"])), subject=st.none() | st.sampled_from(SUBJECTS))
    def work(self, broken: set[str], subject: str | None) -> None:
        self.broken = broken
        self._drain(None if subject is None else Subject(self.tenant, subject))

    @rule()
    def claim_and_die(self) -> None:
        claim(self.now, wing="payer")

    @rule(minutes=st.integers(1, 600))
    def wait(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule()
    def seal_it(self) -> None:
        seal(self.tenant, at=self.now)

    @precondition(lambda self: self.written)
    @rule(remove=st.booleans())
    def tamper(self, remove: bool) -> None:
        rows = Event.unscoped.filter(tenant_id=self.tenant)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.delete() if remove else rows.update(kind="Nothing")

    @invariant()
    def events_are_as_written_and_hang_together(self) -> None:
        for subject in SUBJECTS:
            mine = tuple(event for event in self.written if event.subject == subject)
            assert events_of(software_scope(self.tenant, "test"), subject) == mine
            assert [event.number for event in mine] == list(range(1, len(mine) + 1))
            assert verify_chain(self.tenant, subject).sound

    @invariant()
    def nothing_is_done_twice_or_unasked(self) -> None:
        assert self.done <= self.owed

    @invariant()
    def seals_hold(self) -> None:
        assert verify_seals(self.tenant) is None

    def teardown(self) -> None:
        """When nothing is broken any more and every wait is over, everything owed gets done, once."""
        self.broken = set()
        for _ in range(3):
            self.now += LONGEST_WAIT + LEASE
            self._drain(None)
        assert self.done == self.owed
        assert not Errand.unscoped.filter(tenant_id=self.tenant, done_at=None).exists()
        self.events_are_as_written_and_hang_together()

    def _drain(self, subject: Subject | None) -> None:
        def step(name: str):  # type: ignore[no-untyped-def]
            def do(event: Happened, *, at: dt.datetime) -> None:
                follow = record(
                    tenant_id=event.tenant_id, kind="Closed", subject=event.subject, by=software(name), at=at
                )
                if name in self.broken:
                    raise OSError
                self._written(follow)
                self.done[(event.id, name)] += 1

            do.__name__ = name
            return do

        route: Route = {kind: tuple(step(name) for name in names) for kind, names in FOLLOWS.items()}
        drain(route, wing="payer", clock=lambda: self.now, subject=subject)

    def _written(self, event: Happened) -> None:
        self.written.append(event)
        self.owed.update((event.id, name) for name in FOLLOWS[event.kind])


@pytest.mark.django_db
def test_the_ledger_keeps_its_promises_in_any_order() -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
