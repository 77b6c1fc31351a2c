"""Languages, parts, versions and overlays of letters: what is read, and every fault with its file and its mend."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openum.core.notice import compose
from openum.core.notice_terms import promises
from openum.core.refusal import Refusal
from openum.librarian.notices import check_notices, read_notices
from openum.librarian.terms import read_terms
from openum.librarian.tests.test_notice_faults import COMPLETE, HTML, REQUIRED, shelf

__all__ = ["shelf"]
DAY = date(2026, 6, 1)
LETTER = "notices/small-denial/us/test"
SPANISH = (
    HTML.replace('lang="en"', 'lang="es"')
    .replace("Decision", "Decisión")
    .replace("You can appeal", "Usted puede apelar")
)  # fmt: skip
IN_SPANISH = COMPLETE.replace("name:", "language: es\nname:", 1)
OVERLAY = """\
id: TX-TEST
version: "1"
title: Texas adds a form
since: {from: 2026-01-01, to: null}
authority:
  - {cite: 28 TAC, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}
applies: {states: [TX]}
elements:
  - {id: tx_day, what: Day, element: notice_date, cite: T 1, who: [enrollee]}
  - {id: tx_words, what: Words, says: {en: Ask Texas for help, es: Pida ayuda a Texas}, cite: T 2, who: [enrollee]}
"""
TEXT = "{% at help %}<p>Ask Texas for help.</p>{% end %}\n"
TX_ISSUED = """\
name: A letter of Texas is issued
like: small-denial/us/test/examples/complete.yaml
to: us/test
expect: issued
"""
TX_HELD = """\
name: A letter of Texas without its day is held back
like: tx.yaml
to: us/test
without: [notice_date]
expect: incomplete
missing: [tx_day]
"""
TX_NAME = TX_HELD.replace("day is", "name is").replace("notice_date", "member_name").replace("tx_day", "member")


def put(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text()
    assert old in text
    put(root, name, text.replace(old, new, 1))


def faults(root: Path) -> list[tuple[str, str]]:
    return [(Path(one.file).name, one.fault) for one in check_notices(root)]


@pytest.fixture
def spanish(shelf: Path) -> Path:
    """The small shelf with a Spanish letter beside the English one."""
    put(shelf, f"{LETTER}/letter.es.html", SPANISH)
    put(shelf, f"{LETTER}/examples/completa.yaml", IN_SPANISH)
    change(
        shelf, f"{LETTER}/required.yaml", "says: You can appeal", "says: {en: You can appeal, es: Usted puede apelar}"
    )
    return shelf


@pytest.fixture
def texas(shelf: Path) -> Path:
    """The small shelf with an overlay."""
    change(shelf, f"{LETTER}/letter.html", "</body>", "{% slot help %}</body>")
    folder = "notices/overlays/us-tx/small-denial"
    put(shelf, f"{folder}/required.yaml", OVERLAY)
    put(shelf, f"{folder}/text.html", TEXT)
    for name, text in (("tx", TX_ISSUED), ("held", TX_HELD), ("name", TX_NAME)):
        put(shelf, f"{folder}/examples/{name}.yaml", text)
    return shelf


def test_a_letter_in_two_languages_is_read_twice(spanish: Path) -> None:
    assert faults(spanish) == []
    letters = read_notices(spanish)
    assert [(one.language, one.title) for one in letters.letters] == [
        ("en", "A small denial"),
        ("es", "A small denial"),
    ]
    letter = letters.find("small-denial", "us/test", on=DAY, language="es")
    assert letter is not None
    assert [one.says for one in letter.required if one.says] == ["Usted puede apelar"]
    assert letter.reading_limit == 55


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{{ notice_date }}", "", "It has no place for `notice_date`, which letter.html has."),
        ("</body>", "{% slot help %}</body>", "Its slots are not those of letter.html."),
        ("Usted puede apelar.", "Usted puede.", "letter.es.html does not say “Usted puede apelar”."),
        ("</body>", "<p>{{ lines }}</p></body>", ""),
    ],
)
def test_languages_must_have_the_same_places_and_words(spanish: Path, old: str, new: str, fault: str) -> None:
    change(spanish, f"{LETTER}/letter.es.html", old, new)
    if fault:
        assert fault in [one for _, one in faults(spanish)]
    else:
        assert "A flag or a list stands where the letter wants text." in [one for _, one in faults(spanish)]


def test_a_place_only_the_translation_has_is_a_fault_but_for_the_note_that_parts_are_in_english(spanish: Path) -> None:
    elements = "notices/elements.yaml"
    change(spanish, elements, "  - id: lines", "  - {id: untranslated, type: flag, what: In English}\n  - id: lines")
    change(spanish, elements, "  - id: lines", "  - {id: more, type: text, what: More}\n  - id: lines")
    change(spanish, f"{LETTER}/letter.es.html", "</body>", "{% if untranslated %}<p>En inglés.</p>{% end %}</body>")
    assert faults(spanish) == []
    change(spanish, f"{LETTER}/letter.es.html", "</body>", "<p>{{ more }}</p></body>")
    assert faults(spanish) == [("letter.es.html", "It has a place for `more`, which letter.html has not.")]


def test_a_letter_in_spanish_needs_words_of_its_own_and_an_issued_example(spanish: Path) -> None:
    (spanish / LETTER / "examples/completa.yaml").unlink()
    assert faults(spanish) == [("examples", "No Spanish example is issued.")]
    change(spanish, f"{LETTER}/required.yaml", "{en: You can appeal, es: Usted puede apelar}", "You can appeal")
    assert faults(spanish) == [("required.yaml", "letter.es.html does not say “You can appeal”.")]


def test_a_hard_spanish_letter_is_a_fault(spanish: Path) -> None:
    hard = "<p>Notificación administrativa institucional correspondiente a determinaciones suplementarias.</p></body>"
    change(spanish, f"{LETTER}/letter.es.html", "</body>", hard)
    ((file, fault),) = faults(spanish)
    assert file == "letter.es.html"
    assert fault.startswith("The letter reads at INFLESZ")


def test_parts_are_put_in_by_language_and_a_missing_one_is_named(spanish: Path) -> None:
    put(spanish, "notices/parts/greeting.html", "<p>Hello {{ member_name }}.</p>\n")
    put(spanish, "notices/parts/greeting.es.html", "<p>Hola {{ member_name }}.</p>\n")
    for name in ("letter.html", "letter.es.html"):
        change(spanish, f"{LETTER}/{name}", "<h1>", "{% part greeting %}<h1>")
    assert faults(spanish) == []
    english, other = read_notices(spanish).letters
    assert "<p>Hello {{ member_name }}.</p><h1>" in english.template
    assert "<p>Hola {{ member_name }}.</p><h1>" in other.template
    (spanish / "notices/parts/greeting.es.html").unlink()
    assert ("letter.es.html", "There is no part `greeting`.") in faults(spanish)
    with pytest.raises(Refusal):
        read_notices(spanish)


def test_sets_of_required_elements_are_shared_and_an_own_one_replaces_the_sets(shelf: Path) -> None:
    put(
        shelf, "notices/parts/required.yaml",
        "title: Shared\nsets:\n  who:\n"
        "    - {id: member, what: Name, element: member_name, cite: the letter's own authority, who: [enrollee]}\n"
        "    - {id: day, what: Day, element: notice_date, cite: the letter's own authority, who: [enrollee]}\n",
    )  # fmt: skip
    change(shelf, f"{LETTER}/required.yaml", "recipients:", "shared: [who]\nrecipients:")
    assert faults(shelf) == [("no-name.yaml", "The letter lacks day, member.")]
    change(shelf, f"{LETTER}/examples/no-name.yaml", "[member]", "[day, member]")
    (letter,) = read_notices(shelf).letters
    assert [(one.id, one.cite) for one in letter.required] == [
        ("day", "A law"), ("member", "L 1"), ("reason", "L 2"), ("appeal", "L 3"),
    ]  # fmt: skip
    change(shelf, f"{LETTER}/required.yaml", "[who]", "[whom]")
    assert (
        faults(shelf)
        == [("required.yaml", "There is no set `whom`."), ("no-name.yaml", "The letter lacks member.")][::-1]
    )


def test_a_letter_may_use_the_text_of_another_jurisdiction(shelf: Path) -> None:
    other = "notices/small-denial/us/other"
    put(shelf, f"{other}/required.yaml", REQUIRED.replace("T-DENIAL", "O-DENIAL") + "text_of: us/test\n")
    for name in ("complete", "no-reason", "no-name"):
        put(shelf, f"{other}/examples/{name}.yaml", (shelf / LETTER / f"examples/{name}.yaml").read_text())
    assert faults(shelf) == []
    other_, own = read_notices(shelf).letters
    assert (other_.jurisdiction, other_.template) == ("us/other", own.template)
    change(shelf, f"{other}/required.yaml", "us/test", "us/nowhere")
    assert faults(shelf) == [("letter.html", "The file is missing.")]


def test_the_next_version_stands_in_a_folder_of_its_own_and_two_may_not_hold_on_one_day(shelf: Path) -> None:
    for name in ("letter.html", "examples/complete.yaml", "examples/no-reason.yaml", "examples/no-name.yaml"):
        put(shelf, f"{LETTER}/v2/{name}", (shelf / LETTER / name).read_text())
    put(shelf, f"{LETTER}/v2/required.yaml", REQUIRED.replace('"1"', '"2"').replace("2026-01-01", "2026-07-01"))
    assert faults(shelf) == [("required.yaml", "Versions 1 and 2 hold on the same day.")]
    change(shelf, f"{LETTER}/required.yaml", "to: null", "to: 2026-06-30")
    assert faults(shelf) == []
    letters = read_notices(shelf)
    versions = [letters.find("small-denial", "us/test", on=date(2026, *day)) for day in ((6, 30), (7, 1))]
    assert [one.version if one else None for one in versions] == ["1", "2"]
    change(shelf, f"{LETTER}/v2/required.yaml", '"2"', '"1"')
    assert faults(shelf) == [("required.yaml", "T-DENIAL version 1 stands in another file too.")]


def test_an_overlay_is_read_tried_on_its_letters_and_sent(texas: Path) -> None:
    assert faults(texas) == []
    letters = read_notices(texas)
    letter = letters.find("small-denial", "us/test", on=DAY, state="TX")
    assert letter is not None
    assert "Ask Texas for help." in letter.template
    assert [one.id for one in letter.required][-2:] == ["tx_day", "tx_words"]
    with pytest.raises(Refusal) as caught:
        compose(letter, {"member_name": "Ann", "lines": ({"outcome": "approved", "reason": ""},)})
    assert caught.value.message.endswith("requires: tx_day.")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("text.html", "at help", "at foot", "The letter of us/test has no slot `foot`."),
        ("text.html", "Ask Texas for help.", "Ask {{ texas }}.", "There is no element `texas`."),
        ("text.html", "{% end %}", "", "Line 1 of the letter has text outside a slot, or a slot that is never ended."),
        ("text.html", "Ask Texas for help.", "Ask.", "text.html does not say “Ask Texas for help”."),
        ("required.yaml", "[TX]}", "[TX], letters: [us/x]}", "There is no small-denial letter of us/x."),
        ("required.yaml", "{states: [TX]}", "{states: [TX], letters: [us/x]}", "No letter takes this overlay."),
        ("required.yaml", "id: tx_day", "id: reason", "`reason` is required by the letter already."),
        ("required.yaml", "states: [TX]", "states: [Texas]", "number 1 of `states` is \"Texas\", which cannot be."),
        ("examples/tx.yaml", "to: us/test", "to: us/y", "There is no such letter in this language."),
    ],
)  # fmt: skip
def test_a_fault_of_an_overlay_is_named(texas: Path, file: str, old: str, new: str, fault: str) -> None:
    change(texas, f"notices/overlays/us-tx/small-denial/{file}", old, new)
    found = [one for _, one in faults(texas)]
    assert fault.replace("text.html does", "letter.html does") in found


def test_an_overlay_under_no_kind_is_named(texas: Path) -> None:
    put(texas, "notices/overlays/us-ny/required.yaml", OVERLAY.replace("TX-TEST", "NY-TEST"))
    assert ("required.yaml", "The overlay stands under no kind of letter.") in faults(texas)


def test_an_adverse_letter_must_explain_itself(shelf: Path) -> None:
    change(shelf, "notices/kinds.yaml", "adverse: false", "adverse: true")
    assert [fault for _, fault in faults(shelf)] == [
        f"An adverse letter that does not require `lines.{name}` explains nothing."
        for name in ("criteria_source", "criterion_not_met", "evidence", "what_would_change_it")
    ]


def test_a_kind_nobody_listed_is_named(shelf: Path) -> None:
    change(shelf, "notices/kinds.yaml", "small-denial", "large-denial")
    assert faults(shelf) == [("required.yaml", "There is no kind of letter `small-denial`.")]


def test_an_example_may_be_like_one_of_another_letter_but_not_like_itself(shelf: Path) -> None:
    change(shelf, f"{LETTER}/examples/no-reason.yaml", "complete.yaml", "small-denial/us/test/examples/complete.yaml")
    assert faults(shelf) == []
    change(
        shelf,
        f"{LETTER}/examples/no-reason.yaml",
        "like: small-denial/us/test/examples/complete.yaml",
        "like: no-reason.yaml",
    )
    assert ("no-reason.yaml", "There is no example `no-reason.yaml`.") in faults(shelf)


def test_terms_name_elements_kinds_and_programs_that_there_are(shelf: Path) -> None:
    change(
        shelf, "notices/elements.yaml", "  - id: lines", "  - {id: appeal_time, type: text, what: Time}\n  - id: lines"
    )
    put(
        shelf, "notices/terms.yaml",
        'id: T\nversion: "1"\ntitle: Terms of a test\nsince: {from: null, to: null}\nauthority:\n'
        "  - {cite: A law, tag: policy_choice, sources: [], grading: our own, checked_on: 2026-11-22}\n"
        "jurisdictions:\n  us/erisa:\n"
        "    appeal_time: {text: 60 days, es: 60 días, cite: L 1, kinds: [small-denial]}\n",
    )  # fmt: skip
    assert faults(shelf) == []
    assert promises(read_terms(shelf), "us/erisa", "small-denial", on=DAY, language="es") == {"appeal_time": "60 días"}
    change(shelf, "notices/terms.yaml", "us/erisa", "us/mars")
    change(shelf, "notices/terms.yaml", "appeal_time", "apeal_time")
    change(shelf, "notices/terms.yaml", "[small-denial]", "[denial]")
    assert [fault for _, fault in faults(shelf)] == [
        "There is no program `us/mars`.", "There is no element `apeal_time`.", "There is no kind of letter `denial`.",
    ]  # fmt: skip
    put(shelf, "notices/terms.yaml", "id: T\n")
    with pytest.raises(Refusal) as caught:
        read_terms(shelf)
    assert caught.value.code == "letters-not-usable"


def test_a_letter_needs_an_example_of_each_kind(shelf: Path) -> None:
    next(shelf.rglob("no-reason.yaml")).unlink()
    (fault,) = check_notices(shelf)
    assert fault.fault == "The letter has too few worked examples."


def test_a_letter_under_no_jurisdiction_is_named(shelf: Path) -> None:
    for name in ("letter.html", "required.yaml"):
        path = next(shelf.rglob(name))
        path.rename(shelf / "notices" / "small-denial" / name)
    (fault,) = check_notices(shelf)
    assert fault.fault == "The letter stands under no jurisdiction."


@pytest.mark.parametrize("name", ["letter.html", "required.yaml"])
def test_a_missing_file_is_named_and_nothing_is_read(shelf: Path, name: str) -> None:
    next(shelf.rglob(name)).unlink()
    assert name in {Path(fault.file).name for fault in check_notices(shelf) if fault.fault == "The file is missing."}
    with pytest.raises(Refusal) as caught:
        read_notices(shelf)
    assert caught.value.code == "letters-not-usable"
