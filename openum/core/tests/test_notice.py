"""The letter language does three things and refuses the rest; a notice without a required element cannot be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openum.core.notice import Letter, Missing, RequiredElement, check_elements, compose, filled_out
from openum.core.notice_text import parse, places, render
from openum.core.notice_words import Wording, written
from openum.core.policy import InForce
from openum.core.refusal import Refusal
from openum.core.visible import visible_words

ENGLISH = Wording(
    "en",
    "{month} {day}, {year}",
    ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
     "December"),
)  # fmt: skip
LETTER = Letter(
    id="T-DENIAL",
    version="1",
    language="en",
    wording=ENGLISH,
    kind="adverse-determination",
    jurisdiction="us/test",
    title="A small letter",
    template=(
        "<h1>Decision</h1><p>{{ member_name }}, {{ notice_date }}</p>"
        "{% each lines as line %}<p>{{ line.service }}: {{ line.outcome }}"
        "{% if line.reason %}, because {{ line.reason }}{% end %}</p>{% end %}"
        "<p>You have the right to appeal.</p>"
    ),
    required=(
        RequiredElement(id="member", what="Name", cite="R 1", element="member_name"),
        RequiredElement(id="service", what="Service", cite="R 2", element="lines.service"),
        RequiredElement(id="reason", what="Reason", cite="R 3", element="lines.reason", outcomes=("denied",)),
        RequiredElement(id="appeal", what="Appeal", cite="R 4", says="You have the right to appeal"),
    ),
    names=("member_name", "notice_date", "lines", "lines.service", "lines.outcome", "lines.reason"),
    choices=(("lines.outcome", ("approved", "denied")),),
    in_force=InForce(date(2026, 1, 1)),
    authority=(),
    recipients=("enrollee",),
    font_points=12,
    reading_limit=8,
    digest="a" * 64,
)
DENIED = {"service": "Oxygen", "outcome": "denied", "reason": "the test was normal"}
ELEMENTS = {"member_name": "Ann Lee", "notice_date": date(2026, 3, 9), "lines": (DENIED,)}


def shown(template: str, elements: object) -> str:
    return render(template, elements, ENGLISH)  # type: ignore[arg-type]


def lacking(required: tuple[RequiredElement, ...], given: object, html: str) -> tuple[Missing, ...]:
    return check_elements(replace(LETTER, required=required), given, visible_words(html))  # type: ignore[arg-type]


def code_of(template: str, **elements: object) -> str:
    with pytest.raises(Refusal) as caught:
        shown(template, elements)
    return caught.value.code


def test_an_element_is_placed_and_escaped() -> None:
    assert shown("<p>{{ a }}</p>", {"a": '<b>x & "y"</b>'}) == "<p>&lt;b&gt;x &amp; &quot;y&quot;&lt;/b&gt;</p>"


def test_a_list_is_repeated_and_its_item_hides_an_outer_name() -> None:
    template = "{% each lines as line %}[{{ line.x }}]{% end %}{{ line }}"
    assert shown(template, {"lines": ({"x": 1}, {"x": 2.5}), "line": "outer"}) == "[1][2.5]outer"


def test_an_empty_or_false_element_leaves_its_part_out() -> None:
    template = "a{% if x %}b{{ x }}{% end %}c"
    assert [shown(template, {"x": x}) for x in ("", None, "!")] == ["ac", "ac", "ab!c"]
    assert shown("{% if on %}yes{% end %}", {"on": False}) == ""
    assert shown("{% if on %}yes{% end %}", {"on": True}) == "yes"


def test_lists_in_lists_are_repeated() -> None:
    template = "{% each a as x %}{% each x.b as y %}{{ y.c }}{% end %};{% end %}"
    assert shown(template, {"a": ({"b": ({"c": "1"}, {"c": "2"})}, {"b": None})}) == "12;;"


def test_days_and_numbers_are_written_for_people() -> None:
    assert [written(v, ENGLISH) for v in (date(2026, 3, 9), 8.0, 2.5, 12, "x", None)] == [
        "March 9, 2026", "8", "2.5", "12", "x", "",
    ]  # fmt: skip


def test_a_name_that_nobody_supplied_is_refused_with_its_line() -> None:
    with pytest.raises(Refusal) as caught:
        shown("one\n{{ two }}", {})
    assert (caught.value.code, caught.value.where) == ("letter-unknown-element", "2")
    assert code_of("{% each lines as line %}{{ line.nope }}{% end %}", lines=({"x": 1},)) == "letter-unknown-element"
    assert code_of("{{ a.b }}", a="text") == "letter-unknown-element"
    assert code_of("{% if nobody %}{% end %}") == "letter-unknown-element"


@pytest.mark.parametrize(
    "template",
    [
        "{{ a|safe }}", "{{ a.b.c }}", "{{ A }}", "{{ a() }}", "{{}}", "{% for a in b %}{% end %}", "{% include x %}",
        "{% end %}", "{% if a %}", "{% each a as b %}x", "{{ a", "{% if a == 1 %}{% end %}", "x {{ a }} {% if a ",
    ],
)  # fmt: skip
def test_whatever_else_stands_between_braces_is_refused(template: str) -> None:
    assert code_of(template, a="1", b=()) == "letter-malformed"


def test_a_malformed_letter_names_the_line_that_opens_a_part() -> None:
    with pytest.raises(Refusal) as caught:
        parse("a\nb\n{% if x %}\nc")
    assert caught.value.where == "3"


def test_a_flag_or_a_list_is_no_text_and_a_text_is_no_list() -> None:
    assert code_of("{{ a }}", a=True) == "letter-not-text"
    assert code_of("{{ a }}", a=({"x": 1},)) == "letter-not-text"
    assert code_of("{% each a as b %}{% end %}", a="text") == "letter-malformed"


def test_the_names_a_letter_uses_are_told_with_lists_resolved() -> None:
    template = "{{ a }}\n{% each lines as line %}{% if line.x %}{{ line.y }}{% end %}{% end %}\n{{ b }}"
    assert list(places(parse(template))) == [("a", 1), ("lines", 2), ("lines.x", 2), ("lines.y", 2), ("b", 3)]


def test_what_a_reader_does_not_see_does_not_count() -> None:
    html = "<title>T</title><style>p{}</style><p>Seen\n it</p><div hidden><br>not <b>this</b></div><p>end&amp;</p>"
    assert visible_words(html) == "Seen it end&"


def test_a_complete_notice_is_made_with_its_digest_and_the_letter_it_came_from() -> None:
    notice = compose(LETTER, ELEMENTS)
    assert notice.letter == "adverse-determination/us/test@aaaaaaaaaaaa"
    assert "Ann Lee, March 9, 2026" in notice.text
    assert len(notice.digest) == 64
    assert compose(LETTER, ELEMENTS) == notice


def test_a_notice_without_a_required_element_is_refused_and_named() -> None:
    with pytest.raises(Refusal) as caught:
        compose(LETTER, {**ELEMENTS, "lines": ({**DENIED, "reason": ""},), "member_name": None})
    assert caught.value.code == "notice-incomplete"
    assert caught.value.message.endswith("lacks what the law requires: member, reason.")
    assert "Ann" not in str(caught.value)


def test_every_line_is_looked_at_and_counted_from_one() -> None:
    lines = (DENIED, {"service": "Bed", "outcome": "approved"}, {"service": "", "outcome": "denied", "reason": "x"})
    given = filled_out(LETTER.names, {**ELEMENTS, "lines": lines})
    assert lacking(LETTER.required, given, shown(LETTER.template, given)) == (
        Missing("service", "lines.service", "it is empty", "R 2", 3),
    )


def test_no_lines_at_all_is_missing_too() -> None:
    given = filled_out(LETTER.names, {**ELEMENTS, "lines": ()})
    missing = lacking(LETTER.required, given, shown(LETTER.template, given))
    assert [(one.id, one.why) for one in missing] == [("service", "no item is given"), ("reason", "no item is given")]


def test_data_that_is_there_but_not_in_the_letter_is_missing() -> None:
    template = LETTER.template.replace("{{ member_name }}", "Dear member").replace("right to appeal", "right")
    text = shown(template, ELEMENTS)
    assert [(one.id, one.why) for one in lacking(LETTER.required, ELEMENTS, text)] == [
        ("member", "it is not in the letter"), ("appeal", "the letter does not say it"),
    ]  # fmt: skip


def test_a_value_inside_a_longer_word_is_not_the_value() -> None:
    required = (RequiredElement(id="n", what="", cite="", element="n"),)
    assert [one.id for one in lacking(required, {"n": "12"}, "<p>request 4123</p>")] == ["n"]
    assert lacking(required, {"n": "12"}, "<p>request (12).</p>") == ()


def test_another_element_may_do_as_well() -> None:
    required = (RequiredElement(id="end", what="", cite="", element="until", instead="ends_when"),)
    assert lacking(required, {"until": None, "ends_when": "at discharge"}, "<p>at discharge</p>") == ()
    assert [one.id for one in lacking(required, {"until": None, "ends_when": ""}, "<p>x</p>")] == ["end"]


def test_when_and_unless_switch_a_requirement() -> None:
    only = (RequiredElement(id="why", what="", cite="", element="why", when="late"),)
    never = (RequiredElement(id="doctor", what="", cite="", element="doctor", unless="administrative"),)
    assert lacking(only, {"late": "", "why": ""}, "") == ()
    assert [one.id for one in lacking(only, {"late": "yes", "why": ""}, "")] == ["why"]
    assert lacking(never, {"administrative": True, "doctor": ""}, "") == ()
    assert [one.id for one in lacking(never, {"administrative": False, "doctor": ""}, "")] == ["doctor"]


def test_an_outcome_in_other_words_is_refused_because_no_requirement_would_ask_about_it() -> None:
    with pytest.raises(Refusal) as caught:
        compose(LETTER, {**ELEMENTS, "lines": ({**DENIED, "outcome": "adverse", "reason": ""},)})
    assert (caught.value.code, caught.value.next) == ("notice-unknown-word", "Use one of: approved, denied.")
    single = replace(LETTER, choices=(("member_name", ("Ann Lee",)),))
    assert compose(single, ELEMENTS).kind == "adverse-determination"


@given(st.text(max_size=60))
def test_no_value_can_bring_in_a_tag_or_a_mark(value: str) -> None:
    text = shown("<p>{{ a }}</p>", {"a": value})
    inside = text.removeprefix("<p>").removesuffix("</p>")
    assert not set("<>\"'") & set(inside)
    assert shown("{{ a }}", {"a": "{{ b }}{% if x %}"}) == "{{ b }}{% if x %}"


def outcome_of(template: str) -> str:
    try:
        shown(template, {"a": "x", "b": "y"})
    except Refusal as refusal:
        return refusal.code
    return "rendered"


@given(st.text(alphabet="{}% abif.end\n", max_size=40))
def test_any_template_is_rendered_or_refused_and_never_breaks(template: str) -> None:
    known = {"rendered", "letter-malformed", "letter-unknown-element", "letter-not-text"}
    assert outcome_of(template) in known
