"""Rows are read through a scope, or not at all."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, connection, transaction

from openum.core.actor import Actor, software
from openum.core.refusal import Refusal
from openum.records.parties.actions import set_up_organization, set_up_plan
from openum.records.parties.models import Organization, Plan
from openum.records.parties.scope import Scope, software_scope
from openum.records.tenants.actions import open_tenant
from openum.records.tenants.models import Scoped, Tenant, TenantRow, Unscoped
from openum.records.tenants.queries import all_tenants, find_tenant

ROWS = [model for model in apps.get_models() if issubclass(model, TenantRow)]


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.label)
def test_no_table_is_read_without_a_scope(model: type[TenantRow]) -> None:
    assert type(model.objects) is Scoped
    for read in (
        model.objects.all,
        lambda: model.objects.filter(pk=1),
        lambda: model.objects.get(pk=1),
        model.objects.count,
        model.objects.first,
        lambda: list(model.objects.values("pk")),
        lambda: model.objects.update(tenant_id=1),
    ):
        with pytest.raises(Unscoped, match="of\\(scope\\)"):
            read()


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model._meta.label)
def test_an_organization_path_leads_somewhere_and_an_index_begins_with_the_tenant(model: type[TenantRow]) -> None:
    path = model.organization_path
    if path not in (None, "*"):
        try:
            model.unscoped.filter(**{path: 1})
        except FieldDoesNotExist:  # pragma: no cover - the failure
            pytest.fail(f"{model._meta.label}.organization_path leads nowhere")
    keys = [index.fields for index in model._meta.indexes]
    keys += [rule.fields for rule in model._meta.total_unique_constraints]
    keys += [(rule.fields) for rule in model._meta.constraints if getattr(rule, "fields", ())]
    assert any(tuple(fields)[:1] == ("tenant",) for fields in keys) or model._meta.get_field("tenant").db_index


@pytest.fixture
def payer(db: None) -> int:
    return open_tenant(slug="blue", name="Blue", kind="payer", time_zone="America/Chicago").id


def test_a_scope_sees_its_own_tenant_only(payer: int) -> None:
    other = open_tenant(slug="red", name="Red", kind="payer", time_zone="UTC").id
    for tenant in (payer, other):
        set_up_plan(
            software_scope(tenant, "test"), code=f"P{tenant}", name="P", line_of_business="erisa", time_zone="UTC"
        )
    assert [plan.code for plan in Plan.objects.of(software_scope(payer, "test"))] == [f"P{payer}"]
    assert [plan.code for plan in Plan.objects.of(software_scope(other, "test"))] == [f"P{other}"]


def test_a_row_needs_a_tenant(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.create(name="Nobody's")


def test_a_scope_bound_to_an_organization_sees_a_table_only_by_its_path(
    payer: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = software_scope(payer, "test")
    mine = set_up_organization(everybody, name="Mine", npi="1234567893")
    set_up_organization(everybody, name="Theirs", npi="1234567802")
    bound = Scope(tenant_id=payer, actor=Actor(kind="client", id="ehr", name="EHR"), organization_id=mine)
    found = {}
    for path in ("*", None, "id"):
        monkeypatch.setattr(Organization, "organization_path", path)
        found[path] = [row.name for row in Organization.objects.of(bound).order_by("name")]
        assert Organization.objects.of(everybody).count() == 2
    assert found == {"*": ["Mine", "Theirs"], None: [], "id": ["Mine"]}
    assert (bound.sees_organization(mine), bound.sees_organization(mine + 1), bound.sees_organization(None)) == (
        True, False, False,
    )  # fmt: skip
    assert everybody.sees_organization(None)


def test_opening_a_tenant_again_brings_it_up_to_date(payer: int) -> None:
    again = open_tenant(slug="blue", name="Blue Cross", kind="payer", time_zone="UTC")
    assert (again.id, again.name) == (payer, "Blue Cross")
    assert [tenant.slug for tenant in all_tenants()] == ["blue"]
    assert find_tenant("blue") == again
    with pytest.raises(Refusal) as refused:
        find_tenant("green")
    assert refused.value.code == "unknown-tenant"


def test_a_tenant_is_a_payer_or_a_provider(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Tenant.objects.create(slug="x", name="X", kind="bank", time_zone="UTC")
    assert str(Tenant(slug="blue")) == "blue"


def test_an_actor_is_written_as_its_kind_and_id_and_only_people_hold_licenses() -> None:
    assert str(software("criteria")) == "software:criteria"
    with pytest.raises(ValueError, match="id"):
        Actor(kind="person", id="", name="Nobody")


def test_the_tables_are_where_the_migrations_put_them(db: None) -> None:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert {model._meta.db_table for model in ROWS if model._meta.app_label.startswith("records_")} <= tables
