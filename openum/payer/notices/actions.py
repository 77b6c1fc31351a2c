"""Issuing notices: built from the letter in force, checked, kept, sent, and the clock stopped with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from openum.core.actor import Actor
from openum.core.notice import Letter, compose
from openum.core.notice_plain import remarks, require_plain
from openum.core.notice_words import Element
from openum.payer.intake.models import Line, case_key
from openum.payer.notices.models import Notice
from openum.records.clocks import actions as clocks
from openum.records.ledger.actions import record
from openum.records.parties.scope import software_scope


def issue(
    *,
    tenant_id: int,
    number: str,
    letter: Letter,
    lines: Sequence[int],
    elements: Mapping[str, Element],
    key: str,
    by: Actor,
    at: datetime,
    channel: str = "portal",
    first: bool = False,
) -> None:
    """Build, check, keep and send one letter; once every line of the case is decided, the clocks stop with it.

    ``key`` makes it happen once: the same key again does nothing (``first``: the case is new, so it
    cannot be known). Raises ``Refusal`` ``notice-incomplete`` when an element the law requires is missing, and
    ``notice-too-hard`` when the letter's own sentences are harder to read than its limit: nothing is sent then, and the
    step waits with its trouble on the page. Hard words of people and policies are only remarked on, in the event.
    """
    with transaction.atomic(savepoint=False):
        if not first and Notice.unscoped.filter(tenant_id=tenant_id, key=key).exists():
            return
        composed = compose(letter, elements)
        require_plain(letter, elements)
        Notice.objects.create(
            tenant_id=tenant_id, case_id=case_key(number), kind=letter.kind, letter=composed.letter,
            letter_digest=letter.digest, lines=list(lines), recipients=list(letter.recipients),
            elements=_plain(elements), html=composed.text, digest=composed.digest, key=key, built_at=at, sent_at=at,
            channel=channel,
        )  # fmt: skip
        stopped = letter.ends_clock and _all_decided(tenant_id, number)
        if stopped:
            clocks.stop(software_scope(tenant_id, "notices"), subject=number, at=at)
        record(
            tenant_id=tenant_id, kind="NoticeSent", subject=number, by=by, at=at, notice=letter.kind,
            letter=composed.letter, lines=list(lines), channel=channel, clock_stopped=stopped,
            remarks=[[one.kind, one.where, one.what] for one in remarks(letter, elements)],
        )  # fmt: skip


def answer_at_the_door(*, tenant_id: int, number: str, lines: Sequence[int], by: Actor, at: datetime) -> None:
    """Record that the sender was answered without a letter, because nothing was needed; the clocks stop with it."""
    with transaction.atomic(savepoint=False):
        stopped = _all_decided(tenant_id, number)
        if stopped:
            clocks.stop(software_scope(tenant_id, "notices"), subject=number, at=at)
        record(
            tenant_id=tenant_id, kind="NoticeSent", subject=number, by=by, at=at, notice="answer", letter="",
            lines=list(lines), channel="door", clock_stopped=stopped,
        )  # fmt: skip


def _all_decided(tenant_id: int, number: str) -> bool:
    rows = Line.unscoped.filter(tenant_id=tenant_id, case_id=case_key(number))
    return not rows.exclude(state="decided").exists()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def fragment(html: str) -> str:
    """The body of a letter without its head, for showing it inside a page."""
    found = re.search(r"<body[^>]*>(.*)</body>", html, re.DOTALL)
    return found[1] if found else html
