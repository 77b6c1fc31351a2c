"""Who and what the world is made of, as frozen values. Payer-side values fit the set-up actions of the parties room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from openum.core.actor import License
from openum.core.benefits import Period
from openum.core.codes import CodeSet
from openum.core.request import LineOfBusiness
from openum.world.keys import Key

Codes = Mapping[str, tuple[str, ...]]
"""Codes by short system name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Services a plan never covers, and the clause that says so."""

    title: str
    codes: Codes
    clause: str
    in_force_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So much of a group of services in a period."""

    title: str
    codes: Codes
    clause: str
    amount: Decimal
    unit: str
    period: Period
    in_force_from: date

    @property
    def set(self) -> CodeSet:
        """The services it limits."""
        return CodeSet(self.codes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One plan. ``share`` is its part of the payer's members, ``ages`` theirs in years on the as-of day."""

    payer: str
    code: str
    name: str
    line_of_business: LineOfBusiness
    state: str
    time_zone: str
    network_required: bool
    rating_period_start: date
    phone: str
    address: Mapping[str, Any]
    notice_texts: Mapping[str, Any]
    exclusions: tuple[Exclusion, ...]
    limits: tuple[Limit, ...]
    share: float
    ages: tuple[int, int]
    plan_year_start: str = "01-01"
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """A tenant that decides: its number, its plans, its people."""

    slug: str
    name: str
    npi: str
    tax_id: str
    time_zone: str
    plans: tuple[Plan, ...]
    staff: tuple[Staff, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person with a role at a payer, and the license it is exercised under."""

    payer: str
    username: str
    name: str
    role: str
    license: License | None
    active_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinician:
    """A clinician of an organization; ``taxonomy`` is a NUCC code, ``specialty`` its name."""

    npi: str
    given: str
    family: str
    taxonomy: str
    specialty: str

    @property
    def name(self) -> str:
        """As a letter writes it."""
        return f"Dr. {self.given} {self.family}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A provider organization; the payers in ``known_to`` have it on file, in the network of all their plans."""

    slug: str
    name: str
    npi: str
    tax_id: str
    phone: str
    fax: str
    address: Mapping[str, Any]
    clinicians: tuple[Clinician, ...]
    known_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePerson:
    """A person of a provider organization. They act through its system."""

    username: str
    name: str
    organization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An organization's system, registered at one payer; ``person`` is the one of the cast who sits before it."""

    payer: str
    organization: str
    client_id: str
    name: str
    scopes: tuple[str, ...]
    key: Key
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The fixed names of architecture §5."""

    nora: Staff
    osei: Staff
    priya: PracticePerson
    sam: PracticePerson
    mallory: Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of one plan. ``used`` says how much of each of the plan's limits was used this period, by its title."""

    payer: str
    plan: str
    number: str
    family: str
    given: str
    birth_date: date
    sex: Literal["female", "male"]
    address: Mapping[str, Any]
    coverage_start: date
    used: Mapping[str, Decimal] = field(default_factory=dict)
