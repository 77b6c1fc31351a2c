"""Plans and members on one side, organizations and clinicians on the other."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.core.request import LINES_OF_BUSINESS
from openum.records.tenants.models import EVERY_ORGANIZATION, TenantRow

SEXES = ("male", "female", "other", "unknown")


class Plan(TenantRow):
    """One plan of the payer.

    ``notice_texts`` holds the words letters take from the plan (appeal address, phone for members …); ``settings`` the
    plan's policy choices. ``plan_year_start`` is ``MM-DD``.
    """

    organization_path = EVERY_ORGANIZATION

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    line_of_business = models.CharField(max_length=24)
    state = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64)
    rating_period_start = models.DateField(null=True)
    plan_year_start = models.CharField(max_length=5, default="01-01")
    network_required = models.BooleanField(default=False)
    phone = models.CharField(max_length=40, blank=True)
    address = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    notice_texts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="plan_code_is_unique"),
            models.CheckConstraint(condition=Q(line_of_business__in=LINES_OF_BUSINESS), name="plan_line_is_known"),
            models.CheckConstraint(condition=Q(plan_year_start__regex=r"^\d\d-\d\d$"), name="plan_year_is_a_day"),
        ]

    def __str__(self) -> str:
        return self.code


class Member(TenantRow):
    """A person the payer covers, by the payer's own number."""

    organization_path = EVERY_ORGANIZATION

    number = models.CharField(max_length=60)
    family = models.CharField(max_length=120)
    given = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=7, default="unknown")
    language = models.CharField(max_length=20, default="en")
    address = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="member_number_is_unique"),
            models.CheckConstraint(condition=Q(sex__in=SEXES), name="member_sex_is_known"),
        ]

    def __str__(self) -> str:
        return f"member {self.pk}"


class Coverage(TenantRow):
    """A span of days on which a plan covers a member; ``rank`` 1 pays first. ``end`` is the last day, or open."""

    organization_path = EVERY_ORGANIZATION

    member = models.ForeignKey(Member, models.PROTECT, related_name="coverages")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField(null=True)
    rank = models.PositiveSmallIntegerField(default=1)
    network = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "member", "plan", "start"], name="coverage_starts_once"),
            models.CheckConstraint(condition=Q(end=None) | Q(end__gte=F("start")), name="coverage_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"coverage {self.pk}"


class Organization(TenantRow):
    """A provider organization, practice or facility as the tenant knows it."""

    organization_path = EVERY_ORGANIZATION

    name = models.CharField(max_length=200)
    npi = models.CharField(max_length=10, blank=True)
    tax_id = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    fax = models.CharField(max_length=40, blank=True)
    address = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "npi"], condition=~Q(npi=""), name="organization_npi_is_unique"),
            models.CheckConstraint(
                condition=Q(npi="") | Q(npi__regex=r"^\d{10}$"), name="organization_npi_has_ten_digits"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "tax_id"], name="organization_by_tax_id")]

    def __str__(self) -> str:
        return self.name


class Practitioner(TenantRow):
    """A clinician who orders or performs care. ``taxonomy`` is a NUCC code, ``specialty`` its name."""

    organization_path = EVERY_ORGANIZATION

    npi = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    taxonomy = models.CharField(max_length=10, blank=True)
    specialty = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "npi"], name="practitioner_npi_is_unique"),
            models.CheckConstraint(condition=Q(npi__regex=r"^\d{10}$"), name="practitioner_npi_has_ten_digits"),
        ]

    def __str__(self) -> str:
        return self.name
