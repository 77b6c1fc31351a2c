"""Licensed criteria: loaded whole onto a private shelf or not at all, and shown only to whom license or law names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openum.core.refusal import Refusal
from openum.librarian import licensed
from openum.librarian.check import check_library
from openum.librarian.licensed import BundleFaulty, License, licenses, load, may_show, public
from openum.librarian.marked import read_document
from openum.librarian.read import read_library
from openum.librarian.shape import SHIPPED

EXAMPLE = SHIPPED.parent / "docs" / "how-to" / "example-criteria-co.yaml"
TABLES = EXAMPLE.with_suffix("")
KEY = "behavioral/example-day-program@2026-01-01"
Bundle = Callable[..., Path]


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A small public shelf: the shipped behavioral facts alone."""
    shelf = tmp_path / "public"
    (shelf / "facts").mkdir(parents=True)
    shutil.copy(SHIPPED / "facts" / "behavioral.yaml", shelf / "facts")
    return shelf


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Where the licensee's shelf is to be."""
    return tmp_path / "own"


@pytest.fixture
def changed(tmp_path: Path) -> Bundle:
    """The example with some of its text replaced."""

    def make(*pairs: tuple[str, str], name: str = "bundle.yaml") -> Path:
        text = EXAMPLE.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def tables(tmp_path: Path) -> Callable[..., Path]:
    """The CSV example with some of the text of one file replaced."""

    def make(file: str = "", *pairs: tuple[str, str]) -> Path:
        folder = tmp_path / "tables"
        shutil.copytree(TABLES, folder)
        path = folder / file
        for old, new in pairs:
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return make


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if text in line)


def written(shelf: Path) -> dict[str, bytes]:
    return {path.relative_to(shelf).as_posix(): path.read_bytes() for path in shelf.rglob("*") if path.is_file()}


def refused(bundle: Path, own: Path, beside: Path) -> list[tuple[str, int, str]]:
    before = written(own) if own.exists() else None
    with pytest.raises(BundleFaulty) as told:
        load(bundle, own, beside=(beside,))
    assert (written(own) if own.exists() else None) == before, "nothing was written"
    assert told.value.code == "licensed_bundle_faulty"
    assert all(fault.mend for fault in told.value.faults)
    return [(fault.file, fault.line, fault.fault) for fault in told.value.faults]


def test_the_example_becomes_a_policy_that_decides_and_is_restricted(own: Path, beside: Path) -> None:
    loaded = load(EXAMPLE, own, beside=(beside,))
    assert loaded.policies == (KEY,)
    assert len(loaded.files) == 4
    assert check_library(beside, own) == ()
    policy = read_library(beside, own).policy(KEY)
    assert policy is not None
    assert policy.criteria.label == "The member is in the band of the day program and safe at night"
    assert licenses(own)[KEY] == License(
        publisher="Example Criteria Co.",
        product="Example Day Program Criteria",
        edition="2026",
        holder="Example Health Plan of Ohio",
        number="EX-0001",
        start=date(2026, 1, 1),
        until=date(2026, 12, 31),
        shown_to=frozenset({"reviewer", "medical_director"}),
        disclose_on_denial=True,
    )
    assert public((policy,), beside, own) == ()


def test_the_example_stands_beside_the_library_that_comes_with_openum(own: Path) -> None:
    assert load(EXAMPLE, own).policies == (KEY,)


def test_csv_json_and_yaml_become_the_same_files(tmp_path: Path, beside: Path) -> None:
    document, _ = read_document(EXAMPLE)
    assert document is not None
    as_json = tmp_path / "bundle.json"
    as_json.write_text(json.dumps(document.data), encoding="utf-8")
    shelves = []
    for name, bundle in (("y", EXAMPLE), ("j", as_json), ("c", TABLES)):
        load(bundle, tmp_path / name, beside=(beside,))
        shelves.append(written(tmp_path / name))
    assert shelves[0] == shelves[1] == shelves[2]


def test_loading_the_same_bundle_again_writes_nothing(own: Path, beside: Path) -> None:
    load(EXAMPLE, own, beside=(beside,))
    again = load(EXAMPLE, own, beside=(beside,))
    assert (again.policies, again.files) == ((KEY,), ())


def test_another_text_of_a_version_is_refused_and_the_first_stays(own: Path, beside: Path, changed: Bundle) -> None:
    load(EXAMPLE, own, beside=(beside,))
    before = written(own)
    other = changed(("at_least: 12", "at_least: 13"))
    with pytest.raises(Refusal, match=r"Another text of example-day-program/2026-01-01\.yaml is on the shelf") as told:
        load(other, own, beside=(beside,))
    assert told.value.code == "licensed_exists"
    assert written(own) == before


def test_the_next_edition_stands_beside_the_last_with_its_own_license(own: Path, beside: Path, changed: Bundle) -> None:
    load(EXAMPLE, own, beside=(beside,))
    later = changed(("2026-01-01", "2027-01-01"), ("2026-12-31", "2027-12-31"), ('edition: "2026"', 'edition: "2027"'))
    later.write_text(
        later.read_text("utf-8").replace("      - name:", "      - on: 2027-06-01\n        name:"), encoding="utf-8"
    )
    loaded = load(later, own, beside=(beside,))
    assert [path.name for path in loaded.files] == ["2027-01-01.examples.yaml", "2027-01-01.yaml"]
    assert {key: one.edition for key, one in licenses(own).items()} == {
        KEY: "2026",
        KEY.replace("2026", "2027"): "2027",
    }
    assert check_library(beside, own) == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "fault"),
    [
        ("  number: EX-0001\n", "", "license:", "`number` is missing in `license`."),
        (
            "disclose_on_denial: true",
            "disclose_on_denial: false",
            "disclose_on",
            "`disclose_on_denial` is false, which cannot be.",
        ),
        (
            "[reviewer, medical_director]",
            "[public]",
            "shown_to",
            'number 1 of `shown_to` is "public", which cannot be.',
        ),
        ("at_least: 12", "at_leest: 12", "at_leest", "`at_leest` is not a key of number 1 of `any`."),
        (
            "example_day_score, at_least",
            "example_dai_score, at_least",
            "example_dai_score, at",
            "There is no fact `example_dai_score`.",
        ),
        ("type: number\n", "type: nummer\n", "type: nummer", '`type` is "nummer", which cannot be.'),
        ('    unit: "{score}"\n', "", "type: number", "Fact `example_day_score`: a number needs a unit."),
        (
            "until: 2026-12-31}",
            "until: 2027-01-31}",
            "in_force: {",
            "The license ends on 2026-12-31, and the policy would go on.",
        ),
        (
            "in_force: {from: 2026-01-01,",
            "in_force: {from: 2025-12-31,",
            "in_force: {",
            "It begins on 2025-12-31, before the license (2026-01-01).",
        ),
        ("      family: behavioral", "      family: dme", "family: dme", "The family is not that of the id."),
        ("lasts: 4w", "lasts: four weeks", "lasts: four", '`lasts` is "four weeks", which cannot be.'),
        ("        expect: unknown\n      - name: Less", "        expect: met\n      - name: Less", "expect: met\n", ""),
    ],
)
def test_a_bad_bundle_is_told_at_its_line_and_writes_nothing(
    own: Path, beside: Path, changed: Bundle, old: str, new: str, at: str, fault: str
) -> None:
    bundle = changed((old, new))
    found = refused(bundle, own, beside)
    assert all(file == str(bundle) for file, _, _ in found)
    if fault:
        assert (str(bundle), line_of(bundle, at), fault) in found
    else:
        third = line_of(bundle, "Nobody filled in the scale")
        assert any(third <= line <= third + 3 and "unknown" in words for _, line, words in found)


def test_a_threshold_without_its_examples_is_a_fault_of_the_bundle(own: Path, beside: Path, changed: Bundle) -> None:
    bundle = changed(("example_day_score: 11", "example_day_score: 2"))
    (one,) = refused(bundle, own, beside)
    assert one[1] == line_of(bundle, "fact: example_day_score")
    assert one[2] == "No example stands one step beyond `example_day_score` at_least 12 and depends on it."


def test_a_policy_twice_in_a_bundle_is_told(tmp_path: Path, own: Path, beside: Path) -> None:
    document, _ = read_document(EXAMPLE)
    assert document is not None
    bundle = tmp_path / "twice.json"
    bundle.write_text(json.dumps({**document.data, "policies": document.data["policies"] * 2}), encoding="utf-8")
    assert [fault for _, _, fault in refused(bundle, own, beside)] == [
        "behavioral/example-day-program stands in the bundle twice."
    ]


def test_a_fact_that_means_something_else_on_another_shelf_is_told(own: Path, beside: Path, changed: Bundle) -> None:
    bundle = changed(
        ("  - id: example_night_plan", "  - id: nursing_on_site_24h"),
        ("fact: example_night_plan", "fact: nursing_on_site_24h"),
        ("example_night_plan:", "nursing_on_site_24h:"),
    )
    found = refused(bundle, own, beside)
    assert [line for _, line, words in found if "already defined" in words] == [
        line_of(bundle, "- id: nursing_on_site_24h")
    ]


def test_a_fact_that_another_shelf_has_word_for_word_is_not_written_again(
    own: Path, beside: Path, changed: Bundle
) -> None:
    document, _ = read_document(EXAMPLE)
    assert document is not None
    topic = {"topic": "Days", "facts": document.data["facts"][1:]}
    (beside / "facts" / "days.yaml").write_text(json.dumps(topic), encoding="utf-8")
    load(EXAMPLE, own, beside=(beside,))
    (facts,) = (own / "facts").iterdir()
    assert "example_night_plan" not in facts.read_text(encoding="utf-8")
    assert check_library(beside, own) == ()
    bad = changed(("range: [0, 30]", "range: [30, 0]"))
    (place,) = {line for _, line, words in refused(bad, own.with_name("next"), beside) if "range is empty" in words}
    assert place == line_of(bad, "range: [30, 0]")


def test_what_is_not_yaml_is_told_with_its_line(tmp_path: Path, own: Path, beside: Path) -> None:
    bundle = tmp_path / "bundle.yaml"
    bundle.write_text("license: {publisher: a\npolicies: [\n", encoding="utf-8")
    (one,) = refused(bundle, own, beside)
    assert one[0] == str(bundle)
    assert one[2].startswith("This is not YAML")


def test_a_bundle_that_is_not_there_is_refused(tmp_path: Path, own: Path, beside: Path) -> None:
    with pytest.raises(Refusal) as told:
        load(tmp_path / "nothing.yaml", own, beside=(beside,))
    assert told.value.code == "licensed_bundle_missing"


def test_licensed_criteria_never_go_onto_a_public_shelf(beside: Path) -> None:
    for shelf in (SHIPPED, SHIPPED / "private", beside):
        with pytest.raises(Refusal) as told:
            load(EXAMPLE, shelf, beside=(beside,))
        assert told.value.code == "licensed_on_public_shelf"
    assert not (SHIPPED / "private").exists()


def test_a_disk_that_fails_half_way_leaves_nothing_behind(
    own: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[str] = []
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        put.append(target.name)
        if len(put) == 3:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="No space left"):
        load(EXAMPLE, own, beside=(beside,))
    assert len(put) == 3
    assert not own.exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("criteria.csv", "at_least,12", "at_leest,12", "`at_leest` is not a key of number 1 of `any`."),
        ("criteria.csv", "example_day_score,at", "example_dai_score,at", "There is no fact `example_dai_score`."),
        ("facts.csv", "number,{score}", "number,", "Fact `example_day_score`: a number needs a unit."),
        ("policies.csv", "2026-12-31", "2027-12-31", "The license ends on 2026-12-31, and the policy would go on."),
        ("license.csv", "EX-0001,2026", ",2026", "`number` is missing in `license`."),
        ("examples.csv", "quantity=11", "quantity=9", "Expected not_met, but the criteria answer met."),
    ],
)
def test_a_bad_table_is_told_at_its_own_file_and_line(
    own: Path, beside: Path, tables: Callable[..., Path], file: str, old: str, new: str, fault: str
) -> None:
    folder = tables(file, (old, new))
    found = refused(folder, own, beside)
    path = folder / file
    places = [(place, line) for place, line, words in found if words.startswith(fault[:24])]
    assert (str(path), line_of(path, new)) in places, found


def test_a_table_that_is_missing_or_has_other_columns_is_told(
    own: Path, beside: Path, tables: Callable[..., Path]
) -> None:
    folder = tables("policies.csv", ("policy,title", "policy,name"))
    (folder / "license.csv").unlink()
    (folder / "examples.csv").write_text("policy,name,on,asked,given,expect\n", encoding="utf-8")
    (folder / "criteria.csv").write_bytes(b"\xff\xfe")
    told = {(Path(file).name, fault) for file, _, fault in refused(folder, own, beside)}
    assert ("tables", "license.csv is missing.") in told
    assert ("policies.csv", "There is no column `title`.") in told
    assert ("policies.csv", "`name` is not a column here.") in told
    assert ("examples.csv", "The table has no rows.") in told
    assert any(name == "criteria.csv" and fault.startswith("This is not a CSV table") for name, fault in told)


def test_tables_without_facts_of_their_own_and_with_counted_groups_can_be_loaded(
    own: Path, beside: Path, tables: Callable[..., Path]
) -> None:
    folder = tables(
        "criteria.csv",
        ("band,any", "band,1"),
        ("example_day_score,at_least,12", "asked.days,at_least,asked:quantity"),
        ("example_night_plan", "safe_between_sessions"),
    )
    examples = folder / "examples.csv"
    text = examples.read_text(encoding="utf-8").replace("example_night_plan", "safe_between_sessions")
    for score in ("12", "20", "3", "11"):
        text = text.replace(f"example_day_score={score}; ", "")
    examples.write_text(text, encoding="utf-8")
    (folder / "facts.csv").unlink()
    faults = refused(folder, own, beside)
    assert {Path(file).name for file, _, _ in faults} <= {"examples.csv", "criteria.csv"}
    assert not any("asked" in fault and "not a key" in fault for _, _, fault in faults)


LICENSE = License(
    publisher="P",
    product="Q",
    edition="1",
    holder="H",
    number="N",
    start=date(2026, 1, 1),
    until=None,
    shown_to=frozenset({"reviewer"}),
    disclose_on_denial=True,
)


def test_what_is_licensed_is_shown_to_the_licensed_roles_and_on_a_denial_to_whom_the_law_names() -> None:
    assert may_show(LICENSE, "reviewer")
    assert not may_show(LICENSE, "provider")
    assert not may_show(LICENSE, "public")
    for to in ("provider", "member", "external_reviewer", "regulator"):
        assert may_show(LICENSE, to, denied=True)
    assert not may_show(LICENSE, "public", denied=True)
    assert not may_show(LICENSE, "competitor", denied=True)
    assert may_show(None, "public")


def test_a_license_may_stay_open(own: Path, beside: Path, changed: Bundle) -> None:
    load(changed(("  until: 2026-12-31\n", ""), (", until: 2026-12-31}", "}")), own, beside=(beside,))
    assert licenses(own)[KEY].until is None


def test_nothing_that_comes_with_openum_is_licensed() -> None:
    assert licenses(SHIPPED) == {}
    assert public(read_library(SHIPPED).policies, SHIPPED) == read_library(SHIPPED).policies
    assert licensed.license_of({}) is None
