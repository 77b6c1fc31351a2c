"""What the words around a term make of it: negated, normal, of another person, under a condition, in doubt, or past.

The method is ConText's (Harkema et al. 2009, J Biomed Inform 42:839): cues before and after a term, how far they reach,
what ends their reach, and what only looks like a cue. The cues are content (``library/evidence``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from openum.evidence.lexicon import Lexicon, Reach, Said
from openum.evidence.passages import Passage
from openum.evidence.phrases import Hit, Phrase, PhraseBook, longest
from openum.evidence.words import stems_of

AFTER_WORDS, NEAR_WORDS = 8, 3
"""How many words a cue after a term, and a near cue, reach; a cue before a term reaches to the end of the sentence."""
JOINS = frozenset({"and", "y"})
"""``stable vital signs and normal pulse oximetry``: a finding behind such a word is another one's."""
FIRST: tuple[Said, ...] = ("other_person", "hypothetical", "negated", "uncertain", "normal", "historical")
"""Where several cues reach a term, the first of these holds: what is not about the member at all goes before."""

WIDE: frozenset[Said] = frozenset({"other_person", "hypothetical"})
"""What ends a denial (``ends_denial``) does not end these."""

_Mark = tuple[Literal["cue", "none", "end", "end_of_denial"], Said | None, Reach | None]


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said of a term, and where: characters of the page's text. A section's cue is its heading: ``section``."""

    said: Said
    start: int = 0
    end: int = 0
    section: str = ""


class Context:
    """The cues of a language, ready to be looked for."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._marks: PhraseBook[_Mark] = PhraseBook([
            *((cue, ("cue", said, reach)) for cue, said, reach in lexicon.cues),
            *((cue, ("none", None, None)) for cue in lexicon.not_cues),
            *((end, ("end", None, None)) for end in lexicon.ends),
            *((end, ("end_of_denial", None, None)) for end in lexicon.ends_denial),
        ])  # fmt: skip
        self._sections: Mapping[Said, tuple[Phrase, ...]] = lexicon.sections

    def read(self, passage: Passage, page: str) -> Reading:
        """The passage's cues. ``page`` is the text of its page."""
        hits = longest(self._marks.find(passage.words, page))
        return Reading(passage, page, hits, self._of_section(passage.section), _breaks(passage, page, hits))

    def _of_section(self, title: str) -> Cue | None:
        stems = stems_of(title)
        for said, phrases in self._sections.items():
            if any(stems[: len(phrase.stems)] == phrase.stems for phrase in phrases):
                return Cue(said, section=title)
        return None


@lru_cache(maxsize=16)
def context_of(lexicon: Lexicon) -> Context:
    """The cues of a lexicon, made ready once."""
    return Context(lexicon)


@dataclass(frozen=True, slots=True)
class Reading:
    """The cues found in one passage."""

    passage: Passage
    page: str
    hits: Sequence[Hit[_Mark]]
    section: Cue | None
    breaks: _Breaks

    def of(self, first: int, last: int, *, findings: bool = True) -> Cue | None:
        """What is said of the words from ``first`` to before ``last``; ``None`` when they are simply affirmed.

        Of several cues of a kind the nearest is given. Cues that overlap the term belong to it (``not met``). Without
        ``findings``, that something was normal does not count: the term is the name of a test.
        """
        words = self.passage.words
        found = [(FIRST.index(self.section.said), 0, self.section)] if self.section else []
        for hit in self.hits:
            kind, said, reach = hit.meaning
            if kind != "cue" or said is None or reach is None or (said == "normal" and not findings):
                continue
            if self._reaches(hit, said, reach, first, last):
                away = max(first - hit.last, hit.first - last)
                cue = Cue(said, words[hit.first].start, words[hit.last - 1].end)
                found.append((FIRST.index(said), away, cue))
        return min(found, key=lambda one: one[:2], default=(0, 0, None))[2]

    def close_before(self, cue: Cue, first: int) -> bool:
        """Whether a negation stands at most three words before a word: near enough to turn ``stable`` around."""
        words = self.passage.words[max(0, first - NEAR_WORDS - 1) : first]
        return cue.said == "negated" and any(word.end == cue.end for word in words)

    def _reaches(self, hit: Hit[_Mark], said: Said, reach: Reach, first: int, last: int) -> bool:
        if reach in ("before", "near_before"):
            between = first - hit.last
            near = reach == "before" or between <= NEAR_WORDS
            return between >= 0 and near and not self._ended(said, hit.last, first)
        between = hit.first - last
        limit = AFTER_WORDS if reach == "after" else NEAR_WORDS
        if not 0 <= between <= limit:
            return False
        if reach == "answer":
            return ":" in self._gap(hit.first) and not any(self._parts(at) for at in range(last, hit.first))
        between_words = self.passage.words[last : hit.first]
        if reach == "near_after" and said == "normal" and any(word.stem in JOINS for word in between_words):
            return False
        return not self._ended(said, last, hit.first)

    def _parts(self, at: int) -> bool:
        """Whether a colon or semicolon stands before a word."""
        return any(sign in self._gap(at) for sign in ":;")

    def _ended(self, said: Said, first: int, last: int) -> bool:
        """Whether something between two words ends the reach: a word for it, a semicolon, a new label.

        A colon right at the beginning belongs to what stands before it (``Denies: fever``).
        """
        breaks = self.breaks
        ends = breaks.ends if said in WIDE else breaks.ends_denial
        signs = (
            breaks.semicolons[last + 1] - breaks.semicolons[first] + breaks.colons[last + 1] - breaks.colons[first + 1]
        )
        return ends[last] > ends[first] or signs > 0

    def _gap(self, at: int) -> str:
        return _gap(self.passage, self.page, at)


@dataclass(frozen=True, slots=True)
class _Breaks:
    """How many breaks of a kind there are before each word, so that any stretch is told by one subtraction."""

    ends: tuple[int, ...]
    ends_denial: tuple[int, ...]
    semicolons: tuple[int, ...]
    colons: tuple[int, ...]


def _breaks(passage: Passage, page: str, hits: Sequence[Hit[_Mark]]) -> _Breaks:
    places = range(len(passage.words) + 1)
    ends = {hit.first for hit in hits if hit.meaning[0] == "end"}
    denial = ends | {hit.first for hit in hits if hit.meaning[0] == "end_of_denial"}
    gaps = [_gap(passage, page, at) for at in places]
    return _Breaks(*(
        tuple(accumulate(marks, initial=0))
        for marks in (
            (at in ends for at in places),
            (at in denial for at in places),
            (";" in gap for gap in gaps),
            (":" in gap for gap in gaps),
        )
    ))  # fmt: skip


def _gap(passage: Passage, page: str, at: int) -> str:
    """What stands on the page between a word and the one before it."""
    words = passage.words
    return page[words[at - 1].end : words[at].start] if 0 < at < len(words) else ""
