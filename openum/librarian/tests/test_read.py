"""Shelves become values."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.core.codes import Code, CodeSet
from openum.core.criteria import All, AnyOf, Asked, AtLeast, Leaf, Not
from openum.core.facts import Reader
from openum.core.policy import Alternative, Authority, Grant, InForce, Omission, Policy, Question, Reviewer, select
from openum.core.requirement import Rule, When
from openum.core.span import Span
from openum.librarian.check import check_library
from openum.librarian.definitions import with_inputs
from openum.librarian.library import Library
from openum.librarian.read import LibraryFaulty, library, read_library
from openum.librarian.tests.shelves import DEVICE, FILES, OXYGEN, REQUIREMENTS, RULES, VERSION, plant, write


def test_a_policy_is_read_with_everything_its_two_files_say(shelf: Path) -> None:
    policy = read_library(shelf).policy("dme/oxygen@2021-09-27")
    assert policy is not None
    assert policy.key == "dme/oxygen@2021-09-27"
    assert policy.title == "Home use of oxygen, a test"
    assert (policy.family, policy.classification, policy.nqtl) == ("dme", "outpatient_in", ("prior_authorization",))
    assert policy.mental_health is False
    assert policy.in_force == InForce(date(2021, 9, 27))
    assert policy.authority == (
        Authority(
            cite="NCD 240.2 <B>", url="https://www.cms.gov/x?a=1&b=2", grade="text", checked_on=date(2026, 11, 22)
        ),
        Authority(cite="Plan choice", grade="own", checked_on=date(2026, 11, 20), note="The length is ours"),
    )
    assert policy.lines_of_business == ("medicare-advantage",)
    assert policy.covers == CodeSet({"hcpcs": ["E1390", "E04*"]})
    assert policy.grant == Grant(lasts=Span(months=12), unit="month", review_every=Span(days=90))
    assert policy.alternatives == (
        Alternative(kind="place", why="In an outpatient hospital", change={"place": "22"}),
        Alternative(kind="item", why="A device may be enough", change={"code": "E0470"}, policy="dme/device"),
    )
    assert policy.reviewer == Reviewer(role="physician", specialties=("Pulmonary Disease",))
    assert policy.omitted == (Omission(text="Section C <lists>", reason="No condition of coverage"),)
    content = FILES["policies/dme/oxygen/about.yaml"] + VERSION
    assert policy.digest == sha256(content.encode()).hexdigest()


def test_criteria_are_read_as_a_tree_with_spans_and_tuples(shelf: Path) -> None:
    policy = read_library(shelf).policy("dme/oxygen")
    assert policy is not None
    assert policy.criteria == All(
        (
            Leaf("spo2_at_rest", "at_most", 88, "Oxygen saturation at or below 88 %", "240.2 B(1)"),
            Leaf("test_date", "within", Span(days=30), "The test is at most 30 days old"),
            AnyOf(
                (
                    Not(Leaf("asthma", "is", True, "The member has asthma"), "No asthma"),
                    Leaf("smoking", "one_of", ("former", "current"), "The member smokes or smoked"),
                ),
                "No asthma, or a smoker",
            ),
        ),
        "Low oxygen, shown in time",
    )


def test_days_in_criteria_are_days_and_asked_for_values_are_named(shelf: Path) -> None:
    branches = """
    - label: Two of three
      at_least: 2
      of:
        - {fact: test_date, at_least: 2026-01-01, label: Tested in 2026}
        - {fact: asked.date, is: 2026-01-02, label: Asked for the second}
        - {fact: visits_left, at_least: {asked: quantity}, label: Enough visits}"""
    plant(shelf, OXYGEN, "\n    - label: No asthma, or a smoker", branches + "\n    - label: No asthma, or a smoker")
    policy = read_library(shelf).policy("dme/oxygen")
    assert policy is not None
    assert isinstance(policy.criteria, All)
    assert policy.criteria.of[2] == AtLeast(
        2,
        (
            Leaf("test_date", "at_least", date(2026, 1, 1), "Tested in 2026"),
            Leaf("asked.date", "is", date(2026, 1, 2), "Asked for the second"),
            Leaf("visits_left", "at_least", Asked("quantity"), "Enough visits"),
        ),
        "Two of three",
    )


def test_facts_are_read_with_readers_and_the_defaults_of_their_kind(shelf: Path) -> None:
    facts = read_library(shelf).facts
    spo2 = facts["spo2_at_rest"]
    assert (spo2.type, spo2.unit, spo2.least, spo2.most) == ("number", "%", 30, 100)
    assert (spo2.window, spo2.worse, spo2.pick) == (Span(days=30), "lower", "latest")
    assert spo2.readers == (
        Reader(kind="observation", codes=CodeSet({"loinc": ["59408-5", "2708-6"]})),
        Reader(kind="answer", links=frozenset({"spo2-rest", "1.2"})),
    )
    assert (spo2.words, spo2.document, spo2.topic) == (("SpO2",), "test report", "Breathing")
    assert [reader.take for reader in facts["asthma"].readers] == ["presence"]
    assert facts["smoking"].choices == ("never", "former", "current", "on")
    assert facts["smoking"].readers[0].values == (
        (CodeSet({"snomed": ["266919005"]}), "never"),
        (CodeSet({"snomed": ["77176002"]}), "current"),
    )
    assert facts["bmi"].derived == "bmi"


def test_a_fact_asks_about_now_unless_it_says_ever(shelf: Path) -> None:
    assert not read_library(shelf).facts["asthma"].ever
    plant(shelf, "facts/breathing.yaml", "- id: asthma", "- id: asthma\n    ever: true")
    assert read_library(shelf).facts["asthma"].ever
    assert not read_library(shelf).facts["smoking"].ever
    plant(shelf, "facts/breathing.yaml", "ever: true", "ever: false")
    mends = [fault.mend for fault in check_library(shelf)]
    assert "Write true where the question asks about history; leave `ever` out where it asks about now." in mends


def test_requirements_are_read_as_rules_from_top_to_bottom(shelf: Path) -> None:
    requirements = read_library(shelf).requirements["medicare-advantage"]
    assert requirements.key == "medicare-advantage@2026-01-01"
    assert requirements.otherwise == "never"
    assert requirements.rules == (
        Rule(needs="never", what="Emergency services", when=When(emergency=True), cite="42 CFR 422.113(b)(2)"),
        Rule(
            needs="authorization",
            what="Home oxygen",
            when=When(codes=CodeSet({"hcpcs": ["E1390"]}), places=("12",)),
            cite="List",
            policy="dme/oxygen",
        ),
    )


def test_an_open_version_is_closed_on_the_eve_of_the_next_and_its_digest_stays(shelf: Path) -> None:
    before = read_library(shelf).policy("dme/oxygen@2021-09-27")
    write(shelf, "policies/dme/oxygen/2027-01-01.yaml", VERSION.replace("2021-09-27", "2027-01-01"))
    read = read_library(shelf)
    old, new = read.policy("dme/oxygen@2021-09-27"), read.policy("dme/oxygen")
    assert old is not None
    assert new is not None
    assert before is not None
    assert old.in_force == InForce(date(2021, 9, 27), date(2026, 12, 31))
    assert old.digest == before.digest
    assert (new.version, new.in_force) == ("2027-01-01", InForce(date(2027, 1, 1)))
    assert read.policy_on("dme/oxygen", date(2026, 12, 31)) == old
    assert read.policy_on("dme/oxygen", date(2027, 1, 1)) == new
    assert read.policy_on("dme/oxygen", date(2021, 9, 26)) is None


def test_requirements_may_have_versions_in_a_folder(shelf: Path) -> None:
    (shelf / RULES).unlink()
    folder = "requirements/medicare-advantage/"
    write(shelf, f"{folder}2026-01-01.yaml", REQUIREMENTS)
    write(shelf, f"{folder}2027-01-01.yaml", REQUIREMENTS.replace("2026-01-01", "2027-01-01"))
    read = read_library(shelf)
    old = read.requirements_on("medicare-advantage", date(2026, 12, 31))
    assert old is not None
    assert (old.version, old.in_force.until) == ("2026-01-01", date(2026, 12, 31))
    assert read.requirements["medicare-advantage"].version == "2027-01-01"
    assert read.requirements_on("medicare-advantage", date(2025, 12, 31)) is None
    assert read.requirements_on("erisa", date(2026, 12, 31)) is None


def test_a_later_shelf_adds_policies_and_its_requirements_go_first(shelf: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    write(own, "policies/dme/walker/about.yaml", FILES["policies/dme/device/about.yaml"])
    write(own, "policies/dme/walker/2026-01-01.yaml", DEVICE.replace("E0470", "E0143"))
    write(own, RULES, REQUIREMENTS.replace("otherwise: never", "otherwise: authorization"))
    read = read_library(shelf, own)
    assert [policy.id for policy in read.policies] == ["dme/device", "dme/oxygen", "dme/walker"]
    assert read.requirements["medicare-advantage"].otherwise == "authorization"
    assert read_library(own, shelf).requirements["medicare-advantage"].otherwise == "never"


def test_the_same_version_on_two_shelves_is_refused(shelf: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(shelf / "policies", other / "policies")
    with pytest.raises(LibraryFaulty) as caught:
        read_library(shelf, other)
    assert caught.value.code == "library_faulty"
    assert [fault.fault for fault in caught.value.faults] == [
        f"Policy dme/device@2026-01-01 is already on the shelf: {shelf}/policies/dme/device/2026-01-01.yaml.",
        f"Policy dme/oxygen@2021-09-27 is already on the shelf: {shelf}/policies/dme/oxygen/2021-09-27.yaml.",
    ]


def test_a_shelf_with_a_fault_is_not_read_in_part(shelf: Path) -> None:
    line = plant(shelf, OXYGEN, "grant: {lasts: 12mo", "grant: {lasts: 12 months")
    with pytest.raises(LibraryFaulty, match="openum library check") as caught:
        read_library(shelf)
    (fault,) = caught.value.faults
    assert (fault.file, fault.line) == (str(shelf / OXYGEN), line)
    assert fault.fault == '`lasts` is "12 months", which cannot be.'


def test_the_digest_changes_with_any_byte_and_with_nothing_else(shelf: Path) -> None:
    before = read_library(shelf).digest
    assert read_library(shelf).digest == before
    write(shelf, ".hidden", "left over")
    assert read_library(shelf).digest == before
    plant(shelf, OXYGEN, "title: Home use of oxygen, a test", "title: Home use of oxygen, a Test")
    assert read_library(shelf).digest != before


def test_the_library_of_the_same_shelves_is_read_once(shelf: Path) -> None:
    assert library(shelf) is library(shelf)
    assert read_library(shelf) is not library(shelf)


@pytest.mark.parametrize(
    ("code", "id_"),
    [
        (Code("hcpcs", "E1390"), "dme/oxygen"),
        (Code("cpt", "e0431"), "dme/oxygen"),
        (Code("hcpcs", "94660"), "dme/device"),
        (Code("hcpcs", "E0500"), None),
        (Code("icd10cm", "E04"), None),
    ],
)
def test_a_policy_is_chosen_by_code_through_the_index_as_the_core_chooses(
    shelf: Path, code: Code, id_: str | None
) -> None:
    read = read_library(shelf)
    question = Question(line_of_business="medicare-advantage", code=code, on=date(2026, 6, 1))
    found = read.select(question)
    assert (found.id if found else None) == id_
    assert found == select(read.policies, question)
    assert tuple(policy.id for policy in read.covering(code)) == ((id_,) if id_ else ())


@given(st.integers(0, 9999).map(lambda n: f"{'AEZ'[n % 3]}{n:04}"))
@settings(max_examples=60)
def test_the_index_finds_what_looking_at_every_policy_finds(code: str) -> None:
    question = Question(line_of_business="erisa", code=Code("hcpcs", code), on=date(2026, 6, 1))
    assert MANY.select(question) == select(MANY.policies, question)
    covering = tuple(policy for policy in MANY.policies if question.code in policy.covers)
    assert sorted(one.id for one in MANY.covering(question.code)) == sorted(one.id for one in covering)


def many(number: int) -> Library:
    """Policies of single codes, of prefixes and of ranges that begin with one letter and end with another."""
    reviewed = Authority(cite="Own", grade="own", checked_on=date(2026, 1, 1))
    one = Policy(
        id="x/0", version="2026-01-01", title="T", family="x", in_force=InForce(date(2026, 1, 1)),
        authority=(reviewed,), covers=CodeSet({}), criteria=Leaf("a", "is", True), grant=Grant(lasts=Span(days=1)),
    )  # fmt: skip
    kinds = ("A{0:04}", "E{0:04}", "E{1:03}*", "A{0:04}..E{0:04}", "Z{1:03}0..Z{1:03}5")
    covers = [CodeSet({"hcpcs": [kinds[n % 5].format(n * 37 % 10000, n % 1000)]}) for n in range(number)]
    policies = tuple(replace(one, id=f"x/{n}", covers=codes) for n, codes in enumerate(covers))
    return Library(facts={}, policies=policies, requirements={}, requirement_versions=(), digest="")


MANY = many(400)


def test_two_policies_that_tie_are_not_chosen_from(shelf: Path) -> None:
    write(shelf, "policies/dme/twin/about.yaml", FILES["policies/dme/oxygen/about.yaml"])
    write(shelf, "policies/dme/twin/2021-09-27.yaml", VERSION)
    question = Question(line_of_business="medicare-advantage", code=Code("hcpcs", "E1390"), on=date(2026, 6, 1))
    read = read_library(shelf)
    assert read.select(question) is None
    assert {policy.id for policy in read.covering(question.code)} == {"dme/oxygen", "dme/twin"}


def test_a_form_asks_for_the_facts_of_a_policy_and_for_the_inputs_of_derived_ones(shelf: Path) -> None:
    read = read_library(shelf)
    device, oxygen = read.policy("dme/device"), read.policy("dme/oxygen")
    assert device is not None
    assert oxygen is not None
    assert [fact.id for fact in read.questionnaire_facts(device)] == ["bmi", "height_cm", "weight_kg", "visits_left"]
    assert [fact.id for fact in read.questionnaire_facts(oxygen)] == ["spo2_at_rest", "test_date", "asthma", "smoking"]


def test_a_fact_that_is_an_input_of_two_is_asked_once() -> None:
    derived = {"bmi": "bmi", "bmi_before": "bmi"}
    assert with_inputs(["weight_kg", "bmi", "bmi_before"], derived) == ("weight_kg", "bmi", "height_cm", "bmi_before")


def test_a_policy_that_is_not_there_is_none(shelf: Path) -> None:
    read = read_library(shelf)
    assert read.policy("dme/nothing") is None
    assert read.policy("dme/oxygen@1999-01-01") is None
