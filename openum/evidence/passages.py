"""A document cut into passages: sentences and list items, each with its section and its exact place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from openum.core.chart import Segment
from openum.evidence.document import Document, Page, Quote, quote
from openum.evidence.words import Word, words_of

_ENDS = re.compile(
    r"""(?<!\b(?:Dr|Mr|Ms|St|Jr|Sr|vs|al|cf))(?<!\bMrs)(?<!e\.g)(?<!i\.e)   # not an abbreviation
    [.!?]+["')\]]*(?=[ \t]+[^a-z\s]|\s*\n|\s*$|[A-Z•*]|\d+\.\s)      # the end of a sentence, also "pain.PAST HISTORY"
    | \r?\n[ \t]*(?=\r?\n|[-•*·▪◦]|\d+[.)]\s|[A-Z\d"(])                # a line that begins anew
    | (?<=[^\s])(?=[ \t]*[•·▪◦*]\s)                                  # an item of a list run together
    """,
    re.VERBOSE,
)
_GOES_ON = re.compile(
    r"(?:,|\b(?:and|or|of|the|a|an|no|not|with|without|for|to|in|at|y|o|de|la|el|sin|con))[ \t]*$", re.I
)
"""A line that ends so is not finished, whatever letter the next begins with."""
_CAPITALS = re.compile(
    r"(?:^|(?<=[.!?;:)\]\n\r\"*]))[ \t]*([A-Z](?:[A-Z /&,'()\-]{0,58}[A-Z)])?)([ \t]*:|[ \t]*(?=\r?\n)|(?=[A-Z][a-z]))"
)
"""A heading in capitals, at the beginning of a line or run on after a sentence, with a colon or a line of its own."""
LONGEST = 250
"""Words of a passage at most; the longest of 42,847 passages of 976 dictated notes has 198."""
LEAST = 4
"""Letters that a heading without a colon has at least."""
_LABEL = re.compile(r"(?:^|(?<=[.!?;:)\]\n\r\"*•]))[ \t]*([A-Z][A-Za-z]+(?:[ /&,\-]+[A-Za-z]+){0,5}):(?=\s|$)")
"""``Family History:`` at the beginning of a line or sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence or list item. ``start`` and ``end`` are characters of the page's text; ``section`` is the heading
    above it, and ``label`` the words before a colon that head the line itself (``Respiratory:``).
    """

    document: str
    page: int
    start: int
    end: int
    text: str
    section: str = ""
    segment: Segment = "general"
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    end: int
    title: str


def passages_of(document: Document) -> tuple[Passage, ...]:
    """Every passage of a document in reading order; together they hold all of its words."""
    return tuple(passage for page in document.pages for passage in _page(document, page))


def passage_quote(document: Document, passage: Passage, start: int | None = None, end: int | None = None) -> Quote:
    """The passage as a quote, or the part of it from character ``start`` to ``end`` of the page."""
    page = document.pages[passage.page - 1]
    first = passage.start if start is None else start
    last = passage.end if end is None else end
    return quote(document, page, first, last, section=passage.section)


def _page(document: Document, page: Page) -> Iterator[Passage]:
    heads = _heads(page)
    starts = [head.start for head in heads]
    for start, end in _stretches(page.text, heads):
        above = bisect_right(starts, start) - 1
        section = heads[above].title if above >= 0 else ""
        for words, first, last in _short_enough(words_of(page.text, start, end), start, end):
            yield Passage(
                document=document.digest,
                page=page.number,
                start=first,
                end=last,
                text=page.text[first:last],
                section=section,
                segment=document.segment,
                words=words,
            )


def _short_enough(words: tuple[Word, ...], start: int, end: int) -> Iterator[tuple[tuple[Word, ...], int, int]]:
    """The words of a stretch and its first and last character, cut where it is endless (a table, or an attack)."""
    for at in range(0, len(words), LONGEST):
        part = words[at : at + LONGEST]
        yield part, start if at == 0 else part[0].start, end if at + LONGEST >= len(words) else part[-1].end


def _heads(page: Page) -> list[_Head]:
    """Headings that the format marks, and those that people write in capitals or before a colon."""
    text = page.text
    found = {head.start: _Head(head.start, head.end, _title(text[head.start : head.end])) for head in page.headings}
    for match in _CAPITALS.finditer(text):
        if len(match[1]) >= (2 if ":" in match[2] else LEAST):
            found.setdefault(match.start(1), _Head(match.start(1), match.end(), _title(match[1])))
    for match in _LABEL.finditer(text):
        if "history" in match[1].lower() or match[1].lower().startswith(("family", "antecedentes")):
            found.setdefault(match.start(1), _Head(match.start(1), match.end(), _title(match[1])))
    return [found[start] for start in sorted(found)]


def _title(text: str) -> str:
    return " ".join(text.split()).rstrip(" :")


def _stretches(text: str, heads: Sequence[_Head]) -> Iterator[tuple[int, int]]:
    """Where passages begin and end, without the white space around them."""
    cuts = {0, len(text)} | {head.start for head in heads}
    cuts.update(match.end() for match in _ENDS.finditer(text) if _really_ends(text, match))
    ordered = sorted(cuts)
    for start, end in pairwise(ordered):
        part = text[start:end]
        trimmed = part.strip()
        if trimmed:
            first = start + part.index(trimmed[0])
            yield first, first + len(trimmed)


def _really_ends(text: str, match: re.Match[str]) -> bool:
    if match[0][:1] in (".", "!", "?"):
        return True
    if not match[0]:
        return True
    return (
        not _GOES_ON.search(text, max(0, match.start() - 20), match.start())
        or text[match.end() : match.end() + 1] in "\r\n"
    )
