"""Reading named facts from a chart, a form or a claim: readers, types, windows, forms and derived facts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from openum.core.chart import Chart, Entry, Fact, fact
from openum.core.codes import Code, CodeSet
from openum.core.facts import FactDefinition, Reader, gather, read_fact, typed
from openum.core.span import Span

ON = date(2026, 6, 1)
SPO2 = Code("loinc", "59408-5")
APNEA = Code("icd10cm", "G47.33")
THERAPY = Code("cpt", "97110")
OBSERVED = Reader(kind="observation", codes=CodeSet({"loinc": ["59408-5"]}))
DIAGNOSED = Reader(kind="condition", codes=CodeSet({"icd10cm": ["G47.33"]}), take="presence")
TREATED = Reader(kind="procedure", codes=CodeSet({"cpt": ["97110"]}), take="presence")


def definition(id: str = "spo2", type: Any = "number", **more: Any) -> FactDefinition:
    return FactDefinition(id=id, type=type, question="?", **more)


SATURATION = definition(unit="%", least=30, most=100, window=Span(days=30), readers=(OBSERVED,))


def measured(
    value: Any, day: date | None = ON, *, unit: str = "%", source: str = "Observation/1", **more: Any
) -> Entry:
    return Entry(kind="observation", codes=(SPO2,), value=value, unit=unit, date=day, source=source, **more)


def answered(link: str, value: Any, **more: Any) -> Entry:
    return Entry(kind="answer", link=link, value=value, source=f"QuestionnaireResponse/1#{link}", **more)


def value_of(defined: FactDefinition, *entries: Entry) -> Any:
    return read_fact(defined, entries, on=ON).value


def test_a_fact_carries_its_value_source_day_quote_and_sensitivity() -> None:
    entry = measured(86, quote="SpO2 86 %", segment="hiv")
    assert read_fact(SATURATION, [entry], on=ON) == Fact(
        "spo2", 86, "Observation/1", ON, "SpO2 86 %", floor=False, note="", segment="hiv"
    )


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (ON, 86),
        (ON - timedelta(days=30), 86),
        (ON - timedelta(days=31), None),
        (ON + timedelta(days=1), None),
        (None, None),
    ],
)
def test_a_window_has_both_its_edges_inside_and_nothing_beyond(day: date | None, value: int | None) -> None:
    found = read_fact(SATURATION, [measured(86, day)], on=ON)
    assert found.value == value
    assert found.note == ("" if value else "undated, older than 30 days or after the service date")
    assert found.floor is False


def test_nothing_found_is_unknown_without_a_note() -> None:
    assert read_fact(SATURATION, [], on=ON) == Fact("spo2", None)


def test_a_reading_outside_the_window_does_not_hide_one_inside() -> None:
    assert value_of(SATURATION, measured(80, ON - timedelta(days=31)), measured(91, ON - timedelta(days=2))) == 91


def test_without_a_window_any_day_counts() -> None:
    assert value_of(definition(unit="%", readers=(OBSERVED,)), measured(86, date(1990, 1, 1))) == 86


def test_an_answer_on_a_form_is_read_by_the_facts_id_and_is_not_windowed() -> None:
    assert value_of(SATURATION, answered("spo2", 87, date=ON - timedelta(days=400))) == 87
    assert value_of(SATURATION, answered("another", 87)) is None


def test_an_answer_under_another_link_is_read_where_a_reader_names_it() -> None:
    defined = definition(unit="%", readers=(Reader(kind="answer", links=frozenset({"1.2"})),))
    assert value_of(defined, answered("1.2", 87)) == 87
    assert value_of(defined, answered("1.3", 87)) is None


def test_a_form_states_its_unit_in_the_question_and_a_chart_must_state_it_with_the_number() -> None:
    assert value_of(SATURATION, answered("spo2", 87)) == 87
    assert value_of(SATURATION, measured(87, unit="")) is None
    assert value_of(SATURATION, measured(87, unit="percent")) == 87
    assert value_of(SATURATION, measured(87, unit="kPa")) is None
    assert value_of(SATURATION, answered("spo2", 87, unit="kPa")) is None


@pytest.mark.parametrize(("value", "read"), [(30, 30), (100, 100), (29.9, None), (100.1, None), (88.5, 88.5)])
def test_both_ends_of_a_range_are_values_and_what_lies_outside_is_ignored_not_clipped(value: float, read: Any) -> None:
    assert value_of(SATURATION, measured(value)) == read


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_is_no_value(value: float) -> None:
    assert value_of(definition(), answered("spo2", value)) is None


def test_entries_of_another_kind_or_code_are_not_read() -> None:
    assert value_of(SATURATION, Entry(kind="claim", codes=(SPO2,), value=86, unit="%", date=ON)) is None
    assert value_of(SATURATION, Entry(kind="observation", codes=(APNEA,), value=86, unit="%", date=ON)) is None
    assert value_of(SATURATION, Entry(kind="observation", value=86, unit="%", date=ON)) is None


def test_a_reader_without_codes_and_links_reads_nothing() -> None:
    assert not Reader(kind="observation").matches(measured(86))
    assert not Reader(kind="answer", links=frozenset({"a"})).matches(answered("", 1))


def test_a_diagnosis_is_present_a_refuted_one_is_denied_and_an_absent_one_is_unknown() -> None:
    apnea = definition("apnea", "boolean", readers=(DIAGNOSED,))
    assert value_of(apnea, Entry(kind="condition", codes=(APNEA,), date=ON)) is True
    assert value_of(apnea, Entry(kind="condition", codes=(APNEA,), date=ON, denied=True)) is False
    assert value_of(apnea) is None


def test_the_first_reader_that_matches_an_entry_reads_it() -> None:
    coded = Reader(kind="observation", codes=CodeSet({"loinc": ["59408-5"]}), take="date")
    assert value_of(definition("d", "date", readers=(coded, OBSERVED)), measured(86)) == ON
    assert value_of(definition("d", "date", readers=(OBSERVED, coded)), measured(86)) is None


def test_a_day_is_read_from_what_was_done_and_not_from_what_was_not() -> None:
    started = definition("started", "date", readers=(Reader(kind="procedure", codes=TREATED.codes, take="date"),))
    done = Entry(kind="procedure", codes=(THERAPY,), date=date(2026, 4, 1))
    assert value_of(started, done) == date(2026, 4, 1)
    assert value_of(started, Entry(kind="procedure", codes=(THERAPY,), date=ON, denied=True)) is None
    assert value_of(started, Entry(kind="procedure", codes=(THERAPY,))) is None


NEVER, CURRENT = Code("snomed", "266919005"), Code("snomed", "77176002")
SMOKING = definition(
    "smoking", "choice", choices=("never", "current"),
    readers=(
        Reader(
            kind="observation", codes=CodeSet({"loinc": ["72166-2"]}),
            values=((CodeSet({"snomed": ["266919005"]}), "never"), (CodeSet({"snomed": ["77176002"]}), "current")),
        ),
    ),
)  # fmt: skip


def smoked(value: Any, **more: Any) -> Entry:
    return Entry(kind="observation", codes=(Code("loinc", "72166-2"),), value=value, date=ON, **more)


def test_a_coded_value_is_translated_and_an_unlisted_one_is_unknown() -> None:
    assert value_of(SMOKING, smoked(NEVER)) == "never"
    assert value_of(SMOKING, smoked(CURRENT)) == "current"
    assert value_of(SMOKING, smoked(Code("snomed", "0"))) is None
    assert value_of(SMOKING, smoked("never")) is None
    assert value_of(SMOKING, smoked(NEVER, denied=True)) is None
    assert value_of(SMOKING, answered("smoking", "never")) == "never"
    assert value_of(SMOKING, answered("smoking", "sometimes")) is None


def test_what_has_no_value_is_translated_by_its_own_code() -> None:
    severe = CodeSet({"icd10cm": ["F33.2"]})
    reader = Reader(kind="condition", codes=CodeSet({"icd10cm": ["F33*"]}), values=((severe, "severe"),))
    defined = definition("severity", "choice", choices=("severe",), readers=(reader,))
    assert value_of(defined, Entry(kind="condition", codes=(Code("icd10cm", "F33.2"),), date=ON)) == "severe"
    assert value_of(defined, Entry(kind="condition", codes=(Code("icd10cm", "F33.1"),), date=ON)) is None


@pytest.mark.parametrize(
    ("type", "raw", "read"),
    [
        ("boolean", True, True),
        ("boolean", False, False),
        ("boolean", 1, None),
        ("boolean", "yes", None),
        ("number", 3, 3),
        ("number", True, None),
        ("number", "3", None),
        ("number", None, None),
        ("date", date(2026, 1, 2), date(2026, 1, 2)),
        ("date", datetime(2026, 1, 2, tzinfo=UTC), None),
        ("date", "2026-01-02", None),
        ("choice", "a", "a"),
        ("choice", Code("local", "a"), "a"),
        ("choice", "b", None),
        ("text", "words", "words"),
        ("text", " ", None),
        ("text", 3, None),
        ("text", None, None),
    ],
)
def test_a_value_of_another_type_is_no_value(type: str, raw: Any, read: Any) -> None:
    assert typed(definition(type=type, choices=("a",)), raw) == read
    assert typed(definition(type=type, choices=("a",)), raw).__class__ is read.__class__


def test_age_and_sex_are_read_from_demographics_whatever_the_window() -> None:
    age = definition(
        "age", unit="a", window=Span(days=1), readers=(Reader(kind="demographic", links=frozenset({"age"})),)
    )
    assert value_of(age, Entry(kind="demographic", link="age", value=64)) == 64
    assert value_of(age, Entry(kind="demographic", link="sex", value=64)) is None


HEIGHT = definition("height_cm", unit="cm", readers=(Reader(kind="observation", codes=CodeSet({"loinc": ["8302-2"]})),))
WEIGHT = definition(
    "weight_kg", unit="kg", readers=(Reader(kind="observation", codes=CodeSet({"loinc": ["29463-7"]})),)
)
BMI = definition("bmi_now", unit="kg/m2", derived="bmi")
BODY = {one.id: one for one in (HEIGHT, WEIGHT, BMI)}
TALL = Entry(
    kind="observation",
    codes=(Code("loinc", "8302-2"),),
    value=1.8,
    unit="m",
    date=date(2026, 1, 5),
    source="Observation/h",
)
HEAVY = Entry(
    kind="observation", codes=(Code("loinc", "29463-7"),), value=130, unit="kg", date=date(2026, 5, 6),
    source="Observation/w", segment="mental_health",
)  # fmt: skip


def test_a_derived_fact_names_both_sources_the_later_day_and_the_stricter_segment() -> None:
    chart = gather(BODY, ["bmi_now"], [TALL, HEAVY], on=ON)
    assert chart.facts["bmi_now"] == Fact(
        "bmi_now", 40.1, "Observation/h; Observation/w", date(2026, 5, 6),
        "weight in kg divided by the square of height in m, one decimal", segment="mental_health",
    )  # fmt: skip
    assert set(chart.facts) == {"bmi_now", "height_cm", "weight_kg"}


def test_a_derived_fact_is_unknown_as_long_as_one_input_is() -> None:
    assert gather(BODY, ["bmi_now"], [TALL], on=ON).facts["bmi_now"] == Fact("bmi_now", None)
    assert gather(BODY, ["bmi_now"], [], on=ON).facts["bmi_now"] == Fact("bmi_now", None)
    undefined = {"bmi_now": BMI, "height_cm": HEIGHT}
    assert gather(undefined, ["bmi_now"], [TALL, HEAVY], on=ON).facts["bmi_now"].value is None


def test_a_fact_that_is_read_is_not_derived() -> None:
    chart = gather(BODY, ["bmi_now"], [TALL, HEAVY, answered("bmi_now", 39)], on=ON)
    assert chart.facts["bmi_now"].value == 39
    assert set(chart.facts) == {"bmi_now"}


def test_two_inputs_of_one_source_name_it_once() -> None:
    form = [answered("height_cm", 180), answered("weight_kg", 130)]
    same = [Entry(kind="answer", link=one.link, value=one.value, source="QuestionnaireResponse/1") for one in form]
    found = gather(BODY, ["bmi_now"], same, on=ON).facts["bmi_now"]
    assert (found.value, found.source, found.date) == (40.1, "QuestionnaireResponse/1", None)


def test_gathering_keeps_what_was_asked_and_leaves_out_what_nobody_defined() -> None:
    asked = [Fact("asked.quantity", 3, "request line 1"), Fact("height_cm", 150, "stated")]
    chart = gather(BODY, ["asked.quantity", "height_cm", "nothing_known"], [TALL], on=ON, asked=asked)
    assert chart == Chart(ON, {one.name: one for one in asked})


def test_gathering_reads_entries_given_once() -> None:
    chart = gather(BODY, ["height_cm", "weight_kg"], iter([TALL, HEAVY]), on=ON)
    assert (chart.facts["height_cm"].value, chart.facts["weight_kg"].value) == (180.0, 130)


def test_a_chart_knows_facts_with_a_value_and_stays_as_it_was_when_others_are_added() -> None:
    chart = Chart(ON, {"a": fact("a", False), "b": fact("b", None)})
    assert [chart.known(name) for name in "abc"] == [True, False, False]
    more = chart.with_facts(fact("b", 2), fact("c", 3, source="a person", date=ON))
    assert more == Chart(ON, {"a": fact("a", False), "b": fact("b", 2), "c": Fact("c", 3, "a person", ON)})
    assert not chart.known("c")


def test_a_type_that_does_not_exist_is_a_fault_and_not_an_unknown_fact() -> None:
    with pytest.raises(AssertionError, match="Expected code to be unreachable"):
        typed(definition(type="quantity"), 3)
