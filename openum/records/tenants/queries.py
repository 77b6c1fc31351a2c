"""Tenants as values."""

from __future__ import annotations

from dataclasses import dataclass

from openum.core.refusal import Refusal
from openum.records.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class TenantCard:
    """One tenant; ``kind`` is ``payer`` or ``provider``, ``time_zone`` an IANA name."""

    id: int
    slug: str
    name: str
    kind: str
    time_zone: str


def card(tenant: Tenant) -> TenantCard:
    """The tenant's row as a value."""
    return TenantCard(tenant.pk, tenant.slug, tenant.name, tenant.kind, tenant.time_zone)


def find_tenant(slug: str) -> TenantCard:
    """The tenant so named. Raises ``Refusal`` ``unknown-tenant``."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise Refusal(
            "unknown-tenant",
            "No payer or provider organization of this name keeps its cases here.",
            "Check the name in the address, or ask the administrator to open the tenant.",
        )
    return card(tenant)


def all_tenants() -> tuple[TenantCard, ...]:
    """Every tenant by name: for the worker and the command line."""
    return tuple(card(tenant) for tenant in Tenant.objects.order_by("slug"))
