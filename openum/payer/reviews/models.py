"""Reviews: what the criteria said of a line, whole; and the questions asked of the provider."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.payer.intake.models import Line
from openum.records.ledger.appendonly import append_only
from openum.records.tenants.models import TenantRow

ANSWERS = ("yes", "no", "unknown")


class Review(TenantRow):
    """One run of one policy over one line: never edited; the highest number is the current one.

    ``finding``, ``chart``, ``distance`` and ``proposals`` are what ``openum.core.explain`` writes; with the policy's
    digest they are enough to run the decision again offline.
    """

    organization_path = "line__case__organization_id"

    line = models.ForeignKey(Line, models.PROTECT, related_name="reviews", db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    policy = models.CharField(max_length=120)
    policy_digest = models.CharField(max_length=64)
    library_digest = models.CharField(max_length=64)
    on = models.DateField()
    answer = models.CharField(max_length=7)
    finding = models.JSONField()
    chart = models.JSONField()
    distance = models.JSONField()
    proposals = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="review_number_is_unique"),
            models.CheckConstraint(condition=Q(answer__in=ANSWERS), name="review_answer_is_known"),
            models.CheckConstraint(condition=~Q(policy="") & ~Q(policy_digest=""), name="review_names_its_policy"),
        ]
        indexes = [models.Index(fields=["tenant", "policy"], name="review_by_policy")]

    def __str__(self) -> str:
        return f"review {self.number} of line {self.line_id}"


class Question(TenantRow):
    """One request for named items about one line. ``items`` are facts or documents with why and what would do."""

    organization_path = "line__case__organization_id"

    line = models.ForeignKey(Line, models.PROTECT, related_name="questions", db_index=False)
    number = models.PositiveIntegerField()
    items = models.JSONField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=120)
    due_date = models.DateField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="question_number_is_unique"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("asked_at")), name="question_is_answered_later"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "due_date"], condition=Q(answered_at=None), name="question_open_by_due_date")
        ]

    def __str__(self) -> str:
        return f"question {self.number} on line {self.line_id}"


append_only("payer_reviews_review")
