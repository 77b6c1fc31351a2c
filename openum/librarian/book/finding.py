"""Finding pages by words, names and citations: one small index, searched alike by the server and by ``find.js``.

Every word of a query must begin some word of a page. Words of the title, the names and the citations weigh more than
words of the text; a page that goes by the whole query stands first.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from openum.librarian.book.binding import Book
from openum.librarian.book.entry import Entry
from openum.librarian.page import words_of

WORD = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*")
MOST_WORDS = 12
"""How many words of a query are looked at."""
EXACT, HEAD, TEXT = 8, 4, 1
NAMED, BEGUN = 1000, 100
"""What a page gains that goes by the whole query, or by a name that begins with it."""


@dataclass(frozen=True, slots=True)
class Index:
    """For each word the numbers of the pages that have it: in title, names and citations, and in the text."""

    names: tuple[tuple[str, ...], ...]
    heads: Mapping[str, tuple[int, ...]]
    texts: Mapping[str, tuple[int, ...]]
    head_words: tuple[str, ...]
    text_words: tuple[str, ...]


def folded(text: str) -> str:
    """A text as it is compared: small letters without accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(one for one in plain if not unicodedata.combining(one)).lower()


def words(text: str) -> Iterator[str]:
    """The words of a text, each as it is compared."""
    return iter(WORD.findall(folded(text)))


def index_of(book: Book) -> Index:
    """The index of a book; a page's number is its place among the entries."""
    heads: dict[str, set[int]] = defaultdict(set)
    texts: dict[str, set[int]] = defaultdict(set)
    for number, one in enumerate(book.entries):
        for word in (word for text in (one.title, *one.names, *one.cites) for word in words(text)):
            heads[word].add(number)
        for word in (word for text in words_of(one.body) for word in words(text)):
            texts[word].add(number)
    for word, pages in heads.items():
        texts[word] -= pages
    return Index(
        names=tuple(tuple(folded(name) for name in one.names) for one in book.entries),
        heads=_sorted(heads),
        texts=_sorted(texts),
        head_words=tuple(sorted(heads)),
        text_words=tuple(sorted(word for word, pages in texts.items() if pages)),
    )


def _sorted(found: Mapping[str, set[int]]) -> dict[str, tuple[int, ...]]:
    return {word: tuple(sorted(found[word])) for word in sorted(found) if found[word]}


def find(index: Index, query: str) -> tuple[int, ...]:
    """The pages that have every word of the query, the best first, then in the order of the book."""
    asked = list(dict.fromkeys(words(query)))[:MOST_WORDS]
    if not asked:
        return ()
    total: dict[int, int] | None = None
    for word in asked:
        scores = _scores(index, word)
        total = scores if total is None else {page: total[page] + scores[page] for page in total if page in scores}
    whole = folded(query).strip()
    ranked = {page: score + _named(index.names[page], whole) for page, score in (total or {}).items()}
    return tuple(sorted(ranked, key=lambda page: (-ranked[page], page)))


def _scores(index: Index, word: str) -> dict[int, int]:
    scores: dict[int, int] = {}
    for sorted_words, pages_of, weight in (
        (index.text_words, index.texts, TEXT),
        (index.head_words, index.heads, HEAD),
    ):
        for found in _beginning(sorted_words, word):
            gain = weight + (EXACT * weight if found == word else 0)
            for page in pages_of[found]:
                scores[page] = max(scores.get(page, 0), gain)
    return scores


def _beginning(sorted_words: tuple[str, ...], word: str) -> Iterable[str]:
    at = bisect_left(sorted_words, word)
    while at < len(sorted_words) and sorted_words[at].startswith(word):
        yield sorted_words[at]
        at += 1


def _named(names: Iterable[str], whole: str) -> int:
    return max(NAMED if name == whole else BEGUN if name.startswith(whole) else 0 for name in names)


def as_script(book: Book, index: Index) -> str:
    """The index as a script that sets ``BOOK``: a page opened from a folder may not fetch a file, but may load one."""
    pages = [[one.address, one.name, one.title, _chapter(book, one), one.since] for one in book.entries]
    data = {
        "pages": pages,
        "names": index.names,
        "heads": {word: index.heads[word] for word in index.head_words},
        "texts": {word: index.texts[word] for word in index.text_words},
    }
    return f"const BOOK = {json.dumps(data, ensure_ascii=False, separators=(',', ':'))};\n"


def _chapter(book: Book, entry: Entry) -> str:
    return next(one.title for one in book.chapters if one.shelf == entry.shelf)
