"""A request for care as every door reads it: who asks for what, for whom, when, and with which evidence.

The value is neutral of tongue: an X12 278 and a PAS Bundle of the same case read to equal requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from openum.core.chart import Entry, Fact, Segment
from openum.core.codes import Code

ReviewType = Literal["prospective", "concurrent", "retrospective"]
Priority = Literal["standard", "expedited"]
LineOfBusiness = Literal[
    "medicare-advantage", "part-d", "medicaid-managed-care", "medicaid-ffs", "chip", "erisa", "aca-individual"
]
LINES_OF_BUSINESS: tuple[LineOfBusiness, ...] = (
    "medicare-advantage", "part-d", "medicaid-managed-care", "medicaid-ffs", "chip", "erisa", "aca-individual",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A business identifier: an assigner's URI (or short name) and the value it gave."""

    system: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRef:
    """Who the member is said to be. ``member_id`` is the payer's number; the rest confirms the match."""

    member_id: str
    family: str = ""
    given: str = ""
    birth_date: date | None = None
    gender: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRef:
    """An organization or person as named by the sender; ``npi`` is ten digits or empty."""

    name: str = ""
    npi: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service asked for.

    ``quantity`` is in ``unit`` (UCUM or the sender's word), ``None`` when not stated. ``place`` is a CMS place-of-
    service code. ``category`` is X12 1365, ``request_type`` X12 1525 (HS, SC, AR, IN), ``certification`` X12 1322
    (I initial …).
    """

    sequence: int
    code: Code
    modifiers: tuple[str, ...] = ()
    quantity: float | None = None
    unit: str = ""
    service_from: date | None = None
    service_to: date | None = None
    place: str = ""
    category: str = ""
    request_type: str = ""
    certification: str = "I"
    diagnoses: tuple[Code, ...] = ()
    performer: PartyRef | None = None
    trace_numbers: tuple[Identifier, ...] = ()
    also: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A document sent along: its bytes, type and title, and how sensitive the sender says it is."""

    title: str
    content_type: str
    data: bytes
    date: date | None = None
    source: str = ""
    segment: Segment = "general"
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One submission. ``digest`` is the SHA-256 (hex) of the canonical body: the replay key beside the identifiers.

    ``created`` is the sender's own stamp and starts no clock; receipt is the door's. ``warnings`` are faults that do
    not stop the request.
    """

    submission: Identifier
    identifiers: tuple[Identifier, ...] = ()
    digest: str = ""
    member: MemberRef
    insurer: PartyRef
    requester: PartyRef
    ordering: PartyRef | None = None
    review_type: ReviewType = "prospective"
    priority: Priority = "standard"
    emergency: bool = False
    created: datetime | None = None
    created_date: date | None = None
    lines: tuple[Line, ...] = ()
    diagnoses: tuple[Code, ...] = ()
    entries: tuple[Entry, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    extends: str = ""
    sender: str = ""
    warnings: tuple[str, ...] = ()


def asked_facts(line: Line) -> tuple[Fact, ...]:
    """What the line itself says, as facts that criteria may compare with (``asked.quantity``, ``asked.place`` …)."""
    source = f"request line {line.sequence}"
    first, last = line.service_from, line.service_to or line.service_from
    days = None if first is None or last is None or last < first else (last - first).days + 1
    values = {
        "asked.code": line.code.value,
        "asked.quantity": line.quantity,
        "asked.unit": line.unit or None,
        "asked.place": line.place or None,
        "asked.days": days,
        "asked.date": first,
        "asked.certification": line.certification or None,
        "asked.category": line.category or None,
    }
    return tuple(Fact(name, value, source) for name, value in values.items())
