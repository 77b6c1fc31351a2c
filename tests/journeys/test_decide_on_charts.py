"""``openum decide`` on requests built from real synthetic charts, read as a utilization nurse would read them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from openum.core.refusal import Refusal
from openum.doors.cli.deciding import Scratch, as_data, decide
from openum.doors.cli.scratch import scratch_database
from openum.wire.fhir.checker import check, closure_issues
from openum.wire.fhir.references import closure
from tests.journeys.charts.cases import AS_OF, Case, all_cases
from tests.journeys.charts.expected import ANSWERS
from tests.journeys.charts.patients import ABSENT, EXAMPLES, RI, present

Json = dict[str, Any]

pytestmark = pytest.mark.skipif(not present(), reason=ABSENT)


@cache
def cases() -> dict[str, Case]:
    return all_cases()


@cache
def bundle_of(name: str) -> Json:
    return cases()[name].bundle()


@pytest.fixture(scope="module")
def answers(django_db_blocker: Any, tmp_path_factory: Any) -> dict[str, Json]:
    """Every case decided in a scratch payer of its own: what ``openum decide --json`` would print."""
    folder = tmp_path_factory.mktemp("charts")
    found = {}
    with django_db_blocker.unblock(), scratch_database():
        houses: dict[str, Scratch] = {}
        for number, (name, case) in enumerate(cases().items()):
            plan = case.plan
            house = houses.setdefault(plan, Numbered(plan, len(houses)))
            file = written(folder / f"{number}.json", bundle_of(name))
            found[name] = json.loads(json.dumps(as_data(decide(str(file), house))))
    return found


class Numbered(Scratch):
    """A scratch house whose payers do not share names with those of another plan."""

    def __init__(self, plan: str, number: int) -> None:
        super().__init__(plan, datetime.now().astimezone(), AS_OF)
        self.opened = number * 1000


def written(file: Path, made: Json) -> Path:
    file.write_text(json.dumps(made), encoding="utf-8")
    return file


def line_of(answer: Json) -> Json:
    (line,) = answer["lines"]
    return dict(line)


def leaves(finding: Json | None) -> Iterator[Json]:
    """The leaves of a finding: one test of one fact each."""
    if finding is not None:
        yield from (finding,) if finding.get("test") else ()
        for one in finding.get("of") or ():
            yield from leaves(one)


def fact(answer: Json, name: str) -> Json:
    """The fact as the finding of the one line used it."""
    found = (one["fact"] for one in leaves(line_of(answer)["finding"]) if one["test"]["fact"] == name)
    return dict(next(found))


def ways(answer: Json) -> list[set[tuple[str, str]]]:
    """The ways to yes: what would have to be supplied or different."""
    return [{(need["kind"], need["fact"]) for need in way} for way in line_of(answer)["distance"]["ways"]]


def sources(made: Json) -> set[str]:
    """What a finding may cite of a Bundle: its resources, those of Bundles in it, questions, diagnoses, the line."""
    held = [row["resource"] for row in made["entry"]]
    inner = [row["resource"] for one in held if one["resourceType"] == "Bundle" for row in one["entry"]]
    forms = [one for one in held if one["resourceType"] == "QuestionnaireResponse"]
    claim = held[0]
    return {
        *(f"{one['resourceType']}/{one['id']}" for one in (*held, *inner)),
        *(f"QuestionnaireResponse/{one['id']}#{link}" for one in forms for link in links(one)),
        *(f"Claim#diagnosis.{row['sequence']}" for row in claim["diagnosis"]),
        *(f"request line {row['sequence']}" for row in claim["item"]),
    }


def links(element: Json) -> Iterator[str]:
    """The numbers of a form's questions."""
    for one in element.get("item", ()):
        yield one["linkId"]
        yield from links(one)


# ---- every case ------------------------------------------------------------------------------------------------


def test_every_built_bundle_conforms_and_is_closed() -> None:
    for name in cases():
        made = bundle_of(name)
        assert [one for one in check(made) if one.severity == "error"] == [], name
        assert closure_issues(closure(made)) == (), name


def test_every_case_is_answered_as_a_nurse_would_expect(answers: dict[str, Json]) -> None:
    assert answers.keys() == ANSWERS.keys()
    said = {name: line_of(answers[name]) for name in ANSWERS}
    found = {name: (line["outcome"], (line["finding"] or {}).get("answer")) for name, line in said.items()}
    assert found == ANSWERS


def test_no_case_anywhere_is_denied_refused_or_in_trouble(answers: dict[str, Json]) -> None:
    for name, answer in answers.items():
        assert line_of(answer)["outcome"] in {"approved", "pended", "not_required"}, name
        assert (answer["refusals"], answer["warnings"]) == ([], []), name
        assert answer["troubles"] == [], name
        assert line_of(answer)["clock"] is not None or line_of(answer)["outcome"] == "not_required", name


def test_a_criterion_that_is_not_met_is_never_decided_by_software(answers: dict[str, Json]) -> None:
    unmet = {name for name in ANSWERS if (line_of(answers[name])["finding"] or {}).get("answer") == "no"}
    assert len(unmet) == 6
    for name in unmet:
        line = line_of(answers[name])
        assert (line["outcome"], line["ball"], line["authorization"]) == ("pended", "payer", None), name


def test_every_source_of_every_finding_resolves_in_its_bundle(answers: dict[str, Json]) -> None:
    cited = 0
    for name, answer in answers.items():
        known = sources(bundle_of(name))
        for leaf in leaves(line_of(answer)["finding"]):
            for source in filter(None, (leaf.get("fact") or {}).get("source", "").split(", ")):
                assert source in known, (name, source)
                cited += 1
    assert cited > 500


def test_what_is_known_says_where_it_was_read_and_what_is_not_known_has_no_value(answers: dict[str, Json]) -> None:
    for name, answer in answers.items():
        for leaf in leaves(line_of(answer)["finding"]):
            held = leaf["fact"]
            none_taken = held["name"].startswith("blood_gas_") and held["value"] is False
            assert (held.get("value") is None) or held.get("source") or none_taken, (name, held["name"])
            if held.get("value") is None:
                assert leaf["answer"] == "unknown", (name, held["name"])


def test_the_ways_to_yes_name_only_what_is_not_as_it_should_be(answers: dict[str, Json]) -> None:
    for name, answer in answers.items():
        for need in (need for way in (line_of(answer)["distance"] or {}).get("ways", ()) for need in way):
            held = fact(answer, need["fact"])
            open_yet = held.get("value") is None or held.get("floor", False)
            assert (need["kind"] == "supply") == open_yet, (name, need["fact"])


# ---- telling cases ---------------------------------------------------------------------------------------------


def test_a_low_saturation_in_the_chart_and_a_whole_form_approve_home_oxygen(answers: dict[str, Json]) -> None:
    answer = answers["john oxygen"]
    held = fact(answer, "spo2_at_rest_awake")
    assert (held["value"], held["source"], held["date"]) == (85, "Observation/obs013", "2026-03-05")
    assert line_of(answer)["authorization"]
    assert line_of(answer)["policy"] == "dme/home-oxygen@2021-09-27"


def test_a_blood_gas_in_the_chart_decides_although_the_form_says_only_oximetry_is_sent(
    answers: dict[str, Json],
) -> None:
    answer = answers["john oxygen, a blood gas of another opinion"]
    assert (fact(answer, "spo2_at_rest_awake")["value"], fact(answer, "pao2_at_rest_awake")["value"]) == (85, 65)
    assert fact(answer, "oxygen_test_kind")["value"] == "oximetry"
    assert fact(answer, "blood_gas_at_rest")["value"] is True
    assert fact(answer, "blood_gas_at_rest")["source"] == fact(answer, "pao2_at_rest_awake")["source"]
    assert line_of(answer)["authorization"] is None
    assert not [way for way in ways(answer) if ("differ", "blood_gas_at_rest") in way]
    assert fact(answers["john oxygen"], "blood_gas_at_rest")["value"] is False


def test_without_the_form_the_chart_alone_leaves_questions_open_and_names_them(answers: dict[str, Json]) -> None:
    (least,) = {len(way) for way in ways(answers["john oxygen without a form"])}
    assert least == 7
    needed = ways(answers["john oxygen without a form"])[0]
    assert ("supply", "oxygen_test_on_room_air") in needed
    assert fact(answers["john oxygen without a form"], "spo2_at_rest_awake")["value"] == 85


def test_a_saturation_of_years_ago_does_not_count_and_a_new_one_is_asked_for(answers: dict[str, Json]) -> None:
    answer = answers["john oxygen, test of 2019"]
    held = fact(answer, "spo2_at_rest_awake")
    assert held["value"] is None
    assert held["note"].startswith("undated, older than 30")
    assert {("supply", "spo2_at_rest_awake")} in ways(answer)


def test_a_form_with_other_question_numbers_is_neither_misread_nor_believed(answers: dict[str, Json]) -> None:
    answer = answers["john oxygen, a form of another payer"]
    assert fact(answer, "spo2_at_rest_awake")["source"] == "Observation/obs013"
    assert fact(answer, "pao2_at_rest_awake")["value"] is None
    own = [one["fact"]["source"] for one in leaves(line_of(answer)["finding"]) if one["fact"].get("source")]
    assert not [source for source in own if source.startswith("QuestionnaireResponse")]


def test_low_oxygen_in_exercise_alone_asks_whether_oxygen_improved_it(answers: dict[str, Json]) -> None:
    answer = answers["teddy oxygen"]
    assert fact(answer, "spo2_during_exercise")["value"] == 80
    assert fact(answer, "pao2_at_rest_awake")["value"] == 65
    assert ways(answer) == [{("supply", "oxygen_improves_exercise_hypoxemia")}]


def test_cpap_is_approved_on_the_apnea_index_and_diagnosis_of_the_chart(answers: dict[str, Json]) -> None:
    answer = answers["teddy cpap"]
    assert (fact(answer, "apnea_hypopnea_index")["value"], fact(answer, "age")["value"]) == (25, 74)
    assert fact(answer, "apnea_hypopnea_index")["source"] == "Observation/obs014-ahi"


def test_a_child_is_no_adult_and_goes_to_a_clinician(answers: dict[str, Json]) -> None:
    answer = answers["billy cpap"]
    assert fact(answer, "age") == {
        "name": "age", "value": 5, "source": "Patient/pat015", "quote": "age 5 on 2026-03-10"
    }  # fmt: skip
    assert all(("differ", "age") in way for way in ways(answer))


@pytest.mark.parametrize(("name", "index"), [("teddy bariatric", 16.2), ("diabetes bariatric", 30.0408670894)])
def test_a_body_mass_index_below_the_threshold_goes_to_a_clinician(
    name: str, index: float, answers: dict[str, Json]
) -> None:
    assert fact(answers[name], "body_mass_index")["value"] == pytest.approx(index)
    assert ways(answers[name]) == [{("differ", "body_mass_index")}]


def test_chemotherapy_and_a_low_hemoglobin_of_the_chart_carry_epoetin(answers: dict[str, Json]) -> None:
    answer = answers["colon cancer epoetin"]
    assert fact(answer, "hemoglobin")["value"] == pytest.approx(6.9, abs=0.05)
    assert fact(answer, "hemoglobin")["date"] == "2026-03-05"
    assert fact(answer, "chemotherapy_last_date")["value"] == "2026-01-30"
    assert fact(answer, "chemotherapy_last_date")["source"].startswith("MedicationRequest/")


def test_the_same_drug_two_months_later_is_not_approved_and_newer_chemotherapy_is_asked_about(
    answers: dict[str, Json],
) -> None:
    answer = answers["colon cancer epoetin, anemia gone"]
    assert fact(answer, "hemoglobin")["value"] == pytest.approx(13.6, abs=0.05)
    last = fact(answer, "chemotherapy_last_date")
    assert last["value"] < "2026-01-09"
    assert last["floor"] is True
    assert all(("supply", "chemotherapy_last_date") in way for way in ways(answer))
    assert line_of(answer)["authorization"] is None


@pytest.mark.parametrize("name", ["defibrillator brain mri", "defibrillator denied by the form brain mri"])
def test_a_defibrillator_in_the_chart_is_seen_whatever_the_form_says(name: str, answers: dict[str, Json]) -> None:
    answer = answers[name]
    held = fact(answer, "implanted_cardiac_device")
    assert held["value"] is True
    assert held["source"].startswith("Procedure/")
    assert ways(answer) == [{("supply", "cardiac_device_labeled_for_mri")}]


def test_cancer_in_the_chart_and_new_back_pain_are_a_warning_sign(answers: dict[str, Json]) -> None:
    held = fact(answers["cancer history lumbar mri"], "cancer_history")
    assert held["value"] is True
    assert held["quote"].startswith("Malignant tumor of colon")


def test_an_illness_that_ended_years_ago_carries_no_drug_and_is_asked_about(answers: dict[str, Json]) -> None:
    answer = answers["arthritis of long ago infliximab"]
    held = fact(answer, "rheumatoid_arthritis")
    assert (held["value"], held["note"]) == (None, "ended before the service date")
    assert line_of(answer)["ball"] == "provider"
    assert {("supply", "rheumatoid_arthritis")} in ways(answer)


def test_old_liver_tests_are_asked_for_again_before_a_clinician_is_asked(answers: dict[str, Json]) -> None:
    answer = answers["snow pexidartinib"]
    held = fact(answer, "liver_tests_date")
    assert (held["floor"], line_of(answer)["ball"]) == (True, "provider")
    assert ways(answer) == [{("supply", "liver_tests_date")}]


def test_visits_beyond_the_number_are_no_matter_of_facts(answers: dict[str, Json]) -> None:
    for name, code in (("knee therapy, twenty visits", "97110"), ("depression day program of thirty days", "H0035")):
        line = line_of(answers[name])
        assert (line["distance"]["reachable"], line["distance"]["ways"]) == (False, [])
        unmet = [one for one in leaves(line["finding"]) if one["answer"] == "no" and one["fact"]["value"] is not None]
        assert "asked.quantity" in {one["test"]["fact"] for one in unmet}, code


def test_a_state_that_names_its_criteria_sends_the_case_to_a_person_without_running_ours(
    answers: dict[str, Json],
) -> None:
    line = line_of(answers["opioid residential, New York"])
    assert line["policy"] == "behavioral/state-named-criteria@2023-01-01"
    assert (line["outcome"], line["finding"], line["ball"]) == ("pended", None, "payer")


def test_what_needs_no_asking_is_answered_so_with_its_reason(answers: dict[str, Json]) -> None:
    said = {name: line_of(answers[name]) for name in ("emergency room", "childbirth", "colonoscopy")}
    assert "2590.716-4" in said["emergency room"]["reasons"][0]
    assert "notice is enough" in said["childbirth"]["reasons"][0]
    assert "no rule" in said["colonoscopy"]["reasons"][0]
    assert {line["policy"] for line in said.values()} == {None}


# ---- refused, and through the installed program ----------------------------------------------------------------


def test_requests_of_the_reference_implementation_are_refused_with_what_to_do() -> None:
    house = Scratch("medicare-advantage", datetime.now().astimezone(), AS_OF)
    wanted = {
        "bundle-prior-auth": "no-lines", "bundle-items": "malformed-claim", "bundle-minimal": "wrong-bundle-type",
        "bundle-with-only-claim": "dangling-reference", "claim-only": "wrong-resource",
    }  # fmt: skip
    for name, code in wanted.items():
        refused = decide(str(RI / f"prior_auth_ri/test_resources/{name}.json"), house).refused
        assert isinstance(refused, Refusal), name
        assert (refused.code, bool(refused.next)) == (code, True), name


def test_the_installed_program_says_the_same_in_json_and_in_words(tmp_path: Path) -> None:
    names = ("john oxygen", "teddy oxygen", "diabetes bariatric")
    for name in names:
        written(tmp_path / f"{name}.json", bundle_of(name))
    ran = openum(tmp_path, "--json")
    found = {Path(one["file"]).stem: line_of(one) for one in map(json.loads, ran.stdout.splitlines())}
    assert (ran.returncode, ran.stderr) == (0, "")
    assert {name: line["outcome"] for name, line in found.items()} == {name: ANSWERS[name][0] for name in names}
    words = openum(tmp_path / "diabetes bariatric.json").stdout
    assert "TO A CLINICIAN" in words
    assert "✗ not met  Body mass index of 35 or more" in words
    assert "denied" not in words.lower()


def test_the_installed_program_refuses_an_inquiry_and_decides_the_home_care_example() -> None:
    home, inquiry = (EXAMPLES / f"Bundle-{name}BundleExample.json" for name in ("HomecareAuthorization",
                                                                               "PASClaimInquiry"))  # fmt: skip
    ran = openum(home, "--json", also=inquiry)
    first, second = map(json.loads, ran.stdout.splitlines())
    assert ran.returncode == 2
    assert [line["outcome"] for line in first["lines"]] == ["pended", "pended"]
    assert (second["request"], len(second["refusals"])) == (None, 1)


def openum(file: Path, *arguments: str, also: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the program as it is installed, with its own settings and database."""
    program = Path(sys.executable).with_name("openum")
    files = [str(one) for one in (file, also) if one is not None]
    return subprocess.run(
        [str(program), "decide", *files, "--plan", "medicare-advantage", "--as-of", AS_OF.isoformat(), *arguments],
        cwd=settings.PROJECT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
