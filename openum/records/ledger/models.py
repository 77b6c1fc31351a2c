"""Events, the errands that follow from them, and the seals over both."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.records.ledger.appendonly import append_only
from openum.records.tenants.models import TenantRow

WINGS = ("payer", "provider")


class Event(TenantRow):
    """What happened. Nothing here is changed or removed; each event carries the digest of the one before it."""

    subject = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    body = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "subject", "number"], name="event_number_is_unique"),
            models.CheckConstraint(
                condition=Q(number=1, previous="") | (Q(number__gt=1) & ~Q(previous="")), name="event_follows_another"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "kind", "at"], name="event_by_kind")]

    def __str__(self) -> str:
        return f"{self.subject} #{self.number} {self.kind}"


class Errand(TenantRow):
    """One thing still to be done because of one event. ``step`` is empty until the wing's route says what it is.

    ``key`` makes it happen once. ``leased_until`` is set while a worker holds it, ``trouble`` says why it last failed.
    """

    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80)
    wing = models.CharField(max_length=8)
    step = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=160)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "key"], name="errand_is_run_once"),
            models.CheckConstraint(condition=Q(wing__in=WINGS), name="errand_wing_is_known"),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(leased_until=None, trouble=""), name="errand_done_is_free_of_trouble"
            ),
        ]
        indexes = [
            models.Index(fields=["wing", "due_at", "id"], condition=Q(done_at=None), name="errand_waiting"),
            models.Index(fields=["tenant", "subject"], condition=Q(done_at=None), name="errand_of_subject"),
            models.Index(
                fields=["tenant", "due_at"], condition=Q(done_at=None) & ~Q(trouble=""), name="errand_trouble"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Seal(TenantRow):
    """A digest over the heads of every subject that changed since the last seal, chained to that seal."""

    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    after_event_id = models.BigIntegerField()
    up_to_event_id = models.BigIntegerField()
    subjects = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="seal_number_is_unique"),
            models.CheckConstraint(condition=Q(up_to_event_id__gt=F("after_event_id")), name="seal_covers_something"),
        ]

    def __str__(self) -> str:
        return f"seal {self.number}"


append_only("records_ledger_event")
append_only("records_ledger_seal")
