"""A text's measure is the published formula over its own sentences, and its hardest sentences are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.reading import HARDEST, read_letter, read_text, syllables


def test_english_syllables_are_groups_of_vowels_without_a_silent_last_e() -> None:
    words = ("the", "care", "table", "decision", "asked", "started", "I")
    assert [syllables(word) for word in words] == [1, 1, 2, 3, 1, 2, 1]


@pytest.mark.parametrize(
    ("word", "count"),
    [("autorización", 5), ("país", 2), ("cuidado", 3), ("leer", 2), ("que", 1), ("guerra", 2), ("pingüino", 3),
     ("rey", 1), ("y", 1), ("prohibir", 3), ("día", 2), ("médico", 3), ("lingüística", 4), ("sr", 1)],
)  # fmt: skip
def test_spanish_syllables_follow_strong_and_weak_vowels(word: str, count: int) -> None:
    assert syllables(word, "es") == count


def test_running_text_counts_and_headings_do_not() -> None:
    assert read_letter("<h1>Extraordinarily complicated institutional heading</h1>").value == 0.0
    assert read_letter("<p>The cat sat on the mat. The dog sat on the log.</p>").value == 0.0
    assert read_letter("<p>You can ask us to look at our decision again within thirty days.</p>").value == 5.8


def test_only_whole_sentences_of_a_list_count() -> None:
    label = "<ul><li>Extraordinarily complicated institutional classification</li></ul>"
    assert read_letter(label).hardest == ()
    assert read_letter(label.replace("classification", "classification.")).value > 30


def test_a_paragraph_without_a_full_stop_is_a_sentence_of_its_own() -> None:
    apart = read_letter("<p>We looked at your case</p><p>We said no to the care</p>")
    assert [one.text for one in apart.hardest] == ["We looked at your case", "We said no to the care"]


def test_an_element_counts_as_one_short_word_and_marks_as_nothing() -> None:
    marked = "<p>{% if a %}Call us at {{ plan_phone }} today.{% end %}</p>"
    assert read_letter(marked).value == read_letter("<p>Call us at it today.</p>").value


def test_the_flesch_kincaid_grade_is_the_published_formula() -> None:
    # 8 words, 1 sentence, syllables: We(1) will(1) send(1) you(1) a(1) letter(2) about(2) it(1) = 10
    assert read_text("We will send you a letter about it.").value == round(0.39 * 8 + 11.8 * 10 / 8 - 15.59, 1)


def test_the_spanish_measure_is_the_perspicuity_of_szigriszt() -> None:
    # 8 words, 1 sentence; Us-ted pue-de pe-dir u-na a-pe-la-ción en se-sen-ta dí-as = 2+2+2+2+4+1+3+2 = 18 syllables
    reading = read_text("Usted puede pedir una apelación en sesenta días.", "es")
    assert reading.value == round(206.835 - 62.3 * 18 / 8 - 8, 1)
    assert reading.words == "INFLESZ 58.7"


def test_harder_means_a_higher_grade_in_english_and_a_lower_ease_in_spanish() -> None:
    english, spanish = read_text("You can ask us to look again."), read_text("Usted puede pedir una apelación.", "es")
    assert (english.harder_than(english.value), english.harder_than(english.value - 0.1)) == (False, english.value > 0)
    assert (spanish.harder_than(spanish.value), spanish.harder_than(spanish.value + 0.1)) == (False, True)
    assert not english.harder_than(0)
    assert english.words.startswith("school grade")


def test_no_sentence_at_all_is_not_hard() -> None:
    for language, value in (("en", 0.0), ("es", 100.0)):
        reading = read_text("Yes.", language)  # type: ignore[arg-type]
        assert (reading.value, reading.hardest, reading.harder_than(1)) == (value, (), False)


def test_the_hardest_sentences_come_first_and_are_few() -> None:
    text = (
        "We said no to it. The administrative reconsideration necessitates supplementary documents. Call us with it. "
        "Notwithstanding previous authorization, utilization limitations apply to everybody. We can help you now."
    )
    hardest = read_text(text).hardest
    assert len(hardest) == HARDEST
    assert hardest[0].text.startswith("The administrative")
    assert [one.value for one in hardest] == sorted((one.value for one in hardest), reverse=True)
    spanish = read_text(
        "Le damos la carta. La determinación administrativa requiere documentación suplementaria.", "es"
    )
    assert spanish.hardest[0].text.startswith("La determinación")


@given(st.text(max_size=200), st.sampled_from(["en", "es"]))
def test_any_text_has_a_measure_and_its_hardest_sentences_are_its_own(text: str, language: str) -> None:
    reading = read_text(text, language)  # type: ignore[arg-type]
    assert isinstance(reading.value, float)
    assert all(" ".join(one.text.split()) in " ".join(text.split()) for one in reading.hardest)


@given(st.integers(1, 6))
def test_a_longer_sentence_of_the_same_words_is_never_easier(times: int) -> None:
    word, more = "we look at it ", "we look at it " * times
    assert read_text(more + word).value >= read_text(more).value
    assert read_text(more + word, "es").value <= read_text(more, "es").value
