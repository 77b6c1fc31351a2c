"""Taking more time to decide: a person's act, on a ground the law knows, in time, and told to the member in time.

Whatever the law does not allow is refused in its words, and every clock stays where it was. A clock moves when the
notice goes out, not before: an extension nobody is told of never was one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from openum.core.actor import Actor
from openum.core.calendar import in_zone
from openum.core.clock_events import Extension
from openum.core.clock_proof import Proof
from openum.core.refusal import Refusal
from openum.core.review import require
from openum.payer.intake.queries import CaseCard, case_of
from openum.payer.intake.starting import again
from openum.records.clocks import actions as clocks
from openum.records.clocks.queries import clocks_of
from openum.records.ledger.actions import record
from openum.records.ledger.locking import hold
from openum.records.parties.scope import software_scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An extension as a person asks for it. ``days`` ``None`` is all the law allows.

    ``reason`` and ``benefit`` are the plain words of the letter: why more time is taken, and what it may do for the
    member.
    """

    ground: str
    days: int | None = None
    reason: str
    benefit: str
    in_member_interest: bool | None = None


def extend(*, tenant_id: int, number: str, asked: Asked, by: Actor, at: datetime) -> date:
    """Take an extension where the law allows it; returns the day the case will be due once the notice is out.

    The letter goes out with the event, and the clocks move with the letter. Clocks whose law does not allow it stay.

    Raises:
        Refusal: ``role-may-not``, ``nothing-said``, ``no-open-clock``, or the law's own: ``extension-not-allowed``,
            ``extension-ground-not-allowed``, ``extension-after-expiry``, ``extension-length``, ``extension-used-up``,
            ``extension-not-in-member-interest``.
    """
    require(by.role, "extend")
    if not asked.reason.strip() or not asked.benefit.strip():
        raise Refusal("nothing-said", "The letter needs the reason for the delay.", "Say why, and what it may help.")
    taken = Extension(taken_at=at, ground=asked.ground, days=asked.days, in_member_interest=asked.in_member_interest)
    with transaction.atomic():
        hold(tenant_id, number)
        case = case_of(tenant_id, number)
        moved = _moved(case, taken, at=at)
        old, new = moved[0]
        record(
            tenant_id=tenant_id, kind="ClockExtended", subject=number, by=by, at=at, ground=asked.ground,
            days=asked.days, in_member_interest=asked.in_member_interest, reason=asked.reason.strip(),
            benefit=asked.benefit.strip(), was_due=_day(old).isoformat(), until=_day(new).isoformat(),
            rules=[proof.rule_id for _, proof in moved],
            lines=[line.asked.sequence for line in case.lines if line.state != "decided"],
        )  # fmt: skip
    return _day(new)


def told(*, tenant_id: int, number: str, taken: Extension, at: datetime) -> None:
    """The member was told of an extension: now the clocks move.

    Raises ``Refusal`` as :func:`extend` does, and ``extension-notice-late`` when the first end has passed meanwhile.
    """
    with transaction.atomic(savepoint=False):
        moved = _moved(case_of(tenant_id, number), replace(taken, notice_sent_at=at), at=at)
        clocks.move(software_scope(tenant_id, "clocks"), subject=number, proofs=[new for _, new in moved])


def _moved(case: CaseCard, taken: Extension, *, at: datetime) -> list[tuple[Proof, Proof]]:
    """The open clocks an extension moves, as they are and as they would be; the first to end comes first."""
    cards = clocks_of(software_scope(case.tenant_id, "clocks"), case.number)
    running = [card.proof for card in cards if card.stopped_at is None and card.due_at and not card.superseded_at]
    if not running:
        raise Refusal("no-open-clock", "No clock of this case is running.", "Nothing needs more time.")
    asked = [replace(one, extensions=(*one.extensions, taken)) for one in running]
    proofs = again(case, asked, at=at)
    moved = [(old, new) for old, new in zip(running, proofs, strict=True) if len(new.extensions) > len(old.extensions)]
    if not moved:
        first = next(refused for one in proofs for refused in one.refused)
        raise Refusal(first.code, first.message, first.next)
    return moved


def _day(proof: Proof) -> date:
    assert proof.due_at is not None  # noqa: S101 - only clocks with an end are extended
    return in_zone(proof.due_at, proof.zone).date()
