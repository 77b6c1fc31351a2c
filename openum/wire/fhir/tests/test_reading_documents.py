"""What a form and a document in a Bundle say, and which sensitive segment the sender's label puts them in."""

import base64
from datetime import date
from typing import Any

import pytest

from openum.core.codes import Code
from openum.wire.fhir.tests import bundles as b
from openum.wire.fhir.tests.bundles import concept, observation
from openum.wire.fhir.tests.charts import made, read, request

# ---- forms -----------------------------------------------------------------------------------------------------


def form(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return made("QuestionnaireResponse", status="completed", authored="2026-03-01T10:00:00Z", item=list(items), **more)


def test_every_answer_of_a_form_is_read_nested_ones_too() -> None:
    found = read(
        form(
            {"linkId": "a", "text": "Seen?", "answer": [{"valueBoolean": True}]},
            {"linkId": "b", "answer": [{"valueDecimal": 88.5}, {"valueInteger": 3}]},
            {"linkId": "c", "answer": [{"valueDate": "2026-02-01"}]},
            {"linkId": "d", "answer": [{"valueCoding": {"system": "http://x.example.org", "code": "never"}}]},
            {"linkId": "e", "answer": [{"valueQuantity": {"value": 4, "unit": "L/min"}}]},
            {
                "linkId": "f",
                "answer": [{"valueString": "text", "item": [{"linkId": "g", "answer": [{"valueInteger": 1}]}]}],
            },
            {"linkId": "h", "item": [{"linkId": "i", "answer": [{"valueBoolean": False}]}]},
            {"linkId": "j"},
        )
    )
    assert [(e.link, e.value, e.unit) for e in found] == [
        ("a", True, ""), ("b", 88.5, ""), ("b", 3, ""), ("c", date(2026, 2, 1), ""),
        ("d", Code("http://x.example.org", "never"), ""), ("e", 4, "L/min"), ("f", "text", ""), ("g", 1, ""),
        ("i", False, ""),
    ]  # fmt: skip
    assert {e.kind for e in found} == {"answer"}
    assert found[0].source == "QuestionnaireResponse/x1#a"
    assert found[0].quote == "Seen?: yes on 2026-03-01"
    assert found[0].date == date(2026, 3, 1)


@pytest.mark.parametrize("state", ["in-progress", "stopped", "entered-in-error"])
def test_a_form_that_was_not_completed_is_not_read_and_that_is_said(state: str) -> None:
    found = request({**form({"linkId": "a", "answer": [{"valueBoolean": True}]}), "status": state})
    assert [entry for entry in found.entries if entry.kind == "answer"] == []
    assert "Bundle.entry[7].resource is not completed and was not read." in found.warnings


def test_a_form_inside_a_bundle_of_its_own_is_read() -> None:
    inner = {
        "resourceType": "Bundle", "id": "qr", "type": "collection",
        "entry": [b.entry(form({"linkId": "a", "answer": [{"valueBoolean": True}]})), b.entry(observation())],
    }  # fmt: skip
    assert [(e.kind, e.source) for e in read(inner)] == [
        ("answer", "QuestionnaireResponse/x1#a"), ("observation", "Observation/o1"),
    ]  # fmt: skip


# ---- documents and sensitivity ---------------------------------------------------------------------------------


def document(**more: Any) -> dict[str, Any]:
    held = {"contentType": "text/plain", "data": base64.b64encode(b"O2 sat 86 %").decode(), "title": "Oximetry"}
    return made("DocumentReference", status="current", type=concept(b.LOINC, "11506-3"),
                content=[{"attachment": held}], date="2026-03-01T10:00:00Z", **more)  # fmt: skip


def test_documents_are_decoded_with_their_title_type_and_day() -> None:
    (found,) = request(document()).attachments
    assert (found.title, found.content_type, found.data) == ("Oximetry", "text/plain", b"O2 sat 86 %")
    assert (found.date, found.source, found.codes) == (
        date(2026, 3, 1), "DocumentReference/x1", (Code("loinc", "11506-3"),)
    )  # fmt: skip
    assert request({**document(), "status": "entered-in-error"}).attachments == ()


def test_a_document_that_is_only_named_is_warned_of() -> None:
    named = document()
    named["content"] = [{"attachment": {"contentType": "application/pdf", "url": "http://ehr.example.org/doc.pdf"}}]
    found = request(named)
    assert found.attachments == ()
    assert "Bundle.entry[7].resource.content[0].attachment names a document but does not hold it." in found.warnings


def test_a_binary_of_the_bundle_holds_the_document_it_is_named_by() -> None:
    named = document()
    named["content"] = [{"attachment": {"url": "http://ehr.example.org/fhir/Binary/b1"}}]
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/html", "data": "PHA+eDwvcD4="}
    (found,) = request(named, binary).attachments
    assert (found.content_type, found.data) == ("text/html", b"<p>x</p>")


@pytest.mark.parametrize(
    ("label", "segment"),
    [("ETH", "sud_part2"), ("42CFRPart2", "sud_part2"), ("PSY", "mental_health"), ("PSYTHPN", "psychotherapy_notes"),
     ("HIV", "hiv"), ("SEX", "reproductive"), ("R", "general")],
)  # fmt: skip
def test_the_senders_security_label_becomes_a_segment(label: str, segment: str) -> None:
    meta = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": label}]}
    found = request(observation(meta=meta), document(meta=meta))
    assert [entry.segment for entry in found.entries if entry.kind == "observation"] == [segment]
    assert [one.segment for one in found.attachments] == [segment]
