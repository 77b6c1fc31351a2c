"""Calibration: every official example passes, every single-defect copy of one fails."""

import json
from collections import Counter
from pathlib import Path

import pytest

from openum.wire.fhir import profiles
from openum.wire.fhir.checker import UnknownProfile, check, conforms
from openum.wire.fhir.checker_slices import sorter
from openum.wire.fhir.definitions import shelf
from openum.wire.fhir.outcomes import TYPES
from openum.wire.fhir.profiles import Element
from openum.wire.fhir.tests.mutants import examples, mutants, separate_resources

EXAMPLES = examples()

# What the generator makes of the 47 examples; all of them must be refused.
MUTANTS = {
    "list and single value swapped": 3043,
    "wrong type": 3043,
    "empty value": 3043,
    "unknown element": 1343,
    "mandatory element dropped": 1182,
    "wrong fixed value": 329,
    "slice more often than allowed": 210,
    "second or forbidden choice type": 198,
    "code outside an enumerated set": 162,
    "reference to a wrong type": 131,
    "day that does not exist": 84,
    "system outside a required set": 81,
    "mandatory slice dropped": 58,
    "undeclared sub-extension": 30,
    "more than allowed": 22,
}


PAGE = Path(__file__).parents[4] / "docs/reference/fhir-checker.md"


def test_the_reference_page_shows_what_the_mutants_are_and_every_issue_code() -> None:
    text = PAGE.read_text()
    for kind, count in MUTANTS.items():
        assert f"| {count:,} | {kind} |" in text
    for code, kind in TYPES.items():
        assert f"| `{code}` | {kind} |" in text


def test_there_are_47_official_examples_of_pas_2_2_1() -> None:
    assert len(EXAMPLES) == 47


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_official_example_has_no_error(name: str) -> None:
    assert [issue for issue in check(EXAMPLES[name]) if issue.severity == "error"] == []


SHARED = Path(__file__).parents[5] / "shared/data/fhir_davinci_igs"
PUBLISHED = [
    ("us_core_311", 84),
    ("us_core_610", 183),
    ("us_core_700", 214),
    ("davinci-pdex-2.0.0", 40),
    ("davinci_dtr_2.0.1", 16),
]


@pytest.mark.parametrize(("package", "count"), PUBLISHED)
def test_the_published_examples_of_other_guides_have_no_error_but_one_hash_that_is_no_base64(
    package: str, count: int
) -> None:
    path = SHARED / f"{package}.tgz"
    if not path.is_file():
        pytest.skip("the published FHIR packages are not beside this checkout (../shared/data/fhir_davinci_igs)")
    found = []
    seen = 0
    for name, body in shelf.members(path):
        resource = json.loads(body) if "/example/" in name and not name.rpartition("/")[2].startswith(".") else {}
        seen += "resourceType" in resource
        found += [i.path for i in (check(resource) if "resourceType" in resource else ()) if i.severity == "error"]
    assert seen == count
    assert found == (["DiagnosticReport.presentedForm[0].hash"] if package == "us_core_311" else [])


def test_every_single_defect_copy_of_every_example_is_refused() -> None:
    made: Counter[str] = Counter()
    missed = []
    for name, resource in separate_resources().items():
        for mutant in mutants(resource):
            made[mutant.kind] += 1
            if conforms(check(mutant.resource)):
                missed.append((name, mutant.kind, mutant.path))
    assert missed == []
    assert made == MUTANTS
    assert sum(made.values()) == 12_959


def test_every_stored_profile_compiles_and_none_of_its_slicings_is_left_unchecked() -> None:
    sliced = 0
    for key in profiles.compiled()["profiles"]:
        found = profiles.profile(key)
        assert found is not None
        waiting: list[Element] = [found.root]
        while waiting:
            element = waiting.pop()
            waiting += [*element.children.values(), *element.slices.values()]
            if element.slices and not element.name.endswith("[x]"):
                assert element.slicing is not None, element.path
                sorter(element)
                sliced += 1
    assert sliced == 228


def test_a_named_profile_that_is_not_held_is_the_callers_mistake() -> None:
    with pytest.raises(UnknownProfile):
        check(EXAMPLES["Claim-ReferralAuthorizationExample.json"], "http://example.org/none")
