"""Facts that tell whether something is on record at all: answered from nothing, and by the record first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from openum.core.answers import NO, YES
from openum.core.chart import Entry, Fact
from openum.core.codes import Code, CodeSet
from openum.core.criteria import All, AnyOf, Leaf, Not, evaluate
from openum.core.distance import distance
from openum.core.facts import FactDefinition, Reader, gather
from openum.core.span import Span

ON = date(2026, 6, 1)
PAO2 = Code("loinc", "2703-7")
CODES = CodeSet({"loinc": ["2703-7"]})
WHAT = "whether an arterial oxygen pressure at rest and awake is known"
FACTS = {
    "spo2": FactDefinition(id="spo2", type="number", question="?", unit="%"),
    "pao2_at_rest_awake": FactDefinition(
        id="pao2_at_rest_awake", type="number", question="?", unit="mm[Hg]", window=Span(days=30),
        readers=(Reader(kind="observation", codes=CODES),),
    ),
    "blood_gas_at_rest": FactDefinition(
        id="blood_gas_at_rest", type="boolean", question="?", window=Span(days=30), pick="any",
        derived="blood_gas_at_rest", readers=(Reader(kind="observation", codes=CODES, take="presence"),),
    ),
}  # fmt: skip
LOW = Leaf("spo2", "at_most", 88)
LOW_GAS = Leaf("pao2_at_rest_awake", "at_most", 55)
TAKEN = Leaf("blood_gas_at_rest", "is", True)
OXYGEN = AnyOf((LOW_GAS, All((LOW, Not(TAKEN)))))


def gas(value: Any, day: date = ON, unit: str = "mm[Hg]") -> Entry:
    return Entry(kind="observation", codes=(PAO2,), value=value, unit=unit, date=day, source="Observation/gas")


def said(link: str, value: Any) -> Entry:
    return Entry(kind="answer", link=link, value=value, source=f"Form/1#{link}")


def taken(*entries: Entry) -> Fact:
    return gather(FACTS, ["blood_gas_at_rest"], entries, on=ON).facts["blood_gas_at_rest"]


def test_nothing_on_record_is_a_no_without_a_source() -> None:
    assert taken() == Fact("blood_gas_at_rest", False, quote=WHAT)
    assert taken(gas(60, ON - timedelta(days=31))).value is False


def test_a_reading_in_the_chart_is_on_record_although_its_value_cannot_be_used() -> None:
    for entry in (gas(65), gas(9, unit="kPa"), gas(None)):
        assert (taken(entry).value, taken(entry).source) == (True, "Observation/gas")


def test_a_value_on_a_form_is_on_record() -> None:
    found = taken(said("pao2_at_rest_awake", 65))
    assert found == Fact("blood_gas_at_rest", True, "Form/1#pao2_at_rest_awake", quote=WHAT)


def test_the_record_outweighs_a_form_that_says_there_is_none() -> None:
    none = said("blood_gas_at_rest", False)
    assert taken(none).source == "Form/1#blood_gas_at_rest"
    assert taken(none).value is False
    assert taken(none, gas(65)).value is True
    assert taken(none, said("pao2_at_rest_awake", 65)).value is True


def test_a_form_that_says_there_is_one_outweighs_an_empty_record() -> None:
    assert taken(said("blood_gas_at_rest", True)).value is True


def test_only_a_blood_gas_that_is_not_low_defeats_a_low_saturation() -> None:
    low = said("spo2", 85)
    names = ["spo2", "pao2_at_rest_awake", "blood_gas_at_rest"]
    assert evaluate(OXYGEN, gather(FACTS, names, [low], on=ON)).answer is YES
    assert evaluate(OXYGEN, gather(FACTS, names, [low, gas(65)], on=ON)).answer is NO
    assert evaluate(OXYGEN, gather(FACTS, names, [low, gas(55)], on=ON)).answer is YES


def test_nobody_is_advised_to_know_less_than_is_on_record() -> None:
    chart = gather(FACTS, ["spo2", "pao2_at_rest_awake", "blood_gas_at_rest"], [said("spo2", 85), gas(65)], on=ON)
    far = distance(OXYGEN, chart, FACTS)
    assert [way.facts for way in far.ways] == [frozenset({"pao2_at_rest_awake"})]
    assert (far.differ, far.supply) == (1, 0)
