"""Letters on the steps of an outside review, and on a case sent to Medicare's reviewer, may be kept too."""

from __future__ import annotations

from django.db import migrations, models

KINDS = (
    "approval", "partial-approval", "adverse-determination", "reduction-or-termination", "adverse-by-operation-of-law",
    "request-for-information", "extension", "expedite-denied", "peer-to-peer-offer", "continued-stay",
    "appeal-acknowledgement", "appeal-decision", "external-review", "external-review-status",
    "external-review-decision", "forward-to-ire", "nomnc", "denc", "important-message", "detailed-notice-of-discharge",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("payer_notices", "0002_kinds")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notice_kind_is_known"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="notice_kind_is_known"),
        ),
    ]
