"""Keeping what was sent, reading its text, and the consents it came under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from openum.core.actor import Actor
from openum.core.chart import Entry, Segment
from openum.core.codes import CodeSet
from openum.core.refusal import Refusal
from openum.core.request import Attachment
from openum.core.segments import segment_of, stricter
from openum.records.documents import limits, store
from openum.records.documents.entries import clean, code_data, entry_data, sensitive_codes
from openum.records.documents.models import ChartEvidence, Consent, Document
from openum.records.documents.reading import read_text
from openum.records.ledger.locking import require_transaction
from openum.records.parties.scope import Scope


def keep_attachments(
    scope: Scope,
    *,
    subject: str,
    attachments: Iterable[Attachment],
    by: Actor,
    at: datetime,
    consent_id: int | None = None,
) -> tuple[int, ...]:
    """Keep the documents of a submission, in the caller's transaction; their ids, in order.

    The bytes are on the disk before their row is written. Content the case already holds is not kept twice; the id is
    then the first one's. Their codes may make them more sensitive than the sender says, never less.

    Raises:
        Refusal: see ``limits.check``; nothing is written then.
    """
    require_transaction()
    given = tuple(attachments)
    limits.check(given)
    return tuple(_keep(scope, subject, one, by=by, at=at, consent_id=consent_id) for one in given)


def keep_evidence(
    scope: Scope,
    *,
    subject: str,
    entries: Iterable[Entry],
    at: datetime,
    consent_id: int | None = None,
    first: bool = False,
) -> None:
    """Keep the chart entries of a submission, each with the stricter of its own segment and that of its codes.

    ``first`` says that the case is new, so that nothing of it can have been kept before.
    """
    require_transaction()
    lists = sensitive_codes()
    data = [entry_data(replace(entry, segment=_sharpened(entry, lists))) for entry in entries]
    if not data:
        return
    kept = ChartEvidence.unscoped.filter(tenant_id=scope.tenant_id, subject=subject)
    number = 1 if first else kept.count() + 1
    ChartEvidence.objects.create(
        tenant_id=scope.tenant_id, subject=subject, number=number, entries=data, consent_id=consent_id, added_at=at
    )


def extract_text(document_id: int, *, at: datetime) -> None:
    """Read the text of a kept document and write it on its row: a step for the queue. Doing it again is harmless."""
    row = Document.unscoped.get(pk=document_id)
    reading = read_text(store.load(row.sha256), row.content_type)
    Document.unscoped.filter(pk=document_id).update(
        text=reading.text, text_from=reading.source, trouble=reading.trouble, read_at=at
    )


def give_consent(
    scope: Scope,
    *,
    member_id: int,
    segments: Iterable[Segment],
    discloser: str,
    recipients: str,
    purpose: str,
    given_date: date,
    expires: date | None = None,
) -> int:
    """Keep a member's written consent; its id."""
    row = Consent.objects.create(
        tenant_id=scope.tenant_id, member_id=member_id, segments=sorted(set(segments)), discloser=discloser,
        recipients=recipients, purpose=purpose, given_date=given_date, expires=expires,
    )  # fmt: skip
    return int(row.pk)


def revoke_consent(scope: Scope, *, consent_id: int, by: Actor, at: datetime) -> None:
    """Revoke a consent from this moment on. Raises ``Refusal`` ``no-such-consent``."""
    found = Consent.objects.of(scope).filter(pk=consent_id, revoked_at=None)
    if not found.update(revoked_at=at, revoked_by=str(by)):
        raise Refusal(
            "no-such-consent",
            "No consent of this number is in force.",
            "Load the member's consents again: it may have been revoked already.",
        )


def put_under_consent(scope: Scope, *, subject: str, consent_id: int) -> None:
    """Say that what came for this case came under that consent. Raises ``Refusal`` ``no-such-consent``."""
    with transaction.atomic():
        if not Consent.objects.of(scope).filter(pk=consent_id, revoked_at=None).exists():
            raise Refusal(
                "no-such-consent", "No consent of this number is in force.", "Keep the member's consent first."
            )
        Document.objects.of(scope).filter(subject=subject, consent=None).update(consent_id=consent_id)
        ChartEvidence.objects.of(scope).filter(subject=subject, consent=None).update(consent_id=consent_id)


def _keep(scope: Scope, subject: str, one: Attachment, *, by: Actor, at: datetime, consent_id: int | None) -> int:
    digest = store.keep(one.data)
    row, _ = Document.unscoped.get_or_create(
        tenant_id=scope.tenant_id, subject=subject, sha256=digest,
        defaults={
            "content_type": one.content_type[:60], "size": len(one.data), "title": clean(one.title)[:300],
            "source": clean(one.source)[:300], "codes": [code_data(code) for code in one.codes],
            "document_date": one.date, "consent_id": consent_id, "added_by": str(by), "added_at": at,
            "segment": stricter(one.segment, segment_of(one.codes, sensitive_codes())),
        },
    )  # fmt: skip
    return int(row.pk)


def _sharpened(entry: Entry, lists: Mapping[Segment, CodeSet]) -> Segment:
    return stricter(entry.segment, segment_of(entry.codes, lists))
