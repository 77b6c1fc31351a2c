"""The moments of one case that start, move and stop its clocks, and the circumstances rules ask about.

Every moment is kept in UTC, whatever zone it came in: two moments of one zone compare by their wall clocks in
Python, which is wrong in the hour that comes twice. A moment without a zone raises ``ValueError``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Literal

Event = Literal[
    "receipt",
    "responsible_department",
    "supporting_statement",
    "oral_notice",
    "expedite_refused",
    "action",
    "admission",
    "review_date",
]
"""What a rule may count from."""


def _keep_in_utc(holder: Circumstances | Extension | InformationRequest | ClockEvents) -> None:
    for field in fields(holder):
        value = getattr(holder, field.name)
        if not isinstance(value, datetime):
            continue
        if value.utcoffset() is None:
            raise ValueError(f"{field.name} carries no zone. Give the moment its zone.")
        object.__setattr__(holder, field.name, value.astimezone(UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What some rules ask about the case or its plan. ``None`` is not known; unknown is not no.

    ``rating_period_start``: first day of the Medicaid contract's rating period. ``authorized_through``: end of the
    course of care now approved. ``applicable_integrated_plan`` is a trait of the plan, stated at set-up.
    """

    rating_period_start: date | None = None
    authorized_through: datetime | None = None
    clean_claim_from_noncontract_provider: bool | None = None
    fraud_verified: bool | None = None
    managed_care: bool | None = None
    names_claimant_condition_and_service: bool | None = None
    applicable_integrated_plan: bool = False

    def __post_init__(self) -> None:
        _keep_in_utc(self)

    def date_of(self, name: str) -> date | None:
        """The date so named, if known. Raises ``KeyError`` for a name that is no date of this value."""
        return {"rating_period_start": self.rating_period_start}[name]

    def flag_of(self, name: str) -> bool | None:
        """The yes/no so named, if known. Raises ``KeyError`` for a name that is no flag of this value."""
        return {
            "clean_claim_from_noncontract_provider": self.clean_claim_from_noncontract_provider,
            "fraud_verified": self.fraud_verified,
            "managed_care": self.managed_care,
            "names_claimant_condition_and_service": self.names_claimant_condition_and_service,
            "applicable_integrated_plan": self.applicable_integrated_plan,
        }[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An extension somebody took. ``days`` ``None`` means all the rule allows; ``None`` elsewhere is not known."""

    taken_at: datetime
    ground: str
    days: int | None = None
    notice_sent_at: datetime | None = None
    in_member_interest: bool | None = None

    def __post_init__(self) -> None:
        _keep_in_utc(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequest:
    """A question for missing information: when asked, until when an answer was allowed, when it came."""

    asked_at: datetime
    notice_received_at: datetime | None = None
    allowed_until: datetime | None = None
    answered_at: datetime | None = None

    def __post_init__(self) -> None:
        _keep_in_utc(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEvents:
    """Every moment that can move a clock of one request. All moments carry a zone; ``None`` has not happened.

    ``received_at`` is the first stamp anywhere at the plan or its delegate; ``responsible_department_at`` the stamp
    of the department that decides. ``notified_at`` is when written notice was sent; ``oral_notice_at`` when it was
    first given by voice. ``action_at`` is the day a reduction or termination takes effect.
    """

    received_at: datetime | None = None
    responsible_department_at: datetime | None = None
    supporting_statement_at: datetime | None = None
    extensions: tuple[Extension, ...] = ()
    information: InformationRequest | None = None
    decided_at: datetime | None = None
    oral_notice_at: datetime | None = None
    notified_at: datetime | None = None
    expedite_refused_at: datetime | None = None
    action_at: datetime | None = None
    admitted_at: datetime | None = None
    review_at: datetime | None = None
    circumstances: Circumstances = Circumstances()

    def __post_init__(self) -> None:
        _keep_in_utc(self)

    def moment(self, event: Event) -> datetime | None:
        """When that start event happened, if it has."""
        return {
            "receipt": self.received_at,
            "responsible_department": self.responsible_department_at or self.received_at,
            "supporting_statement": self.supporting_statement_at,
            "oral_notice": self.oral_notice_at,
            "expedite_refused": self.expedite_refused_at,
            "action": self.action_at,
            "admission": self.admitted_at,
            "review_date": self.review_at,
        }[event]
