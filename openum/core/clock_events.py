"""The moments of one case that start, move and stop its clocks, and the circumstances rules ask about.

Every moment is kept in UTC, whatever zone it came in: two moments of one zone compare by their wall clocks in
Python, which is wrong in the hour that comes twice. A moment without a zone raises ``ValueError``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime

Event = str
"""What a rule may count from: one of the events below by name, or one the library names (``clocks/events.yaml``)."""


def _keep_in_utc(holder: Circumstances | Extension | InformationRequest | ClockEvents) -> None:
    for one in fields(holder):
        value = getattr(holder, one.name)
        if isinstance(value, datetime):
            object.__setattr__(holder, one.name, _utc(one.name, value))


def _utc(name: str, moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{name} carries no zone. Give the moment its zone.")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What some rules ask about the case or its plan. ``None`` is not known; unknown is not no.

    ``rating_period_start``: first day of the Medicaid contract's rating period. ``authorized_through``: end of the
    course of care now approved. ``applicable_integrated_plan`` is a trait of the plan, stated at set-up. ``others``
    holds every further circumstance the library's rules ask for, by name: true or false, a word, a whole number, a day.
    """

    rating_period_start: date | None = None
    authorized_through: datetime | None = None
    clean_claim_from_noncontract_provider: bool | None = None
    fraud_verified: bool | None = None
    managed_care: bool | None = None
    names_claimant_condition_and_service: bool | None = None
    applicable_integrated_plan: bool | None = False
    others: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _keep_in_utc(self)

    def value_of(self, name: str) -> object:
        """What is known under that name, else ``None``."""
        own = {
            "rating_period_start": self.rating_period_start,
            "clean_claim_from_noncontract_provider": self.clean_claim_from_noncontract_provider,
            "fraud_verified": self.fraud_verified,
            "managed_care": self.managed_care,
            "names_claimant_condition_and_service": self.names_claimant_condition_and_service,
            "applicable_integrated_plan": self.applicable_integrated_plan,
        }
        return own[name] if name in own else self.others.get(name)


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
    first given by voice. ``action_at`` is the day a reduction or termination takes effect. ``others`` holds every
    further event the library's rules count from (``notice_received``, ``iro_received`` …), by name.
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
    others: Mapping[str, datetime] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _keep_in_utc(self)
        object.__setattr__(self, "others", {name: _utc(name, moment) for name, moment in self.others.items()})

    def moment(self, event: Event) -> datetime | None:
        """When that start event happened, if it has."""
        own = {
            "receipt": self.received_at,
            "responsible_department": self.responsible_department_at or self.received_at,
            "supporting_statement": self.supporting_statement_at,
            "oral_notice": self.oral_notice_at,
            "expedite_refused": self.expedite_refused_at,
            "action": self.action_at,
            "admission": self.admitted_at,
            "review_date": self.review_at,
            "decided": self.decided_at,
            "notified": self.notified_at,
        }
        return own[event] if event in own else self.others.get(event)
