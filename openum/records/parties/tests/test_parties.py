"""Who is meant, who may sign in, and what the plan's document says about a line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openum.core.actor import Actor, License
from openum.core.codes import Code
from openum.core.refusal import Refusal
from openum.core.request import Identifier, Line, MemberRef, PartyRef
from openum.records.parties import actions, queries
from openum.records.parties.models import Coverage, Member, Organization, Plan, Staff, UsedAssertion, User
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant

T0 = dt.datetime(2026, 3, 2, 15, 2, tzinfo=dt.UTC)
ON = dt.date(2026, 3, 2)
BORN = dt.date(1950, 5, 1)
DAY = dt.timedelta(days=1)
KEYS = {"keys": [{"kty": "EC", "kid": "1"}]}


@pytest.fixture
def scope(db: None) -> Scope:
    """A payer with one plan, whose member Ana Muñoz-Díaz is covered in 2026."""
    made = software_scope(open_tenant(slug="blue", name="Blue", kind="payer", time_zone="America/Chicago").id, "test")
    actions.set_up_plan(
        made, code="MA", name="Gold", line_of_business="medicare-advantage", time_zone="America/Chicago"
    )
    actions.enroll(
        made, plan="MA", number="M1", family="Muñoz-Díaz", given="Ana", birth_date=BORN, sex="female",
        start=dt.date(2026, 1, 1), end=dt.date(2026, 12, 31), language="es",
    )  # fmt: skip
    return made


def refusal_of(call, *arguments, **named) -> Refusal:  # type: ignore[no-untyped-def]
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value


def ref(**changes: object) -> MemberRef:
    return MemberRef(**{"member_id": "M1", "family": "Muñoz-Díaz", "birth_date": BORN, **changes})  # type: ignore[arg-type]


def test_a_member_is_found_with_the_coverage_and_plan_of_the_day(scope: Scope) -> None:
    member = queries.find_member(scope, ref(), on=ON)
    assert (member.number, member.name, member.birth_date, member.language) == ("M1", "Ana Muñoz-Díaz", BORN, "es")
    assert (member.plan.code, member.plan.line_of_business) == ("MA", "medicare-advantage")
    assert (member.coverage_start, member.coverage_end) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert queries.member_card(scope, member.id, on=ON) == member


@pytest.mark.parametrize(
    "changes",
    [
        {"family": "MUNOZ DIAZ"}, {"family": "munoz-diaz"}, {"family": ""}, {"birth_date": None},
        {"given": "Anita"}, {"gender": "male"},
    ],
)  # fmt: skip
def test_spelling_nicknames_and_gender_do_not_keep_a_member_from_being_found(
    scope: Scope, changes: dict[str, object]
) -> None:
    assert queries.find_member(scope, ref(**changes), on=ON).number == "M1"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"member_id": "M2"}, "unknown-member"),
        ({"member_id": ""}, "unknown-member"),
        ({"birth_date": BORN + DAY}, "member-mismatch"),
        ({"family": "Munoz"}, "member-mismatch"),
    ],
)
def test_a_member_who_is_not_meant_is_refused_without_a_word_about_the_patient(
    scope: Scope, changes: dict[str, object], code: str
) -> None:
    refused = refusal_of(queries.find_member, scope, ref(**changes), on=ON)
    assert (refused.code, refused.where) == (code, "member")
    for private in ("M1", "M2", "Muñoz", "Munoz", "1950", "Ana"):
        assert private not in str(refused)


@pytest.mark.parametrize(
    ("on", "covered"),
    [
        (dt.date(2025, 12, 31), False), (dt.date(2026, 1, 1), True), (dt.date(2026, 12, 31), True),
        (dt.date(2027, 1, 1), False),
    ],
)  # fmt: skip
def test_coverage_counts_its_first_and_its_last_day(scope: Scope, on: dt.date, covered: bool) -> None:
    if covered:
        assert queries.find_member(scope, ref(), on=on).plan.code == "MA"
    else:
        assert refusal_of(queries.find_member, scope, ref(), on=on).code == "not-covered-on-date"


def test_of_two_coverages_the_one_that_pays_first_counts_unless_a_plan_is_named(scope: Scope) -> None:
    actions.set_up_plan(scope, code="PD", name="Drugs", line_of_business="part-d", time_zone="UTC")
    actions.enroll(
        scope, plan="PD", number="M1", family="Muñoz-Díaz", birth_date=BORN, start=dt.date(2026, 2, 1), rank=2
    )
    assert queries.find_member(scope, ref(), on=ON).plan.code == "MA"
    assert queries.find_member(scope, ref(), on=ON, plan="PD").plan.code == "PD"
    assert refusal_of(queries.find_member, scope, ref(), on=ON, plan="XX").code == "not-covered-on-date"
    assert (Member.unscoped.count(), Coverage.unscoped.count()) == (1, 2)


def test_a_member_of_another_tenant_is_unknown(scope: Scope) -> None:
    other = software_scope(open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id, "test")
    assert refusal_of(queries.find_member, other, ref(), on=ON).code == "unknown-member"
    assert refusal_of(queries.plan_card, other, "MA").code == "unknown-plan"
    assert queries.all_plans(other) == ()
    assert [plan.code for plan in queries.all_plans(scope)] == ["MA"]


def test_enrolling_again_brings_the_member_up_to_date(scope: Scope) -> None:
    card = actions.enroll(
        scope, plan="MA", number="M1", family="Muñoz", birth_date=BORN, start=dt.date(2026, 1, 1), network="north"
    )
    assert (card.family, card.network, card.coverage_end) == ("Muñoz", "north", None)
    assert (Member.unscoped.count(), Coverage.unscoped.count()) == (1, 1)


# --- organizations, clinicians, clients ---------------------------------------------------------------------


def test_an_organization_is_found_by_npi_else_by_tax_number(scope: Scope) -> None:
    mine = actions.set_up_organization(scope, name="Practice", npi="1234567893", tax_id="12-3456789")
    tax = Identifier("urn:oid:2.16.840.1.113883.4.4", "12-3456789")
    assert queries.find_organization(scope, PartyRef(npi="1234567893")).id == mine
    assert queries.find_organization(scope, PartyRef(identifiers=(tax,))).name == "Practice"
    assert queries.organization_card(scope, mine).tax_id == "123456789"
    for unknown in (PartyRef(), PartyRef(name="Practice"), PartyRef(npi="1234567802", identifiers=(tax,))):
        assert refusal_of(queries.find_organization, scope, unknown).code == "unknown-organization"


def test_a_client_speaks_for_its_own_organization_only(scope: Scope) -> None:
    mine = actions.set_up_organization(scope, name="Priya's", npi="1234567893")
    actions.set_up_organization(scope, name="Sam's", npi="1234567802")
    client = actions.register_client(
        scope, organization_id=mine, client_id="priya", name="EHR", scopes=("system/Claim.c",), jwks=KEYS
    )
    assert queries.find_client("priya") == client
    bound = queries.client_scope(client)
    assert (bound.tenant_id, bound.organization_id, str(bound.actor), bound.roles) == (
        scope.tenant_id, mine, "client:priya", frozenset(),
    )  # fmt: skip
    assert queries.find_organization(bound, PartyRef(npi="1234567893")).id == mine
    assert refusal_of(queries.find_organization, bound, PartyRef(npi="1234567802")).code == "not-your-organization"
    assert queries.find_member(bound, ref(), on=ON).number == "M1"


def test_a_client_id_belongs_to_one_organization_and_its_keys_can_be_replaced(scope: Scope) -> None:
    mine = actions.set_up_organization(scope, name="Priya's", npi="1234567893")
    other = actions.set_up_organization(scope, name="Sam's", npi="1234567802")
    named = {"client_id": "priya", "name": "EHR", "scopes": ("a",)}
    actions.register_client(scope, organization_id=mine, jwks=KEYS, **named)
    renewed = actions.register_client(scope, organization_id=mine, jwks_url="https://ehr.example/jwks", **named)
    assert (renewed.jwks, renewed.jwks_url, renewed.scopes) == (None, "https://ehr.example/jwks", frozenset({"a"}))
    taken = refusal_of(actions.register_client, scope, organization_id=other, jwks=KEYS, **named)
    assert taken.code == "client-taken"
    assert queries.find_client("priya") == renewed
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.register_client(scope, organization_id=mine, **named)
    assert queries.find_client("nobody") is None


def test_a_sign_in_assertion_is_used_once_until_it_expires(scope: Scope) -> None:
    mine = actions.set_up_organization(scope, name="Priya's", npi="1234567893")
    client = actions.register_client(scope, organization_id=mine, client_id="p", name="p", scopes=(), jwks=KEYS)
    ends = T0 + dt.timedelta(minutes=5)
    actions.use_assertion(client, jti="1", expires_at=ends, at=T0)
    assert refusal_of(actions.use_assertion, client, jti="1", expires_at=ends, at=ends).code == "assertion-replayed"
    actions.use_assertion(client, jti="2", expires_at=ends, at=T0)
    assert UsedAssertion.unscoped.count() == 2
    late = ends + dt.timedelta(seconds=1)
    actions.use_assertion(client, jti="3", expires_at=late + DAY, at=late)
    assert [row.jti for row in UsedAssertion.unscoped.all()] == ["3"]


def test_a_clinician_who_is_not_known_is_no_obstacle(scope: Scope) -> None:
    number = actions.set_up_practitioner(scope, npi="1234567893", name="Dr. Rao", specialty="Pulmonary Disease")
    found = queries.find_practitioner(scope, PartyRef(npi="1234567893"))
    assert found is not None
    assert (found.id, found.specialty) == (number, "Pulmonary Disease")
    assert queries.find_practitioner(scope, PartyRef(npi="1234567802")) is None
    assert queries.find_practitioner(scope, PartyRef(name="Dr. Rao")) is None


# --- staff --------------------------------------------------------------------------------------------------


LICENSE = License(profession="physician", number="G123", state="TX", specialty="Internal Medicine")


def staff(scope: Scope, *roles: str, license: License | None = None) -> int:
    user = actions.add_user(username="osei", name="Dr. Osei", password="correct horse")
    for role in roles:
        actions.appoint(
            scope, user_id=user, role=role, active_from=dt.date(2026, 1, 1), active_to=dt.date(2026, 6, 30),
            license=license if role == "medical_director" else None,
        )  # fmt: skip
    return user


def test_staff_act_in_a_role_with_their_license_on_the_days_they_have_it(scope: Scope) -> None:
    user = staff(scope, "appeals_coordinator", "medical_director", license=LICENSE)
    actor = queries.staff_card(scope.tenant_id, user, on=ON)
    assert (str(actor), actor.name, actor.role) == (f"person:{user}", "Dr. Osei", "medical_director")
    assert actor.license is not None
    assert (actor.license.number, actor.license.specialty) == ("G123", "Internal Medicine")
    assert [actor.license.active_on(day) for day in (dt.date(2025, 12, 31), ON, dt.date(2026, 7, 1))] == [
        False, True, False,
    ]  # fmt: skip
    plain = queries.staff_card(scope.tenant_id, user, on=ON, role="appeals_coordinator")
    assert (plain.role, plain.license) == ("appeals_coordinator", None)
    assert queries.staff_scope(scope.tenant_id, user, on=ON) == Scope(
        tenant_id=scope.tenant_id, actor=actor, roles=frozenset({"appeals_coordinator", "medical_director"})
    )
    assert queries.staff_with_role(scope, "medical_director", on=ON) == (actor,)
    assert queries.staff_with_role(scope, "pharmacist", on=ON) == ()


@pytest.mark.parametrize("on", [dt.date(2025, 12, 31), dt.date(2026, 7, 1)])
def test_before_and_after_their_days_and_at_another_tenant_staff_are_nobody(scope: Scope, on: dt.date) -> None:
    user = staff(scope, "um_nurse")
    other = open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id
    assert refusal_of(queries.staff_card, scope.tenant_id, user, on=on).code == "not-staff"
    assert refusal_of(queries.staff_scope, other, user, on=ON).code == "not-staff"
    assert refusal_of(queries.staff_card, scope.tenant_id, user, on=ON, role="manager").code == "not-staff"
    assert queries.staff_with_role(scope, "um_nurse", on=on) == ()


def test_a_user_who_was_switched_off_is_nobody_and_cannot_sign_in(scope: Scope) -> None:
    user = staff(scope, "um_nurse")
    assert authenticate(username="osei", password="correct horse") is not None
    assert queries.find_user("osei") == user
    User.objects.filter(pk=user).update(is_active=False)
    assert authenticate(username="osei", password="correct horse") is None
    assert queries.find_user("osei") is None
    assert refusal_of(queries.staff_card, scope.tenant_id, user, on=ON).code == "not-staff"


def test_adding_a_user_again_keeps_the_password_and_one_without_cannot_sign_in(scope: Scope) -> None:
    user = staff(scope)
    assert actions.add_user(username="osei", name="Kofi Osei") == user
    assert authenticate(username="osei", password="correct horse") is not None
    actions.add_user(username="guest", name="Guest")
    assert authenticate(username="guest", password="") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "king"}, {"license_number": "G1"}, {"profession": "physician"}, {"license_state": "TX"},
        {"profession": "plumber", "license_number": "G1", "license_state": "TX"},
        {"active_to": dt.date(2025, 12, 31)},
    ],
)  # fmt: skip
def test_the_database_refuses_staff_that_cannot_be(scope: Scope, wrong: dict[str, object]) -> None:
    staff(scope, "um_nurse")
    with pytest.raises(IntegrityError), transaction.atomic():
        Staff.unscoped.update(**wrong)


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Plan, {"line_of_business": "travel"}), (Plan, {"plan_year_start": "July"}), (Member, {"sex": "f"}),
        (Coverage, {"end": dt.date(2025, 12, 31)}), (Organization, {"npi": "123"}),
        (Organization, {"npi": "12345678901"[:10].replace("1", "x")}),
    ],
)  # fmt: skip
def test_the_database_refuses_parties_that_cannot_be(scope: Scope, model: type, wrong: dict[str, object]) -> None:
    actions.set_up_organization(scope, name="Practice", npi="1234567893")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.unscoped.update(**wrong)  # type: ignore[attr-defined]


# --- covered? -----------------------------------------------------------------------------------------------

ASKED = Line(sequence=1, code=Code("cpt", "97110"), quantity=10.0, unit="visit")
CODES = {"cpt": ["97110"]}
FIRST = dt.date(2026, 1, 1)


def finding(scope: Scope, line: Line = ASKED, *, on: dt.date = ON, emergency: bool = False):  # type: ignore[no-untyped-def]
    asker = actions.set_up_organization(scope, name="Practice", npi="1234567893")
    member = queries.find_member(scope, ref(), on=on)
    return queries.benefits_for(scope, member, line, on=on, requester_id=asker, emergency=emergency)


def test_a_plan_without_a_word_against_it_covers(scope: Scope) -> None:
    assert finding(scope).status == "covered"


def test_an_exclusion_of_the_members_own_plan_counts_with_its_clause(scope: Scope) -> None:
    actions.set_up_plan(scope, code="PD", name="Drugs", line_of_business="part-d", time_zone="UTC")
    shut = {"title": "Therapy", "codes": CODES, "clause": "EOC 4.3", "in_force_from": FIRST}
    actions.exclude(scope, plan="PD", **shut)  # type: ignore[arg-type]
    assert finding(scope).status == "covered"
    actions.exclude(scope, plan="MA", **shut)  # type: ignore[arg-type]
    found = finding(scope)
    assert (found.status, found.clause) == ("excluded", "EOC 4.3")


def test_a_limit_counts_what_the_claims_system_told_for_the_period(scope: Scope) -> None:
    limit = actions.limit(
        scope, plan="MA", title="Therapy", codes=CODES, clause="EOC 4.2", amount=Decimal(30), unit="visit",
        period="calendar_year", in_force_from=FIRST,
    )  # fmt: skip
    assert finding(scope).status == "unknown"
    member = queries.find_member(scope, ref(), on=ON)
    told = {"member_id": member.id, "limit_id": limit, "by": Actor(kind="client", id="claims", name="Claims"), "at": T0}
    actions.tell_use(scope, on=dt.date(2025, 6, 1), used=Decimal(5), **told)  # type: ignore[arg-type]
    assert finding(scope).status == "unknown"
    actions.tell_use(scope, on=dt.date(2026, 2, 1), used=Decimal(20), **told)  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as spent:
        found = queries.benefits_for(scope, member, ASKED, on=ON, requester_id=1)
    assert (found.status, found.left, len(spent)) == ("covered", Decimal(10), 3)
    actions.tell_use(scope, on=dt.date(2026, 3, 1), used=Decimal(21), **told)  # type: ignore[arg-type]
    found = finding(scope)
    assert (found.status, found.used, found.left, found.clause) == ("limit_exceeded", 21, 9, "EOC 4.2")


def test_the_network_is_that_of_the_performer_and_else_of_the_asker(scope: Scope) -> None:
    actions.set_up_plan(
        scope, code="MA", name="Gold", line_of_business="medicare-advantage", time_zone="UTC", network_required=True
    )
    inside = actions.set_up_organization(scope, name="In", npi="1234567802")
    actions.join_network(scope, plan="MA", organization_id=inside, start=FIRST, end=ON)
    performed = {
        npi: Line(sequence=1, code=ASKED.code, performer=PartyRef(npi=npi)) for npi in ("1234567802", "1234567810")
    }
    assert finding(scope).status == "out_of_network"
    assert finding(scope, emergency=True).status == "covered"
    assert finding(scope, performed["1234567802"]).status == "covered"
    assert finding(scope, performed["1234567802"], on=ON + DAY).status == "out_of_network"
    assert finding(scope, performed["1234567810"]).status == "unknown"
