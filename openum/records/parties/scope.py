"""Who is asking, and whose rows they may see: the value every query and action of the records takes."""

from __future__ import annotations

from dataclasses import dataclass

from openum.core.actor import Actor, software


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One actor at one tenant.

    ``organization_id`` is set for a provider organization's own system in a payer's tenant: it then sees only that
    organization's rows (``TenantRow.organization_path``). ``roles`` are the staff roles of a person.
    """

    tenant_id: int
    actor: Actor
    roles: frozenset[str] = frozenset()
    organization_id: int | None = None

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of the roles."""
        return not self.roles.isdisjoint(roles)

    def sees_organization(self, organization_id: int | None) -> bool:
        """Whether a row of that organization lies within this scope."""
        return self.organization_id is None or self.organization_id == organization_id


def software_scope(tenant_id: int, name: str) -> Scope:
    """The scope in which a part of OpenUM works by itself for one tenant."""
    return Scope(tenant_id=tenant_id, actor=software(name))
