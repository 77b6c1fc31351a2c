"""What leaves the parties room: members, plans and organizations as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.request import LineOfBusiness


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """One plan. ``address``, ``settings`` and ``notice_texts`` are JSON objects as set up by the payer."""

    id: int
    code: str
    name: str
    line_of_business: LineOfBusiness
    state: str
    time_zone: str
    rating_period_start: date | None
    plan_year_start: str
    network_required: bool
    phone: str
    address: Mapping[str, Any]
    settings: Mapping[str, Any]
    notice_texts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCard:
    """One member, and the coverage and plan that hold on the day asked about. ``sex`` is a FHIR gender code."""

    id: int
    number: str
    family: str
    given: str
    birth_date: date
    sex: str
    language: str
    address: Mapping[str, Any]
    coverage_id: int
    coverage_start: date
    coverage_end: date | None
    network: str
    plan: PlanCard

    @property
    def name(self) -> str:
        """Given and family name, as a letter writes it."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCard:
    """One provider organization."""

    id: int
    name: str
    npi: str
    tax_id: str
    phone: str
    fax: str
    address: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerCard:
    """One clinician; ``taxonomy`` is a NUCC code, ``specialty`` its name."""

    id: int
    npi: str
    name: str
    taxonomy: str
    specialty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCard:
    """One organization's system: its keys (``jwks`` or where they are published) and what it may ask for."""

    id: int
    tenant_id: int
    organization_id: int
    client_id: str
    name: str
    jwks: Mapping[str, Any] | None
    jwks_url: str
    scopes: frozenset[str]
