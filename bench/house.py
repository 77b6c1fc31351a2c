"""An OpenUM installation that knows the world's payer: who asks, who is covered, what was used. Needs Django set up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from openum.core.request import Request
from openum.doors.cli.set_up import set_up_plan, set_up_practice
from openum.payer.flow.queries import CaseView, case_view
from openum.payer.flow.running import take_in
from openum.records.parties import actions as parties
from openum.records.parties.queries import client_scope
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant
from openum.world.values import Member
from openum.world.world import World

LONG = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class House:
    """The payer of the world's cast: its whole scope, its limits by plan and title, and the scope of each client."""

    whole: Scope
    limits: dict[tuple[str, str], int]
    clients: dict[str, Scope]

    def enroll(self, members: Iterable[Member], *, at: datetime) -> None:
        """Make the payer know these members, and what they used of their benefits."""
        for one in members:
            card = parties.enroll(
                self.whole, plan=one.plan, number=one.number, family=one.family, given=one.given,
                birth_date=one.birth_date, start=one.coverage_start, sex=one.sex, address=one.address,
            )  # fmt: skip
            for title, used in one.used.items():
                parties.tell_use(
                    self.whole, member_id=card.id, limit_id=self.limits[one.plan, title], on=at.date(), used=used,
                    by=self.whole.actor, at=at,
                )  # fmt: skip

    def decide(
        self, client_id: str, request: Request, body: bytes, *, clock: Callable[[], datetime]
    ) -> CaseView:  # fmt: skip
        """Take a request in as the FHIR door does, and look at what became of it. Raises ``Refusal`` as intake does."""
        scope = self.clients[client_id]
        taken = take_in(
            scope=scope, request=request, body=body, content_type="application/fhir+json", door="bench",
            by=scope.actor, clock=clock,
        )  # fmt: skip
        view = case_view(scope, taken.number)
        assert view is not None
        return view


def build(world: World) -> House:
    """Set the world's first payer up in an empty, migrated database: plans, practices, systems; no members yet."""
    payer = world.payers[0]
    tenant = open_tenant(slug=payer.slug, name=payer.name, kind="payer", time_zone=payer.time_zone)
    whole = software_scope(tenant.id, "bench")
    limits = {
        (plan.code, title): number for plan in payer.plans for title, number in set_up_plan(whole, plan).items()
    }  # fmt: skip
    plans, since = tuple(plan.code for plan in payer.plans), world.as_of - LONG
    ids = {
        one.slug: set_up_practice(whole, name=one.name, npi=one.npi, tax_id=one.tax_id, plans=plans, since=since)
        for one in world.organizations
        if payer.slug in one.known_to
    }  # fmt: skip
    clients = {
        one.client_id: client_scope(parties.register_client(
            whole, organization_id=ids[one.organization], client_id=one.client_id, name=one.name, scopes=one.scopes,
            jwks=one.key.jwks,
        ))
        for one in world.clients
        if one.payer == payer.slug
    }  # fmt: skip
    return House(whole, limits, clients)


def fixed(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands still."""
    return lambda: moment
