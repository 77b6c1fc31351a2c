"""Hard words are found as whole words with what to write instead; a short form unexplained is named."""

from __future__ import annotations

import pytest

from openum.core.plain_words import Jargon, hard_words, unexplained

JARGON = Jargon(
    {"utilization": "use", "utilization management": "review of care", "prior to": "before"}, frozenset({"TTY", "PO"})
)


def test_a_hard_word_is_found_in_any_case_and_only_as_a_whole_word() -> None:
    assert hard_words("Prior  to: no. PRIOR TO surgery", JARGON) == (("prior to", "before"),)
    assert hard_words("We reviewed utilizations", JARGON) == ()
    assert hard_words("", JARGON) == hard_words("prior to", Jargon()) == ()


def test_the_longer_of_two_overlapping_phrases_counts() -> None:
    assert hard_words("Utilization management said no.", JARGON) == (("utilization management", "review of care"),)
    assert hard_words("Utilization management and utilization", JARGON) == (
        ("utilization", "use"), ("utilization management", "review of care"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "a magnetic resonance imaging scan (MRI) first, then an MRI",
        "MRI (magnetic resonance imaging)",
        "Employee Retirement Income Security Act (ERISA)",
        "Call us (TTY 711) or write to PO Box 3",
        "Call 1-800-MEDICARE or 1-866-444-EBSA",
        "Form CMS-10003, code E1390, see www.X.example/ABC",
        "I am A person. We are OK2GO.",
        "U.S. rules",
    ],
)
def test_what_is_explained_known_or_no_short_form_is_left_alone(text: str) -> None:
    assert unexplained(text, JARGON) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("You need an MRI. Later: magnetic resonance imaging (MRI)", ("MRI",)),
        ("The (MRI) was normal", ("MRI",)),
        ("Your MRI and CT. The MRI again", ("MRI", "CT")),
        ("Two MRIs were done", ("MRI",)),
        ("MRI (scan)", ("MRI",)),
    ],
)
def test_a_short_form_without_its_words_is_named_once(text: str, named: tuple[str, ...]) -> None:
    assert unexplained(text, JARGON) == named
