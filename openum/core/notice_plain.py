"""Whether a finished letter can be read: the letter's own sentences must be plain, a person's words are remarked on.

What is ours (the letter's sentences, the plan's texts, the terms of the law) has to stay under the limit, or the letter
is not issued. What a clinician or a policy says in free words never holds back a notice that a law demands by a day: it
is remarked on, with its hardest sentences, so that the writer can mend it first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from openum.core.notice import Letter, told
from openum.core.notice_text import render
from openum.core.notice_words import Element, Elements
from openum.core.plain_words import Jargon, hard_words, unexplained
from openum.core.reading import Reading, read_letter, read_text
from openum.core.refusal import Refusal
from openum.core.visible import visible_words

FREE = frozenset({"person", "policy"})
"""Whose words are remarked on."""
OURS = frozenset({"plan", "law"})
"""Whose words are graded with the letter's own."""
SHORT_WORD = "it"
_MARKS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_HEADING = re.compile(r"<h1\b.*?</h1>|<title\b.*?</title>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"</(?:p|li|dd|dt|h\d|td|th)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing a reader may not understand. ``where`` is the element; ``what`` says what, ``instead`` what to do."""

    kind: Literal["reading", "word", "short_form"]
    where: str
    what: str
    instead: str


def stricter(letter: Letter, limits: Mapping[str, float]) -> Letter:
    """The letter under a plan's own limits (``reading_grade``, ``reading_ease_es``), where they are stricter."""
    own = limits.get("reading_grade" if letter.language == "en" else f"reading_ease_{letter.language}", 0)
    if not own:
        return letter
    limit = (min if letter.language == "en" else max)(letter.reading_limit or own, own)
    return replace(letter, reading_limit=limit)


def reading_of(letter: Letter, elements: Elements) -> Reading:
    """The measure of the finished letter's own sentences, with the texts of plan and law in their places.

    Whatever the case brings (names, days, numbers) and all free words count as one short word.
    """
    choices = frozenset(path for path, _ in letter.choices)
    given = told(letter, _masked(elements, letter.authors, choices, ""))
    return _read(render(letter.template, given, letter.wording), letter.language)


def require_plain(letter: Letter, elements: Elements) -> None:
    """Refuse ``notice-too-hard`` when the letter's own sentences are harder than its limit, naming the hardest."""
    reading = reading_of(letter, elements)
    if reading.harder_than(letter.reading_limit):
        raise Refusal(
            "notice-too-hard",
            f"The {letter.kind} letter of {letter.jurisdiction} reads at {reading.words}; its limit is "
            f"{letter.reading_limit:g}.",
            "Write the plan's texts, or these sentences of the letter, in shorter sentences and shorter words: "
            + " | ".join(one.text for one in reading.hardest),
        )


def remarks(letter: Letter, elements: Elements) -> tuple[Remark, ...]:
    """What a reader may not understand in the words of people and policies; never a reason to hold a notice back."""
    found = (remark for where, text in _free(elements, letter.authors, "") for remark in _of(letter, where, text))
    return tuple(dict.fromkeys(found))


def template_remarks(template: str, jargon: Jargon) -> tuple[Remark, ...]:
    """Hard words and unexplained short forms in a letter's own text, the first heading and the title aside."""
    text = visible_words(_TAGS.sub(" . ", _HEADING.sub(" ", _MARKS.sub(f" {SHORT_WORD} ", template))))
    return tuple(_words("letter", text, jargon))


def _of(letter: Letter, where: str, text: str) -> Iterator[Remark]:
    reading = read_text(text, letter.language)
    if reading.harder_than(letter.reading_limit):
        hardest = " | ".join(one.text for one in reading.hardest)
        yield Remark("reading", where, f"It reads at {reading.words}.", f"Shorten: {hardest}")
    yield from _words(where, text, letter.wording.jargon)


def _words(where: str, text: str, jargon: Jargon) -> Iterator[Remark]:
    for word, plain in hard_words(text, jargon):
        yield Remark("word", where, f"“{word}” is a word few readers know.", f"Write: {plain}.")
    for short in unexplained(text, jargon):
        yield Remark("short_form", where, f"“{short}” is never explained.", f"Write its words, then ({short}).")


_read = lru_cache(maxsize=512)(read_letter)
"""A plan's letters of one kind differ in little but what is masked."""


def _masked(elements: Elements, authors: Mapping[str, str], choices: frozenset[str], under: str) -> dict[str, Element]:
    masked: dict[str, Element] = {}
    for name, value in elements.items():
        path = f"{under}{name}"
        if isinstance(value, Sequence) and not isinstance(value, str):
            masked[name] = tuple(_masked(one, authors, choices, f"{path}.") for one in value)
        elif not value or isinstance(value, bool) or path in choices or authors.get(path) in OURS:
            masked[name] = value
        else:
            masked[name] = SHORT_WORD
    return masked


def _free(elements: Elements, authors: Mapping[str, str], under: str) -> Iterator[tuple[str, str]]:
    for name, value in elements.items():
        if isinstance(value, Sequence) and not isinstance(value, str):
            for one in value:
                yield from _free(one, authors, f"{under}{name}.")
        elif isinstance(value, str) and value and authors.get(f"{under}{name}") in FREE:
            yield f"{under}{name}", value
