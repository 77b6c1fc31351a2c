"""Citations as they are written, and the sections they name: so that one section leads to everything that rests on it.

``42 CFR 422.568(b)(1) and 422.572`` names ``42 CFR 422.568`` and ``42 CFR 422.572``. Paragraphs do not matter here. A
range (``422.566-422.576``) names its two ends.
"""

from __future__ import annotations

import re

_PARAGRAPH = re.compile(r"\s*\([A-Za-z0-9]{1,5}\)")
_FEDERAL = re.compile(r"(\d+)\s+(CFR|U\.?S\.?C\.?)\s*", re.IGNORECASE)
_COVERAGE = re.compile(r"\b(NCD|LCD|NCA)\s+([A-Z]?\d[\d.]*\d|\d+)")
_STATE = re.compile(
    r"((?:\b\d+\s+)?(?:[A-Z][A-Za-z.]*\s+){0,5}"
    r"(?:Code|Stat\.?|Laws?|Regs?\.?|Act|Ann\.?|ILCS|RCW|WAC|TAC|NYCRR|SSA|O\.C\.G\.A\.|C\.R\.S\.))"
    r"\s*(?:Ann\.?\s*)?(?:§+\s*|sections?\s+)?(?=\d)"
)
_NUMBER = re.compile(r"(?:§+\s*|sections?\s+)?(\d[\dA-Za-z]*(?:[.:-]\d[\dA-Za-z]*)*)")
_BETWEEN = re.compile(r"\s*(?:,|;|and|or|to|through|-|–|,\s*and|,\s*or)\s*(?:§+\s*)?(?=\d)")


def sections(cite: str) -> tuple[str, ...]:
    """The sections a citation names, each once; the citation itself where none can be told."""
    return told(cite) or (cite.strip(),)


def told(cite: str) -> tuple[str, ...]:
    """The sections of codes, regulations and coverage determinations a citation names; none of a citation in words."""
    plain = _PARAGRAPH.sub("", cite)
    found = [f"{match[1]} {match[2]}" for match in _COVERAGE.finditer(plain)]
    for match in _FEDERAL.finditer(plain):
        body = "USC" if match[2].upper().startswith("U") else "CFR"
        found += [f"{match[1]} {body} {number}" for number in _numbers(plain, match.end())]
    for match in _STATE.finditer(plain):
        title = " ".join(match[1].split())
        found += [f"{title} {number}" for number in _numbers(plain, match.end())]
    return tuple(dict.fromkeys(found))


def _numbers(text: str, at: int) -> list[str]:
    """The section numbers that follow one another from a place; one that begins another title is not among them."""
    found: list[str] = []
    while (number := _NUMBER.match(text, at)) is not None and not _FEDERAL.match(text, number.start(1)):
        found += _ends(number[1])
        between = _BETWEEN.match(text, number.end())
        if between is None:
            break
        at = between.end()
    return found


def _ends(number: str) -> list[str]:
    """``422.566-422.576`` as its two ends; any other number is itself (``23-99-1120``, ``4201.651``)."""
    low, dash, high = number.partition("-")
    if dash and "." in low and "." in high and "-" not in high:
        return [low, high]
    return [number]


def in_order(section: str) -> tuple[object, ...]:
    """The key to sort sections by: words first, numbers by size."""
    parts = re.split(r"(\d+)", section)
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in parts if part)
