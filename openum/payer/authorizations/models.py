"""Authorizations: what an approval left behind."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.core.authorization import check_digit
from openum.payer.determinations.models import Determination
from openum.records.parties.models import Member, Organization
from openum.records.tenants.models import TenantRow


class Authorization(TenantRow):
    """A service, an amount and a span of days. ``quantity`` ``None`` is no limit; ``used`` counts what was rendered."""

    organization_path = "organization_id"

    determination = models.OneToOneField(Determination, models.PROTECT, related_name="authorization")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    code_system = models.CharField(max_length=100)
    code = models.CharField(max_length=40)
    quantity = models.FloatField(null=True)
    used = models.FloatField(default=0)
    unit = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=2, blank=True)
    issued_at = models.DateTimeField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    next_review = models.DateField(null=True)
    ended_date = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="authorization_ends_later"),
            models.CheckConstraint(
                condition=Q(quantity=None) | Q(quantity__gt=0), name="authorization_grants_something"
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="authorization_use_is_not_negative"),
        ]
        indexes = [models.Index(fields=["tenant", "member", "code", "valid_until"], name="authorization_of_member")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """``A`` and the row's number in eight digits with a check digit: what a claim carries."""
        return authorization_number(self.pk)


def authorization_number(key: int) -> str:
    """The authorization number of the row with this key."""
    digits = f"{key:08d}"
    return f"A{digits}{check_digit(digits)}"


def authorization_key(number: str) -> int | None:
    """The row number behind an authorization number; ``None`` when it cannot be one."""
    digits = number[1:-1]
    if not number.startswith("A") or not number[1:].isdecimal() or len(digits) < 8:
        return None
    return int(digits) if check_digit(digits) == number[-1] else None
