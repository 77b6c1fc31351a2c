"""Notes as a clinic writes them. In one kind of request the one datum that is needed stands nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openum.core.chart import Value
from openum.core.facts import FactDefinition
from openum.world.content import content
from openum.world.dice import Dice


@dataclass(frozen=True, slots=True)
class Note:
    """A note that goes along: what it is called, its day and its text."""

    title: str
    day: date
    text: str


def note(
    definitions: Mapping[str, FactDefinition], told: Mapping[str, Value], day: date, author: str, dice: Dice,
    *, always: Iterable[str] = (),
) -> Note:  # fmt: skip
    """A note that tells some of the facts, those in ``always`` surely, and nothing of any other fact."""
    words = content("words")["note"]
    must = [name for name in always if name in told]
    may = [name for name in told if name not in must and name in definitions]
    chosen = dice.shuffled([*must, *dice.some(may, 0, 5)])
    lines = [
        f"CLINIC NOTE, {day.isoformat()}", "", dice.pick(words["openings"]), *dice.some(words["history"], 1, 2),
        *([words["findings"]] if chosen else []),
        *(f"- {sentence(definitions[name], told[name], dice)}" for name in chosen),
        dice.pick(words["plan"]), "", f"{words['signature']}, {author}",
    ]  # fmt: skip
    return Note("Clinic note", day, "\n".join(lines) + "\n")


def sentence(definition: FactDefinition, value: Value, dice: Dice) -> str:
    """One fact in a note's words: by what notes call it, or as the form's question with its answer."""
    name = definition.words[0] if definition.words else ""
    if isinstance(value, bool):
        asked = f"{definition.question} {'Yes' if value else 'No'}."
        return f"{asked} ({name})" if name and value else asked
    said = value.isoformat() if isinstance(value, date) else str(value).replace("_", " ")
    unit = f" {definition.unit}" if definition.unit and definition.unit != "1" else ""
    if name and dice.chance(0.7):
        return f"{name[0].upper()}{name[1:]}: {said}{unit}."
    return f"{definition.question} {said}{unit}."
