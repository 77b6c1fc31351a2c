"""The demo world's payers, plans, practices, people and members, set up through the rooms' own actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction

from openum.core.actor import software
from openum.doors.cli.set_up import set_up_plan
from openum.records.parties import actions
from openum.records.parties.eligibility import Enrollment, load
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant
from openum.world.values import Member, Organization, Payer
from openum.world.world import World

BY = software("demo")
Limits = Mapping[tuple[str, str, str], int]
"""The id of each limit by payer, plan and title."""


def set_up_world(world: World) -> dict[str, Scope]:
    """Everything but the members; the scope of each payer by its short name."""
    scopes = {}
    with transaction.atomic():
        for payer in world.payers:
            tenant = open_tenant(slug=payer.slug, name=payer.name, kind="payer", time_zone=payer.time_zone)
            scope = software_scope(tenant.id, "demo")
            for plan in payer.plans:
                set_up_plan(scope, plan)
            practices = _practices(scope, payer, world)
            _staff(scope, payer)
            for client in world.clients:
                if client.payer == payer.slug:
                    actions.register_client(
                        scope, organization_id=practices[client.organization], client_id=client.client_id,
                        name=client.name, scopes=client.scopes, jwks=client.key.jwks,
                    )  # fmt: skip
            scopes[payer.slug] = scope
    return scopes


def enroll_members(world: World, scopes: Mapping[str, Scope]) -> None:
    """Every member with what they have used of their plans' limits, as the payers' eligibility files say."""
    limits = _limits(world, scopes)
    for payer in world.payers:
        at = datetime.combine(world.as_of, time(0), ZoneInfo(payer.time_zone))
        rows = [_enrollment(one, limits) for one in world.members if one.payer == payer.slug]
        load(scopes[payer.slug], rows, on=world.as_of, by=BY, at=at)


def _practices(scope: Scope, payer: Payer, world: World) -> dict[str, int]:
    since = min(one.active_from for one in payer.staff)
    known = {}
    for one in world.organizations:
        if payer.slug in one.known_to:
            known[one.slug] = _practice(scope, one)
            for plan in payer.plans:
                actions.join_network(scope, plan=plan.code, organization_id=known[one.slug], start=since)
    return known


def _practice(scope: Scope, one: Organization) -> int:
    for clinician in one.clinicians:
        actions.set_up_practitioner(
            scope, npi=clinician.npi, name=clinician.name, taxonomy=clinician.taxonomy, specialty=clinician.specialty
        )
    return actions.set_up_organization(
        scope, name=one.name, npi=one.npi, tax_id=one.tax_id, phone=one.phone, fax=one.fax, address=one.address
    )


def _staff(scope: Scope, payer: Payer) -> None:
    for one in payer.staff:
        user = actions.add_user(username=one.username, name=one.name)
        actions.appoint(scope, user_id=user, role=one.role, active_from=one.active_from, license=one.license)


def _limits(world: World, scopes: Mapping[str, Scope]) -> Limits:
    return {
        (payer.slug, plan.code, title): found
        for payer in world.payers
        for plan in payer.plans
        if plan.limits
        for title, found in set_up_plan(scopes[payer.slug], plan).items()
    }


def _enrollment(one: Member, limits: Limits) -> Enrollment:
    return Enrollment(
        plan=one.plan, number=one.number, family=one.family, given=one.given, birth_date=one.birth_date, sex=one.sex,
        address=one.address, start=one.coverage_start,
        used={limits[(one.payer, one.plan, title)]: used for title, used in one.used.items()},
    )  # fmt: skip
