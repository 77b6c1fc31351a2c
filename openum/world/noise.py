"""What else stands in a chart: readings nobody needs, old ones, ones in other units, entries that were mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from openum.core.chart import Value
from openum.core.codes import Code
from openum.core.facts import FactDefinition
from openum.core.units import converted
from openum.world.cells import step
from openum.world.charting import LOOK_BACK, Piece, Scene
from openum.world.content import content, icd10cm
from openum.world.dice import Dice


def beside(scene: Scene, dice: Dice) -> Iterator[Piece]:
    """Pieces that no fact of the policy is read from."""
    found = [*_observations(scene, dice), *_conditions(scene, dice), *_medications(scene, dice)]
    yield from (piece for piece in found if scene.harmless(piece))


def _observations(scene: Scene, dice: Dice) -> Iterator[Piece]:
    for row in dice.some(content("chart")["observations"], 1, 4):
        narrow = row["to"] - row["from"] < 10
        value = round(row["from"] + (row["to"] - row["from"]) * dice.below(100) / 100, 1 if narrow else 0)
        yield Piece(
            kind="observation", words=row["words"], code=Code("loinc", row["loinc"]), unit=row["unit"],
            value=value if narrow else int(value), day=_any_day(scene, dice),
        )  # fmt: skip


def _conditions(scene: Scene, dice: Dice) -> Iterator[Piece]:
    for value in dice.some(content("chart")["conditions"], 0, 3):
        code = Code("icd10cm", value, icd10cm()[value])
        yield Piece(
            kind="condition", words=code.display, code=code, day=_any_day(scene, dice), negative=dice.chance(0.2)
        )


def _medications(scene: Scene, dice: Dice) -> Iterator[Piece]:
    for row in dice.some(content("chart")["medications"], 0, 2):
        yield Piece(
            kind="medication", words=row["words"], code=Code("rxnorm", row["rxnorm"]), day=_any_day(scene, dice)
        )
    for row in dice.some(content("chart")["procedures"], 0, 1):
        yield Piece(kind="procedure", words=row["words"], code=Code("snomed", row["snomed"]), day=_any_day(scene, dice))


def _any_day(scene: Scene, dice: Dice) -> date:
    return scene.latest - timedelta(days=dice.below(LOOK_BACK))


def stale(scene: Scene, definition: FactDefinition, piece: Piece, dice: Dice) -> Piece | None:
    """The same reading from before its window, where the fact has one: it says nothing about this request."""
    if definition.window is None or piece.kind == "answer":
        return None
    first, latest = scene.window(definition)
    return replace(piece, day=min(first - timedelta(days=1), latest) - timedelta(days=dice.below(200)))


def shadows(
    scene: Scene, definitions: Iterable[FactDefinition], pieces: tuple[Piece, ...], dice: Dice
) -> Iterator[Piece]:
    """Older readings of the stated facts that say something else, and mistaken ones: neither counts."""
    held = {definition.id: definition for definition in definitions}
    for piece in pieces:
        definition = held.get(piece.fact)
        if definition is None or piece.kind != "observation" or not isinstance(piece.value, int | float):
            continue
        other = _another(definition, piece.value, dice)
        old = stale(scene, definition, replace(piece, value=other), dice)
        if old is not None and dice.chance(0.4):
            yield old
        if dice.chance(0.15):
            yield replace(piece, value=other, mistaken=True)


def _another(definition: FactDefinition, value: Value, dice: Dice) -> Value:
    assert isinstance(value, int | float)  # noqa: S101 - only numbers have shadows
    moved = round(value + dice.pick((-9, -6, 6, 9)) * step(definition), 2)
    low = definition.least if definition.least is not None else moved
    high = definition.most if definition.most is not None else moved
    return min(max(moved, low), high)


def other_unit(piece: Piece, dice: Dice, share: float = 0.2) -> Piece:
    """The piece in another unit that charts use, where the reading comes back unchanged to the last digit."""
    unit = content("chart")["other_units"].get(piece.unit)
    if (
        piece.kind != "observation"
        or not isinstance(piece.value, int | float)
        or unit is None
        or not dice.chance(share)
    ):
        return piece
    factor = converted(1.0, unit, piece.unit)
    if not factor:
        return piece
    value = round(piece.value / factor, 4)
    exact = converted(value, unit, piece.unit) == piece.value
    return replace(piece, value=value, unit=unit) if exact else piece
