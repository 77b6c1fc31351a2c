"""Notes as a clinic writes them. In one kind of request the one datum that is needed stands nowhere else."""

from __future__ import annotations

import re
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
        *(f"- {sentence(definitions[name], told[name])}" for name in chosen),
        dice.pick(words["plan"]), "", f"{words['signature']}, {author}",
    ]  # fmt: skip
    return Note("Clinic note", day, "\n".join(lines) + "\n")


def sentence(definition: FactDefinition, value: Value) -> str:
    """One fact in a note's words: a statement, a reading, or the form's question with its answer."""
    if isinstance(value, bool):
        return _statement(definition, value)
    called = definition.words[0] if definition.type == "number" and definition.words else definition.id
    name = called.replace("_", " ")
    said = value.isoformat() if isinstance(value, date) else str(value).replace("_", " ")
    unit = f" {definition.unit.strip('{}')}" if definition.unit and definition.unit != "1" else ""
    return f"{name[0].upper()}{name[1:]}: {said}{unit}."


def _statement(definition: FactDefinition, value: bool) -> str:
    for row in content("words")["note"]["statements"]:
        found = re.fullmatch(row["question"], definition.question)
        if found is not None:
            return str(row["yes" if value else "no"]).format(found[1])
    name = f" ({definition.words[0]})" if definition.words and value else ""
    return f"{definition.question} {'Yes' if value else 'No'}{name}."
