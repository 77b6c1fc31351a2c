"""Whatever stands in a resource, the checker answers; and the edges of JSON FHIR one by one."""

import copy
import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openum.wire.fhir.checker import check, conforms
from openum.wire.fhir.outcomes import operation_outcome
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests.mutants import examples, separate_resources

Json = dict[str, Any]
EXAMPLES = list(examples().values())
JUNK = [None, True, 0, -1, 1e308, "", "x", "#", "#x", "urn:uuid:1", [], [None], {}, {"id": "x"}, [[]], [{}], {"a": {}}]


def places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, held in value.items() if isinstance(value, dict) else enumerate(value):
        found.append((value, key))
        if isinstance(held, (dict, list)):
            found += places(held)
    return found


@given(st.integers(0, 2**32))
@settings(max_examples=150, deadline=None)
def test_a_resource_with_junk_anywhere_is_answered_with_issues_that_can_be_sent(seed: int) -> None:
    dice = random.Random(seed)
    resource = copy.deepcopy(dice.choice(EXAMPLES))
    for _ in range(dice.randint(1, 4)):
        owner, key = dice.choice(places(resource))
        owner[key] = copy.deepcopy(dice.choice(JUNK))
    issues = check(resource)
    assert conforms(check(operation_outcome(issues)))
    assert closure(resource) == closure(resource)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda s: st.lists(s) | st.dictionaries(st.text(max_size=5), s),
        max_leaves=20,
    )
)
@settings(max_examples=150, deadline=None)
def test_anything_that_is_json_is_answered(value: Any) -> None:
    assert not conforms(check(value))
    assert not conforms(check({"resourceType": "Claim", "item": value}))
    closure({"resourceType": "Bundle", "entry": value})


def test_many_threads_that_start_at_once_give_one_answer() -> None:
    resources = list(separate_resources().values())[:24]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(check, resources))
    assert together == [check(resource) for resource in resources]


ODD: list[tuple[str, Json, list[tuple[str, str]]]] = [
    ("no resourceType", {"id": "x"}, [("wrong-json", "$this")]),
    ("an unknown resource", {"resourceType": "Foo"}, [("unknown-resource", "$this")]),
    ("a datatype as resource", {"resourceType": "Period"}, [("unknown-resource", "$this")]),
    ("an abstract resource", {"resourceType": "DomainResource"}, [("unknown-resource", "DomainResource")]),
    ("null", {"resourceType": "Patient", "active": None}, [("wrong-json", "Patient.active")]),
    ("an empty list", {"resourceType": "Patient", "name": []}, [("wrong-json", "Patient.name")]),
    ("an empty object", {"resourceType": "Patient", "name": [{}]}, [("empty", "Patient.name[0]")]),
    ("an empty text", {"resourceType": "Patient", "id": ""}, [("wrong-type", "Patient.id")]),
    ("a number as text", {"resourceType": "Patient", "gender": 1}, [("wrong-type", "Patient.gender")]),
    (
        "true as a number",
        {"resourceType": "Patient", "multipleBirthInteger": True},
        [("wrong-type", "Patient.multipleBirth")],
    ),
    (
        "two choices",
        {"resourceType": "Patient", "deceasedBoolean": True, "deceasedDateTime": "2026"},
        [("too-many", "Patient.deceased")],
    ),
    (
        "a choice of no type",
        {"resourceType": "Patient", "deceasedString": "x"},
        [("unknown-element", "Patient.deceasedString")],
    ),
    ("an underscore alone", {"resourceType": "Patient", "_gender": {"id": "x"}}, [("empty", "Patient.gender")]),
    (
        "an underscore of an object",
        {"resourceType": "Patient", "_maritalStatus": {"id": "x"}},
        [("unknown-element", "Patient.maritalStatus")],
    ),
    (
        "a type of another profile",
        {
            "resourceType": "Patient",
            "meta": {"profile": [PAS_CLAIM := "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/profile-claim"]},
        },
        [("wrong-profile", "Patient")],
    ),
    (
        "a profile nobody holds",
        {"resourceType": "Patient", "meta": {"profile": ["http://x.org/p"]}},
        [("profile-not-held", "Patient")],
    ),
    (
        "an unknown modifier",
        {"resourceType": "Patient", "modifierExtension": [{"url": "http://x.org/m", "valueCode": "x"}]},
        [("unknown-modifier", "Patient.modifierExtension[0]")],
    ),
    (
        "a relative extension",
        {"resourceType": "Patient", "extension": [{"url": "m", "valueCode": "x"}]},
        [("unknown-extension", "Patient.extension[0]")],
    ),
    ("an id that is too long", {"resourceType": "Patient", "id": "x" * 65}, [("wrong-type", "Patient.id")]),
    (
        "a whole number that is none",
        {"resourceType": "Patient", "multipleBirthInteger": 1.5},
        [("wrong-type", "Patient.multipleBirth")],
    ),
    (
        "a reference to a wrong type",
        {"resourceType": "Patient", "generalPractitioner": [{"reference": "Claim/1"}]},
        [("wrong-target", "Patient.generalPractitioner[0]")],
    ),
    (
        "a stated type that is wrong",
        {"resourceType": "Patient", "managingOrganization": {"type": "Claim"}},
        [("wrong-target", "Patient.managingOrganization")],
    ),
]
ABSENT = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}
OPEN = {"url": "http://x.org/m", "extension": [{"url": "part", "valueCode": "x"}]}
GOOD: list[tuple[str, Json]] = [
    ("an unknown extension", {"resourceType": "Patient", "extension": [OPEN]}),
    ("a partial date", {"resourceType": "Patient", "birthDate": "1960-02"}),
    ("an absent value with a reason", {"resourceType": "Patient", "_birthDate": {"extension": [ABSENT]}}),
    (
        "values and reasons in turn",
        {"resourceType": "Patient", "name": [{"given": ["A", None], "_given": [None, {"extension": [ABSENT]}]}]},
    ),
    ("an id beside a value", {"resourceType": "Patient", "gender": "male", "_gender": {"id": "x"}}),
    ("a leap day", {"resourceType": "Patient", "birthDate": "1960-02-29"}),
    ("a comment of an older time", {"resourceType": "Patient", "fhir_comments": ["x"]}),
]


@pytest.mark.parametrize(("what", "resource", "expected"), ODD, ids=[row[0] for row in ODD])
def test_the_checker_says_where(what: str, resource: Json, expected: list[tuple[str, str]]) -> None:
    assert [(issue.code, issue.path) for issue in check(resource)] == expected, what


@pytest.mark.parametrize(("what", "resource"), GOOD, ids=[row[0] for row in GOOD])
def test_the_checker_has_nothing_to_say_about(what: str, resource: Json) -> None:
    assert check(resource) == (), what
