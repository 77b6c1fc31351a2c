"""Setting up who is involved. Set-up is no case: it leaves no event here; the screen that offers it records it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from openum.core.actor import Actor, License
from openum.core.benefits import Period, period_start
from openum.core.refusal import Refusal
from openum.core.request import LineOfBusiness
from openum.records.parties.cards import ClientCard, MemberCard, PlanCard
from openum.records.parties.models import (
    Accumulator,
    ApiClient,
    BenefitLimit,
    Coverage,
    Exclusion,
    Member,
    NetworkMembership,
    Organization,
    Plan,
    Practitioner,
    Staff,
    UsedAssertion,
    User,
)
from openum.records.parties.queries import client_card, member_card, plan_card
from openum.records.parties.scope import Scope


def set_up_plan(
    scope: Scope,
    *,
    code: str,
    name: str,
    line_of_business: LineOfBusiness,
    time_zone: str,
    state: str = "",
    rating_period_start: date | None = None,
    plan_year_start: str = "01-01",
    network_required: bool = False,
    phone: str = "",
    address: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    notice_texts: Mapping[str, Any] | None = None,
) -> PlanCard:
    """Set the plan up, or bring it up to date."""
    values = {
        "name": name, "line_of_business": line_of_business, "time_zone": time_zone, "state": state,
        "rating_period_start": rating_period_start, "plan_year_start": plan_year_start,
        "network_required": network_required, "phone": phone, "address": dict(address or {}),
        "settings": dict(settings or {}), "notice_texts": dict(notice_texts or {}),
    }  # fmt: skip
    Plan.unscoped.update_or_create(tenant_id=scope.tenant_id, code=code, defaults=values)
    return plan_card(scope, code)


def enroll(
    scope: Scope,
    *,
    plan: str,
    number: str,
    family: str,
    birth_date: date,
    start: date,
    end: date | None = None,
    given: str = "",
    sex: str = "unknown",
    language: str = "en",
    address: Mapping[str, Any] | None = None,
    network: str = "",
    rank: int = 1,
) -> MemberCard:
    """Enroll the member in the plan from ``start``, or bring the member and this coverage up to date."""
    values = {
        "family": family, "given": given, "birth_date": birth_date, "sex": sex, "language": language,
        "address": dict(address or {}),
    }  # fmt: skip
    with transaction.atomic():
        member, _ = Member.unscoped.update_or_create(tenant_id=scope.tenant_id, number=number, defaults=values)
        Coverage.unscoped.update_or_create(
            tenant_id=scope.tenant_id, member=member, plan_id=plan_card(scope, plan).id, start=start,
            defaults={"end": end, "rank": rank, "network": network},
        )  # fmt: skip
        return member_card(scope, member.pk, on=start, plan=plan)


def set_up_organization(
    scope: Scope,
    *,
    name: str,
    npi: str,
    tax_id: str = "",
    phone: str = "",
    fax: str = "",
    address: Mapping[str, Any] | None = None,
) -> int:
    """Set the organization up, or bring it up to date; its id. ``tax_id`` is kept without dashes."""
    values = {
        "name": name, "tax_id": tax_id.replace("-", ""), "phone": phone, "fax": fax, "address": dict(address or {})
    }  # fmt: skip
    row, _ = Organization.unscoped.update_or_create(tenant_id=scope.tenant_id, npi=npi, defaults=values)
    return int(row.pk)


def set_up_practitioner(scope: Scope, *, npi: str, name: str, taxonomy: str = "", specialty: str = "") -> int:
    """Set the clinician up, or bring the row up to date; its id."""
    values = {"name": name, "taxonomy": taxonomy, "specialty": specialty}
    row, _ = Practitioner.unscoped.update_or_create(tenant_id=scope.tenant_id, npi=npi, defaults=values)
    return int(row.pk)


def join_network(
    scope: Scope, *, plan: str, organization_id: int, start: date, end: date | None = None, network: str = ""
) -> None:
    """Put the organization into the plan's network from ``start``; ``end`` is the last day."""
    NetworkMembership.unscoped.update_or_create(
        tenant_id=scope.tenant_id, plan_id=plan_card(scope, plan).id, organization_id=organization_id,
        network=network, start=start, defaults={"end": end},
    )  # fmt: skip


def add_user(*, username: str, name: str, email: str = "", password: str | None = None) -> int:
    """Add a person who may sign in, or bring the name up to date; the user's id."""
    user = User.objects.filter(username=username).first()
    if user is None:
        return int(User.objects.create_user(username, password, name=name, email=email).pk)
    User.objects.filter(pk=user.pk).update(name=name, email=email)
    return int(user.pk)


def appoint(
    scope: Scope,
    *,
    user_id: int,
    role: str,
    active_from: date,
    active_to: date | None = None,
    license: License | None = None,
) -> None:
    """Give the person a role at the scope's tenant, with the license it is exercised under."""
    values: dict[str, Any] = {"active_to": active_to}
    if license is not None:
        values |= {
            "profession": license.profession, "license_number": license.number, "license_state": license.state,
            "specialty": license.specialty,
        }  # fmt: skip
    Staff.unscoped.update_or_create(
        tenant_id=scope.tenant_id, user_id=user_id, role=role, active_from=active_from, defaults=values
    )


def register_client(
    scope: Scope,
    *,
    organization_id: int,
    client_id: str,
    name: str,
    scopes: tuple[str, ...],
    jwks: Mapping[str, Any] | None = None,
    jwks_url: str = "",
) -> ClientCard:
    """Register the system that speaks for the organization, or replace its keys and scopes.

    Raises:
        Refusal: ``client-taken`` when another tenant or organization has registered this client id.
    """
    values = {
        "name": name, "jwks": dict(jwks) if jwks is not None else None, "jwks_url": jwks_url,
        "scopes": sorted(scopes), "active": True,
    }  # fmt: skip
    with transaction.atomic():
        row = ApiClient.unscoped.select_for_update().filter(client_id=client_id).first()
        if row is None:
            row = ApiClient.objects.create(
                tenant_id=scope.tenant_id, organization_id=organization_id, client_id=client_id, **values
            )
        if (row.tenant_id, row.organization_id) != (scope.tenant_id, organization_id):
            raise Refusal(
                "client-taken",
                "This client id is registered for another organization.",
                "Choose another client id, for instance with your organization's name in it.",
            )
        ApiClient.unscoped.filter(pk=row.pk).update(**values)
        return client_card(ApiClient.unscoped.get(pk=row.pk))


def use_assertion(client: ClientCard, *, jti: str, expires_at: datetime, at: datetime) -> None:
    """Use a sign-in assertion up. Raises ``Refusal`` ``assertion-replayed`` the second time.

    Forgets those that have expired by ``at``: they are refused for their age.
    """
    try:
        with transaction.atomic():
            UsedAssertion.unscoped.filter(tenant_id=client.tenant_id, expires_at__lt=at).delete()
            UsedAssertion.objects.create(
                tenant_id=client.tenant_id, client_id=client.id, jti=jti, expires_at=expires_at
            )
    except IntegrityError as twice:
        raise Refusal(
            "assertion-replayed",
            "This sign-in assertion was used before.",
            "Make a new assertion with a jti of its own for every token request.",
        ) from twice


def exclude(
    scope: Scope,
    *,
    plan: str,
    title: str,
    codes: Mapping[str, list[str]],
    clause: str,
    in_force_from: date,
    in_force_to: date | None = None,
) -> None:
    """Write an exclusion of the plan's document: ``codes`` by short system name, ``clause`` as it is to be cited."""
    Exclusion.unscoped.update_or_create(
        tenant_id=scope.tenant_id, plan_id=plan_card(scope, plan).id, title=title, in_force_from=in_force_from,
        defaults={"codes": dict(codes), "clause": clause, "in_force_to": in_force_to},
    )  # fmt: skip


def limit(
    scope: Scope,
    *,
    plan: str,
    title: str,
    codes: Mapping[str, list[str]],
    clause: str,
    amount: Decimal,
    unit: str,
    period: Period,
    in_force_from: date,
    in_force_to: date | None = None,
) -> int:
    """Write a limit of the plan's document; its id, by which use is told."""
    row, _ = BenefitLimit.unscoped.update_or_create(
        tenant_id=scope.tenant_id, plan_id=plan_card(scope, plan).id, title=title, in_force_from=in_force_from,
        defaults={
            "codes": dict(codes), "clause": clause, "amount": amount, "unit": unit, "period": period,
            "in_force_to": in_force_to,
        },
    )  # fmt: skip
    return int(row.pk)


def tell_use(scope: Scope, *, member_id: int, limit_id: int, on: date, used: Decimal, by: Actor, at: datetime) -> None:
    """Set how much of the limit the member has used in the period ``on`` lies in, as the plan's claims system says."""
    row = BenefitLimit.objects.of(scope).select_related("plan").get(pk=limit_id)
    first = period_start(row.period, on, plan_year_start=row.plan.plan_year_start)
    Accumulator.unscoped.update_or_create(
        tenant_id=scope.tenant_id, member_id=member_id, limit_id=limit_id, period_start=first,
        defaults={"used": used, "as_of": at, "told_by": str(by)},
    )  # fmt: skip
