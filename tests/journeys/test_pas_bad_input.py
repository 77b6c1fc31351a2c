"""Bad input, one kind after the other: 4xx, exactly one OperationOutcome, nothing written."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from openum.wire.fhir.checker import check
from openum.wire.fhir.tests import bundles as b
from tests.journeys import bundles
from tests.journeys.pas_parties import BASE, Speaker, Town, build, outcome_of, row_counts

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Town:
    return build()


def changed(change: Callable[[Any], Any]) -> bytes:
    """The good request with one fault."""
    made = bundles.met()
    change(made)
    return json.dumps(made).encode()


def doubled(made: Any) -> None:
    extra = b.entry({"resourceType": "Observation", "id": "x", "status": "final", "code": {"text": "x"}})
    made["entry"] += [extra, copy.deepcopy(extra)]


def claim_of(made: Any) -> Any:
    return made["entry"][0]["resource"]


def many(count: int) -> bytes:
    return json.dumps(b.bundle(about=b.claim(*(b.item(n) for n in range(1, count + 1))))).encode()


UNKNOWN = {"url": "http://x.example.org/not", "valueCode": "x"}

BAD: dict[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 400, "not-json"),
    "not JSON": (b"hello", 400, "not-json"),
    "half a body": (json.dumps(bundles.met()).encode()[:-1], 400, "not-json"),
    "not UTF-8": (changed(lambda m: m)[:-1] + b',"x":"\xfc"}', 400, "not-utf8"),
    "XML": (b"<Bundle xmlns='http://hl7.org/fhir'/>", 415, "xml-not-accepted"),
    "an array": (b"[]", 400, "not-an-object"),
    "a null character": (b'{"resourceType": "Bundle", "x": "\\u0000"}', 400, "null-character"),
    "a member twice": (b'{"resourceType": "Bundle", "resourceType": "Bundle"}', 400, "duplicate-member"),
    "nested without end": (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400, "too-deep"),
    "wrong resource": (b'{"resourceType": "Patient"}', 400, "wrong-resource"),
    "a transaction": (changed(lambda m: m.update(type="transaction")), 422, "wrong-bundle-type"),
    "no entries": (changed(lambda m: m.update(entry=[])), 422, "empty-bundle"),
    "first entry not a Claim": (changed(lambda m: m["entry"].reverse()), 422, "first-entry-not-claim"),
    "a bill": (changed(lambda m: claim_of(m).update(use="claim")), 422, "not-a-preauthorization"),
    "no lines": (changed(lambda m: claim_of(m).pop("item")), 422, "no-lines"),
    "3,000 lines": (many(3000), 400, "too-many-lines"),
    "a dangling reference": (
        changed(lambda m: claim_of(m).update(insurer={"reference": "Organization/none"})), 400, "dangling-reference"
    ),
    "a duplicate resource": (changed(doubled), 400, "duplicate-entry"),
    "a duplicate line number": (
        json.dumps(b.bundle(about=b.claim(b.item(1), b.item(1)))).encode(), 400, "duplicate-sequence"
    ),
    "a partial service date": (
        changed(lambda m: claim_of(m)["item"][0].update(servicedDate="2026-03")), 422, "partial-service-date"
    ),
    "a date that does not exist": (
        changed(lambda m: claim_of(m)["item"][0].update(servicedDate="2026-02-30")), 400, "malformed-claim"
    ),
    "text for a number": (
        changed(lambda m: claim_of(m)["item"][0].update(quantity={"value": "one"})), 400, "malformed-claim"
    ),
    "a modifier nobody knows": (
        changed(lambda m: claim_of(m).update(modifierExtension=[UNKNOWN])),
        400, "malformed-claim",
    ),
    "a document of a type not taken": (
        json.dumps(b.bundle({
            "resourceType": "DocumentReference", "id": "d", "status": "current", "subject": b.SELF,
            "content": [{"attachment": {"contentType": "application/x-msdownload", "data": "TVo="}}],
        })).encode(), 422, "attachment-type",
    ),
    "a document that is not base64": (
        json.dumps(b.bundle({
            "resourceType": "DocumentReference", "id": "d", "status": "current", "subject": b.SELF,
            "content": [{"attachment": {"contentType": "text/plain", "data": "%%%"}}],
        })).encode(), 422, "attachment-not-base64",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_body_is_refused_with_one_outcome_and_nothing_is_written(town: Town, kind: str) -> None:
    body, status, code = BAD[kind]
    before = row_counts()
    response = town.priya.submit(body)
    assert response.status_code == status
    outcome = outcome_of(response)
    assert outcome["issue"][0]["diagnostics"].startswith(f"{code}: ")
    assert outcome["issue"][0]["severity"] == "error"
    assert [issue for issue in check(outcome) if issue.severity == "error"] == []
    assert row_counts() == before


@pytest.mark.parametrize("kind", ["not JSON", "wrong resource", "no entries", "a dangling reference"])
def test_an_inquiry_is_refused_in_the_same_way(town: Town, kind: str) -> None:
    body, status, code = BAD[kind]
    response = town.priya.inquire(body)
    assert response.status_code == status
    assert outcome_of(response)["issue"][0]["diagnostics"].startswith(f"{code}: ")


def test_a_body_of_20_megabytes_is_too_large(town: Town) -> None:
    before = row_counts()
    body = b'{"resourceType": "Bundle", "x": "' + b"x" * 20_000_000 + b'"}'
    response = town.priya.submit(body)
    assert response.status_code == 413
    assert outcome_of(response)["issue"][0]["code"] == "too-long"
    assert row_counts() == before


def test_a_body_of_the_limit_is_read(town: Town) -> None:
    head = b'{"resourceType": "Patient", "x": "'
    body = head + b"x" * (settings.MOST_BODY_BYTES - len(head) - 2) + b'"}'
    assert town.priya.submit(body).status_code == 400
    assert town.priya.submit(body + b" ").status_code == 413


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("application/xml", "xml-not-accepted"), ("application/fhir+xml", "xml-not-accepted"),
        ("text/plain", "content-type-not-taken"), ("application/x-www-form-urlencoded", "content-type-not-taken"),
        ("application/fhir+json; charset=utf-16", "content-type-not-taken"),
    ],
)  # fmt: skip
def test_a_body_of_another_type_is_refused(town: Town, kind: str, code: str) -> None:
    response = town.priya.submit(bundles.met(), kind=kind)
    assert response.status_code == 415
    assert outcome_of(response)["issue"][0]["diagnostics"].startswith(f"{code}: ")


@pytest.mark.parametrize("kind", ["application/json", "application/fhir+json; charset=UTF-8", "application/fhir+json;fhirVersion=4.0"])  # fmt: skip  # noqa: E501
def test_json_by_any_of_its_names_is_taken(town: Town, kind: str) -> None:
    assert town.priya.submit(bundles.met(), kind=kind).status_code == 200


def test_a_compressed_body_and_an_xml_answer_are_refused(town: Town) -> None:
    assert town.priya.submit(bundles.met(), HTTP_CONTENT_ENCODING="gzip").status_code == 415
    response = town.priya.submit(bundles.met(), HTTP_ACCEPT="application/fhir+xml")
    assert response.status_code == 406
    outcome_of(response)


@pytest.mark.parametrize("operation", ["submit", "inquire"])
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_an_operation_takes_post_only(town: Town, operation: str, method: str) -> None:
    response = getattr(Client(), method)(f"{BASE}/Claim/${operation}")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    outcome_of(response)


@pytest.mark.parametrize("path", ["Patient/1", "Claim", "Claim/$nothing", "", "Claim/1/$submit"])
def test_other_addresses_under_the_base_are_not_found(db: None, path: str) -> None:
    response = Client().get(f"{BASE}/{path}")
    assert response.status_code == 404
    if path:
        outcome_of(response)


# ---- who is asking ---------------------------------------------------------------------------------------------


def test_nobody_gets_in_without_a_token(town: Town) -> None:
    before = row_counts()
    response = Speaker("ehr-priya").submit(bundles.met())
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="openum"'
    outcome_of(response)
    assert row_counts() == before


@pytest.mark.parametrize("held", ["Bearer nonsense", "Bearer a.b.c", "Basic cHJpeWE6eA==", "Bearer ", "bearer"])
def test_nobody_gets_in_with_something_else(town: Town, held: str) -> None:
    stranger = Speaker("ehr-priya")
    response = stranger.submit(bundles.met(), HTTP_AUTHORIZATION=held)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith('Bearer realm="openum"')
    outcome_of(response)


def test_who_is_refused_is_refused_before_the_body_is_looked_at(town: Town) -> None:
    assert Speaker("ehr-priya").submit(b"not json").status_code == 401


def test_a_token_for_looking_does_not_submit(town: Town) -> None:
    before = row_counts()
    only = Speaker("ehr-priya", at=town.priya.at)
    only.signed_in("system/Claim.$inquire")
    spent = row_counts()
    response = only.submit(bundles.met())
    assert response.status_code == 403
    assert 'error="insufficient_scope"' in response["WWW-Authenticate"]
    outcome_of(response)
    assert row_counts() == spent
    assert {name for name, count in spent.items() if count != before[name]} == {"records_parties_usedassertion"}


def test_no_refusal_repeats_what_was_sent(town: Town) -> None:
    for body in (
        b'{"Rivera": 1, "Rivera": 2}',
        changed(lambda m: claim_of(m).update(patient={"reference": "Patient/Rivera-1951"})),
        changed(lambda m: claim_of(m)["item"][0].update(servicedDate="Rivera")),
    ):
        assert "Rivera" not in town.priya.submit(body).content.decode()
