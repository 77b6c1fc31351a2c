"""Documents, chart evidence and the consents they came under."""

from __future__ import annotations

from typing import get_args

from django.db import models
from django.db.models import F, Q

from openum.core.chart import Segment
from openum.records.ledger.appendonly import append_only
from openum.records.parties.models import Member
from openum.records.tenants.models import TenantRow

SEGMENTS = get_args(Segment)
TEXT_SOURCES = ("plain", "html", "pdf", "cda", "xml")


class Consent(TenantRow):
    """A member's written consent (42 CFR 2.31): what, to whom, what for, until when. It can be revoked, not edited.

    ``segments`` lists the sensitive segments it names. Days are the member's; ``expires`` is the last one.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    segments = models.JSONField()
    discloser = models.CharField(max_length=400)
    recipients = models.CharField(max_length=400)
    purpose = models.CharField(max_length=400)
    given_date = models.DateField()
    expires = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by="") | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="consent_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires=None) | Q(expires__gte=F("given_date")), name="consent_expires_later"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "member"], name="consent_by_member")]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Document(TenantRow):
    """A document of a case. Its bytes lie in the store under ``sha256``; ``text`` is what could be read from them.

    ``text_from`` says how the text was read (empty: not yet, or nothing to read); ``trouble`` why it could not be.
    """

    subject = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    title = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    codes = models.JSONField(default=list)
    document_date = models.DateField(null=True)
    segment = models.CharField(max_length=24, default="general")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+")
    added_by = models.CharField(max_length=120)
    added_at = models.DateTimeField()
    text = models.TextField(blank=True)
    text_from = models.CharField(max_length=5, blank=True)
    read_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subject", "sha256"], name="document_is_kept_once"),
            models.CheckConstraint(condition=Q(segment__in=SEGMENTS), name="document_segment_is_known"),
            models.CheckConstraint(condition=Q(text_from__in=["", *TEXT_SOURCES]), name="document_text_source_known"),
            models.CheckConstraint(condition=Q(text="") | ~Q(text_from=""), name="document_text_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"document {self.pk}"


class ChartEvidence(TenantRow):
    """The chart entries that came with one submission for a case, each with its segment, in the order they came."""

    subject = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    entries = models.JSONField()
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subject", "number"], name="evidence_number_is_unique"),
        ]

    def __str__(self) -> str:
        return f"evidence {self.number} of {self.subject}"


append_only("records_documents_consent", may_change=("revoked_at", "revoked_by"))
append_only(
    "records_documents_document",
    may_change=("text", "text_from", "read_at", "trouble", "segment", "consent_id", "title", "document_date"),
)
append_only("records_documents_chartevidence", may_change=("consent_id",))
