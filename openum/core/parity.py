"""What a plan must keep to show that mental health and substance use benefits are treated alike (45 CFR 146.136, .137).

A nonquantitative treatment limitation (NQTL) has one record per classification and plan year. The fields are content
(library/parity); here is only the question what a record, a line or a set of figures still lacks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openum.core.answers import UNKNOWN, Answer, of_bool

CLASSIFICATIONS = (
    "inpatient_in", "inpatient_out", "outpatient_in", "outpatient_out", "emergency", "prescription_drug",
)  # fmt: skip
"""The six classifications of benefits (45 CFR 146.136(c)(2)(ii))."""
GROUPS = ("mh_sud", "med_surg")
"""The two sides that are compared."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a record says. ``one_of`` limits the words (empty: any); ``optional`` fields may be left out."""

    id: str
    words: str
    one_of: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the record; ``each``: it is a list, and every item has the fields."""

    id: str
    fields: tuple[Field, ...]
    each: bool = False


@dataclass(frozen=True, slots=True)
class RecordSchema:
    """The whole record, part by part."""

    id: str
    sections: tuple[Section, ...]


def missing_fields(record: Mapping[str, Any], schema: RecordSchema) -> tuple[str, ...]:
    """What the record lacks, as paths (``factors[2].source``), in the order of the schema.

    An empty text or list is missing: where there is nothing to say, a person writes ``none``. A word that the schema
    does not know is missing as well, with the word after a colon.
    """
    return tuple(path for section in schema.sections for path in _of_section(record.get(section.id), section))


def _of_section(given: Any, section: Section) -> Iterable[str]:
    if not section.each:
        yield from _of_item(given if isinstance(given, Mapping) else {}, section, section.id)
        return
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        yield section.id
        return
    for number, item in enumerate(given, 1):
        yield from _of_item(item if isinstance(item, Mapping) else {}, section, f"{section.id}[{number}]")


def _of_item(given: Mapping[str, Any], section: Section, path: str) -> Iterable[str]:
    for field in section.fields:
        value = given.get(field.id)
        if _empty(value):
            if not field.optional:
                yield f"{path}.{field.id}"
        elif field.one_of:
            yield from (f"{path}.{field.id}: {word}" for word in _words(value) if word not in field.one_of)


def _words(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _empty(value: Any) -> bool:
    """False and 0 are answers; nothing, blanks, and a list or mapping without anything in it are not."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple | Mapping) and not value)


@dataclass(frozen=True, slots=True)
class Flag:
    """What every authorization line carries; ``one_of`` limits its words (empty: any)."""

    id: str
    words: str
    one_of: tuple[str | bool, ...] = ()


def missing_flags(line: Mapping[str, Any], flags: Iterable[Flag]) -> tuple[str, ...]:
    """The flags that the line does not carry, or carries with a word that cannot be."""
    return tuple(flag.id for flag in flags if _empty(line.get(flag.id)) or not _fits(line[flag.id], flag))


def _fits(value: Any, flag: Flag) -> bool:
    return not flag.one_of or any(type(value) is type(word) and value == word for word in flag.one_of)


@dataclass(frozen=True, slots=True)
class Datum:
    """A figure to be computed for both sides; ``classifications`` limits it (empty: all)."""

    id: str
    words: str
    classifications: frozenset[str] = frozenset()


Figures = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Figures by classification, side and datum; a figure of ``None`` is not known."""


def missing_data(figures: Figures, data: Sequence[Datum], classifications: Iterable[str]) -> tuple[str, ...]:
    """What is not computed yet, as ``classification/side/datum``. A figure for one side alone compares nothing."""
    return tuple(
        f"{classification}/{group}/{datum.id}"
        for classification in classifications
        for datum in data
        if not datum.classifications or classification in datum.classifications
        for group in GROUPS
        if figures.get(classification, {}).get(group, {}).get(datum.id) is None
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One layer of the parity law: since when it binds, and while its enforcement is suspended, that it is."""

    id: str
    words: str
    since: date
    not_enforced_since: date | None = None
    enforced_again: date | None = None


def status_of(part: Part, on: date) -> str:
    """``not_yet``, ``in_force``, or ``not_enforced`` on that day."""
    if on < part.since:
        return "not_yet"
    suspended = part.not_enforced_since is not None and part.not_enforced_since <= on
    again = part.enforced_again is not None and part.enforced_again <= on
    return "not_enforced" if suspended and not again else "in_force"


@dataclass(frozen=True, slots=True)
class OnRequest:
    """A document that must be handed over when one of these asks."""

    id: str
    words: str
    to: frozenset[str]


def must_give(several: Iterable[OnRequest], document: str, asker: str | None) -> Answer:
    """Whether the document must be given to who asks: unknown for a document no rule names, or an unknown asker."""
    rule = next((one for one in several if one.id == document), None)
    return UNKNOWN if rule is None or asker is None else of_bool(asker in rule.to)
