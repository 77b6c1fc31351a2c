"""Whatever is sent, it is read or refused: nothing else is raised, and nothing unkeepable is read."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openum.core.refusal import Refusal
from openum.core.request import Request
from openum.wire.fhir.pas_request import read_request
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.mangled import JUNK, mangled

EXAMPLES = Path(__file__).with_name("examples")
FORM = {
    "resourceType": "QuestionnaireResponse", "id": "f1", "status": "completed", "subject": b.SELF,
    "authored": "2026-03-01", "item": [{"linkId": "a", "answer": [{"valueBoolean": True}, {"valueDecimal": 1.5}]}],
}  # fmt: skip
DOCUMENT = {
    "resourceType": "DocumentReference", "id": "d1", "status": "current", "type": {"text": "report"},
    "subject": b.SELF, "content": [{"attachment": {"contentType": "text/plain", "data": "eA=="}}],
}  # fmt: skip
CONDITION = {
    "resourceType": "Condition", "id": "c1", "code": b.concept(b.ICD10, "J44.9"), "onsetDateTime": "2020-01-01",
    "subject": b.SELF, "clinicalStatus": {"coding": [{"code": "active"}]},
}  # fmt: skip
GOOD = [
    b.bundle(b.observation(), FORM, DOCUMENT, CONDITION),
    json.loads((EXAMPLES / "Bundle-ReferralAuthorizationBundleExample.json").read_text()),
    json.loads((EXAMPLES / "Bundle-SurgicalRequestBundleExample.json").read_text()),
]


def read_or_refused(made: Any) -> None:
    found = outcome(made)
    if isinstance(found, Refusal):
        assert found.code == found.code.lower()
        assert found.message
        assert found.next
    else:
        keepable(found)


def outcome(made: Any) -> Request | Refusal:
    try:
        return read_request(made)
    except Refusal as refusal:
        return refusal


def keepable(found: Request) -> None:
    assert found.lines
    for line in found.lines:
        assert 1 <= line.sequence <= 2**31 - 1
        assert len(line.code.value) <= 40
        assert len(line.code.system) <= 100
        assert line.quantity is None or line.quantity > 0
        days = (line.service_from, line.service_to)
        assert all(day is None or 1850 <= day.year <= 2199 for day in days)
        assert days[0] is None or days[1] is None or days[0] <= days[1]
    for entry in found.entries:
        assert entry.date is None or 1850 <= entry.date.year <= 2199
        assert len(entry.quote) <= 260


@pytest.mark.parametrize("index", range(len(GOOD)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_a_mangled_bundle_is_read_or_refused(index: int, data: st.DataObject) -> None:
    read_or_refused(data.draw(mangled(GOOD[index])))


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.sampled_from(JUNK), lambda inner: st.dictionaries(st.sampled_from(("resourceType", "entry", "type", "item", "x")), inner) | st.lists(inner)))  # fmt: skip  # noqa: E501
def test_any_json_is_read_or_refused(value: Any) -> None:
    if isinstance(value, dict):
        read_or_refused(value)
