"""Finding who is meant: members, plans, organizations, staff and clients, always within one scope."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import cast

from django.db.models import Q

from openum.core.actor import Actor, License, Profession
from openum.core.refusal import Refusal
from openum.core.request import LineOfBusiness, MemberRef, PartyRef
from openum.records.parties.benefit_rows import benefits_for as benefits_for  # noqa: PLC0414 - part of what this offers
from openum.records.parties.cards import ClientCard, MemberCard, OrganizationCard, PlanCard, PractitionerCard
from openum.records.parties.models import ApiClient, Coverage, Member, Organization, Plan, Practitioner, Staff, User
from openum.records.parties.scope import Scope

TAX_ID_SYSTEMS = frozenset({"urn:oid:2.16.840.1.113883.4.4", "http://hl7.org/fhir/sid/us-ein"})
"""Identifier systems of a US employer identification number: the OID of the IRS and a name senders use."""


def find_member(scope: Scope, ref: MemberRef, *, on: date, plan: str = "") -> MemberCard:
    """The member meant, with the coverage that holds ``on`` that day (``plan`` narrows it to one plan's code).

    The number finds the member; birth date and family name must agree where the sender states them. Given name and
    gender do not decide: nicknames and changed records are common, and a match on the other three is safe.

    Raises:
        Refusal: ``unknown-member``, ``member-mismatch``, ``not-covered-on-date``.
    """
    return member_card(scope, known_member(scope, ref), on=on, plan=plan)


def known_member(scope: Scope, ref: MemberRef) -> int:
    """The id of the member meant, covered at present or not: for looking back at what was asked for them.

    Raises:
        Refusal: ``unknown-member``, ``member-mismatch``.
    """
    member = Member.objects.of(scope).filter(number=ref.member_id).first()
    if member is None:
        raise Refusal(
            "unknown-member",
            "No member of this payer has the member number stated.",
            "Check the number on the member's card, and that this payer is the right one.",
            where="member",
        )
    if not _agrees(member, ref):
        raise Refusal(
            "member-mismatch",
            "The birth date or family name does not agree with the member number.",
            "Compare the number, the birth date and the family name with the member's card.",
            where="member",
        )
    return int(member.pk)


def member_card(scope: Scope, member_id: int, *, on: date, plan: str = "") -> MemberCard:
    """A known member with the coverage that holds on the day. Raises ``Refusal`` ``not-covered-on-date``."""
    covered = Coverage.objects.of(scope).filter(member_id=member_id, start__lte=on)
    covered = covered.filter(Q(end=None) | Q(end__gte=on)).select_related("member", "plan")
    if plan:
        covered = covered.filter(plan__code=plan)
    coverage = covered.order_by("rank", "-start", "id").first()
    if coverage is None:
        raise Refusal(
            "not-covered-on-date",
            f"The member has no coverage with this payer on {on.isoformat()}.",
            "Check the date of service and the member's eligibility.",
            where="member",
        )
    member = coverage.member
    return MemberCard(
        id=member.pk, number=member.number, family=member.family, given=member.given, birth_date=member.birth_date,
        sex=member.sex, language=member.language, address=member.address, coverage_id=coverage.pk,
        coverage_start=coverage.start, coverage_end=coverage.end, network=coverage.network, plan=_plan(coverage.plan),
    )  # fmt: skip


def initials_of(scope: Scope, member_ids: Iterable[int]) -> dict[int, str]:
    """The initials of these members, for lists that must not show names."""
    rows = Member.objects.of(scope).filter(pk__in=tuple(member_ids)).values_list("pk", "given", "family")
    return {key: "".join(f"{name[0].upper()}." for name in (given, family) if name) for key, given, family in rows}


def plan_card(scope: Scope, code: str) -> PlanCard:
    """The plan of this code. Raises ``Refusal`` ``unknown-plan``."""
    plan = Plan.objects.of(scope).filter(code=code).first()
    if plan is None:
        raise Refusal("unknown-plan", "This payer has no plan of that code.", "Check the plan code.", where="insurer")
    return _plan(plan)


def all_plans(scope: Scope) -> tuple[PlanCard, ...]:
    """Every plan of the tenant, by code."""
    return tuple(_plan(plan) for plan in Plan.objects.of(scope).order_by("code"))


def find_organization(scope: Scope, ref: PartyRef) -> OrganizationCard:
    """The organization meant: by NPI, else by tax number.

    Raises:
        Refusal: ``unknown-organization``, or ``not-your-organization`` when the asking system speaks for another one.
    """
    known = Organization.objects.of(scope)
    row = known.filter(npi=ref.npi).first() if ref.npi else None
    taxes = [i.value.replace("-", "") for i in ref.identifiers if i.system in TAX_ID_SYSTEMS]
    if row is None and not ref.npi and taxes:
        row = known.filter(tax_id__in=taxes).order_by("id").first()
    if row is None:
        raise Refusal(
            "unknown-organization",
            "No organization with the NPI or tax number stated is known to this payer.",
            "Check the requester's NPI, or ask the payer to register the organization.",
            where="requester",
        )
    if not scope.sees_organization(row.pk):
        raise Refusal(
            "not-your-organization",
            "The request names an organization that your system does not speak for.",
            "Name your own organization as the requester, or sign in with that organization's client.",
            where="requester",
        )
    return _organization(row)


def organization_card(scope: Scope, organization_id: int) -> OrganizationCard:
    """An organization by its id."""
    return _organization(Organization.objects.of(scope).get(pk=organization_id))


def find_practitioner(scope: Scope, ref: PartyRef) -> PractitionerCard | None:
    """The clinician with this NPI, or ``None``: an unknown clinician does not stop a request."""
    row = Practitioner.objects.of(scope).filter(npi=ref.npi).first() if ref.npi else None
    if row is None:
        return None
    return PractitionerCard(id=row.pk, npi=row.npi, name=row.name, taxonomy=row.taxonomy, specialty=row.specialty)


def staff_card(tenant_id: int, user_id: int, *, on: date, role: str = "") -> Actor:
    """The person as an actor in one of their roles on that day: the one named, else one that carries a license.

    Raises:
        Refusal: ``not-staff``.
    """
    rows = [row for row in _staff(tenant_id, user_id, on) if not role or row.role == role]
    if not rows:
        raise _not_staff()
    row = min(rows, key=lambda staff: (not staff.license_number, staff.role, staff.pk))
    return _actor(row)


def staff_scope(tenant_id: int, user_id: int, *, on: date, role: str = "") -> Scope:
    """What the person may see and be at the tenant on that day. Raises ``Refusal`` ``not-staff``."""
    roles = frozenset(row.role for row in _staff(tenant_id, user_id, on))
    actor = staff_card(tenant_id, user_id, on=on, role=role)
    return Scope(tenant_id=tenant_id, actor=actor, roles=roles)


def staff_with_role(scope: Scope, *roles: str, on: date) -> tuple[Actor, ...]:
    """Everybody active in one of the roles that day: who a case can be assigned to."""
    rows = Staff.objects.of(scope).filter(role__in=roles, active_from__lte=on, user__is_active=True)
    rows = rows.filter(Q(active_to=None) | Q(active_to__gte=on)).select_related("user")
    return tuple(_actor(row) for row in rows.order_by("user_id", "role"))


def find_client(client_id: str) -> ClientCard | None:
    """The active client of this id with its keys, or ``None``. The sign-in door asks before there is a scope."""
    row = ApiClient.unscoped.filter(client_id=client_id, active=True).first()
    return None if row is None else client_card(row)


def client_card(row: ApiClient) -> ClientCard:
    """The client's row as a value."""
    return ClientCard(
        id=row.pk, tenant_id=row.tenant_id, organization_id=row.organization_id, client_id=row.client_id, name=row.name,
        jwks=row.jwks, jwks_url=row.jwks_url, scopes=frozenset(row.scopes),
    )  # fmt: skip


def client_scope(client: ClientCard) -> Scope:
    """What the client may see: its own organization's rows at its tenant."""
    actor = Actor(kind="client", id=client.client_id, name=client.name)
    return Scope(tenant_id=client.tenant_id, actor=actor, organization_id=client.organization_id)


def find_user(username: str) -> int | None:
    """The id of the active user of this name, or ``None``."""
    return User.objects.filter(username=username, is_active=True).values_list("pk", flat=True).first()


def _agrees(member: Member, ref: MemberRef) -> bool:
    if ref.birth_date is not None and ref.birth_date != member.birth_date:
        return False
    return not ref.family or _letters(ref.family) == _letters(member.family)


def _letters(name: str) -> str:
    # "Muñoz-Díaz", "MUNOZ DIAZ" and "Munoz Diaz" are one name in three systems.
    return "".join(letter for letter in unicodedata.normalize("NFKD", name).casefold() if letter.isalpha())


def _staff(tenant_id: int, user_id: int, on: date) -> list[Staff]:
    rows = Staff.unscoped.filter(tenant_id=tenant_id, user_id=user_id, active_from__lte=on, user__is_active=True)
    return list(rows.filter(Q(active_to=None) | Q(active_to__gte=on)).select_related("user"))


def _actor(row: Staff) -> Actor:
    held = None
    if row.license_number:
        held = License(
            profession=cast(Profession, row.profession), number=row.license_number, state=row.license_state,
            specialty=row.specialty, active_from=row.active_from, active_to=row.active_to,
        )  # fmt: skip
    name = row.user.name or row.user.username
    return Actor(kind="person", id=str(row.user_id), name=name, role=row.role, license=held)


def _not_staff() -> Refusal:
    return Refusal(
        "not-staff",
        "You have no active role here.",
        "Ask a manager of this payer or organization to give you one.",
    )


def _plan(row: Plan) -> PlanCard:
    return PlanCard(
        id=row.pk, code=row.code, name=row.name, line_of_business=cast(LineOfBusiness, row.line_of_business),
        state=row.state, time_zone=row.time_zone, rating_period_start=row.rating_period_start,
        plan_year_start=row.plan_year_start, network_required=row.network_required, phone=row.phone,
        address=row.address, settings=row.settings, notice_texts=row.notice_texts,
    )  # fmt: skip


def _organization(row: Organization) -> OrganizationCard:
    return OrganizationCard(
        id=row.pk, name=row.name, npi=row.npi, tax_id=row.tax_id, phone=row.phone, fax=row.fax, address=row.address
    )
