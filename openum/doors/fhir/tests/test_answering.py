"""Every refusal has a status and an issue type that FHIR knows, and what the reader refuses is all listed or 422."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openum.core.refusal import Refusal
from openum.doors.fhir.answering import OTHERWISE, STATUS, refused
from openum.doors.fhir.business import PARTIES, is_business, problem_of
from openum.wire.fhir.checker import check
from openum.wire.fhir.pas_request import BUSINESS
from openum.wire.fhir.pas_response import REJECTIONS


@pytest.mark.parametrize("code", [*STATUS, "something-new"])
def test_a_refusal_is_one_valid_outcome_with_its_status(code: str) -> None:
    response = refused(Refusal(code, "It is wrong.", "Mend it.", where="Bundle.entry[0]"))
    status, kind = STATUS.get(code, OTHERWISE)
    assert response.status_code == status
    assert 400 <= status < 500
    found = json.loads(response.content)
    assert [issue for issue in check(found) if issue.severity == "error"] == []
    assert found["issue"] == [
        {
            "severity": "error",
            "code": kind,
            "diagnostics": f"{code}: It is wrong. Mend it.",
            "expression": ["Bundle.entry[0]"],
        }
    ]


def test_no_refusal_is_both_technical_and_of_the_business() -> None:
    assert set(STATUS).isdisjoint(PARTIES | BUSINESS)


def test_every_business_refusal_has_an_x12_code() -> None:
    assert set(REJECTIONS) >= PARTIES | BUSINESS


@pytest.mark.parametrize(
    ("where", "path"),
    [("member", "Bundle.entry[0].resource.patient"), ("requester", "Bundle.entry[0].resource.provider"),
     ("insurer", "Bundle.entry[0].resource.insurer"), ("Bundle.entry[7]", "Bundle.entry[7]"), ("", "")],
)  # fmt: skip
def test_a_business_refusal_keeps_its_words_and_gets_a_path(where: str, path: str) -> None:
    refusal = Refusal("unknown-member", "m", "n", where=where)
    assert is_business(refusal)
    problem = problem_of(refusal)
    assert (problem.code, problem.message, problem.next, problem.where) == ("unknown-member", "m", "n", path)


def test_the_reference_page_names_every_code() -> None:
    page = (Path(__file__).parents[4] / "docs/reference/fhir-pas.md").read_text()
    assert [code for code in (*STATUS, *REJECTIONS) if f"`{code}`" not in page] == []
