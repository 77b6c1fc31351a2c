"""Notices: letters as they were built, checked and sent. A sent one never changes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.payer.intake.models import Case
from openum.records.ledger.appendonly import append_only
from openum.records.tenants.models import TenantRow

KINDS = (
    "approval", "partial-approval", "adverse-determination", "reduction-or-termination", "adverse-by-operation-of-law",
    "request-for-information", "extension", "expedite-denied", "peer-to-peer-offer", "continued-stay",
    "appeal-acknowledgement", "appeal-decision", "external-review", "external-review-status",
    "external-review-decision", "forward-to-ire", "nomnc", "denc", "important-message", "detailed-notice-of-discharge",
)  # fmt: skip
"""The kinds of ``library/notices/kinds.yaml``, in its order."""


class Notice(TenantRow):
    """One letter. ``letter`` and ``digest`` name the wording in force; ``elements`` are the data it was built from."""

    organization_path = "case__organization_id"

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30)
    letter = models.CharField(max_length=120)
    letter_digest = models.CharField(max_length=64)
    lines = models.JSONField()
    recipients = models.JSONField()
    elements = models.JSONField()
    html = models.TextField()
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=160)
    built_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    channel = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="notice_is_built_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="notice_kind_is_known"),
            models.CheckConstraint(
                condition=Q(sent_at=None, channel="") | (Q(sent_at__gte=F("built_at")) & ~Q(channel="")),
                name="notice_sent_has_a_channel",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "kind", "sent_at"], name="notice_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


append_only("payer_notices_notice", once="sent_at")
