"""What the payer answers, neutral of where it is kept: values that the PAS writers turn into Bundles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from openum.core.codes import Code
from openum.core.request import Identifier, PartyRef

Standing = Literal["approved", "modified", "adverse", "excluded", "not_required", "pended"]
STANDINGS: tuple[Standing, ...] = ("approved", "modified", "adverse", "excluded", "not_required", "pended")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredLine:
    """One line and what became of it.

    ``reasons`` are sentences; ``missing`` says what would move a pended line (distance to yes). ``valid_from`` and
    ``valid_until`` span the authorization, both days included; ``quantity`` and ``unit`` are what was authorized.
    """

    sequence: int
    standing: Standing
    reasons: tuple[str, ...] = ()
    missing: str = ""
    code: Code
    quantity: float | None = None
    unit: str = ""
    decided_date: date | None = None
    authorization: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    service_from: date | None = None
    service_to: date | None = None
    trace_numbers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One case as it stands.

    ``issuer`` is the URI under which the payer's own numbers are given, ``number`` the administration reference number,
    ``at`` when it came to stand so. ``reviewer_specialty`` is the specialty of the person who decided, where one did.
    ``identifiers`` are the sender's own numbers of the request, ``requester`` who sent it (both for inquiries).
    """

    issuer: str
    number: str
    at: datetime
    lines: tuple[AnsweredLine, ...]
    human: bool = False
    reviewer_specialty: str = ""
    identifiers: tuple[Identifier, ...] = ()
    requester: PartyRef = field(default_factory=PartyRef)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a request that could be read is not taken: a business error.

    ``code`` is our stable code; ``where`` the FHIRPath from Bundle of what is wrong.
    """

    code: str
    message: str
    next: str
    where: str = ""
