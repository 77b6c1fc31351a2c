"""How hard a text is to read, and which of its sentences are the hardest.

English: the Flesch-Kincaid grade (US Navy, 1975; public domain): the school grade a reader needs. Spanish: the
perspicuity of Szigriszt Pazos (1993), read on the INFLESZ scale (Barrio-Cantalejo et al., An Sist Sanit Navar 2008;
31(2): 135-152): 0 to 100, higher is easier, 55 to 65 normal. Only running text counts, in paragraphs and the whole
sentences of lists: headings and labels are short and would make any letter look easy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

from openum.core.visible import in_one_line

Language = Literal["en", "es"]
SHORTEST = 4
"""Words. A shorter part is a label or an element that stands alone, no sentence."""
RUNNING = frozenset({"p", "li", "dd"})
HARDEST = 3
"""How many sentences are named."""
_MARKS = re.compile(r"\{%.*?%\}", re.DOTALL)
_PLACES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ENDS = re.compile(r"(?<=[.!?])\s+")
_WORDS = {"en": re.compile(r"[A-Za-z']+"), "es": re.compile(r"[^\W\d_]+")}
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_U = re.compile(r"qu(?=[eiéí])|gu(?=[eiéí])")
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_LAST_Y = re.compile(r"y$")
_STRONG = re.compile(r"[aeoáéíóú]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and its own measure."""

    text: str
    value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """The measure of a text in its language, and its hardest sentences, the hardest first."""

    language: Language
    value: float
    hardest: tuple[Sentence, ...]

    def harder_than(self, limit: float) -> bool:
        """Whether it is harder than the limit allows: a highest grade in English, a least ease in Spanish. 0: none."""
        if not limit or not self.hardest:
            return False
        return self.value > limit if self.language == "en" else self.value < limit

    @property
    def words(self) -> str:
        """The measure in words: ``school grade 7.4``, ``INFLESZ 61.2``."""
        return f"school grade {self.value:g}" if self.language == "en" else f"INFLESZ {self.value:g}"


def read_letter(letter: str, language: Language = "en") -> Reading:
    """The measure of a letter's running text, marks of the language aside; an element counts as one short word."""
    return read_text(_paragraphs(letter), language)


def read_text(text: str, language: Language = "en") -> Reading:
    """The measure of plain text."""
    sentences = [in_one_line(part) for part in _ENDS.split(text) if len(_words(part, language)) >= SHORTEST]
    if not sentences:
        return Reading(language, 0.0 if language == "en" else 100.0, ())
    each = [Sentence(one.removesuffix(" ."), _value([one], language)) for one in sentences]
    hardest = sorted(each, key=lambda one: -one.value if language == "en" else one.value)[:HARDEST]
    return Reading(language, _value(sentences, language), tuple(hardest))


def syllables(word: str, language: Language = "en") -> int:
    """Syllables of a word, at least one.

    English: groups of vowels, a silent last e left out. Spanish: strong vowels; weak ones join the vowels they touch.
    """
    plain = word.lower().strip("'")
    if language == "es":
        groups = _SPANISH_VOWELS.findall(_LAST_Y.sub("i", _SILENT_U.sub("q", plain)))
        return max(sum(max(len(_STRONG.findall(group)), 1) for group in groups), 1)
    count = len(_VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee")) and count > 1:
        count -= 1
    if plain.endswith("ed") and not plain.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)


def _value(sentences: Sequence[str], language: Language) -> float:
    words = [word for sentence in sentences for word in _words(sentence, language)]
    length = len(words) / len(sentences)
    weight = sum(syllables(word, language) for word in words) / len(words)
    if language == "es":
        return round(206.835 - 62.3 * weight - length, 1)
    return round(max(0.39 * length + 11.8 * weight - 15.59, 0.0), 1)


def _words(text: str, language: Language) -> list[str]:
    return _WORDS[language].findall(text)


def _paragraphs(letter: str) -> str:
    reader = _Sentences()
    reader.feed(_MARKS.sub(" ", _PLACES.sub(" it ", letter)))
    reader.close()
    return reader.text


class _Sentences(HTMLParser):
    """Collects the text of paragraphs, and the whole sentences of list items."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._in = ""
        self._part = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in RUNNING:
            self._close()
            self._in = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in RUNNING:
            self._close()

    def handle_data(self, data: str) -> None:
        if self._in:
            self._part += f" {data}"

    def close(self) -> None:
        super().close()
        self._close()

    def _close(self) -> None:
        if self._in == "p":
            self.text += f"{self._part} . "
        else:
            whole = (part for part in _ENDS.split(self._part) if part.rstrip().endswith((".", "!", "?")))
            self.text += "".join(f" {part} " for part in whole)
        self._in = self._part = ""
