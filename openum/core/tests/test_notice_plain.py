"""The letter's own sentences must be plain or it is not issued; a person's words are only remarked on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openum.core.notice import Letter
from openum.core.notice_plain import reading_of, remarks, require_plain, stricter, template_remarks
from openum.core.plain_words import Jargon
from openum.core.refusal import Refusal
from openum.core.tests.test_notice import ELEMENTS, ENGLISH, LETTER

HARD = "The administrative reconsideration necessitates supplementary institutional documentation immediately."
JARGON = Jargon({"prior to": "before"}, frozenset({"TTY"}))
AUTHORS = {"member_name": "case", "lines.reason": "person", "plan_words": "plan"}


def letter(template: str, *, limit: float = 8) -> Letter:
    return replace(
        LETTER, template=template, names=(*LETTER.names, "plan_words"), authors=AUTHORS, reading_limit=limit,
        wording=replace(ENGLISH, jargon=JARGON),
    )  # fmt: skip


BODY = "<p>We looked at your request for care. {{ plan_words }}</p>{% each lines as l %}<p>{{ l.reason }}</p>{% end %}"


def test_a_plain_letter_passes_whatever_a_clinician_writes_in_it() -> None:
    given = {
        **ELEMENTS,
        "lines": ({"service": "Oxygen", "outcome": "denied", "reason": HARD},),
        "plan_words": "Call us.",
    }
    require_plain(letter(BODY), given)
    (remark,) = remarks(letter(BODY), given)
    assert (remark.kind, remark.where) == ("reading", "lines.reason")
    assert remark.what == f"It reads at school grade {reading_of(letter(f'<p>{HARD}</p>'), ELEMENTS).value:g}."
    assert remark.instead == f"Shorten: {HARD}"


def test_the_plans_own_texts_count_and_the_refusal_names_the_hardest_sentence() -> None:
    with pytest.raises(Refusal) as caught:
        require_plain(letter(BODY), {**ELEMENTS, "plan_words": HARD})
    assert caught.value.code == "notice-too-hard"
    assert HARD in caught.value.next
    assert "its limit is 8" in caught.value.message
    assert "Ann" not in str(caught.value)


def test_a_letter_without_a_limit_is_never_too_hard() -> None:
    require_plain(letter(BODY, limit=0), {**ELEMENTS, "plan_words": HARD})


def test_names_days_and_numbers_of_the_case_do_not_change_the_measure() -> None:
    own = letter("<p>{{ member_name }} asked for care on {{ notice_date }}.</p>")
    long = {**ELEMENTS, "member_name": "Wolfeschlegelsteinhausenbergerdorff"}
    assert reading_of(own, ELEMENTS) == reading_of(own, long)


def test_hard_words_and_short_forms_of_people_are_remarked_on_once() -> None:
    reason = {"service": "x", "outcome": "denied", "reason": "No MRI prior to it. The MRI was normal."}
    found = remarks(letter(BODY), {**ELEMENTS, "lines": (reason, reason)})
    assert [(one.kind, one.what, one.instead) for one in found] == [
        ("word", "“prior to” is a word few readers know.", "Write: before."),
        ("short_form", "“MRI” is never explained.", "Write its words, then (MRI)."),
    ]


def test_a_letters_own_text_is_looked_through_without_its_first_heading_and_its_places() -> None:
    template = "<title>Prior to</title><h1>Prior to</h1><p>{{ plan_tty }} (TTY) {% if a %}x{% end %}</p>"
    assert template_remarks(template, JARGON) == ()
    (remark,) = template_remarks("<h1>x</h1><h2>What to do prior to it</h2>", JARGON)
    assert (remark.kind, remark.where) == ("word", "letter")


def test_words_in_two_paragraphs_are_no_phrase() -> None:
    assert template_remarks("<p>You come prior</p><p>to us</p>", JARGON) == ()


def test_a_plan_may_be_stricter_and_never_laxer() -> None:
    assert stricter(LETTER, {"reading_grade": 6}).reading_limit == 6
    assert stricter(LETTER, {"reading_grade": 12}).reading_limit == 8
    assert stricter(LETTER, {}) is LETTER
    assert stricter(replace(LETTER, reading_limit=0), {"reading_grade": 6}).reading_limit == 6
    spanish = replace(LETTER, language="es", reading_limit=55)
    assert stricter(spanish, {"reading_grade": 6, "reading_ease_es": 60}).reading_limit == 60
    assert stricter(spanish, {"reading_ease_es": 40}).reading_limit == 55
