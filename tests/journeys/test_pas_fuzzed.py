"""Mangled requests over HTTP: never a fault of ours, one outcome for a refusal, nothing written by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openum.wire.fhir.checker import check
from openum.wire.fhir.references import closure
from openum.wire.fhir.tests import mangled
from tests.journeys import bundles
from tests.journeys.pas_parties import Town, build, outcome_of, row_counts

pytestmark = pytest.mark.django_db
EXAMPLES = Path(mangled.__file__).with_name("examples")
GOOD = {
    "met": bundles.met(),
    "referral": json.loads((EXAMPLES / "Bundle-ReferralAuthorizationBundleExample.json").read_text()),
    "surgery": json.loads((EXAMPLES / "Bundle-SurgicalRequestBundleExample.json").read_text()),
}
FEW = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.fixture
def town(db: None) -> Town:
    return build()


def harmless(town: Town, operation: str, made: Any) -> None:
    """Post it and hold the answer to the rules."""
    before = row_counts()
    response = town.priya.post(operation, made)
    assert response.status_code < 500
    if response.status_code != 200:
        outcome_of(response)
        assert row_counts() == before
        return
    written = json.loads(response.content)
    for one in [row["resource"] for row in written.get("parameter", [])] or [written]:
        if one["resourceType"] != "Bundle":
            continue
        assert [issue for issue in check(one) if issue.severity == "error"] == []
        assert closure(one).dangling == ()
        if one["entry"][0]["resource"].get("outcome") == "error":
            assert row_counts() == before


@pytest.mark.parametrize("name", GOOD)
@FEW
@given(data=st.data())
def test_a_mangled_submission_does_no_harm(town: Town, name: str, data: st.DataObject) -> None:
    harmless(town, "submit", data.draw(mangled.mangled(GOOD[name], most=3)))


@FEW
@given(data=st.data())
def test_a_mangled_inquiry_does_no_harm(town: Town, data: st.DataObject) -> None:
    harmless(town, "inquire", data.draw(mangled.mangled(GOOD["met"], most=3)))


@FEW
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_do_no_harm(town: Town, body: bytes) -> None:
    harmless(town, "submit", body)
