"""Tenants, and the row every other table is made of: it belongs to one tenant and is read only through a scope."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, Protocol, TypeVar

from django.db import models

EVERY_ORGANIZATION = "*"
"""For ``TenantRow.organization_path``: rows an organization's own system may be answered from, e.g. plans."""

Row = TypeVar("Row", bound=models.Model)


class Unscoped(RuntimeError):
    """Somebody read a tenant's rows without saying whose. This is a bug, not a refusal."""


class InTenant(Protocol):
    """What scoping needs to know: the tenant, and the organization where the reader is one organization's system."""

    @property
    def tenant_id(self) -> int:
        """The tenant whose rows are read."""

    @property
    def organization_id(self) -> int | None:
        """The provider organization the reader is bound to, or ``None``."""


class Scoped(models.Manager[Row]):
    """Reads rows through ``of(scope)`` only; every other way in raises ``Unscoped``. Creating rows is open."""

    def of(self, scope: InTenant) -> models.QuerySet[Row]:
        """The rows this scope may see.

        A scope bound to an organization sees only the rows that ``organization_path`` leads to that organization, and
        none of a table that names no path.
        """
        rows = self._rows().filter(tenant_id=scope.tenant_id)
        if scope.organization_id is None:
            return rows
        path = getattr(self.model, "organization_path", None)
        if path is None:
            return rows.none()
        return rows if path == EVERY_ORGANIZATION else rows.filter(**{path: scope.organization_id})

    def create(self, **values: Any) -> Row:
        """One new row; its tenant is among ``values``."""
        return self._rows().create(**values)

    def bulk_create(self, objs: Iterable[Row], *args: Any, **options: Any) -> list[Row]:
        """Many new rows in one statement."""
        return self._rows().bulk_create(objs, *args, **options)

    def get_queryset(self) -> NoReturn:
        """Refuse: there is no such thing as everybody's rows."""
        raise Unscoped(f"{self.model.__name__}.objects is read through .of(scope).")

    def _rows(self) -> models.QuerySet[Row]:
        return models.QuerySet(self.model, using=self._db)


class Tenant(models.Model):
    """A payer or a provider organization that keeps its cases in this installation."""

    PAYER, PROVIDER = "payer", "provider"

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8)
    time_zone = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["payer", "provider"]), name="tenant_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.slug


class TenantRow(models.Model):
    """A row that belongs to one tenant.

    ``objects`` reads through ``of(scope)`` only. ``unscoped`` is for a room's own writes and for the worker, which has
    the row's tenant in hand. Every subclass declares an index that begins with the tenant.
    """

    organization_path: ClassVar[str | None] = None
    """The look-up that leads to the provider organization a row belongs to; ``None``: organizations see no row."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)

    unscoped: ClassVar[models.Manager[Any]] = models.Manager()
    objects: ClassVar[Scoped[Any]] = Scoped()

    class Meta:
        abstract = True
