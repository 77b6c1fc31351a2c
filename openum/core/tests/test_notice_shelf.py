"""The letter sent is the one in force, in the reader's language where there is one, with all a state adds to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.notice import Letter, Overlay, RequiredElement, check_elements, compose, overlaid, told
from openum.core.notice_shelf import Letters, Program
from openum.core.notice_text import render
from openum.core.policy import InForce
from openum.core.refusal import Refusal
from openum.core.tests.test_notice import ELEMENTS, LETTER
from openum.core.tests.test_notice_text import SPANISH
from openum.core.visible import visible_words

DAY = date(2026, 6, 1)
BASE = replace(LETTER, template=LETTER.template.replace("<p>You", "{% slot appeal %}<p>You"))
SPANISH_LETTER = replace(
    BASE, language="es", wording=SPANISH, reading_limit=55, digest="b" * 64,
    required=(
        *(replace(one, outcomes=("denegado",) if one.outcomes else ()) for one in BASE.required[:3]),
        replace(BASE.required[3], says="Usted tiene derecho a apelar"),
    ),
    template=BASE.template.replace("You have the right to appeal", "Usted tiene derecho a apelar"),
)  # fmt: skip
TEXAS = Overlay(
    id="TX-UR", version="1", kind=BASE.kind, jurisdiction="us-tx", language="en", title="Texas",
    blocks={"appeal": "<p>Use this form: {{ iro_form }}</p>"},
    required=(RequiredElement(id="tx_form", what="Form", cite="28 TAC", element="iro_form"),),
    in_force=InForce(date(2026, 1, 1)), authority=(), states=("TX",), font_points=14, reading_limit=6, digest="c" * 64,
)  # fmt: skip
NCQA = replace(
    TEXAS, id="NCQA-UM7", jurisdiction="ncqa", states=(), accreditations=("ncqa",), blocks={}, required=(),
    font_points=0, reading_limit=0, digest="d" * 64,
)  # fmt: skip
NAMED = replace(BASE, names=(*BASE.names, "iro_form"))
SHELF = Letters(
    programs={"us/other": Program(id="us/other", title="", lines_of_business=("chip",), until_written="us/test")},
    letters=(NAMED, replace(SPANISH_LETTER, names=NAMED.names)),
    overlays=(TEXAS, NCQA, replace(TEXAS, language="es", blocks={"appeal": "<p>Formulario: {{ iro_form }}</p>"})),
)


def found(**how: object) -> Letter:
    letter = SHELF.find(LETTER.kind, str(how.pop("program", "us/test")), on=DAY, **how)  # type: ignore[arg-type]
    assert letter is not None
    return letter


def test_a_letter_is_found_by_kind_program_day_and_language() -> None:
    assert found() == NAMED
    assert found(language="es").language == "es"
    assert SHELF.find("approval", "us/test", on=DAY) is None
    assert SHELF.find(LETTER.kind, "us/nowhere", on=DAY) is None
    assert SHELF.find(LETTER.kind, "us/test", on=date(2025, 12, 31)) is None


def test_a_program_without_the_letter_gets_that_of_the_one_standing_in() -> None:
    assert found(program="us/other") == NAMED
    assert SHELF.program_of("chip") == "us/other"
    assert SHELF.program_of("erisa") == ""


def test_a_letter_not_written_in_the_language_comes_in_english() -> None:
    english = replace(SHELF, letters=SHELF.letters[:1])
    letter = english.find(LETTER.kind, "us/test", on=DAY, language="es")
    assert letter == NAMED


def test_the_highest_version_in_force_is_sent() -> None:
    second = replace(NAMED, version="10", in_force=InForce(date(2026, 6, 2)))
    shelf = replace(SHELF, letters=(NAMED, second, replace(NAMED, version="9", in_force=InForce(date(2026, 5, 1)))))
    assert [shelf.find(NAMED.kind, "us/test", on=date(2026, *day)).version for day in ((4, 1), (6, 1), (6, 2))] == [  # type: ignore[union-attr]
        "1", "9", "10",
    ]  # fmt: skip


def test_a_state_adds_its_elements_text_and_form_and_another_state_does_not() -> None:
    letter = found(state="TX")
    assert letter.key == "adverse-determination/us/test+us-tx@" + letter.digest[:12]
    assert (letter.font_points, letter.reading_limit) == (14, 6)
    assert found(state="OH") == NAMED
    with pytest.raises(Refusal) as caught:
        compose(letter, ELEMENTS)
    assert caught.value.message.endswith("requires: tx_form.")
    assert "Use this form: LHL009" in compose(letter, {**ELEMENTS, "iro_form": "LHL009"}).text


def test_a_spanish_letter_takes_the_spanish_overlay() -> None:
    notice = compose(found(state="TX", language="es"), {**ELEMENTS, "iro_form": "LHL009"})
    assert "Formulario: LHL009" in notice.text
    assert "denegado" in notice.text
    assert "9 de marzo de 2026" in notice.text
    assert notice.letter.startswith("adverse-determination/us/test.es+us-tx@")


def test_several_overlays_are_laid_in_the_order_of_their_names() -> None:
    letter = found(state="TX", accreditations=("ncqa",))
    assert letter.overlays == ("ncqa", "us-tx")
    assert overlaid(NAMED, (TEXAS, NCQA)) == overlaid(NAMED, (NCQA, TEXAS)) == letter


def test_an_overlay_of_another_kind_or_program_is_not_laid() -> None:
    assert overlaid(NAMED, [replace(TEXAS, kind="approval")]) == NAMED
    assert overlaid(NAMED, [replace(TEXAS, letters=("us/erisa",))]) == NAMED
    assert overlaid(NAMED, [replace(TEXAS, letters=("us/test",))]) != NAMED


@given(st.lists(st.sampled_from(["appeal", "nowhere"]), max_size=3, unique=True), st.floats(0, 20), st.floats(0, 20))
def test_an_overlay_only_ever_adds(blocks: list[str], points: float, grade: float) -> None:
    overlay = replace(
        TEXAS, blocks=dict.fromkeys(blocks, "<p>More words.</p>"), font_points=points, reading_limit=grade
    )
    letter = overlaid(NAMED, [overlay])
    given_ = {**ELEMENTS, "iro_form": "x"}
    before = visible_words(render(NAMED.template, told(NAMED, given_), NAMED.wording)).split(" ")
    after = visible_words(render(letter.template, told(letter, given_), letter.wording)).split(" ")
    words = iter(after)
    assert all(word in words for word in before), "every word still stands, in the same order"
    assert letter.required[: len(NAMED.required)] == NAMED.required
    assert letter.font_points >= NAMED.font_points
    assert letter.reading_limit <= NAMED.reading_limit


def test_a_later_shelf_goes_first_and_leaves_the_rest() -> None:
    own = replace(NAMED, title="The plan's own")
    shelf = Letters(letters=(own,), overlays=(replace(NCQA, title="own"),)).before(SHELF)
    assert shelf.find(NAMED.kind, "us/test", on=DAY) == own
    assert len(shelf.letters) == 2
    assert [one.title for one in shelf.overlays if one.jurisdiction == "ncqa"] == ["own"]
    assert shelf.programs == SHELF.programs


def test_taglines_are_told_with_the_plans_numbers() -> None:
    shelf = Letters(taglines={"en": "Call {phone} (TTY {tty}).", "es": "Llame al {phone} (TTY {tty})."}).before(
        Letters(taglines={"en": "x", "zh": "{phone}"}, large_print=18)
    )
    told = shelf.language_help(phone="1-800-555-0100", tty="711")
    assert told == "Call 1-800-555-0100 (TTY 711). 1-800-555-0100 Llame al 1-800-555-0100 (TTY 711)."
    assert shelf.large_print == 18


def test_a_letter_is_found_by_every_name_it_has() -> None:
    shelf = replace(SHELF, letters=(replace(NAMED, also=("CMS-1",)),))
    assert [one.id for one in shelf.named("CMS-1")] == ["T-DENIAL"]
    assert [one.id for one in shelf.named("NCQA-UM7")] == ["NCQA-UM7"]
    assert shelf.named("X") == ()


def test_an_element_of_an_item_of_an_item_is_looked_for_in_every_one() -> None:
    required = (RequiredElement(id="found", what="", cite="", element="lines.evidence.found", outcomes=("denied",)),)
    letter = replace(NAMED, required=required, names=(*NAMED.names, "lines.evidence", "lines.evidence.found"))
    lines = (
        {"outcome": "denied", "evidence": ({"found": "a1"}, {"found": ""})},
        {"outcome": "approved", "evidence": ()},
        {"outcome": "denied", "evidence": ()},
    )
    missing = check_elements(letter, told(letter, {"lines": lines}), "a1")
    assert [(one.why, one.item) for one in missing] == [("it is empty", 1), ("no item is given", 3)]
    some = replace(letter, required=(replace(required[0], element="lines.evidence"),))
    missing = check_elements(some, told(some, {"lines": lines}), "")
    assert [(one.why, one.item) for one in missing] == [("no item is given", 3)]
