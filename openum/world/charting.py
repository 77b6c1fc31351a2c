"""Facts written into a chart: the library's readers turned round, so that reading the chart gives the facts back.

A fact that the chart cannot say (most questions of a form) is answered on the form. A piece that another of the
policy's facts would read as something that is not true, or that nobody is to know, is not written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from openum.core.chart import Value
from openum.core.codes import Code
from openum.core.facts import FactDefinition, Reader
from openum.world.codes import single
from openum.world.dice import Dice

PieceKind = Literal["observation", "condition", "procedure", "medication", "answer"]
LOOK_BACK = 400
"""Days that a chart goes back where a fact has no window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing a chart or form says. ``fact`` names the fact it states; empty for what merely stands beside.

    ``negative`` is an explicit no (refuted, not done), ``mistaken`` an entry made in error.
    """

    kind: PieceKind
    words: str
    fact: str = ""
    code: Code | None = None
    value: Value | Code | None = None
    unit: str = ""
    day: date
    negative: bool = False
    mistaken: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """What a chart is written for: the policy's facts, what is to be known of them, and from when to when it speaks.

    ``known`` holds every fact with the value it is to have; a fact of the policy that is not in it stays unknown.
    ``past`` names the days that are too old: a chart cannot prove that there is no newer one, a form can.
    """

    definitions: tuple[FactDefinition, ...]
    known: Mapping[str, Value]
    on: date
    latest: date
    past: frozenset[str] = frozenset()

    def window(self, definition: FactDefinition) -> tuple[date, date]:
        """The first and the last day on which a reading counts; the first may lie after the last: then none can."""
        if definition.window is None:
            return self.latest - timedelta(days=LOOK_BACK), self.latest
        return definition.window.before(self.on), self.latest

    def harmless(self, piece: Piece) -> bool:
        """Whether no other fact of the policy would be read from the piece, or only what is true of it."""
        return all(
            self._agrees(definition, reader, piece)
            for definition in self.definitions
            if definition.id != piece.fact
            for reader in definition.readers
            if piece.code is not None and reader.kind == piece.kind and piece.code in reader.codes
        )

    def _agrees(self, definition: FactDefinition, reader: Reader, piece: Piece) -> bool:
        if definition.id not in self.known or definition.pick not in ("latest", "any"):
            return False
        known = self.known[definition.id]
        if reader.take == "presence":
            return known is (not piece.negative)
        return False


def stated(scene: Scene, definition: FactDefinition, value: Value, dice: Dice, *, in_chart: float) -> tuple[Piece, ...]:
    """The piece that states a fact: in the chart where it can be and chance (``in_chart``) has it, else on the form."""
    charted = definition.id not in scene.past and definition.pick in ("latest", "any", "min", "max", "earliest")
    if charted and dice.chance(in_chart):
        for reader in dice.shuffled(definition.readers):
            found = [p for p in _inverse(scene, definition, reader, value, dice) if scene.harmless(p)]
            if found:
                return (dice.pick(found),)
        parts = _parts(scene, definition, value, dice)
        if parts and all(map(scene.harmless, parts)):
            return parts
    return (answer(scene, definition, value),)


def answer(scene: Scene, definition: FactDefinition, value: Value) -> Piece:
    """The fact as an answer on the form."""
    return Piece(kind="answer", words=definition.question, fact=definition.id, value=value, day=scene.latest)


def _inverse(
    scene: Scene, definition: FactDefinition, reader: Reader, value: Value, dice: Dice
) -> Iterator[Piece]:  # fmt: skip
    """Every piece from which the reader would read the value, one for each code it knows."""
    words = definition.words[0] if definition.words else definition.id.replace("_", " ")
    day = _day(scene, definition, value if reader.take == "date" else None, dice)
    if day is None:
        return
    for code in single(reader.codes):
        piece = Piece(kind="observation", words=words, fact=definition.id, code=code, day=day)
        match reader.kind, reader.take:
            case "observation", "value":
                yield from _measured(piece, definition, reader, value)
            case "observation", "date":
                yield replace(piece, value=dice.between(12, 40), unit="U/L")
            case (("procedure" | "medication"), "date"):
                yield replace(piece, kind=reader.kind)
            case (("condition" | "procedure"), "presence"):
                # Charts rarely say that something is not there; a form does.
                if value is True or dice.chance(0.5):
                    yield replace(piece, kind=reader.kind, negative=value is False)
            case "medication", "presence":
                if value is True:
                    yield replace(piece, kind="medication")


def _measured(piece: Piece, definition: FactDefinition, reader: Reader, value: Value) -> Iterator[Piece]:
    if reader.values:
        for codes, meant in reader.values:
            if meant == value and type(meant) is type(value):
                yield from (replace(piece, value=code) for code in single(codes))
    elif definition.type in ("number", "boolean", "text"):
        yield replace(piece, value=value, unit=definition.unit)


def _day(scene: Scene, definition: FactDefinition, exact: Value | None, dice: Dice) -> date | None:
    """The day a reading is from: the fact's own value where that is a day; ``None`` when it would not count."""
    first, last = scene.window(definition)
    if first > last:
        return None
    if exact is None:
        return first if dice.chance(0.05) and definition.window is not None else dice.day(first, last)
    if not isinstance(exact, date) or exact > last or (definition.window is not None and exact < first):
        return None
    return exact


def _parts(scene: Scene, definition: FactDefinition, value: Value, dice: Dice) -> tuple[Piece, ...]:
    """A body mass index as height and weight, where they come out at exactly this value."""
    held = {one.id: one for one in scene.definitions}
    height, weight = held.get("height_cm"), held.get("weight_kg")
    if definition.derived != "bmi" or height is None or weight is None or not isinstance(value, int | float):
        return ()
    centimeters = dice.between(152, 188)
    kilograms = round(value * centimeters * centimeters / 10_000, 1)
    if round(kilograms / (centimeters / 100) ** 2, 1) != value:
        return ()
    inner = replace(scene, known={**scene.known, height.id: centimeters, weight.id: kilograms})
    sides = ((height, centimeters), (weight, kilograms))
    return tuple(piece for part, amount in sides for piece in _plain(inner, part, amount, dice))


def _plain(scene: Scene, definition: FactDefinition, value: float, dice: Dice) -> tuple[Piece, ...]:
    found = [p for reader in definition.readers for p in _inverse(scene, definition, reader, value, dice)]
    return (dice.pick(found),) if found else (answer(scene, definition, value),)


def implied(definitions: tuple[FactDefinition, ...], diagnoses: tuple[str, ...]) -> Mapping[str, bool] | None:
    """The facts that a request's own diagnoses state by themselves; ``None`` when they state one that has a day."""
    found: dict[str, bool] = {}
    for definition in definitions:
        for reader in definition.readers:
            if reader.kind == "condition" and any(Code("icd10cm", code) in reader.codes for code in diagnoses):
                if definition.window is not None or reader.take != "presence" or definition.pick == "count":
                    return None
                found[definition.id] = True
    return found


def read_by(definitions: tuple[FactDefinition, ...], kind: str, code: Code) -> bool:
    """Whether any of the facts would be read from such an entry."""
    return any(
        reader.kind == kind and code in reader.codes for definition in definitions for reader in definition.readers
    )
