"""Tables obey the floors too: a foreign key points to the same room or to one that an import could reach."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.house.test_imports import contracts

FLOORS = [layer.strip("()") for layer in contracts().get("importlinter:contract:floors", "layers").split()]


def our_models() -> list[type[Model]]:
    """Every model of the product, the tables between many-to-many pairs too."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model.__module__.startswith("openum.")]


def height(model: type[Model]) -> tuple[int, int]:
    """Floor and room as numbers; what is lower stands deeper in the house."""
    _, floor, room = apps.get_app_config(model._meta.app_label).name.split(".")
    section = {"payer": "payer-rooms", "records": "record-rooms"}.get(floor)
    rooms = contracts().get(f"importlinter:contract:{section}", "layers").split() if section else []
    plain = [layer.strip("()") for layer in rooms]
    return -FLOORS.index(floor), -plain.index(room) if plain else 0


def points_up(model: type[Model], field: Field) -> bool:
    """Whether a relation leads to a higher room; Django's own tables may be used by ``parties`` alone."""
    target = field.related_model
    if target.__module__.startswith("openum."):
        return height(target) > height(model)
    return model._meta.app_label != "records_parties"


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_no_foreign_key_points_up(model: type[Model]) -> None:
    relations = [field for field in model._meta.get_fields() if field.is_relation and not field.auto_created]
    assert [field.name for field in relations if points_up(model, field)] == []


def test_every_room_with_tables_is_labelled_by_floor_and_room() -> None:
    ours = [config for config in apps.get_app_configs() if config.name.startswith("openum.")]
    assert [c.name for c in ours if c.label != "_".join(c.name.split(".")[1:3])] == []
