"""The nine shipped letters hold what the law wants."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openum.core.notice import Letter, compose
from openum.core.refusal import Refusal
from openum.librarian.notices import check_notices, read_notices

LIBRARY = Path(__file__).resolve().parents[3] / "library"
KINDS = ("approval", "request-for-information", "adverse-determination")
PROGRAMS = ("us/medicare-advantage", "us/medicaid", "us/erisa")
LETTERS = [(kind, program) for kind in KINDS for program in PROGRAMS]
TODAY = date(2026, 11, 22)


def letter_of(kind: str, program: str) -> Letter:
    letter = read_notices(LIBRARY).find(kind, program, on=TODAY)
    assert letter is not None
    return letter


def test_the_shipped_letters_have_no_faults() -> None:
    assert [str(fault) for fault in check_notices(LIBRARY)] == []


def test_the_letters_of_every_request_are_shipped() -> None:
    shipped = {(one.kind, one.jurisdiction) for one in read_notices(LIBRARY).letters}
    assert set(LETTERS) <= shipped


@pytest.mark.parametrize(("kind", "program"), LETTERS)
def test_a_letter_with_nothing_supplied_is_refused_and_names_what_it_lacks(kind: str, program: str) -> None:
    letter = letter_of(kind, program)
    with pytest.raises(Refusal) as caught:
        compose(letter, {})
    assert caught.value.code == "notice-incomplete"
    named = caught.value.message.partition("requires: ")[2].rstrip(".").split(", ")
    wanted = [one.id for one in letter.required if one.element and not one.when]
    assert sorted(set(named)) == sorted(set(wanted))


@pytest.mark.parametrize(("kind", "program"), LETTERS)
def test_a_letter_is_in_force_today_and_shows_who_it_is_for(kind: str, program: str) -> None:
    letter = letter_of(kind, program)
    assert TODAY in letter.in_force
    assert letter.recipients == ("enrollee", "provider")
    assert letter.authority
    assert (letter.font_points, letter.reading_limit <= 8) == (12, True)


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_denial_requires_reason_source_appeal_and_the_person_who_decided(program: str) -> None:
    required = {one.id for one in letter_of("adverse-determination", program).required}
    assert {
        "reason", "criterion", "criterion_source", "appeal_right", "appeal_how", "appeal_time", "reviewer", "free_copy",
        "representative", "language_help", "civil_rights", "fast_appeal",
    } <= required  # fmt: skip


def test_the_medicare_denial_asks_for_the_form_number_and_its_omb_number() -> None:
    letter = letter_of("adverse-determination", "us/medicare-advantage")
    assert {"omb", "form", "independent_review", "late"} <= {one.id for one in letter.required}
