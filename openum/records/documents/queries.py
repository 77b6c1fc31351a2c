"""Reading documents and evidence, and who may read what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from openum.core.chart import Entry, Segment
from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.records.documents import store
from openum.records.documents.entries import entry_of
from openum.records.documents.models import ChartEvidence, Consent, Document
from openum.records.parties.scope import Scope

NEEDS_CONSENT: Mapping[Segment, str] = {
    "sud_part2": "42 CFR 2.31, 2.33",
    "sud_counseling_notes": "42 CFR 2.31(b)",
    "psychotherapy_notes": "45 CFR 164.508(a)(2)",
}
"""Segments that are released only under the member's written consent, and the rule that says so."""
OWN_CONSENT = frozenset({"sud_counseling_notes", "psychotherapy_notes"})
"""Of those, the ones whose consent may cover nothing else: a general consent does not reach them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentCard:
    """A consent as given; ``expires`` is its last day."""

    id: int
    member_id: int
    segments: tuple[Segment, ...]
    discloser: str
    recipients: str
    purpose: str
    given_date: date
    expires: date | None
    revoked_at: datetime | None

    def holds(self, segment: Segment, *, at: datetime) -> bool:
        """Whether it lets that segment be released at that moment; the day is that of the moment's own zone."""
        if segment not in self.segments or (segment in OWN_CONSENT and len(self.segments) > 1):
            return False
        if self.revoked_at is not None and self.revoked_at <= at:
            return False
        return self.given_date <= at.date() and (self.expires is None or at.date() <= self.expires)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """One document without its bytes. ``text_from`` empty: no text was read (yet); ``trouble`` says why."""

    id: int
    subject: str
    sha256: str
    content_type: str
    size: int
    title: str
    source: str
    codes: tuple[Code, ...]
    document_date: date | None
    segment: Segment
    consent: ConsentCard | None
    added_at: datetime
    text: str
    text_from: str
    trouble: str


def documents_of(scope: Scope, subject: str) -> tuple[DocumentCard, ...]:
    """The documents of the case, as they came. Ask ``may_read`` before one is shown."""
    rows = Document.objects.of(scope).filter(subject=subject).select_related("consent").order_by("id")
    return tuple(_card(row) for row in rows)


def unread(scope: Scope, subject: str) -> tuple[int, ...]:
    """The ids of documents whose text was not read yet: work for ``extract_text``."""
    rows = Document.objects.of(scope).filter(subject=subject, read_at=None).order_by("id")
    return tuple(rows.values_list("pk", flat=True))


def may_read(scope: Scope, document: DocumentCard, *, at: datetime, zone: str = "UTC") -> bool:
    """Whether the document may be shown to this scope now: its tenant's, and its segment open or under consent.

    ``zone`` is the plan's: a consent expires with its day there.
    """
    if not Document.objects.of(scope).filter(pk=document.id).exists():
        return False
    return released(document.segment, document.consent, at=at.astimezone(ZoneInfo(zone)))


def released(segment: Segment, consent: ConsentCard | None, *, at: datetime) -> bool:
    """Whether a piece of that segment, kept under that consent, may be released at that moment."""
    return segment not in NEEDS_CONSENT or (consent is not None and consent.holds(segment, at=at))


def content_of(scope: Scope, document_id: int, *, at: datetime, zone: str = "UTC") -> tuple[DocumentCard, bytes]:
    """A document with its bytes.

    Raises:
        Refusal: ``no-such-document``, ``consent-needed``. store.Damaged: the bytes are not what was kept.
    """
    row = Document.objects.of(scope).filter(pk=document_id).select_related("consent").first()
    if row is None:
        raise Refusal("no-such-document", "There is no such document in your cases.", "Check the document's number.")
    card = _card(row)
    if not may_read(scope, card, at=at, zone=zone):
        raise Refusal(
            "consent-needed",
            f"This document is released only under the member's written consent ({NEEDS_CONSENT[card.segment]}).",
            "Ask the sender for the consent it was disclosed under, and record it.",
        )
    return card, store.load(card.sha256)


def evidence_of(scope: Scope, subject: str) -> tuple[Entry, ...]:
    """Every chart entry that came for the case, in order, for the payer's own work on the request.

    Counseling and psychotherapy notes are left out: without a consent of their own they are not even used. What leaves
    the payer is filtered by ``released`` as well.
    """
    rows = ChartEvidence.objects.of(scope).filter(subject=subject).order_by("number").values_list("entries", flat=True)
    entries = (entry_of(data) for row in rows for data in cast(list[dict[str, Any]], row))
    return tuple(entry for entry in entries if entry.segment not in OWN_CONSENT)


def consents_of(scope: Scope, member_id: int) -> tuple[ConsentCard, ...]:
    """Every consent of the member, the latest first."""
    rows = Consent.objects.of(scope).filter(member_id=member_id).order_by("-given_date", "-id")
    return tuple(_consent(row) for row in rows)


def _consent(row: Consent) -> ConsentCard:
    return ConsentCard(
        id=row.pk, member_id=row.member_id, segments=tuple(row.segments), discloser=row.discloser,
        recipients=row.recipients, purpose=row.purpose, given_date=row.given_date, expires=row.expires,
        revoked_at=row.revoked_at,
    )  # fmt: skip


def _card(row: Document) -> DocumentCard:
    return DocumentCard(
        id=row.pk, subject=row.subject, sha256=row.sha256, content_type=row.content_type, size=row.size,
        title=row.title, source=row.source, codes=tuple(Code(*code) for code in row.codes),
        document_date=row.document_date, segment=cast(Segment, row.segment),
        consent=None if row.consent is None else _consent(row.consent), added_at=row.added_at, text=row.text,
        text_from=row.text_from, trouble=row.trouble,
    )  # fmt: skip
