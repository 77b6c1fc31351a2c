"""What is suggested for and against a fact, and what is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.facts import FactDefinition
from openum.core.refusal import Refusal
from openum.evidence.context import context_of
from openum.evidence.document import Document, read_document, resolve
from openum.evidence.find import Suggestion, says_against, suggest
from openum.evidence.index import Index
from openum.evidence.lexicon import FILES, examples, lexicon
from openum.evidence.passages import passages_of
from openum.evidence.phrases import PhraseBook
from openum.evidence.words import stems_of
from openum.librarian.read import SHIPPED, library

LANGUAGES = sorted(one.name for one in (SHIPPED / "evidence").iterdir() if one.is_dir())


def plain(text: str, **more: Any) -> Document:
    return read_document(text.encode(), "text/plain", **more)


def asked(fact: str, text: str, language: str = "en") -> tuple[Suggestion, ...]:
    return suggest([library().facts[fact]], [plain(text)], words=lexicon(language))[fact]


def worked(name: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(language, one) for language in LANGUAGES for one in examples(language, name)]


@pytest.mark.parametrize(
    ("language", "example"), worked("context"), ids=lambda one: one if isinstance(one, str) else one["text"]
)
def test_every_example_of_a_cue_holds(language: str, example: Mapping[str, Any]) -> None:
    document = plain(example["text"])
    context = context_of(lexicon(language))
    book = PhraseBook([(example["term"], "term")])
    said = []
    for passage in passages_of(document):
        reading = context.read(passage, document.pages[0].text)
        for hit in book.find(passage.words, document.pages[0].text):
            cue = reading.of(hit.first, hit.last)
            said.append(cue.said if cue else "affirmed")
    assert said == [example["is"]]


@pytest.mark.parametrize(
    ("language", "example"), worked("words"), ids=lambda one: one if isinstance(one, str) else one["text"]
)
def test_every_example_of_a_facts_words_holds(language: str, example: Mapping[str, Any]) -> None:
    made = asked(example["fact"], example["text"], language)
    assert (example["is"], example["words"]) in [(one.kind, one.words.text) for one in made]


@pytest.mark.parametrize(
    ("language", "example"), worked("numbers"), ids=lambda one: one if isinstance(one, str) else one["text"]
)
def test_every_example_of_a_number_holds(language: str, example: Mapping[str, Any]) -> None:
    fact = FactDefinition(id="it", type="number", unit=example["unit"], question="?", words=(example["word"],))
    made = suggest([fact], [plain(example["text"])], words=lexicon(language))["it"]
    values = [(one.value.value, one.value.up_to) for one in made if one.value]
    assert values == ([(example["value"], example.get("up_to"))] if "value" in example else [])


@pytest.mark.parametrize(
    ("language", "example"), worked("against"), ids=lambda one: one if isinstance(one, str) else one["text"]
)
def test_every_example_of_a_word_against_holds(language: str, example: Mapping[str, Any]) -> None:
    made = says_against([plain(example["text"])], [example["list"]], words=lexicon(language))
    assert [one.words.text for one in made] == example["words"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_lexicon_names_is_in_the_library(language: str) -> None:
    words = lexicon(language)
    named = {*words.facts, *(fact for one in words.lists.values() for fact in one.facts)}
    assert sorted(named - set(library().facts)) == []
    assert all(examples(language, name) for name in FILES if name != "sections")


def test_each_side_is_shown_with_the_words_and_the_cue_that_say_so() -> None:
    text = "HISTORY: He denies chest pain but has palpitations. Return if syncope."
    made = asked("heart_signs_or_symptoms", text)
    assert [(one.kind, one.words.text, one.said, one.cue.text if one.cue else "") for one in made] == [
        ("against", "chest pain", "negated", "denies"),
        ("for", "palpitations", "", ""),
        ("uncertain", "syncope", "hypothetical", "Return if"),
    ]
    assert [one.quote.text for one in made[1:]] == [
        "HISTORY: He denies chest pain but has palpitations.",
        "Return if syncope.",
    ]
    assert {one.quote.section for one in made} == {"HISTORY"}


def test_a_section_about_others_makes_nothing_certain_until_the_next_heading() -> None:
    made = asked("diabetes", "FAMILY HISTORY:  Diabetes. No diabetes in cousins.PAST MEDICAL HISTORY: Diabetes.")
    assert [(one.kind, one.said) for one in made] == [("uncertain", "other_person")] * 2 + [("for", "")]
    assert made[0].cue is None


def test_nothing_found_is_an_empty_answer_and_no_evidence_against() -> None:
    assert asked("icd_in_place", "Sutures were removed.") == ()


def test_a_fact_without_words_is_offered_passages_that_share_words_with_its_question() -> None:
    made = asked("acupuncturist_license", "The acupuncturist holds a full and active license. He is well.")
    assert [(one.kind, one.said, one.quote.text) for one in made] == [
        ("uncertain", "related", "The acupuncturist holds a full and active license.")
    ]


@pytest.mark.parametrize("segment", ["psychotherapy_notes", "sud_counseling_notes"])
def test_psychotherapy_and_counseling_notes_are_not_read_unless_allowed(segment: Any) -> None:
    fact = library().facts["danger_to_self_or_others"]
    documents = [plain("Denies suicidal ideation.", segment=segment), plain("No homicidal ideation.")]
    shown = suggest([fact], documents)[fact.id]
    assert [one.quote.text for one in shown] == ["No homicidal ideation."]
    assert len(suggest([fact], documents, may_show=lambda _: True)[fact.id]) == 2
    assert suggest([fact], documents, may_show=lambda _: False)[fact.id] == ()
    assert says_against([plain("He is stable.", segment=segment)], ["continued-stay"]) == ()


def test_a_number_of_another_unit_or_of_a_longer_name_is_no_candidate() -> None:
    assert [one.value for one in asked("hemoglobin", "Hemoglobin A1c 7.1, hemoglobin 99 kg.")] == []
    (found,) = asked("weight_kg", "She weighs 267 pounds.")
    assert found.kind == "for"
    assert found.value is not None
    assert (round(found.value.value, 1), found.value.unit_written) == (121.1, True)


def test_an_unknown_language_or_list_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Refusal) as refused:
        lexicon("xx")
    assert (refused.value.code, refused.value.next) == ("no_such_language", "Known are: en, es.")
    with pytest.raises(Refusal) as refused:
        says_against([], ["no-such"])
    assert refused.value.code == "no_such_list"
    assert "continued-stay" in refused.value.next


def test_search_ranks_passages_with_rarer_words_first() -> None:
    document = plain("The oxygen tank. The tank is there. The oxygen saturation fell. The bed is there.")
    found = Index(passages_of(document)).search(stems_of("oxygen saturation"), 2)
    assert [(one.passage.text, one.words) for one in found] == [
        ("The oxygen saturation fell.", 2),
        ("The oxygen tank.", 1),
    ]


sentences = st.lists(
    st.sampled_from([
        "Denies chest pain", "No SOB", "palpi\u00adtations", "FAMILY HISTORY:", "Mother had syncope", "\r\n",
        "if chest pain", ";", "but", "fi\ufb01", "é€", "Stable.", "afebrile", "Hgb 9.9", "weighs 200 lb",
        "EF 20% to 25%", "not", "-", ":", "Dr.", "<b>", "&amp;",
    ]),
    max_size=25,
).map(" ".join)  # fmt: skip
FACTS = [
    library().facts[id]
    for id in (
        "heart_signs_or_symptoms",
        "clinically_stable",
        "hemoglobin",
        "lvef",
        "weight_kg",
        "serious_infection_now",
    )
]


@settings(deadline=None, max_examples=60)
@given(sentences, st.sampled_from(["text/plain", "text/html"]))
def test_every_suggestion_of_any_document_resolves_to_the_byte(text: str, media: str) -> None:
    content = text.encode()
    document = read_document(content, media)
    for made in suggest(FACTS, [document]).values():
        for one in made:
            for quote in (one.quote, one.words, *((one.cue,) if one.cue else ())):
                assert resolve(quote, content, media) == quote.text == document.pages[0].text[quote.start : quote.end]
                assert quote.text.strip()
            assert one.quote.start <= one.words.start < one.words.end <= one.quote.end
            if one.value:
                number = document.pages[0].text[one.value.start : one.value.end]
                assert any(map(str.isdigit, number))
                assert one.quote.start <= one.value.start < one.value.end <= one.quote.end


@settings(deadline=None, max_examples=60)
@given(sentences)
def test_a_document_more_takes_no_suggestion_away(text: str) -> None:
    one, other = plain("Denies chest pain. Afebrile. Hgb 9.9. Stable. EF 30%. Weighs 200 lb."), plain(text)
    alone, both = suggest(FACTS, [one]), suggest(FACTS, [one, other])
    for id, made in alone.items():
        assert set(made) <= {replace(each) for each in both[id]}
