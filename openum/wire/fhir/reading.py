"""From bytes to a JSON object: what a door does first with a body, and the digest that recognizes it again."""

from __future__ import annotations

import codecs
import hashlib
import json
from typing import Any, NoReturn

import orjson

from openum.core.refusal import Refusal

Json = dict[str, Any]

MOST_BYTES = 16 * 1024 * 1024
MOST_DEPTH = 100
"""Levels of objects and arrays; the deepest official example has 14. Everything that walks a body may recurse."""


class _Twice(Exception):
    """A member stands twice in one object."""


def read_body(data: bytes, *, most_bytes: int = MOST_BYTES) -> Json:
    """The JSON object a body holds; ``most_bytes`` is the largest body taken.

    Raises:
        Refusal: ``too-large``, ``not-utf8``, ``xml-not-accepted``, ``not-json``, ``too-deep``, ``duplicate-member``,
            ``null-character``, ``not-an-object``. The words never repeat what was sent.
    """
    if len(data) > most_bytes:
        raise too_large(most_bytes)
    text = _utf8(data.removeprefix(codecs.BOM_UTF8))
    if text.lstrip().startswith("<"):
        raise Refusal("xml-not-accepted", "The body looks like XML.", "Send FHIR as JSON (application/fhir+json).")
    value = _json(text)
    if not isinstance(value, dict):
        raise Refusal("not-an-object", "The body is JSON but not an object.", "Send one FHIR resource.")
    _walk(value)
    _once(text)
    return value


def too_large(most_bytes: int) -> Refusal:
    """The refusal of a body beyond the limit, for doors that know its length before they read it."""
    size = f"{most_bytes // (1024 * 1024)} MiB" if most_bytes >= 1024 * 1024 else f"{most_bytes} bytes"
    return Refusal(
        "too-large",
        f"The body is larger than {size}.",
        "Send fewer or smaller attachments, or split the request.",
    )


def digest_of(body: Json) -> str:
    """SHA-256 (hex) of the canonical body: members sorted, no white space, UTF-8."""
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Refusal(
            "not-utf8", f"The body is not UTF-8: byte {fault.start} cannot be read.", "Encode the body in UTF-8."
        ) from None


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as fault:
        if "depth limit" in fault.msg:
            raise _too_deep() from None
        where = f"line {fault.lineno}, column {fault.colno}"
        raise Refusal(
            "not-json", f"The body is not JSON: it cannot be read at {where}.", "Check the body with a JSON validator."
        ) from None


def _walk(value: Json) -> None:
    """Refuse what is too deep, and the null character, which no database of text holds."""
    level: list[Any] = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise _too_deep()
        inner: list[Any] = []
        for held in level:
            if isinstance(held, dict):
                _no_null(held)
                inner += held.values()
            else:
                inner += held
        for one in inner:
            if isinstance(one, str) and "\x00" in one:
                raise _null()
        level = [one for one in inner if isinstance(one, dict | list)]


def _no_null(held: Json) -> None:
    if any("\x00" in name for name in held):
        raise _null()


def _null() -> Refusal:
    return Refusal("null-character", "A text of the body holds the character U+0000.", "Remove it.")


def _too_deep() -> Refusal:
    return Refusal(
        "too-deep", f"The body is nested more than {MOST_DEPTH} levels deep.", "Send a Bundle of plain resources."
    )


def _once(text: str) -> None:
    """Two members of one name: readers differ in which one they take, so neither is."""
    try:
        json.loads(text, object_pairs_hook=_pairs, parse_int=_skip, parse_float=_skip, parse_constant=_refuse)
    except _Twice:
        raise Refusal(
            "duplicate-member", "An object of the body holds the same member twice.", "Send each member once."
        ) from None


def _pairs(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Twice


def _skip(_digits: str) -> int:
    return 0


def _refuse(_constant: str) -> NoReturn:  # pragma: no cover - orjson has refused NaN and Infinity already
    raise _Twice
