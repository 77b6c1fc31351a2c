"""What a plan covers apart from what is necessary: exclusions, limits, use so far, networks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.core.benefits import PERIODS
from openum.records.parties.models.care import Member, Organization, Plan
from openum.records.tenants.models import EVERY_ORGANIZATION, TenantRow


class Exclusion(TenantRow):
    """Services the plan does not cover at all. ``codes`` maps short system names to values; ``clause`` is cited."""

    organization_path = EVERY_ORGANIZATION

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    codes = models.JSONField()
    clause = models.CharField(max_length=400)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(clause=""), name="exclusion_cites_a_clause"),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")), name="exclusion_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "plan"], name="exclusion_by_plan")]

    def __str__(self) -> str:
        return self.title


class BenefitLimit(TenantRow):
    """So much of a group of services per period. ``unit`` is the unit of ``amount`` (visit, day, USD …)."""

    organization_path = EVERY_ORGANIZATION

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    codes = models.JSONField()
    clause = models.CharField(max_length=400)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=20)
    period = models.CharField(max_length=13)
    in_force_from = models.DateField()
    in_force_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(clause=""), name="limit_cites_a_clause"),
            models.CheckConstraint(condition=Q(period__in=PERIODS), name="limit_period_is_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="limit_is_not_negative"),
            models.CheckConstraint(
                condition=Q(in_force_to=None) | Q(in_force_to__gte=F("in_force_from")), name="limit_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "plan"], name="limit_by_plan")]

    def __str__(self) -> str:
        return self.title


class Accumulator(TenantRow):
    """How much of a limit a member has used in the period that began on ``period_start``, and who said so when."""

    organization_path = EVERY_ORGANIZATION

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    limit = models.ForeignKey(BenefitLimit, models.PROTECT, related_name="+", db_index=False)
    period_start = models.DateField()
    used = models.DecimalField(max_digits=12, decimal_places=2)
    as_of = models.DateTimeField()
    told_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "limit", "period_start"], name="accumulator_is_one"),
            models.CheckConstraint(condition=Q(used__gte=0), name="accumulator_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"accumulator {self.pk}"


class NetworkMembership(TenantRow):
    """The days on which an organization belongs to a plan's network; both included."""

    organization_path = EVERY_ORGANIZATION

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True)
    network = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "organization", "network", "start"], name="network_membership_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="network_membership_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"network membership {self.pk}"
