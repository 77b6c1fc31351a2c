"""Slots are places an overlay may add to; lists may hold lists; an overlay's text is blocks for slots only."""

from __future__ import annotations

from datetime import date

import pytest

from openum.core.notice_text import added, parse, places, render, slots, with_added
from openum.core.notice_words import Wording, spoken, written
from openum.core.refusal import Refusal
from openum.core.tests.test_notice import ENGLISH

SPANISH = Wording(
    "es", "{day} de {month} de {year}",
    ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
     "diciembre"),
    {"lines.outcome": {"denied": "denegado"}, "word": {"denied": "denegada"}},
)  # fmt: skip
CHOICES = (("lines.outcome", ("denied", "approved")), ("word", ("denied",)), ("lines.deep.x", ("denied",)))


def test_a_slot_prints_nothing_and_what_is_added_stands_before_it() -> None:
    template = "a{% slot appeal %}b{% if x %}{% slot help %}{% end %}"
    assert render(template, {"x": True}, ENGLISH) == "ab"
    assert list(slots(parse(template))) == ["appeal", "help"]
    once = with_added(template, {"appeal": "[1]", "help": "[2]"})
    assert render(with_added(once, {"appeal": "[3]"}), {"x": True}, ENGLISH) == "a[1][3]b[2]"


def test_an_overlays_text_is_read_by_slot_with_marks_inside() -> None:
    help_ = "{% if x %}{% each y as z %}q{% end %}{% end %}"
    text = f"{{% at line %}}<li>{{{{ line.a }}}}</li>{{% end %}}\n{{% at help %}}{help_}{{% end %}}\n"
    assert added(text) == {
        "line": "<li>{{ line.a }}</li>", "help": help_,
    }  # fmt: skip
    assert added(" \n ") == {}


@pytest.mark.parametrize(
    "text",
    [
        "<p>outside</p>", "{% at a %}x{% end %}<p>after</p>", "<p>before</p>{% at a %}x{% end %}", "{% at a %}x",
        "{% at a %}x{% end %}{% at a %}y{% end %}", "{% at a %}{% at b %}{% end %}{% end %}", "{{ x }}", "{% end %}",
        "{% at a %}{{ x.y.z }}{% end %}", "{% at a %}{% include b %}{% end %}",
    ],
)  # fmt: skip
def test_anything_but_blocks_for_slots_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        added(text)
    assert caught.value.code == "letter-malformed"


def test_the_items_of_a_list_may_hold_lists_and_their_names_resolve() -> None:
    template = "{% each lines as line %}{% each line.evidence as point %}{{ point.found }};{% end %}{% end %}"
    lines = ({"evidence": ({"found": "a"}, {"found": "b"})}, {"evidence": None})
    assert render(template, {"lines": lines}, ENGLISH) == "a;b;"
    assert [path for path, _ in places(parse(template))] == ["lines", "lines.evidence", "lines.evidence.found"]


def test_each_language_writes_days_in_its_own_way() -> None:
    assert written(date(2026, 3, 9), SPANISH) == "9 de marzo de 2026"
    assert written(date(2026, 3, 9), ENGLISH) == "March 9, 2026"


def test_choice_words_are_translated_wherever_they_stand_and_other_words_are_not() -> None:
    given = {
        "word": "denied", "reason": "denied", "number": 2,
        "lines": (
            {"outcome": "denied", "reason": "denied"}, {"outcome": None}, {"reason": "x"}, {"outcome": "approved"},
        ),
    }  # fmt: skip
    assert spoken(given, CHOICES, SPANISH) == {
        "word": "denegada", "reason": "denied", "number": 2,
        "lines": (
            {"outcome": "denegado", "reason": "denied"}, {"outcome": None}, {"reason": "x"}, {"outcome": "approved"},
        ),
    }  # fmt: skip
    assert spoken(given, CHOICES, ENGLISH) == given
    assert spoken({"reason": "denied"}, CHOICES, SPANISH) == {"reason": "denied"}
    assert spoken({"lines": "no list", "word": None}, CHOICES, SPANISH) == {"lines": "no list", "word": None}
