"""The shelf of measures: what an author is told, and what an example answers."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openum.core.measure_compute import Period
from openum.librarian.answers_agree import differences
from openum.librarian.kinds.measures import KIND, period_of, record_types
from openum.librarian.law import Item, written
from openum.librarian.lawbook import check_items, shelf
from openum.librarian.measure_words import condition_words
from openum.librarian.shape import SHIPPED

PLACE = "measures/provider"
KAPPA = "measures/plan/irr-kappa.yaml"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A small library with two measures of the shipped one, which are shown together."""
    (tmp_path / PLACE).mkdir(parents=True)
    for name in ("k2", "k2-on-time"):
        for ending in (".yaml", ".examples.yaml"):
            shutil.copy(SHIPPED / PLACE / (name + ending), tmp_path / PLACE)
    return tmp_path


def plant(library: Path, file: str, old: str, new: str) -> None:
    path = library / PLACE / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(library: Path) -> list[str]:
    return [f"{Path(each.file).name}:{each.line}: {each.fault}" for each in check_items(library, kinds=(KIND,))]


def item(name: str) -> Item:
    return next(each for each in shelf("measures", SHIPPED) if each.provision.id == name)


def test_the_shipped_measures_have_no_faults() -> None:
    assert check_items(SHIPPED, kinds=(KIND,)) == ()


def test_two_sound_measures_have_no_faults(library: Path) -> None:
    assert faults(library) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("to: submitted_at, in: hours", "to: sent_at, in: hours", "has no column sent_at; it has"),
        ("population: continued_stay_submissions", "population: stays", "k2.yaml:5: There is no record type stays"),
        ("give: [mean, max]", "give: [mean, most]", "k2.yaml:5: most is no statistic"),
        ("shown_with: [K2-ON-TIME]", "shown_with: [K2-LATE]", "There is no measure K2-LATE."),
        ("  target:", "  targets:", "`targets` is not a key of `what`"),
        ("level: organization", "level: 3", "`level` is 3, which cannot be."),
        ("kind: process", "kind: good", '`kind` is "good", which cannot be.'),
        ("sources: [S59]", "sources: [S99x]", "Source S99x is not listed."),
    ],
)  # fmt: skip
def test_an_author_is_told_what_is_wrong_with_a_measure(library: Path, old: str, new: str, fault: str) -> None:
    plant(library, "k2.yaml", old, new)
    found = faults(library)
    assert found != []
    assert any(fault in each for each in found), found


@pytest.mark.parametrize("word", ["unit", "kind", "level", "direction", "target"])
def test_a_measure_without_one_of_its_duties_is_a_fault(library: Path, word: str) -> None:
    lines = (library / PLACE / "k2-on-time.yaml").read_text(encoding="utf-8").splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"  {word}:"))
    last = next(number for number in range(first + 1, len(lines)) if not lines[number].startswith("   "))
    (library / PLACE / "k2-on-time.yaml").write_text("\n".join(lines[:first] + lines[last:]) + "\n", encoding="utf-8")
    assert any(f"`{word}`" in each and "k2-on-time.yaml" in each for each in faults(library)), faults(library)


def test_a_wrong_expectation_is_a_fault_at_its_line(library: Path) -> None:
    plant(library, "k2.examples.yaml", "mean: 12", "mean: 13")
    assert [each for each in faults(library) if "values: expected" in each] != []


def test_two_versions_on_one_day_are_a_fault_and_one_after_the_other_is_not(library: Path) -> None:
    for ending in (".yaml", ".examples.yaml"):
        shutil.copy(library / PLACE / f"k2{ending}", library / PLACE / f"k2.v2{ending}")
    plant(library, "k2.v2.yaml", 'version: "1"', 'version: "2"')
    overlap = "K2 holds on days on which version"
    assert [overlap in each for each in faults(library)] == [True, True]
    plant(library, "k2.yaml", "  to: null", "  to: 2026-12-31")
    assert [overlap in each for each in faults(library)] == [True, True]
    plant(library, "k2.v2.yaml", "  from: null", "  from: 2027-01-01")
    assert faults(library) == []


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        (2028, date(2028, 1, 1), date(2028, 12, 31)),
        ("2028", date(2028, 1, 1), date(2028, 12, 31)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ({"from": "2025-07-01", "to": "2026-06-30"}, date(2025, 7, 1), date(2026, 6, 30)),
    ],
)
def test_the_words_of_a_period(said: Any, first: date, last: date) -> None:
    assert period_of(said) == Period(first, last)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"rows": [], "yeer": 2026}, "yeer is not a word of a measure's example; write at, by, convention"),
        ({"rows": [], "period": "soon"}, "period: soon is none of"),
        ({"rows": [], "at": "2026-01-01T00:00:00"}, "names no zone"),
        ({"rows": [], "zone": "Mars/Olympus"}, "There is no time zone Mars/Olympus"),
        ({"rows": [{"id": "A", "outcom": "approved"}]}, "has no column outcom"),
        ({"rows": [], "convention": "ours"}, "has no convention ours; it has"),
    ],
)
def test_a_word_that_is_not_known_is_refused(given: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        item("CMS0057-M2").answer(given)


def test_copies_of_a_row_differ_in_their_ids() -> None:
    rows = [{"id": "A", "copies": 2, "root_cause": "R1"}, {"id": "B"}]
    answered = item("ROOT-CAUSES-CODED").answer({"rows": rows})
    assert answered["rows"] == {"denominator": ("A.1", "A.2", "B"), "numerator": ("A.1", "A.2"), "excluded": (),
                                "unknown": ()}  # fmt: skip
    assert answered["value"] == "2/3"


def test_every_measure_prints_itself_for_the_law_book() -> None:
    for each in shelf("measures", SHIPPED):
        labels = dict(KIND.rows(each.value))
        assert {"counts", "gives", "unit", "kind", "level", "target"} <= set(labels), each.provision.id
        assert all(labels.values()), each.provision.id


def test_the_words_of_conditions_name_every_kind_of_branch() -> None:
    words = {each.provision.id: dict(KIND.rows(each.value)) for each in shelf("measures", SHIPPED)}
    assert words["CMS0057-M2"]["where"] == (
        "(line_of_business is one of medicare-advantage, medicaid-managed-care, medicaid-ffs, chip, chip-ffs or "
        "(line_of_business is aca-individual and ffe is yes)) and drug is no and not (stage is retrospective)"
    )
    assert words["REAL-TIME"]["numerator"] == "hours from received_at to determined_at ≤ 1/60"
    assert words["K9-QUALITY"]["numerator"] == "first_said is second_said"
    assert words["K2"]["gives"] == "mean, max of hours from authorization_ends_at to submitted_at, at least 0"
    assert words["IRR-KAPPA"]["gives"].startswith("Cohen's kappa of first_said and second_said")
    assert words["K1"]["target"] == "provider: above 98 %"
    assert condition_words(item("WRONGFUL-APPROVAL").value.where) == "always"


def test_every_column_of_every_record_type_says_what_it_means() -> None:
    types = record_types()
    assert {"requests", "lines", "appeals", "external_reviews", "peer_to_peer", "authorizations", "services_rendered",
            "continued_stay_submissions", "notices", "claims"} <= set(types)  # fmt: skip
    for records in types.values():
        assert [c.name for c in records.columns.values() if not c.means] == ["id", "known_from", "known_to"]


def test_every_record_type_is_read_by_some_measure() -> None:
    used = {each.value.records.name for each in shelf("measures", SHIPPED)}
    assert used == set(record_types())


def test_no_measure_is_named_as_a_companion_that_is_not_there() -> None:
    measures = {each.provision.id: each.value for each in shelf("measures", SHIPPED)}
    wanted = {name for one in measures.values() for name in one.shown_with}
    assert wanted <= set(measures)
    assert measures["TOUCHLESS"].shown_with == ("WRONGFUL-APPROVAL",)
    assert measures["WRONGFUL-APPROVAL"].shown_with == ("TOUCHLESS",)


def test_the_answers_of_an_example_agree_only_with_what_comes_out() -> None:
    file = next(each for each in written(SHIPPED, KIND) if each.path == SHIPPED / KAPPA)
    assert file.item is not None
    rows = [{"id": "A", "first_said": "meets", "second_said": "meets", "read_at": "2026-03-02T12:00:00Z"}]
    answered = file.item.answer({"rows": rows})
    assert differences(answered, {"denominator": 1, "value": None}) == ()
    assert differences(answered, {"denominator": 2}) == ("denominator: expected 2, computed 1.",)
