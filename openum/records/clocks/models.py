"""One row per clock that runs, or ran, for a case."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from openum.records.tenants.models import TenantRow

STATES = ("waiting", "running", "tolled", "met", "missed", "superseded")
OPEN = Q(stopped_at=None) & ~Q(state="superseded")


class RunningClock(TenantRow):
    """A clock of one case; ``line`` empty means the whole request.

    ``waiting`` has no due date yet (its start has not come, or the law names no number). A ``missed`` clock without
    ``stopped_at`` is still owed. ``earliest`` marks the one open clock of the case that ends first.
    """

    subject = models.CharField(max_length=80)
    line = models.PositiveIntegerField(null=True)
    rule_id = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=20)
    citation = models.CharField(max_length=600)
    start_event = models.CharField(max_length=40)
    started_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=64)
    calendar = models.CharField(max_length=60, blank=True)
    proof = models.JSONField()
    state = models.CharField(max_length=10)
    stopped_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)
    earliest = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "subject", "rule_id"],
                condition=Q(line=None) & ~Q(state="superseded"),
                name="clock_of_request_runs_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "subject", "rule_id", "line"],
                condition=Q(line__isnull=False) & ~Q(state="superseded"),
                name="clock_of_line_runs_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "subject"], condition=Q(earliest=True), name="clock_earliest_is_one"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="clock_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="superseded", superseded_at__isnull=False)
                | (~Q(state="superseded") & Q(superseded_at=None)),
                name="clock_superseded_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "tolled", "missed"])
                | Q(due_at__isnull=False, started_at__isnull=False),
                name="clock_running_has_a_due_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="met") | Q(stopped_at__isnull=False), name="clock_met_has_stopped"
            ),
            models.CheckConstraint(
                condition=Q(earliest=False) | (Q(due_at__isnull=False, stopped_at=None) & ~Q(state="superseded")),
                name="clock_earliest_is_open",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "subject"], name="clock_by_subject"),
            models.Index(fields=["tenant", "due_at"], condition=Q(earliest=True), name="clock_by_due_date"),
            models.Index(fields=["tenant", "rule_id", "due_at"], name="clock_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} of {self.subject}"


EARLIEST_FIRST = (F("due_at").asc(), "rule_id", "id")
