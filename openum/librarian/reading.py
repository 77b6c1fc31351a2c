"""How hard a letter is to read: the Flesch-Kincaid grade of its own sentences (US Navy, 1975; public domain).

Only the running text counts: headings, labels and lists are short and would make any letter look easy.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_MARKS = re.compile(r"\{%.*?%\}", re.DOTALL)
_PLACES = re.compile(r"\{\{.*?\}\}", re.DOTALL)
SHORTEST = 4
"""Words. A shorter part is a label or an element that stands alone, no sentence."""
_WORD = re.compile(r"[A-Za-z']+")
_VOWELS = re.compile(r"[aeiouy]+")


def reading_grade(letter: str) -> float:
    """The school grade a reader needs for the letter's own words; an element counts as one short word."""
    reader = _Sentences()
    reader.feed(_MARKS.sub(" ", _PLACES.sub(" it ", letter)))
    reader.close()
    parts = re.split(r"[.!?]+(?:\s|$)", reader.text)
    sentences = [words for part in parts if len(words := _WORD.findall(part)) >= SHORTEST]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return round(max(grade, 0.0), 1)


def syllables(word: str) -> int:
    """Syllables by groups of vowels, a silent last e left out; at least one."""
    plain = word.lower().strip("'")
    count = len(_VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee")) and count > 1:
        count -= 1
    if plain.endswith("ed") and not plain.endswith(("ted", "ded")) and count > 1:
        count -= 1
    return max(count, 1)


class _Sentences(HTMLParser):
    """Collects the text of paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._in_paragraph = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "p":
            self._in_paragraph = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._in_paragraph = False
            self.text += ". "

    def handle_data(self, data: str) -> None:
        if self._in_paragraph:
            self.text += f" {data}"
