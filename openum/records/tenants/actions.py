"""Opening a tenant."""

from __future__ import annotations

from typing import Literal

from openum.records.tenants.models import Tenant
from openum.records.tenants.queries import TenantCard, card


def open_tenant(*, slug: str, name: str, kind: Literal["payer", "provider"], time_zone: str) -> TenantCard:
    """Open the tenant, or bring its name and zone up to date. ``time_zone`` is an IANA name."""
    tenant, _ = Tenant.objects.update_or_create(
        slug=slug, defaults={"name": name, "kind": kind, "time_zone": time_zone}
    )
    return card(tenant)
