"""OperationOutcomes: one, conforming, and without anything that was found in the resource."""

import ast
import json
from pathlib import Path

from openum.core.refusal import Refusal
from openum.wire.fhir import checker
from openum.wire.fhir.checker import Issue, check, conforms
from openum.wire.fhir.outcomes import TYPES, operation_outcome, refusal_outcome
from openum.wire.fhir.terminology import value_set
from openum.wire.fhir.tests.mutants import examples

ROOM = Path(checker.__file__).parent


def test_every_issue_code_the_checker_can_raise_has_a_fhir_issue_type_and_none_is_left_over() -> None:
    raised = set()
    for path in [*ROOM.glob("checker*.py"), ROOM / "invariants.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                position = {"error": 0, "warn": 0, "note": 0, "Issue": 1}.get(name)
                if position is not None and isinstance(node.args[position], ast.Constant):
                    raised.add(node.args[position].value)
    assert raised == set(TYPES)
    types = value_set("http://hl7.org/fhir/ValueSet/issue-type|4.0.1")
    assert [kind for kind in TYPES.values() if types.holds_bare(kind) is not True] == []


def test_an_outcome_lists_errors_first_and_conforms() -> None:
    issues = (
        Issue("warning", "unreachable", "Bundle.entry[3]", "Nothing leads here."),
        Issue("error", "missing", "Bundle.identifier", "At least 1 expected, none found."),
    )
    outcome = operation_outcome(issues)
    assert outcome == {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": "required",
                "diagnostics": "missing: At least 1 expected, none found.",
                "expression": ["Bundle.identifier"],
            },
            {
                "severity": "warning",
                "code": "business-rule",
                "diagnostics": "unreachable: Nothing leads here.",
                "expression": ["Bundle.entry[3]"],
            },
        ],
    }
    assert check(outcome) == ()


def test_an_outcome_without_issues_says_so_and_a_long_one_is_cut() -> None:
    assert operation_outcome(())["issue"] == [
        {"severity": "information", "code": "informational", "diagnostics": "No issues."}
    ]
    many = operation_outcome([Issue("error", "missing", "Claim.item", "x")] * 60)
    assert len(many["issue"]) == 51
    assert many["issue"][50]["diagnostics"] == "10 more issues are not listed."
    assert conforms(check(many))


def test_a_refusal_becomes_one_issue_with_its_code_words_and_next_step() -> None:
    outcome = refusal_outcome(Refusal("no-lines", "The Claim asks for nothing.", "Add an item.", where="Claim.item"))
    assert outcome["issue"] == [
        {
            "severity": "error",
            "code": "processing",
            "diagnostics": "no-lines: The Claim asks for nothing. Add an item.",
            "expression": ["Claim.item"],
        }
    ]
    assert check(outcome) == ()


def secret(value: object) -> object:
    """The same resource with every text replaced by something recognizable, so that most of it is wrong."""
    if isinstance(value, dict):
        return {k: v if k in {"resourceType", "url", "profile", "reference"} else secret(v) for k, v in value.items()}
    if isinstance(value, list):
        return [secret(item) for item in value]
    return "Jane Secret 1960-02-30" if isinstance(value, str) else value


def test_no_issue_repeats_what_the_resource_says() -> None:
    for resource in examples().values():
        issues = check(secret(resource))  # type: ignore[arg-type]
        assert issues != ()
        assert "Secret" not in json.dumps(operation_outcome(issues, most=10_000))


def test_an_element_name_that_is_no_name_is_not_repeated() -> None:
    issues = check({"resourceType": "Patient", "Jane Secret, 1960": 1})
    assert [(i.code, i.path) for i in issues] == [("unknown-element", "Patient")]
