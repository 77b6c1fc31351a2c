"""Cases and their lines: a request as it was taken in, and where each line stands."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.core.authorization import check_digit
from openum.records.parties.models import Member, Organization, Plan
from openum.records.tenants.models import TenantRow

REVIEW_TYPES = ("prospective", "concurrent", "retrospective")
STATES = ("received", "pended", "decided")


class Case(TenantRow):
    """One request. ``number`` is its administration reference number; ``on`` the day of service it is judged for.

    ``sender``, ``submission_system``, ``submission_value`` and ``digest`` together recognize a replay: senders reuse
    identifiers for unrelated requests, so none of them is enough alone (facts/standards.md §1.9, trap 12). ``extends``
    is the authorization a request continues, ``authorized_through`` the last moment that one covers.
    """

    organization_path = "organization_id"

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    sender = models.CharField(max_length=120)
    submission_system = models.CharField(max_length=200)
    submission_value = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    door = models.CharField(max_length=20)
    review_type = models.CharField(max_length=13)
    priority = models.CharField(max_length=9)
    emergency = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    on = models.DateField()
    on_is_assumed = models.BooleanField(default=False)
    requester = models.JSONField(default=dict)
    ordering = models.JSONField(null=True)
    identifiers = models.JSONField(default=list)
    diagnoses = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    extends = models.CharField(max_length=40, blank=True)
    authorized_through = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "sender", "submission_system", "submission_value", "digest"],
                name="case_is_taken_once",
            ),
            models.CheckConstraint(condition=Q(review_type__in=REVIEW_TYPES), name="case_review_type_is_known"),
            models.CheckConstraint(condition=Q(priority__in=["standard", "expedited"]), name="case_priority_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "member", "on"], name="case_by_member"),
            models.Index(fields=["tenant", "received_at"], name="case_by_receipt"),
            models.Index(fields=["tenant", "organization", "received_at"], name="case_by_organization"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """``R`` and the row's number in eight digits, with a check digit, so that a misread number is caught."""
        return case_number(self.pk)


class Line(TenantRow):
    """One service of a case. ``asked`` is the line as read at the door; ``lane`` and ``ball`` say who holds it now."""

    organization_path = "case__organization_id"

    case = models.ForeignKey(Case, models.PROTECT, related_name="lines")
    sequence = models.PositiveIntegerField()
    code_system = models.CharField(max_length=100)
    code = models.CharField(max_length=40)
    service_from = models.DateField(null=True)
    service_to = models.DateField(null=True)
    asked = models.JSONField()
    state = models.CharField(max_length=8, default="received")
    lane = models.CharField(max_length=24, blank=True)
    ball = models.CharField(max_length=8, default="payer")
    policy = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    cite = models.CharField(max_length=400, blank=True)
    refers_to = models.CharField(max_length=40, blank=True)
    mental_health = models.BooleanField(default=False)
    classification = models.CharField(max_length=20, blank=True)
    nqtl = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="line_sequence_is_unique"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="line_state_is_known"),
            models.CheckConstraint(condition=Q(ball__in=["payer", "provider", "nobody"]), name="line_ball_is_known"),
            models.CheckConstraint(condition=~Q(state="pended") | ~Q(lane=""), name="line_pended_has_a_lane"),
            models.CheckConstraint(
                condition=Q(service_to=None) | Q(service_from=None) | Q(service_to__gte=F("service_from")),
                name="line_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "lane"], condition=Q(state="pended"), name="line_waiting_in_lane")]

    def __str__(self) -> str:
        return f"line {self.sequence} of {self.case_id}"


class Received(TenantRow):
    """The bytes as they came in, compressed: what is echoed in the answer and proven in a dispute."""

    organization_path = "case__organization_id"

    case = models.OneToOneField(Case, models.PROTECT, related_name="received")
    content_type = models.CharField(max_length=80)
    body = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "case"], name="received_by_case")]

    def __str__(self) -> str:
        return f"body of {self.case_id}"


def case_number(key: int) -> str:
    """The administration reference number of the case with this row number."""
    digits = f"{key:08d}"
    return f"R{digits}{check_digit(digits)}"


def case_key(number: str) -> int | None:
    """The row number behind an administration reference number; ``None`` when it cannot be one."""
    digits = number[1:-1]
    if not number.startswith("R") or not number[1:].isdecimal() or len(digits) < 8:
        return None
    return int(digits) if check_digit(digits) == number[-1] else None
