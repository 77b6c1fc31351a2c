"""What a written tree says that cannot be answered or cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openum.core.facts import FactDefinition
from openum.librarian.fact_checks import did_you_mean
from openum.librarian.faults import Fault
from openum.librarian.marked import Document, Path_
from openum.librarian.tree import ASKED, fact_type, is_day, op_of, walk

Told = tuple[Path_, str, str]
FITS: Mapping[str, tuple[str, ...]] = {
    "boolean": ("is",),
    "number": ("is", "at_least", "at_most", "above", "below", "one_of"),
    "date": ("is", "at_least", "at_most", "above", "below", "within"),
    "choice": ("is", "one_of"),
    "text": ("is", "one_of"),
}
"""Which comparisons suit which type of fact."""
UNREADABLE = re.compile(r"[<>=≥≤_{}]|\bTODO\b|…$|\.$")


def answer_faults(document: Document, facts: Mapping[str, FactDefinition]) -> Iterator[Fault]:
    """Why a version's criteria cannot be answered: unknown facts, comparisons that do not suit them."""
    for written, where in walk(document.data["criteria"], ("criteria",)):
        for at, fault, mend in _leaf(written, facts) if "fact" in written else _group(written):
            yield document.fault((*where, *at), fault, mend)


def wording_faults(document: Document) -> Iterator[Fault]:
    """What a reader of a version's criteria would stumble over: labels that are no phrases, branches said twice."""
    for written, where in walk(document.data["criteria"], ("criteria",)):
        for at, fault, mend in _label(written):
            yield document.fault((*where, *at), fault, mend)
        yield from _again(document, written, where)


def _label(written: Mapping[str, Any]) -> Iterator[Told]:
    label = written["label"]
    mend = "Write a full phrase a member could read in a letter: a capital first, words instead of signs, no full stop."
    if len(label) < 6 or UNREADABLE.search(label) or not (label[0].isupper() or label[0].isdigit()):
        yield ("label",), f'The label "{label}" does not read as a phrase.', mend
    if len(label) > 240:
        yield ("label",), f"The label has {len(label)} characters.", "Say it in at most 240."


def _group(written: Mapping[str, Any]) -> Iterator[Told]:
    if "of" in written and written["at_least"] > len(written["of"]):
        needed, there = written["at_least"], len(written["of"])
        fault = f"{needed} of {there} branches can never be met."
        yield ("at_least",), fault, f"Write at most {there}, or add branches."


def _leaf(written: Mapping[str, Any], facts: Mapping[str, FactDefinition]) -> Iterator[Told]:
    name, op = written["fact"], op_of(written)
    kind = fact_type(name, facts)
    if kind is None:
        yield ("fact",), f"There is no fact `{name}`.", did_you_mean(name, (*facts, *ASKED))
        return
    if op not in FITS[kind]:
        yield (op,), f"`{op}` does not suit `{name}`, which is a {kind}.", _suits(kind)
        return
    value = written[op]
    if isinstance(value, dict):
        other = ASKED[f"asked.{value['asked']}"]
        if other != kind and {other, kind} - {"text", "choice"}:
            yield (op,), f"`{name}` is a {kind}, but asked {value['asked']} is a {other}.", "Compare like with like."
        return
    if op == "within":
        return
    for one in value if op == "one_of" else (value,):
        wrong = value_fault(one, name, kind, facts.get(name))
        if wrong:
            yield (op,), *wrong


def value_fault(value: object, name: str, kind: str, definition: FactDefinition | None) -> tuple[str, str] | None:
    """What is wrong with a written value of a fact, and what to write; ``None`` when nothing is."""
    match kind:
        case "boolean" if not isinstance(value, bool):
            return f"`{name}` is true or false, not {value!r}.", "Write true or false."
        case "number" if isinstance(value, bool) or not isinstance(value, int | float):
            return f"`{name}` is a number, not {value!r}.", "Write a number without quotes."
        case "date" if not is_day(value):
            return f"`{name}` is a day, not {value!r}.", "Write it as YYYY-MM-DD."
        case "text" | "choice" if not isinstance(value, str):
            return f"`{name}` is text, not {value!r}.", f'Write it in quotes: "{value}".'
    if definition is None:
        return None
    if kind == "choice" and value not in definition.choices:
        return f"{value!r} is not a choice of `{name}`.", f"Its choices are {', '.join(definition.choices)}."
    if kind == "number" and isinstance(value, int | float):
        low, high = definition.least, definition.most
        if (low is not None and value < low) or (high is not None and value > high):
            return f"{value:g} lies outside the range of `{name}`.", f"Its range is {low:g} to {high:g}."
    return None


def _suits(kind: str) -> str:
    return f"A {kind} is compared by {', '.join(FITS[kind])}."


def _again(document: Document, written: Mapping[str, Any], where: Path_) -> Iterator[Fault]:
    """The same branch twice in one group proves nothing twice."""
    for key in ("all", "any", "of"):
        seen: dict[str, int] = {}
        for index, branch in enumerate(written.get(key, ())):
            same = repr({name: value for name, value in branch.items() if name not in ("label", "cite")})
            if same in seen:
                fault = f"This branch says the same as number {seen[same] + 1} of the group."
                yield document.fault((*where, key, index), fault, "Keep one of the two.")
            seen.setdefault(same, index)
