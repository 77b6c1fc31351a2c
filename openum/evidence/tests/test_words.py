"""Words, phrases and passages: what is compared, and that nothing of a document is lost when it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.evidence.document import read_document
from openum.evidence.passages import passage_quote, passages_of
from openum.evidence.phrases import Hit, PhraseBook, longest
from openum.evidence.words import stems_of, words_of


@pytest.mark.parametrize(
    ("written", "stems"),
    [
        ("Fevers, Crohn’s DISEASE", ("fever", "crohn", "disease")),
        ("palpi\u00adtations", ("palpitation",)),
        ("palpi\x02\r\ntations", ("palpitation",)),
        ("\ufb01rst na\u00efve", ("first", "naive")),
        ("9.9 g/dL, 1,200", ("9.9", "g", "dl", "1,200")),
        ("biopsies stress illness is pus", ("biopsy", "stress", "illness", "is", "pus")),
    ],
)
def test_words_are_compared_without_case_plural_and_hyphenation(written: str, stems: tuple[str, ...]) -> None:
    assert stems_of(written) == stems


@given(st.text(max_size=60))
def test_every_word_stands_where_it_says(text: str) -> None:
    places = [(word.start, word.end) for word in words_of(text)]
    assert places == sorted(places)
    for word in words_of(text):
        assert word.stem in stems_of(text[word.start : word.end])


def find(phrase: str, text: str) -> list[str]:
    words = words_of(text)
    book = PhraseBook([(phrase, "it")])
    return [text[words[hit.first].start : words[hit.last - 1].end] for hit in book.find(words, text)]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("MI", "Old MI, mi casa", ["MI"]),
        ("ALL", "HE HAS NO KNOWN ALL OF IT", []),
        ("shortness of breath", "shortness-of-breath", ["shortness-of-breath"]),
        ("risks … discussed", "Risks of this were discussed.", ["Risks of this were discussed"]),
        ("risks … discussed", "Risks one two three four five six discussed.", []),
        (", he", "No fever, he coughs. Does he?", ["he"]),
        ("5/5", "Strength 5/5.", ["5/5"]),
    ],
)
def test_a_phrase_is_found_where_it_stands(phrase: str, text: str, found: list[str]) -> None:
    assert find(phrase, text) == found


def test_the_longest_of_overlapping_phrases_holds_and_equal_ones_stay() -> None:
    hits = [Hit(0, 1, "no"), Hit(0, 2, "no change"), Hit(3, 5, "a"), Hit(3, 5, "b"), Hit(4, 6, "late")]
    assert [hit.meaning for hit in longest(hits)] == ["no change", "a", "b"]


def passages(text: str) -> list[tuple[str, str]]:
    return [(one.section, one.text) for one in passages_of(read_document(text.encode(), "text/plain"))]


def test_sentences_are_cut_also_where_a_heading_runs_on() -> None:
    text = "HISTORY: Seen by Dr. Lee, e.g. for 2.5 mg q.d. of it.No fever.PAST HISTORY:Asthma."
    text += "\nFAMILY HISTORY\nMother: asthma"
    assert passages(text) == [
        ("HISTORY", "HISTORY: Seen by Dr. Lee, e.g. for 2.5 mg q.d. of it."),
        ("HISTORY", "No fever."),
        ("PAST HISTORY", "PAST HISTORY:Asthma."),
        ("FAMILY HISTORY", "FAMILY HISTORY"),
        ("FAMILY HISTORY", "Mother: asthma"),
    ]


def test_a_line_that_is_not_finished_goes_on() -> None:
    assert [text for _, text in passages("Denies chest pain or\nDyspnea.\n\n- Cough\n- Fever")] == [
        "Denies chest pain or\nDyspnea.", "- Cough", "- Fever",
    ]  # fmt: skip


@given(st.text(st.sampled_from("aB c.\n\r:-1•;é\u00ad"), max_size=80))
def test_no_word_is_lost_and_every_passage_is_quoted_exactly(text: str) -> None:
    content = text.encode()
    document = read_document(content, "text/plain")
    cut = passages_of(document)
    assert [word.stem for one in cut for word in one.words] == [
        word.stem for one in cut for word in words_of(text, one.start, one.end)
    ]
    assert sum(len(one.text.split()) for one in cut) <= len(text.split()) + text.count(".") + text.count(
        ":"
    ) + text.count("•")
    assert all(one.start >= two.end for one, two in zip(cut[1:], cut, strict=False))
    covered = {place for one in cut for place in range(one.start, one.end)}
    assert not any(text[place].isalnum() for place in range(len(text)) if place not in covered)
    for one in cut:
        found = passage_quote(document, one)
        assert content[found.source_start : found.source_end].decode() == found.text == one.text
