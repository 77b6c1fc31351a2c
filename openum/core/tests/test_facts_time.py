"""What is over, what comes after the service, and what a chart's newest day can prove."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from openum.core.chart import Entry, EntryKind, Fact
from openum.core.codes import Code, CodeSet
from openum.core.facts import FactDefinition, FactType, Pick, Reader, Take, read_fact
from openum.core.span import Span

ON = date(2026, 6, 1)
LONG_AGO = date(2015, 11, 28)
ARTHRITIS = Code("icd10cm", "M06.9")
CODES = CodeSet({"icd10cm": ["M06.9"]})
OVER = "ended before the service date"


def defined(
    kind: EntryKind = "condition", *, take: Take = "presence", type: FactType = "boolean", pick: Pick = "latest",
    **more: Any,
) -> FactDefinition:  # fmt: skip
    readers = (Reader(kind=kind, codes=CODES, take=take),)
    return FactDefinition(id="arthritis", type=type, question="?", readers=readers, pick=pick, **more)


def entry(kind: EntryKind = "condition", day: date | None = date(2012, 1, 5), **more: Any) -> Entry:
    return Entry(kind=kind, codes=(ARTHRITIS,), date=day, source="Condition/1", **more)


@pytest.mark.parametrize("kind", ["condition", "medication", "encounter"])
def test_what_ended_before_the_service_says_nothing_of_now(kind: EntryKind) -> None:
    now = defined(kind)
    assert read_fact(now, [entry(kind, ended=LONG_AGO)], on=ON) == Fact("arthritis", None, note=OVER)
    assert read_fact(now, [entry(kind, ended=ON - timedelta(days=1))], on=ON).value is None
    assert read_fact(now, [entry(kind, ended=ON)], on=ON).value is True
    assert read_fact(now, [entry(kind, ended=ON + timedelta(days=9))], on=ON).value is True
    assert read_fact(now, [entry(kind)], on=ON).value is True


@pytest.mark.parametrize("kind", ["condition", "medication", "encounter"])
def test_a_fact_of_history_counts_what_is_over(kind: EntryKind) -> None:
    found = read_fact(defined(kind, ever=True), [entry(kind, ended=LONG_AGO)], on=ON)
    assert (found.value, found.source) == (True, "Condition/1")


def test_a_denial_that_is_over_says_nothing_either() -> None:
    assert read_fact(defined(), [entry(denied=True)], on=ON).value is False
    assert read_fact(defined(), [entry(denied=True, ended=LONG_AGO)], on=ON).value is None


def test_what_is_over_does_not_hide_what_is_not() -> None:
    entries = [entry(ended=LONG_AGO), entry(day=date(2026, 2, 2))]
    assert read_fact(defined(), entries, on=ON) == Fact("arthritis", True, "Condition/1", date(2026, 2, 2))


def test_an_illness_that_is_over_gives_no_choice_by_its_code() -> None:
    readers = (Reader(kind="condition", codes=CODES, take="presence", values=((CODES, "severe"),)),)
    severity = FactDefinition(id="severity", type="choice", question="?", choices=("severe",), readers=readers)
    assert read_fact(severity, [entry()], on=ON).value == "severe"
    assert read_fact(severity, [entry(ended=LONG_AGO)], on=ON).value is None


def test_a_procedure_is_done_and_never_over() -> None:
    assert read_fact(defined("procedure"), [entry("procedure", ended=LONG_AGO)], on=ON).value is True


def test_a_day_and_a_count_are_history_and_keep_what_is_over() -> None:
    tried = defined("medication", take="date", type="date")
    assert read_fact(tried, [entry("medication", ended=LONG_AGO)], on=ON).value == date(2012, 1, 5)
    visits = defined("encounter", type="number", pick="count")
    assert read_fact(visits, [entry("encounter", ended=date(2012, 1, 5))], on=ON).value == 1


@pytest.mark.parametrize("kind", ["condition", "procedure", "claim"])
def test_what_the_chart_says_of_a_day_after_the_service_does_not_count_without_a_window_either(kind: EntryKind) -> None:
    for more in ({"day": ON + timedelta(days=1)}, {"day": None, "at": datetime(2026, 6, 3, 8, tzinfo=UTC)}):
        found = read_fact(defined(kind), [entry(kind, **more)], on=ON)
        assert found == Fact("arthritis", None, note="after the service date")
    assert read_fact(defined(kind), [entry(kind, ON)], on=ON).value is True
    assert read_fact(defined(kind), [entry(kind, None)], on=ON).value is True


SEEN = (
    Reader(kind="procedure", codes=CODES, take="date"), Reader(kind="claim", codes=CODES, take="date"),
)  # fmt: skip


@pytest.mark.parametrize(("pick", "floor"), [("latest", True), ("max", True), ("earliest", False), ("min", False)])
def test_the_newest_day_of_a_chart_is_a_floor_and_the_oldest_is_none(pick: Pick, floor: bool) -> None:
    seen = FactDefinition(id="seen", type="date", question="?", readers=SEEN, pick=pick)
    for kind in ("procedure", "claim"):
        day = date(2023, 5, 4)
        assert read_fact(seen, [entry(kind, day)], on=ON) == Fact("seen", day, "Condition/1", day, floor=floor)


def test_a_day_stated_on_a_form_is_the_last_there_is() -> None:
    seen = FactDefinition(id="seen", type="date", question="?", readers=SEEN)
    told = Entry(kind="answer", link="seen", value=date(2023, 5, 4), source="Form/1")
    assert read_fact(seen, [told], on=ON) == Fact("seen", date(2023, 5, 4), "Form/1")
    assert read_fact(seen, [told, entry("procedure", date(2023, 5, 2))], on=ON).floor is False


def test_a_value_that_is_no_day_is_no_floor() -> None:
    assert read_fact(defined(), [entry()], on=ON).floor is False


def test_an_answer_given_after_the_service_speaks_of_the_service() -> None:
    answer = Entry(kind="answer", link="arthritis", value=True, date=ON + timedelta(days=20), source="Form/1")
    assert read_fact(defined(), [answer], on=ON).value is True
    sex = FactDefinition(
        id="sex", type="choice", question="?", choices=("female", "male"),
        readers=(Reader(kind="demographic", links=frozenset({"sex"})),),
    )  # fmt: skip
    told = Entry(kind="demographic", link="sex", value="female", date=ON + timedelta(days=20))
    assert read_fact(sex, [told], on=ON).value == "female"


def test_a_windowed_fact_says_why_nothing_counts() -> None:
    recent = defined(window=Span(days=30))
    stale = "undated, older than 30 days or after the service date"
    assert read_fact(recent, [entry(day=LONG_AGO)], on=ON).note == stale
    assert read_fact(recent, [entry(day=LONG_AGO, ended=LONG_AGO)], on=ON).note == OVER
