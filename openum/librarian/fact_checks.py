"""What a fact's definition says that cannot be: readers that never give its type, codes that are no codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from openum.core.derived import DERIVATIONS
from openum.core.facts import FactDefinition
from openum.librarian.check_digits import loinc_digit, snomed_holds
from openum.librarian.definitions import BY_CODE, WrittenFact, kind_of, take_of
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_


def fact_faults(fact: WrittenFact, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    """The faults of one definition."""
    for where, fault, mend in (*_of_type(fact), *_of_pick(fact), *_of_derivation(fact, facts)):
        yield fact.document.fault((*fact.where, *where), f"Fact `{fact.definition.id}`: {fault}", mend)
    for index, raw in enumerate(fact.data.get("read", ())):
        yield from _reader(fact, raw, (*fact.where, "read", index))


Told = tuple[Path_, str, str]


def _of_type(fact: WrittenFact) -> Iterator[Told]:
    data, definition = fact.data, fact.definition
    if definition.type == "number" and not definition.unit and definition.pick != "count":
        yield ("type",), "a number needs a unit.", 'Add `unit:` in UCUM ("%", mm[Hg], {score}); "1" for a plain number.'
    for key in ("unit", "range"):
        if key in data and definition.type != "number":
            yield (key,), f"`{key}` is for numbers; this is a {definition.type}.", f"Leave `{key}` out."
    if definition.least is not None and definition.most is not None and definition.least >= definition.most:
        yield ("range",), "the range is empty.", "Write the lowest possible value, then the highest."
    if definition.type == "choice" and not definition.choices:
        yield ("type",), "a choice needs its choices.", "Add `choices: [never, former, current]`."
    if "choices" in data and definition.type != "choice":
        yield ("choices",), f"`choices` is for choices; this is a {definition.type}.", "Write type: choice."
    if definition.worse and definition.type != "number":
        yield ("worse",), f"`worse` is for numbers; this is a {definition.type}.", "Leave `worse` out."


def _of_pick(fact: WrittenFact) -> Iterator[Told]:
    definition = fact.definition
    wanted = {"count": ("number",), "any": ("boolean",), "min": ("number", "date"), "max": ("number", "date")}
    allowed = wanted.get(definition.pick)
    if allowed and definition.type not in allowed:
        fault = f"`pick: {definition.pick}` does not suit a {definition.type}."
        yield ("pick",), fault, f"It suits a {' or '.join(allowed)}; otherwise write latest or earliest."


def _of_derivation(fact: WrittenFact, facts: Mapping[str, FactDefinition]) -> Iterator[Told]:
    name = fact.definition.derived
    if not name:
        return
    derivation = DERIVATIONS.get(name)
    if derivation is None:
        yield ("derived",), f"there is no derivation `{name}`.", f"Known: {', '.join(sorted(DERIVATIONS))}."
        return
    for part in derivation.inputs:
        if part not in facts:
            yield ("derived",), f"`{name}` needs the fact `{part}`, which is not defined.", f"Define `{part}`."


def _reader(fact: WrittenFact, raw: Mapping[str, Any], where: Path_) -> Iterator[Fault]:
    kind, document, definition = kind_of(raw), fact.document, fact.definition
    at = f"Fact `{definition.id}`: "
    if kind in BY_CODE:
        yield from code_faults(document, raw[kind], (*where, kind))
    take = take_of(raw)
    if definition.pick != "count" and take == "presence" and definition.type != "boolean":
        fault = f"{at}whether there is a {kind} is yes or no; this is a {definition.type}."
        mend = "Write take: date, take: value or pick: count, or make the fact a boolean."
        yield document.fault(where, fault, mend)
    if definition.pick != "count" and take == "date" and definition.type != "date":
        yield document.fault(where, f"{at}`take: date` gives a day; this is a {definition.type}.", "Write type: date.")
    for word in raw.get("values", {}):
        allowed = definition.choices if definition.type == "choice" else ("true", "false")
        if definition.type not in ("choice", "boolean") or word not in allowed:
            mend = f"Known: {', '.join(allowed)}." if definition.type in ("choice", "boolean") else "Leave it out."
            yield document.fault((*where, "values", word), f"{at}`{word}` is not a value of this fact.", mend)
        yield from code_faults(document, raw["values"][word], (*where, "values", word))


def code_faults(document: Document, codes: Mapping[str, list[str]], where: Path_) -> Iterator[Fault]:
    """Codes whose check digit says that they are no codes of their system."""
    for index, code in enumerate(codes.get("loinc", ())):
        digit = loinc_digit(code.partition("-")[0])
        if not code.endswith(f"-{digit}"):
            fault = f"{code} is not a LOINC number: its check digit would be {digit}."
            mend = "Look the number up; leave a code out rather than guess."
            yield document.fault((*where, "loinc", index), fault, mend)
    for index, code in enumerate(codes.get("snomed", ())):
        if not snomed_holds(code):
            fault = f"{code} is not a SNOMED CT identifier: its check digit does not fit."
            mend = "Look the identifier up; leave a code out rather than guess."
            yield document.fault((*where, "snomed", index), fault, mend)


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "Define it in library/facts.") -> str:
    """Advice for a name that is not known: the nearest one that is, or ``otherwise``."""
    close = get_close_matches(name, list(known), 1, 0.7)
    return f"Did you mean `{close[0]}`?" if close else otherwise
