"""Determinations: one row per decision on one line, never edited; a later one names the one it replaces."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from openum.payer.intake.models import Case, Line
from openum.records.ledger.appendonly import append_only
from openum.records.parties.models import User
from openum.records.tenants.models import TenantRow

OUTCOMES = ("approved", "modified", "adverse", "excluded", "not_required")
ADVERSE = ("modified", "adverse", "excluded")


class Determination(TenantRow):
    """What was decided about a line. The constraints hold what the law holds.

    No adverse outcome without a named person, a rationale of their own, and a license (benefit exclusions: a clause);
    no outcome without a policy version or a named administrative reason; one first and one successor at most, so that
    every line has exactly one current outcome.
    """

    organization_path = "line__case__organization_id"

    line = models.ForeignKey(Line, models.PROTECT, related_name="determinations", db_index=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    outcome = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=120)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=200, blank=True)
    person_role = models.CharField(max_length=24, blank=True)
    license = models.JSONField(null=True)
    policy = models.CharField(max_length=120, blank=True)
    policy_digest = models.CharField(max_length=64, blank=True)
    administrative_reason = models.TextField(blank=True)
    criterion_not_met = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    reasons = models.JSONField(default=list)
    code_system = models.CharField(max_length=100)
    code = models.CharField(max_length=40)
    quantity = models.FloatField(null=True)
    unit = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(replaces=None), name="determination_has_one_first_per_line"
            ),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="determination_outcome_is_known"),
            models.CheckConstraint(
                condition=~Q(outcome__in=ADVERSE) | (Q(person__isnull=False) & ~Q(person_name="") & ~Q(rationale="")),
                name="determination_adverse_is_a_persons",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["adverse", "modified"])
                | (Q(license__isnull=False) & ~Q(criterion_not_met="") & ~Q(policy="")),
                name="determination_adverse_is_clinical",
            ),
            models.CheckConstraint(
                condition=~Q(policy="") | ~Q(administrative_reason=""), name="determination_has_a_ground"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "at"], name="determination_by_moment")]

    def __str__(self) -> str:
        return f"{self.outcome} on line {self.line_id}"


EFFECTS = ("approve", "ask_person", "adverse_by_law", "forward", "late")


class Lapse(TenantRow):
    """What the law made of one clock of a case that ran out. Never a determination: nobody decided anything.

    ``on`` is the local day the time ended; ``file_by`` the last day to appeal, where the silence counts as a denial.
    """

    organization_path = "case__organization_id"

    case = models.ForeignKey(Case, models.PROTECT, related_name="lapses")
    rule_id = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=20)
    citation = models.CharField(max_length=600)
    verdict = models.CharField(max_length=60)
    effect = models.CharField(max_length=14)
    words = models.TextField()
    due_at = models.DateTimeField()
    on = models.DateField()
    starts = models.CharField(max_length=60, blank=True)
    lines = models.JSONField(default=list)
    file_by = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "rule_id"], name="lapse_is_recorded_once"),
            models.CheckConstraint(condition=Q(effect__in=EFFECTS), name="lapse_effect_is_known"),
        ]
        indexes = [models.Index(fields=["tenant", "effect", "on"], name="lapse_by_effect")]

    def __str__(self) -> str:
        return f"{self.verdict} of case {self.case_id}"


class LapseSettled(TenantRow):
    """A person did what a lapse asked for: who, when, and how."""

    organization_path = "lapse__case__organization_id"

    lapse = models.OneToOneField(Lapse, models.PROTECT, related_name="settled")
    at = models.DateTimeField()
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=200)
    how = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "lapse"], name="lapse_settled_by_lapse")]

    def __str__(self) -> str:
        return f"lapse {self.lapse_id} settled"


append_only("payer_determinations_determination")
append_only("payer_determinations_lapse")
append_only("payer_determinations_lapsesettled")
