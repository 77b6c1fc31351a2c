"""Passages for and against facts: what a person is shown beside an open or disputed line. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from openum.core.chart import Segment
from openum.core.facts import FactDefinition
from openum.core.refusal import Refusal
from openum.evidence.context import Context, Cue, Reading, context_of
from openum.evidence.document import Document, Quote, quote
from openum.evidence.index import Index
from openum.evidence.lexicon import AgainstList, FactWords, Lexicon, lexicon
from openum.evidence.numbers import Candidate, candidate
from openum.evidence.passages import Passage, passage_quote, passages_of
from openum.evidence.phrases import Hit, PhraseBook, phrase_of
from openum.evidence.words import stems_of

Kind = Literal["for", "against", "uncertain"]
MayShow = Callable[[Segment], bool]
NEVER_BY_ROUTINE: frozenset[Segment] = frozenset({"psychotherapy_notes", "sud_counseling_notes"})
"""Not shown unless a predicate of the caller allows it (45 CFR 164.508(a)(2), 42 CFR 2.31(b))."""
RELATED = 3
"""How many passages are offered for a fact of which no word was found."""
RELATED_WORDS = 2
"""How many different telling words of its question such a passage holds at least."""
LABEL_WORDS = 2
"""How many more words a label has after a fact's word: ``Tobacco use:``."""
TELLING = 4
"""Letters that a word of a question has at least to be looked for."""

_Meaning = tuple[str, Literal["for", "against", "nothing"]]
"""A fact's id, and how the words speak of it; ``OTHER`` is the id of a longer name that is of no fact at all."""
OTHER = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A passage that a person may read for a fact.

    ``quote`` is the whole passage, ``words`` those in it that speak of the fact. ``said`` names what the words around
    make of them (empty: simply said; ``related``: no word of the fact was found, the passage resembles its question),
    and ``cue`` is where that stands: words of the passage, or none when the section's heading says it. ``value`` is a
    number that may be the fact's. ``score`` orders suggestions of a kind, higher first.
    """

    fact: str
    kind: Kind
    quote: Quote
    words: Quote
    said: str = ""
    cue: Quote | None = None
    value: Candidate | None = None
    score: float = 0.0


def withheld_by_routine(segment: Segment) -> bool:
    """The predicate that holds when the caller gives none: psychotherapy and SUD counseling notes stay shut."""
    return segment not in NEVER_BY_ROUTINE


def suggest(
    facts: Iterable[FactDefinition],
    documents: Iterable[Document],
    *,
    may_show: MayShow = withheld_by_routine,
    words: Lexicon | None = None,
) -> dict[str, tuple[Suggestion, ...]]:
    """For each fact the passages that speak for it, against it, or cannot be taken either way, in reading order.

    ``may_show`` says of a document's segment whether its words may be shown; a document that may not is not read at
    all. ``words`` is the language (English by default). A fact of which nothing was found has an empty tuple: that is
    no evidence against it.
    """
    known = {fact.id: fact for fact in facts}
    shown = [document for document in documents if may_show(document.segment)]
    finder = Finder(known, words or lexicon())
    found: dict[str, list[Suggestion]] = {id: [] for id in known}
    passages = [(document, passage) for document in shown for passage in passages_of(document)]
    for document, passage in passages:
        for suggestion in finder.in_passage(document, passage):
            found[suggestion.fact].append(suggestion)
    silent = [fact for fact in known.values() if not found[fact.id]]
    for suggestion in _related(silent, passages):
        found[suggestion.fact].append(suggestion)
    return {id: tuple(suggestions) for id, suggestions in found.items()}


class Finder:
    """The words of some facts in one language, ready to be looked for in many passages."""

    def __init__(self, facts: Mapping[str, FactDefinition], words: Lexicon) -> None:
        self._facts = facts
        self._lexicon = words
        self._context = context_of(words)
        self._book: PhraseBook[_Meaning] = PhraseBook([
            *(pair for fact in facts.values() for pair in _phrases(fact, words)),
            *((thing, (OTHER, "nothing")) for thing in words.other_things),
        ])  # fmt: skip
        self._tests = frozenset(phrase_of(test).stems for test in words.tests)

    def in_passage(self, document: Document, passage: Passage) -> Iterator[Suggestion]:
        """What one passage says of the facts."""
        page = document.pages[passage.page - 1].text
        hits = _outermost(self._book.find(passage.words, page))
        if not hits:
            return
        reading = self._context.read(passage, page)
        for hit in _answers(hits, passage, page):
            made = self._suggestion(document, reading, hit)
            if made is not None:
                yield made

    def _suggestion(self, document: Document, reading: Reading, hit: Hit[_Meaning]) -> Suggestion | None:
        passage, page = reading.passage, reading.page
        id, _ = hit.meaning
        fact = self._facts[id]
        start, end = passage.words[hit.first].start, passage.words[hit.last - 1].end
        cue = reading.of(hit.first, hit.last, findings=self._is_finding(passage, hit))
        value = None
        if fact.type == "number":
            value = candidate(fact, page, (start, end), (passage.start, passage.end), self._lexicon)
            if value is None:
                return None
        pages = document.pages[passage.page - 1]
        return Suggestion(
            fact=id,
            kind=self._kind(fact, reading, hit, cue),
            quote=passage_quote(document, passage),
            words=passage_quote(document, passage, start, end),
            said=cue.said if cue else "",
            cue=quote(document, pages, cue.start, cue.end, section=passage.section)
            if cue and not cue.section
            else None,
            value=value,
            score=1.0 if cue is None or cue.said in ("negated", "normal") else 0.5,
        )

    def _is_finding(self, passage: Passage, hit: Hit[_Meaning]) -> bool:
        return tuple(word.stem for word in passage.words[hit.first : hit.last]) not in self._tests

    def _kind(self, fact: FactDefinition, reading: Reading, hit: Hit[_Meaning], cue: Cue | None) -> Kind:
        affirms = hit.meaning[1] == "for"
        past = cue is not None and cue.said == "historical" and (fact.ever or fact.id in self._lexicon.past)
        if cue is None or past:
            return "for" if affirms else "against"
        if cue.said not in ("negated", "normal"):
            return "uncertain"
        if fact.type in ("number", "date"):
            return "for" if cue.said == "normal" else "uncertain"
        return "against" if affirms or not reading.close_before(cue, hit.first) else "for"


def says_against(
    documents: Iterable[Document],
    lists: Iterable[str],
    *,
    may_show: MayShow = withheld_by_routine,
    words: Lexicon | None = None,
) -> tuple[Suggestion, ...]:
    """The passages of a request's own documents that speak against it, for the clinician to see before it is sent.

    ``lists`` names lists of ``library/evidence/<language>/against.yaml`` (``continued-stay``); the ``fact`` of a
    suggestion is the list's name. What is negated, hypothetical or about others is left out.

    Refuses with ``no_such_list``.
    """
    known = words or lexicon()
    book: PhraseBook[_Meaning] = PhraseBook([
        (phrase, (name, "against")) for name in lists for phrase in _list(known, name).phrases
    ])  # fmt: skip
    context = context_of(known)
    return tuple(
        suggestion
        for document in documents
        if may_show(document.segment)
        for passage in passages_of(document)
        for suggestion in _against(document, passage, book, context)
    )


def _list(known: Lexicon, name: str) -> AgainstList:
    if name not in known.lists:
        raise Refusal("no_such_list", f"There is no list {name}.", f"Name one of {', '.join(sorted(known.lists))}.")
    return known.lists[name]


def _against(
    document: Document, passage: Passage, book: PhraseBook[_Meaning], context: Context
) -> Iterator[Suggestion]:
    page = document.pages[passage.page - 1].text
    hits = _outermost(book.find(passage.words, page))
    if not hits:
        return
    reading = context.read(passage, page)
    for hit in hits:
        if reading.of(hit.first, hit.last) is not None:
            continue
        start, end = passage.words[hit.first].start, passage.words[hit.last - 1].end
        yield Suggestion(
            fact=hit.meaning[0],
            kind="against",
            quote=passage_quote(document, passage),
            words=passage_quote(document, passage, start, end),
            score=1.0,
        )


def _phrases(fact: FactDefinition, words: Lexicon) -> Iterator[tuple[str, _Meaning]]:
    """The words of a fact with what they say of it. A word against it is never also a word for it."""
    more = words.facts.get(fact.id, FactWords())
    against = {phrase_of(word).stems for word in more.against}
    for word in words.words_for((*fact.words, *more.words)):
        if phrase_of(word).stems not in against:
            yield word, (fact.id, "for")
    for word in more.against:
        yield word, (fact.id, "against")
    for word in more.not_:
        yield word, (fact.id, "nothing")


def _outermost(hits: Sequence[Hit[_Meaning]]) -> list[Hit[_Meaning]]:
    """Without hits that lie in a longer one of the same fact, or in the longer name of something else."""
    kept: list[Hit[_Meaning]] = []
    for hit in sorted(hits, key=lambda one: (one.first - one.last, one.first)):
        inside = (two for two in kept if two.first < hit.last and hit.first < two.last)
        if not any(two.meaning[0] in (hit.meaning[0], OTHER) for two in inside):
            kept.append(hit)
    return sorted((hit for hit in kept if hit.meaning[1] != "nothing"), key=lambda one: (one.first, one.meaning))


def _answers(hits: Sequence[Hit[_Meaning]], passage: Passage, page: str) -> Iterator[Hit[_Meaning]]:
    """Without labels that the words after their colon answer: ``Tobacco use: non-smoker`` is about the non-smoker."""
    words = passage.words
    for hit in hits:
        colon = page.find(":", words[hit.last - 1].end, words[min(hit.last + LABEL_WORDS, len(words)) - 1].end)
        later = (two for two in hits if two.meaning[0] == hit.meaning[0] and words[two.first].start > colon)
        if colon < 0 or not any(later):
            yield hit


def _related(facts: Sequence[FactDefinition], passages: Sequence[tuple[Document, Passage]]) -> Iterator[Suggestion]:
    """For facts of which no word was found: passages that share telling words with the question, as uncertain."""
    if not facts or not passages:
        return
    index = Index([passage for _, passage in passages])
    documents = {document.digest: document for document, _ in passages}
    for fact in facts:
        telling = [stem for stem in stems_of(fact.question) if len(stem) >= TELLING and not stem.isdigit()]
        for found in index.search(telling, RELATED):
            if found.words >= RELATED_WORDS:
                whole = passage_quote(documents[found.passage.document], found.passage)
                yield Suggestion(
                    fact=fact.id, kind="uncertain", quote=whole, words=whole, said="related", score=found.score
                )
