"""Which of several readings is the fact, when the sources disagree, and what a count can prove."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from openum.core.chart import Entry, Fact
from openum.core.codes import Code, CodeSet
from openum.core.facts import FactDefinition, Reader, read_fact
from openum.core.span import Span

ON = date(2026, 6, 1)
LOCAL = timezone(timedelta(hours=-5))
SPO2, VISIT = Code("loinc", "59408-5"), Code("cpt", "97110")
READERS = (Reader(kind="observation", codes=CodeSet({"loinc": ["59408-5"]})),)


def saturation(pick: Any, **more: Any) -> FactDefinition:
    return FactDefinition(id="spo2", type="number", question="?", unit="%", pick=pick, readers=READERS, **more)


def measured(value: Any, day: date | None, source: str = "", **more: Any) -> Entry:
    return Entry(
        kind="observation",
        codes=(SPO2,),
        value=value,
        unit="%",
        date=day,
        source=source or f"Observation/{value}",
        **more,
    )


def at(day: date, hour: int) -> dict[str, Any]:
    return {"at": datetime(day.year, day.month, day.day, hour, tzinfo=UTC)}


MAY, APRIL, MARCH = date(2026, 5, 3), date(2026, 4, 2), date(2026, 3, 1)
THREE = (measured(90, APRIL), measured(85, MARCH), measured(95, MAY))


@pytest.mark.parametrize(("pick", "value"), [("latest", 95), ("earliest", 85), ("min", 85), ("max", 95), ("any", 95)])
def test_the_pick_chooses_among_readings_in_any_order(pick: str, value: int) -> None:
    for entries in (THREE, THREE[::-1]):
        assert read_fact(saturation(pick), entries, on=ON).value == value


def test_min_and_max_go_by_the_value_and_not_by_the_day() -> None:
    entries = [measured(95, MARCH), measured(85, APRIL), measured(90, MAY)]
    assert read_fact(saturation("min"), entries, on=ON) == Fact("spo2", 85, "Observation/85", APRIL)
    assert read_fact(saturation("max"), entries, on=ON) == Fact("spo2", 95, "Observation/95", MARCH)


@pytest.mark.parametrize("pick", ["latest", "earliest"])
def test_sources_that_disagree_on_the_day_that_counts_make_the_fact_unknown(pick: str) -> None:
    entries = [measured(90, MAY, "Observation/b", segment="hiv"), measured(86, MAY, "Observation/a")]
    assert read_fact(saturation(pick), entries, on=ON) == Fact(
        "spo2", None, "Observation/a, Observation/b", MAY, note="sources disagree on the same day", segment="hiv"
    )


def test_sources_that_agree_on_a_day_are_no_conflict_and_the_first_is_named() -> None:
    entries = [measured(90, MAY, "Observation/b"), measured(90, MAY, "Observation/a")]
    assert read_fact(saturation("latest"), entries, on=ON).source == "Observation/b"


def test_an_old_disagreement_does_not_matter_to_the_latest() -> None:
    assert (
        read_fact(saturation("latest"), [measured(80, MARCH), measured(90, MARCH), measured(88, MAY)], on=ON).value
        == 88
    )


@pytest.mark.parametrize(("pick", "value"), [("latest", 91), ("earliest", 86)])
def test_on_one_day_the_hour_decides_where_both_have_one(pick: str, value: int) -> None:
    entries = [measured(86, MAY, **at(MAY, 8)), measured(91, MAY, **at(MAY, 17))]
    assert read_fact(saturation(pick), entries, on=ON).value == value


def test_the_same_moment_in_two_time_zones_is_the_same_moment() -> None:
    entries = [
        measured(86, MAY, "Observation/a", at=datetime(2026, 5, 3, 12, tzinfo=UTC)),
        measured(91, MAY, "Observation/b", at=datetime(2026, 5, 3, 7, tzinfo=LOCAL)),
    ]
    assert read_fact(saturation("latest"), entries, on=ON).note == "sources disagree on the same day"


@pytest.mark.parametrize("pick", ["latest", "earliest"])
def test_nobody_knows_whether_a_reading_without_an_hour_came_before_one_with_it(pick: str) -> None:
    entries = [measured(86, MAY, "Observation/a"), measured(91, MAY, "Observation/b", **at(MAY, 8))]
    for given in (entries, entries[::-1]):
        found = read_fact(saturation(pick), given, on=ON)
        assert (found.value, found.note) == (None, "sources disagree on the same day")
        assert (found.source, found.date) == ("Observation/a, Observation/b", MAY)


def test_a_chart_entry_without_a_day_neither_beats_nor_yields_to_one_with_a_day() -> None:
    found = read_fact(saturation("latest"), [measured(85, None), measured(95, MAY)], on=ON)
    assert (found.value, found.note) == (None, "sources disagree, and one has no date")
    assert read_fact(saturation("latest"), [measured(95, None), measured(95, MAY)], on=ON).date == MAY
    assert read_fact(saturation("latest"), [measured(85, None)], on=ON).value == 85
    assert read_fact(saturation("latest"), [measured(85, None), measured(86, None)], on=ON).value is None


def test_a_form_without_a_day_speaks_of_the_day_of_service() -> None:
    form = Entry(kind="answer", link="spo2", value=87, source="Form/1")
    assert read_fact(saturation("latest"), [measured(95, MAY), form], on=ON).value == 87
    assert read_fact(saturation("earliest"), [measured(95, MAY), form], on=ON).value == 95
    assert read_fact(saturation("latest"), [measured(95, ON), form], on=ON).note == "sources disagree on the same day"


def present(day: date | None, *, denied: bool = False, **more: Any) -> Entry:
    return Entry(kind="procedure", codes=(VISIT,), date=day, denied=denied, **{"source": f"Procedure/{day}"} | more)


ANY = FactDefinition(
    id="treated", type="boolean", question="?", pick="any",
    readers=(Reader(kind="procedure", codes=CodeSet({"cpt": ["97110"]}), take="presence"),),
)  # fmt: skip


def test_any_is_yes_when_one_says_so_and_no_only_when_all_deny() -> None:
    assert read_fact(ANY, [present(MAY, denied=True), present(MARCH)], on=ON).source == f"Procedure/{MARCH}"
    assert read_fact(ANY, [present(MAY, denied=True), present(MARCH)], on=ON).value is True
    assert read_fact(ANY, [present(MAY, denied=True), present(MARCH, denied=True)], on=ON).value is False
    assert read_fact(ANY, [], on=ON).value is None


COUNT = FactDefinition(
    id="visits", type="number", question="?", pick="count", window=Span(days=60), readers=ANY.readers
)


def test_a_count_is_of_days_and_is_a_floor() -> None:
    entries = [present(MAY), present(MAY, source="Procedure/again"), present(ON), present(ON - timedelta(days=60))]
    assert read_fact(COUNT, entries, on=ON) == Fact("visits", 3, f"Procedure/{ON}", ON, floor=True)


def test_what_was_denied_or_lies_outside_the_window_is_not_counted() -> None:
    entries = [
        present(MAY, denied=True),
        present(ON - timedelta(days=61)),
        present(ON + timedelta(days=1)),
        present(None),
    ]
    assert read_fact(COUNT, entries, on=ON) == Fact("visits", None)
    assert read_fact(COUNT, [*entries, present(MAY)], on=ON).value == 1


def test_nothing_counted_is_unknown_and_not_none_at_all() -> None:
    assert read_fact(COUNT, [], on=ON) == Fact("visits", None)


def test_one_evening_visit_told_twice_is_one_day_although_it_is_tomorrow_in_utc() -> None:
    evening = datetime(2026, 5, 3, 20, tzinfo=LOCAL)
    entries = [present(MAY, at=evening), present(MAY, source="Claim/1")]
    assert read_fact(COUNT, entries, on=ON) == Fact("visits", 1, f"Procedure/{MAY}", MAY, floor=True)


def test_a_count_is_as_sensitive_as_the_strictest_entry_counted() -> None:
    entries = [present(MAY), present(APRIL, segment="sud_part2"), present(ON, segment="mental_health")]
    assert read_fact(COUNT, entries, on=ON).segment == "sud_part2"


def test_a_number_stated_on_a_form_is_the_count_and_no_floor() -> None:
    form = Entry(kind="answer", link="visits", value=6, source="Form/1")
    assert read_fact(COUNT, [present(MAY), form], on=ON) == Fact("visits", 6, "Form/1")


def test_a_moment_without_a_day_is_a_day_of_its_own() -> None:
    unlimited = FactDefinition(id="visits", type="number", question="?", pick="count", readers=ANY.readers)
    entries = [present(None, at=datetime(2026, 5, 3, 9, tzinfo=UTC)), present(APRIL)]
    assert read_fact(unlimited, entries, on=ON).value == 2
