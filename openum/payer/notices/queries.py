"""Reading notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openum.payer.intake.models import case_key
from openum.payer.notices.models import Notice
from openum.records.parties.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCard:
    """One letter as sent (or as a draft, while ``sent_at`` is empty)."""

    id: int
    kind: str
    letter: str
    lines: tuple[int, ...]
    recipients: tuple[str, ...]
    elements: Mapping[str, Any]
    html: str
    built_at: datetime
    sent_at: datetime | None
    channel: str


def notices_of(scope: Scope, number: str) -> tuple[NoticeCard, ...]:
    """Every letter of a case this scope may see, first to last."""
    rows = Notice.objects.of(scope).filter(case_id=case_key(number)).order_by("pk")
    return tuple(
        NoticeCard(
            id=row.pk, kind=row.kind, letter=row.letter, lines=tuple(row.lines), recipients=tuple(row.recipients),
            elements=row.elements, html=row.html, built_at=row.built_at, sent_at=row.sent_at, channel=row.channel,
        )
        for row in rows
    )  # fmt: skip
