"""Values: primitives, fixed values, patterns and required bindings (FHIR R4 §2.24, JSON representation §2.6.2)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from openum.wire.fhir.checker_run import At, Check, Run
from openum.wire.fhir.profiles import Element
from openum.wire.fhir.terminology import any_in, value_set

# Regular expressions of the R4 datatypes page; a number is told apart from a string by its JSON type.
_DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
_TEXT = r"[ \r\n\t\S]+"
_URI = r"\S+"

STRINGS = {
    "string": _TEXT,
    "markdown": _TEXT,
    "xhtml": r"(?s).+",
    "code": r"[^\s]+(\s[^\s]+)*",
    "id": r"[A-Za-z0-9\-.]{1,64}",
    "uri": _URI,
    "url": _URI,
    "canonical": _URI,
    "oid": r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+",
    "uuid": r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "base64Binary": r"(\s*([0-9a-zA-Z+/=]){4}\s*)+",
    "date": _DATE,
    "dateTime": rf"{_DATE}|[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T{_CLOCK}{_ZONE}",
    "instant": rf"[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T{_CLOCK}{_ZONE}",
    "time": _CLOCK,
}

_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _text_test(name: str) -> Callable[[Any], bool]:
    matches = re.compile(STRINGS[name]).fullmatch

    def is_text(value: Any) -> bool:
        return isinstance(value, str) and matches(value) is not None

    def is_day(value: Any) -> bool:
        return isinstance(value, str) and matches(value) is not None and _exists(value)

    return is_day if name in {"date", "dateTime", "instant"} else is_text


def _exists(moment: str) -> bool:
    """Whether the day is in the calendar: 2026-02-30 is a well-formed date that does not exist."""
    if len(moment) < 10:
        return True
    year, month, day = int(moment[:4]), int(moment[5:7]), int(moment[8:10])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _LAST_DAYS[month - 1] and (month != 2 or day < 29 or leap)


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_decimal(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(least: int, most: int = 2**31 - 1) -> Callable[[Any], bool]:
    def is_whole(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return is_whole


PRIMITIVES: dict[str, Callable[[Any], bool]] = {
    **{name: _text_test(name) for name in STRINGS},
    "boolean": _is_boolean,
    "decimal": _is_decimal,
    "integer": _whole(-(2**31)),
    "unsignedInt": _whole(0),
    "positiveInt": _whole(1),
}


def same(found: Any, fixed: Any) -> bool:
    """Equal as JSON: true is not 1, and an object has exactly the same members."""
    if isinstance(fixed, dict):
        return isinstance(found, dict) and found.keys() == fixed.keys() and all(same(found[k], fixed[k]) for k in fixed)
    if isinstance(fixed, list):
        return isinstance(found, list) and len(found) == len(fixed) and all(map(same, found, fixed))
    return bool(found == fixed) and isinstance(found, bool) == isinstance(fixed, bool)


def fits(found: Any, pattern: Any) -> bool:
    """Whether a value contains a pattern: objects member by member, every pattern item in some list item."""
    if isinstance(pattern, dict):
        return isinstance(found, dict) and all(k in found and fits(found[k], pattern[k]) for k in pattern)
    if isinstance(pattern, list):
        return isinstance(found, list) and all(any(fits(item, wanted) for item in found) for wanted in pattern)
    return same(found, pattern)


def exact_check(element: Element) -> Check | None:
    """The fixed value or the pattern of an element, None when it has neither."""
    fixed, pattern = element.fixed, element.pattern
    if fixed is None and pattern is None:
        return None

    def check(value: Any, at: At, run: Run) -> None:
        if fixed is not None and not same(value, fixed):
            run.error("wrong-fixed", at, f"The value must be exactly {_show(fixed)}.")
        if pattern is not None and not fits(value, pattern):
            run.error("wrong-pattern", at, f"The value must contain {_show(pattern)}.")

    return check


def _show(value: Any) -> str:
    """A demanded value in a message: published by the profile, never from the resource."""
    text = str(value)
    return text if len(text) <= 160 else f"{text[:160]}…"


def primitive_check(element: Element, code: str) -> Check:
    """The check of a primitive value of the FHIR type ``code``; raises ``KeyError`` for a name not in ``PRIMITIVES``.

    Reports ``wrong-type`` and then nothing more, ``too-long``, and ``wrong-code`` where the required value set is known
    not to hold the code; a set that cannot tell passes.
    """
    good = PRIMITIVES[code]
    longest, bound = element.longest, value_set(element.required) if element.required else None

    def check(value: Any, at: At, run: Run) -> None:
        if not good(value):
            run.error("wrong-type", at, f"A value of type {code} is expected.")
            return
        if longest is not None and len(value) > longest:
            run.error("too-long", at, f"At most {longest} characters are allowed.")
        if bound is not None and isinstance(value, str) and bound.holds_bare(value) is False:
            run.error("wrong-code", at, f"The code is not in the required value set {element.required}.")

    return check


def bound_check(element: Element) -> Check:
    """The check of a Coding or CodeableConcept against its required binding: ``wrong-code`` when known to be outside.

    A set that cannot tell passes. So does an object without ``coding`` that has an extension or a ``value``: a Quantity
    with a number is not judged by its unit.
    """
    name = element.required or ""

    def check(value: Any, at: At, run: Run) -> None:
        if any_in(name, value) is False and not _excused(value):
            run.error("wrong-code", at, f"No coding is in the required value set {name}.")

    return check


def _excused(value: Any) -> bool:
    """A value that says by extension why it is absent, or a Quantity without a unit code, binds nothing."""
    return isinstance(value, dict) and ("extension" in value or "value" in value) and "coding" not in value
