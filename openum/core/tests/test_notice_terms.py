"""What the law promises next is told in the letter's language, for its kind, counted from its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from openum.core.notice_terms import Term, Terms, promises
from openum.core.policy import InForce

KNOWN = Terms(
    id="T", version="1", in_force=InForce(date(2026, 1, 1)),
    by_jurisdiction={
        "us/erisa": (
            Term(name="appeal_deadline_days", text={"en": "180 days", "es": "180 días"}, days=None, cite="L"),
            Term(name="appeal_deadline", text={}, days=180, cite="L"),
            Term(name="form_number", text={"en": "F-1"}, days=None, cite="L", kinds=("adverse-determination",)),
        )
    },
)  # fmt: skip
DAY = date(2026, 3, 9)


def test_words_come_in_the_language_and_days_as_days() -> None:
    assert promises([KNOWN], "us/erisa", "approval", on=DAY, language="es") == {
        "appeal_deadline_days": "180 días", "appeal_deadline": date(2026, 9, 5),
    }  # fmt: skip


def test_a_term_of_some_kinds_is_for_those_and_english_stands_where_both_are_the_same() -> None:
    assert promises([KNOWN], "us/erisa", "adverse-determination", on=DAY, language="es")["form_number"] == "F-1"
    assert "form_number" not in promises([KNOWN], "us/erisa", "approval", on=DAY)


def test_another_jurisdiction_or_an_earlier_day_promises_nothing() -> None:
    assert promises([KNOWN], "us/chip", "approval", on=DAY) == {}
    assert promises([KNOWN], "us/erisa", "approval", on=date(2025, 12, 31)) == {}


def test_the_higher_version_in_force_holds() -> None:
    changed = Term(name="appeal_deadline_days", text={"en": "200 days"}, days=None, cite="L")
    second = replace(KNOWN, version="2", in_force=InForce(date(2026, 4, 1)), by_jurisdiction={"us/erisa": (changed,)})
    for known in ([KNOWN, second], [second, KNOWN]):
        assert promises(known, "us/erisa", "x", on=DAY)["appeal_deadline_days"] == "180 days"
        assert promises(known, "us/erisa", "x", on=date(2026, 4, 1))["appeal_deadline_days"] == "200 days"
